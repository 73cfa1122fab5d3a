"""Promises of bot/answer/official.py: which differences make another question, whatever the vectors say."""

from collections.abc import Sequence

import pytest

from bot.answer.official import build_official_question, compare_questions, is_same_question

TEXT = "Employees in Germany get 60 paid days of parental leave."
OFFICIAL = build_official_question("How many days of parental leave do employees in Germany get?", [TEXT])
QUOTED = build_official_question("Can we use the word 'guaranteed' in advertising?", ["No."])
RIVAL = build_official_question(
    "What is our positioning against Kelvora on integrations?", ["We connect to 40."]
)


def measure_nothing(_word: str, _others: Sequence[str]) -> float:
    """No word is near another."""
    return 0.0


def is_same(asked: str, official: object = OFFICIAL, *, cosine: float = 0.99) -> bool:
    assert hasattr(official, "reading")
    return is_same_question(asked, official, cosine=cosine, measure_nearness=measure_nothing)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "asked",
    [
        "parental leave germany?",
        "How much parental leave do German staff get?",
        "can someone tell me how many parental leave days we get in Germany",
        "How many days of parental leave do employees in Germnay get?",
    ],
)
def test_the_same_question_in_other_words_is_the_same(asked: str) -> None:
    assert is_same(asked)


@pytest.mark.parametrize(
    ("asked", "veto"),
    [
        ("How many days of parental leave do employees in Austria get?", "place"),
        ("How many days of sick leave do employees in Germany get?", "leave"),
        ("How many days of parental leave do contractors in Germany get?", "audience"),
        ("How many days of parental leave did employees in Germany get in 2019?", "number 2019"),
        ("How many days of parental leave do employees in Germany not get?", "negation"),
        ("Who approves parental leave in Germany?", "asks another thing"),
        ("How many employees in Germany are on parental leave?", "counts another thing"),
    ],
)
def test_one_difference_that_matters_is_a_veto_however_near_the_vectors(asked: str, veto: str) -> None:
    assert not is_same(asked, cosine=1.0)
    assert any(one.startswith(veto) for one in compare_questions(asked, OFFICIAL).vetoes)


@pytest.mark.parametrize(
    "asked",
    [
        "What is our positioning against Brantide on integrations?",
        "What is our positioning against Kelvora and Brantide on integrations?",
        "What is our positioning on integrations?",
    ],
)
def test_another_name_a_further_name_and_no_name_are_other_questions(asked: str) -> None:
    assert not is_same(asked, RIVAL, cosine=1.0)


def test_a_slip_in_a_name_is_forgiven() -> None:
    assert is_same("positioning against kelvroa on integrations", RIVAL)


@pytest.mark.parametrize(
    "asked",
    [
        "Can we use the word 'proven' in advertising?",
        "Must we use the word 'guaranteed' in advertising?",
        "Can we use the word 'guaranteed' in contracts?",
    ],
)
def test_quoted_words_permission_and_medium_are_taken_to_the_letter(asked: str) -> None:
    assert not is_same(asked, QUOTED, cosine=1.0)


def test_company_own_name_may_be_left_out_or_said() -> None:
    official = build_official_question("Who founded Pelmarrow?", ["Ada founded it."], own_names=["pelmarrow"])
    assert is_same("who founded our company?", official)
    assert not is_same("who founded Kelvora?", official)


def test_exchanged_word_is_another_question_even_when_it_is_near() -> None:
    official = build_official_question("How do we store contracts?", ["In the vault."])
    assert not is_same_question(
        "How do we store samples?", official, cosine=1.0, measure_nearness=lambda _word, _others: 1.0
    )


def test_question_of_small_words_is_matched_to_the_letter_only() -> None:
    official = build_official_question("What do we do?", ["We rent kilns."])
    assert is_same("what do we do", official)
    assert not is_same("What is this?", official)


PRICE = build_official_question("What is the published price of the Solo plan?", ["It is 5 euros."])
SHOTS = build_official_question(
    "May we show Nimbo screenshots from before the May 2026 release?", ["No, they carry the old name."]
)


@pytest.mark.parametrize(
    ("asked", "official"),
    [
        ("Could you share the signed-off wording against Kelvora on integrations? Thanks!", RIVAL),
        ("Demo tomorrow. What's our agreed stance against Kelvora on integrations?", RIVAL),
        ("Is there a fixed statement on integrations versus Kelvora?", RIVAL),
        ("Someone at the stand asked: how much is the Solo plan?", PRICE),
        ("What is the offical price of the Solo plan, for a brochure?", PRICE),
        ("Nimbo screen grabs from before the may 26 release, good to go?", SHOTS),
        ("Does anything stop us showing Nimbo screen shots from before the May 2026 release?", SHOTS),
    ],
)
def test_ways_of_asking_and_words_that_stand_for_another_do_not_matter(asked: str, official: object) -> None:
    assert is_same(asked, official)


@pytest.mark.parametrize(
    ("asked", "official"),
    [
        ("What is Kelvora's own positioning against us on integrations?", RIVAL),
        ("What does Kelvora say about us on integrations?", RIVAL),
        ("May we publish the price of the Solo plan?", PRICE),
        ("What is the published price of the Solo plan in dollars?", PRICE),
        ("How much of the price of the Solo plan is tax?", PRICE),
        ("What is the published price for Solo customers?", PRICE),
        ("May we show Nimbo screenshots from the May 2026 release?", SHOTS),
        ("Which Nimbo screenshots did we show before the May 2026 release?", SHOTS),
        ("May customers show Nimbo screenshots from before the May 2026 release?", SHOTS),
    ],
)
def test_exchanged_roles_heads_and_manners_are_other_questions(asked: str, official: object) -> None:
    assert not is_same(asked, official, cosine=1.0)
