"""Promises of bot/answer/pipeline.py on follow-ups: what is searched, what is shown, and what takes no part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.answer.evidence import list_evidence
from bot.answer.passages import build_claims
from bot.answer.pipeline import AnswerPipeline
from core.access import AccessList
from core.answers import Answer, Claim, Question, Turn
from core.llm import ChatModel, ModelUnavailable, Prompt
from index.passage_store import Scope
from index.search import Found, FoundPassage
from tests.fakes.answer_world import WordEmbedder, WorldSearch, ask, build_found
from tests.fakes.scripted_model import Reply, ScriptedModel, find_id, write_answer

SPACE = "Keep 24 mm of clear space around the logo."
POSTERS = "On posters keep 60 mm of clear space around the logo on every side."
FIRST = "how much clear space around the logo"
BY_RULES = f"{FIRST} on posters?"
WORDS = ("Printed", "Woven", "Painted", "Carved", "Etched", "Stamped", "Moulded", "Burnt", "Cast", "Sewn")
SALES_ONLY = AccessList((frozenset({"group:sales"}),))


@dataclass
class WatchedSearch(WorldSearch):
    """Keeps what was searched for."""

    searched: list[str] = field(default_factory=list)

    def find_by_any_leg(self, text: str, scope: Scope, *, limit: int = 10) -> Found:
        """As WorldSearch."""
        self.searched.append(text)
        return super().find_by_any_leg(text, scope, limit=limit)


def build_world() -> WatchedSearch:
    return WatchedSearch([build_found(SPACE), build_found(POSTERS, document_id="doc-2")])


def prove(found: FoundPassage) -> tuple[Claim, ...]:
    return build_claims(list_evidence(found))


def follow(text: str, *earlier: Turn, use_model: bool = True) -> Question:
    return replace(ask(text, use_model=use_model), earlier=earlier, conversation="thread-1")


def run(search: WorldSearch, question: Question, model: ChatModel | None = None) -> Answer:
    *_, answer = AnswerPipeline(search=search, model=model, embedder=WordEmbedder()).answer(question)
    assert isinstance(answer, Answer)
    return answer


def rewrite(*replies: Reply, show: str = POSTERS) -> ScriptedModel:
    """A model that rewrites the follow-up as these replies say, then cites one sentence."""

    def cite(prompt: Prompt, _schema: Mapping[str, Any]) -> Reply:
        return write_answer({"text": show, "ids": [find_id(prompt, show)]})

    return ScriptedModel(*replies, cite)


def list_shown(answer: Answer) -> Sequence[str]:
    return [claim.text for claim in answer.claims]


def test_follow_up_is_searched_as_the_whole_question_that_the_rules_make_of_it() -> None:
    search = build_world()
    answer = run(search, follow("and on posters?", Turn(FIRST)))
    assert search.searched == [BY_RULES]
    assert answer.trace.understood_as == BY_RULES
    assert "understood by rules" in answer.trace.steps
    assert POSTERS in list_shown(answer)


def test_rewrite_of_the_model_is_what_is_searched_asked_and_kept() -> None:
    search, question = build_world(), "How much clear space around the logo on posters?"
    model = rewrite({"question": question, "wish": "answer"})
    answer = run(search, follow("and on posters?", Turn(FIRST)), model)
    assert search.searched == [question]
    assert model.prompts[1].user.endswith(f"Question: {question}")
    assert (answer.trace.understood_as, answer.verdict) == (question, "answered")
    assert "understood by model" in answer.trace.steps


@pytest.mark.parametrize(
    "reply",
    [
        ModelUnavailable("it took too long"),
        "I cannot.",
        {"question": "What is the salary of the CEO?", "wish": "answer"},
        {"question": "See https://evil.example about the logo", "wish": "answer"},
        {"question": "how much clear space around the logo not on posters", "wish": "answer"},
    ],
)
def test_rewrite_that_fails_or_says_what_nobody_said_leaves_it_to_the_rules(reply: Reply) -> None:
    search = build_world()
    answer = run(search, follow("and on posters?", Turn(FIRST)), rewrite(reply))
    assert search.searched == [BY_RULES]
    assert (answer.trace.understood_as, answer.mode) == (BY_RULES, "model")


@pytest.mark.parametrize("use_model", [False, True])
def test_model_is_not_asked_about_a_whole_question_or_against_the_asker_s_wish(*, use_model: bool) -> None:
    model = rewrite(show=SPACE)
    text = FIRST if use_model else "and on posters?"
    answer = run(build_world(), follow(text, Turn("which colour is the logo"), use_model=use_model), model)
    assert len(model.prompts) == int(use_model), "the answer itself, no rewrite before it"
    assert (answer.trace.understood_as == text) is use_model


@pytest.mark.parametrize("change", ["gone", "no access", "retired", "newer revision"])
def test_withdrawn_claims_of_earlier_turns_take_no_part(change: str) -> None:
    search = build_world()
    secret = build_found("Project Zephyr is the launch of the logo.", document_id="doc-3", title="Zephyr")
    document = secret.document
    changed = {
        "gone": [],
        "no access": [replace(document, facts=replace(document.facts, access=SALES_ONLY))],
        "retired": [replace(document, facts=replace(document.facts, status="retired"))],
        "newer revision": [replace(document, revision=2, title="Plans")],
    }[change]
    now = build_found("The launch of the logo has no name yet.", document_id="doc-3")
    search.passages += [replace(now, document=one) for one in changed]
    model = rewrite({"question": "When is Zephyr?", "wish": "answer"}, show=SPACE)
    answer = run(search, follow("and on posters?", Turn(FIRST, prove(secret))), model)
    assert not any("Zephyr" in prompt.user for prompt in model.prompts)
    assert search.searched == [BY_RULES], (
        "a word that only the withdrawn claim has is a word that nobody said"
    )
    assert "Zephyr" not in " ".join(list_shown(answer))


def test_standing_claims_of_earlier_turns_are_shown_to_the_model_that_rewrites() -> None:
    search, model = build_world(), rewrite({"question": BY_RULES, "wish": "answer"})
    run(search, follow("and on posters?", Turn(FIRST, prove(search.passages[0]))), model)
    assert SPACE in model.prompts[0].user
    assert POSTERS not in model.prompts[0].user, "no other text of documents"


def test_who_said_that_shows_the_proof_of_the_turn_before_without_a_search_or_a_model() -> None:
    search, model = build_world(), ScriptedModel("never used")
    (stored,) = list_evidence(search.passages[0])
    said = Claim("Leave 24 mm.", (stored,))
    answer = run(search, follow("who said that?", Turn("which colour"), Turn(FIRST, (said, said))), model)
    assert (answer.verdict, answer.mode) == ("answered", "passages")
    assert [(claim.text, claim.evidence) for claim in answer.claims] == [(SPACE, (stored,))]
    assert (search.searched, model.prompts) == ([], [])
    assert "source of the last answer" in answer.trace.steps


def test_who_said_that_names_no_proof_that_was_withdrawn_since() -> None:
    search = build_world()
    turn = Turn(FIRST, prove(search.passages[0]))
    del search.passages[0]
    assert SPACE not in list_shown(run(search, follow("who said that?", turn)))


def test_shorter_shows_fewer_and_longer_shows_more() -> None:
    rules = [f"{word} logos keep clear space on every side of the {word.lower()} sign." for word in WORDS]
    search = WatchedSearch([build_found(one, document_id=f"doc-{one}") for one in rules])
    turn = Turn("how much clear space do logos keep")
    shown = {wish: len(run(search, follow(wish, turn)).claims) for wish in ("shorter", "longer please")}
    plain = len(run(search, follow(turn.question)).claims)
    assert (shown["shorter"], plain, shown["longer please"]) == (2, 5, 8)
    assert search.searched == [turn.question] * 3


def test_shorter_is_told_to_the_model() -> None:
    model = rewrite(show=SPACE)
    run(build_world(), follow("shorter", Turn(FIRST)), model)
    (prompt,) = model.prompts
    assert f"Question: {FIRST}\n" in prompt.user
    assert "Answer in one claim, as short as it can be said." in prompt.user
