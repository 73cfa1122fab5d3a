"""The form in which a passage is stored: ids, payload fields, and back again. Pure; shared by both stores."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import numpy as np
from numpy.typing import NDArray

from core.access import MAX_CLAUSES
from core.documents import Facts, Passage, Sentence
from index.passage_store import IndexedPassage, PassageKey
from index.store_errors import VectorNotFinite, WrongDimension

# Fixed for ever: another value would give every stored point a second, different id.
POINT_NAMESPACE = UUID("6f0a5c1e-3f57-5d0b-9a52-0d7c6e1b9b41")
# Stands for "no such clause" in acl_1 … acl_7 and for "no brand"; matched by every asker.
UNRESTRICTED = "*"
FIRST_DAY, LAST_DAY = 0, 99991231

ACCESS_FIELDS = tuple(f"acl_{level}" for level in range(MAX_CLAUSES))
KEYWORD_FIELDS = ("document_id", "source", "status", "kind", "brand", *ACCESS_FIELDS)
INTEGER_FIELDS = ("revision", "valid_from", "valid_until")
# What read_stored needs.
HIT_FIELDS = (
    *("document_id", "revision", "facts_digest"),
    *("ordinal", "text", "sentences", "heading_path", "page", "section"),
)


def build_point_id(indexed: IndexedPassage) -> str:
    """The id of an indexed passage, so that a second write overwrites."""
    return name_point(
        PassageKey(indexed.source, indexed.document_id, indexed.revision, indexed.passage.ordinal)
    )


def name_point(key: PassageKey) -> str:
    """Same source, document, revision and ordinal give the same id."""
    parts = (key.source, key.document_id, key.revision, key.ordinal)
    return str(uuid5(POINT_NAMESPACE, ":".join(map(str, parts))))


def build_payload(indexed: IndexedPassage) -> dict[str, Any]:
    """Everything stored beside the two vectors. Sentences are flat offsets: start, end, start, end."""
    passage = indexed.passage
    return {
        "document_id": indexed.document_id,
        "revision": indexed.revision,
        "source": indexed.source,
        "title": indexed.title,
        "ordinal": passage.ordinal,
        "text": passage.text,
        "sentences": [offset for sentence in passage.sentences for offset in (sentence.start, sentence.end)],
        "heading_path": list(passage.heading_path),
        "page": passage.page,
        "section": passage.section,
        **build_facts_payload(indexed.facts),
    }


def build_facts_payload(facts: Facts) -> dict[str, Any]:
    """The fields that filters read. All are always present, so that writing them replaces older ones."""
    return {
        **_build_access_payload(facts.access.clauses),
        "status": facts.status,
        "valid_from": FIRST_DAY
        if facts.validity.valid_from is None
        else number_day(facts.validity.valid_from),
        "valid_until": LAST_DAY
        if facts.validity.valid_until is None
        else number_day(facts.validity.valid_until),
        "kind": facts.kind,
        "brand": UNRESTRICTED if facts.brand is None else facts.brand,
        "facts_digest": facts.digest(),
    }


def _build_access_payload(clauses: Sequence[frozenset[str]]) -> dict[str, list[str]]:
    # No clause means nobody: like a clause without principals, an empty list matches no asker.
    # A principal that looks like the marker would open its clause to everyone, so it is dropped.
    levels = [sorted(clause - {UNRESTRICTED}) for clause in clauses or (frozenset(),)]
    missing = [[UNRESTRICTED]] * (MAX_CLAUSES - len(levels))
    return dict(zip(ACCESS_FIELDS, levels + missing, strict=True))


def number_day(day: date) -> int:
    """2026-03-09 → 20260309."""
    return day.year * 10_000 + day.month * 100 + day.day


class StoredPassage(NamedTuple):
    """What a payload says, in the order in which a Hit continues after point id and score."""

    document_id: str
    revision: int
    passage: Passage
    facts_digest: str


def read_stored(payload: Mapping[str, Any]) -> StoredPassage:
    """The passage that a stored payload stands for."""
    return StoredPassage(
        payload["document_id"], payload["revision"], _read_passage(payload), payload["facts_digest"]
    )


def _read_passage(payload: Mapping[str, Any]) -> Passage:
    offsets = payload["sentences"]
    return Passage(
        ordinal=payload["ordinal"],
        text=payload["text"],
        sentences=tuple(map(Sentence, offsets[::2], offsets[1::2])),
        heading_path=tuple(payload["heading_path"]),
        page=payload["page"],
        section=payload["section"],
    )


def check_passage_vectors(passages: Iterable[IndexedPassage], dimension: int) -> None:
    """Refuse the whole batch when one vector cannot be stored, before anything is written."""
    for indexed in passages:
        what = f"the vector of passage {indexed.passage.ordinal} of document {indexed.document_id!r}"
        check_vector(indexed.vector, dimension, what=what)
        if not np.isfinite(indexed.keywords.values).all():
            raise VectorNotFinite(f"the keyword part of {what}")


def check_vector(vector: NDArray[np.float32], dimension: int, *, what: str = "the question's vector") -> None:
    """Raises WrongDimension or VectorNotFinite. `vector` has shape (dimension,)."""
    if vector.shape != (dimension,):
        raise WrongDimension(vector.size, dimension, what=what)
    if not np.isfinite(vector).all():
        raise VectorNotFinite(what)
