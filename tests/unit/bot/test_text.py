"""Text that is shown can do nothing but be read; text that is read is what its author saw."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.text import (
    BREAK,
    build_link,
    build_plain,
    check_url,
    neutralise,
    read_question,
    shorten,
    split_text,
)
from tests.fakes.slack_text import check_markdown, check_mrkdwn, find_urls

HOSTILE = (
    "<!channel> <!here> <@U0BOSS> <#C1|general> <!subteam^S1|@all>",
    "<https://evil.example|our brand guide>",
    "[brand guide](https://evil.example/x?q=secret)",
    "![pixel](https://evil.example/p.png)",
    "[guide][1]\n[1]: https://evil.example",
    "see evil.example/path or www.evil.com, ok?",
    "HTTPS://EVIL.COM ftp://evil.com javascript:alert(1) mailto:a@evil.com data:text/html;x",
    "xn--80ak6aa92e.com and пример.com and evil。com",
    "a@evil.com & <b>bold</b> > quoted",
    "@channel @here @everyone",
    "smb://evil.com sms:+15550199 zoommtg:join?x facetime:x",
    "http://203.0.113.9/x and 203.0.113.9:80",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_dead_in_mrkdwn_and_in_markdown(text: str) -> None:
    shown = build_plain(text)
    assert list(check_mrkdwn(shown, "text")) == []
    assert list(check_markdown(shown, "text")) == []
    assert find_urls(shown, bare=True) == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("evil\u2024com", "evil\u2024|com"),
        ("evil\uff0ecom", "evil\uff0e|com"),
        ("evil\uff61com", "evil\uff61|com"),
        ("https\uff1a\uff0f\uff0fx", "https|\uff1a\uff0f\uff0fx"),
        ("https:\u2044\u2044x", "https|:\u2044\u2044x"),
        ("10.1.2.3/x", "10|.1.2.3/x"),
        ("\uff20channel", "\uff20|channel"),
        ("\ufe6bhere", "\ufe6b|here"),
    ],
)
def test_look_alike_of_an_address_or_mention_is_broken_too(text: str, shown: str) -> None:
    assert neutralise(text) == shown.replace("|", BREAK)


def test_link_begins_with_a_small_scheme_whatever_the_source_wrote() -> None:
    assert check_url("HTTPS://brand.example/X") == "https://brand.example/X"


@given(st.text(alphabet="<>&|!@#[]():/.*_~`-ab1 \n", max_size=120))
def test_no_text_at_all_is_live_in_mrkdwn(text: str) -> None:
    assert list(check_mrkdwn(build_plain(text), "text")) == []


@given(st.text(max_size=200))
def test_neutral_text_reads_the_same(text: str) -> None:
    assert neutralise(text).replace(BREAK, "") == text.replace(BREAK, "")


@pytest.mark.parametrize("text", ["We grew 3.5 times.", "e.g. this", "Yes. No.", "1,000.00 € a year"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert neutralise(text) == text


@given(st.text(max_size=300), st.integers(min_value=1, max_value=60))
def test_split_text_loses_nothing_and_keeps_the_limit(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= limit for piece in pieces)


def test_text_is_split_after_a_sentence_before_it_is_split_after_a_word() -> None:
    assert split_text("First one here. Second one", 22) == ("First one here. ", "Second one")
    assert split_text("no sentence ends here", 14) == ("no sentence ", "ends here")


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("<@U0ONBRAND> May we say it?", "May we say it?"),
        ("hey <@U0ONBRAND|onbrand>  may we?", "hey may we?"),
        ("R&amp;D &lt;b&gt; costs", "R&D <b> costs"),
        ("look at <https://brand.example/x|the guide> please", "look at the guide please"),
        ("look at <https://brand.example/x>", "look at https://brand.example/x"),
        ("ask <@U2|Bo> in <#C1|general>, <!here>", "ask @Bo in #general, @here"),
        ("<@U0ONBRAND>", ""),
        ("two\n lines ", "two\nlines"),
    ],
)
def test_question_is_read_as_its_author_sees_it(typed: str, question: str) -> None:
    assert read_question(typed, "U0ONBRAND") == question


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "http://brand.example",
        "javascript:alert(1)",
        "https://",
        "https://user@brand.example",
        "https://бренд.example/x",
        "https://[broken",
        "https://brand.example/" + "x" * 1000,
    ],
)
def test_only_plain_https_addresses_are_linked(url: str | None) -> None:
    assert check_url(url) is None
    assert build_link(url, "Guide") == "Guide"


def test_link_cannot_be_ended_early_by_its_address_or_label() -> None:
    link = build_link("https://brand.example/a b|c>d?x=1&y=2", "One | <two>")
    assert link == "<https://brand.example/a%20b%7Cc%3Ed?x=1&amp;y=2|One ¦ &lt;two&gt;>"
    assert list(check_mrkdwn(link, "text")) == []


def test_shortened_text_is_one_line_without_hidden_characters() -> None:
    assert shorten("A\ttitle\n\u202ewith tricks\u200b", 50) == "A title with tricks"
    assert shorten("x" * 60, 50) == "x" * 49 + "…"
