"""Rules for text that reaches Slack: escapes, mentions, links, and every address that occurs in a payload.

Used by slack_limits.py (violations) and by slack_workspace.py (the crawler record).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

_TOKEN: Final = re.compile(r"<([^<>]*)>")
_LINK: Final = re.compile(r"(https://[^|\s]+|mailto:[^|\s]+)\|.+", re.DOTALL)
_LIVE: Final = re.compile(r"\b[a-z][a-z0-9+.-]*://\S|\b(?:mailto|javascript):\S", re.IGNORECASE)
_RAW_AMPERSAND: Final = re.compile(r"&(?!amp;|lt;|gt;)")
_MARKDOWN_LINK: Final = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]*)[^)]*\)")
_MARKDOWN_REFERENCE: Final = re.compile(r"^ {0,3}\[[^\]]+\]:", re.MULTILINE)
_URL: Final = re.compile(r"\b(?:https?|ftp)://[^\s<>|\"'`)\]]+", re.IGNORECASE)
_ENDINGS: Final = "com|net|org|io|dev|ai|app|co|info|biz|xyz|example|invalid|test"
_BARE: Final = re.compile(rf"(?<![@\w./-])(?:[\w-]+\.)+(?:{_ENDINGS})\b(?!\.\w)(?:/\S*)?", re.IGNORECASE)


def walk(value: Any, where: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every object inside a value with its place."""
    if isinstance(value, Mapping):
        yield where, value
        for key, item in value.items():
            yield from walk(item, f"{where}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from walk(item, f"{where}[{number}]")


def list_strings(value: Any) -> Iterator[str]:
    """Yield every text inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from list_strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from list_strings(item)


def find_urls(value: Any, *, bare: bool = False) -> tuple[str, ...]:
    """Find the http(s) and ftp addresses in every text of a value; `bare` adds domains without a scheme."""
    found: list[str] = []
    for text in list_strings(value):
        found += [match.group(0).rstrip(".,;:!?") for match in _URL.finditer(text)]
        if bare:
            found += [match.group(0) for match in _BARE.finditer(_URL.sub(" ", text))]
    return tuple(dict.fromkeys(found))


def check_mrkdwn(text: str, where: str, askers: Collection[str] = ()) -> Iterator[str]:
    """Yield what is live in mrkdwn that may not be: mentions, naked links, unescaped characters."""
    for token in _TOKEN.findall(text):
        yield from _check_token(token, where, askers)
    rest = _TOKEN.sub(" ", text)
    if "<" in rest:
        yield f"{where}: unescaped '<'"
    if ">" in re.sub(r"^\s*>+", "", rest, flags=re.MULTILINE):
        yield f"{where}: unescaped '>'"
    if _RAW_AMPERSAND.search(rest):
        yield f"{where}: unescaped '&'"
    if live := _LIVE.search(rest):
        yield f"{where}: live address outside a link: {live.group(0)!r}"


def _check_token(token: str, where: str, askers: Collection[str]) -> Iterator[str]:
    if token.startswith("!date^"):
        return
    if token.startswith("!"):
        yield f"{where}: broadcast <{token}>"
    elif token.startswith("@"):
        if token[1:].partition("|")[0] not in askers:
            yield f"{where}: mention <{token}> of somebody who did not ask"
    elif token.startswith("#"):
        yield f"{where}: channel link <{token}>"
    elif not _LINK.fullmatch(token):
        yield f"{where}: <{token:.60}> is neither <https://…|label> nor <mailto:…|label>"


def check_markdown(text: str, where: str) -> Iterator[str]:
    """Yield what is live in a markdown block or `markdown_text` that may not be."""
    for image, target in _MARKDOWN_LINK.findall(text):
        if image:
            yield f"{where}: image in markdown"
        elif not target.startswith(("https://", "mailto:")):
            yield f"{where}: link to {target!r:.60}, only https and mailto are allowed"
    rest = _MARKDOWN_LINK.sub(" ", text)
    if _MARKDOWN_REFERENCE.search(rest):
        yield f"{where}: reference link in markdown"
    if live := _LIVE.search(rest):
        yield f"{where}: live address outside a link: {live.group(0)!r}"
    if found := re.search(r"<[!@#][^>]*>", rest):
        yield f"{where}: mention {found.group(0)!r}"


def check_texts(value: Any, where: str, askers: Collection[str] = ()) -> Iterator[str]:
    """Yield what is live and may not be in all blocks of a value."""
    for place, item in walk(value, where):
        kind, text = item.get("type"), item.get("text")
        if kind == "mrkdwn" and isinstance(text, str):
            yield from check_mrkdwn(text, f"{place}<mrkdwn>", askers)
        elif kind == "markdown" and isinstance(text, str):
            yield from check_markdown(text, f"{place}<markdown>")
        elif kind in ("broadcast", "usergroup") or (kind == "channel" and "channel_id" in item):
            yield f"{place}<{kind}>: not allowed"
        elif kind == "user" and item.get("user_id") not in askers:
            yield f"{place}<user>: mention of somebody who did not ask"
