"""Each rule of the fake's payload checks is broken by exactly one payload, and a good payload breaks none."""

from typing import Any

import pytest

from tests.fakes.slack_limits import check_call, find_error
from tests.fakes.slack_text import check_mrkdwn, find_urls


def build_plain(text: str = "x") -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def build_section(text: str = "x", **extra: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **extra}


def build_post(*blocks: dict[str, Any], **extra: Any) -> dict[str, Any]:
    switches = {"unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none"}
    return {
        "channel": "C1",
        "text": "An answer",
        "blocks": list(blocks) or [build_section()],
        **switches,
        **extra,
    }


def build_button(**extra: Any) -> dict[str, Any]:
    return {"type": "button", "text": build_plain(), "action_id": "a", **extra}


def build_actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def build_rich(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(parts)}]}


def build_rows(rows: int, columns: int) -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


CARD: dict[str, Any] = {"type": "card", "title": {"type": "mrkdwn", "text": "x"}}
TASK: dict[str, Any] = {"type": "task_card", "task_id": "1", "title": "x", "status": "complete"}
FEEDBACK = {"text": build_plain(), "value": "up"}
GOOD_BLOCKS: list[dict[str, Any]] = [
    {"type": "header", "text": build_plain()},
    build_section("*a* &amp; &lt;b&gt; <https://home.example/x|label> <@U1>\n> quoted"),
    build_section(fields=[build_plain()], accessory=build_button(url="https://home.example/")),
    {"type": "context", "elements": [build_plain(), {"type": "mrkdwn", "text": "_x_"}]},
    {"type": "divider"},
    {"type": "image", "alt_text": "x", "image_url": "https://home.example/x.png"},
    build_actions(build_button(value="v", style="primary")),
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "f",
                "positive_button": FEEDBACK,
                "negative_button": FEEDBACK,
            }
        ],
    },
    build_rich(
        {"type": "text", "text": "x", "style": {"bold": True}},
        {"type": "link", "url": "https://home.example/"},
    ),
    build_rows(2, 3),
    {"type": "markdown", "text": "**x** [label](https://home.example/)"},
    TASK,
    {"type": "plan", "title": "x", "tasks": [{**TASK, "status": "pending"}]},
    {"type": "carousel", "elements": [CARD]},
    {"type": "container", "title": build_plain(), "child_blocks": [{"type": "divider"}]},
]


@pytest.mark.parametrize("block", GOOD_BLOCKS, ids=lambda block: str(block["type"]))
def test_good_block_breaks_no_rule(block: dict[str, Any]) -> None:
    assert check_call("chat.postMessage", build_post(block), askers={"U1"}) == []


