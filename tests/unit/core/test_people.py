"""Who people are: groups in groups, unknown and deactivated e-mails, admins by setting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import ANYONE, LOCAL_OWNER, OPEN_TO_ALL, AccessList, may_read
from core.errors import NotAllowed, UsageError
from core.known_people import Membership, find_ways
from core.people import People
from tests.unit.core.core_world import CURATOR, CoreWorld

MARA = "mara@pelmarrow.example"


@pytest.fixture
def people(world: CoreWorld) -> People:
    return People(world.database, admins=["Ada@pelmarrow.example"])


def add_to_group(world: CoreWorld, name: str, *members: str) -> None:
    world.people_acts.change_group(name, add=members, by=LOCAL_OWNER)


def test_person_is_found_by_any_spelling_of_the_address(world: CoreWorld, people: People) -> None:
    world.people_acts.add_person(" Mara@Pelmarrow.Example", by=LOCAL_OWNER, name="Mara", role="curator")
    found = people.identify(" MARA@pelmarrow.example ")
    assert (found.email, found.name, found.role, found.active) == (MARA, "Mara", "curator", True)


def test_unknown_person_has_no_role_and_reads_only_what_is_open(people: People) -> None:
    stranger = people.identify("stranger@elsewhere.example")
    assert (stranger.role, stranger.groups) == (None, frozenset())
    assert may_read(stranger, OPEN_TO_ALL)
    assert not may_read(stranger, AccessList((frozenset({"group:marketing"}),)))


@pytest.mark.parametrize("email", [None, ""])
def test_nobody_in_particular_is_everyone(people: People, email: str | None) -> None:
    assert people.identify(email) is ANYONE


def test_groups_inside_groups_count(world: CoreWorld, people: People) -> None:
    add_to_group(world, "emea", MARA)
    add_to_group(world, "marketing", "group:emea")
    add_to_group(world, "staff", "group:marketing")
    add_to_group(world, "legal", "lex@pelmarrow.example")
    assert people.identify(MARA).groups == {"emea", "marketing", "staff"}


def test_groups_that_contain_each_other_end(world: CoreWorld, people: People) -> None:
    add_to_group(world, "a", MARA, "group:c")
    add_to_group(world, "b", "group:a")
    add_to_group(world, "c", "group:b", "group:c")
    assert people.identify(MARA).groups == {"a", "b", "c"}


def test_group_named_like_a_person_gives_nothing_to_the_person(world: CoreWorld, people: People) -> None:
    add_to_group(world, "legal", f"group:{MARA}")
    assert people.identify(MARA).groups == frozenset()


@given(st.dictionaries(st.sampled_from("mabcd"), st.sets(st.sampled_from("abcd")), max_size=5))
def test_groups_are_exactly_those_that_can_be_reached(edges: dict[str, set[str]]) -> None:
    reached: set[str] = set(edges.get("m", ()))
    for _ in "abcd":
        reached |= {parent for child in reached for parent in edges.get(child, ())}
    by_member = {
        member: [Membership(parent, member, "by hand") for parent in sorted(parents)]
        for child, parents in edges.items()
        for member in ["user:m" if child == "m" else f"group:{child}"]
    }
    assert set(find_ways(["user:m"], by_member)) == reached


def test_member_taken_out_of_a_group_is_out_at_once(world: CoreWorld, people: People) -> None:
    add_to_group(world, "marketing", MARA)
    world.people_acts.change_group("marketing", remove=[MARA.upper()], by=LOCAL_OWNER)
    assert people.identify(MARA).groups == frozenset()
    assert people.list_groups() == {}


def test_deactivated_person_reads_nothing_until_activated(world: CoreWorld, people: People) -> None:
    world.people_acts.add_person(MARA, by=LOCAL_OWNER, role="admin")
    world.people_acts.set_active(MARA, active=False, by=LOCAL_OWNER)
    assert not may_read(people.identify(MARA), OPEN_TO_ALL)
    world.people_acts.set_active(MARA, active=True, by=LOCAL_OWNER)
    assert may_read(people.identify(MARA), OPEN_TO_ALL)


def test_deactivated_person_reads_what_is_open_where_so_set_and_nothing_else(world: CoreWorld) -> None:
    people = People(world.database, deactivated="open")
    add_to_group(world, "marketing", MARA)
    world.people_acts.set_role(MARA, "admin", by=LOCAL_OWNER)
    world.people_acts.set_active(MARA, active=False, by=LOCAL_OWNER)
    found = people.identify(MARA)
    assert (found.principals, found.role, found.active) == (frozenset({"all"}), None, False)
    assert not found.has_role({"admin"})


@pytest.mark.parametrize("email", ["stranger@elsewhere.example", "", None])
def test_unknown_person_reads_nothing_where_so_set(world: CoreWorld, email: str | None) -> None:
    assert People(world.database, unknown="nothing").identify(email).principals == frozenset()


def test_unknown_person_reads_not_even_what_names_their_address(people: People) -> None:
    named = AccessList((frozenset({"user:stranger@elsewhere.example"}),))
    assert not may_read(people.identify("stranger@elsewhere.example"), named)


def test_alias_is_the_person_with_groups_and_role_of_the_main_address(
    world: CoreWorld, people: People
) -> None:
    world.people_acts.add_person(MARA, by=LOCAL_OWNER, name="Mara", role="curator")
    add_to_group(world, "marketing", MARA)
    world.people_acts.change_aliases(MARA, add=["M.Ellison@pelmarrow.example"], by=LOCAL_OWNER)
    found = people.identify("m.ellison@Pelmarrow.example")
    assert found == people.identify(MARA)
    assert (found.email, found.role, found.groups) == (MARA, "curator", frozenset({"marketing"}))
    assert may_read(found, AccessList((frozenset({"user:m.ellison@pelmarrow.example"}),)))


def test_admin_by_setting_is_admin_by_every_address(world: CoreWorld, people: People) -> None:
    world.people_acts.add_person("ada@pelmarrow.example", by=LOCAL_OWNER)
    world.people_acts.change_aliases("ada@pelmarrow.example", add=["a.l@pelmarrow.example"], by=LOCAL_OWNER)
    assert people.identify("a.l@pelmarrow.example").role == "admin"
    named_by_alias = People(world.database, admins=["a.l@pelmarrow.example"])
    assert named_by_alias.identify("ada@pelmarrow.example").role == "admin"


def test_deactivated_person_is_deactivated_by_every_address(world: CoreWorld, people: People) -> None:
    world.people_acts.add_person(MARA, by=LOCAL_OWNER)
    world.people_acts.change_aliases(MARA, add=["m.e@pelmarrow.example"], by=LOCAL_OWNER)
    world.people_acts.set_active(MARA, active=False, by=LOCAL_OWNER)
    assert people.identify("m.e@pelmarrow.example").principals == frozenset()


def test_role_for_a_brand_holds_for_that_brand_only(world: CoreWorld, people: People) -> None:
    world.people_acts.add_person(MARA, by=LOCAL_OWNER)
    world.people_acts.set_role(MARA, "curator", brand="Intake", by=LOCAL_OWNER)
    found = people.identify(MARA)
    assert found.has_role({"curator"}, brand="Intake")
    assert not found.has_role({"curator"}, brand="Renew")
    assert not found.has_role({"curator"})
    world.people_acts.set_role(MARA, None, brand="Intake", by=LOCAL_OWNER)
    assert not people.identify(MARA).has_role({"curator"}, brand="Intake")


def test_way_to_a_group_is_the_shortest_and_names_who_said_so(world: CoreWorld, people: People) -> None:
    world.people_acts.replace_memberships("CSV", {"emea": [MARA]}, complete=True, by=LOCAL_OWNER)
    add_to_group(world, "emea", MARA)
    add_to_group(world, "sales", "group:emea")
    add_to_group(world, "staff", "group:sales", "group:emea")
    known = people.read_all()
    ways = known.find_ways(known.rows[MARA])
    assert ways["emea"].describe() == "group:emea ← by CSV and by hand"
    assert ways["staff"].describe() == "group:staff ← group:emea ← by CSV and by hand"


def test_admin_by_setting_needs_no_row(people: People) -> None:
    assert people.identify("ADA@pelmarrow.example").role == "admin"


def test_admin_by_setting_who_was_deactivated_may_do_nothing(world: CoreWorld, people: People) -> None:
    world.people_acts.add_person("ada@pelmarrow.example", by=LOCAL_OWNER)
    world.people_acts.set_active("ada@pelmarrow.example", active=False, by=LOCAL_OWNER)
    with pytest.raises(NotAllowed):
        world.people_acts.add_person(MARA, by=people.identify("ada@pelmarrow.example"))
    assert [row.email for row in people.list_people()] == ["ada@pelmarrow.example"]


def test_lists_show_direct_groups_and_members_in_order(world: CoreWorld, people: People) -> None:
    world.people_acts.add_person("zoe@pelmarrow.example", by=LOCAL_OWNER)
    world.people_acts.add_person(MARA, by=LOCAL_OWNER, role="reader")
    add_to_group(world, "emea", "zoe@pelmarrow.example", MARA)
    add_to_group(world, "marketing", "group:emea")
    assert [(row.email, row.groups) for row in people.list_people()] == [
        (MARA, ("emea",)),
        ("zoe@pelmarrow.example", ("emea",)),
    ]
    assert people.list_groups() == {
        "emea": (f"user:{MARA}", "user:zoe@pelmarrow.example"),
        "marketing": ("group:emea",),
    }


def test_adding_a_known_person_again_changes_only_what_is_given(world: CoreWorld, people: People) -> None:
    world.people_acts.add_person(MARA, by=LOCAL_OWNER, name="Mara", role="curator")
    world.people_acts.add_person(MARA, by=LOCAL_OWNER, name="Mara B.")
    assert (people.identify(MARA).name, people.identify(MARA).role) == ("Mara B.", "curator")


def test_role_is_given_and_taken(world: CoreWorld, people: People) -> None:
    world.people_acts.add_person(MARA, by=LOCAL_OWNER)
    world.people_acts.set_role(MARA, "auditor", by=LOCAL_OWNER)
    assert people.identify(MARA).role == "auditor"
    world.people_acts.set_role(MARA, None, by=LOCAL_OWNER)
    assert people.identify(MARA).role is None


def test_curator_may_not_give_roles(world: CoreWorld, people: People) -> None:
    world.people_acts.add_person(MARA, by=LOCAL_OWNER)
    with pytest.raises(
        NotAllowed, match=r"cora@pelmarrow.example may not set role \(role: curator\); it takes admin"
    ):
        world.people_acts.set_role(MARA, "admin", by=CURATOR)
    assert people.identify(MARA).role is None


@pytest.mark.parametrize(
    "address", ["mara", "@pelmarrow.example", "mara@pelmarrow", "mara b@pelmarrow.example", ""]
)
def test_what_is_no_address_is_refused(world: CoreWorld, address: str) -> None:
    with pytest.raises(UsageError, match=r"is not an e-mail address; allowed: name@company\.example"):
        world.people_acts.add_person(address, by=LOCAL_OWNER)


def test_unknown_role_group_and_person_are_refused_by_name(world: CoreWorld) -> None:
    with pytest.raises(
        UsageError, match=r"role 'boss' is not known; allowed: reader, curator, admin, auditor"
    ):
        world.people_acts.add_person(MARA, by=LOCAL_OWNER, role="boss")
    with pytest.raises(UsageError, match="a group needs a name"):
        world.people_acts.change_group("  ", add=[MARA], by=LOCAL_OWNER)
    with pytest.raises(UsageError, match=f"{MARA} is not known; add with `onbrand people add {MARA}`"):
        world.people_acts.set_role(MARA, "reader", by=LOCAL_OWNER)
