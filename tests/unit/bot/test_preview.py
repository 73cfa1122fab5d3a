"""The preview page shows what Slack would show, and nothing in it is live except https links."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.preview import PreviewMessage, render_preview
from bot.preview_text import render_markdown, render_mrkdwn


def build_page(*blocks: dict[str, Any], text: str = "") -> str:
    return render_preview([PreviewMessage("onbrand", True, text, blocks, "09:41")], title="Preview")


KNOWN_ATTRIBUTES = {"lang", "charset", "name", "content", "http-equiv", "class", "aria-hidden", "href", "rel"}


def list_tags(page: str) -> list[tuple[str, dict[str, str]]]:
    """List every tag of a page with its attributes, as an HTML parser sees them."""
    found: list[tuple[str, dict[str, str]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, {name: value or "" for name, value in attrs}))

    Reader().feed(page)
    return found


def build_text(text: str, kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": kind, "text": text}


def build_rich(kind: str, *parts: dict[str, Any], **extra: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(parts), **extra}]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*bold* and _it_ and ~gone~", "<b>bold</b> and <em>it</em> and <s>gone</s>"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("*a _b_ c*", "<b>a <em>b</em> c</b>"),
        ("`*x* <b>`", "<code>*x* &lt;b&gt;</code>"),
        ("```a\n<b>```", "<pre>a\n&lt;b&gt;</pre>"),
        ("a\n> b\n> c\nd", "a<blockquote>b<br>c</blockquote>d"),
        ("&gt; b", "<blockquote>b</blockquote>"),
        ("a &amp; &lt;b&gt; &amp;lt;", "a &amp; &lt;b&gt; &amp;lt;"),
        (
            "<https://h.example/?a=1&amp;b=2|Guide>",
            '<a href="https://h.example/?a=1&amp;b=2" rel="noreferrer">Guide</a>',
        ),
        ("<https://h.example>", '<a href="https://h.example" rel="noreferrer">https://h.example</a>'),
        ("<http://h.example|Guide>", "Guide"),
        ("<javascript:alert(1)|Guide>", "Guide"),
        ("<@U1>", '<span class="mention">@U1</span>'),
        ("<#C1|plans>", '<span class="mention">#plans</span>'),
        ("<!date^1^{date}|3 March>", '<span class="mention">3 March</span>'),
        (":white_check_mark: :unheard_of:", "✅ :unheard_of:"),
        ("a\nb", "a<br>b"),
        ("\ue0000\ue001\ue002", "0"),
        ("\"quotes\" & 'more'", "&quot;quotes&quot; &amp; &#x27;more&#x27;"),
    ],
)
def test_mrkdwn_is_shown_as_slack_shows_it(text: str, expected: str) -> None:
    assert render_mrkdwn(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**bold** *it*", "<b>bold</b> <em>it</em>"),
        ("# Title\n- one\n- two", "<b>Title</b><br>• one<br>• two"),
        ("[Guide](https://h.example/)", '<a href="https://h.example/" rel="noreferrer">Guide</a>'),
        ("[Guide](data:text/html,x)", "Guide"),
    ],
)
def test_markdown_is_shown_as_slack_shows_it(text: str, expected: str) -> None:
    assert render_markdown(text) == expected


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"type": "header", "text": build_text("Head", "plain_text")}, "<h2>Head</h2>"),
        ({"type": "section", "text": build_text("*x*")}, '<div class="text"><b>x</b></div>'),
        ({"type": "section", "text": build_text("*x*", "plain_text")}, '<div class="text">*x*</div>'),
        (
            {"type": "section", "fields": [build_text("a"), build_text("b")]},
            '<div class="fields"><div>a</div><div>b</div></div>',
        ),
        (
            {
                "type": "section",
                "text": build_text("x"),
                "accessory": {"type": "button", "text": build_text("Go")},
            },
            '<span class="button">Go</span></div>',
        ),
        (
            {"type": "context", "elements": [build_text("_x_")]},
            '<div class="context"><span><em>x</em></span></div>',
        ),
        ({"type": "divider"}, "<hr>"),
        (
            {
                "type": "actions",
                "elements": [{"type": "button", "text": build_text("Go"), "style": "primary"}],
            },
            '<span class="button primary">Go</span>',
        ),
        ({"type": "actions", "elements": [{"type": "overflow"}]}, '<span class="button">⋯</span>'),
        (
            {
                "type": "context_actions",
                "elements": [{"type": "feedback_buttons", "positive_button": {"text": build_text("Yes")}}],
            },
            '<span class="button">Yes</span>',
        ),
        ({"type": "image", "alt_text": "A <logo>", "image_url": "https://h.example/"}, "🖼 A &lt;logo&gt;"),
        ({"type": "markdown", "text": "**x**"}, '<div class="text"><b>x</b></div>'),
        (
            {
                "type": "table",
                "rows": [
                    [build_text("a", "raw_text")],
                    [build_rich("rich_text_section", build_text("b", "text"))],
                ],
                "column_settings": [{"align": "right"}],
            },
            '<tr><th class="right">a</th></tr><tr><td class="right"><p>b</p></td></tr>',
        ),
        (build_rich("rich_text_quote", build_text("x\ny", "text")), "<blockquote>x<br>y</blockquote>"),
        (build_rich("rich_text_preformatted", build_text("x", "text")), "<pre>x</pre>"),
        (
            build_rich("rich_text_list", {"elements": [build_text("x", "text")]}, style="ordered", indent=1),
            '<ol class="indent1"><li>x</li></ol>',
        ),
        (
            build_rich(
                "rich_text_section", {"type": "text", "text": "x", "style": {"bold": True, "italic": True}}
            ),
            "<p><b><em>x</em></b></p>",
        ),
        (
            build_rich("rich_text_section", {"type": "link", "url": "https://h.example/", "text": "x"}),
            '<a href="https://h.example/" rel="noreferrer">x</a>',
        ),
        (build_rich("rich_text_section", {"type": "emoji", "name": "mag"}), "<p>🔍</p>"),
        (
            build_rich("rich_text_section", {"type": "user", "user_id": "U1"}),
            '<span class="mention">@U1</span>',
        ),
        ({"type": "alert", "text": build_text("x")}, '<div class="alert">x</div>'),
        ({"type": "<marquee>"}, "[&lt;marquee&gt; block]"),
    ],
)
def test_block_is_rendered(block: dict[str, Any], expected: str) -> None:
    assert expected in build_page(block)


def test_text_is_shown_when_there_are_no_blocks_and_hidden_when_there_are() -> None:
    assert "fallback" in build_page(text="fallback")
    assert "fallback" not in build_page({"type": "divider"}, text="fallback")


def test_page_shows_author_badge_time_and_replies() -> None:
    asker = PreviewMessage("Ada Field", False, "May we say it?", at="09:40")
    answer = PreviewMessage("onbrand", True, "Yes", at="09:41")
    page = render_preview([asker, answer, answer], title="Preview")
    assert page.count('<span class="badge">APP</span>') == 2
    assert ">AF</div>" in page and "<time>09:40</time>" in page and "2 replies" in page
    assert page.count("message reply") == 2


def test_nothing_hostile_survives_in_any_place() -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": build_text(hostile, "plain_text")},
        {"type": "section", "text": build_text(hostile), "fields": [build_text(hostile)]},
        {"type": "markdown", "text": hostile},
        {"type": "image", "alt_text": hostile},
        {"type": "table", "rows": [[build_text(hostile, "raw_text")]]},
        {"type": "actions", "elements": [{"type": "button", "text": build_text(hostile), "style": hostile}]},
        build_rich(
            "rich_text_section", build_text(hostile, "text"), {"type": "link", "url": f"https://{hostile}"}
        ),
        build_rich(
            "rich_text_section", {"type": "emoji", "name": hostile}, {"type": "user", "user_id": hostile}
        ),
        {"type": hostile},
    ]
    page = render_preview([PreviewMessage(hostile, True, hostile, blocks, hostile)], title=hostile)
    tags = list_tags(page)
    assert not {tag for tag, _ in tags} & {"script", "img", "iframe", "form"}
    assert {name for _, attributes in tags for name in attributes} <= KNOWN_ATTRIBUTES
    assert all(attributes["href"].startswith("https://") for tag, attributes in tags if tag == "a")


def test_page_needs_nothing_from_outside() -> None:
    page = build_page({"type": "section", "text": build_text("<https://h.example|x>")})
    assert re.search(r"<(?:link|script|img|iframe)|@import|url\(", page) is None
    assert "default-src 'none'" in page and page.count("https://") == 1