BAD_BLOCKS: list[tuple[str, list[dict[str, Any]], str]] = [
    ("section text", [build_section("x" * 3001)], "3001 characters"),
    ("field text", [build_section(fields=[build_plain("x" * 2001)])], "2001 characters"),
    ("fields", [build_section(fields=[build_plain()] * 11)], "11 items"),
    ("header text", [{"type": "header", "text": build_plain("x" * 151)}], "151 characters"),
    (
        "header mrkdwn",
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        "misplaced type 'mrkdwn'",
    ),
    ("context elements", [{"type": "context", "elements": [build_plain()] * 11}], "11 items"),
    ("actions elements", [build_actions(*[build_button()] * 26)], "26 items"),
    ("button text", [build_actions(build_button(text=build_plain("x" * 76)))], "76 characters"),
    ("button value", [build_actions(build_button(value="x" * 2001))], "2001 characters"),
    ("button url length", [build_actions(build_button(url="https://" + "x" * 3000))], "3008 characters"),
    ("button url scheme", [build_actions(build_button(url="javascript:x"))], "only https"),
    ("action_id", [build_actions(build_button(action_id="x" * 256))], "256 characters"),
    ("block_id", [build_section(block_id="x" * 256)], "256 characters"),
    ("block_id twice", [build_section(block_id="b"), build_section(block_id="b")], "used twice"),
    (
        "option value",
        [build_actions({"type": "overflow", "options": [{"text": build_plain(), "value": "x" * 151}]})],
        "151 characters",
    ),
    (
        "option text",
        [build_actions({"type": "overflow", "options": [{"text": build_plain("x" * 76), "value": "x"}]})],
        "76 characters",
    ),
    (
        "confirm title",
        [
            build_actions(
                build_button(
                    confirm={
                        "title": build_plain("x" * 101),
                        **dict.fromkeys(("text", "confirm", "deny"), build_plain()),
                    }
                )
            )
        ],
        "101 characters",
    ),
    (
        "image alt",
        [{"type": "image", "alt_text": "x" * 2001, "image_url": "https://home.example/"}],
        "2001 characters",
    ),
    ("image without source", [{"type": "image", "alt_text": "x"}], "one of image_url"),
    ("table rows", [build_rows(101, 1)], "101 items"),
    ("table columns", [build_rows(1, 21)], "21 items"),
    ("plan tasks", [{"type": "plan", "title": "x", "tasks": [TASK] * 51}], "51 items"),
    ("carousel", [{"type": "carousel", "elements": [CARD] * 11}], "11 items"),
    ("card body", [{**CARD, "body": build_plain("x" * 201)}], "201 characters"),
    (
        "container",
        [{"type": "container", "title": build_plain(), "child_blocks": [build_section()] * 11}],
        "11 items",
    ),
    ("alert outside modal", [{"type": "alert", "text": build_plain()}], "not allowed in a message"),
    ("pending card", [{**TASK, "status": "pending"}], "may not be pending"),
    ("unknown block", [{"type": "marquee"}], "unknown or misplaced type 'marquee'"),
    ("unknown key", [build_section(colour="red")], "unknown key 'colour'"),
    ("missing key", [{"type": "header"}], "text is missing"),
    ("empty section", [{"type": "section"}], "one of text, fields"),
    ("51 blocks", [{"type": "divider"}] * 51, "51 items"),
    ("total", [build_section("x" * 2600)] * 5, "13000 characters in total"),
    ("markdown total", [{"type": "markdown", "text": "x" * 6001}] * 2, "12002 characters of markdown"),
    ("broadcast", [build_section("<!channel>")], "broadcast <!channel>"),
    ("rich broadcast", [build_rich({"type": "broadcast", "range": "here"})], "<broadcast>: not allowed"),
    ("mention", [build_section("<@U2>")], "mention <@U2>"),
    ("rich mention", [build_rich({"type": "user", "user_id": "U2"})], "somebody who did not ask"),
    ("channel link", [build_section("<#C1>")], "channel link"),
    ("http link", [build_section("<http://home.example|x>")], "neither"),
    ("label-less link", [build_section("<https://home.example>")], "neither"),
    ("naked address", [build_section("see https://home.example")], "live address"),
    ("raw <", [build_section("a < b")], "unescaped '<'"),
    ("raw >", [build_section("a > b")], "unescaped '>'"),
    ("raw &", [build_section("a & b")], "unescaped '&'"),
    ("rich link", [build_rich({"type": "link", "url": "http://home.example"})], "only https"),
    (
        "markdown image",
        [{"type": "markdown", "text": "![x](https://home.example/x.png)"}],
        "image in markdown",
    ),
    ("markdown data", [{"type": "markdown", "text": "[x](data:text/html,x)"}], "only https"),
    ("markdown reference", [{"type": "markdown", "text": "[x]: /there"}], "reference link"),
]


@pytest.mark.parametrize(
    ("blocks", "expected"), [row[1:] for row in BAD_BLOCKS], ids=[row[0] for row in BAD_BLOCKS]
)
def test_bad_block_breaks_exactly_its_rule(blocks: list[dict[str, Any]], expected: str) -> None:
    found = check_call("chat.postMessage", build_post(*blocks), askers={"U1"})
    assert len(found) == 1, found
    assert expected in found[0]


BAD_POSTS: list[tuple[str, dict[str, Any], str]] = [
    ("no text", {"text": ""}, "text: missing"),
    ("long text", {"text": "x" * 40_001}, "40001 characters"),
    ("unfurl links", {"unfurl_links": True}, "unfurl_links: must be False"),
    ("unfurl media", {"unfurl_media": None}, "unfurl_media: must be False"),
    ("link names", {"link_names": True}, "link_names: must be False"),
    ("parse", {"parse": "full"}, "parse: must be 'none'"),
    ("unknown argument", {"unfurl_link": False}, "unknown argument 'unfurl_link'"),
    ("no channel", {"channel": ""}, "channel is missing"),
    ("metadata", {"metadata": {"event_type": "x"}}, "event_payload is missing"),
]


