"""Receipts and time: words and names go, old rows go, holds keep them, and what is left verifies and is recalled."""

import pytest

from core.access import LOCAL_OWNER, Person
from core.audit import AUDIT
from core.chain import read_mark
from core.chain_walk import ChainReport, verify_chain
from core.person_traces import PersonTraces
from core.receipt_rows import RECEIPTS, Receipt, list_problems
from core.receipts import Receipts
from core.retention import ChainBroken, KeptDays, Retention
from core.retention_acts import Erasure, RetentionActs
from tests.unit.core.audit_rows import tamper
from tests.unit.core.core_world import ADMIN, CoreWorld
from tests.unit.core.receipt_samples import MARA, RHYS, ask, keep, keep_past

NOTHING = ("", "", "", "", "", "")


@pytest.fixture
def receipts(world: CoreWorld) -> Receipts:
    return Receipts(world.database, world.clock)


@pytest.fixture
def acts(world: CoreWorld) -> RetentionActs:
    return RetentionActs(world.acts, world.clock)


def open_retention(world: CoreWorld, *, audit: int = 3000, receipts: int = 500) -> Retention:
    return Retention(world.database, world.clock, world.acts, days=KeptDays(90, audit, receipts))


def read_texts(receipt: Receipt) -> tuple[str, ...]:
    return (
        receipt.question,
        receipt.understood,
        receipt.question_salt,
        receipt.asker,
        receipt.conversation,
        receipt.asker_salt,
    )


def list_all(receipts: Receipts) -> list[Receipt]:
    return list(receipts.read_in_order())


def assert_whole(receipts: Receipts) -> ChainReport:
    found = receipts.verify_chain()
    assert found.problems == ()
    assert [list_problems(one) for one in receipts.read_in_order()] == [()] * found.rows
    return found


def test_words_and_name_go_with_the_texts_of_questions_and_the_proof_stays(
    world: CoreWorld, receipts: Receipts
) -> None:
    for days in (200, 91, 89):
        keep_past(world.database, days, ask(conversation="C1"))
    retention = open_retention(world)
    assert retention.count_due().receipts == 2
    assert retention.run(by=LOCAL_OWNER, reason="daily").as_json()["receipt_texts"] == 2
    old, older, young = list_all(receipts)
    assert (read_texts(old), read_texts(older)) == (NOTHING, NOTHING)
    assert (young.question, young.asker) == ("Which teal?", MARA.email)
    assert old.body is not None
    assert len(old.body.claims) == 2
    assert assert_whole(receipts).rows == 3
    assert [one.number for one in receipts.list_citing("doc-1")] == [3, 2, 1], "recall still finds them"
    assert retention.count_due().is_empty


def test_old_receipts_go_from_the_beginning_and_the_rest_verifies_and_goes_on(
    world: CoreWorld, receipts: Receipts
) -> None:
    for days in (900, 501, 499):
        keep_past(world.database, days)
    retention = open_retention(world)
    assert retention.run(by=LOCAL_OWNER, reason="").count_rows(RECEIPTS) == 2
    keep(world.database, world.clock)
    assert [one.number for one in receipts.list_citing("doc-1")] == [4, 3]
    found = assert_whole(receipts)
    assert (found.rows, found.head.number) == (2, 4)
    assert receipts.list_link_problems(list_all(receipts)[0]) == ()
    row = world.read_audit()[-1]
    with world.database.read() as connection:
        anchor = read_mark(connection, RECEIPTS.anchor)
        assert verify_chain(connection, AUDIT).is_ok
    assert (row.after["receipts"], row.after["receipts_anchor"]) == (2, str(anchor))
    tamper(world.database, "DELETE FROM receipts WHERE number = 3")
    assert "row 3 is missing" in receipts.verify_chain().problems[0].problem


