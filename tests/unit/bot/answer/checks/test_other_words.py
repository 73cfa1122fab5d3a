import pytest

from bot.answer.claim_checks import list_failed_checks

FAITHFUL = (
    (
        "Before founding Pelmarrow, Lotte Vanderghast spent nine years as a buyer.",
        ("Lotte Vanderghast founded Pelmarrow after nine years as a buyer.",),
    ),
    (
        'You may not write "number one", "the best" or "the leading platform" about Pelmarrow.',
        ('Never write "the leading platform", "number one" or "the best" about Pelmarrow.',),
    ),
    (
        "The connector was set up in week two, and the first request came in on day 23.",
        ("The connector was set up in the second week, and the first request came in on day 23.",),
    ),
    (
        "Comments are open until 23 October 2026, and nothing launches before February 2027.",
        ("Comments until 23 October 2026, launch not before February 2027.",),
    ),
    (
        "Castrelo halted 61 renewals worth €486,000 in its first 12 months.",
        ("In the first 12 months Castrelo stopped 61 renewals worth €486,000.",),
    ),
    (
        "The petition is filed with the U.S. Tax Court.",
        ("Taxpayers file the petition with the United States Tax Court.",),
    ),
    (
        "Use en dashes, and no exclamation marks anywhere – social posts included.",
        ("Use en dashes. Exclamation marks are not used anywhere, including social posts.",),
    ),
    (
        "No customer may appear twice in four weeks, and topics rotate between savings and adoption.",
        ("No customer appears twice within four weeks.", "Alternate between savings and adoption."),
    ),
)
HARMFUL = (
    ("Visitors read half of the page.", ("Most people read 25 percent of the page.",)),
    ("Feel free to set the logo over an image.", ("Don't place the logo over images.",)),
    ("On the second mention you must use a short name.", ("At your discretion, use a short name later on.",)),
    ("Wei Luo said they were amazed.", ("“We were amazed,” said Phil Dickerson.",)),
    (
        "Lotte Vanderghast founded Pelmarrow before nine years as a buyer.",
        ("Lotte Vanderghast founded Pelmarrow after nine years as a buyer.",),
    ),
    (
        "Lunaro has signed for the suite.",
        ("The chief financial officer has signed for the suite.", "Lunaro agreed to a visit."),
    ),
)


@pytest.mark.parametrize(("claim", "sentences"), FAITHFUL)
def test_same_statement_in_other_words_passes(claim: str, sentences: tuple[str, ...]) -> None:
    assert list_failed_checks(claim, sentences) == ()


@pytest.mark.parametrize(("claim", "sentences"), HARMFUL)
def test_another_statement_in_other_words_fails(claim: str, sentences: tuple[str, ...]) -> None:
    assert list_failed_checks(claim, sentences) != ()


def test_colour_that_no_cited_sentence_names_is_refused() -> None:
    sentence = "The logo stands on white or on our navy."
    assert "names" in list_failed_checks("The logo stands on white or on red.", [sentence])
    assert list_failed_checks("Put the logo on navy or white.", [sentence]) == ()


def test_claim_that_shares_few_words_with_what_it_cites_is_refused() -> None:
    sentence = "Keep 24 mm of clear space around the logo."
    assert "overlap" in list_failed_checks("Stretching is approved for the logo.", [sentence])
