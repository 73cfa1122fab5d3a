"""`receipt show` and `receipt verify`."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from admin.world import World
from bot.answer.receipt_replay import list_unproved
from core.access import Person, may_read
from core.acts import AUDITORS, CURATORS
from core.chain import ChainPoint
from core.chain_walk import MOST_PROBLEMS
from core.errors import NotAllowed, UsageError
from core.local_socket import Report
from core.receipt_body import CitedSentence, ReceiptBody
from core.receipt_rows import Receipt, list_problems
from core.stored_text import unpack_document

READERS = AUDITORS | CURATORS
WITHHELD = "(withheld: you may not read its document now)"
TEXTS_AT_ONCE = 256


def show_receipt(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """One receipt with its claims and what proves them."""
    by = world.identify(arguments.get("as"))
    receipt = find_receipt(world, str(arguments["receipt"]), by)
    shown = {
        **asdict(receipt),
        "at": receipt.at.isoformat(),
        "day": receipt.day.isoformat(),
        "cited": [asdict(one) for one in receipt.cited],
    }
    for name in ("question_salt", "asker_salt", "body"):
        del shown[name]
    if receipt.body is None:
        return {**shown, "unreadable": True}
    body = asdict(receipt.body)
    if not may_see_all(by, receipt):
        _withhold(world, by, receipt.body, body)
    return {**body, **shown}


def verify_receipts(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """One receipt, or without `receipt` all of them: their chain, texts, sentences and claims.

    Notes are no failures: they say which document has changed since.
    """
    by = world.identify(arguments.get("as"))
    findings = _Findings(world)
    if arguments.get("receipt"):
        receipt = find_receipt(world, str(arguments["receipt"]), by)
        for problem in world.answering.receipts.list_link_problems(receipt):
            findings.complain(receipt.number, receipt.receipt_id, problem)
        findings.inspect(receipt)
        return findings.as_json()
    if not by.has_role(READERS):
        raise _refuse(by, "verify all receipts")
    noted = ChainPoint.parse(arguments["head"]) if arguments.get("head") else None
    return _verify_all(world, findings, noted)


def find_receipt(world: World, receipt_id: str, by: Person) -> Receipt:
    """One that this person may see: their own, or with a role."""
    found = world.answering.receipts.find(receipt_id)
    if found is None or not (may_see_all(by, found) or found.is_asked_by(by)):
        raise UsageError(
            f"no receipt {receipt_id!r} that {by.label()} may see; its id stands with the answer, "
            "for example r-0123456789"
        )
    return found


def may_see_all(person: Person, receipt: Receipt) -> bool:
    """Auditors, admins and curators, of a brand for the questions about it."""
    return person.has_role(READERS, brand=receipt.body.brand if receipt.body else None)


class _Findings:
    """What is wrong with which receipt, and what has changed since it was kept."""

    def __init__(self, world: World) -> None:
        self.problems: list[dict[str, Any]] = []
        self.found = self.receipts = self.noted = 0
        self._notes: list[dict[str, Any]] = []
        self._world = world
        self._read_texts = lru_cache(TEXTS_AT_ONCE)(self._load_texts)

    def inspect(self, receipt: Receipt) -> None:
        """Everything that can be told of one receipt by itself."""
        self.receipts += 1
        for problem in list_problems(receipt):
            self.complain(receipt.number, receipt.receipt_id, problem)
        if receipt.body is None:
            return
        for problem in list_unproved(receipt.body):
            self.complain(receipt.number, receipt.receipt_id, problem)
        for note in dict.fromkeys(self._list_notes(receipt.body)):
            self.noted += 1
            if self.noted <= MOST_PROBLEMS:
                self._notes.append({"receipt_id": receipt.receipt_id, "note": note})

    def complain(self, number: int, receipt_id: str | None, problem: str) -> None:
        """One more thing is wrong; only the first are listed."""
        self.found += 1
        if self.found <= MOST_PROBLEMS:
            self.problems.append({"number": number, "receipt_id": receipt_id, "problem": problem})

    def as_json(self) -> dict[str, Any]:
        """Counts, then what was found."""
        return {
            "receipts": self.receipts,
            "ok": self.found == 0,
            "found": self.found,
            "problems": self.problems,
            "noted": self.noted,
            "notes": self._notes,
        }

    def _list_notes(self, body: ReceiptBody) -> Iterator[str]:
        for one in (sentence for claim in body.claims for sentence in claim.evidence):
            texts = self._read_texts(one.document_id, one.revision)
            if texts is None:
                yield f"{_name(one)} is no longer in the ledger"
            elif not any(_flatten(one.sentence) in text for text in texts):
                yield f"{_name(one)} does not hold the cited sentence (any more): {one.sentence!r}"

    def _load_texts(self, document_id: str, revision: int) -> tuple[str, ...] | None:
        packed = self._world.ledger.load_parsed(document_id, revision)
        if packed is None:
            return None
        blocks = [_flatten(block.text) for block in unpack_document(packed).blocks]
        return (*blocks, " ".join(blocks))


def _verify_all(world: World, findings: _Findings, noted: ChainPoint | None) -> dict[str, Any]:
    report = world.answering.receipts.verify_chain(noted)
    ids: dict[int, str] = {one.number: "" for one in report.problems}
    for receipt in world.answering.receipts.read_in_order():
        if receipt.number in ids:
            ids[receipt.number] = receipt.receipt_id
        findings.inspect(receipt)
    chain = [
        {"number": one.number, "receipt_id": ids[one.number] or None, "problem": one.problem}
        for one in report.problems
    ]
    found = findings.as_json()
    return {
        **found,
        "receipts": report.rows,
        "head": str(report.head),
        "ok": report.is_ok and found["ok"],
        "found": report.found + findings.found,
        "problems": [*chain, *findings.problems][:MOST_PROBLEMS],
    }


def _withhold(world: World, by: Person, body: ReceiptBody, shown: dict[str, Any]) -> None:
    """Take out what an asker without a role may not read any more, and what was never shown to them."""
    cited = {document_id for document_id, _revision in body.list_cited()}
    now = world.ledger.find_answering(cited)
    readable = {one for one, document in now.items() if may_read(by, document.facts.access)}
    for claim in shown["claims"]:
        if any(one["document_id"] not in readable for one in claim["evidence"]):
            claim["text"] = WITHHELD
        for one in claim["evidence"]:
            if one["document_id"] not in readable:
                one.update(sentence=WITHHELD, title="", heading="", path="", url=None)
    shown["rejected"] = [{**one, "text": WITHHELD} for one in shown["rejected"]]


def _refuse(by: Person, what: str) -> NotAllowed:
    return NotAllowed(
        f"{by.label()} may not {what} (role: {by.role or 'none'}); it takes {' or '.join(sorted(READERS))}"
    )


def _name(one: CitedSentence) -> str:
    return f"revision {one.revision} of {one.source}:{one.path}"


def _flatten(text: str) -> str:
    return " ".join(text.split())