def test_beginning_stays_on_record_when_the_audit_is_shortened_over_the_act_that_said_it(
    world: CoreWorld, receipts: Receipts
) -> None:
    keep_past(world.database, 900)
    keep(world.database, world.clock)
    open_retention(world).run(by=LOCAL_OWNER, reason="")
    assert open_retention(world, audit=0).run(by=LOCAL_OWNER, reason="").count_rows(AUDIT) == 2
    assert [row.act for row in world.read_audit()] == ["thin out"]
    assert assert_whole(receipts).rows == 1
    open_retention(world, audit=0).run(by=LOCAL_OWNER, reason="")
    assert assert_whole(receipts).rows == 1


def test_rows_cut_off_by_hand_are_found_though_an_anchor_was_forged(
    world: CoreWorld, receipts: Receipts
) -> None:
    for _ in range(3):
        keep(world.database, world.clock)
    forged = "SELECT 'receipts anchor', number || ':' || hash FROM receipts WHERE number = 2"
    tamper(world.database, f"INSERT INTO world_facts {forged}", "DELETE FROM receipts WHERE number <= 2")
    open_retention(world, audit=0).run(by=LOCAL_OWNER, reason="")
    assert [(one.number, one.problem) for one in receipts.verify_chain().problems] == [
        (2, "rows up to here are gone, and no act of retention says so")
    ]


def test_receipts_that_were_tampered_with_keep_their_old_rows_as_evidence(
    world: CoreWorld, receipts: Receipts
) -> None:
    keep_past(world.database, 900)
    keep_past(world.database, 200)
    tamper(world.database, "UPDATE receipts SET verdict = 'partial' WHERE number = 2")
    with pytest.raises(ChainBroken, match=r"chain of receipts does not verify.*2 text\(s\) were removed"):
        open_retention(world).run(by=LOCAL_OWNER, reason="")
    assert [read_texts(one) for one in list_all(receipts)] == [NOTHING] * 2


def test_hold_keeps_a_persons_words_and_every_row(
    world: CoreWorld, receipts: Receipts, acts: RetentionActs
) -> None:
    keep_past(world.database, 900, ask(asker=Person((MARA.email or "").title())))
    keep_past(world.database, 900, ask(asker=RHYS))
    hold_id = acts.place_hold(MARA.email, reason="law suit", by=ADMIN)
    done = open_retention(world).run(by=LOCAL_OWNER, reason="")
    assert (done.receipts, done.count_rows(RECEIPTS)) == (1, 0)
    hers, his = list_all(receipts)
    assert (hers.question, read_texts(his)) == ("Which teal?", NOTHING)
    acts.release_hold(hold_id, reason="over", by=ADMIN)
    acts.place_hold(None, reason="another", by=ADMIN)
    assert open_retention(world).count_due().is_empty


@pytest.mark.parametrize("texts", [False, True])
def test_erased_person_is_gone_from_receipts_and_the_chain_verifies(
    world: CoreWorld, receipts: Receipts, acts: RetentionActs, texts: bool
) -> None:
    for asker in (MARA, RHYS, Person((MARA.email or "").upper())):
        keep(world.database, world.clock, ask(asker=asker, conversation="C1"))
    erased = acts.erase_person(Erasure(MARA.email or "", texts=texts), reason="asked to", by=ADMIN)
    assert erased["receipts"] == 2
    first, his, _ = list_all(receipts)
    assert (first.asker, first.conversation, first.asker_salt) == ("", "", "")
    assert (first.question, bool(first.question_salt)) == (("", False) if texts else ("Which teal?", True))
    assert (his.asker, his.question, his.conversation) == (RHYS.email, "Which teal?", "C1")
    assert_whole(receipts)


def test_export_of_a_person_holds_their_receipts_and_no_others(world: CoreWorld) -> None:
    mine = keep(world.database, world.clock, ask(conversation="C1"))
    keep(world.database, world.clock, ask(asker=RHYS))
    traces = PersonTraces(world.database, world.acts)
    found = traces.export(MARA.email or "", slack_users=[], by=ADMIN, reason="asked to")
    assert [(row["receipt_id"], row["question"], row["conversation"]) for row in found["receipts"]] == [
        (mine, "Which teal?", "C1")
    ]
    assert "Marrow Teal" in found["receipts"][0]["body"]
    assert "question_salt" not in found["receipts"][0]
