"""Passages that were read lately are not read again, and never outlive a write or the filter."""

from collections.abc import Collection, Mapping
from typing import Any

from core.access import OPEN_TO_ALL
from core.documents import Facts, Passage
from index.passage_memory import ChosenPayload, PassageMemory

FACTS = Facts("approved", OPEN_TO_ALL)


def build_payload(text: str) -> dict[str, Any]:
    place = {"ordinal": 0, "sentences": [], "heading_path": [], "page": None, "section": 0}
    return {"document_id": "guide", "revision": 1, "facts_digest": FACTS.digest(), "text": text, **place}


class Index:
    """Holds texts by point id; `closed` are those that no filter lets through."""

    def __init__(self, **texts: str) -> None:
        self.texts = texts
        self.closed: set[str] = set()
        self.read_whole: list[str] = []

    def scroll(self, point_ids: Collection[str], payload: ChosenPayload) -> Mapping[str, Mapping[str, Any]]:
        passing = sorted((set(point_ids) & self.texts.keys()) - self.closed)
        if payload == "none":
            return {point_id: {} for point_id in passing}
        self.read_whole += passing
        return {point_id: build_payload(self.texts[point_id]) for point_id in passing}


def read(memory: PassageMemory, index: Index, *point_ids: str) -> dict[str, str]:
    return {key: one.passage.text for key, one in memory.read(point_ids, index.scroll).items()}


def test_passage_is_read_once_and_given_again() -> None:
    memory, index = PassageMemory(), Index(a="one", b="two")
    assert read(memory, index, "a") == {"a": "one"}
    assert read(memory, index, "a", "b", "absent") == {"a": "one", "b": "two"}
    assert index.read_whole == ["a", "b"]
    assert memory.read(["a"], index.scroll)["a"].passage == Passage(0, "one", ())


def test_remembered_passage_that_the_filter_stops_is_left_out() -> None:
    memory, index = PassageMemory(), Index(a="one")
    read(memory, index, "a")
    index.closed.add("a")
    assert read(memory, index, "a") == {}


def test_write_empties_the_memory() -> None:
    memory, index = PassageMemory(), Index(a="one")
    read(memory, index, "a")
    with memory.emptied():
        index.texts["a"] = "other"
    assert read(memory, index, "a") == {"a": "other"}


def test_what_was_read_before_or_while_something_was_written_is_not_remembered() -> None:
    class WrittenMeanwhile(Index):
        def scroll(
            self, point_ids: Collection[str], payload: ChosenPayload
        ) -> Mapping[str, Mapping[str, Any]]:
            found = super().scroll(point_ids, payload)
            with memory.emptied():
                self.texts["a"] = "other"
            return found

    memory = PassageMemory()
    assert read(memory, WrittenMeanwhile(a="one"), "a") == {"a": "one"}
    assert read(memory, Index(a="other"), "a") == {"a": "other"}
    with memory.emptied():
        read(memory, Index(a="half written"), "a")
    assert read(memory, Index(a="written"), "a") == {"a": "written"}


def test_write_between_filter_and_memory_has_the_passage_read_again() -> None:
    class WrittenAfterFilter(Index):
        def scroll(
            self, point_ids: Collection[str], payload: ChosenPayload
        ) -> Mapping[str, Mapping[str, Any]]:
            found = super().scroll(point_ids, payload)
            if payload == "none":
                with memory.emptied():
                    self.texts["a"] = "other"
            return found

    memory, index = PassageMemory(), WrittenAfterFilter(a="one")
    assert read(memory, index, "a") == {"a": "one"}
    assert read(memory, index, "a") == {"a": "other"}


def test_oldest_gives_way_when_the_memory_is_full() -> None:
    memory, index = PassageMemory(most=2), Index(a="one", b="two", c="three")
    for point_id in "abc":
        read(memory, index, point_id)
    read(memory, index, "c")
    read(memory, index, "a")
    assert index.read_whole == ["a", "b", "c", "a"]
