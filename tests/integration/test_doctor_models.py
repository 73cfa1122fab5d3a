"""The doctor's word on embedder and reranker: reachable and how long the vectors are, or what to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from admin.doctor import CHECKS, Finding, examine
from core.settings import Settings, list_settings
from tests.fakes.embedding_endpoint import EmbeddingEndpoint, serve_embeddings

KEY = "never-shown-1b7f"


@pytest.fixture(autouse=True)
def only_these_checks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list_settings():
        monkeypatch.delenv(name, raising=False)
    chosen = tuple(check for check in CHECKS if check[0] in ("embedder", "reranker"))
    monkeypatch.setattr("admin.doctor.CHECKS", chosen)


@pytest.fixture
def endpoint() -> Iterator[EmbeddingEndpoint]:
    with serve_embeddings(key=KEY) as served:
        yield served


def look(endpoint: EmbeddingEndpoint, *, key: str) -> list[Finding]:
    settings = Settings.from_environment(
        ONBRAND_EMBEDDER="endpoint",
        ONBRAND_EMBEDDER_URL=endpoint.url,
        ONBRAND_EMBEDDER_MODEL="some-model",
        ONBRAND_EMBEDDER_KEY=key,
        ONBRAND_RERANKER_URL=endpoint.url,
        ONBRAND_RERANKER_MODEL="some-reranker",
        ONBRAND_RERANKER_KEY=key,
    )
    return list(examine(settings))


def test_endpoints_that_answer_are_named_with_their_dimension(endpoint: EmbeddingEndpoint) -> None:
    embedder, reranker = look(endpoint, key=KEY)
    assert (embedder.check, embedder.state) == ("embedder", "ok")
    assert "some-model gives vectors of 64 dimensions" in embedder.message
    assert (reranker.check, reranker.state, reranker.message) == ("reranker", "ok", "some-reranker")


def test_endpoints_that_refuse_are_two_findings_with_what_to_do_and_no_key(
    endpoint: EmbeddingEndpoint,
) -> None:
    embedder, reranker = look(endpoint, key="wrong-9c2e")
    assert (embedder.state, reranker.state) == ("failed", "failed")
    assert "ONBRAND_EMBEDDER_KEY" in embedder.message
    assert "HTTP 401" in reranker.message
    assert "wrong-9c2e" not in embedder.message + reranker.message


def test_nothing_is_said_of_models_that_are_not_set() -> None:
    assert list(examine(Settings.from_environment())) == []
