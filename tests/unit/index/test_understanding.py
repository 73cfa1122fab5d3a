"""What is read out of a question by rule."""

from datetime import date

import pytest

from index.understanding import find_day, find_kinds, find_phrases

TODAY = date(2026, 10, 15)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("what was active on 3 March?", date(2026, 3, 3)),
        ("CTAs as of March 3rd, 2025", date(2025, 3, 3)),
        ("as of the 1st of September 2024", date(2024, 9, 1)),
        ("which campaigns were live on 2026-02-28", date(2026, 2, 28)),
        ("active as of Sept. 5?", date(2026, 9, 5)),
        ("anything due by 5 September?", None),
        ("campaigns as of 2026-02-30", None),
        ("planning sessions as of 1 December 2026", None),
        ("who decided on 14 September 2026 about prices", None),
        ("as of 32 May", None),
        ("according to the price list of May 2026", None),
        ("what may we say on data security", None),
        ("the 3 marching bands", None),
    ],
)
def test_day_is_read_only_where_the_question_asks_about_one(text: str, day: date | None) -> None:
    assert find_day(text, today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("is there a battlecard?", ("battlecard",)),
        ("find an approved customer quote", ("case_study",)),
        ("what are the active CTAs", ("campaign_brief",)),
        ("logo for dark backgrounds", ("asset",)),
        ("our positioning vs Acme", ("battlecard", "messaging")),
        ("quotation marks or not", ()),
        ("what is an analogous colour", ()),
    ],
)
def test_kinds_are_named_by_whole_words(text: str, kinds: tuple[str, ...]) -> None:
    assert find_kinds(text) == kinds


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("May we say 'the leading platform'?", ("the leading platform",)),
        ('is “Built  to Last” or "log in" ok', ("built to last", "log in")),
        ("don't say it's Mara's 'word'", ()),
        ("nothing quoted", ()),
    ],
)
def test_phrases_are_quoted_words_two_at_least(text: str, phrases: tuple[str, ...]) -> None:
    assert find_phrases(text) == phrases
