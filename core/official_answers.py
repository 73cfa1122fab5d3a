"""Official answers as stored: fixed text for a question. Written by core/official_acts.py, served by bot/answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, true

from core.database import Database
from core.tables import official_answers, people, sources

# Enough to learn from which domain the company writes.
MOST_PEOPLE_READ = 50


@dataclass(frozen=True, slots=True)
class OfficialEvidence:
    """A sentence that proves an official answer, byte for byte as it stood in that revision of the document.

    `ordinal` is the passage in which it stood then: where to look first.
    """

    document_id: str
    revision: int
    sentence: str
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class OfficialAnswer:
    """Fixed text for any of its questions, up to `until` (inclusive) and for `brand` (None: for every brand)."""

    answer_id: str
    questions: tuple[str, ...]
    text: str
    evidence: tuple[OfficialEvidence, ...]
    brand: str | None
    until: date | None
    owner: str | None
    added_at: datetime
    retired_at: datetime | None = None

    def is_served(self, *, on: date | None, brand: str | None) -> bool:
        """Does it count for a question of this day and brand, evidence apart?"""
        is_in_date = self.until is None or on is None or on <= self.until
        return self.retired_at is None and is_in_date and (None in (brand, self.brand) or brand == self.brand)


class OfficialAnswers:
    """Reads official answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_standing(self) -> tuple[OfficialAnswer, ...]:
        """Those that are not retired, oldest first."""
        return self._list(official_answers.c.retired_at.is_(None))

    def list_all(self) -> tuple[OfficialAnswer, ...]:
        """Retired ones too, oldest first."""
        return self._list(true())

    def find(self, answer_id: str) -> OfficialAnswer | None:
        """One by its id."""
        return next(iter(self._list(official_answers.c.answer_id == answer_id)), None)

    def read_own_names(self) -> frozenset[str]:
        """Words by which the company calls itself: its brands, and the domains that its people write from."""
        with self._database.read() as connection:
            brands = connection.execute(select(sources.c.brand).where(sources.c.brand.is_not(None)))
            emails = connection.execute(select(people.c.email).limit(MOST_PEOPLE_READ))
            owners = connection.execute(select(official_answers.c.owner).distinct())
            names = [word for brand in brands.scalars() for word in brand.lower().split()]
            addresses = [address for rows in (emails, owners) for address in rows.scalars() if address]
        return frozenset([*names, *(_read_domain(address) for address in addresses)])

    def _list(self, where: ColumnElement[bool]) -> tuple[OfficialAnswer, ...]:
        query = select(official_answers).where(where).order_by(official_answers.c.added_at)
        with self._database.read() as connection:
            return tuple(_read_row(row) for row in connection.execute(query))


def dump_evidence(evidence: OfficialEvidence) -> dict[str, Any]:
    """JSON-ready, as stored."""
    return {
        "document_id": evidence.document_id,
        "revision": evidence.revision,
        "sentence": evidence.sentence,
        "ordinal": evidence.ordinal,
    }


def _read_row(row: Row[Any]) -> OfficialAnswer:
    return OfficialAnswer(
        answer_id=row.answer_id,
        questions=tuple(row.questions),
        text=row.text,
        evidence=tuple(_read_evidence(one) for one in row.evidence),
        brand=row.brand,
        until=row.valid_until,
        owner=row.owner,
        added_at=row.added_at,
        retired_at=row.retired_at,
    )


def _read_evidence(stored: Mapping[str, Any]) -> OfficialEvidence:
    return OfficialEvidence(
        stored["document_id"], stored["revision"], stored["sentence"], stored.get("ordinal", 0)
    )


def _read_domain(address: str) -> str:
    """`pelmarrow` of `anna@mail.pelmarrow.example`."""
    labels = address.rpartition("@")[2].lower().split(".")
    return labels[-2] if len(labels) > 1 else labels[0]
