"""Rows of a table told in prose: each value stays with its own column. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.answer.checks.names import find_names, split_parts
from bot.answer.normalise import normalise_text

_FIELD = re.compile(r"([^·:]{1,60}): ([^·]+)")
_WORD = re.compile(r"[^\W_]+(?:['.,][^\W_]+)*%?")
FEWEST_LABELS = 2


def are_fields_kept(claim: str, sentences: Sequence[str]) -> bool:
    """False when the claim gives the value of one column to another that it names too."""
    words = _split(claim)
    names = frozenset(part for name, _ in find_names(claim) for part in split_parts(name))
    return all(_keeps(words, _read_fields(one), names) for one in sentences if one.count("·"))


def _read_fields(sentence: str) -> list[tuple[list[str], list[str]]]:
    fields = ((_split(label), _split(value)) for label, value in _FIELD.findall(sentence))
    return [(label, value) for label, value in fields if label and value]


def _keeps(words: list[str], fields: list[tuple[list[str], list[str]]], names: frozenset[str]) -> bool:
    # Columns that the claim names: "Pelmarrow", "Vorsquill", not "Page" or "Owner".
    fields = [(label, value) for label, value in fields if names & set(label)]
    placed = sorted(
        (place, column, is_label)
        for column, (label, value) in enumerate(fields)
        for is_label, wanted in ((True, label), (False, value))
        for place in _find(words, wanted)
    )
    labels = {column for _, column, is_label in placed if is_label}
    if len(labels) < FEWEST_LABELS:
        return True
    # A value belongs to the label that stands right before it.
    for (_, column, is_label), (_, other, is_other_label) in pairwise(placed):
        if is_label and not is_other_label and column != other and fields[column][1] != fields[other][1]:
            return False
    return True


def _find(words: list[str], wanted: list[str]) -> list[int]:
    size = len(wanted)
    return [start for start in range(len(words) - size + 1) if words[start : start + size] == wanted]


def _split(text: str) -> list[str]:
    return _WORD.findall(normalise_text(text))
