"""The words of a text that carry meaning, crudely stemmed. Pure; used by the evidence gate and by passages mode."""

import re
import unicodedata

_WORD = re.compile(r"#[0-9a-f]{3,8}\b|[a-z0-9]+(?:['.&+-][a-z0-9]+)*", re.IGNORECASE)
# Words that ask, join or fill. What a question is about is never among them.
_STOP_WORDS = frozenset(
    """
    a about according actually all am an and any anybody anyone anything are as ask at be because been being but by
    can could current currently did do does doing done each else etc for from get give given go got had has have
    having he hello help her here hey hi him his how i if in into is it its just kind know let lets like lol many
    may me might mine more most much must my need no not of off ok okay on one or our ours out over per please pls
    plz rather right say says shall she should show so some somebody someone something still such sure tell than
    thank thanks that the their theirs them then there these they thing things this those to too up us use used
    using vs versus via want was we were what whats when where which while who whom whose why will with would yes
    you your yours approved official find look looking guide guideline guidelines
    """.split()
)
_SUFFIXES = ("ations", "ation", "ities", "ings", "ness", "ing", "ies", "ied", "ity", "ers", "ed", "er", "es", "ly", "s", "y", "e")


def list_content_words(text: str) -> tuple[str, ...]:
    """Stems of the meaning words in order of appearance, each once."""
    stems = (stem_word(word) for word in split_words(text) if word not in _STOP_WORDS)
    return tuple(dict.fromkeys(stems))


def split_words(text: str) -> tuple[str, ...]:
    """Lower-case words; a hyphenated word also gives its parts, so that `sign-up` meets `sign up`."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").lower()
    words: list[str] = []
    for word in _WORD.findall(folded):
        bare = word.removesuffix("'s")
        words.append(bare)
        words.extend(part for part in re.split(r"['.&+-]", bare) if len(part) > 1 and part != bare)
    return tuple(words)


def stem_word(word: str) -> str:
    """Cut one common English ending while at least three letters stay; words with digits are kept whole."""
    if any(character.isdigit() for character in word):
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)].rstrip("i") or word
    return word
