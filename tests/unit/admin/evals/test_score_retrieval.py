import pytest

from admin.evals.as_json import score_as_json
from admin.evals.score_retrieval import Retrieved, RetrievedText, score_question, score_retrieval
from tests.unit.admin.evals.results import RULE, build_question, build_result, build_retrieved

OTHER = ("other.md", "Our colour is teal.")


def test_document_and_passage_have_ranks_of_their_own() -> None:
    found = build_retrieved(OTHER, ("guide.md", "Our colour is teal."), OTHER, ("guide.md", RULE))
    score = score_question(build_question(), found)
    assert (score.document_rank, score.passage_rank, score.in_context) == (2, 4, True)
    assert not score.is_miss


def test_another_document_that_holds_the_gold_too_counts() -> None:
    score = score_question(build_question(), build_retrieved(("copy.md", RULE)))
    assert (score.document_rank, score.passage_rank) == (1, 1)


@pytest.mark.parametrize(
    ("place", "context", "is_miss"), [(5, True, False), (6, True, True), (1, False, True)]
)
def test_miss_is_what_is_not_among_five_passages_or_not_in_the_context(
    place: int, context: bool, is_miss: bool
) -> None:
    found = build_retrieved(*[OTHER] * (place - 1), ("guide.md", RULE), context=context)
    assert score_question(build_question(), found).is_miss == is_miss


def test_gold_that_spans_two_pieces_of_one_document_is_in_the_context() -> None:
    halves = RULE.split(" and ")
    pieces = (
        RetrievedText("guide.md", "", halves[0]),
        RetrievedText("other.md", "", "Our colour is teal."),
        RetrievedText("guide.md", "", f"and {halves[1]}"),
    )
    assert score_question(build_question(), Retrieved((), pieces)).in_context
    assert not score_question(build_question(), Retrieved((), pieces[:2])).in_context


def test_figures_are_those_counted_by_hand() -> None:
    found = {
        "first": build_retrieved(("guide.md", RULE)),
        "fourth": build_retrieved(OTHER, OTHER, ("guide.md", "Colours."), ("guide.md", RULE)),
        "nowhere": build_retrieved(OTHER, context=False),
    }
    questions = [
        build_question("first", "guideline"),
        build_question("fourth", "quote"),
        build_question("nowhere", "quote"),
        build_question("no gold", "unanswerable", gold=False),
    ]
    score = score_retrieval(questions, lambda question: found[question.question_id])
    everything, guideline, quote = score.groups
    assert [group.type for group in score.groups] == ["all", "guideline", "quote"]
    assert [group.questions for group in score.groups] == [3, 1, 2]
    assert score.unanswerable == 1
    assert [everything.passage_hit[k].value for k in (1, 3, 5, 10)] == pytest.approx(
        [1 / 3, 1 / 3, 2 / 3, 2 / 3]
    )
    assert [everything.document_hit[k].value for k in (1, 3)] == pytest.approx([1 / 3, 2 / 3])
    assert everything.passage_mrr.value == pytest.approx((1 + 1 / 4) / 3)
    assert everything.document_mrr.value == pytest.approx((1 + 1 / 3) / 3)
    assert everything.context_hit.value == pytest.approx(2 / 3)
    assert (guideline.passage_hit[1].value, quote.passage_hit[1].value) == (1, 0)
    assert [miss.question.question_id for miss in score.misses] == ["nowhere"]


def test_only_unanswerable_questions_give_no_figures_and_no_failure() -> None:
    score = score_retrieval([build_question(gold=False)], lambda _question: build_retrieved())
    assert (score.groups[0].questions, score.unanswerable, score.misses) == (0, 1, ())
    assert score_as_json(score)["groups"][0]["passage_hit"]["5"] == {"value": 0.0, "low": 0.0, "high": 1.0}


def test_json_says_of_a_miss_what_came_instead() -> None:
    (miss,) = build_result()["misses"]
    assert (miss["id"], miss["passage_rank"], miss["gold"]) == (
        "Q2",
        None,
        [{"path": "guide.md", "snippet": RULE}],
    )
    assert miss["instead"] == [
        {"rank": 1, "path": "other.md", "heading": "Style", "text": "Our colour is teal."}
    ]
