"""What a receipt holds of an answer: built from it, written as canonical JSON, read back. Pure; for core/receipts.py.

No name and no word of the asker stands in it, only salted hashes: it is covered by the chain and never changed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Self

from core.answers import Answer, Claim, Evidence, Mode, Question, RejectedClaim, Ruling, Verdict
from core.documents import Classification, Status

VERSION = 1
SHOWN_TO_ASKER = ("provenance", "access")
"""Checks that everything shown has passed: it was offered, and its asker might read it when it was posted."""


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """One stored sentence as it was cited. `sentence_hash` is the SHA-256 of its UTF-8 bytes."""

    sentence_id: str
    sentence: str
    sentence_hash: str
    document_id: str
    revision: int
    source: str
    path: str
    title: str
    heading: str
    page: int | None
    url: str | None
    status: Status
    classification: Classification

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        """The evidence without what only a citation on a screen shows."""
        sentence = as_storable(evidence.sentence)
        return cls(
            evidence.sentence_id,
            sentence,
            hash_sentence(sentence),
            evidence.document_id,
            evidence.revision,
            evidence.source,
            evidence.path,
            evidence.title,
            evidence.heading,
            evidence.page,
            evidence.url,
            evidence.status,
            evidence.classification,
        )

    def as_evidence(self) -> Evidence:
        """Back again; when the source last changed it is not kept."""
        values = {name: value for name, value in asdict(self).items() if name != "sentence_hash"}
        return Evidence(**values, updated=None)


@dataclass(frozen=True, slots=True)
class ReceiptClaim:
    """A claim that was shown, with its sentences and the names of the checks that it passed."""

    text: str
    evidence: tuple[CitedSentence, ...]
    checks: tuple[str, ...]

    def as_claim(self) -> Claim:
        """As it stood in the answer."""
        return Claim(self.text, tuple(one.as_evidence() for one in self.evidence))


@dataclass(frozen=True, slots=True)
class TextHashes:
    """Salted hashes of the texts beside the body; None where there was no such text."""

    question: str
    understood: str | None
    asker: str
    conversation: str | None


@dataclass(frozen=True, slots=True)
class ReceiptBody:
    """Everything about one answer but names and words of its asker.

    `offered` and `nearest` are ids of sentences, `index` the fingerprint of the index that was searched.
    """

    version: int
    hashes: TextHashes
    day: str
    brand: str | None
    verdict: Verdict
    ruling: Ruling | None
    mode: Mode
    why: str
    official: str | None
    model: str | None
    parameters: tuple[tuple[str, str], ...]
    prompt_hash: str | None
    offered: tuple[str, ...]
    index: str
    steps: tuple[str, ...]
    claims: tuple[ReceiptClaim, ...]
    rejected: tuple[RejectedClaim, ...]
    nearest: tuple[str, ...]

    def list_cited(self) -> tuple[tuple[str, int], ...]:
        """Every cited document with its revision, once, in order of id."""
        cited = {(one.document_id, one.revision) for claim in self.claims for one in claim.evidence}
        return tuple(sorted(cited))


def build_body(
    question: Question, answer: Answer, *, hashes: TextHashes, index: str, passed: Sequence[str] = ()
) -> ReceiptBody:
    """The body of an answer's receipt. `passed` names the checks that every claim in the model's words has passed."""
    trace = answer.trace
    return ReceiptBody(
        version=VERSION,
        hashes=hashes,
        day=question.on.isoformat(),
        brand=question.brand,
        verdict=answer.verdict,
        ruling=answer.ruling,
        mode=answer.mode,
        why=answer.why,
        official=answer.official.answer_id if answer.official else None,
        model=answer.model,
        parameters=trace.parameters,
        prompt_hash=trace.prompt_hash,
        offered=trace.offered,
        index=index,
        steps=trace.steps,
        claims=tuple(_keep_claim(claim, answer, passed) for claim in answer.claims),
        rejected=trace.rejected,
        nearest=tuple(one.sentence_id for one in answer.nearest),
    )


def write_body(body: ReceiptBody) -> str:
    """Canonical JSON: keys sorted, nothing between, letters as they are."""
    text = json.dumps(asdict(body), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return as_storable(text)


def read_body(text: str) -> ReceiptBody | None:
    """The inverse of write_body; None when somebody has made of it what cannot be read."""
    try:
        stored = json.loads(text)
        return ReceiptBody(
            **{
                **stored,
                "hashes": TextHashes(**stored["hashes"]),
                "parameters": tuple((str(name), str(value)) for name, value in stored["parameters"]),
                "claims": tuple(_read_claim(one) for one in stored["claims"]),
                "rejected": tuple(_read_rejected(one) for one in stored["rejected"]),
                **{name: tuple(map(str, stored[name])) for name in ("offered", "steps", "nearest")},
            }
        )
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return None


def hash_sentence(sentence: str) -> str:
    """SHA-256 of its bytes."""
    return sha256(sentence.encode()).hexdigest()


def hash_text(text: str, salt: str) -> str:
    """Salted, so that nobody finds out by guessing what was asked once the salt is gone."""
    return sha256(f"{salt}{text}".encode()).hexdigest()


def as_storable(text: str) -> str:
    """The text without what no database takes: half characters and NUL."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _keep_claim(claim: Claim, answer: Answer, passed: Sequence[str]) -> ReceiptClaim:
    evidence = tuple(CitedSentence.of(one) for one in claim.evidence)
    text = as_storable(claim.text)
    own: Sequence[str] = passed if answer.mode == "model" else ()
    if answer.official is not None:
        own = ("official_text",)
    elif text in [one.sentence for one in evidence]:
        own = ("stored_sentence",)
    return ReceiptClaim(text, evidence, (*SHOWN_TO_ASKER, *own))


def _read_claim(stored: Mapping[str, Any]) -> ReceiptClaim:
    evidence = tuple(
        CitedSentence(**{**one, "sentence": str(one["sentence"]), "revision": int(one["revision"])})
        for one in stored["evidence"]
    )
    return ReceiptClaim(str(stored["text"]), evidence, tuple(map(str, stored["checks"])))


def _read_rejected(stored: Mapping[str, Any]) -> RejectedClaim:
    ids, failed = tuple(map(str, stored["sentence_ids"])), tuple(map(str, stored["failed"]))
    return RejectedClaim(str(stored["text"]), ids, failed)
