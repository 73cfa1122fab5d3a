"""Promises of bot/answer/claims.py: what may be shown of what a model says."""

import json

import pytest

from bot.answer.addresses import sanitise_text
from bot.answer.checks.quotations import is_quote_exact
from bot.answer.claims import ClaimOfModel, check_claims, list_failures, parse_answer
from bot.answer.evidence import list_evidence
from core.answers import Evidence
from core.llm import ModelUnavailable
from tests.fakes.answer_world import build_found


def number_sentences(*sentences: str) -> dict[str, Evidence]:
    return {f"S{n}": one for n, one in enumerate(list_evidence(build_found(*sentences)), start=1)}


LOGO = number_sentences(
    "Keep 24 mm of clear space around the logo.",
    "Twelve partners saved 85% of 1,200 hours by 3 March 2026.",
    "Use #FF6600 for buttons.",
)


def test_claim_with_a_cited_sentence_is_kept_with_the_stored_sentence_as_proof() -> None:
    checked = check_claims([ClaimOfModel("Leave 24 mm around the logo.", ("S1",))], LOGO)
    assert [one.sentence for one in checked.kept[0].evidence] == [
        "Keep 24 mm of clear space around the logo."
    ]
    assert checked.rejected == ()


@pytest.mark.parametrize("ids", [(), ("S9",), ("S1", "S9"), ("doc-2:1:0:0",)])
def test_claim_that_cites_outside_the_closed_set_is_dropped_and_counted(ids: tuple[str, ...]) -> None:
    checked = check_claims([ClaimOfModel("Leave 24 mm around the logo.", ids)], LOGO)
    assert checked.kept == ()
    assert [one.failed for one in checked.rejected] == [("closed_set",)]


@pytest.mark.parametrize(
    ("text", "sentence_id"),
    [
        ("Leave 25 mm around the logo.", "S1"),
        ("Twelve partners saved 86% of 1,200 hours.", "S2"),
        ("Twelve partners saved 85 of 1,200 hours.", "S2"),
        ("Partners saved 85% by 3 April 2026.", "S2"),
        ("Partners saved 85% by 4 March 2026.", "S2"),
        ("Partners saved $1,200.", "S2"),
        ("Eleven partners saved hours.", "S2"),
        ("Partners saved 12,000 hours.", "S2"),
        ("Use #FF6601 for buttons.", "S3"),
        ("Use #FF6600 for buttons since Q3.", "S3"),
    ],
)
def test_claim_with_a_number_that_no_cited_sentence_has_is_dropped(text: str, sentence_id: str) -> None:
    assert "numbers" in list_failures(ClaimOfModel(text, (sentence_id,)), LOGO)


@pytest.mark.parametrize(
    ("text", "sentence_id"),
    [
        ("12 partners saved 85 percent of 1200 hours.", "S2"),
        ("By March 3, 2026, twelve partners had saved 85 per cent.", "S2"),
        ("By 2026-03-03 they had saved 85%.", "S2"),
        ("Buttons are #ff6600.", "S3"),
        ("This one is for buttons.", "S1"),
    ],
)
def test_same_number_in_another_spelling_is_accepted(text: str, sentence_id: str) -> None:
    sentences = {**LOGO, "S1": number_sentences("Buttons have a colour of their own.")["S1"]}
    assert list_failures(ClaimOfModel(text, (sentence_id,)), sentences) == ()


def test_quote_must_stand_letter_for_letter_in_a_cited_sentence() -> None:
    cited = ["We’ll launch — on time — in\u00a0May."]
    assert is_quote_exact("we'll launch - on time - in May", cited)
    assert is_quote_exact("", cited)
    assert not is_quote_exact("we'll launch in May", cited)
    assert not is_quote_exact("We will launch", cited)


def test_altered_quote_drops_the_claim() -> None:
    claim = ClaimOfModel(
        "Leave space around the logo.", ("S1",), quote="Keep 24 mm of space around the logo."
    )
    assert list_failures(claim, LOGO) == ("quote",)


@pytest.mark.parametrize(
    "text",
    [
        "Log in again at https://evil.example/x.",
        "See [the guide](https://evil.example).",
        "Go to evil.example now.",
        "Write to boss@evil.example.",
        "See <https://evil.example|the guide>.",
        "Open javascript:alert(1) now.",
        "See www.evil.example.",
    ],
)
def test_claim_with_an_address_of_its_own_is_dropped(text: str) -> None:
    assert "links" in list_failures(ClaimOfModel(text, ("S1",)), LOGO)


@pytest.mark.parametrize(
    "text",
    [
        "Hello <!channel> there",
        "Hi <@U123ABC>",
        "@here look",
        "a <#C12|general> b",
        "x <https://e.example|y> z",
    ],
)
def test_shown_text_never_holds_slack_controls_or_mentions(text: str) -> None:
    shown = sanitise_text(text)
    assert not set("<>@") & set(shown)


def test_web_address_of_a_source_is_not_repeated_in_the_claim() -> None:
    sentences = number_sentences("Book at https://www.pelmarrow.example/demo today.")
    checked = check_claims(
        [ClaimOfModel("Book at https://www.pelmarrow.example/demo today.", ("S1",))], sentences
    )
    assert checked.kept[0].text == "Book at today."


def test_name_that_looks_like_a_domain_survives_when_the_source_has_it() -> None:
    sentences = number_sentences("Always write cloud.gov in lower case.")
    checked = check_claims([ClaimOfModel("Write cloud.gov in lower case.", ("S1",))], sentences)
    assert checked.kept[0].text == "Write cloud.gov in lower case."


def test_answer_is_read_out_of_a_code_fence() -> None:
    written = '{"found": true, "ruling": "allowed", "claims": [{"text": "a", "ids": ["[S1]"]}]}'
    parsed = parse_answer(f"Here you are:\n```json\n{written}\n```")
    assert (parsed.found, parsed.ruling, parsed.claims[0].ids) == (True, "allowed", ("S1",))


@pytest.mark.parametrize(
    "text", ["", "I cannot help", "[]", '{"claims": "none"}', '{"found": tru', "\x00" * 50, "{" * 5000]
)
def test_answer_that_is_not_the_object_asked_for_counts_as_no_answer(text: str) -> None:
    with pytest.raises(ModelUnavailable):
        parse_answer(text)


def test_claims_of_a_wrong_shape_prove_nothing() -> None:
    odd = {
        "found": True,
        "ruling": 7,
        "claims": ["x", {"text": None, "ids": "S1"}, {"text": "ok", "ids": [1, None]}],
    }
    parsed = parse_answer(json.dumps(odd))
    assert parsed.ruling is None
    assert check_claims(parsed.claims, LOGO).kept == ()
