"""Promises of bot/answer/checks/copies.py and copying.py: how strict a check is depends on what a claim repeats."""

import pytest

from bot.answer.checks.copies import find_copies, find_repeats
from bot.answer.checks.english import ENGLISH
from bot.answer.claim_checks import list_failed_checks

WIDTH = "The smallest permitted width is 24 mm in print and 96 px on screen."
RULE = "Send the photo to the brand team before the Ghent fair, with 14 captions and the written consent."


def test_claim_that_repeats_a_sentence_is_held_to_it() -> None:
    repeats = find_repeats(find_copies("The smallest width is 24 mm in print.", [WIDTH], ENGLISH))

    assert repeats.sentences == {0}


def test_claim_in_words_of_its_own_repeats_nothing() -> None:
    repeats = find_repeats(find_copies("On paper, go no narrower than 24 mm.", [WIDTH], ENGLISH))

    assert not repeats.sentences
    assert not repeats.words


def test_ordinary_word_may_stand_in_the_place_of_another() -> None:
    assert not list_failed_checks(RULE.replace("written", "handwritten"), [RULE])


@pytest.mark.parametrize(
    ("old", "new"),
    [("Ghent", "Porto"), ("14", "15"), ("captions", "posters"), ("before", "after"), ("Send", "Do not send")],
)
def test_guarded_word_may_not_stand_in_the_place_of_another(old: str, new: str) -> None:
    assert list_failed_checks(RULE.replace(old, new), [RULE])


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("The logo may not go narrower than 24 mm.", "The logo is at least 24 mm wide."),
        ("A headline has at most eight words.", "A headline is not longer than eight words."),
        ("The mark may be used only with written consent.", "Do not use the mark without written consent."),
    ],
)
def test_turned_and_plain_ways_of_saying_the_same_are_one(claim: str, sentence: str) -> None:
    assert not list_failed_checks(claim, [sentence])


def test_terms_that_changed_places_are_found() -> None:
    sentence = 'Write "certified to", not "compliant with".'

    assert "polarity" in list_failed_checks('Write "compliant with", not "certified to".', [sentence])
