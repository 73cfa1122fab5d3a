"""Acts of trust: who may, that each is on record with its reason, and that each can be taken back, twice."""

import pytest

from core.access import LOCAL_OWNER, Person
from core.errors import NotAllowed, OnbrandError, UsageError
from core.metadata import Declared
from core.sources import Source, UnknownSource
from core.trust import TrustRule, TrustRules
from core.trust_acts import TrustActs, TrustRequest, dump_rule, restore_trust
from tests.unit.core.core_world import CURATOR, READER, CoreWorld, make_incoming

ADMIN = Person("ada@pelmarrow.example", role="admin")
OTTER_CURATOR = Person("oli@pelmarrow.example", brand_roles=frozenset({("Otter", "curator")}))


@pytest.fixture
def acts(world: CoreWorld) -> TrustActs:
    return TrustActs(world.acts, world.clock)


@pytest.fixture
def rules(world: CoreWorld) -> TrustRules:
    return TrustRules(world.database)


@pytest.fixture
def rule(acts: TrustActs) -> TrustRule:
    """Trust in the whole of `kit`, by a curator."""
    return acts.trust(TrustRequest("kit", "**"), by=CURATOR, reason="the team's own folder")


def test_trust_is_one_rule_and_one_row_with_its_reason(
    world: CoreWorld, rules: TrustRules, rule: TrustRule
) -> None:
    assert rules.list_rules("kit") == (rule,)
    row = world.read_audit()[-1]
    assert (row.actor, row.act, row.subject) == ("cora@pelmarrow.example", "trust", f"trust {rule.rule_id}")
    assert (row.reason, row.before, row.after) == ("the team's own folder", {}, dump_rule(rule))


def test_ended_rule_holds_no_more_and_is_still_known(
    world: CoreWorld, acts: TrustActs, rules: TrustRules, rule: TrustRule
) -> None:
    acts.untrust(rule, by=CURATOR, reason="the folder is everybody's now")
    assert rules.list_rules("kit") == ()
    assert [one.rule_id for one in rules.list_rules(include_ended=True)] == [rule.rule_id]
    assert world.read_audit()[-1].act == "untrust"
    with pytest.raises(UsageError, match="has ended already"):
        acts.untrust(rule, by=CURATOR, reason="again")


@pytest.mark.parametrize("by", [READER, OTTER_CURATOR])
def test_who_is_no_curator_of_the_source_may_not_trust_and_the_refusal_is_on_record(
    world: CoreWorld, acts: TrustActs, rules: TrustRules, by: Person
) -> None:
    with pytest.raises(NotAllowed):
        acts.trust(TrustRequest("kit", "**"), by=by, reason="please")
    assert rules.list_rules() == ()
    assert "refused" in world.read_audit()[-1].after


def test_access_in_bulk_takes_an_admin_also_to_end_it(acts: TrustActs, rules: TrustRules) -> None:
    request = TrustRequest("kit", "**", "approved", "all")
    with pytest.raises(NotAllowed):
        acts.trust(request, by=CURATOR, reason="all may read it")
    rule = acts.trust(request, by=ADMIN, reason="all may read it")
    with pytest.raises(NotAllowed):
        acts.untrust(rule, by=CURATOR, reason="no")
    assert rules.list_rules() == (rule,)


def test_curator_of_a_brand_trusts_its_source_but_not_documents_of_another_brand(
    world: CoreWorld, acts: TrustActs
) -> None:
    world.source_acts.add(Source("otter", "folder", {"path": "o"}, brand="Otter"), by=LOCAL_OWNER)
    assert acts.trust(TrustRequest("otter", "**"), by=OTTER_CURATOR, reason="ours").source == "otter"
    world.source_acts.set_fields("kit", {"brand": "Otter"}, by=LOCAL_OWNER)
    world.sync(make_incoming("heron/a.md", "one", Declared(brand="Heron")))
    with pytest.raises(NotAllowed):
        acts.trust(TrustRequest("kit", "**"), by=OTTER_CURATOR, reason="ours")
    assert acts.trust(TrustRequest("kit", "otter/**"), by=OTTER_CURATOR, reason="ours").pattern == "otter/**"


@pytest.mark.parametrize(
    ("request_", "reason", "message"),
    [
        (TrustRequest("kit", "**"), "  ", "trust needs a reason"),
        (TrustRequest("kit", "**", None), "why", "nothing is trusted"),
        (TrustRequest("kit", "**", "retired"), "why", "cannot be given in bulk; allowed: approved, draft"),
        (TrustRequest("kit", "**", access="everyone"), "why", "access 'everyone' is not understood"),
        (TrustRequest("kit", "**", access=" , "), "why", "names nobody"),
        (TrustRequest("gone", "**"), "why", "no source 'gone'"),
    ],
)
def test_trust_that_cannot_be_is_refused_and_leaves_nothing(
    acts: TrustActs, rules: TrustRules, *, request_: TrustRequest, reason: str, message: str
) -> None:
    with pytest.raises(OnbrandError, match=message):
        acts.trust(request_, by=LOCAL_OWNER, reason=reason)
    assert rules.list_rules(include_ended=True) == ()


def test_trust_and_its_end_can_be_taken_back_and_taken_back_again(
    world: CoreWorld, acts: TrustActs, rules: TrustRules, rule: TrustRule
) -> None:
    acts.untrust(rule, by=CURATOR, reason="a mistake")
    (made, ended) = world.read_audit()[-2:]
    key = rule.rule_id
    with world.database.write() as connection:
        restore_trust(connection, key, current=ended.after, wanted=ended.before)
    assert rules.list_rules() == (rule,)
    with world.database.write() as connection:
        restore_trust(connection, key, current=made.after, wanted=made.before)
    assert rules.list_rules(include_ended=True) == ()
    with world.database.write() as connection:
        restore_trust(connection, key, current=made.before, wanted=made.after)
    assert rules.list_rules() == (rule,)


def test_trust_that_has_ended_since_is_not_taken_back(
    world: CoreWorld, acts: TrustActs, rule: TrustRule
) -> None:
    made = world.read_audit()[-1]
    acts.untrust(rule, by=CURATOR, reason="over")
    with world.database.write() as connection, pytest.raises(UsageError, match=r"changed after .*ended_at"):
        restore_trust(connection, rule.rule_id, current=made.after, wanted=made.before)


def test_trust_in_a_source_does_not_return_for_another_of_the_same_name(
    world: CoreWorld, rule: TrustRule
) -> None:
    made = world.read_audit()[-1]
    world.source_acts.remove("kit", by=LOCAL_OWNER)
    world.source_acts.add(Source("kit", "folder", {"path": "other"}), by=LOCAL_OWNER)
    with world.database.write() as connection, pytest.raises(UsageError, match="is gone; trust anew"):
        restore_trust(connection, rule.rule_id, current=made.before, wanted=made.after)


def test_removed_source_cannot_be_trusted(world: CoreWorld, acts: TrustActs) -> None:
    world.source_acts.remove("kit", by=LOCAL_OWNER)
    with pytest.raises(UnknownSource):
        acts.trust(TrustRequest("kit", "**"), by=LOCAL_OWNER, reason="why")
