"""Promises of bot/answer/conflict.py and of how the walk shows it: both sides, newest first, nobody judged."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.answer.conflict import find_conflict
from bot.answer.evidence import list_evidence
from bot.answer.pipeline import AnswerPipeline
from bot.answer.why import CONFLICT_FOUND
from core.access import OPEN_TO_ALL, AccessList
from core.answers import Answer, Evidence
from core.documents import Status
from core.llm import ChatModel, Prompt
from index.search import FoundPassage
from tests.fakes.answer_world import WordEmbedder, WorldSearch, ask, build_found
from tests.fakes.scripted_model import ScriptedModel, find_id, write_answer

OLD, NEW = "Keep 24 mm of clear space around the logo.", "Keep 30 mm of clear space around the logo."
QUESTION = "how much clear space around the logo"


def cite(sentence: str, document_id: str, *, updated: datetime | None = None) -> Evidence:
    (evidence,) = list_evidence(build_found(sentence, document_id=document_id))
    return replace(evidence, updated=updated)


def say(one: str, other: str) -> bool:
    """Do these sentences of two documents contradict each other, in whichever order?"""
    cited = [cite(one, "doc-1"), cite(other, "doc-2")]
    found = [find_conflict(cited) is not None, find_conflict(cited[::-1]) is not None]
    assert found[0] == found[1], "a conflict has no direction"
    return found[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (OLD, NEW),
        ("The trial runs for 14 days after sign-up.", "The trial runs for 30 days after sign-up."),
        ("Support answers within 4 hours on weekdays.", "Support answers within 8 hours on weekdays."),
        ("Halten Sie 24 mm Abstand um das Logo.", "Halten Sie 30 mm Abstand um das Logo."),
        ("The teal logo may be used on dark photos.", "The teal logo must not be used on dark photos."),
    ],
)
def test_another_number_or_the_opposite_rule_is_a_conflict(one: str, other: str) -> None:
    assert say(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (OLD, "Leave 24 mm of clear space around the logo."),
        (OLD, "The logo is teal."),
        (OLD, "Keep 30 characters in every headline of a page."),
        ("The contract of Norbeck saved 24 hours.", "The contract of Kessamo saved 30 hours."),
        ("CTA: Start trial · Page: Pricing · Days: 14", "CTA: Start trial · Page: Pricing · Days: 30"),
    ],
    ids=["same number", "other subject", "another measure", "other names", "rows of a table"],
)
def test_what_speaks_of_something_else_is_no_conflict(one: str, other: str) -> None:
    assert not say(one, other)


def test_one_document_does_not_contradict_itself() -> None:
    assert find_conflict([cite(OLD, "doc-1"), cite(NEW, "doc-1")]) is None
    assert find_conflict([]) is None


@pytest.mark.parametrize("order", [1, -1])
def test_newer_side_stands_first_and_what_has_no_date_last(order: int) -> None:
    march, may = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    for first, second in ((may, march), (march, None)):
        sides = [cite(NEW, "doc-2", updated=first), cite(OLD, "doc-1", updated=second)]
        found = find_conflict(sides[::order])
        assert found is not None
        assert [one.document_id for one in found] == ["doc-2", "doc-1"]


def build_side(
    sentence: str, document_id: str, owner: str, *, month: int, access: AccessList = OPEN_TO_ALL
) -> FoundPassage:
    found = build_found(sentence, document_id=document_id, access=access)
    document = replace(found.document, owner=owner, updated=datetime(2026, month, 1, tzinfo=UTC))
    return replace(found, document=document)


def build_sides() -> WorldSearch:
    return WorldSearch(
        [build_side(OLD, "doc-1", "mara", month=3), build_side(NEW, "doc-2", "jonas", month=5)]
    )


def cite_both(prompt: Prompt, _schema: Mapping[str, Any]) -> dict[str, Any]:
    claims = [{"text": one, "ids": [find_id(prompt, one)]} for one in (OLD, NEW)]
    return write_answer(*claims, ruling="allowed")


def run(search: WorldSearch, model: ChatModel | None, question: str = QUESTION) -> Answer:
    *_, answer = AnswerPipeline(search=search, model=model, embedder=WordEmbedder()).answer(ask(question))
    assert isinstance(answer, Answer)
    return answer


@pytest.mark.parametrize("model", [None, ScriptedModel(cite_both)], ids=["passages", "model"])
def test_conflict_shows_both_stored_sentences_with_owner_and_date_newest_first(
    model: ChatModel | None,
) -> None:
    answer = run(build_sides(), model, f"may we {QUESTION}")
    assert (answer.verdict, answer.mode, answer.why) == ("conflict", "passages", CONFLICT_FOUND)
    assert answer.ruling is None, "nobody is judged"
    assert [claim.text for claim in answer.claims] == [NEW, OLD]
    shown = [(one.owner, one.updated) for claim in answer.claims for one in claim.evidence]
    assert shown == [("jonas", datetime(2026, 5, 1, tzinfo=UTC)), ("mara", datetime(2026, 3, 1, tzinfo=UTC))]
    assert "conflict" in answer.trace.steps


@pytest.mark.parametrize("gone", [0, 1])
def test_with_one_side_gone_the_other_stands_alone(gone: int) -> None:
    search = build_sides()
    conflict = run(search, None)
    del search.passages[gone]
    again = AnswerPipeline(search=search, model=None, embedder=WordEmbedder()).recheck(
        ask(QUESTION), conflict
    )
    assert (again.verdict, again.mode, again.why) == ("answered", "passages", "")
    assert [claim.text for claim in again.claims] == [[NEW, OLD][gone]]


def test_with_both_sides_gone_nothing_is_left() -> None:
    search = build_sides()
    conflict = run(search, None)
    search.passages.clear()
    again = AnswerPipeline(search=search, model=None, embedder=WordEmbedder()).recheck(
        ask(QUESTION), conflict
    )
    assert (again.verdict, again.claims) == ("not_found", ())


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_side_that_is_not_approved_makes_no_conflict(status: Status) -> None:
    search = build_sides()
    document = search.passages[1].document
    search.passages[1] = replace(
        search.passages[1], document=replace(document, facts=replace(document.facts, status=status))
    )
    answer = run(search, None)
    assert (answer.verdict, [claim.text for claim in answer.claims]) == ("answered", [OLD])


def test_side_that_the_asker_may_not_read_makes_no_conflict() -> None:
    search = build_sides()
    secret = AccessList((frozenset({"group:sales"}),))
    search.passages[1] = build_side(NEW, "doc-2", "jonas", month=5, access=secret)
    answer = run(search, None)
    assert (answer.verdict, [claim.text for claim in answer.claims]) == ("answered", [OLD])
