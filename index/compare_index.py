"""Compares what an index folder holds with what the ledger says that it must hold. Called by index/repair.py."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, Protocol, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from core.ledger import IndexTask, Ledger
from index.embedder import Embedder
from index.generations import Generations
from index.passage_store import IndexedPassage, KeywordVector, PassageStore
from index.payload import build_payload

NAMING_FIELDS = ("document_id", "revision", "facts_digest")
# What of a passage is text and place; its facts are compared by their digest.
TEXT_FIELDS = ("source", "ordinal", "text", "sentences", "heading_path", "page", "section")


Depth = Literal["facts", "text", "everything"]
"""How much is compared; `everything` is to be written anew without a look."""


@runtime_checkable
class FolderStore(Protocol):
    """A store that keeps its passages in a folder of this machine; index.edge_store."""

    @property
    def folder(self) -> Path:
        """Where it lies."""

    def list_payloads(self, fields: Collection[str]) -> Iterator[Mapping[str, Any]]:
        """These fields of every point."""

    def before_next_write(self, action: Callable[[], None]) -> None:
        """Do this once, before anything is written again."""

    def held_still(self) -> AbstractContextManager[None]:
        """While the block runs, everything is flushed and writers wait."""

    def remove_documents(self, document_ids: Collection[str]) -> None:
        """Remove all points of many documents."""


class OpenIndex(Protocol):
    """What is needed of index.assembly.Index."""

    @property
    def store(self) -> PassageStore:
        """Where points are."""

    @property
    def embedder(self) -> Embedder:
        """Names what the vectors come from."""

    @property
    def ledger(self) -> Ledger:
        """What must be there."""

    @property
    def restore(self) -> Any:
        """Writes a document's passages anew; what it would write is what the index must hold."""

    @property
    def generations(self) -> Generations | None:
        """Which generation answers."""

    def narrow(self, to: Any) -> Any:
        """The same with the parts of one generation."""


@dataclass(slots=True)
class HeldRevision:
    """What the index holds (or must hold) of one revision. `text` sums up all its passages, in any order."""

    passages: int = 0
    digests: set[str] = field(default_factory=set)
    text: int = 0

    def add(self, payload: Mapping[str, Any], *, with_text: bool) -> None:
        """Count one passage in."""
        self.passages += 1
        self.digests.add(str(payload.get("facts_digest")))
        self.text += _mark_text(payload) if with_text else 0


Stored = dict[str, dict[int, HeldRevision]]


def read_stored(store: FolderStore, *, with_text: bool) -> Stored:
    """What the index holds, by document and revision; texts only where they are asked for."""
    found: Stored = {}
    for payload in store.list_payloads((*NAMING_FIELDS, *TEXT_FIELDS) if with_text else NAMING_FIELDS):
        document = found.setdefault(str(payload.get("document_id")), {})
        document.setdefault(cast(int, payload.get("revision")), HeldRevision()).add(
            payload, with_text=with_text
        )
    return found


@dataclass(frozen=True, slots=True)
class IndexComparison:
    """`passages` of each document and revision by the ledger, and what the index has `stored`."""

    index: OpenIndex
    depth: Depth
    passages: Mapping[tuple[str, int], int]
    stored: Stored

    def judge(self, task: IndexTask) -> str:
        """`whole`, `other facts` (settling will do) or `other text` (to be written anew from the stored text)."""
        found = self.stored.get(task.document_id, {})
        counts = {number: self.passages.get((task.document_id, number), 0) for number in task.facts}
        wanted = {number: count for number, count in counts.items() if count}
        held = {number: found[number] for number in wanted if number in found}
        if self.depth == "everything" or {number: one.passages for number, one in held.items()} != wanted:
            return "other text"
        if self.depth == "text" and {number: one.text for number, one in held.items()} != _cut(
            self.index, task
        ):
            return "other text"
        facts = {number: {task.facts[number].digest()} for number in wanted}
        # Passages of other revisions never answer; settling sweeps them.
        return "whole" if facts == {number: one.digests for number, one in found.items()} else "other facts"


def _cut(index: OpenIndex, task: IndexTask) -> dict[int, int]:
    """Revision -> sum of the passages that its stored text gives: what restoring would write, with nothing embedded."""
    recorder = _Recorder()
    parts: Any = {
        "store": recorder,
        "embedder": _NoEmbedder(),
        "keyword_vectors": _NoKeywords(),
        "vocabulary": _NoVocabulary(),
    }
    index.restore(replace(cast(Any, index), **parts), task)
    sums: dict[int, int] = {}
    for passage in recorder.taken:
        sums[passage.revision] = sums.get(passage.revision, 0) + _mark_text(build_payload(passage))
    return sums


def _mark_text(payload: Mapping[str, Any]) -> int:
    content = json.dumps([payload.get(name) for name in TEXT_FIELDS], ensure_ascii=False)
    return int.from_bytes(sha256(content.encode()).digest())


class _Recorder:
    def __init__(self) -> None:
        self.taken: list[IndexedPassage] = []

    def upsert(self, passages: Sequence[IndexedPassage]) -> None:
        self.taken += passages


class _NoEmbedder:
    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.zeros((len(texts), 1), dtype=np.float32)


class _NoKeywords:
    def of_passage(self, _text: str) -> KeywordVector:
        return KeywordVector((), ())


class _NoVocabulary:
    def add(self, texts: Iterable[str]) -> None:
        """The words of what is only compared are known already."""
