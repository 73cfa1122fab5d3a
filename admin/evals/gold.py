"""Do these words hold the gold? Pure; called by score_retrieval.py, judging.py and `python -m benchmarks.fusion`."""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import unescape

from admin.evals.questions import Gold
from bot.answer.normalise import normalise_text

# Snippets may be cut by markup or span two blocks: this share of their word triples has to be inside.
ENOUGH_TRIPLES = 0.9
# Fewer words than these stand in many places by chance: they count in a gold document only.
TELLING_WORDS = 4
# A cited sentence overlaps the gold when it shares this much of the shorter one: a snippet may begin amid a sentence.
ENOUGH_OVERLAP = 0.5

_LINE_MARKS = re.compile(r"^[ \t>]*(?:#{1,6}[ \t]+|[-*+•●][ \t]+|\d{1,3}[.)][ \t]+)?", re.MULTILINE)
_LINKS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]*>")
_EMPHASIS = re.compile(r"\*+|`+|~~|(?<![^\W_])_+|_+(?![^\W_])|\\(?=[^\w\s])")
_WORDS = re.compile(r"\w+")


def holds_gold(gold: Gold, path: str, text: str) -> bool:
    """True when the gold's words are inside this text of the document at `path`."""
    if path not in gold.paths and len(_WORDS.findall(read_plain(gold.snippet))) < TELLING_WORDS:
        return False
    return _is_inside(gold.snippet, text)


def holds_any_gold(golds: Iterable[Gold], path: str, text: str) -> bool:
    """True when any one is inside."""
    return any(holds_gold(gold, path, text) for gold in golds)


def cites_gold(gold: Gold, path: str, sentence: str) -> bool:
    """True when this sentence of the document at `path` contains the gold, is part of it, or overlaps it."""
    if path not in gold.paths:
        return False
    if _is_inside(gold.snippet, sentence):
        return True
    is_telling = len(_WORDS.findall(read_plain(sentence))) >= TELLING_WORDS
    return is_telling and (_is_inside(sentence, gold.snippet) or _overlaps(sentence, gold.snippet))


def _overlaps(one: str, other: str) -> bool:
    triples = _list_triples(read_plain(one)), _list_triples(read_plain(other))
    shorter = min(map(len, triples))
    return shorter > 0 and len(triples[0] & triples[1]) / shorter >= ENOUGH_OVERLAP


def _is_inside(snippet: str, text: str) -> bool:
    wanted, given = read_plain(snippet), read_plain(text)
    if not wanted:
        return False
    return (
        _has_phrase(wanted, given)
        or _has_row(snippet, text)
        or _share_triples(wanted, given) >= ENOUGH_TRIPLES
    )


def _has_phrase(wanted: str, given: str) -> bool:
    # Guarded at its ends: "Go" is not inside "good". Only against Latin, for not every script has spaces.
    return re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])", given) is not None


def _has_row(snippet: str, text: str) -> bool:
    """Cells of a table, in their order on one line: passages write each with its header, `Word: docs · Not: …`."""
    cells = [cell for cell in map(read_plain, snippet.split("|")) if cell]
    if len(cells) < 2:  # noqa: PLR2004 - one cell is no row
        return False
    row = re.compile(r"(?<![a-z0-9])" + r"(?![a-z0-9]).*(?<![a-z0-9])".join(map(re.escape, cells)))
    return any(row.search(read_plain(line)) for line in text.splitlines())


def _share_triples(wanted: str, given: str) -> float:
    triples = _list_triples(wanted)
    return len(triples & _list_triples(given)) / len(triples) if triples else 0.0


@lru_cache(maxsize=4096)
def _list_triples(plain: str) -> frozenset[tuple[str, str, str]]:
    words = _WORDS.findall(plain)
    return frozenset(zip(words, words[1:], words[2:], strict=False))


@lru_cache(maxsize=4096)
def read_plain(text: str) -> str:
    """Without markup; one spelling of spaces, quotes, dashes and case."""
    shown = _TAGS.sub(" ", _LINKS.sub(r"\1", unescape(text)))
    return normalise_text(_EMPHASIS.sub("", _LINE_MARKS.sub("", shown)).replace("|", " "))
