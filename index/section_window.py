"""Small passages are found, their section is what is read: reads and picks a passage's neighbours. For search.py."""

from collections.abc import Callable, Collection, Mapping, Sequence

from core.documents import Passage
from index.passage_store import PassageKey

# On both sides: six lines of a list, or more running text than the words allow.
NEIGHBOURS = 6
WINDOW_WORDS = 300
# One window in ten reaches further: only there the farther neighbours are read too.
NEAREST = 2

ReadPassages = Callable[[Collection[PassageKey]], Mapping[PassageKey, Passage]]


def list_neighbours(ordinal: int, *, beyond: int = 0, within: int = NEIGHBOURS) -> tuple[int, ...]:
    """Ordinals that may belong to the window, nearest first, the one after before the one before."""
    sides = ((ordinal + step, ordinal - step) for step in range(beyond + 1, within + 1))
    return tuple(number for pair in sides for number in pair if number >= 0)


def read_windows(
    anchors: Mapping[PassageKey, Passage], read: ReadPassages
) -> dict[PassageKey, tuple[Passage, ...]]:
    """The window of each anchor, as if all of its neighbours had been read."""
    known = read({near for key in anchors for near in _list_keys(key, within=NEAREST)})
    windows = {
        key: choose_window(anchor, _pick_near(key, known, within=NEAREST)) for key, anchor in anchors.items()
    }
    far = [key for key, window in windows.items() if _reaches_edge(key, window)]
    if far:
        known = {**known, **read({near for key in far for near in _list_keys(key, beyond=NEAREST)})}
        windows |= {
            key: choose_window(anchors[key], _pick_near(key, known, within=NEIGHBOURS)) for key in far
        }
    return windows


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


def _reaches_edge(key: PassageKey, window: Sequence[Passage]) -> bool:
    """True when what was not read yet may touch it."""
    return max(key.ordinal - window[0].ordinal, window[-1].ordinal - key.ordinal) >= NEAREST


def _list_keys(key: PassageKey, *, beyond: int = 0, within: int = NEIGHBOURS) -> list[PassageKey]:
    ordinals = list_neighbours(key.ordinal, beyond=beyond, within=within)
    return [PassageKey(key.source, key.document_id, key.revision, ordinal) for ordinal in ordinals]


def _pick_near(key: PassageKey, known: Mapping[PassageKey, Passage], *, within: int) -> dict[int, Passage]:
    return {near.ordinal: known[near] for near in _list_keys(key, within=within) if near in known}
