"""What a reader, a crawler or a client could make of a text: every disguise is taken off before it is judged."""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from bot.blocks.answer_blocks import Reply, build_answer
from core.answers import Answer
from tests.fakes.slack_limits import check_call
from tests.fakes.slack_text import find_urls

_DOTS = dict.fromkeys(map(ord, "․。｡﹒．"), ".")
_SLASHES = dict.fromkeys(map(ord, "⁄∕⧸／\\"), "/")
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*:/{1,2}\S+|\b(?:mailto|tel|sms|data|javascript|slack|https?):\S+|//\S+\.\S+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w.])(?:[^\W_][\w-]*\.)+[^\W\d_]{2,}(?:[/:?]\S*)?|(?:\d{1,3}\.){3}\d{1,3}"
)
_MENTION = re.compile(r"<[!@#]|(?<![\w.])@\w")
_FORMATTING = re.compile(r"\]\s*[(\[:]|[<>]")


def unfold(text: str) -> str:
    """The text without entities, percent signs, invisible characters and look-alike dots and slashes; lower case."""
    for _ in range(3):
        text = unquote(html.unescape(text))
    shown = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    return " ".join(shown.translate(_DOTS | _SLASHES).casefold().split())


def list_live(text: str) -> list[str]:
    """Links, mentions and marks of formatting in a text, after all disguises are off."""
    plain = unfold(text)
    return [found[0] for kind in (_ADDRESS, _MENTION, _FORMATTING) for found in kind.finditer(plain)]


def list_foreign(answer: Answer) -> list[str]:
    """What is live in the model's words: an address that stands in a cited sentence may be named, nothing else."""
    found: list[str] = []
    for claim in answer.claims if answer.mode == "model" else ():
        cited = " ".join(unfold(one.sentence) for one in claim.evidence)
        live = [one for one in list_live(claim.text) if ":/" in one or one[0] in "<@]" or one not in cited]
        invisible = [one for one in claim.text if unicodedata.category(one) in ("Cf", "Cc", "Cs")]
        found += [*live, *map(ascii, invisible)]
    return found


def list_words(answer: Answer) -> list[str]:
    """The model's own words, disguises off."""
    return [unfold(claim.text) for claim in answer.claims] if answer.mode == "model" else []


def list_texts(answer: Answer) -> list[str]:
    """Everything an answer holds."""
    evidence = [*answer.nearest, *(one for claim in answer.claims for one in claim.evidence)]
    facts = [part for one in evidence for part in (one.sentence, one.title, one.heading, one.url or "")]
    return [answer.why, *(claim.text for claim in answer.claims), *facts]


def list_harm(answer: Answer) -> list[str]:
    """What the Slack message of an answer can do beside being read."""
    reply = build_answer(answer)
    blocks = [block.to_dict() for block in reply.blocks]
    rules = {"unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none"}
    violations = check_call(
        "chat.postMessage", {"channel": "C1", "text": reply.text, "blocks": blocks} | rules
    )
    return [*violations, *find_urls(reply.text, bare=True), *_list_lively(reply), *_list_marked(blocks)]


def _list_lively(reply: Reply) -> Iterator[str]:
    """Mentions of the plain text, read as a client reads it: only Slack's three entities mean anything."""
    plain = html.unescape(reply.text)
    yield from re.findall(r"[@\uff20\ufe6b](?:channel|here|everyone)", plain)
    yield from re.findall(r"[\w-][.\uff0e\u3002\uff61\u2024](?:example|com)\b", plain)


def _list_marked(value: Any) -> Iterator[str]:
    """Elements that are more than text, and mrkdwn that Slack would look through for names and addresses."""
    if isinstance(value, Mapping):
        kind = value.get("type")
        if kind in (
            "link",
            "user",
            "usergroup",
            "channel",
            "broadcast",
            "emoji",
            "image",
            "markdown",
            "button",
        ):
            yield f"element {kind}"
        if kind == "mrkdwn":
            if value.get("verbatim") is not True:
                yield "mrkdwn that is not verbatim"
            yield from find_urls(str(value["text"]), bare=True)
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _list_marked(one)
