"""What travels from source to index: documents, their facts, passages and sentences. Frozen, no behaviour of I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Literal

from core.access import AccessList

Kind = Literal["brand_guide", "messaging", "battlecard", "case_study", "campaign_brief", "asset", "other"]
KINDS: tuple[Kind, ...] = (
    "brand_guide",
    "messaging",
    "battlecard",
    "case_study",
    "campaign_brief",
    "asset",
    "other",
)
Status = Literal["draft", "approved", "retired"]
STATUSES: tuple[Status, ...] = ("draft", "approved", "retired")
Classification = Literal["quote", "link_only", "never"]
CLASSIFICATIONS: tuple[Classification, ...] = ("quote", "link_only", "never")
OnChange = Literal["keep_approved", "hold", "auto_approve"]
ON_CHANGE: tuple[OnChange, ...] = ("keep_approved", "hold", "auto_approve")

CUTTER_VERSION = "2"
"""Raised whenever ingest/chunk.py cuts the same document differently or puts other text before a passage that is
embedded: an index is of one cutter, and files are read again.
"""

HIDDEN_TEXT = "hidden_text"
"""Key among what a source declares of a document: characters that were left out because no reader could see them."""

BlockKind = Literal["heading", "paragraph", "list_item", "table_row", "code", "note"]


@dataclass(frozen=True, slots=True)
class Block:
    """One structural piece of a document. `level`: 1–6 of a heading, depth (from 1) of a list item, else 0.

    A table row reads `Header: value · Header: value`. `page` counts pages or slides from 1. `note` is a speaker's note.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """What a parser gives. `metadata` is the file's own front matter, unchecked. `part` names a row of a sheet.

    `hidden` counts characters of text that was left out because no reader of the file could see it.
    """

    blocks: tuple[Block, ...]
    title: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    part: str = ""
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """Offsets of one sentence in its passage's text: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """What is indexed and retrieved. `section` numbers the heading-bounded section it was cut from."""

    ordinal: int
    text: str
    sentences: tuple[Sentence, ...]
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    section: int = 0

    def sentence_texts(self) -> tuple[str, ...]:
        """The stored bytes of each sentence, in order."""
        return tuple(self.text[sentence.start : sentence.end] for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Validity:
    """Days in the company's time zone, both inclusive; None is open."""

    valid_from: date | None = None
    valid_until: date | None = None

    def contains(self, day: date) -> bool:
        """True when `day` lies inside both ends."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether a document may answer. The index carries a copy; the ledger holds the truth."""

    status: Status
    access: AccessList
    validity: Validity = Validity()
    kind: Kind = "other"
    brand: str | None = None

    def digest(self) -> str:
        """Short stable hash, so that index and ledger are compared in one glance."""
        clauses = [sorted(clause) for clause in self.access.clauses]
        parts = (
            self.status,
            clauses,
            self.validity.valid_from,
            self.validity.valid_until,
            self.kind,
            self.brand,
        )
        return sha256(repr(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class AnsweringDocument:
    """The ledger's word on one document: the revision that answers, and what a citation shows of it."""

    document_id: str
    revision: int
    source: str
    path: str
    title: str
    facts: Facts
    url: str | None = None
    owner: str | None = None
    classification: Classification = "quote"
    updated: datetime | None = None
    newer_draft: bool = False
    is_settled: bool = True
    """False while the index still carries older facts: the document is silent until it has caught up."""
    review_by: date | None = None

    def is_overdue(self, on: date) -> bool:
        """True when it should have been reviewed before `on`."""
        return self.review_by is not None and self.review_by < on
