"""Receipts as stored: their chain, one receipt with the texts beside its body, and whether these are the ones kept.

Used by core/receipts.py, retention and whoever verifies.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from core.access import Person
from core.chain import Chain
from core.receipt_body import ReceiptBody, hash_sentence, hash_text, read_body
from core.tables import receipt_documents, receipts

QUESTION_COLUMNS = ("question", "understood", "question_salt")
ASKER_COLUMNS = ("asker", "conversation", "asker_salt")
"""What is outside the hash. A text goes together with its salt, or the text could be guessed from its hash."""


def hash_receipt(row: Mapping[str, Any]) -> str:
    """Hash of everything but the hash itself and what may be emptied, in a fixed form."""
    outside = ("hash", *QUESTION_COLUMNS, *ASKER_COLUMNS)
    fixed = {name: value for name, value in row.items() if name not in outside}
    fixed["at"] = fixed["at"].astimezone(UTC).isoformat(timespec="microseconds")
    fixed["day"] = fixed["day"].isoformat()
    return sha256(json.dumps(fixed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


RECEIPTS = Chain("receipts", receipts, 7319, hash_receipt)


@dataclass(frozen=True, slots=True)
class CitedRevision:
    """A document in the revision that an answer cited."""

    document_id: str
    revision: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """One answer on record. Texts are empty once retention or erasing has removed them, then their salt is too.

    `body` is None when somebody has changed it so that it cannot be read; `cited` is what `recall` finds it by.
    """

    number: int
    receipt_id: str
    at: datetime
    question: str
    understood: str
    question_salt: str
    asker: str
    conversation: str
    asker_salt: str
    day: date
    verdict: str
    mode: str
    body: ReceiptBody | None
    previous_hash: str
    hash: str
    cited: tuple[CitedRevision, ...]

    def is_asked_by(self, person: Person) -> bool:
        """True when this very person asked, under whichever of their addresses."""
        own = {address.lower() for address in (person.email, *person.aliases) if address}
        return bool(self.asker) and self.asker.lower() in own


def read_receipts(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> tuple[Receipt, ...]:
    """Rows of the table as receipts, in the same order; a row that cannot be read is left out."""
    readable = [row for row in rows if "receipt_id" in row]
    cited = _read_cited(connection, [row["receipt_id"] for row in readable])
    return tuple(
        Receipt(**{**row, "body": read_body(row["body"]), "cited": cited.get(row["receipt_id"], ())})
        for row in readable
    )


def list_problems(receipt: Receipt) -> tuple[str, ...]:
    """What is wrong inside one receipt, without a look at the chain: texts, sentences, what recall goes by."""
    body = receipt.body
    if body is None:
        return ("cannot be read: it was changed",)
    hashes, salt = body.hashes, receipt.question_salt
    texts = (
        _check_text("question", receipt.question, salt, hashes.question),
        _check_text("question as understood", receipt.understood, salt, hashes.understood),
        _check_text("asker", receipt.asker, receipt.asker_salt, hashes.asker),
        _check_text("conversation", receipt.conversation, receipt.asker_salt, hashes.conversation),
    )
    sentences = (
        f"claim {place}: the sentence {one.sentence_id} does not give its hash"
        for place, claim in enumerate(body.claims, start=1)
        for one in claim.evidence
        if hash_sentence(one.sentence) != one.sentence_hash
    )
    recalled = tuple((one.document_id, one.revision) for one in receipt.cited)
    lost = () if recalled == body.list_cited() else ("the documents that recall finds it by were changed",)
    return (*(problem for problem in texts if problem), *sentences, *lost)


def _check_text(name: str, text: str, salt: str, expected: str | None) -> str | None:
    if expected is None:
        return f"it was kept without {name}, and there is one now" if text else None
    if not salt:
        return f"its {name} was removed, and there is one again" if text else None
    return None if hash_text(text, salt) == expected else f"its {name} is not the one that was kept"


def _read_cited(
    connection: Connection, receipt_ids: Iterable[str]
) -> Mapping[str, tuple[CitedRevision, ...]]:
    columns = receipt_documents.c
    query = select(receipt_documents).where(columns.receipt_id.in_(list(receipt_ids)))
    found: dict[str, tuple[CitedRevision, ...]] = {}
    for row in connection.execute(query.order_by(columns.document_id, columns.revision)):
        known = found.get(row.receipt_id, ())
        found[row.receipt_id] = (*known, CitedRevision(row.document_id, row.revision))
    return found
