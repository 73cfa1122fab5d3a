"""Gaps as stored: questions without an answer, like ones together. Written while answering, read by curators."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, false, func, insert, select, update

from core.clock import Clock
from core.database import Database
from core.gap_acts import CLOSED, OPEN, GapState
from core.retention_texts import REMOVED
from core.tables import gap_questions, gaps


@dataclass(frozen=True, slots=True)
class NearEvidence:
    """Where something near stands that the asker may read."""

    document_id: str
    path: str
    sentence_id: str


@dataclass(frozen=True, slots=True)
class NewGapQuestion:
    """A question that ended without an answer. `vector` is its embedding as bytes (empty: there was none)."""

    text: str
    asker: str
    brand: str | None
    why: str
    nearest: tuple[NearEvidence, ...]
    vector: bytes = b""


@dataclass(frozen=True, slots=True)
class KnownGap:
    """What a new question is compared with: the first question of a gap and its vector."""

    gap_id: str
    question: str
    vector: bytes


@dataclass(frozen=True, slots=True)
class GapQuestion:
    """One question of a gap, as one asker put it."""

    question: str
    asker: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """Like questions without an answer. `asked` counts questions, `askers` different people."""

    gap_id: str
    question: str
    brand: str | None
    why: str
    nearest: tuple[NearEvidence, ...]
    state: GapState
    note: str
    first_at: datetime
    last_at: datetime
    asked: int
    askers: int


class Gaps:
    """Reads gaps and takes in new questions. What curators do with them goes through core.gap_acts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def list_joinable(self, brand: str | None) -> tuple[KnownGap, ...]:
        """Gaps that a new question may belong to: open or closed, of the same brand, text still kept."""
        query = select(gaps.c.gap_id, gaps.c.question, gaps.c.vector).where(
            gaps.c.state.in_((OPEN, CLOSED)),
            gaps.c.brand.is_(None) if brand is None else gaps.c.brand == brand,
            ~gaps.c.question.startswith(REMOVED),
        )
        with self._database.read() as connection:
            return tuple(KnownGap(row.gap_id, row.question, row.vector) for row in connection.execute(query))

    def add(self, question: NewGapQuestion, *, gap_id: str | None = None) -> str:
        """Keep a question, with a gap that is known or (None) as a new one; gives the gap's id."""
        now = self._clock.now()
        with self._database.write() as connection:
            known = gap_id if gap_id and _touch(connection, gap_id, at=now) else None
            found = known or _insert_gap(connection, question, at=now)
            connection.execute(
                insert(gap_questions).values(
                    gap_id=found, asker=question.asker, question=question.text, at=now
                )
            )
        return found

    def list_gaps(self, *, state: GapState | None = None) -> tuple[Gap, ...]:
        """Most asked first, then the latest."""
        found = self._select(gaps.c.state == state if state else ~false())
        return tuple(sorted(found, key=lambda gap: (-gap.asked, -gap.last_at.timestamp(), gap.gap_id)))

    def find(self, gap_id: str) -> Gap | None:
        """One by its id."""
        return next(iter(self._select(gaps.c.gap_id == gap_id)), None)

    def list_questions(self, gap_id: str) -> tuple[GapQuestion, ...]:
        """Everything that was asked, oldest first."""
        query = select(gap_questions).where(gap_questions.c.gap_id == gap_id).order_by(gap_questions.c.number)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(GapQuestion(row.question, row.asker, row.at) for row in rows)

    def _select(self, where: ColumnElement[bool]) -> tuple[Gap, ...]:
        counts = (
            select(
                gap_questions.c.gap_id,
                func.count().label("asked"),
                func.count(gap_questions.c.asker.distinct()).label("askers"),
            )
            .group_by(gap_questions.c.gap_id)
            .subquery()
        )
        query = select(gaps, counts.c.asked, counts.c.askers).outerjoin(
            counts, counts.c.gap_id == gaps.c.gap_id
        )
        with self._database.read() as connection:
            return tuple(_read_gap(row) for row in connection.execute(query.where(where)))


def _touch(connection: Connection, gap_id: str, *, at: datetime) -> bool:
    """False when somebody has removed or answered it meanwhile."""
    where = (gaps.c.gap_id == gap_id) & gaps.c.state.in_((OPEN, CLOSED))
    return connection.execute(update(gaps).where(where).values(last_at=at)).rowcount > 0


def _insert_gap(connection: Connection, question: NewGapQuestion, *, at: datetime) -> str:
    gap_id = uuid4().hex[:12]
    connection.execute(
        insert(gaps).values(
            gap_id=gap_id,
            question=question.text,
            vector=question.vector,
            brand=question.brand,
            why=question.why,
            nearest=[
                {"document_id": one.document_id, "path": one.path, "sentence_id": one.sentence_id}
                for one in question.nearest
            ],
            state=OPEN,
            note="",
            first_at=at,
            last_at=at,
        )
    )
    return gap_id


def _read_gap(row: Row[Any]) -> Gap:
    return Gap(
        gap_id=row.gap_id,
        question=row.question,
        brand=row.brand,
        why=row.why,
        nearest=_read_nearest(row.nearest),
        state=row.state,
        note=row.note,
        first_at=row.first_at,
        last_at=row.last_at,
        asked=row.asked or 0,
        askers=row.askers or 0,
    )


def _read_nearest(stored: Iterable[Mapping[str, str]]) -> tuple[NearEvidence, ...]:
    return tuple(NearEvidence(one["document_id"], one["path"], one["sentence_id"]) for one in stored)
