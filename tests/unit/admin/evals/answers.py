"""Hand-made questions and answers whose judgement is known. Used by the tests beside it."""

from typing import Any

from admin.evals.questions import EvalQuestion, Gold
from core.answers import Answer, Claim, Evidence, Milliseconds
from tests.unit.admin.evals.results import RULE

TIMES = Milliseconds(search=5.0, model=0.0, verify=1.0, total=6.0)
QUOTE = "We planned for a quarter and went live in 23 days."


def build_evidence(sentence: str = RULE, path: str = "guide.md", heading: str = "Style") -> Evidence:
    """A cited sentence of an approved document."""
    return Evidence(
        sentence_id=f"{path}:1:0:0",
        document_id=path,
        revision=1,
        source="folder",
        path=path,
        title="Guide",
        heading=heading,
        page=None,
        url=None,
        sentence=sentence,
        status="approved",
        updated=None,
    )


def build_claim(text: str, *evidence: Evidence) -> Claim:
    """A claim; without evidence it proves itself out of guide.md."""
    return Claim(text, evidence or (build_evidence(text),))


def build_answer(*claims: Claim, **values: Any) -> Answer:
    """An answer in passages mode; without claims it is an abstention."""
    fields = {"verdict": "answered" if claims else "not_found", "mode": "passages", **values}
    return Answer(claims=claims, milliseconds=fields.pop("milliseconds", TIMES), **fields)


def ask_for(*gold: Gold, **values: Any) -> EvalQuestion:
    """A question with this gold; without any it cannot be answered."""
    fields = {"question_id": "Q1", "text": "title case?", "type": "guideline", "answer": "", **values}
    return EvalQuestion(gold=gold, **fields)


GOLD = Gold("guide.md", RULE, ("copy.md",))
