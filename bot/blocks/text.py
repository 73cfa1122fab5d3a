"""Text between Slack and us: reads what people typed, makes our text harmless, splits it without loss.

Used by answer_blocks.py for every text that is shown and by bot/claim_event.py for every question.
"""

import html
import re
from urllib.parse import quote, urlsplit

# An invisible break: the text reads the same, but no program takes it for an address any more.
BREAK = "\u200b"
MAX_URL_CHARACTERS = 1000

_TOKEN = re.compile(r"<([^<>]*)>")
_SCHEME = re.compile(
    r"\b([a-z][a-z0-9+.-]*(?=[:\uff1a][/\\\u2044\u2215\uff0f]{2})"
    r"|(?:mailto|javascript|vbscript|data|blob|file|tel|sms|sip|callto|skype|slack|msteams|zoommtg|facetime|webcal)"
    r"(?=[:\uff1a]\S))",
    re.IGNORECASE,
)
# Every character that a program or a person takes for the dot of an address.
_DOMAIN_DOT = re.compile(r"(?<=[\w-])([.\u2024\u3002\ufe52\uff0e\uff61])(?=[^\W\d_]{2})")
_NUMBER_ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?=(?:[.\uff0e]\d{1,3}){3}(?!\d|\.\d))")
_MARKDOWN_LINK = re.compile(r"\](?=[(\[:])")
# The sign inside a mail address stays: its dots are broken.
_MENTION = re.compile(
    r"([@\ufe6b\uff20](?=(?:channel|here|everyone)\b)|(?<![\w.+-])[@\ufe6b\uff20](?=\w))", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_SENTENCE_END = re.compile(r"[.!?…]['\"”’)]*\s+")


def read_question(text: str, bot_user_id: str) -> str:
    """The question as its author sees it: without our mention, without Slack's markup."""
    without_us = re.sub(rf"<@{re.escape(bot_user_id)}(?:\|[^<>]*)?>", " ", text)
    plain = html.unescape(_TOKEN.sub(lambda match: _read_token(match.group(1)), without_us))
    return "\n".join(" ".join(line.split()) for line in plain.splitlines()).strip()


def escape(text: str) -> str:
    """Escape the three characters that mean something to Slack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def neutralise(text: str) -> str:
    """Break whatever could become an address, a Markdown link or a mention. Reads the same as before."""
    text = _SCHEME.sub(lambda match: match.group(0) + BREAK, text)
    text = _DOMAIN_DOT.sub(rf"\1{BREAK}", _NUMBER_ADDRESS.sub(rf"\g<0>{BREAK}", text))
    text = _MARKDOWN_LINK.sub(f"]{BREAK}", text)
    return _MENTION.sub(rf"\1{BREAK}", text)


def build_plain(text: str) -> str:
    """Text for mrkdwn and notifications that can do nothing but be read."""
    return escape(neutralise(text))


def shorten(text: str, limit: int) -> str:
    """One line of at most `limit` characters, for titles and names. Never used on a quotation."""
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def build_link(url: str | None, label: str) -> str:
    """A mrkdwn link when the address is a plain https one, else the label alone."""
    shown = build_plain(label).replace("|", "¦")
    target = check_url(url)
    return f"<{target}|{shown}>" if target else shown


def check_url(url: str | None) -> str | None:
    """The address in a form that cannot end the link early, or None when it may not be linked."""
    if not url or len(url) > MAX_URL_CHARACTERS:
        return None
    target = url.strip()
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme != "https" or not host or not host.isascii() or parts.username is not None:
        return None
    # Slack takes only a small https for the beginning of a link.
    address = parts.scheme + target[len(parts.scheme) :]
    return quote(address, safe="%/:?#[]@!$&'()*+,;=~-._").replace("&", "&amp;")


def split_text(text: str, limit: int) -> tuple[str, ...]:
    """Cut into pieces of at most `limit` characters, at a sentence if possible; joined they are the text."""
    pieces = []
    while len(text) > limit:
        cut = _find_cut(text, limit)
        pieces.append(text[:cut])
        text = text[cut:]
    return (*pieces, text) if text else tuple(pieces)


def _find_cut(text: str, limit: int) -> int:
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, limit)]
    if ends and ends[-1] > limit // 3:
        return ends[-1]
    space = text.rfind(" ", 0, limit)
    return space + 1 if space > limit // 3 else limit


def _read_token(token: str) -> str:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return f"@{label}" if label else ""
    if target.startswith("#"):
        return f"#{label}" if label else ""
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    return label or target
