"""Which index answers, which is kept, and what one that is being built holds already.

Used by index/assembly.py, ingest/reindex.py and whoever must not write past a switch (read_generation).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, literal, select, text, update

from core.clock import Clock
from core.database import Database
from core.errors import TransientError
from core.index_marks import Behind, compare_marks, read_marks
from core.job_tables import index_build_documents, index_builds
from core.ledger import IDS_PER_QUERY
from core.tables import documents, revisions, world_facts
from core.world_facts import FIRST_GENERATION, GENERATION, lock_generation, read_fact, read_generation

__all__ = ["BuildBehind", "BuildState", "IndexBuild", "IndexBuilds", "find_generation", "read_generation"]

FINGERPRINT = "index_fingerprint"
BuildState = Literal["building", "ready", "answering", "kept", "failed", "dropped"]
UNFINISHED: tuple[BuildState, ...] = ("building", "ready")
# Any number that nothing else in the database uses.
ADVISORY_LOCK = 7318


class BuildBehind(TransientError):
    """The ledger has moved on since the new index was brought up to it."""


class ReindexUnderWay(TransientError):
    """Somebody builds an index, or goes back to one, at this moment."""


@dataclass(frozen=True, slots=True)
class IndexBuild:
    """One generation of the index and how it stands."""

    generation: int
    state: BuildState
    fingerprint: str
    started_at: datetime
    ended_at: datetime | None
    report: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Switch:
    """What one switch writes. `counts` are numbers of passages by document and revision that are others now."""

    generation: int
    counts: Mapping[tuple[str, int], int]
    report: Mapping[str, Any]


def find_generation(database: Database) -> int:
    """The generation that answers, without holding it."""
    return int(read_fact(database, GENERATION) or FIRST_GENERATION)


class IndexBuilds:
    """Reads and writes the list of generations, each time in one short transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def list_builds(self) -> tuple[IndexBuild, ...]:
        """All generations that are not dropped, by number; the first one only since another was begun."""
        with self._database.read() as connection:
            return tuple(one for one in _read_builds(connection) if one.state != "dropped")

    def find(self, *states: BuildState) -> IndexBuild | None:
        """The newest generation in one of these states."""
        return next((one for one in reversed(self.list_builds()) if one.state in states), None)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Nobody builds in another process until the block ends; raises ReindexUnderWay when somebody does."""
        engine = self._database.engine
        if engine.dialect.name != "postgresql":
            yield
            return
        # Held by the connection: a process that dies lets go of it.
        with engine.connect() as connection:
            taken = connection.execute(text(f"SELECT pg_try_advisory_lock({ADVISORY_LOCK})")).scalar_one()
            connection.commit()
            if not taken:
                raise self.name_running()
            try:
                yield
            finally:
                connection.execute(text(f"SELECT pg_advisory_unlock({ADVISORY_LOCK})"))
                connection.commit()

    def name_running(self) -> ReindexUnderWay:
        """The refusal of a second build, naming the first."""
        running = self.find(*UNFINISHED)
        which = (
            f"generation {running.generation}, since {running.started_at:%Y-%m-%d %H:%M} UTC"
            if running
            else ""
        )
        return ReindexUnderWay(
            f"an index is being built already ({which or 'just begun'}); wait for it to end: `onbrand index show`"
        )

    def begin(self, fingerprint: str) -> tuple[IndexBuild, tuple[int, ...]]:
        """The build to go on with (an unfinished one of the same fingerprint, else a new one), and those given up."""
        with self._database.write() as connection:
            self._enter_current(connection)
            known = _read_builds(connection)
            resumed = next(
                (one for one in known if one.state in UNFINISHED and one.fingerprint == fingerprint), None
            )
            given_up = tuple(
                one.generation
                for one in known
                if one.state in (*UNFINISHED, "failed")
                and (resumed is None or one.generation != resumed.generation)
            )
            drop_builds(connection, given_up)
            number = resumed.generation if resumed else max(one.generation for one in known) + 1
            if resumed is None:
                self._insert(connection, number, "building", fingerprint)
            return next(one for one in _read_builds(connection) if one.generation == number), given_up

    def find_behind(self, generation: int) -> Behind:
        """What this generation lacks of the ledger as it is now."""
        with self._database.read() as connection:
            return _find_behind(connection, generation)

    def count_written(self, generation: int) -> int:
        """How many documents it holds already."""
        with self._database.read() as connection:
            return len(_read_held(connection, generation))

    def record(self, generation: int, marks: Mapping[str, str]) -> None:
        """These documents are in it now, as their marks say."""
        with self._database.write() as connection:
            _forget(connection, generation, marks)
            rows = [
                {"generation": generation, "document_id": key, "mark": mark} for key, mark in marks.items()
            ]
            if rows:
                connection.execute(insert(index_build_documents), rows)

    def forget(self, generation: int, document_ids: Iterable[str]) -> None:
        """These documents are not in it any more."""
        with self._database.write() as connection:
            _forget(connection, generation, document_ids)

    def end(self, generation: int, state: BuildState, report: Mapping[str, Any]) -> None:
        """How a build stands now, and its report."""
        with self._database.write() as connection:
            _set_state(connection, generation, state, ended_at=self._clock.now(), report=dict(report))

    def drop(self, generations: Sequence[int]) -> None:
        """Their files are gone."""
        with self._database.write() as connection:
            drop_builds(connection, generations)

    def switch(self, connection: Connection, wanted: Switch) -> tuple[dict[str, Any], dict[str, Any]]:
        """Inside an act's transaction: from its end on, the wanted generation answers. Gives before and after.

        Raises BuildBehind when a document has changed since: nothing is written then.
        """
        old = lock_generation(connection)
        behind = _find_behind(connection, wanted.generation)
        if behind:
            raise BuildBehind(f"{len(behind.changed) + len(behind.gone)} document(s) have changed meanwhile")
        builds = {one.generation: one for one in _read_builds(connection)}
        new = builds[wanted.generation]
        _set_fact(connection, GENERATION, str(new.generation))
        _set_fact(connection, FINGERPRINT, new.fingerprint)
        drop_builds(
            connection, [one.generation for one in builds.values() if one.state == "kept" and one != new]
        )
        _set_state(connection, old, "kept")
        _set_state(
            connection, new.generation, "answering", ended_at=self._clock.now(), report=dict(wanted.report)
        )
        _keep_marks(connection, old, like=new.generation)
        _write_counts(connection, wanted.counts)
        forced = {name: wanted.report[name] for name in ("forced", "reasons") if wanted.report.get(name)}
        return _describe(builds[old]), _describe(new) | forced

    def _enter_current(self, connection: Connection) -> None:
        """The first generation has no row until there is a second one to tell it from."""
        current = lock_generation(connection)
        if not any(one.generation == current for one in _read_builds(connection)):
            query = select(world_facts.c.value).where(world_facts.c.name == FINGERPRINT)
            fingerprint = connection.execute(query).scalar_one_or_none() or ""
            self._insert(connection, current, "answering", fingerprint)

    def _insert(self, connection: Connection, number: int, state: BuildState, fingerprint: str) -> None:
        values = {"generation": number, "state": state, "fingerprint": fingerprint}
        connection.execute(insert(index_builds).values(**values, started_at=self._clock.now()))


def drop_builds(connection: Connection, generations: Sequence[int]) -> None:
    """They will not be used again; their marks go."""
    for number in generations:
        _set_state(connection, number, "dropped")
        connection.execute(delete(index_build_documents).where(index_build_documents.c.generation == number))


def _read_builds(connection: Connection) -> list[IndexBuild]:
    rows = connection.execute(select(index_builds).order_by(index_builds.c.generation))
    return [
        IndexBuild(row.generation, row.state, row.fingerprint, row.started_at, row.ended_at, row.report)
        for row in rows
    ]


def _describe(build: IndexBuild) -> dict[str, Any]:
    return {"generation": build.generation, "fingerprint": build.fingerprint}


def _read_held(connection: Connection, generation: int) -> dict[str, str]:
    held = index_build_documents.c
    query = select(held.document_id, held.mark).where(held.generation == generation)
    return {row.document_id: row.mark for row in connection.execute(query)}


def _find_behind(connection: Connection, generation: int) -> Behind:
    return compare_marks(read_marks(connection), _read_held(connection, generation))


def _forget(connection: Connection, generation: int, document_ids: Iterable[str]) -> None:
    held, ids = index_build_documents.c, sorted(document_ids)
    for start in range(0, len(ids), IDS_PER_QUERY):
        some = held.document_id.in_(ids[start : start + IDS_PER_QUERY])
        connection.execute(delete(index_build_documents).where(held.generation == generation, some))


def _set_state(connection: Connection, generation: int, state: BuildState, **more: Any) -> None:
    where = index_builds.c.generation == generation
    connection.execute(update(index_builds).where(where).values(state=state, **more))


def _set_fact(connection: Connection, name: str, value: str) -> None:
    # In place: who waits for the row's lock must find it again.
    where = world_facts.c.name == name
    if connection.execute(update(world_facts).where(where).values(value=value)).rowcount == 0:
        connection.execute(insert(world_facts).values(name=name, value=value))


def _keep_marks(connection: Connection, old: int, *, like: int) -> None:
    """What the old index holds at this moment, so that a rollback writes only what has changed since.

    A document under an act is left out: its passages there carry older facts.
    """
    held = index_build_documents
    connection.execute(delete(held).where(held.c.generation == old))
    query = (
        select(literal(old), held.c.document_id, held.c.mark)
        .join(documents, documents.c.document_id == held.c.document_id)
        .where(held.c.generation == like, documents.c.is_settled.is_(True))
    )
    connection.execute(insert(held).from_select(["generation", "document_id", "mark"], query))


def _write_counts(connection: Connection, counts: Mapping[tuple[str, int], int]) -> None:
    for (document_id, number), passages in counts.items():
        where = (revisions.c.document_id == document_id) & (revisions.c.number == number)
        connection.execute(update(revisions).where(where).values(passages=passages))
