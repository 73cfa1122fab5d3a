"""Receipts: what is kept of an answer, how it is found again, and that nobody's words stand in what stays."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from core.access import LOCAL_OWNER, Person
from core.answers import Claim, OfficialRef, Turn
from core.clock import Clock, Stopwatch
from core.database import Database
from core.errors import UsageError
from core.receipt_body import as_storable, build_body, hash_text, read_body, write_body
from core.receipt_rows import CitedRevision, Receipt, list_problems
from core.receipts import Receipts, ReceiptUnreadable
from tests.unit.core.audit_rows import tamper
from tests.unit.core.core_world import CoreWorld, make_incoming
from tests.unit.core.receipt_samples import (
    AMBER,
    DAY,
    INDEX,
    MARA,
    RHYS,
    TEAL,
    TRACE,
    ask,
    cite_document,
    keep,
    keep_many,
    keep_past,
    say,
)


@pytest.fixture
def receipts(database: Database, clock: Clock) -> Receipts:
    return Receipts(database, clock)


def find(receipts: Receipts, receipt_id: str) -> Receipt:
    found = receipts.find(receipt_id)
    assert found is not None
    return found


def test_receipt_holds_the_question_the_answer_and_the_way_to_it(receipts: Receipts) -> None:
    answer = replace(say(TEAL, AMBER, mode="model", text="Teal is the main colour."), ruling="allowed")
    before = datetime.now(UTC)
    receipt_id = receipts.keep(
        ask(conversation="T1/C1"), answer, index_fingerprint=INDEX, passed=("numbers", "overlap")
    )
    found = find(receipts, receipt_id.upper())
    assert (found.receipt_id, found.number, found.day) == (receipt_id, 1, DAY)
    assert before <= found.at <= datetime.now(UTC)
    assert (found.question, found.understood) == ("Which teal?", TRACE.understood_as)
    assert (found.asker, found.conversation) == (MARA.email, "T1/C1")
    body = found.body
    assert body is not None
    assert (body.verdict, body.ruling, body.mode, body.model) == (
        "answered",
        "allowed",
        "model",
        "served-model",
    )
    assert (body.steps, body.offered, body.prompt_hash) == (TRACE.steps, TRACE.offered, TRACE.prompt_hash)
    assert (body.rejected, body.parameters) == (TRACE.rejected, TRACE.parameters)
    assert (body.index, body.brand, body.day) == (INDEX, "Tallow", "2026-03-03")
    (claim,) = body.claims
    assert claim.as_claim() == answer.claims[0]
    assert claim.checks == ("provenance", "access", "numbers", "overlap")
    assert found.cited == (CitedRevision("doc-1", 1),)
    assert list_problems(found) == ()


def test_receipt_id_is_short_and_readable_and_no_other_ones(
    receipts: Receipts, database: Database, clock: Clock
) -> None:
    ids = keep_many(database, clock, 30)
    assert len(set(ids)) == 30
    assert all(
        len(one) == 12 and one.startswith("r-") and set(one[2:]) <= set("0123456789abcdef") for one in ids
    )
    assert receipts.find("r-0000000000") is None


def test_stored_sentence_and_official_text_say_what_proves_them(receipts: Receipts) -> None:
    official = replace(say(TEAL, text="Use teal."), official=OfficialRef("a1", None, None))
    for answer, own in ((say(TEAL), "stored_sentence"), (official, "official_text")):
        body = find(receipts, receipts.keep(ask(), answer, index_fingerprint=INDEX)).body
        assert body is not None
        assert [claim.checks for claim in body.claims] == [("provenance", "access", own)]
        assert body.official == ("a1" if answer is official else None)


def test_answer_without_evidence_leaves_a_receipt_too(receipts: Receipts) -> None:
    found = find(receipts, receipts.keep(ask(), say(), index_fingerprint=INDEX))
    assert (found.verdict, found.cited, list_problems(found)) == ("not_found", (), ())


def test_no_name_and_no_word_of_the_asker_stands_in_the_body(database: Database, clock: Clock) -> None:
    keep(database, clock, ask(conversation="T1/C1/1.2"))
    with database.read() as connection:
        body = connection.execute(text("SELECT body FROM receipts")).scalar_one()
    for word in ("mara", "Which", "posters", "T1/C1"):
        assert word not in body


def test_hashes_are_salted_with_salts_of_their_own(
    receipts: Receipts, database: Database, clock: Clock
) -> None:
    first, second = (find(receipts, keep(database, clock)) for _ in range(2))
    assert first.body is not None
    assert second.body is not None
    assert first.body.hashes != second.body.hashes
    assert len({first.question_salt, first.asker_salt, second.question_salt, second.asker_salt}) == 4
    assert first.body.hashes.question == hash_text("Which teal?", first.question_salt)


def test_texts_that_no_database_takes_are_kept_and_verify(
    receipts: Receipts, database: Database, clock: Clock
) -> None:
    odd = "teal\x00 \ud800?\nWhy “so” – 日本 🎺"
    answer = say(TEAL, mode="model", text=odd, trace=replace(TRACE, understood_as=odd + "!"))
    asker = Person("m" * 300 + "@pelmarrow.example")
    found = find(receipts, keep(database, clock, ask(odd, asker=asker, conversation="c" * 300), answer))
    assert found.question == as_storable(odd) == "teal\ufffd ??\nWhy “so” – 日本 🎺"
    assert list_problems(found) == ()
    assert receipts.verify_chain().is_ok
    (turn,) = receipts.list_turns("c" * 300, limit=5)
    assert turn.question == as_storable(odd + "!")


def test_body_is_canonical_and_comes_back_as_it_was(
    receipts: Receipts, database: Database, clock: Clock
) -> None:
    body = find(receipts, keep(database, clock)).body
    assert body is not None
    written = write_body(body)
    assert read_body(written) == body
    assert written == json.dumps(
        json.loads(written), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    hashes = body.hashes
    assert build_body(ask(), say(TEAL, AMBER), hashes=hashes, index=INDEX) == body
    for broken in ("", "[]", "{}", "no json", written.replace('"revision":1', '"revision":"x"'), "[" * 9999):
        assert read_body(broken) is None


def test_writers_at_the_same_time_make_one_chain(
    receipts: Receipts, database: Database, clock: Clock
) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: keep(database, clock), range(48)))
    found = receipts.verify_chain()
    assert (found.rows, found.problems) == (48, ())
    assert {one.receipt_id for one in receipts.list_receipts()} == set(ids)


def test_keeping_takes_less_than_ten_milliseconds(database: Database, clock: Clock) -> None:
    keep(database, clock)
    times = []
    for _ in range(15):
        watch = Stopwatch()
        keep(database, clock)
        times.append(watch.milliseconds())
    assert sorted(times)[3] < 10, times


def test_newest_receipts_are_listed_first_since_a_moment_and_no_more_than_asked_for(
    receipts: Receipts, database: Database, clock: Clock
) -> None:
    assert receipts.list_receipts(limit=3) == ()
    keep_past(database, 5)
    ids = keep_many(database, clock, 4)
    assert [one.receipt_id for one in receipts.list_receipts(limit=2)] == [ids[3], ids[2]]
    since = datetime.now(UTC) - timedelta(days=1)
    assert [one.receipt_id for one in receipts.list_receipts(since=since)] == ids[::-1]
    assert [one.receipt_id for one in receipts.list_receipts(since, 9)] == ids[::-1]
    assert [one.number for one in receipts.read_in_order()] == [1, 2, 3, 4, 5]


def test_turns_of_a_conversation_come_oldest_first_as_they_were_understood(
    receipts: Receipts, database: Database, clock: Clock
) -> None:
    for index in range(4):
        trace = replace(TRACE, understood_as="" if index == 2 else f"Understood {index}?")
        keep(database, clock, ask(f"Question {index}?", conversation="C1"), say(TEAL, trace=trace))
    keep(database, clock, ask("Elsewhere?", conversation="C2"))
    keep(database, clock, ask("Nowhere?"))
    turns = receipts.list_turns("C1", limit=3)
    assert [one.question for one in turns] == ["Understood 1?", "Question 2?", "Understood 3?"]
    assert turns[0] == Turn("Understood 1?", say(TEAL).claims)
    assert isinstance(turns[0].claims[0], Claim)
    assert receipts.list_turns("", limit=3) == receipts.list_turns("C3", limit=3) == ()


def test_turn_whose_question_was_removed_is_left_out(
    receipts: Receipts, database: Database, clock: Clock
) -> None:
    keep(database, clock, ask("Old?", conversation="C1"))
    tamper(database, "UPDATE receipts SET question = '', understood = '', question_salt = ''")
    keep(database, clock, ask("New?", conversation="C1"))
    assert [one.question for one in receipts.list_turns("C1", limit=9)] == [TRACE.understood_as]


def test_answers_that_cited_a_document_are_found_by_any_of_its_names_also_when_it_is_gone(
    world: CoreWorld, receipts: Receipts
) -> None:
    document_id = world.sync(make_incoming("colour.md", "We say teal."))
    first = keep(world.database, world.clock, answer=cite_document(say(TEAL), document_id))
    keep(world.database, world.clock)
    second = keep(world.database, world.clock, answer=cite_document(say(TEAL), document_id, 2))
    for word in (document_id, "colour.md", "kit:colour.md"):
        assert [one.receipt_id for one in receipts.list_citing(word)] == [second, first]
    assert receipts.list_citing("colour.md")[0].cited == (CitedRevision(document_id, 2),)
    world.document_acts.retire([document_id], by=LOCAL_OWNER, reason="old")
    world.source_acts.remove("kit", by=LOCAL_OWNER)
    assert len(receipts.list_citing("kit:colour.md")) == 2
    assert [one.number for one in receipts.list_citing("doc-1")] == [2], "the ledger never knew this one"


def test_rows_of_one_sheet_are_one_name_and_one_path_in_two_sources_is_none(
    world: CoreWorld, receipts: Receipts, database: Database
) -> None:
    rows = [world.sync(make_incoming("cta.xlsx", f"Row {part}", part=part)) for part in ("1", "2")]
    assert receipts.find_documents("cta.xlsx") == tuple(rows)
    assert receipts.list_citing("cta.xlsx") == ()
    with pytest.raises(UsageError, match=r"no document 'nothing\.md', and no answer cited one"):
        receipts.list_citing("nothing.md")
    names = "type, options, brand, status, kind, access, on_change, added_at"
    tamper(
        database,
        f"INSERT INTO sources (name, {names}) SELECT 'other', {names} FROM sources",
        f"UPDATE documents SET source = 'other' WHERE document_id = '{rows[0]}'",
    )
    with pytest.raises(UsageError, match=r"names several documents: kit:cta\.xlsx, other:cta\.xlsx"):
        receipts.list_citing("cta.xlsx")
    assert receipts.find_documents("other:cta.xlsx") == (rows[0],)


def test_asker_is_known_again_under_every_address(
    receipts: Receipts, database: Database, clock: Clock
) -> None:
    found = find(receipts, keep(database, clock))
    assert found.is_asked_by(MARA)
    assert found.is_asked_by(Person("m.e@pelmarrow.example", aliases=frozenset({"MARA@pelmarrow.example"})))
    assert not found.is_asked_by(RHYS)
    assert not replace(found, asker="").is_asked_by(Person(""))


def test_receipt_that_cannot_be_read_says_so_and_hides_no_other(
    receipts: Receipts, database: Database, clock: Clock
) -> None:
    ids = keep_many(database, clock, 3)
    tamper(
        database,
        "UPDATE receipts SET at = 'yesterday' WHERE number = 1",
        "UPDATE receipts SET body = 'no json' WHERE number = 2",
    )
    with pytest.raises(ReceiptUnreadable, match="cannot be read: it was changed past onbrand"):
        receipts.find(ids[0])
    assert find(receipts, ids[1]).body is None
    assert list_problems(find(receipts, ids[1])) == ("cannot be read: it was changed",)
    assert [one.receipt_id for one in receipts.list_receipts()] == [ids[2], ids[1]]
    assert find(receipts, ids[1]).day == date(2026, 3, 3)
