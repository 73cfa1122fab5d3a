"""What changed between two revisions, sentence by sentence. Pure; used wherever a curator decides on a newer draft."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence that is only in the older revision (`removed`), only in the newer one (`added`), or in both."""

    state: Literal["same", "removed", "added"]
    sentence: str


def compare_sentences(older: Sequence[str], newer: Sequence[str]) -> tuple[SentenceChange, ...]:
    """In reading order; of a replaced stretch the removed sentences come first."""
    return tuple(_list_changes(older, newer))


def _list_changes(older: Sequence[str], newer: Sequence[str]) -> Iterator[SentenceChange]:
    for kind, start, end, new_start, new_end in SequenceMatcher(
        None, older, newer, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            yield from (SentenceChange("same", sentence) for sentence in older[start:end])
            continue
        yield from (SentenceChange("removed", sentence) for sentence in older[start:end])
        yield from (SentenceChange("added", sentence) for sentence in newer[new_start:new_end])
