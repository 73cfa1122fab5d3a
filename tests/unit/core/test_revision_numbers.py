"""Numbers of new revisions: no two workers write passages under the same one, and nothing unguarded is written."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, select

from core.database import Database
from core.errors import TransientError
from core.job_files import FileOutcome, JobFiles
from core.job_tables import taken_revisions
from core.jobs import JobRequest, Jobs
from core.metadata import Declared
from core.sync_ledger import SyncLedger, Writer
from core.sync_plan import DocumentPlan, IncomingDocument
from core.sync_writes import DocumentWrite, FileRecord, FileWrite, Move
from core.tables import documents, files, revisions
from tests.unit.core.core_world import CoreWorld, make_incoming

VOICE, VOICE_2, VOICE_3 = (
    make_incoming("voice.md", text) for text in ("We say we.", "We say us.", "We say you.")
)
LOGO = make_incoming("logo.md", "Our logo is a leaf.")


class Fenced(TransientError):
    """The guard's answer."""


def refuse(_connection: Connection) -> None:
    raise Fenced("replaced")


def open_ledger(world: CoreWorld, holder: str) -> SyncLedger:
    return SyncLedger(
        world.database, world.clock, source="kit", on_change="keep_approved", writer=Writer(holder)
    )


def take(world: CoreWorld, holder: str, *incoming: IncomingDocument) -> tuple[DocumentPlan, ...]:
    return open_ledger(world, holder).take_numbers([world.plan(one) for one in incoming])


def read_taken(database: Database) -> Mapping[str, tuple[int, str]]:
    with database.read() as connection:
        rows = connection.execute(select(taken_revisions)).all()
    return {row.document_id: (row.number, row.holder) for row in rows}


def write_of(plan: DocumentPlan, incoming: IncomingDocument) -> FileWrite:
    record = FileRecord(incoming.path, incoming.content_hash, "declared")
    return FileWrite(record, (DocumentWrite(plan, incoming, 1),))


def test_new_revision_takes_the_next_number_and_gives_it_back_when_it_is_visible(world: CoreWorld) -> None:
    (plan,) = take(world, "w1", VOICE)
    assert read_taken(world.database) == {plan.document_id: (1, "w1")}
    world.commit(plan, VOICE)
    assert read_taken(world.database) == {}
    (second,) = take(world, "w1", VOICE_2)
    assert (second.decision.number, second.values["latest_revision"]) == (2, 2)


def test_number_taken_by_another_holder_is_skipped(world: CoreWorld) -> None:
    (slow,) = take(world, "w1", VOICE)
    (other,) = take(world, "w2", VOICE_2)
    assert (slow.decision.number, other.decision.number) == (1, 2)
    assert (other.values["latest_revision"], other.values["answering_revision"]) == (2, 2)
    assert read_taken(world.database) == {other.document_id: (2, "w2")}


def test_number_taken_by_the_same_holder_is_used_again(world: CoreWorld) -> None:
    before = take(world, "w1", VOICE)
    assert take(world, "w1", VOICE_2)[0].decision.number == before[0].decision.number == 1


def test_holder_that_comes_back_does_not_take_the_number_that_was_taken_behind_it(world: CoreWorld) -> None:
    take(world, "w1", VOICE)
    take(world, "w2", VOICE)
    (again,) = take(world, "w1", VOICE)
    assert again.decision.number == 3


def test_skipped_number_leaves_one_whole_revision_that_answers(world: CoreWorld) -> None:
    take(world, "w1", VOICE)
    (plan,) = take(world, "w2", VOICE)
    assert world.commit(plan, VOICE) == {}
    found = world.find(plan.document_id)
    assert (found.revision, world.ledger.load_parsed(plan.document_id, 2)) == (2, VOICE.packed)
    assert world.ledger.load_parsed(plan.document_id, 1) is None
    assert take(world, "w1", VOICE_2)[0].decision.number == 3


def test_draft_behind_an_approved_revision_is_renumbered_without_answering(world: CoreWorld) -> None:
    world.sync(VOICE)
    take(world, "w1", VOICE_2)
    (plan,) = take(world, "w2", VOICE_3)
    assert (plan.decision.number, plan.decision.answering) == (3, 1)
    world.commit(plan, VOICE_3)
    found = world.find(plan.document_id)
    assert (found.revision, found.newer_draft) == (1, True)


def test_number_left_behind_by_a_revision_that_is_visible_since_is_no_obstacle(world: CoreWorld) -> None:
    take(world, "w1", VOICE)
    world.sync(VOICE)
    world.sync(VOICE_2)
    (plan,) = take(world, "w2", VOICE_3)
    assert plan.decision.number == 3


