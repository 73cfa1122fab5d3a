"""Promises of index/asker_embedder.py: a dead embedder costs one asker a wait, and nobody else."""

from threading import Event, Thread

import numpy as np
import pytest
from numpy.typing import NDArray

from index.asker_embedder import AskerEmbedder, EmbedderResting
from index.embedder import Embedder, EmbedderUnavailable
from index.unit_vectors import EmbeddingsUnusable
from tests.fakes.hash_embedder import HashEmbedder


class Faltering(HashEmbedder):
    """Raises `failure` while there is one, and counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.failure: Exception | None = EmbedderUnavailable("no answer")
        self.asked = 0

    def embed_question(self, text: str) -> NDArray[np.float32]:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return super().embed_question(text)


class Hand:
    """A clock that stands still until it is moved."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def inner() -> Faltering:
    return Faltering()


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def embedder(inner: Faltering, hand: Hand) -> AskerEmbedder:
    return AskerEmbedder(inner, rest_seconds=30, read_seconds=hand)


def fail_once(embedder: AskerEmbedder) -> None:
    with pytest.raises(EmbedderUnavailable, match=r"^no answer$"):
        embedder.embed_question("teal")


def test_what_works_is_passed_on(embedder: AskerEmbedder, inner: Faltering) -> None:
    inner.failure = None
    door: Embedder = embedder
    door.warm_up()
    assert np.array_equal(door.embed_question("teal"), HashEmbedder().embed_question("teal"))
    assert door.embed_passages(["teal", "logo"]).shape == (2, door.dimension)
    assert door.fingerprint == inner.fingerprint


def test_after_a_failure_nobody_waits_until_the_rest_is_over(
    embedder: AskerEmbedder, inner: Faltering, hand: Hand
) -> None:
    fail_once(embedder)
    inner.failure = None
    hand.seconds += 29
    with pytest.raises(EmbedderResting, match=r"next try in 1 s.*no answer"):
        embedder.embed_question("teal")
    with pytest.raises(EmbedderResting):
        embedder.embed_passages(["teal"])
    assert inner.asked == 1
    hand.seconds += 2
    embedder.embed_question("teal")
    embedder.embed_question("teal")
    assert inner.asked == 3


def test_failure_after_the_rest_begins_a_new_rest(
    embedder: AskerEmbedder, inner: Faltering, hand: Hand
) -> None:
    fail_once(embedder)
    hand.seconds += 31
    fail_once(embedder)
    with pytest.raises(EmbedderResting):
        embedder.embed_question("teal")
    assert inner.asked == 2


def test_one_asker_alone_tries_whether_it_works_again(
    inner: Faltering, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = AskerEmbedder(inner, rest_seconds=30, read_seconds=hand)
    fail_once(embedder)
    hand.seconds += 31
    trying, go_on = Event(), Event()

    def wait(_text: str) -> NDArray[np.float32]:
        trying.set()
        assert go_on.wait(5)
        return np.ones(1, dtype=np.float32)

    monkeypatch.setattr(inner, "embed_question", wait)
    first = Thread(target=embedder.embed_question, args=("teal",))
    first.start()
    assert trying.wait(5)
    with pytest.raises(EmbedderResting):
        embedder.embed_question("teal")
    go_on.set()
    first.join()
    assert embedder.embed_question("teal").shape == (1,)


def test_text_that_the_model_refuses_keeps_no_other_text_from_it(
    embedder: AskerEmbedder, inner: Faltering, hand: Hand
) -> None:
    fail_once(embedder)
    hand.seconds += 31
    inner.failure = EmbeddingsUnusable("model", "too long")
    for _ in range(2):
        with pytest.raises(EmbeddingsUnusable):
            embedder.embed_question("teal")


def test_sentences_that_take_too_long_keep_no_question_from_the_model(
    embedder: AskerEmbedder, inner: Faltering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_texts: object) -> NDArray[np.float32]:
        raise EmbedderUnavailable("it took too long")

    monkeypatch.setattr(inner, "embed_passages", fail)
    inner.failure = None
    with pytest.raises(EmbedderUnavailable, match="it took too long"):
        embedder.embed_passages(["teal"])
    assert embedder.embed_question("teal").shape == (embedder.dimension,)
