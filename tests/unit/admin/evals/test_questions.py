from datetime import date

import pytest

from admin.evals.questions import Gold, read_questions
from core.errors import UsageError
from tests.unit.admin.evals.results import RULE, build_line


def test_every_field_of_a_line_is_read() -> None:
    gold = [{"path": "guide.md", "snippet": RULE, "also_in": ["copy.md"]}]
    line = build_line(gold=gold, **{"as": "mara@pelmarrow.example", "on": "2026-10-15", "brand": "Pelmarrow"})
    (question,) = read_questions(f"\ufeff{line}\n\n")
    assert question.gold == (Gold("guide.md", RULE, ("copy.md",)),)
    assert question.gold[0].paths == {"guide.md", "copy.md"}
    assert (question.asker, question.on, question.brand) == (
        "mara@pelmarrow.example",
        date(2026, 10, 15),
        "Pelmarrow",
    )
    assert question.must_contain == ("sentence case|sentence-case",)


def test_a_question_without_gold_is_read() -> None:
    (question,) = read_questions(build_line(gold=[], type="unanswerable", answer=""))
    assert (question.gold, question.answer) == ((), "")


def test_speaker_and_ruling_are_read_where_they_are_given() -> None:
    gold = {"path": "story.pdf", "snippet": "It went live.", "speaker": "Ingrid Haldorsen"}
    (question,) = read_questions(build_line(gold=[gold], ruling="not_allowed"))
    assert (question.gold[0].speaker, question.ruling) == ("Ingrid Haldorsen", "not_allowed")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{not json", "is not JSON"),
        ("[1]", "is not a JSON object"),
        (build_line(question=" "), "question ' ' is not understood"),
        (build_line(answer=None), "answer None is not understood"),
        (build_line(gold=None), "gold None is not understood"),
        (build_line(gold=["guide.md"]), "a list of objects with path and snippet"),
        (build_line(gold=[{"path": "guide.md"}]), "snippet None is not understood"),
        (build_line(must_contain="case"), "must_contain 'case' is not understood"),
        (build_line(on="15 October"), "allowed: YYYY-MM-DD"),
        (build_line(ruling="perhaps"), "allowed: allowed, not_allowed, conditional"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_by_its_number(line: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_questions(f"{build_line()}\n\n{line}\n")
    assert "line 3: " in str(refused.value)
    assert said in str(refused.value)


def test_all_wrong_lines_are_named_at_once_and_an_id_counts_once() -> None:
    with pytest.raises(
        UsageError, match=r"2 line\(s\).*\n.*line 2: id 'Q1' is taken.*\n.*line 3: is not JSON"
    ):
        read_questions(f"{build_line()}\n{build_line()}\n{{")


def test_a_file_without_questions_is_refused() -> None:
    with pytest.raises(UsageError, match="holds no question"):
        read_questions("\n \n")
