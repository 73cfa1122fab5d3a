"""Promises of bot/answer/writing.py: one repair, a veto that only rejects, and how the model is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from bot.answer.second_prompts import read_veto
from bot.answer.writing import AnswerWriter, Thinking, WritingRules, Written, build_cache_salt
from core.access import LOCAL_OWNER, Person
from core.llm import ModelUnavailable, Prompt
from index.search import FoundPassage
from tests.fakes.answer_world import READER, ask, build_found
from tests.fakes.scripted_model import Reply, Script, ScriptedModel, find_id, write_answer

SPACE = "Keep 24 mm of clear space around the logo."
COLOUR = "The logo is teal."
DATES = "Dates are written in full."
PASSAGES = (build_found(SPACE, COLOUR), build_found(DATES, document_id="doc-2"))
QUESTION = "how much clear space around the logo"
WRONG = "Leave 42 mm around the logo."
PLAIN, VETO = WritingRules(), WritingRules(veto=True)


def write(
    model: ScriptedModel,
    rules: WritingRules = PLAIN,
    *,
    asked: str = QUESTION,
    passages: Sequence[FoundPassage] = PASSAGES,
    thinking: bool = False,
) -> Written:
    question = replace(ask(asked), thinking=thinking)
    return AnswerWriter(model, rules).write(question, asked, passages)


def claim(*texts: str, **more: Any) -> Script:
    """A script: each text cites the sentence it is, else the one on clear space."""

    def script(prompt: Prompt, _schema: Mapping[str, Any]) -> dict[str, Any]:
        stored = (SPACE, COLOUR, DATES)
        claims = [{"text": one, "ids": [find_id(prompt, one if one in stored else SPACE)]} for one in texts]
        return write_answer(*claims, **more)

    return script


def test_honest_answer_is_asked_for_once() -> None:
    model = ScriptedModel(claim("Leave 24 mm around the logo.", COLOUR))
    written = write(model)
    assert (len(model.prompts), written.rejected, written.trace.steps) == (1, (), ("model",))
    assert [one.text for one in written.kept] == ["Leave 24 mm around the logo.", COLOUR]


@pytest.mark.parametrize("again", [WRONG, SPACE])
def test_repair_is_asked_once_whatever_comes_of_it(again: str) -> None:
    model = ScriptedModel(claim(WRONG), claim(again), claim(SPACE))
    written = write(model)
    assert (len(model.prompts), written.trace.steps) == (2, ("model", "repair"))
    assert [one.text for one in written.kept] == ([] if again == WRONG else [SPACE])
    assert [one.text for one in written.rejected] == [WRONG], "what was wrong stays in the receipt"
    assert written.lost == (1 if again == WRONG else 0)


def test_repair_says_what_was_wrong_beside_the_same_sentences() -> None:
    model = ScriptedModel(claim(WRONG, COLOUR), claim(SPACE))
    write(model)
    first, second = model.prompts
    assert second.system == first.system
    assert second.user.startswith(first.user)
    added = second.user.removeprefix(first.user)
    assert WRONG in added
    assert f"(cited {find_id(first, SPACE)})" in added
    assert "use only numbers, units and dates of the cited sentences" in added
    assert COLOUR not in added, "what held is not asked for again"


def test_repair_adds_no_more_claims_than_were_lost_and_none_twice() -> None:
    model = ScriptedModel(claim(COLOUR, WRONG), claim(COLOUR, SPACE, DATES))
    written = write(model)
    assert [one.text for one in written.kept] == [COLOUR, SPACE]


@pytest.mark.parametrize(
    "reply", [ModelUnavailable("it took too long"), "I am sorry.", write_answer(found=False), '{"claims": 7}']
)
def test_repair_that_fails_keeps_what_was_kept_and_what_was_rejected(reply: Reply) -> None:
    written = write(ScriptedModel(claim(COLOUR, WRONG), reply))
    assert [one.text for one in written.kept] == [COLOUR]
    assert [(one.text, one.failed[0]) for one in written.rejected] == [(WRONG, "numbers")]


def test_failure_of_the_first_call_is_raised() -> None:
    for reply in (ModelUnavailable("it took too long"), "not JSON"):
        with pytest.raises(ModelUnavailable):
            write(ScriptedModel(reply))


def test_answer_that_says_nothing_was_found_has_no_claims_and_no_repair() -> None:
    model = ScriptedModel(claim(SPACE, WRONG, found=False))
    written = write(model)
    assert (written.found, written.kept, written.rejected, len(model.prompts)) == (False, (), (), 1)


def test_veto_takes_a_claim_back_and_the_receipt_names_it() -> None:
    model = ScriptedModel(claim(COLOUR, SPACE), {"supported": [True, False]})
    written = write(model, VETO)
    assert [one.text for one in written.kept] == [COLOUR]
    assert [(one.text, one.failed) for one in written.rejected] == [(SPACE, ("veto",))]
    assert written.trace.steps == ("model", "veto")
    asked = model.prompts[1].user
    assert f"Claim 1: {COLOUR}\n  Sentence: {COLOUR}" in asked


def test_veto_rescues_nothing() -> None:
    model = ScriptedModel(claim(WRONG, COLOUR), write_answer(found=False), {"supported": [True]})
    written = write(model, VETO)
    assert [one.text for one in written.kept] == [COLOUR]
    assert [one.text for one in written.rejected] == [WRONG]
    assert WRONG not in model.prompts[2].user, "it is not even asked about"


@pytest.mark.parametrize(
    "reply",
    [
        "No.",
        {"supported": [False]},
        {"supported": [False, False, False]},
        {"supported": "false"},
        {"supported": ["false", 0]},
        {"other": [False, False]},
        ModelUnavailable("it took too long"),
    ],
)
def test_veto_in_another_form_refuses_nothing(reply: Reply) -> None:
    written = write(ScriptedModel(claim(COLOUR, SPACE), reply), VETO)
    assert ([one.text for one in written.kept], written.rejected) == ([COLOUR, SPACE], ())
    assert not isinstance(reply, str) or read_veto(reply, count=2) == frozenset()


@pytest.mark.parametrize(("first", "rules"), [(COLOUR, PLAIN), (WRONG, VETO)])
def test_veto_is_asked_only_by_its_setting_and_about_something(first: str, rules: WritingRules) -> None:
    model = ScriptedModel(claim(first))
    assert "veto" not in write(model, rules).trace.steps
    assert not any("Claim 1:" in prompt.user for prompt in model.prompts)


@pytest.mark.parametrize(
    ("reply", "ruling"),
    [({"supported": [True, True]}, "allowed"), ({"supported": [True, False]}, None)],
)
def test_ruling_is_given_with_a_whole_answer_only(reply: Reply, ruling: str | None) -> None:
    passages = [build_found("The teal logo may be used on dark photos.", COLOUR)]

    def script(prompt: Prompt, _schema: Mapping[str, Any]) -> dict[str, Any]:
        texts = ("The teal logo may be used on dark photos.", COLOUR)
        return write_answer(
            *({"text": one, "ids": [find_id(prompt, one)]} for one in texts), ruling="allowed"
        )

    asked = "May we use the teal logo on dark photos?"
    assert write(ScriptedModel(script, reply), VETO, asked=asked, passages=passages).ruling == ruling


HARD = [
    "May we use the logo?",
    "Compare the logo and the wordmark",
    "Which logo? And which colour?",
    "logo " * 23,
]


@pytest.mark.parametrize("asked", [QUESTION, *HARD])
@pytest.mark.parametrize("wanted", [False, True])
@pytest.mark.parametrize("setting", ["never", "asked", "hard"])
def test_thinking_is_by_setting_wish_and_hardness_and_never_in_a_second_call(
    setting: Thinking, asked: str, *, wanted: bool
) -> None:
    model = ScriptedModel(claim(COLOUR, WRONG), claim(SPACE), {"supported": [True, True]})
    written = write(model, WritingRules(setting, veto=True), asked=asked, thinking=wanted)
    thinks = setting != "never" and (wanted or (setting == "hard" and asked in HARD))
    assert [one.thinking for one in model.asked] == [thinks, False, False]
    assert dict(written.trace.parameters)["thinking"] == str(thinks)


def test_askers_of_the_same_groups_share_a_salt_in_every_call() -> None:
    model = ScriptedModel(claim(COLOUR, WRONG), claim(SPACE), {"supported": [True, True]})
    write(model, VETO)
    other = Person("someone.else@pelmarrow.example", groups=READER.groups)
    assert [one.cache_salt for one in model.asked] == [build_cache_salt(other)] * 3


def test_askers_of_other_groups_have_another_salt_and_no_salt_names_anybody() -> None:
    email = "mara@pelmarrow.example"
    groups = [(), ("a",), ("b",), ("a", "b"), ("ab",), ("owner",)]
    people = [*(Person(email, groups=frozenset(one)) for one in groups), LOCAL_OWNER]
    salts = [build_cache_salt(one) for one in people]
    assert len(set(salts)) == len(people)
    assert not any("mara" in one or "pelmarrow" in one for one in salts)
    assert sha256(email.encode()).hexdigest()[:32] not in salts


@pytest.mark.parametrize(("context", "rules_tokens"), [(4_000, 6_000), (None, 1_000), (100, 6_000)])
def test_small_context_shortens_the_prompt(context: int | None, rules_tokens: int) -> None:
    passages = [build_found(f"Logo rule {n} {'x' * 900}.", document_id=f"doc-{n}") for n in range(24)]
    passages[0] = build_found(SPACE, COLOUR)
    small = ScriptedModel(claim(SPACE), context_tokens=context)
    whole = ScriptedModel(claim(SPACE), context_tokens=131_072)
    written = write(small, WritingRules(context_tokens=rules_tokens), passages=passages)
    write(whole, passages=passages)
    assert len(small.prompts[0].user) < 6_000
    assert len(whole.prompts[0].user) > 20_000
    assert written.kept, "the best passage is always there"


def test_trace_holds_what_the_model_was_sent_and_what_came_of_it() -> None:
    model = ScriptedModel(claim(COLOUR, WRONG), write_answer(found=False))
    trace = write(model).trace
    first = model.prompts[0]
    assert trace.prompt_hash == sha256(f"{first.system}\x1f{first.user}".encode()).hexdigest()
    assert trace.offered == ("doc-1:1:0:0", "doc-1:1:0:1", "doc-2:1:0:0")
    rejected = [(one.text, one.sentence_ids, one.failed[0]) for one in trace.rejected]
    assert rejected == [(WRONG, ("doc-1:1:0:0",), "numbers")]
    tokens = str(len(first.user) // 4)
    assert dict(trace.parameters) == {"thinking": "False", "format": "json_schema", "prompt_tokens": tokens}
