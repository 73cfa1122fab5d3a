"""Aliases, renamed groups, listings of one origin, and taking each of these acts back."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Row

from core.access import LOCAL_OWNER, Person
from core.errors import NotAllowed, UsageError
from core.people import People
from core.people_acts import restore_group, restore_memberships, restore_person
from tests.unit.core.core_world import CURATOR, CoreWorld

MARA, JONAS, LEA = (f"{name}@pelmarrow.example" for name in ("mara", "jonas", "lea"))
RESTORE = {"person": restore_person, "group": restore_group, "memberships": restore_memberships}
Step = Callable[[CoreWorld], object]


@pytest.fixture
def people(world: CoreWorld) -> People:
    return People(world.database)


def listing(world: CoreWorld, origin: str, groups: dict[str, list[str]], *, complete: bool = True) -> Any:
    return world.people_acts.replace_memberships(origin, groups, complete=complete, by=LOCAL_OWNER)


def change_group(world: CoreWorld, name: str, *, add: str = "", remove: str = "") -> Any:
    return world.people_acts.change_group(name, add=add.split(), remove=remove.split(), by=LOCAL_OWNER)


def rows_of(world: CoreWorld) -> set[tuple[str, str, str]]:
    return {(one.group, one.member, one.origin) for one in People(world.database).read_all().memberships}


def take_back(world: CoreWorld, row: Row[Any], *, again: bool = False) -> None:
    """Undo an act, or (again) undo the undoing."""
    kind, _, key = row.subject.partition(" ")
    current, wanted = (row.before, row.after) if again else (row.after, row.before)
    with world.database.write() as connection:
        RESTORE[kind](connection, key, current=current, wanted=wanted)


def test_member_stays_by_hand_when_the_listing_no_longer_names_them(world: CoreWorld, people: People) -> None:
    listing(world, "CSV", {"sales": [MARA, JONAS]})
    change_group(world, "sales", add=MARA)
    report = listing(world, "CSV", {"sales": [LEA]})
    assert {one.member for one in report.ended} == {f"user:{MARA}", f"user:{JONAS}"}
    assert people.identify(MARA).groups == {"sales"}
    assert people.identify(JONAS).groups == frozenset()


def test_listing_of_one_origin_touches_no_other_origin(world: CoreWorld) -> None:
    listing(world, "CSV", {"sales": [MARA]})
    listing(world, "Slack", {"sales": [MARA], "legal": [JONAS]})
    listing(world, "CSV", {"brand": [LEA]})
    assert rows_of(world) == {
        ("sales", f"user:{MARA}", "Slack"),
        ("legal", f"user:{JONAS}", "Slack"),
        ("brand", f"user:{LEA}", "CSV"),
    }


def test_listing_that_is_not_complete_ends_nothing(world: CoreWorld, people: People) -> None:
    listing(world, "Slack", {"sales": [MARA]})
    listing(world, "Slack", {"sales": [JONAS]}, complete=False)
    assert people.list_groups() == {"sales": (f"user:{JONAS}", f"user:{MARA}")}


def test_empty_listing_is_refused_and_ends_nothing(world: CoreWorld, people: People) -> None:
    listing(world, "Directory", {"sales": [MARA]})
    with pytest.raises(UsageError, match="the listing by Directory names no group; nothing was ended"):
        listing(world, "Directory", {})
    assert people.identify(MARA).groups == {"sales"}


def test_listing_with_one_bad_address_changes_nothing(world: CoreWorld) -> None:
    listing(world, "CSV", {"sales": [MARA]})
    with pytest.raises(UsageError, match="'nobody' is not an e-mail address"):
        listing(world, "CSV", {"legal": [JONAS, "nobody"]})
    assert rows_of(world) == {("sales", f"user:{MARA}", "CSV")}


@pytest.mark.parametrize("origin", ["by hand", "renamed", "Fax"])
def test_only_known_origins_give_listings(world: CoreWorld, origin: str) -> None:
    with pytest.raises(UsageError, match="gives no listing; allowed: CSV, Slack"):
        listing(world, origin, {"sales": [MARA]})


def test_listing_is_one_audit_row_with_what_changed(world: CoreWorld) -> None:
    listing(world, "CSV", {"sales": [MARA, LEA]})
    listing(world, "CSV", {"sales": [LEA, JONAS]})
    row = world.read_audit()[-1]
    assert (row.act, row.subject) == ("replace memberships", "memberships CSV")
    assert row.before["memberships"] == [["sales", f"user:{MARA}", "CSV"]]
    assert row.after["memberships"] == [["sales", f"user:{JONAS}", "CSV"]]


def test_listing_activates_nobody(world: CoreWorld, people: People) -> None:
    world.people_acts.add_person(MARA, by=LOCAL_OWNER)
    world.people_acts.set_active(MARA, active=False, by=LOCAL_OWNER)
    listing(world, "CSV", {"sales": [MARA]})
    world.people_acts.add_person(MARA, by=LOCAL_OWNER, name="Mara")
    assert people.identify(MARA).principals == frozenset()


def test_alias_in_a_listing_is_its_person(world: CoreWorld, people: People) -> None:
    world.people_acts.add_person(MARA, by=LOCAL_OWNER)
    world.people_acts.change_aliases(MARA, add=["m.e@pelmarrow.example"], by=LOCAL_OWNER)
    listing(world, "Slack", {"sales": ["M.E@pelmarrow.example", MARA]})
    assert people.list_groups() == {"sales": (f"user:{MARA}",)}
    assert [row.email for row in people.list_people()] == [MARA]


def test_removal_by_hand_says_who_else_keeps_the_member(world: CoreWorld) -> None:
    listing(world, "CSV", {"sales": [MARA]})
    change_group(world, "sales", add=f"{MARA} {JONAS}")
    assert change_group(world, "sales", remove=f"{MARA} {JONAS}") == {f"user:{MARA}": ("CSV",)}
    assert rows_of(world) == {("sales", f"user:{MARA}", "CSV")}


def test_renamed_group_keeps_members_places_and_lists_that_name_the_old(
    world: CoreWorld, people: People
) -> None:
    listing(world, "CSV", {"sales": [MARA]})
    change_group(world, "staff", add="group:sales")
    world.people_acts.rename_group("sales", "revenue", by=LOCAL_OWNER)
    assert people.identify(MARA).groups == {"sales", "revenue", "staff"}
    assert rows_of(world) == {
        ("revenue", f"user:{MARA}", "CSV"),
        ("staff", "group:revenue", "by hand"),
        ("sales", "group:revenue", "renamed"),
    }


def test_renamed_twice_the_first_name_still_holds(world: CoreWorld, people: People) -> None:
    change_group(world, "a", add=MARA)
    world.people_acts.rename_group("a", "b", by=LOCAL_OWNER)
    world.people_acts.rename_group("b", "c", by=LOCAL_OWNER)
    assert people.identify(MARA).groups == {"a", "b", "c"}


def test_nobody_is_added_to_an_old_name_by_hand(world: CoreWorld, people: People) -> None:
    change_group(world, "sales", add=MARA)
    world.people_acts.rename_group("sales", "revenue", by=LOCAL_OWNER)
    with pytest.raises(UsageError, match="group 'sales' was renamed to 'revenue'; change 'revenue', or free"):
        change_group(world, "sales", add=JONAS)
    change_group(world, "sales", add=JONAS, remove="group:revenue")
    assert people.identify(MARA).groups == {"revenue"}
    assert people.identify(JONAS).groups == {"sales"}


def test_listing_that_still_says_the_old_name_gives_that_name_only(world: CoreWorld, people: People) -> None:
    listing(world, "CSV", {"sales": [MARA]})
    world.people_acts.rename_group("sales", "revenue", by=LOCAL_OWNER)
    report = listing(world, "CSV", {"sales": [JONAS]})
    assert report.renamed == {"sales": "revenue"}
    assert people.identify(MARA).groups == frozenset()
    assert people.identify(JONAS).groups == {"sales"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sales", "legal", "group 'legal' exists already"),
        ("sales", "emea", "group 'emea' exists already"),
        ("sales", "sales", "group 'sales' exists already"),
        ("nope", "new", "no group 'nope'"),
        ("sales", "group:x", "cannot name a group"),
    ],
)
def test_renaming_onto_a_group_or_of_none_is_refused(
    world: CoreWorld, old: str, new: str, message: str
) -> None:
    change_group(world, "sales", add="group:emea")
    change_group(world, "legal", add=MARA)
    with pytest.raises(UsageError, match=message):
        world.people_acts.rename_group(old, new, by=LOCAL_OWNER)


def test_alias_that_is_somebody_is_refused(world: CoreWorld) -> None:
    for email in (MARA, JONAS):
        world.people_acts.add_person(email, by=LOCAL_OWNER)
    world.people_acts.change_aliases(MARA, add=[LEA], by=LOCAL_OWNER)
    for alias, message in (
        (JONAS, f"{JONAS} is a person of its own"),
        (LEA, f"{LEA} is already another address of {MARA}"),
    ):
        with pytest.raises(UsageError, match=message):
            world.people_acts.change_aliases(JONAS if alias == LEA else MARA, add=[alias], by=LOCAL_OWNER)
    with pytest.raises(UsageError, match=f"{LEA} is another address of {MARA}; name {MARA}"):
        world.people_acts.add_person(LEA, by=LOCAL_OWNER)
    with pytest.raises(UsageError, match=f"{JONAS} is no other address of {MARA}; these are: {LEA}"):
        world.people_acts.change_aliases(MARA, remove=[JONAS], by=LOCAL_OWNER)


def test_own_address_is_no_alias(world: CoreWorld) -> None:
    world.people_acts.add_person(MARA, by=LOCAL_OWNER)
    with pytest.raises(UsageError, match=f"{MARA} is a person of its own"):
        world.people_acts.change_aliases(MARA, add=[MARA], by=LOCAL_OWNER)


BRAND_ADMIN = Person("bea@pelmarrow.example", brand_roles=frozenset({("Intake", "admin")}))
REFUSED: list[Callable[[CoreWorld, Person], object]] = [
    lambda world, by: world.people_acts.change_aliases(MARA, add=[LEA], by=by),
    lambda world, by: world.people_acts.rename_group("sales", "revenue", by=by),
    lambda world, by: world.people_acts.replace_memberships("CSV", {"sales": []}, complete=True, by=by),
    lambda world, by: world.people_acts.set_role(MARA, "admin", brand="Intake", by=by),
]


@pytest.mark.parametrize("by", [CURATOR, BRAND_ADMIN], ids=["curator", "admin of a brand"])
@pytest.mark.parametrize("act", REFUSED)
def test_only_admins_change_people(
    world: CoreWorld, act: Callable[[CoreWorld, Person], object], by: Person
) -> None:
    change_group(world, "sales", add=MARA)
    before = read_state(world)
    with pytest.raises(NotAllowed):
        act(world, by)
    assert read_state(world) == before


def read_state(world: CoreWorld) -> object:
    known = People(world.database).read_all()
    return dict(known.rows), known.memberships


ACTS: dict[str, Step] = {
    "add": lambda world: world.people_acts.add_person(LEA, by=LOCAL_OWNER, name="Lea", role="reader"),
    "change": lambda world: world.people_acts.add_person(MARA, by=LOCAL_OWNER, name="M.", role="admin"),
    "role": lambda world: world.people_acts.set_role(MARA, "auditor", by=LOCAL_OWNER),
    "brand role": lambda world: world.people_acts.set_role(MARA, "curator", brand="Renew", by=LOCAL_OWNER),
    "active": lambda world: world.people_acts.set_active(MARA, active=False, by=LOCAL_OWNER),
    "alias": lambda world: world.people_acts.change_aliases(
        MARA, add=["x@pelmarrow.example"], remove=["m.e@pelmarrow.example"], by=LOCAL_OWNER
    ),
    "group": lambda world: change_group(world, "sales", add=f"{LEA} group:emea", remove=MARA),
    "rename": lambda world: world.people_acts.rename_group("sales", "revenue", by=LOCAL_OWNER),
    "listing": lambda world: world.people_acts.replace_memberships(
        "CSV", {"legal": [LEA]}, complete=True, by=LOCAL_OWNER, people={MARA: {"role": "reader"}, LEA: {}}
    ),
}


def prepare(world: CoreWorld) -> None:
    world.people_acts.add_person(MARA, by=LOCAL_OWNER, name="Mara", role="curator")
    world.people_acts.set_role(MARA, "reader", brand="Intake", by=LOCAL_OWNER)
    world.people_acts.change_aliases(MARA, add=["m.e@pelmarrow.example"], by=LOCAL_OWNER)
    listing(world, "CSV", {"sales": [MARA, JONAS], "legal": [JONAS]})
    change_group(world, "sales", add=MARA)
    change_group(world, "staff", add="group:sales")


@pytest.mark.parametrize("name", ACTS)
def test_each_act_is_undone_and_the_undoing_too(world: CoreWorld, name: str) -> None:
    prepare(world)
    before = read_state(world)
    ACTS[name](world)
    after, row = read_state(world), world.read_audit()[-1]
    assert after != before
    take_back(world, row)
    assert read_state(world) == before
    take_back(world, row, again=True)
    assert read_state(world) == after


LATER: dict[str, Step] = {
    "add": lambda world: change_group(world, "sales", add=LEA),
    "change": lambda world: world.people_acts.set_role(MARA, None, by=LOCAL_OWNER),
    "role": lambda world: world.people_acts.set_role(MARA, None, by=LOCAL_OWNER),
    "brand role": lambda world: world.people_acts.set_role(MARA, None, brand="Renew", by=LOCAL_OWNER),
    "active": lambda world: world.people_acts.set_active(MARA, active=True, by=LOCAL_OWNER),
    "alias": lambda world: world.people_acts.change_aliases(
        MARA, remove=["x@pelmarrow.example"], by=LOCAL_OWNER
    ),
    "group": lambda world: change_group(world, "sales", remove=LEA),
    "rename": lambda world: change_group(world, "revenue", add=LEA),
    "listing": lambda world: listing(world, "CSV", {"legal": [JONAS]}),
}


@pytest.mark.parametrize("name", ACTS)
def test_act_is_not_undone_when_its_subject_has_changed_since(world: CoreWorld, name: str) -> None:
    prepare(world)
    ACTS[name](world)
    row = world.read_audit()[-1]
    LATER[name](world)
    now = read_state(world)
    with pytest.raises(UsageError, match=r"changed after that act|since then"):
        take_back(world, row)
    assert read_state(world) == now


def test_undone_removal_does_not_bring_members_to_an_old_name(world: CoreWorld) -> None:
    change_group(world, "sales", add=f"{MARA} {JONAS}")
    change_group(world, "sales", remove=JONAS)
    row = world.read_audit()[-1]
    world.people_acts.rename_group("sales", "revenue", by=LOCAL_OWNER)
    with pytest.raises(UsageError, match="was renamed to 'revenue'"):
        take_back(world, row)


def test_undone_membership_leaves_known_whoever_has_got_more(world: CoreWorld, people: People) -> None:
    change_group(world, "sales", add=MARA)
    row = world.read_audit()[-1]
    change_group(world, "legal", add=MARA)
    take_back(world, row)
    assert people.identify(MARA).groups == {"legal"}


ORIGINS = ("by hand", "CSV", "Slack")
Said = dict[str, set[tuple[str, str]]]
STEPS = st.tuples(
    st.sampled_from(ORIGINS),
    st.booleans(),
    st.dictionaries(st.sampled_from("abc"), st.sets(st.sampled_from((MARA, JONAS, "group:b"))), min_size=1),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=6))
def test_who_is_in_what_is_what_the_origins_said_last(
    world: CoreWorld, steps: list[tuple[str, bool, dict[str, set[str]]]]
) -> None:
    clear(world)
    said: Said = {origin: set() for origin in ORIGINS}
    for origin, adds, groups in steps:
        rows = {(group, word) for group, words in groups.items() for word in words}
        if origin == "by hand":
            for group, words in groups.items():
                change_group(world, group, **{"add" if adds else "remove": " ".join(sorted(words))})
            said[origin] = said[origin] | rows if adds else said[origin] - rows
        else:
            listing(world, origin, {group: sorted(words) for group, words in groups.items()}, complete=adds)
            said[origin] = rows if adds else said[origin] | rows
    expected = {(group, _name(word), origin) for origin, rows in said.items() for group, word in rows}
    assert rows_of(world) == expected


def clear(world: CoreWorld) -> None:
    """Hypothesis runs many histories in one world."""
    for name in "abc":
        change_group(world, name, remove=f"{MARA} {JONAS} group:b")
    for origin in ORIGINS[1:]:
        listing(world, origin, {"a": []})


def _name(word: str) -> str:
    return word if word.startswith("group:") else f"user:{word}"
