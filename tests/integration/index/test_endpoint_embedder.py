"""An embedding endpoint that answers, errs, dies and lies: every text gets its own vector, or nobody gets any."""

import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

import numpy as np
import pytest

from core.errors import PermanentError, TransientError
from index.embedder import Embedder, Prefixes
from index.endpoint_embedder import (
    EmbeddingEndpointUnavailable,
    EndpointEmbedder,
    EndpointLimits,
)
from index.model_endpoint import ModelEndpoint, list_batches
from index.unit_vectors import EmbeddingsUnusable, make_unit_vectors
from tests.fakes.embedding_endpoint import CANARY, DIMENSION, EmbeddingEndpoint, Fault, serve_embeddings
from tests.fakes.hash_embedder import HashEmbedder

KEY = "never-shown-1b7f"
QUICK = EndpointLimits(first_wait_seconds=0.01, request_seconds=2, deadline_seconds=5, question_seconds=5)
TEXTS = [f"word{number} and another" for number in range(10)]


@pytest.fixture
def endpoint() -> Iterator[EmbeddingEndpoint]:
    with serve_embeddings() as served:
        yield served


def open_quickly(endpoint: EmbeddingEndpoint, limits: EndpointLimits = QUICK) -> EndpointEmbedder:
    return EndpointEmbedder(ModelEndpoint(endpoint.url, "some-model", KEY), limits=limits)


def test_endpoint_embedder_is_an_embedder(endpoint: EmbeddingEndpoint) -> None:
    door: Embedder = open_quickly(endpoint)
    assert door.dimension == DIMENSION
    assert door.embed_passages([]).shape == (0, DIMENSION)


def test_each_text_gets_its_own_vector_whatever_the_order_of_the_answer(endpoint: EmbeddingEndpoint) -> None:
    vectors = open_quickly(endpoint).embed_passages(TEXTS)
    np.testing.assert_allclose(vectors, HashEmbedder(DIMENSION).embed_passages(TEXTS), atol=1e-6)
    assert vectors.dtype == np.float32


def test_vectors_have_unit_length(endpoint: EmbeddingEndpoint) -> None:
    embedder = open_quickly(endpoint)
    np.testing.assert_allclose(np.linalg.norm(embedder.embed_passages(TEXTS), axis=1), 1, atol=1e-6)
    assert np.linalg.norm(embedder.embed_question("word1")) == pytest.approx(1, abs=1e-6)


def test_texts_go_out_in_batches_bounded_by_number(endpoint: EmbeddingEndpoint) -> None:
    open_quickly(endpoint, replace(QUICK, batch_texts=4)).embed_passages(TEXTS)
    assert [len(batch) for batch in endpoint.texts[1:]] == [4, 4, 2]
    assert [text for batch in endpoint.texts[1:] for text in batch] == TEXTS


def test_batches_are_bounded_by_characters_and_a_long_text_goes_alone() -> None:
    texts = ["a" * 40, "b" * 40, "c" * 200, "d" * 10]
    batches = list(list_batches(texts, most_texts=64, most_characters=80))
    assert batches == [texts[:2], texts[2:3], texts[3:]]


def test_dimension_is_asked_once_and_not_at_all_where_it_is_known(endpoint: EmbeddingEndpoint) -> None:
    embedder = open_quickly(endpoint)
    assert [embedder.dimension for _ in range(3)] == [DIMENSION] * 3
    assert len(endpoint.requests) == 1
    knowing = open_quickly(endpoint)
    knowing.expect_dimension(DIMENSION)
    assert knowing.dimension == DIMENSION
    assert len(endpoint.requests) == 1


def test_prefixes_stand_before_questions_and_passages_and_change_the_fingerprint(
    endpoint: EmbeddingEndpoint,
) -> None:
    served = ModelEndpoint(endpoint.url, "some-model")
    embedder = EndpointEmbedder(served, prefixes=Prefixes("query: ", "passage: "), limits=QUICK)
    embedder.embed_passages(["teal"])
    embedder.embed_question("which colour")
    assert endpoint.texts[-2:] == [["passage: teal"], ["query: which colour"]]
    others = [
        EndpointEmbedder(served, prefixes=one)
        for one in (Prefixes(), Prefixes("query: "), Prefixes(None, "q"))
    ]
    assert len({embedder.fingerprint, *(one.fingerprint for one in others)}) == 4


def test_half_a_character_is_sent_as_a_question_mark(endpoint: EmbeddingEndpoint) -> None:
    open_quickly(endpoint).embed_question("teal \ud83d")
    assert endpoint.texts[-1] == ["teal ?"]


