"""The words of a text that carry meaning, crudely stemmed. Pure; used by the evidence gate and by passages mode."""

import re
import unicodedata
from functools import lru_cache

from bot.answer.word_lists import MEANING_OF, SMALL_WORDS, SPELLED_OUT

_WORD = re.compile(r"#[0-9a-f]{3,8}\b|[a-z0-9]+(?:['.&+-][a-z0-9]+)*", re.IGNORECASE)
_CONTRACTION = re.compile(r"(?:'s|'re|'ve|'ll|'m|'d|n't)$")
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_SUFFIXES = (
    "ations",
    "ation",
    "ities",
    "ings",
    "ness",
    "ing",
    "ies",
    "ied",
    "ity",
    "ers",
    "ed",
    "er",
    "es",
    "ly",
)
_DOUBLED = re.compile(r"([bdgmnprt])\1$")
_SHORT_SUFFIXES = ("s", "y", "e")
SHORTEST_STEM = 3
_SPELLED_OUT = re.compile("|".join(f"({pattern})" for pattern, _ in SPELLED_OUT), re.IGNORECASE)


def list_content_words(text: str) -> tuple[str, ...]:
    """Stems of the meaning words in order of appearance, each once."""
    return tuple(dict.fromkeys(read_stem(word) for word in list_meaning_words(text)))


# The same sentences are read for every question; so many of them are a few megabytes.
@lru_cache(maxsize=8192)
def list_meaning_words(text: str) -> tuple[str, ...]:
    """The words as they are written, lower-case, without small words, each once."""
    spelled = _SPELLED_OUT.sub(_spell_out, text)
    return tuple(dict.fromkeys(word for word in split_words(spelled) if word not in SMALL_WORDS))


@lru_cache(maxsize=8192)
def read_stem(word: str) -> str:
    """The stem that stands for a meaning word and for all that mean the same."""
    stem = stem_word(MEANING_OF.get(word, word))
    # "mapped" leaves "mapp", and has to meet "map".
    return stem[:-1] if len(stem) > SHORTEST_STEM and _DOUBLED.search(stem) else stem


def split_words(text: str) -> tuple[str, ...]:
    """Lower-case words; a hyphenated word also gives its parts, so that `sign-up` meets `sign up`."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").lower()
    words: list[str] = []
    for word in _WORD.findall(folded):
        bare = _ORDINAL.sub(r"\1", _CONTRACTION.sub("", word))
        words.append(bare)
        words.extend(part for part in re.split(r"['.&+-]", bare) if len(part) > 1 and part != bare)
    return tuple(words)


def stem_word(word: str) -> str:
    """Cut one common English ending while at least three letters stay; words with digits are kept whole."""
    if any(character.isdigit() for character in word):
        return word
    for suffix in (*_SUFFIXES, *_SHORT_SUFFIXES):
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_STEM:
            return word[: -len(suffix)].rstrip("i") or word
    return word


def _spell_out(found: re.Match[str]) -> str:
    return SPELLED_OUT[(found.lastindex or 1) - 1][1]
