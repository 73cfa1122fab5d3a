"""Promises of bot/answer/quotation_wishes.py: which questions ask for words to copy, and for whose."""

import json
from pathlib import Path

import pytest

from bot.answer.quotation_wishes import QuotationWish, asks_for_quotation
from bot.answer.words import list_content_words

stems = list_content_words
SAMPLES = Path(__file__).parents[4] / "samples"
SAMPLE_WISHES = {"S029", *(f"S0{number}" for number in range(36, 44)), "S073", "U011"}


@pytest.mark.parametrize(
    ("question", "wish"),
    [
        (
            "Find an approved customer quote about implementation time",
            QuotationWish("quote", stems("implementation time")),
        ),
        ("quote from a CFO about contracts", QuotationWish("quote", stems("contracts"), stems("CFO"))),
        ("the Stolzmar quote about savings", QuotationWish("quote", stems("savings"), (), stems("Stolzmar"))),
        ("What did Lunaro say about adoption?", QuotationWish("quote", stems("adoption"), stems("Lunaro"))),
        ("who said the manual was short", QuotationWish("quote", stems("manual short"))),
        ("need a customer saying something about support", QuotationWish("quote", stems("support"))),
        ("can you give me the boilerplate please", QuotationWish("boilerplate")),
        ("50 word boilerplate", QuotationWish("boilerplate", (), (), ("50",))),
        ("what's the disclaimer for future features?", QuotationWish("disclaimer", stems("future features"))),
        ("which disclaimer goes with a survey figure", QuotationWish("disclaimer", stems("survey figure"))),
        ("our tagline, and does it have a full stop", QuotationWish("tagline")),
        ("which claim may we use on keys", QuotationWish("claim", stems("keys"))),
        ("approved claim about uptime", QuotationWish("claim", stems("uptime"))),
    ],
)
def test_question_for_words_to_copy_tells_kind_topic_and_source(question: str, wish: QuotationWish) -> None:
    assert asks_for_quotation(question) == wish


@pytest.mark.parametrize(
    "question",
    [
        "how do we format customer quotes?",
        "double or single quotation marks?",
        "can I use the Kessamo quote",
        "how do I get a quote for the Team plan",
        "may we quote a figure from the survey",
        "what do we say when a prospect likes Mirrivo's assistant",
        "what does the brand guide say about exclamation marks",
        "what does our cookie banner have to say",
        "may I have the tagline translated?",
        "Tagline: keep in English or translate?",
        "who approves a disclaimer",
        "rule for picking customer quotes",
        "can I claim we cut procurement costs by a fifth",
        "minutes saved per developer per day claim?",
        "do we have a mobile app rating I can quote",
        "tone for error messages",
        "",
        "quote about " + "x" * 400,
    ],
)
def test_question_about_such_words_or_with_another_meaning_asks_for_none(question: str) -> None:
    assert asks_for_quotation(question) is None


def test_of_all_sample_questions_only_those_for_words_to_copy_are_read_so() -> None:
    lines = [
        json.loads(line)
        for name in ("questions.jsonl", "unanswerable.jsonl")
        for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()
    ]
    assert {one["id"] for one in lines if asks_for_quotation(one["question"])} == SAMPLE_WISHES
