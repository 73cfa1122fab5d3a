"""Small passages are found, their section is what is read: picks a passage's neighbours. Pure; called by search.py."""

from collections.abc import Mapping, Sequence

from core.documents import Passage

# On both sides: six lines of a list, or more running text than the words allow.
NEIGHBOURS = 6
WINDOW_WORDS = 300


def list_neighbours(ordinal: int) -> tuple[int, ...]:
    """Ordinals that may belong to the window, nearest first, the one after before the one before."""
    sides = ((ordinal + step, ordinal - step) for step in range(1, NEIGHBOURS + 1))
    return tuple(number for pair in sides for number in pair if number >= 0)


def choose_window(anchor: Passage, near: Mapping[int, Passage]) -> tuple[Passage, ...]:
    """The anchor and its neighbours of the same section, without a gap, within the words; in reading order."""
    chosen = {anchor.ordinal: anchor}
    words = len(anchor.text.split())
    for ordinal in list_neighbours(anchor.ordinal):
        passage = near.get(ordinal)
        touches = ordinal - 1 in chosen or ordinal + 1 in chosen
        if passage is None or passage.section != anchor.section or not touches:
            continue
        size = len(passage.text.split())
        if words + size <= WINDOW_WORDS:
            chosen[ordinal] = passage
            words += size
    return tuple(chosen[ordinal] for ordinal in sorted(chosen))


def join_window(window: Sequence[Passage]) -> str:
    """The text of a window."""
    return "\n".join(passage.text for passage in window)
