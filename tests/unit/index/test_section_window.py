"""Which neighbours are read with a found passage."""

from collections.abc import Collection

from hypothesis import given
from hypothesis import strategies as st

from core.documents import Passage
from index.passage_store import PassageKey
from index.section_window import (
    NEAREST,
    NEIGHBOURS,
    WINDOW_WORDS,
    choose_window,
    join_window,
    list_neighbours,
    read_windows,
)


def build(ordinal: int, *, section: int = 1, words: int = 10) -> Passage:
    return Passage(ordinal=ordinal, text=" ".join(["word"] * words), sentences=(), section=section)


def choose(anchor: int, passages: list[Passage]) -> list[int]:
    near = {passage.ordinal: passage for passage in passages}
    return [passage.ordinal for passage in choose_window(near[anchor], near)]


def test_neighbours_of_the_same_section_are_read_in_order() -> None:
    passages = [build(number, section=1 if number < 4 else 2) for number in range(8)]
    assert choose(2, passages) == [0, 1, 2, 3]
    assert choose(4, passages) == [4, 5, 6, 7]


def test_window_has_no_gap_where_a_neighbour_may_not_be_read() -> None:
    assert choose(5, [build(number) for number in (3, 5, 6, 8)]) == [5, 6]


def test_window_stays_within_its_words_but_for_the_passage_itself() -> None:
    assert choose(1, [build(0, words=200), build(1, words=150), build(2, words=120)]) == [1, 2]
    assert choose(0, [build(0, words=WINDOW_WORDS + 50), build(1)]) == [0]


def test_text_of_a_window_is_its_passages_line_by_line() -> None:
    assert join_window([build(0, words=1), build(1, words=2)]) == "word\nword word"


def test_neighbours_are_asked_nearest_first_and_never_before_the_beginning() -> None:
    assert list_neighbours(1)[:4] == (2, 0, 3, 4)
    assert len(list_neighbours(50)) == 2 * NEIGHBOURS


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(1, 3)), min_size=1, max_size=20), st.data())
def test_window_is_one_run_of_one_section_around_the_passage(
    shapes: list[tuple[int, int]], data: st.DataObject
) -> None:
    passages = [build(number, words=words, section=section) for number, (words, section) in enumerate(shapes)]
    anchor = data.draw(st.integers(0, len(passages) - 1))
    window = choose_window(passages[anchor], dict(enumerate(passages)))
    ordinals = [passage.ordinal for passage in window]
    assert anchor in ordinals
    assert ordinals == list(range(ordinals[0], ordinals[-1] + 1))
    assert {passage.section for passage in window} == {passages[anchor].section}
    assert len(window) == 1 or sum(len(passage.text.split()) for passage in window) <= WINDOW_WORDS


class Document:
    """One document's passages; notes the ordinals that are read."""

    def __init__(self, passages: list[Passage]) -> None:
        self.passages = {name(passage.ordinal): passage for passage in passages}
        self.read_ordinals: list[int] = []

    def read(self, keys: Collection[PassageKey]) -> dict[PassageKey, Passage]:
        self.read_ordinals += sorted(key.ordinal for key in keys)
        return {key: self.passages[key] for key in keys if key in self.passages}


def name(ordinal: int) -> PassageKey:
    return PassageKey("library", "guide", 1, ordinal)


@given(st.lists(st.tuples(st.integers(1, 120), st.integers(1, 2)), min_size=1, max_size=20))
def test_windows_are_those_of_all_neighbours(shapes: list[tuple[int, int]]) -> None:
    passages = [build(number, words=words, section=section) for number, (words, section) in enumerate(shapes)]
    document = Document(passages)
    assert read_windows(document.passages, document.read) == {
        key: choose_window(passage, dict(enumerate(passages))) for key, passage in document.passages.items()
    }


def test_far_neighbours_are_read_only_where_the_window_may_reach_them() -> None:
    short = Document([build(number, section=abs(number - 10) > 1) for number in range(20)])
    read_windows({name(10): short.passages[name(10)]}, short.read)
    assert short.read_ordinals == [8, 9, 11, 12]
    long = Document([build(number) for number in range(20)])
    read_windows({name(10): long.passages[name(10)]}, long.read)
    assert len(long.read_ordinals) == 2 * NEIGHBOURS
    assert long.read_ordinals[: 2 * NEAREST] == [8, 9, 11, 12]
