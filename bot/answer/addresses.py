"""Links, mentions and formatting in a model's words: found in every disguise, taken out of what is shown. Pure."""

import html
import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import unquote

MOST_FOLDS = 3
"""Text may be escaped more than once."""
_CONTROL = re.compile(r"<[!@#][^>]*>|<[^<>|\s]*[:/@][^<>]*>|[\x00-\x08\x0b-\x1f\x7f]")
_MARKDOWN_LINK = re.compile(r"!?\[([^\]]*)\]\s*(?:\([^)]*\)|\[[^\]]*\]|:\s*\S+)")
_ADDRESS = re.compile(
    r"(?<![\w.])[a-z][a-z0-9+.-]*:/{1,2}\S+|\b(?:mailto|tel|sms|file|blob|javascript|data|slack):\S+|//\S+\.\S+"
    r"|\bwww\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w.])(?:[^\W_][\w-]*\.)+[^\W\d_]{2,24}(?:[/:?]\S*)?(?![\w@])"
    r"|(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])",
    re.IGNORECASE,
)
_SPELLED_OUT = re.compile(
    r"\w+ ?[\[({] ?\.? ?(?:dot)? ?[\])}] ?\w+|\w+ dot (?:com|org|net|io|example|co)\b", re.IGNORECASE
)
_HAS_SCHEME = re.compile(r":/|^//|^www\.|^(?:mailto|tel|sms|file|blob|javascript|data|slack):", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w.])@(?=\w)")
_MARKED = re.compile(r"<[!@#]|\]\s*[(\[:]|[<>]|(?<![\w.])@\w")
_LOOKALIKES = dict.fromkeys(map(ord, "․。｡﹒．"), ".") | dict.fromkeys(map(ord, "⁄∕⧸／\\"), "/")
_ABBREVIATIONS = frozenset({"e.g", "i.e", "a.m", "p.m", "u.s", "d.c", "u.k", "e.u"})


def unfold_text(text: str) -> str:
    """As a reader or a crawler may take it: no entities, escapes, invisible signs, look-alike dots or slashes."""
    for _ in range(MOST_FOLDS):
        text = unquote(html.unescape(text))
    shown = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    return " ".join(shown.translate(_LOOKALIKES).casefold().split())


def find_foreign_addresses(text: str, cited: Sequence[str]) -> frozenset[str]:
    """Web, mail and bare addresses of the claim that stand in no cited sentence, however they are written."""
    known = frozenset(address for sentence in cited for address in _list_written(unfold_text(sentence)))
    return frozenset(_list_written(unfold_text(text))) - known


def is_harmless(shown: str) -> bool:
    """True when nothing in the words that would be shown can become a link, a mention or formatting."""
    plain = unfold_text(shown)
    has_hidden = any(unicodedata.category(one) in ("Cf", "Cc", "Cs") for one in shown)
    return not has_hidden and not _MARKED.search(plain) and not re.search(r":/|//", plain)


def sanitise_text(text: str) -> str:
    """The claim without links, Slack control sequences or mentions: only code builds those."""
    plain = _MARKDOWN_LINK.sub(r"\1", _CONTROL.sub(" ", text))
    plain = _ADDRESS.sub(lambda match: "" if _HAS_SCHEME.search(match[0]) else match[0], plain)
    plain = _MENTION.sub("", plain).replace("<", "‹").replace(">", "›")
    return " ".join(plain.split())


def _list_written(plain: str) -> list[str]:
    """Addresses, and those that are spelled out: "evil dot example"."""
    return [*_list_addresses(plain), *(match[0] for match in _SPELLED_OUT.finditer(plain))]


def _list_addresses(plain: str) -> list[str]:
    found = (match[0].rstrip(".,;:!?)'\"”’>|") for match in _ADDRESS.finditer(plain))
    return [address for address in found if address not in _ABBREVIATIONS]