@pytest.mark.parametrize(
    ("change", "expected"), [row[1:] for row in BAD_POSTS], ids=[row[0] for row in BAD_POSTS]
)
def test_bad_post_breaks_exactly_its_rule(change: dict[str, Any], expected: str) -> None:
    found = check_call("chat.postMessage", build_post(**change))
    assert len(found) == 1, found
    assert expected in found[0]


def test_markdown_text_must_stand_alone() -> None:
    assert len(check_call("chat.postMessage", build_post(markdown_text="**x**"))) == 1


BAD_CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("chat.update", {"channel": "C1", "ts": "1.0", "text": "<https://home.example|x>"}, "no unfurl switch"),
    (
        "chat.postEphemeral",
        {"channel": "C1", "user": "U1", "text": "<https://home.example|x>"},
        "no unfurl switch",
    ),
    ("response_url", {"text": "<https://home.example|x>"}, "no unfurl switch"),
    ("assistant.threads.setStatus", {"channel_id": "D1", "thread_ts": "1.0"}, "status is missing"),
    (
        "assistant.threads.setStatus",
        {"channel_id": "D1", "thread_ts": "1.0", "status": "x", "loading_messages": ["x"] * 11},
        "11 items",
    ),
    (
        "assistant.threads.setSuggestedPrompts",
        {"channel_id": "D1", "prompts": [{"title": "x", "message": "x"}] * 5},
        "5 items",
    ),
    (
        "assistant.threads.setSuggestedPrompts",
        {"channel_id": "D1", "thread_ts": "1.0", "prompts": [{"title": "x", "message": "x"}]},
        "fail silently",
    ),
    ("agents.sessions.setStatus", {"channel_id": "D1", "thread_ts": "1.0", "status": "busy"}, "not one of"),
    (
        "views.publish",
        {"user_id": "U1", "view": {"type": "home", "blocks": [{"type": "markdown", "text": "x"}]}},
        "not allowed",
    ),
    (
        "views.open",
        {"trigger_id": "t", "view": {"type": "modal", "title": build_plain("x" * 25), "blocks": []}},
        "25 characters",
    ),
    (
        "views.open",
        {
            "trigger_id": "t",
            "view": {"type": "modal", "title": build_plain(), "blocks": [], "private_metadata": "x" * 3001},
        },
        "3001 characters",
    ),
    (
        "views.publish",
        {"user_id": "U1", "view": {"type": "home", "blocks": [{"type": "divider"}] * 101}},
        "101 items",
    ),
    ("chat.meMessage", {}, "unknown method"),
]


@pytest.mark.parametrize(("method", "arguments", "expected"), BAD_CALLS)
def test_bad_call_breaks_exactly_its_rule(method: str, arguments: dict[str, Any], expected: str) -> None:
    found = check_call(method, arguments)
    assert len(found) == 1, found
    assert expected in found[0]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"blocks": [build_section("x" * 3000)] * 5}, "msg_blocks_too_long"),
        ({"text": "", "blocks": []}, "no_text"),
        ({}, None),
    ],
)
def test_malformed_post_gets_slacks_error_code(change: dict[str, Any], error: str | None) -> None:
    assert find_error("chat.postMessage", build_post(**change)) == error


def test_mrkdwn_with_escapes_quotes_and_asker_is_clean() -> None:
    text = "> quoted\n&lt;b&gt; <mailto:a@home.example|a> <@U1> <!date^1^{date}|x>"
    assert list(check_mrkdwn(text, "text", {"U1"})) == []


def test_addresses_are_found_with_and_without_scheme() -> None:
    value = {
        "text": "see https://a.example/x, b.example and mail c@d.example",
        "blocks": [{"url": "ftp://e.test/"}],
    }
    assert find_urls(value) == ("https://a.example/x", "ftp://e.test/")
    assert set(find_urls(value, bare=True)) == {"https://a.example/x", "ftp://e.test/", "b.example"}
