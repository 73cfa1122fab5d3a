"""What a sync has found to read and what became of each file: the memory of a job between its steps."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from core.database import Database
from core.job_tables import job_files
from core.known_documents import cut_values

FileState = Literal["ingested", "unchanged", "skipped", "failed", "outdated"]


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file. `is_worth_retrying`: the fault lay elsewhere (an endpoint, a store), not in the file."""

    path: str
    state: FileState
    error: str | None = None
    warnings: tuple[str, ...] = ()
    documents: int = 0
    passages: int = 0
    is_worth_retrying: bool = False


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file of the list with its reference as JSON. `attempts`: how often it was begun before."""

    number: int
    path: str
    reference: Mapping[str, Any]
    attempts: int


class JobFiles:
    """The list of one job. `guard` raises inside a write of a worker that was replaced: the list is another's now."""

    def __init__(
        self,
        database: Database,
        job_id: str,
        *,
        guard: Callable[[Connection], None] = lambda _connection: None,
    ) -> None:
        self._database = database
        self._job_id = job_id
        self._guard = guard
        # By its number a row is found at once, by its path only by looking through all that wait.
        self._numbers: dict[str, int] = {}

    def lay_out(self, references: Sequence[tuple[str, Mapping[str, Any]]]) -> int:
        """Make the list of files to read anew, in this order; the number of the first.

        What an earlier attempt has ingested stays on the list, but for what is to be read again.
        """
        with self._write() as connection:
            where = job_files.c.job_id == self._job_id
            connection.execute(delete(job_files).where(where, job_files.c.state != "ingested"))
            kept = set(connection.execute(select(job_files.c.path).where(where)).scalars())
            for again in cut_values(kept & {path for path, _reference in references}, job_files.c.path):
                connection.execute(delete(job_files).where(where, again))
            last = select(func.coalesce(func.max(job_files.c.number), -1)).where(where)
            first = int(connection.execute(last).scalar_one()) + 1
            rows = [
                {
                    "job_id": self._job_id,
                    "number": first + index,
                    "path": path,
                    "reference": dict(reference),
                    "state": "waiting",
                    "attempts": 0,
                }
                for index, (path, reference) in enumerate(references)
            ]
            if rows:
                connection.execute(insert(job_files), rows)
        return first

    def begin(self, first: int, count: int) -> tuple[WaitingFile, ...]:
        """Those of `count` files from `first` on that wait; each is counted as begun once more."""
        where = self._in_range(first, count) & (job_files.c.state == "waiting")
        with self._write() as connection:
            rows = connection.execute(select(job_files).where(where).order_by(job_files.c.number)).all()
            connection.execute(update(job_files).where(where).values(attempts=job_files.c.attempts + 1))
        self._numbers |= {row.path: row.number for row in rows}
        return tuple(WaitingFile(row.number, row.path, row.reference, row.attempts) for row in rows)

    def count_attempts(self, first: int, count: int) -> int:
        """How often the most tried one of those that wait was begun."""
        where = self._in_range(first, count) & (job_files.c.state == "waiting")
        query = select(func.coalesce(func.max(job_files.c.attempts), 0)).where(where)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def record(self, connection: Connection, outcomes: Sequence[FileOutcome]) -> None:
        """Write what became of files, in the transaction that makes them visible: never one without the other."""
        for one in outcomes:
            where = (job_files.c.job_id == self._job_id) & (job_files.c.path == one.path)
            if one.path in self._numbers:
                where &= job_files.c.number == self._numbers[one.path]
            values = {"state": one.state, "outcome": asdict(one)}
            connection.execute(
                update(job_files).where(where, job_files.c.state == "waiting").values(**values)
            )

    def record_now(self, outcomes: Sequence[FileOutcome]) -> None:
        """The same in a transaction of its own, for files that nothing is written of."""
        if outcomes:
            with self._write() as connection:
                self.record(connection, outcomes)

    def put_back(self, first: int, count: int) -> None:
        """What failed for want of something else (an endpoint, a store) waits again, as if it had not been begun."""
        where = self._in_range(first, count) & (job_files.c.state == "failed")
        with self._write() as connection:
            for row in connection.execute(select(job_files).where(where)).all():
                if row.outcome["is_worth_retrying"]:
                    one = where & (job_files.c.number == row.number)
                    values = {"state": "waiting", "outcome": None, "attempts": 0}
                    connection.execute(update(job_files).where(one).values(**values))

    def count(self) -> tuple[int, int]:
        """(done, all)."""
        query = (
            select(job_files.c.state, func.count())
            .where(job_files.c.job_id == self._job_id)
            .group_by(job_files.c.state)
        )
        with self._database.read() as connection:
            counts = {str(row[0]): int(row[1]) for row in connection.execute(query)}
        total = sum(counts.values())
        return total - counts.get("waiting", 0), total

    def list_outcomes(self) -> tuple[FileOutcome, ...]:
        """Of all files that were read, in order."""
        query = (
            select(job_files.c.outcome)
            .where(job_files.c.job_id == self._job_id, job_files.c.state != "waiting")
            .order_by(job_files.c.number)
        )
        with self._database.read() as connection:
            return tuple(_read_outcome(value) for value in connection.execute(query).scalars() if value)

    def list_ingested(self, first: int = 0, count: int | None = None) -> frozenset[str]:
        """Paths of what the job has ingested so far, in this attempt and earlier ones; of all, or of some numbers."""
        where = job_files.c.job_id == self._job_id if count is None else self._in_range(first, count)
        query = select(job_files.c.path).where(where, job_files.c.state == "ingested")
        with self._database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._database.write() as connection:
            self._guard(connection)
            yield connection

    def _in_range(self, first: int, count: int) -> ColumnElement[bool]:
        number = job_files.c.number
        return (job_files.c.job_id == self._job_id) & (number >= first) & (number < first + count)


def _read_outcome(value: Mapping[str, Any]) -> FileOutcome:
    return FileOutcome(**{**value, "warnings": tuple(value["warnings"])})
