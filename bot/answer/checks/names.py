"""Names of the claim: each must stand in the sentences, or be the one that speaks in them. Pure."""

import re
from collections.abc import Iterator, Sequence

from bot.answer.checks.language import Language
from bot.answer.checks.reading import mean
from bot.answer.normalise import even_text
from bot.answer.tokens import MONTH_NAMES

MOST_BEFORE = 2
"""A name among so many words that begin a claim speaks in it."""
NAME = re.compile(r"(?<![\w#])(?=\d*[^\W\d_a-zß-ÿ]|[a-z]+[A-Z])\w+(?:['.&+-]\w+)*")
_LABEL = re.compile(r"([^·:]{1,40}): ")
_OPENS = re.compile(r"(?:^|[.!?:;•·|(\"*_]\s*|\s['\"])$")
_PLURAL = re.compile(r"\b[A-Z]{2,}s\b")
_SPEAKS = re.compile(
    r"\b(?:we|our|ours|us|wir|unser\w*|uns|nous|notre|nos|nosotros|nuestr\w+)\b", re.IGNORECASE
)

# English names; in other languages a colour is a word like others, held by the checks of copies.
_COLOUR = re.compile(
    r"\b(?:red|orange|yellow|green|blue|purple|violet|pink|brown|black|white|gr[ae]y|teal|navy|turquoise|cyan|magenta"
    r"|gold|silver|beige|crimson|scarlet|maroon|olive|coral|amber|indigo)\b",
    re.IGNORECASE,
)


def find_names(text: str) -> Iterator[tuple[str, bool]]:
    """Words with a capital, and whether each only begins a sentence."""
    plain = _LABEL.sub(r"\1 ", even_text(text)) if "·" in text else even_text(text)
    for match in NAME.finditer(plain):
        is_first = bool(_OPENS.search(plain[: match.start()])) and match[0][1:].islower()
        yield re.sub(r"'s$", "", match[0]), is_first


def list_unknown_names(
    claim: str, sentences: Sequence[str], language: Language, *, context: Sequence[str] = ()
) -> list[str]:
    """Names that neither the sentences nor what stands above them (`context`: title, headings, brand) has."""
    known = [part for text in (*sentences, *context) for part in split_parts(text)]
    forms, means = frozenset(known), frozenset(mean(part, language) for part in known)
    initials = {one for text in (*sentences, *context) for one in _list_initials(text)}
    plurals = {one.lower() for text in (*sentences, *context) for one in _PLURAL.findall(text)}
    unknown = []
    for name, is_first in find_names(claim):
        parts, short = split_parts(name), name.lower().replace(".", "")
        if all(part in forms or mean(part, language) in means for part in parts):
            continue
        is_word = all(
            part in language.small_words or part in language.same or language.is_noun(part) for part in parts
        )
        if (
            is_word
            or is_first
            or initials & {short, short.removesuffix("s")}
            or f"{short}s" in plurals
            or name.lower() in MONTH_NAMES
        ):
            continue
        unknown.append(name)
    return [] if _is_company(unknown, claim, sentences, language, strict=bool(context)) else unknown


def list_unknown_colours(claim: str, sentences: Sequence[str], *, context: Sequence[str] = ()) -> list[str]:
    """Colours that the claim names and that neither the sentences nor what stands above them do."""
    known = {
        _spell_colour(one) for text in (*sentences, *context) for one in _COLOUR.findall(even_text(text))
    }
    return [one for one in _COLOUR.findall(even_text(claim)) if _spell_colour(one) not in known]


def _spell_colour(word: str) -> str:
    return word.lower().replace("gray", "grey")


def split_parts(text: str) -> list[str]:
    """Words in lower case, a hyphenated one in its parts."""
    return re.findall(r"#?[^\W_]+", even_text(text).lower())


def _is_company(
    unknown: Sequence[str], claim: str, sentences: Sequence[str], language: Language, *, strict: bool
) -> bool:
    """One name, put where the sentences say "we" or name nobody: the company itself. Never in another's place.

    `strict`: what stands above the sentences is known and does not have it, so only "we" makes room for it.
    """
    if len({name.lower() for name in unknown}) != 1 or _is_person(unknown[0], claim, language):
        return False
    leads = unknown[0].lower() in split_parts(claim)[:MOST_BEFORE]
    if leads and any(map(_SPEAKS.search, sentences)) and not _SPEAKS.search(claim):
        return True  # It stands where the sentences say "we".
    return not strict and not _lacks_name(claim, sentences)


def _is_person(name: str, claim: str, language: Language) -> bool:
    """A word with a capital stands right before it, as a first name does."""
    before = re.search(rf"([^\W\d_]+) {re.escape(name)}", even_text(claim))
    first = before[1] if before else ""
    return first[:1].isupper() and first[1:].islower() and first.lower() not in language.small_words


def _lacks_name(claim: str, sentences: Sequence[str]) -> bool:
    """True when a name of the sentences is missing in the claim: another may have taken its place."""
    own = set(split_parts(claim))
    return any(
        not set(split_parts(name)) & own
        for one in sentences
        for name, is_first in find_names(one)
        if not is_first
    )


def _list_initials(text: str) -> Iterator[str]:
    every = re.findall(r"[^\W\d_][\w'-]*", even_text(text))
    yield from _join_initials(every, shortest=3)
    yield from _join_initials([word for word in every if word[0].isupper()], shortest=2)


def _join_initials(words: Sequence[str], *, shortest: int) -> Iterator[str]:
    for length in range(shortest, 6):
        for start in range(len(words) - length + 1):
            yield "".join(word[0] for word in words[start : start + length]).lower()
