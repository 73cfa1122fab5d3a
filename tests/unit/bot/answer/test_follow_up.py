"""Promises of bot/answer/follow_up.py: what a follow-up means, by rules, measured on follow_ups.jsonl.

Cases marked `unseen` were written after the rules and never used to change them.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.answer.follow_up import FollowUp, resolve_follow_up
from core.answers import Claim, Turn
from core.clock import Stopwatch
from tests.fakes.bot_process import build_evidence

HERE = Path(__file__).parent
SAMPLES = HERE.parents[3] / "samples" / "questions.jsonl"
CASES = [json.loads(line) for line in (HERE / "follow_ups.jsonl").read_text(encoding="utf-8").splitlines()]
WHOLE_QUESTIONS = 40
POSITIONING = "What is our approved positioning against Vorsquill on data security?"


def build_turn(earlier: str | dict[str, str]) -> Turn:
    if isinstance(earlier, str):
        return Turn(earlier)
    evidence = build_evidence(sentence=earlier["claim"], title=earlier["title"])
    return Turn(earlier["question"], (Claim(earlier["claim"], (evidence,)),))


def resolve(text: str, *earlier: str) -> FollowUp:
    return resolve_follow_up(text, [Turn(one) for one in earlier])


def is_as_expected(case: dict[str, Any]) -> bool:
    found = resolve_follow_up(case["text"], [build_turn(one) for one in case["earlier"]])
    question = found.question.lower()
    return (
        found.wish == case["wish"]
        and found.by == case["by"]
        and all(word.lower() in question for word in case["must"])
        and not any(word.lower() in question for word in case["must_not"])
    )


def list_failures(*, unseen: bool) -> tuple[int, list[str]]:
    cases = [case for case in CASES if case["unseen"] is unseen]
    return len(cases), [case["id"] for case in cases if not is_as_expected(case)]


def read_samples() -> Sequence[str]:
    lines = SAMPLES.read_text(encoding="utf-8").splitlines()[:WHOLE_QUESTIONS]
    return [json.loads(line)["question"] for line in lines]


@pytest.mark.parametrize(("unseen", "fewest", "share"), [(False, 180, 0.90), (True, 60, 0.80)])
def test_follow_ups_resolve_as_people_mean_them(unseen: bool, fewest: int, share: float) -> None:
    total, failed = list_failures(unseen=unseen)
    assert total >= fewest
    assert (total - len(failed)) / total >= share, f"{total - len(failed)} of {total}; not: {failed}"


def test_whole_question_stands_for_itself_after_any_other() -> None:
    questions = read_samples()
    assert len(questions) == WHOLE_QUESTIONS
    for earlier in (questions[-1], POSITIONING, "May partners use our logo in Germany?"):
        assert {text: resolve(text, earlier) for text in questions} == {
            text: FollowUp(text, "answer", "itself") for text in questions
        }


@pytest.mark.parametrize("text", ["and for healthcare?", "why?", "shorter", "source?", "is it approved?"])
def test_without_an_earlier_question_every_text_is_itself(text: str) -> None:
    assert resolve(text) == FollowUp(text, "answer", "itself")
    assert resolve(text, "thanks!") == FollowUp(text, "answer", "itself")


def test_several_turns_build_on_each_other() -> None:
    second = resolve("and against Obrenda?", POSITIONING).question
    third = resolve("and on uptime?", POSITIONING, second).question
    assert third == "What is our approved positioning against Obrenda on uptime?"
    assert resolve("shorter", POSITIONING, second, third) == FollowUp(third, "shorter", "rules")


def test_wish_beside_a_part_is_both() -> None:
    found = resolve("and against Obrenda, in one sentence", POSITIONING)
    assert (found.wish, "Obrenda" in found.question, "Vorsquill" in found.question) == (
        "shorter",
        True,
        False,
    )


def test_pasted_text_is_no_follow_up() -> None:
    text = "and " + "is this sentence good, " * 40
    assert resolve(text, POSITIONING) == FollowUp(text, "answer", "itself")


@pytest.mark.parametrize(
    "text",
    [
        "and " + "a" * 290 + "?",
        "and " + "can it, " * 36,
        "?!" * 140,
        "the one " * 37,
        "a bit " * 49,
        "… " * 149,
    ],
)
def test_no_text_makes_the_rules_slow(text: str) -> None:
    watch = Stopwatch()
    resolve(text, "did " + "they and " * 400 + "in the end?")
    assert watch.milliseconds() < 500
