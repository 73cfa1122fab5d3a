import pytest

from admin.evals.gold import holds_gold
from admin.evals.questions import Gold
from tests.unit.admin.evals.results import RULE


@pytest.mark.parametrize(
    ("snippet", "text"),
    [
        (RULE, f"Before. {RULE.upper()} After."),
        (
            "Use _Sentence case_, not **Title Case**, everywhere.",
            "Use Sentence case, not Title Case, everywhere.",
        ),
        ("- **email**, not e\u2011mail", "Words\nemail, not e-mail"),
        ("half a logo&rsquo;s-width of white space", "there is half a logo's-width\nof white  space around"),
        ("“We were live in eleven days”", '"We were live in eleven days", she said'),
        ("see [the guide](https://x.example/a_b) for more", "see the guide for more"),
        ('works well"</span><span class="by">- Ada Brandt, Head', 'works well" - Ada Brandt, Head'),
        ("| sign in              | log in", "Use this: sign in · Not this: log in · Why?: shorter"),
        ("#1F8A8C", "Marrow Teal: #1F8A8C"),
        ("ブランドの約束", "私たちのブランドの約束です"),
    ],
)
def test_same_words_in_another_dress_are_the_gold(snippet: str, text: str) -> None:
    assert holds_gold(Gold("guide.md", snippet), "guide.md", text)


def test_words_cut_by_another_block_are_the_gold_when_nine_tenths_of_the_triples_are_inside() -> None:
    words = [f"w{number}" for number in range(42)]
    gold = Gold("guide.md", " ".join(words))
    assert holds_gold(gold, "guide.md", " ".join(words[:38]))
    assert not holds_gold(gold, "guide.md", " ".join(words[:37]))


@pytest.mark.parametrize(
    ("snippet", "text"),
    [
        (RULE, "Headings are short."),
        ("Go", "A good name"),
        ("| sign in | log in", "Use this: sign in\nUse that: log in"),
        ("---", "Any text"),
    ],
)
def test_other_words_are_not_the_gold(snippet: str, text: str) -> None:
    assert not holds_gold(Gold("guide.md", snippet), "guide.md", text)


def test_few_words_count_in_a_gold_document_only_and_many_anywhere() -> None:
    few, many = Gold("guide.md", "Extra Light", ("copy.md",)), Gold("guide.md", RULE)
    assert holds_gold(few, "copy.md", "in Extra Light")
    assert not holds_gold(few, "other.md", "in Extra Light")
    assert holds_gold(many, "other.md", RULE)
