"""Reranking by a folder or an endpoint: off by default, and a search never fails because of it."""

import logging
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from numpy.typing import NDArray

from core.settings import Settings, list_settings
from index.embedder import Embedder
from index.endpoint_reranker import EndpointReranker, RerankerUnavailable
from index.folder_reranker import FolderReranker
from index.keyword_vectors import KeywordVectors
from index.model_endpoint import ModelEndpoint
from index.model_folder import ModelFolderUnusable
from index.passage_store import Scope
from index.reranker import RERANKED_PASSAGES, Reranker, list_reranked, open_reranker
from index.scores import ScoresUnusable
from index.search import PassageSearch
from tests.fakes.embedding_endpoint import CANARY, EmbeddingEndpoint, Fault, serve_embeddings
from tests.integration.small_world import DAY, READER, MakeWorld, SmallWorld
from tests.integration.tiny_models import write_reranker

KEY = "never-shown-1b7f"
QUESTION = "which colour is our logo"
TEXTS = ["the price list", "our logo", "which colour is our logo", "our brand"]

needs_torch = pytest.mark.skipif(
    find_spec("sentence_transformers") is None, reason="needs the extra [models], which brings torch"
)


@pytest.fixture
def endpoint() -> Iterator[EmbeddingEndpoint]:
    with serve_embeddings() as served:
        yield served


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    monkeypatch.chdir(tmp_path)
    for name in list_settings():
        monkeypatch.delenv(name, raising=False)
    return Settings.from_environment()


def open_endpoint(endpoint: EmbeddingEndpoint, *, seconds: float = 2) -> EndpointReranker:
    return EndpointReranker(ModelEndpoint(endpoint.url, "some-reranker", KEY), seconds=seconds)


