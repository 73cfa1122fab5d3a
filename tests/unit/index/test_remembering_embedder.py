"""Promises of index/remembering_embedder.py."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embedder import EmbedderUnavailable
from index.remembering_embedder import RememberingEmbedder
from tests.fakes.answer_world import WordEmbedder


@dataclass
class CountingEmbedder(WordEmbedder):
    asked: list[str] = field(default_factory=list)
    fails: bool = False

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.fails:
            raise EmbedderUnavailable("down")
        self.asked += texts
        return super().embed_passages(texts)


def test_vectors_are_those_of_the_inner_embedder_and_each_text_is_asked_once() -> None:
    inner = CountingEmbedder()
    embedder = RememberingEmbedder(inner)
    texts = ["the logo", "a colour", "the logo"]
    first, again = embedder.embed_passages(texts), embedder.embed_passages(texts[::-1])
    assert np.array_equal(first, WordEmbedder().embed_passages(texts))
    assert np.array_equal(again, first[::-1])
    assert inner.asked == ["the logo", "a colour"]
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)


def test_what_was_not_used_for_longest_is_forgotten_first() -> None:
    inner = CountingEmbedder()
    embedder = RememberingEmbedder(inner, most=2)
    for text in ("one", "two", "one", "three", "one", "two"):
        embedder.embed_passages([text])
    assert inner.asked == ["one", "two", "three", "two"]


def test_failure_passes_through_and_nothing_is_remembered_of_it() -> None:
    inner = CountingEmbedder(fails=True)
    embedder = RememberingEmbedder(inner)
    with pytest.raises(EmbedderUnavailable):
        embedder.embed_passages(["one"])
    inner.fails = False
    assert np.array_equal(embedder.embed_passages(["one"]), WordEmbedder().embed_passages(["one"]))
