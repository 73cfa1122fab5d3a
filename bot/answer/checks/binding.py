"""Does each number of the claim stand with the words that it has in a sentence, and in its order? Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.answer.checks.language import Language
from bot.answer.checks.names import NAME, find_names, split_parts
from bot.answer.checks.quantities import find_measures
from bot.answer.checks.reading import Reading, mean
from bot.answer.checks.units import UNITS
from bot.answer.normalise import even_text, normalise_text
from bot.answer.tokens import (
    MONTH_NAMES,
    drop_dates,
    drop_day_stops,
    even_amounts,
    find_tokens,
    spell_dates,
    spell_numbers,
)

ALMOST_BEST = 0.5
NAME_WEIGHT = 2.0
_CUTS = re.compile(
    r"(?<!\d),(?=\s)|,(?=\s(?!\d))|[;:.](?=\s|$)|[()|•·\n]|\s[-–—]\s"
    r"|(?<![\d%])\s(?:and|but|while|whereas|und|aber|et|mais|y|e|pero)\s"
    r"|\s(?:and|but|while|whereas|und|aber|et|mais|y|e|pero)\s(?!\d)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"[$€£]?(?:\d[\d.,]*)?\d(?: ?(?:%|per ?cent|k|m|bn|thousand|million|billion))?(?!\w)")
_PARTS = re.compile(
    r"\b(?:and|or|while|but|whereas|und|oder|aber|et|ou|mais|y|o|pero)\b|[;.!?]\s", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")
_TURNED = re.compile(
    r"\b(?:down|up|instead|compared|rather|against|versus|vs|previously|formerly|earlier|before|statt|zuvor|vorher"
    r"|auparavant|avant|antes|frente)\b"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence with one fact in it: its numbers, its names, and the meanings of its words.

    `amounts` are the numbers that are no part of a date, each with its unit: the order of those of one kind says
    something, a date may stand anywhere.
    """

    numbers: tuple[str, ...]
    amounts: tuple[tuple[str, str], ...]
    names: frozenset[str]
    capitals: frozenset[str]
    words: frozenset[str]


def is_bound(claim: str, sentences: Sequence[str], language: Language) -> bool:
    """True when each number of the claim stands where no other number's words stand, and in the same order."""
    stored = [piece for sentence in sentences for piece in _list_pieces(sentence, language) if piece.numbers]
    # A number that no sentence has is a count or a share of theirs: it has a check of its own.
    known = {number for piece in stored for number in piece.numbers}
    pieces = [piece for piece in _list_pieces(claim, language) if known & set(piece.numbers)]
    in_order = bool(_TURNED.search(normalise_text(claim))) or all(_keeps_order(one, stored) for one in pieces)
    return in_order and all(_is_piece_bound(piece, stored) for piece in pieces)


def are_facts_exchanged(claim: str, sentences: Sequence[str], language: Language) -> bool:
    """True when two names, or two months, each stand beside the words that the other has in the sentences."""
    pieces = list(_list_pieces(claim, language))
    others = [one for text in sentences for one in _list_pieces(text, language)]
    # A name may begin a sentence: it is one that both sides have.
    both = frozenset().union(*(one.capitals for one in pieces)) & frozenset().union(
        *(one.capitals for one in others)
    )
    own = [_list_parts(piece, both, language) for piece in pieces]
    stored = [_list_parts(one, both, language) for one in others]
    return any(sum(_is_misplaced(one, place, own, stored) for one in own) > 1 for place in (0, 1))


_Parts = tuple[frozenset[str], frozenset[str], frozenset[str]]


def _list_parts(piece: Piece, both: frozenset[str], language: Language) -> _Parts:
    """Its names that are no words of the language, its months, and the meanings of its other words."""
    words = piece.capitals & both
    parts = frozenset(part for name in words for part in split_parts(name)) - MONTH_NAMES
    common = language.same.keys() | language.small_words
    names = frozenset(part for part in parts if part not in common and not language.is_noun(part))
    months = piece.words & {mean(name, language) for name in MONTH_NAMES}
    return names, months, piece.words - months - {mean(name, language) for name in names}


def _is_misplaced(piece: _Parts, place: int, own: Sequence[_Parts], stored: Sequence[_Parts]) -> bool:
    """The pieces that share most words with this one have none of its names (months), but others of the claim."""
    others = frozenset().union(*(one[place] for one in own)) - piece[place]
    shares = [len(piece[2] & one[2]) for one in stored]
    best = max(shares, default=0)
    close = [one[place] for one, share in zip(stored, shares, strict=True) if share == best]
    return bool(best and piece[place]) and all(one & others and not one & piece[place] for one in close)


def do_names_belong(claim: str, sentences: Sequence[str]) -> bool:
    """True when names, and quoted words and the name beside them, that stand together come from one sentence."""
    homes = [frozenset(split_parts(one)) for one in sentences]

    def find_homes(name: str) -> frozenset[int]:
        parts = split_parts(name)
        return frozenset(n for n, words in enumerate(homes) if all(part in words for part in parts))

    plain = even_text(claim)
    placed = [(match.start(), match.end(), find_homes(match[0])) for match in NAME.finditer(plain)]
    placed = [one for one in placed if one[2] and len(one[2]) < len(sentences)]
    # A sentence whose own names are left out: its facts may have been given to somebody else.
    own = set(split_parts(claim))
    losing = frozenset(n for n, one in enumerate(sentences) if _loses_name(one, own))
    for (_, end, one), (start, _, other) in pairwise(placed):
        parted = bool(_PARTS.search(plain[end:start]))
        if not one & other and not parted and one & losing and other & losing:
            return False
    return True


