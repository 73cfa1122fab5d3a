"""Questions, answers and receipts for tests: made by hand, without the answer walk."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.access import Person
from core.answers import Answer, Claim, Evidence, Milliseconds, Mode, Question, RejectedClaim, Trace
from core.clock import Clock
from core.database import Database
from core.receipts import Receipts

DAY = date(2026, 3, 3)
MARA = Person("mara@pelmarrow.example", role="reader")
RHYS = Person("rhys@pelmarrow.example", role="reader")
TEAL, AMBER = "Our main colour is Marrow Teal.", "“Amber” ist für Überschriften – 日本 🎺."
UNTIMED = Milliseconds(search=0.0, model=0.0, verify=0.0, total=0.0)
INDEX = "words:512-dimensions:cutter-2"
TRACE = Trace(
    understood_as="Which teal may posters carry?",
    steps=("searched", "asked the model", "checked"),
    prompt_hash="ab" * 32,
    offered=("doc-1:1:0:0", "doc-1:1:0:1"),
    rejected=(RejectedClaim("It is magenta.", ("doc-1:1:0:0",), ("names", "overlap")),),
    parameters=(("temperature", "0"), ("thinking", "false")),
)


def ask(text: str = "Which teal?", *, asker: Person = MARA, conversation: str = "") -> Question:
    return Question(text, asker, DAY, brand="Tallow", conversation=conversation)


def cite(sentence: str, *, document_id: str = "doc-1", revision: int = 1, place: int = 0) -> Evidence:
    return Evidence(
        sentence_id=f"{document_id}:{revision}:0:{place}",
        document_id=document_id,
        revision=revision,
        source="kit",
        path=f"{document_id}.md",
        title="Brand guide",
        heading="Colour",
        page=None,
        url=None,
        sentence=sentence,
        status="approved",
        updated=None,
    )


def say(*sentences: str, mode: Mode = "passages", text: str | None = None, trace: Trace = TRACE) -> Answer:
    """An answer of stored sentences, or (`text`) one claim in other words that cites them all."""
    evidence = tuple(cite(sentence, place=place) for place, sentence in enumerate(sentences))
    claims = [Claim(one.sentence, (one,)) for one in evidence] if text is None else [Claim(text, evidence)]
    answer = Answer("answered" if sentences else "not_found", mode, tuple(claims), UNTIMED, trace=trace)
    return replace(answer, model="served-model" if mode == "model" else None)


def cite_document(answer: Answer, document_id: str, revision: int = 1) -> Answer:
    """The same answer, all of it from one document."""
    claims = tuple(
        replace(
            claim,
            evidence=tuple(
                replace(one, document_id=document_id, revision=revision) for one in claim.evidence
            ),
        )
        for claim in answer.claims
    )
    return replace(answer, claims=claims)


def keep(
    database: Database, clock: Clock, question: Question | None = None, answer: Answer | None = None
) -> str:
    """One receipt, kept as the product keeps it; gives its id."""
    receipts = Receipts(database, clock)
    shown = answer or say(TEAL, AMBER)
    return receipts.keep(question or ask(), shown, index_fingerprint=INDEX, passed=("numbers", "overlap"))


def keep_many(database: Database, clock: Clock, number: int) -> list[str]:
    """Receipts of all kinds: in stored sentences, in the model's words, and of nothing found."""
    kinds = (say(TEAL, AMBER), say(TEAL, AMBER, mode="model", text="Teal is the main colour."), say())
    return [
        keep(database, clock, ask(f"Question {index}?", conversation=f"thread {index % 3}"), kinds[index % 3])
        for index in range(number)
    ]


@dataclass(frozen=True)
class PastClock(Clock):
    """A clock that is so many days late: what is kept by it is old."""

    days: float = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) - timedelta(days=self.days)


def keep_past(database: Database, days: float, question: Question | None = None) -> str:
    """A receipt that is so many days old; gives its id."""
    return keep(database, PastClock(ZoneInfo("UTC"), days=days), question)
