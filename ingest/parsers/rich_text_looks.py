"""How a run of RTF looks, from the control words before it. Pure; used by rich_text.py."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ingest.parsers.colours import WHITE, is_same
from ingest.parsers.rich_text_words import RtfTables, RtfWord

_TINY_HALF_POINTS = 3


@dataclass(frozen=True, slots=True)
class RtfRun:
    """How text looks, and where it goes; a group begins with that of the group around it."""

    destination: str = ""
    is_skipped: bool = False
    is_hidden: bool = False
    is_struck: bool = False
    is_deleted: bool = False  # while changes are tracked
    half_points: int = 24
    colour: int = 0
    behind: int = 0
    font: int = 0
    fallbacks: int = 1  # characters that stand in for one of Unicode


def change_run(run: RtfRun, word: RtfWord) -> RtfRun:
    """The run after a control word; most of them change nothing that matters here."""
    change = _CHANGES.get(word.name)
    return run if change is None else change(run, word.number)


def is_unseen(run: RtfRun, tables: RtfTables, *, is_painted: bool) -> bool:
    """True when nobody can read text that looks like this. `is_painted`: its paragraph or cell has a ground."""
    if run.is_hidden or run.half_points <= _TINY_HALF_POINTS:
        return True
    colour, behind = tables.find_colour(run.colour), tables.find_colour(run.behind)
    if colour is None or (is_painted and behind is None):
        return False
    return is_same(colour, behind or WHITE)


def _is_on(number: int | None) -> bool:
    return number != 0


_Change = Callable[[RtfRun, int | None], RtfRun]
_CHANGES: dict[str, _Change] = {
    "v": lambda run, number: replace(run, is_hidden=_is_on(number)),
    "strike": lambda run, number: replace(run, is_struck=_is_on(number)),
    "striked": lambda run, number: replace(run, is_struck=_is_on(number)),
    "deleted": lambda run, number: replace(run, is_deleted=_is_on(number)),
    "fs": lambda run, number: replace(run, half_points=24 if number is None else number),
    "cf": lambda run, number: replace(run, colour=number or 0),
    "cb": lambda run, number: replace(run, behind=number or 0),
    "chcbpat": lambda run, number: replace(run, behind=number or 0),
    "highlight": lambda run, number: replace(run, behind=number or 0),
    "f": lambda run, number: replace(run, font=number or 0),
    "uc": lambda run, number: replace(run, fallbacks=1 if number is None else max(0, number)),
    "plain": lambda run, _: RtfRun(run.destination, run.is_skipped, fallbacks=run.fallbacks),
}
