"""What travels from a question to its answer: made by bot/answer, shown by Slack and the command line."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from core.access import Person
from core.documents import Classification, Status

Verdict = Literal["answered", "partial", "conflict", "not_found"]
Ruling = Literal["allowed", "not_allowed", "conditional"]
Mode = Literal["model", "passages"]
Stage = Literal["searching", "reading", "writing", "checking"]


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the same conversation as it was understood, and the claims of its answer."""

    question: str
    claims: tuple["Claim", ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question of one asker, as of one day. `use_model=False` asks for passages only.

    `earlier` are the turns before it, oldest first; `conversation` names where it was asked (a Slack thread).
    """

    text: str
    asker: Person
    on: date
    brand: str | None = None
    thinking: bool = False
    use_model: bool = True
    is_recorded: bool = True
    """False for measuring and batches: a question without an answer is no gap then."""
    earlier: tuple[Turn, ...] = ()
    conversation: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One stored sentence and where it stands. `sentence` is byte for byte the stored text.

    `sentence_id` is `document:revision:passage:sentence`; `updated` is the source's own time of last change.
    """

    sentence_id: str
    document_id: str
    revision: int
    source: str
    path: str
    title: str
    heading: str
    page: int | None
    url: str | None
    sentence: str
    status: Status
    updated: datetime | None
    owner: str | None = None
    classification: Classification = "quote"
    newer_draft: bool = False
    is_overdue: bool = False
    """True when the document should have been reviewed before the day of the question."""
    valid_from: date | None = None
    valid_until: date | None = None
    """The days on which it may be used, both inclusive; None is open."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the answer and the stored sentences that prove it (at least one)."""

    text: str
    evidence: tuple[Evidence, ...]
    speaker: str = ""
    """Of a verbatim quotation: who said it, with role and company as the source has them."""


@dataclass(frozen=True, slots=True)
class RejectedClaim:
    """A claim of the model that was not shown, and the names of the checks that it failed."""

    text: str
    sentence_ids: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """How an answer came about: kept in its receipt, never shown with it.

    `understood_as` is the question that was searched for; `steps` the way it went, in order; `offered` the ids of
    all sentences in the prompt; `parameters` what the model was asked with.
    """

    understood_as: str = ""
    steps: tuple[str, ...] = ()
    prompt_hash: str | None = None
    offered: tuple[str, ...] = ()
    rejected: tuple[RejectedClaim, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Milliseconds:
    """Where the time went; `model` is 0 in passages mode."""

    search: float
    model: float
    verify: float
    total: float


UNTIMED = Milliseconds(search=0.0, model=0.0, verify=0.0, total=0.0)
"""Of a draft: times are read once, when the answer leaves."""


@dataclass(frozen=True, slots=True)
class OfficialRef:
    """Which official answer this is, who answers for it, and the last day on which it is served."""

    answer_id: str
    owner: str | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of every question. `why` says in plain words why it is not more than it is (empty when answered).

    `nearest` are passages shown beside a verdict that carries no claim; `model` is the id the endpoint served.
    With `official`, the one claim is the official text, word for word, in mode `passages`: nothing was generated.
    """

    verdict: Verdict
    mode: Mode
    claims: tuple[Claim, ...]
    milliseconds: Milliseconds
    ruling: Ruling | None = None
    why: str = ""
    nearest: tuple[Evidence, ...] = ()
    model: str | None = None
    receipt_id: str | None = None
    official: OfficialRef | None = None
    trace: Trace = Trace()
    stale: tuple[str, ...] = ()
    """A line for each source that has not been synced within its limit."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done right now, for a status line."""

    stage: Stage
    text: str


AnswerEvent = Progress | Answer
"""`AnswerPipeline.answer` yields any number of Progress, then exactly one Answer."""
