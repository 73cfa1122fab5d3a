"""The shape and limits of every Block Kit block, element and object the fake knows.

Read by slack_limits.py. Numbers: Slack's reference and slack_sdk's models agree on them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.fakes.slack_shapes import Check, address, each, instance, one_of, shape, string, typed

FLAG: Final = instance(bool)
NUMBER: Final = instance(int, float)
ACTION_ID: Final = string(255)


def _text(limit: int, *kinds: str) -> Check:
    table = {
        "plain_text": shape({"text": string(limit)}, {"emoji": FLAG}),
        "mrkdwn": shape({"text": string(limit)}, {"verbatim": FLAG}),
    }
    return typed(table, *kinds)


PLAIN: Final = "plain_text"
_PLACEHOLDER: Final = {"placeholder": _text(150, PLAIN), "focus_on_load": FLAG, "action_id": ACTION_ID}
_CONFIRM: Final = shape(
    {"title": _text(100, PLAIN), "text": _text(300), "confirm": _text(30, PLAIN), "deny": _text(30, PLAIN)},
    {"style": one_of("primary", "danger")},
)
_OPTION: Final = shape(
    {"text": _text(75), "value": string(150)}, {"description": _text(75), "url": address(3000)}
)
_GROUP: Final = shape({"label": _text(75, PLAIN), "options": each(_OPTION, low=1, high=100)})
_SLACK_FILE: Final = shape({}, {"id": string(255), "url": address()}, needs=("id", "url"))
_FEEDBACK: Final = shape(
    {"text": _text(75, PLAIN), "value": string(2000)}, {"accessibility_label": string(75)}
)
_DISPATCH: Final = shape({"trigger_actions_on": each(one_of("on_enter_pressed", "on_character_entered"))})
_CHOICES: Final = {
    "options": each(_OPTION, low=1, high=100),
    "option_groups": each(_GROUP, low=1, high=100),
    "confirm": _CONFIRM,
}
_BUTTON: Final = {
    "action_id": ACTION_ID,
    "url": address(3000),
    "value": string(2000),
    "style": one_of("primary", "danger"),
    "confirm": _CONFIRM,
    "accessibility_label": string(75),
}
_IMAGE: Final = {"image_url": address(3000), "slack_file": _SLACK_FILE}

ELEMENTS: Final[dict[str, Check]] = {
    "button": shape({"text": _text(75, PLAIN)}, _BUTTON),
    "icon_button": shape({"icon": one_of("trash"), "text": _text(75, PLAIN)}, _BUTTON),
    "feedback_buttons": shape(
        {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": ACTION_ID}
    ),
    "image": shape({"alt_text": string(2000)}, _IMAGE, needs=("image_url", "slack_file")),
    "overflow": shape(
        {"options": each(_OPTION, low=1, high=5)}, {"action_id": ACTION_ID, "confirm": _CONFIRM}
    ),
    "static_select": shape(
        {}, {**_PLACEHOLDER, **_CHOICES, "initial_option": _OPTION}, needs=("options", "option_groups")
    ),
    "multi_static_select": shape(
        {},
        {**_PLACEHOLDER, **_CHOICES, "initial_options": each(_OPTION), "max_selected_items": NUMBER},
        needs=("options", "option_groups"),
    ),
    "users_select": shape({}, {**_PLACEHOLDER, "initial_user": string(255), "confirm": _CONFIRM}),
    "channels_select": shape({}, {**_PLACEHOLDER, "initial_channel": string(255), "confirm": _CONFIRM}),
    "datepicker": shape({}, {**_PLACEHOLDER, "initial_date": string(10), "confirm": _CONFIRM}),
    "checkboxes": shape(
        {"options": each(_OPTION, low=1, high=10)},
        {"action_id": ACTION_ID, "initial_options": each(_OPTION), "focus_on_load": FLAG},
    ),
    "radio_buttons": shape(
        {"options": each(_OPTION, low=1, high=10)},
        {"action_id": ACTION_ID, "initial_option": _OPTION, "focus_on_load": FLAG},
    ),
    "plain_text_input": shape(
        {},
        {
            **_PLACEHOLDER,
            "initial_value": string(3000),
            "multiline": FLAG,
            "min_length": NUMBER,
            "max_length": NUMBER,
            "dispatch_action_config": _DISPATCH,
        },
    ),
    "url_text_input": shape({}, {**_PLACEHOLDER, "initial_value": string(3000)}),
    "email_text_input": shape({}, {**_PLACEHOLDER, "initial_value": string(3000)}),
}
_ACTIONABLE: Final = (
    "button",
    "overflow",
    "static_select",
    "multi_static_select",
    "users_select",
    "channels_select",
    "datepicker",
    "checkboxes",
    "radio_buttons",
)
_INPUTS: Final = tuple(
    name
    for name in ELEMENTS
    if name not in ("button", "icon_button", "feedback_buttons", "image", "overflow")
)

_STYLE: Final = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), FLAG))
_PARTS: Final[dict[str, Check]] = {
    "text": shape({"text": string(13_000)}, {"style": _STYLE}),
    "link": shape({"url": address()}, {"text": string(3000), "style": _STYLE}),
    "emoji": shape({"name": string(100)}, {"unicode": string(50), "skin_tone": NUMBER, "style": _STYLE}),
    "user": shape({"user_id": string(30)}, {"style": _STYLE}),
    "channel": shape({"channel_id": string(30)}, {"style": _STYLE}),
    "usergroup": shape({"usergroup_id": string(30)}, {"style": _STYLE}),
    "broadcast": shape({"range": one_of("here", "channel", "everyone")}, {"style": _STYLE}),
    "date": shape({"timestamp": NUMBER, "format": string(255)}, {"fallback": string(255), "url": address()}),
}
_RICH: Final[dict[str, Check]] = {
    "rich_text_section": shape({"elements": each(typed(_PARTS))}),
    "rich_text_quote": shape({"elements": each(typed(_PARTS))}, {"border": NUMBER}),
    "rich_text_preformatted": shape(
        {"elements": each(typed(_PARTS, "text", "link"))}, {"border": NUMBER, "language": string(30)}
    ),
}
_RICH["rich_text_list"] = shape(
    {"elements": each(typed(_RICH, "rich_text_section"), low=1), "style": one_of("bullet", "ordered")},
    {"indent": NUMBER, "offset": NUMBER, "border": NUMBER},
)

BLOCKS: Final[dict[str, Check]] = {}
_RICH_BLOCK: Final = typed(BLOCKS, "rich_text")
_CELLS: Final[dict[str, Check]] = {
    "raw_text": shape({"text": string(3000)}),
    "raw_number": shape({"value": NUMBER, "text": string(3000)}),
    "rich_text": shape({"elements": each(typed(_RICH), low=1)}),
}
_COLUMN: Final = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": FLAG})
_SOURCE: Final = typed({"url": shape({"url": address(), "text": string(255)})})
_ICON: Final = typed(ELEMENTS, "image")
_CONTEXT_PARTS: Final[dict[str, Check]] = {
    "plain_text": shape({"text": string(3000)}, {"emoji": FLAG}),
    "mrkdwn": shape({"text": string(3000)}, {"verbatim": FLAG}),
    "image": ELEMENTS["image"],
}


def _block(
    required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *, needs: tuple[str, ...] = ()
) -> Check:
    return shape(required, {**(optional or {}), "block_id": string(255)}, needs=needs)


BLOCKS.update(
    {
        "section": _block(
            {},
            {
                "text": _text(3000),
                "fields": each(_text(2000), low=1, high=10),
                "accessory": typed(ELEMENTS, *_ACTIONABLE, "image"),
                "expand": FLAG,
            },
            needs=("text", "fields"),
        ),
        "divider": _block({}),
        "header": _block({"text": _text(150, PLAIN)}),
        "markdown": _block({"text": string(12_000)}),
        "image": _block(
            {"alt_text": string(2000)},
            {**_IMAGE, "title": _text(2000, PLAIN)},
            needs=("image_url", "slack_file"),
        ),
        "actions": _block({"elements": each(typed(ELEMENTS, *_ACTIONABLE), low=1, high=25)}),
        "context_actions": _block(
            {"elements": each(typed(ELEMENTS, "feedback_buttons", "icon_button"), low=1, high=5)}
        ),
        "context": _block(
            {
                "elements": each(
                    typed(_CONTEXT_PARTS),
                    low=1,
                    high=10,
                )
            }
        ),
        "input": _block(
            {"label": _text(2000, PLAIN), "element": typed(ELEMENTS, *_INPUTS)},
            {"hint": _text(2000, PLAIN), "optional": FLAG, "dispatch_action": FLAG},
        ),
        "rich_text": _block({"elements": each(typed(_RICH), low=1)}),
        "table": _block(
            {"rows": each(each(typed(_CELLS), low=1, high=20), low=1, high=100)},
            {"column_settings": each(_COLUMN, high=20)},
        ),
        "task_card": _block(
            {
                "task_id": string(255),
                "title": string(255),
                "status": one_of("pending", "in_progress", "complete", "error"),
            },
            {"details": _RICH_BLOCK, "output": _RICH_BLOCK, "sources": each(_SOURCE)},
        ),
        "plan": _block({"title": string(255)}, {"tasks": each(typed(BLOCKS, "task_card"), high=50)}),
        "alert": _block(
            {"text": _text(200)}, {"level": one_of("default", "info", "warning", "error", "success")}
        ),
        "card": _block(
            {},
            {
                "hero_image": _ICON,
                "icon": _ICON,
                "title": _text(150),
                "subtitle": _text(150),
                "body": _text(200),
                "actions": each(typed(ELEMENTS, "button"), low=1, high=25),
            },
            needs=("hero_image", "title", "body", "actions"),
        ),
        "carousel": _block({"elements": each(typed(BLOCKS, "card"), low=1, high=10)}),
        "container": _block(
            {"child_blocks": each(typed(BLOCKS), low=1, high=10)},
            {
                "title": _text(150, PLAIN),
                "rich_text_title": _RICH_BLOCK,
                "subtitle": _text(150),
                "width": one_of("narrow", "standard", "wide", "full"),
                "icon": _ICON,
                "is_collapsible": FLAG,
                "default_collapsed": FLAG,
                "has_header_divider": FLAG,
            },
            needs=("title", "rich_text_title"),
        ),
    }
)

SURFACES: Final[dict[str, frozenset[str]]] = {
    "message": frozenset(BLOCKS) - {"alert"},
    "home": frozenset(BLOCKS) - {"alert", "plan", "task_card", "markdown", "context_actions"},
    "modal": frozenset(BLOCKS)
    - {"plan", "task_card", "markdown", "context_actions", "carousel", "container", "table", "card"},
}


def check_blocks(blocks: Any, surface: str, *, most: int) -> Iterator[str]:
    """Yield what is wrong with a list of blocks on a surface: `message`, `home` or `modal`."""
    yield from each(typed(BLOCKS), high=most)(blocks, "blocks")
    listed = [block for block in blocks if isinstance(block, Mapping)] if isinstance(blocks, list) else []
    for number, block in enumerate(listed):
        kind = block.get("type")
        if kind in BLOCKS and kind not in SURFACES[surface]:
            yield f"blocks[{number}]<{kind}>: not allowed in a {surface}"
        if kind == "task_card" and block.get("status") == "pending":
            yield f"blocks[{number}]<task_card>: a task card alone may not be pending"
    identifiers = [block["block_id"] for block in listed if "block_id" in block]
    yield from (
        f"blocks: block_id {name!r} used twice"
        for name in {n for n in identifiers if identifiers.count(n) > 1}
    )
