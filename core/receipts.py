"""Receipts: every answer leaves one, hash-chained, so that it can be proved and recalled. Kept by bot/answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, true

from core.answers import Answer, Question, Turn
from core.audit import LONGEST_ACTOR
from core.chain import START, ChainPoint, append_row, read_mark
from core.chain_walk import ChainReport, gives_its_hash, read_batches, verify_chain
from core.clock import Clock
from core.database import Database
from core.errors import PermanentError, UsageError
from core.receipt_body import TextHashes, as_storable, build_body, hash_text, write_body
from core.receipt_rows import RECEIPTS, Receipt, read_receipts
from core.tables import documents, receipt_documents, receipts

LONGEST_CONVERSATION = 200
SALT_BYTES = 16


class ReceiptUnreadable(PermanentError):
    """Somebody wrote into the row of a receipt what cannot be read."""


class Receipts:
    """Keeps receipts and reads them. One instance for one process; from any thread."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def keep(
        self, question: Question, answer: Answer, *, index_fingerprint: str, passed: Sequence[str] = ()
    ) -> str:
        """Append the receipt of an answer; gives its id. `question.on` is the day that was asked about.

        `passed` names the checks that every claim in the model's words has passed.
        """
        texts = _collect_texts(question, answer)
        body = build_body(
            question,
            answer,
            hashes=_hash_texts(texts),
            index=index_fingerprint,
            passed=passed,
        )
        row = {
            **texts,
            "at": self._clock.now(),
            "day": question.on,
            "verdict": answer.verdict,
            "mode": answer.mode,
            "body": write_body(body),
        }
        return self._append(row, body.list_cited())

    def find(self, receipt_id: str) -> Receipt | None:
        """One by its id; raises ReceiptUnreadable."""
        where = receipts.c.receipt_id == receipt_id.strip().lower()
        with self._database.read() as connection:
            rows = [row for batch in read_batches(connection, RECEIPTS, where) for row in batch]
            found = read_receipts(connection, rows)
        if rows and not found:
            raise ReceiptUnreadable(
                f"receipt {receipt_id!r} (row {rows[0]['number']}) cannot be read: it was changed past onbrand. "
                "See `onbrand receipt verify`"
            )
        return found[0] if found else None

    def list_receipts(self, since: datetime | None = None, limit: int | None = None) -> tuple[Receipt, ...]:
        """The newest first; what cannot be read is left out."""
        where = true() if since is None else receipts.c.at >= since
        with self._database.read() as connection:
            return _read_newest(connection, where, limit)

    def read_in_order(self) -> Iterator[Receipt]:
        """Every receipt from the first on, never all at once; what cannot be read is left out."""
        with self._database.read() as connection:
            for rows in read_batches(connection, RECEIPTS):
                yield from read_receipts(connection, rows)

    def list_citing(self, document: str) -> tuple[Receipt, ...]:
        """Answers that cited a document in any revision, the newest first. See find_documents for its name."""
        wanted = self.find_documents(document)
        citing = select(receipt_documents.c.receipt_id).where(receipt_documents.c.document_id.in_(wanted))
        with self._database.read() as connection:
            return _read_newest(connection, receipts.c.receipt_id.in_(citing), None)

    def find_documents(self, word: str) -> tuple[str, ...]:
        """Ids of what is named by id, `source:path` or path, removed documents too (all rows of a sheet share a path).

        Raises UsageError for none, and for one path in several sources.
        """
        with self._database.read() as connection:
            found = _find_documents(connection, word)
        paths = sorted({f"{row['source']}:{row['path']}" for row in found})
        if len(paths) > 1:
            raise UsageError(f"{word!r} names several documents: {', '.join(paths)}; give one of these names")
        if not found:
            raise UsageError(
                f"no document {word!r}, and no answer cited one; "
                "name it by id or path as `onbrand documents list` shows them"
            )
        return tuple(row["document_id"] for row in found)

    def list_turns(self, conversation: str, *, limit: int) -> tuple[Turn, ...]:
        """The last turns of a conversation, the oldest first; those whose question was removed are left out.

        Who asks now may not read what was shown to another asker: check the claims before they are shown again.
        """
        name = _name_conversation(conversation)
        if not name:
            return ()
        with self._database.read() as connection:
            found = _read_newest(connection, receipts.c.conversation == name, limit)
        return tuple(_build_turn(one) for one in reversed(found) if one.understood or one.question)

    def verify_chain(self, noted: ChainPoint | None = None) -> ChainReport:
        """Walk the whole chain and compare its end with the head (and with `noted`)."""
        with self._database.read() as connection:
            return verify_chain(connection, RECEIPTS, noted)

    def list_link_problems(self, receipt: Receipt) -> tuple[str, ...]:
        """What is wrong between one receipt and its neighbours in the chain, and with its own hash."""
        near = receipts.c.number.between(receipt.number - 1, receipt.number + 1)
        with self._database.read() as connection:
            rows = {row["number"]: row for batch in read_batches(connection, RECEIPTS, near) for row in batch}
            anchor = read_mark(connection, RECEIPTS.anchor) or START
            head = read_mark(connection, RECEIPTS.head)
        return tuple(_check_links(receipt.number, rows, anchor=anchor, head=head))

    def _append(self, row: Mapping[str, Any], cited: Sequence[tuple[str, int]]) -> str:
        with self._database.write() as connection:
            receipt_id = _choose_id(connection)
            append_row(connection, RECEIPTS, {**row, "receipt_id": receipt_id})
            if cited:
                values = [
                    {"receipt_id": receipt_id, "document_id": document_id, "revision": revision}
                    for document_id, revision in cited
                ]
                connection.execute(insert(receipt_documents), values)
        return receipt_id