class Reversing:
    """Implements Reranker: the last text is the best."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Sequence[str]]] = []

    def rerank(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        self.seen.append((question, texts))
        return np.arange(len(texts), dtype=np.float64)


def test_no_reranker_runs_unless_one_is_set(settings: Settings) -> None:
    assert open_reranker(settings) is None


def test_endpoint_scores_come_back_in_the_order_of_the_texts(endpoint: EmbeddingEndpoint) -> None:
    endpoint.key = KEY
    door: Reranker = open_endpoint(endpoint)
    assert list(door.rerank(QUESTION, TEXTS)) == [0, 2, 5, 1]
    assert endpoint.requests == [
        {"model": "some-reranker", "query": QUESTION, "documents": TEXTS, "top_n": len(TEXTS)}
    ]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("nan", "NaN or infinite"),
        ("words", "no number"),
        ("half", "2 items for 4 texts"),
        ("one_twice", "twice or out of range"),
        ("garbage", "not JSON"),
        ("no_list", "without a list `results`"),
    ],
)
def test_unusable_scores_are_refused(endpoint: EmbeddingEndpoint, fault: Fault, reason: str) -> None:
    endpoint.fault = fault
    with pytest.raises(ScoresUnusable, match=reason):
        open_endpoint(endpoint).rerank(QUESTION, TEXTS)


@pytest.mark.parametrize(
    "fault", ["status_401", "status_500", "redirect", "reset", "cut_body", "hang", "drip"]
)
def test_endpoint_that_fails_is_named_once_in_time_and_without_secrets(
    endpoint: EmbeddingEndpoint, fault: Fault
) -> None:
    endpoint.fault = fault
    started = monotonic()
    with pytest.raises(RerankerUnavailable, match=r"127\.0\.0\.1") as caught:
        open_endpoint(endpoint, seconds=0.4).rerank(QUESTION, TEXTS)
    assert monotonic() - started < 2
    assert len(endpoint.requests) == 1
    assert KEY not in str(caught.value)
    assert CANARY not in str(caught.value)


def test_best_text_comes_first_and_equal_ones_keep_their_order(endpoint: EmbeddingEndpoint) -> None:
    endpoint.score = lambda _question, text: float("colour" in text)
    assert list_reranked(open_endpoint(endpoint), QUESTION, TEXTS) == [2, 0, 1, 3]


def test_only_the_first_passages_are_reranked() -> None:
    reversing = Reversing()
    order = list_reranked(reversing, QUESTION, [str(number) for number in range(RERANKED_PASSAGES + 5)])
    assert order[:RERANKED_PASSAGES] == list(range(RERANKED_PASSAGES))[::-1]
    assert order[RERANKED_PASSAGES:] == list(range(RERANKED_PASSAGES, RERANKED_PASSAGES + 5))


def open_search(world: SmallWorld, reranker: Reranker | None) -> PassageSearch:
    embedder: Embedder = world.embedder
    return PassageSearch(
        store=world.store,
        embedder=embedder,
        keyword_vectors=KeywordVectors(),
        ledger=world.ledger,
        reranker=reranker,
    )


@pytest.fixture
def four(make_world: MakeWorld) -> SmallWorld:
    world = make_world()
    for number in range(4):
        world.write(
            f"{number}.md", f"# Guide {number}\n\n## Colours\n\nOur colour is teal{' teal' * number}."
        )
    world.sync()
    return world


def test_search_is_reordered_by_title_headings_and_text_before_it_is_cut(four: SmallWorld) -> None:
    scope, reversing = Scope(asker=READER, on=DAY), Reversing()
    plain = open_search(four, None).find("teal", scope)
    reranked = open_search(four, reversing).find("teal", scope, limit=2)
    assert len(plain) == 4
    assert [one.point_id for one in reranked] == [one.point_id for one in plain[::-1][:2]]
    ((question, texts),) = reversing.seen
    assert question == "teal"
    assert sorted(text.splitlines()[0] for text in texts) == [f"Guide {number}" for number in range(4)]
    assert all("Colours" in text and "Our colour is teal" in text for text in texts)


@pytest.mark.parametrize("fault", ["status_500", "reset", "hang", "nan", "garbage"])
def test_search_goes_on_in_the_fused_order_when_the_reranker_fails(
    four: SmallWorld, endpoint: EmbeddingEndpoint, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.fault = fault
    scope = Scope(asker=READER, on=DAY)
    plain = open_search(four, None).find("teal", scope)
    with caplog.at_level(logging.WARNING):
        found = open_search(four, open_endpoint(endpoint, seconds=0.3)).find("teal", scope)
    assert len(plain) == 4
    assert found == plain
    assert "passages are not reranked" in caplog.text
    assert "Our colour" not in caplog.text


@needs_torch
def test_folder_scores_each_text(tmp_path: Path) -> None:
    scores = FolderReranker(write_reranker(tmp_path)).rerank(QUESTION, [*TEXTS, "half \ud83d"])
    assert scores.shape == (5,)
    assert np.isfinite(scores).all()
    assert len(set(scores.tolist())) > 1


@needs_torch
def test_folder_of_a_classifier_with_several_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScoresUnusable, match="one label"):
        FolderReranker(write_reranker(tmp_path, labels=3)).rerank(QUESTION, TEXTS)


@needs_torch
def test_folder_that_is_no_model_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelFolderUnusable, match=r"ONBRAND_RERANKER_FOLDER names .* no such folder"):
        FolderReranker(tmp_path / "absent")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelFolderUnusable, match="does not load as a model"):
        FolderReranker(tmp_path).rerank(QUESTION, TEXTS)


@needs_torch
def test_settings_open_the_folder_or_the_endpoint(settings: Settings, tmp_path: Path) -> None:
    folder = settings.model_copy(update={"reranker_folder": write_reranker(tmp_path)})
    assert isinstance(open_reranker(folder), FolderReranker)
    endpoint = settings.model_copy(update={"reranker_url": "http://rerank.pelmarrow.example/v1"})
    assert isinstance(open_reranker(endpoint), EndpointReranker)