@pytest.mark.parametrize(
    "fault", ["status_429", "status_500", "status_503", "status_408", "reset", "cut_body"]
)
def test_failure_that_passes_is_tried_again(
    endpoint: EmbeddingEndpoint, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.script = [fault, fault]
    with caplog.at_level(logging.WARNING):
        vector = open_quickly(endpoint).embed_question("word1")
    assert vector.shape == (DIMENSION,)
    assert len(endpoint.requests) == 3
    assert "attempt 2" in caplog.text
    assert KEY not in caplog.text
    assert CANARY not in caplog.text


def test_request_that_takes_too_long_is_tried_again(endpoint: EmbeddingEndpoint) -> None:
    endpoint.script = ["hang", "drip"]
    open_quickly(endpoint, replace(QUICK, request_seconds=0.3)).embed_question("word1")
    assert len(endpoint.requests) == 3


def test_endpoint_says_how_long_to_wait(endpoint: EmbeddingEndpoint) -> None:
    endpoint.script, endpoint.retry_after = ["status_429"], "0.3"
    started = monotonic()
    open_quickly(endpoint).embed_question("word1")
    assert 0.3 <= monotonic() - started < 2


def test_wait_beyond_the_deadline_is_not_waited_for(endpoint: EmbeddingEndpoint) -> None:
    endpoint.fault, endpoint.retry_after = "status_429", "3600"
    started = monotonic()
    with pytest.raises(EmbeddingEndpointUnavailable, match="HTTP 429"):
        open_quickly(endpoint).embed_question("word1")
    assert monotonic() - started < 2
    assert len(endpoint.requests) == 1


def test_attempts_are_bounded(endpoint: EmbeddingEndpoint) -> None:
    endpoint.fault = "status_500"
    with pytest.raises(EmbeddingEndpointUnavailable, match=r"HTTP 500 \(4 attempts\)") as caught:
        open_quickly(endpoint).embed_question("word1")
    assert len(endpoint.requests) == 4
    assert isinstance(caught.value, TransientError)
    assert CANARY not in str(caught.value)


def test_dead_endpoint_is_named_without_address_secrets() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    dead = ModelEndpoint(f"http://user:{KEY}@127.0.0.1:{port}/v1", "some-model", KEY)
    with pytest.raises(EmbeddingEndpointUnavailable, match=f"'127.0.0.1:{port}' cannot be used") as caught:
        EndpointEmbedder(dead, limits=QUICK).warm_up()
    assert "it cannot be reached" in str(caught.value)
    assert KEY not in f"{caught.value!r} {dead.host}"
    assert "never-shown" not in repr(replace(dead, url="http://host/v1"))


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_slow_endpoint_is_given_up_at_the_deadline(endpoint: EmbeddingEndpoint, fault: Fault) -> None:
    endpoint.fault = fault
    limits = replace(QUICK, request_seconds=0.3, question_seconds=0.7)
    started = monotonic()
    with pytest.raises(EmbeddingEndpointUnavailable):
        open_quickly(endpoint, limits).embed_question("word1")
    assert monotonic() - started < 2


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        ("status_401", "ONBRAND_EMBEDDER_KEY"),
        ("status_404", "ONBRAND_EMBEDDER_MODEL"),
        ("redirect", "no redirect is followed"),
    ],
)
def test_endpoint_that_is_not_set_up_is_asked_once(
    endpoint: EmbeddingEndpoint, fault: Fault, advice: str
) -> None:
    endpoint.fault = fault
    with pytest.raises(EmbeddingEndpointUnavailable, match=advice) as caught:
        open_quickly(endpoint).embed_question("word1")
    assert len(endpoint.requests) == 1
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("fault", ["status_400", "status_413"])
def test_texts_that_the_endpoint_refuses_are_not_sent_again(
    endpoint: EmbeddingEndpoint, fault: Fault
) -> None:
    endpoint.fault = fault
    with pytest.raises(EmbeddingsUnusable, match="refused the texts") as caught:
        open_quickly(endpoint).embed_question("word1")
    assert len(endpoint.requests) == 1
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("nan", "NaN or infinity"),
        ("infinite", "NaN or infinity"),
        ("zeros", "nothing but zeros"),
        ("words", "no list of numbers"),
        ("ragged", "no list of numbers"),
        ("wrong_size", "63 numbers where 64 are expected"),
        ("half", "5 items for 10 texts"),
        ("one_twice", "twice or out of range"),
        ("no_index", "an item without `index`"),
        ("garbage", "not JSON"),
        ("no_list", "without a list `data`"),
    ],
)
def test_unusable_answer_gives_no_vector_at_all(
    endpoint: EmbeddingEndpoint, fault: Fault, reason: str
) -> None:
    embedder = open_quickly(endpoint)
    assert embedder.dimension == DIMENSION
    endpoint.fault = fault
    with pytest.raises(EmbeddingsUnusable, match=reason) as caught:
        embedder.embed_passages(TEXTS)
    assert len(endpoint.requests) == 2
    assert isinstance(caught.value, PermanentError)
    assert "word1" not in str(caught.value)


def test_bad_batch_among_good_ones_gives_no_vector_at_all(endpoint: EmbeddingEndpoint) -> None:
    embedder = open_quickly(endpoint, replace(QUICK, batch_texts=4))
    assert embedder.dimension == DIMENSION
    endpoint.script = ["none", "nan"]
    with pytest.raises(EmbeddingsUnusable):
        embedder.embed_passages(TEXTS)


def test_model_that_changes_its_vectors_length_is_refused(endpoint: EmbeddingEndpoint) -> None:
    embedder = open_quickly(endpoint)
    embedder.expect_dimension(DIMENSION)
    endpoint.dimension = 32
    with pytest.raises(EmbeddingsUnusable, match="32 numbers where 64 are expected"):
        embedder.embed_question("word1")


def test_key_is_sent_as_a_bearer_token(endpoint: EmbeddingEndpoint) -> None:
    endpoint.key = KEY
    assert open_quickly(endpoint).dimension == DIMENSION


@pytest.mark.parametrize("size", [1e-30, 1.0, 1e30, 1e300])
def test_numbers_of_any_size_become_unit_vectors(size: float) -> None:
    vectors = make_unit_vectors([[3 * size, 4 * size]], model="m", texts=1, dimension=2)
    np.testing.assert_allclose(vectors, [[0.6, 0.8]], atol=1e-6)