def _collect_texts(question: Question, answer: Answer) -> dict[str, str]:
    """The columns outside the hash. A question that was searched for as it was put is kept once."""
    asked, understood = as_storable(question.text), as_storable(answer.trace.understood_as)
    return {
        "question": asked,
        "understood": understood if understood != asked else "",
        "question_salt": token_hex(SALT_BYTES),
        "asker": as_storable(question.asker.label())[:LONGEST_ACTOR],
        "conversation": _name_conversation(question.conversation),
        "asker_salt": token_hex(SALT_BYTES),
    }


def _hash_texts(texts: Mapping[str, str]) -> TextHashes:
    question_salt, asker_salt = texts["question_salt"], texts["asker_salt"]
    understood, conversation = texts["understood"], texts["conversation"]
    return TextHashes(
        question=hash_text(texts["question"], question_salt),
        understood=hash_text(understood, question_salt) if understood else None,
        asker=hash_text(texts["asker"], asker_salt),
        conversation=hash_text(conversation, asker_salt) if conversation else None,
    )


def _name_conversation(conversation: str) -> str:
    return as_storable(conversation)[:LONGEST_CONVERSATION]


def _choose_id(connection: Connection) -> str:
    while True:
        receipt_id = f"r-{token_hex(5)}"
        taken = select(receipts.c.number).where(receipts.c.receipt_id == receipt_id)
        if connection.execute(taken).first() is None:
            return receipt_id


def _read_newest(
    connection: Connection, where: ColumnElement[bool], limit: int | None
) -> tuple[Receipt, ...]:
    number = receipts.c.number
    if limit is not None:
        oldest = select(number).where(where).order_by(number.desc()).offset(max(limit, 1) - 1).limit(1)
        where = and_(where, number >= func.coalesce(oldest.scalar_subquery(), 0))
    found: list[Receipt] = []
    for batch in read_batches(connection, RECEIPTS, where):
        found.extend(read_receipts(connection, batch))
    return tuple(reversed(found))


def _find_documents(connection: Connection, word: str) -> list[dict[str, str]]:
    columns = documents.c
    named = or_(
        columns.document_id == word, columns.path == word, columns.source + ":" + columns.path == word
    )
    query = select(columns.document_id, columns.source, columns.path).where(named).order_by(columns.part)
    found = [row._asdict() for row in connection.execute(query)]
    if found:
        return found
    # The ledger may have lost it; the answers that cited it have not.
    cited = select(receipt_documents.c.document_id).where(receipt_documents.c.document_id == word).limit(1)
    return [
        {"document_id": one, "source": "", "path": ""} for one in connection.execute(cited).scalars().all()
    ]


def _build_turn(receipt: Receipt) -> Turn:
    claims = tuple(claim.as_claim() for claim in receipt.body.claims) if receipt.body else ()
    return Turn(receipt.understood or receipt.question, claims)


def _check_links(
    number: int, rows: Mapping[int, Mapping[str, Any]], *, anchor: ChainPoint, head: ChainPoint | None
) -> Iterator[str]:
    row, before, after = rows.get(number), rows.get(number - 1), rows.get(number + 1)
    if row is None or not gives_its_hash(RECEIPTS, row):
        yield "its values do not give its hash: they were changed"
        return
    previous = before["hash"] if before else anchor.hash if number == anchor.number + 1 else None
    if row["previous_hash"] != previous:
        yield "does not follow the row before it"
    if after is None and (head is None or head != ChainPoint(number, str(row["hash"]))):
        yield "the row after it is missing" if head and head.number > number else "is not the noted head"
    if after is not None and after["previous_hash"] != row["hash"]:
        yield "the row after it does not follow it"
