from datetime import UTC, date, datetime
from typing import Any

from admin.evals.golden import build_golden, write_lines
from admin.evals.judging import judge_answer
from admin.evals.questions import read_questions
from core.access import LOCAL_OWNER
from core.answers import Answer, Question, Trace
from core.receipt_body import TextHashes, build_body
from core.receipt_rows import Receipt
from tests.unit.admin.evals.answers import build_answer, build_claim
from tests.unit.admin.evals.results import RULE

DAY = date(2026, 10, 15)
HASHES = TextHashes(question="", understood=None, asker="", conversation=None)


def build_receipt(answer: Answer, receipt_id: str = "r-1", **values: Any) -> Receipt:
    """The receipt of an answer to `title case?`, asked by somebody whose name is on it."""
    question = Question("title case?", LOCAL_OWNER, DAY, brand="Pelmarrow")
    fields = {
        "question": question.text,
        "understood": "",
        "asker": "mara.ellison@pelmarrow.example",
        **values,
    }
    return Receipt(
        number=1,
        receipt_id=receipt_id,
        at=datetime(2026, 10, 15, tzinfo=UTC),
        question_salt="",
        conversation="",
        asker_salt="",
        day=DAY,
        verdict=answer.verdict,
        mode=answer.mode,
        body=build_body(question, answer, hashes=HASHES, index=""),
        previous_hash="",
        hash="",
        cited=(),
        **fields,
    )


def test_a_receipt_becomes_a_question_whose_cited_sentence_is_the_gold() -> None:
    answer = build_answer(build_claim("Sentence case.", *build_claim(RULE).evidence), ruling="not_allowed")
    written = write_lines(build_golden([build_receipt(answer)]))
    (question,) = read_questions(written)
    assert (question.question_id, question.type, question.on) == ("r-1", "receipt", DAY)
    assert (question.brand, question.ruling, question.answer) == (
        "Pelmarrow",
        "not_allowed",
        "Sentence case.",
    )
    assert judge_answer(question, answer).wrong == ()
    assert "mara.ellison" not in written


def test_a_follow_up_is_kept_as_it_was_understood() -> None:
    answer = build_answer(build_claim(RULE), trace=Trace(understood_as="title case for slides?"))
    receipt = build_receipt(answer, question="and for slides?", understood="title case for slides?")
    assert [one["question"] for one in build_golden([receipt])] == ["title case for slides?"]


def test_abstentions_removed_questions_and_repetitions_are_left_out() -> None:
    answer = build_answer(build_claim(RULE))
    receipts = [
        build_receipt(answer, "newest"),
        build_receipt(answer, "older", question="Title  CASE?"),
        build_receipt(build_answer(), "abstained", question="what does it cost?"),
        build_receipt(answer, "removed", question=""),
    ]
    assert [one["id"] for one in build_golden(receipts)] == ["newest"]
