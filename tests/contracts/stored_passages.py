"""Short words for the passages, people and questions of the passage-store contract."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from core.access import OPEN_TO_ALL, AccessList, Person
from core.documents import Facts, Passage, Sentence, Status, Validity
from index.keyword_vectors import KeywordVectors
from index.passage_store import IndexedPassage, KeywordVector, Legs, Scope

DIMENSION = 4
TODAY = date(2026, 3, 9)
WORDS = KeywordVectors()
NO_KEYWORDS = KeywordVector((), ())
MARA = Person("mara@example.com", groups=frozenset({"marketing"}))
TILO = Person("tilo@example.com", groups=frozenset({"marketing", "launch"}))
EAST: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0)
NORTH: tuple[float, ...] = (0.0, 1.0, 0.0, 0.0)


def build_facts(
    *,
    status: Status = "approved",
    access: AccessList = OPEN_TO_ALL,
    valid: tuple[date | None, date | None] = (None, None),
    brand: str | None = None,
) -> Facts:
    """Facts that let everybody read, unless told otherwise."""
    return Facts(status=status, access=access, validity=Validity(*valid), brand=brand)


def build_passage(
    document_id: str,
    text: str = "our approved promise on data security",
    *,
    ordinal: int = 0,
    revision: int = 1,
    facts: Facts | None = None,
    vector: Sequence[float] = EAST,
) -> IndexedPassage:
    """One passage of one sentence."""
    passage = Passage(ordinal, text, (Sentence(0, len(text)),), ("Messaging", "Security"), page=2, section=1)
    return IndexedPassage(
        document_id=document_id,
        revision=revision,
        source="library",
        title=document_id.title(),
        passage=passage,
        facts=facts or build_facts(),
        vector=to_vector(vector),
        keywords=WORDS.of_passage(text),
    )


def to_vector(values: Sequence[float]) -> NDArray[np.float32]:
    """The same numbers as the stores want them."""
    return np.array(values, dtype=np.float32)


def names(legs: Legs) -> set[str]:
    """The documents found by both legs; that the legs agree on them is part of every promise that asks so."""
    dense, bm25 = ({hit.document_id for hit in leg} for leg in (legs.dense, legs.bm25))
    assert dense == bm25, "a filter holds in one leg only"
    return dense


def build_scope(asker: Person = MARA, *, on: date | None = TODAY, brand: str | None = None) -> Scope:
    """An ordinary question's scope."""
    return Scope(asker=asker, on=on, brand=brand)
