"""One spelling for texts that mean the same to the eye. Pure; used where a quotation is compared with its source."""

import re
import unicodedata
from html import unescape

# Written as code points: half of them cannot be seen in a source file.
_INVISIBLE = dict.fromkeys(
    (
        0x00AD,
        0x034F,
        0x061C,
        0x180E,
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
    ),
)
_QUOTES = dict.fromkeys(map(ord, "‘’‚‛′`´"), "'") | dict.fromkeys(map(ord, "“”„‟″«»"), '"')
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_TABLE = {**_INVISIBLE, **_QUOTES, **_DASHES}
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,5}|#x[0-9a-fA-F]{2,5});")
_SPACES = re.compile(r"\s+")


def normalise_text(text: str) -> str:
    """NFKC, plain quotes and dashes, single spaces, nothing invisible, lower case."""
    return even_text(text).casefold()


def even_text(text: str) -> str:
    """The same with capitals kept."""
    # Line and paragraph separators are spaces to the eye, so they go before invisible characters are dropped.
    text = _ENTITY.sub(lambda match: unescape(match[0]), text) if "&" in text else text
    spaced = text.replace("\u2028", " ").replace("\u2029", " ")
    plain = unicodedata.normalize("NFKC", spaced.translate(_TABLE)).translate(_TABLE)
    return _SPACES.sub(" ", plain).strip()
