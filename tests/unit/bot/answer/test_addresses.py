"""Promises of bot/answer/addresses.py: no disguise carries a link, a mention or formatting to a reader."""

import pytest

from bot.answer.addresses import find_foreign_addresses, is_harmless, sanitise_text, unfold_text
from bot.answer.claims import ClaimOfModel, list_failures
from bot.answer.evidence import list_evidence
from tests.fakes.answer_world import build_found

DISGUISES = [
    "https://evil.example/x",
    "HTTPS://EVIL.EXAMPLE",
    "evil.example",
    "evil.example:8080/path?q=1",
    "www.evil.example",
    "//evil.example/x",
    "http:\\\\evil.example",
    "evil․example",
    "evil。example/x",
    "ｅｖｉｌ．ｅｘａｍｐｌｅ",
    "https:⁄⁄evil.example",
    "e\u200bvil.example",
    "e\u00advil.example",
    "&#104;ttps://evil.example",
    "evil&period;example",
    "https%3A%2F%2Fevil.example",
    "%2568ttps%253A//evil.example",
    "evil[.]example",
    "evil (dot) example",
    "evil[dot]example",
    "evil dot com",
    "evil.рф",
    "xn--evl-5ja.example",
    "boss@evil.example",
    "mailto:boss",
    "tel:0800",
    "javascript:alert(1)",
    "ftp://evil.example",
    "10.0.0.1",
    "[guide](https://evil.example)",
    "![](//evil.example/a.png)",
    "[x]: http://evil.example",
    "<https://evil.example|guide>",
]
ORDINARY = [
    "Keep 24 mm of clear space around the logo.",
    "Use it at 3 p.m. or 4 a.m., e.g. in the U.S.",
    "Version 2.5 of the guide holds. Amber is next.",
    "The contrast on Chalk is below 4.5:1.",
    "Prices start at $1,200.50 (net).",
]
MARKS = ["<!channel> look", "Hi <@U0EVIL>", "a <#C12|general> b", "@here look", "see @all"]


@pytest.mark.parametrize("disguise", DISGUISES)
def test_address_is_found_in_every_disguise(disguise: str) -> None:
    assert find_foreign_addresses(f"Log in at {disguise} today.", ["Log in at the portal today."])


@pytest.mark.parametrize("disguise", DISGUISES)
def test_claim_with_a_disguised_address_is_dropped_for_its_link(disguise: str) -> None:
    (cited,) = list_evidence(build_found("Log in at the portal today."))
    claim = ClaimOfModel(f"Log in at the portal today. {disguise}", ("S1",))
    assert list_failures(claim, {"S1": cited}) == ("links",)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_are_no_address_and_stay_as_they_are(text: str) -> None:
    assert find_foreign_addresses(text, []) == frozenset()
    assert sanitise_text(text) == text
    assert is_harmless(text)


@pytest.mark.parametrize(
    "disguise", ["cloud.gov", "https://pelmarrow.example/demo", "press@pelmarrow.example"]
)
def test_address_of_a_cited_sentence_is_not_foreign_in_whatever_spelling(disguise: str) -> None:
    cited = [f"Write to {disguise} for more."]
    assert find_foreign_addresses(f"See {disguise}.", cited) == frozenset()
    assert find_foreign_addresses(f"See {disguise.upper()}.", cited) == frozenset()


def test_address_that_only_begins_like_a_cited_one_is_foreign() -> None:
    cited = ["See pelmarrow.example for more."]
    assert find_foreign_addresses("See pelmarrow.example.evil.example.", cited)
    assert find_foreign_addresses("See pelmarrow.example@evil.example.", cited)


@pytest.mark.parametrize("text", MARKS)
def test_mentions_and_control_sequences_never_reach_what_is_shown(text: str) -> None:
    assert not is_harmless(text)
    shown = sanitise_text(text)
    assert is_harmless(shown)
    assert not {"<", ">", "@"} & set(shown)


@pytest.mark.parametrize(
    "text",
    [
        "a\u200bb",
        "a\u202eb",
        "a\u00adb",
        "a\U000e0041b",
        "a\x07b",
        "a\ud800b",
        "&lt;!channel&gt;",
        "&#64;here",
    ],
)
def test_hidden_or_escaped_signs_are_harmful(text: str) -> None:
    assert not is_harmless(text)


def test_text_that_is_escaped_many_times_is_unfolded() -> None:
    assert unfold_text("%252568ttps&amp;colon;//Evil․Example") == "https://evil.example"
    assert unfold_text("  Two \n words ") == "two words"
