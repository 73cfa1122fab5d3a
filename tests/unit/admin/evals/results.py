"""Hand-made questions and findings whose scores are known. Used by the tests beside it."""

import json
from typing import Any

from admin.evals.as_json import score_as_json
from admin.evals.questions import EvalQuestion, Gold
from admin.evals.score_retrieval import Retrieved, RetrievedText, score_retrieval

RULE = "Headings are written in sentence case and never end in a full stop."


def build_line(**changed: Any) -> str:
    """One line of a questions file; a field given as None is left out."""
    fields = {
        "id": "Q1",
        "question": "title case?",
        "type": "guideline",
        "gold": [{"path": "guide.md", "snippet": RULE}],
        "answer": "Sentence case.",
        "must_contain": ["sentence case|sentence-case"],
        "must_not_contain": [],
        **changed,
    }
    return json.dumps({name: value for name, value in fields.items() if value is not None})


def build_question(question_id: str = "Q1", kind: str = "guideline", *, gold: bool = True) -> EvalQuestion:
    """A question whose gold is RULE in guide.md, or one that cannot be answered."""
    golds = (Gold("guide.md", RULE, ("copy.md",)),) if gold else ()
    return EvalQuestion(question_id, f"{question_id}?", kind, golds, "Sentence case.")


def build_retrieved(*passages: tuple[str, str], context: bool = True) -> Retrieved:
    """(path, text) of each passage, best first; the context holds them all, or nothing."""
    texts = tuple(RetrievedText(path, "Style", text) for path, text in passages)
    return Retrieved(texts, texts if context else ())


def build_result(*, type_name: str = "guideline", came: str = "Our colour is teal.") -> dict[str, Any]:
    """The JSON of two questions: one found, one missed."""
    retrieved = {
        "Q1": build_retrieved(("guide.md", RULE)),
        "Q2": build_retrieved(("other.md", came)),
    }
    questions = [build_question("Q1"), build_question("Q2", type_name), build_question("Q3", gold=False)]
    score = score_retrieval(questions, lambda question: retrieved[question.question_id])
    return {"asker": "local owner", "on": "2026-10-15", "brand": None, **score_as_json(score)}