def _loses_name(sentence: str, own: set[str]) -> bool:
    names = (name for name, is_first in find_names(sentence) if not is_first)
    return any(not set(split_parts(name)) & own for name in names)


def is_bridged(
    claim: Reading, sentences: Sequence[Reading], pointing: frozenset[str], *, names: frozenset[str]
) -> bool:
    """True when no clause is put together from two sentences that have nothing to do with each other.

    `names`: meanings of the names in the claim.
    """
    homes = [frozenset(one.words) for one in sentences]
    shared = [one for one in sentences if pointing & one.forms]
    if len(homes) == 1 or shared:
        return True
    are_rows = any(clause.is_row for one in sentences for clause in one.clauses)
    # A single word may come from beside: "315" is 315 contracts when the sentence before counts contracts.
    loose = frozenset() if are_rows else frozenset(claim.words) - names
    return all(_is_clause_bridged(frozenset(clause.words), homes, loose) for clause in claim.clauses)


def _is_clause_bridged(words: frozenset[str], homes: Sequence[frozenset[str]], loose: frozenset[str]) -> bool:
    known = frozenset(word for word in words if any(word in home for home in homes))
    if any(known <= home for home in homes):
        return True
    best = max(homes, key=lambda home: len(known & home))
    others = [home for home in homes if home is not best and (known - best) & home]
    return (len(known - best) <= 1 and known - best <= loose) or all(best & home & words for home in others)


def _is_piece_bound(piece: Piece, stored: Sequence[Piece]) -> bool:
    if not piece.amounts:  # Of a date, only what is dated tells where it belongs.
        stored = [one for one in stored if len(one.numbers) > len(one.amounts)] or stored
    scores = [_share(piece, one) for one in stored]
    best = max(scores, default=0.0)
    if not best:
        return True
    close = [one for one, score in zip(stored, scores, strict=True) if score >= ALMOST_BEST * best]
    return any(set(piece.numbers) & set(one.numbers) for one in close)


def _share(piece: Piece, other: Piece) -> float:
    return len(piece.words & other.words) + NAME_WEIGHT * len(piece.names & other.names)


def _keeps_order(piece: Piece, stored: Sequence[Piece]) -> bool:
    """Numbers that stand in one piece there stand in that order here."""
    known = {amount for one in stored for amount in one.amounts}
    kinds = {kind for one in (piece, *stored) for _, kind in one.amounts}
    # A number without a unit may be of any kind, but where each has the unit that it has in the sentences.
    is_any = "" in kinds and not known.issuperset(piece.amounts)
    return all(_keeps_order_of(kind, piece, stored) for kind in ({None} if is_any else kinds))


def _keeps_order_of(kind: str | None, piece: Piece, stored: Sequence[Piece]) -> bool:
    own = [number for number, other in piece.amounts if kind in (None, other)]
    found = [[number for number, other in one.amounts if kind in (None, other)] for one in stored]
    both = [one for one in found if len(set(one) & set(own)) > 1]
    return not both or any(_is_in_order(own, one) for one in both)


def _is_in_order(numbers: Sequence[str], others: Sequence[str]) -> bool:
    places = [others.index(one) for one in numbers if one in others]
    return places == sorted(places)


def _list_pieces(text: str, language: Language) -> Iterator[Piece]:
    names = frozenset(name.lower() for name, is_first in find_names(text) if not is_first)
    if "·" in text:
        yield from _list_row_pieces(text, language)
        return
    for part in _CUTS.split(drop_day_stops(even_text(text))):
        if not part or not part.strip():
            continue
        capitals = frozenset(name.lower() for name, _ in find_names(part))
        own = capitals & names
        words = (word for word in _WORD.findall(part.lower()) if word not in language.small_words)
        # What a number counts in tells nothing about which number it is.
        meanings = frozenset(mean(word, language) for word in words if word not in UNITS)
        plain = even_amounts(spell_numbers(spell_dates(normalise_text(part))))
        yield Piece(_order_numbers(plain), _list_amounts(plain), own or names, capitals, meanings)


def _list_row_pieces(text: str, language: Language) -> Iterator[Piece]:
    """Of a row each field is a text of its own, and its label stands beside all of its values."""
    for row_field in text.split("·"):
        label, _, value = row_field.rpartition(": ")
        heads = list(_list_pieces(label, language))
        words = frozenset().union(*(one.words for one in heads))
        capitals = frozenset().union(*(one.capitals for one in heads))
        yield from heads
        for piece in _list_pieces(value, language):
            yield replace(piece, words=piece.words | words, names=piece.names | capitals)


def _list_amounts(plain: str) -> tuple[tuple[str, str], ...]:
    units = dict(find_measures(plain))
    numbers = _order_numbers(drop_dates(plain))
    return tuple((one, units.get(one, "%" if one.endswith("%") else "")) for one in numbers)


def _order_numbers(plain: str) -> tuple[str, ...]:
    whole = find_tokens(plain)
    found = (
        token
        for match in _AMOUNT.finditer(plain)
        for token in sorted(find_tokens(match[0]))
        if token in whole
    )
    return tuple(dict.fromkeys(one for one in found if ":" not in one))