def test_only_new_revisions_take_a_number(world: CoreWorld) -> None:
    world.sync(VOICE)
    unchanged, new = take(world, "w1", VOICE, LOGO)
    assert (unchanged.decision.is_new, new.decision.is_new) == (False, True)
    assert read_taken(world.database).keys() == {new.document_id}
    assert take(world, "w2", VOICE) == (world.plan(VOICE),)


WRITES: Mapping[str, Callable[[SyncLedger, DocumentPlan], Any]] = {
    "take_numbers": lambda ledger, plan: ledger.take_numbers([plan]),
    "commit": lambda ledger, plan: ledger.commit([write_of(plan, LOGO)]),
    "unsettle": lambda ledger, plan: ledger.unsettle([plan.document_id]),
    "record_file": lambda ledger, _plan: ledger.record_file(FileRecord("logo.md", "hash", "declared")),
    "move": lambda ledger, plan: ledger.move([plan.document_id], "voice.md", "tone.md"),
    "move_items": lambda ledger, plan: ledger.move_items([Move((plan.document_id,), "voice.md", "tone.md")]),
    "mark_removed": lambda ledger, plan: ledger.mark_removed([plan.document_id], ["voice.md"]),
}


def read_all(database: Database) -> list[Any]:
    tables = (documents, files, revisions, taken_revisions)
    with database.read() as connection:
        return [connection.execute(select(table)).all() for table in tables]


def make_new_plan(world: CoreWorld) -> DocumentPlan:
    """A plan of a new document, bearing an id that the ledger knows, so that each write finds something."""
    known = world.sync(VOICE)
    return replace(world.plan(LOGO), document_id=known)


@pytest.mark.parametrize("name", WRITES)
def test_guard_refuses_every_write_of_a_sync(world: CoreWorld, name: str) -> None:
    plan = make_new_plan(world)
    before = read_all(world.database)
    guarded = SyncLedger(
        world.database,
        world.clock,
        source="kit",
        on_change="keep_approved",
        writer=Writer("w1", refuse),
    )
    with pytest.raises(Fenced):
        WRITES[name](guarded, plan)
    assert read_all(world.database) == before


@pytest.mark.parametrize("name", WRITES)
def test_write_that_the_guard_lets_through_changes_something(world: CoreWorld, name: str) -> None:
    plan = world.plan(LOGO) if name == "commit" else make_new_plan(world)
    before = read_all(world.database)
    WRITES[name](open_ledger(world, "w1"), plan)
    assert read_all(world.database) != before


def test_list_of_guarded_writes_is_complete() -> None:
    reads = {"read_files", "read_known", "list_removed", "plan"}
    public = {name for name, one in vars(SyncLedger).items() if callable(one) and not name.startswith("_")}
    assert public - reads == WRITES.keys()


def test_outcomes_of_files_are_written_with_the_commit_or_not_at_all(world: CoreWorld) -> None:
    job = Jobs(world.database, world.clock).ask(JobRequest("sync", "kit", {}, "Ada"))
    listed = JobFiles(world.database, job.job_id)
    listed.lay_out([("voice.md", {}), ("logo.md", {})])

    def record(connection: Connection, paths: Any) -> None:
        listed.record(connection, [FileOutcome(path, "ingested", documents=1) for path in paths])

    def record_and_fail(connection: Connection, paths: Any) -> None:
        record(connection, paths)
        raise ZeroDivisionError

    ledger, plan = open_ledger(world, "w1"), world.plan(VOICE)
    with pytest.raises(ZeroDivisionError):
        ledger.commit([write_of(plan, VOICE)], record_and_fail)
    assert world.ledger.list_documents() == ()
    assert [one.path for one in listed.begin(0, 2)] == ["voice.md", "logo.md"], "both wait as before"
    assert ledger.commit([write_of(plan, VOICE)], record) == {}
    assert [(one.path, one.state) for one in listed.list_outcomes()] == [("voice.md", "ingested")]


def test_file_that_changed_meanwhile_is_left_out_of_the_outcomes_too(world: CoreWorld) -> None:
    world.sync(VOICE)
    late, fresh = world.plan(VOICE_2), world.plan(LOGO)
    world.sync(make_incoming("voice.md", "We say us.", Declared(status="draft", owner=None)))
    told: list[str] = []
    outdated = open_ledger(world, "w1").commit(
        [write_of(late, VOICE_2), write_of(fresh, LOGO)], lambda _connection, paths: told.extend(paths)
    )
    assert (list(outdated), told) == (["voice.md"], ["logo.md"])
