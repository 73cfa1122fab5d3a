"""Every rule an outgoing call has to keep: arguments, limits, surfaces, unfurl switches, live text.

Called by slack_answers.py for each call on arrival; tests may call check_call on a payload they built.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.fakes.slack_blocks import FLAG, check_blocks
from tests.fakes.slack_methods import RESPONSE_URL, find_method
from tests.fakes.slack_shapes import Check, each, instance, one_of, shape, string, typed
from tests.fakes.slack_text import check_markdown, check_mrkdwn, check_texts, find_urls, walk

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
TOTAL_CHARACTERS: Final = 13_000
MARKDOWN_CHARACTERS: Final = 12_000
TEXT_CHARACTERS: Final = 40_000
_MESSAGES: Final = ("chat.postMessage", "chat.postEphemeral", "chat.update", RESPONSE_URL)
_PLAIN_24: Final = typed({"plain_text": shape({"text": string(24)}, {"emoji": FLAG})})
_LIST: Final = instance(list)
_VIEW: Final = {"blocks": _LIST}
_VIEW_EXTRA: Final = {
    "private_metadata": string(3000, low=0),
    "callback_id": string(255),
    "external_id": string(255),
}
_VIEWS: Final[dict[str, Check]] = {
    "home": shape(_VIEW, _VIEW_EXTRA),
    "modal": shape(
        {**_VIEW, "title": _PLAIN_24},
        {
            **_VIEW_EXTRA,
            **dict.fromkeys(("submit", "close"), _PLAIN_24),
            **dict.fromkeys(("clear_on_close", "notify_on_close", "submit_disabled"), FLAG),
        },
    ),
}
_ARGUMENTS: Final[dict[tuple[str, str], Check]] = {
    ("assistant.threads.setStatus", "status"): string(1000, low=0),
    ("assistant.threads.setStatus", "loading_messages"): each(string(1000), high=10),
    ("assistant.threads.setTitle", "title"): string(200),
    ("assistant.threads.setSuggestedPrompts", "prompts"): each(
        shape({"title": string(75), "message": string(3000)}), low=1, high=4
    ),
    ("agents.sessions.setStatus", "status"): one_of("active", "processing", "suspended", "closed"),
    ("agents.sessions.setStatus", "title"): string(200),
    ("agents.sessions.rename", "title"): string(200),
    ("views.publish", "view"): typed(_VIEWS, "home"),
    ("views.open", "view"): typed(_VIEWS, "modal"),
    ("views.update", "view"): typed(_VIEWS),
    ("chat.postMessage", "metadata"): (
        _METADATA := shape({"event_type": string(255), "event_payload": instance(dict)})
    ),
    ("chat.update", "metadata"): _METADATA,
    (RESPONSE_URL, "response_type"): one_of("ephemeral", "in_channel"),
}
_SAFE_VALUES: Final = {"unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none"}


def check_call(
    method: str, arguments: Mapping[str, Any], *, askers: Collection[str] = frozenset()
) -> list[str]:
    """Check one call against Slack's limits and our own rules.

    `askers`: user ids that may be mentioned. Returns one line per violation; empty when all is well.
    """
    entry = find_method(method)
    if entry is None:
        return [f"{method}: unknown method"]
    return [f"{method}: {line}" for line in _check(method, arguments, askers)]


def find_error(method: str, arguments: Mapping[str, Any]) -> str | None:
    """Return the error code Slack would answer to a malformed payload, or None."""
    entry = find_method(method)
    if entry is not None and not entry.required <= arguments.keys():
        return "invalid_arguments"
    if method.startswith("views."):
        return "invalid_arguments" if any(_check_view(arguments.get("view"))) else None
    if method not in _MESSAGES:
        return None
    if any(
        check_blocks(arguments["blocks"], "message", most=MESSAGE_BLOCKS) if "blocks" in arguments else ()
    ):
        return "invalid_blocks"
    if count_characters(arguments.get("blocks")) >= TOTAL_CHARACTERS:
        return "msg_blocks_too_long"
    filled = any(arguments.get(key) for key in ("text", "blocks", "markdown_text", "delete_original"))
    return None if filled else "no_text"


def count_characters(blocks: Any) -> int:
    """Count the characters of all texts and alternative texts in blocks."""
    texts = [item.get(key) for _, item in walk(blocks) for key in ("text", "alt_text", "title")]
    return sum(len(text) for text in texts if isinstance(text, str))


def _check(method: str, arguments: Mapping[str, Any], askers: Collection[str]) -> Iterator[str]:
    yield from _check_arguments(method, arguments)
    for (owner, key), check in _ARGUMENTS.items():
        if owner == method and key in arguments:
            yield from check(arguments[key], key)
    if method in _MESSAGES:
        yield from _check_message(method, arguments, askers)
    elif method.startswith("views."):
        yield from _check_view(arguments.get("view"))
        yield from check_texts(arguments.get("view"), "view", askers)
    elif method == "assistant.threads.setSuggestedPrompts" and "thread_ts" in arguments:
        yield "thread_ts: prompts with a thread fail silently in the agent view"
    if (
        method != "chat.postMessage"
        and not method.startswith("views.")
        and (urls := find_urls(dict(arguments)))
    ):
        yield f"carries the address {urls[0]!r} but has no unfurl switch"


def _check_arguments(method: str, arguments: Mapping[str, Any]) -> Iterator[str]:
    entry = find_method(method)
    if entry is None:
        return
    yield from (f"{key} is missing" for key in sorted(entry.required) if arguments.get(key) in (None, ""))
    known = entry.required | entry.optional
    yield from (f"unknown argument {key!r}" for key in arguments if key not in known)


def _check_message(method: str, arguments: Mapping[str, Any], askers: Collection[str]) -> Iterator[str]:
    text, blocks = arguments.get("text"), arguments.get("blocks")
    if blocks is not None:
        yield from _check_block_list(blocks)
        yield from check_texts(blocks, "blocks", askers)
    yield from _check_text(text, arguments)
    if isinstance(text, str):
        yield from check_mrkdwn(text, "text", askers)
    yield from _check_switches(method, arguments)


def _check_text(text: Any, arguments: Mapping[str, Any]) -> Iterator[str]:
    markdown = arguments.get("markdown_text")
    if markdown is not None:
        yield from string(MARKDOWN_CHARACTERS)(markdown, "markdown_text")
        yield from check_markdown(str(markdown), "markdown_text")
        if text or arguments.get("blocks"):
            yield "markdown_text: must stand alone, without text or blocks"
    elif not arguments.get("delete_original"):
        if not isinstance(text, str) or not text.strip():
            yield "text: missing or empty; notifications and screen readers need it"
        elif len(text) > TEXT_CHARACTERS:
            yield f"text: {len(text)} characters, allowed {TEXT_CHARACTERS}"


def _check_switches(method: str, arguments: Mapping[str, Any]) -> Iterator[str]:
    for key, safe in _SAFE_VALUES.items():
        if key in arguments or (method == "chat.postMessage" and key != "link_names"):
            value = arguments.get(key)
            if value != safe:
                yield f"{key}: must be {safe!r}, received {value!r}"


def _check_block_list(blocks: Any) -> Iterator[str]:
    broken = list(check_blocks(blocks, "message", most=MESSAGE_BLOCKS))
    yield from broken
    if not broken:
        yield from _check_with_sdk(blocks)
    if (total := count_characters(blocks)) >= TOTAL_CHARACTERS:
        yield f"blocks: {total} characters in total, allowed fewer than {TOTAL_CHARACTERS}"
    markdown = sum(len(str(item["text"])) for _, item in walk(blocks) if item.get("type") == "markdown")
    if markdown > MARKDOWN_CHARACTERS:
        yield f"blocks: {markdown} characters of markdown in total, allowed {MARKDOWN_CHARACTERS}"


def _check_with_sdk(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        try:
            parsed = Block.parse(dict(block))
            if parsed is not None:
                parsed.to_dict()
        except SlackObjectFormationError as error:
            yield f"blocks[{number}]: slack_sdk refuses it: {error}"


def _check_view(view: Any) -> Iterator[str]:
    if not isinstance(view, Mapping) or view.get("type") not in _VIEWS:
        yield f"view: expected a home or modal view, received {view!r:.60}"
        return
    yield from check_blocks(view.get("blocks"), str(view["type"]), most=VIEW_BLOCKS)
