"""Clustered vectors with generated texts and facts, and three askers who may read about 50, 9 and 1 % of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import TODAY
from benchmarks.generated_text import TextMaker
from core.access import AccessList, Person
from core.documents import Facts, Passage, Sentence, Validity
from index.keyword_vectors import KeywordVectors
from index.model_files import DIMENSION
from index.passage_store import IndexedPassage, Scope

CLUSTERS = 500
NOISE = 0.9
PASSAGES_A_DOCUMENT = 10
# 0.9 of the documents are approved, 0.9 of them in date: access leaves 50, 9 and 1 % of all.
APPROVED = IN_DATE = 0.9
SHARES = {"wide": 0.617, "middle": 0.111, "narrow": 0.0124}
NAMES = {"wide": "50 %", "middle": "9 %", "narrow": "1 %"}


@dataclass(frozen=True, slots=True)
class PassageMaker:
    """Makes `count` passages, the same in every run. Vectors and facts exist at once, points block by block."""

    vectors: NDArray[np.float32]
    facts: tuple[Facts, ...]

    def list_blocks(self, size: int) -> Iterator[list[IndexedPassage]]:
        """All passages, `size` at once, so that 200,000 do not have to lie in memory."""
        texts, keywords = TextMaker(11), KeywordVectors()
        for start in range(0, len(self.vectors), size):
            stop = min(start + size, len(self.vectors))
            yield [self._make_passage(number, texts, keywords) for number in range(start, stop)]

    def list_allowed(self, group: str) -> NDArray[np.bool_]:
        """Which passages this group's asker may find today: computed here, not by the product's filter."""
        documents = [
            one.status == "approved"
            and one.validity.contains(TODAY)
            and f"group:{group}" in one.access.clauses[0]
            for one in self.facts
        ]
        return np.repeat(np.array(documents), PASSAGES_A_DOCUMENT)[: len(self.vectors)]

    def _make_passage(self, number: int, texts: TextMaker, keywords: KeywordVectors) -> IndexedPassage:
        document, ordinal = divmod(number, PASSAGES_A_DOCUMENT)
        text = texts.make_paragraph(texts.draw(15, 150))
        return IndexedPassage(
            document_id=f"document-{document}",
            revision=1,
            source="bench",
            title=f"Document {document}",
            passage=Passage(ordinal, text, (Sentence(0, len(text)),)),
            facts=self.facts[document],
            vector=self.vectors[number],
            keywords=keywords.of_passage(text),
        )


def make_passages(count: int) -> PassageMaker:
    """Unit vectors around 500 centres; facts do not depend on the cluster."""
    random = np.random.default_rng(5)
    centres = _normalise(random.standard_normal((CLUSTERS, DIMENSION), dtype=np.float32))
    vectors = random.standard_normal((count, DIMENSION), dtype=np.float32)
    vectors *= np.float32(NOISE / np.sqrt(DIMENSION))
    vectors += centres[random.integers(0, CLUSTERS, count)]
    documents = -(-count // PASSAGES_A_DOCUMENT)
    return PassageMaker(_normalise(vectors), tuple(_make_facts(random) for _ in range(documents)))


def make_question_vectors(maker: PassageMaker, count: int) -> NDArray[np.float32]:
    """Near to passages, as questions are, but none of them."""
    random = np.random.default_rng(6)
    near = maker.vectors[random.integers(0, len(maker.vectors), count)]
    noise = random.standard_normal((count, DIMENSION), dtype=np.float32) * np.float32(
        0.6 / np.sqrt(DIMENSION)
    )
    return _normalise(near + noise)


def build_scope(group: str) -> Scope:
    """An asker of one group, who reads nothing that is open to all: there is nothing such."""
    return Scope(Person(f"{group}@bench.example", groups=frozenset({group})), TODAY)


def _make_facts(random: np.random.Generator) -> Facts:
    draws = random.random(5)
    groups = [
        group for group, share, draw in zip(SHARES, SHARES.values(), draws, strict=False) if draw < share
    ]
    until = TODAY + timedelta(days=90 if draws[3] < IN_DATE else -90)
    return Facts(
        status="approved" if draws[4] < APPROVED else "draft",
        access=AccessList((frozenset({"group:staff", *(f"group:{group}" for group in groups)}),)),
        validity=Validity(TODAY - timedelta(days=400), until),
    )


def _normalise(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit
