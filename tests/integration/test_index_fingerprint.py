"""An index is of one embedder and one prefix: another is refused with what to do, and nothing is changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.access import OPEN_TO_ALL
from core.database import Database
from core.documents import Facts, Passage
from core.settings import Settings, list_settings
from core.world_facts import read_fact
from index import embedders
from index.assembly import FINGERPRINT, Index, IndexMismatch, open_index
from index.endpoint_embedder import EmbeddingEndpointUnavailable
from index.passage_store import IndexedPassage
from tests.fakes.embedding_endpoint import DIMENSION, EmbeddingEndpoint, serve_embeddings
from tests.integration.small_world import open_small_database


@pytest.fixture
def endpoint() -> Iterator[EmbeddingEndpoint]:
    with serve_embeddings() as served:
        yield served


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, memory: Path, request: pytest.FixtureRequest) -> Path:
    folder = memory / f"{abs(hash(request.node.name)):x}"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in list_settings():
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    opened = open_small_database(home)
    yield opened
    opened.close()


def read_settings(home: Path, endpoint: EmbeddingEndpoint, **more: str) -> Settings:
    chosen = {
        "ONBRAND_HOME": str(home),
        "ONBRAND_EMBEDDER": "endpoint",
        "ONBRAND_EMBEDDER_URL": endpoint.url,
        "ONBRAND_EMBEDDER_MODEL": "some-model",
    }
    return Settings.from_environment(**chosen | more)


def add_passage(index: Index) -> None:
    text = "Our colour is teal."
    one = IndexedPassage(
        document_id="guide",
        revision=1,
        source="brand",
        title="Guide",
        passage=Passage(0, text, ()),
        facts=Facts("approved", OPEN_TO_ALL),
        vector=index.embedder.embed_question(text),
        keywords=index.keyword_vectors.of_passage(text),
    )
    index.store.upsert([one])


def test_fingerprint_names_model_prefixes_dimension_and_cutter(
    home: Path, database: Database, endpoint: EmbeddingEndpoint
) -> None:
    with open_index(read_settings(home, endpoint), database):
        pass
    named = read_fact(database, FINGERPRINT) or ""
    assert named.startswith(f"endpoint:some-model:no-prefix:{DIMENSION}-dimensions:cutter-")


def test_index_of_an_endpoint_opens_without_asking_it_again(
    home: Path, database: Database, endpoint: EmbeddingEndpoint
) -> None:
    settings = read_settings(home, endpoint)
    with open_index(settings, database) as index:
        add_passage(index)
    asked = len(endpoint.requests)
    with open_index(settings, database) as index:
        assert index.store.count() == 1
    assert len(endpoint.requests) == asked


def test_first_opening_with_a_dead_endpoint_says_so(
    home: Path, database: Database, endpoint: EmbeddingEndpoint
) -> None:
    endpoint.fault = "status_401"
    with pytest.raises(EmbeddingEndpointUnavailable, match="ONBRAND_EMBEDDER_KEY"):
        open_index(read_settings(home, endpoint), database).__enter__()
    assert read_fact(database, FINGERPRINT) is None


CHANGES = {
    "another model": {"ONBRAND_EMBEDDER_MODEL": "other-model"},
    "another prefix": {"ONBRAND_EMBEDDER_PASSAGE_PREFIX": "passage: "},
    "another kind": {"ONBRAND_EMBEDDER": "onnx"},
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES.keys())
def test_another_embedder_is_refused_with_what_to_do(
    home: Path, database: Database, endpoint: EmbeddingEndpoint, changed: dict[str, str]
) -> None:
    with open_index(read_settings(home, endpoint), database) as index:
        add_passage(index)
    before = read_fact(database, FINGERPRINT)
    with pytest.raises(IndexMismatch) as caught:
        open_index(read_settings(home, endpoint, **changed), database).__enter__()
    for word in (before, "ONBRAND_EMBEDDER", "`onbrand reindex`", "onbrand reindex --with"):
        assert str(word) in str(caught.value)
    assert read_fact(database, FINGERPRINT) == before
    with open_index(read_settings(home, endpoint), database) as index:
        assert index.store.count() == 1


def test_index_of_another_cutter_answers_on_and_says_that_a_new_one_is_due(  # noqa: PLR0917 - fixtures
    home: Path,
    database: Database,
    endpoint: EmbeddingEndpoint,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with open_index(read_settings(home, endpoint), database) as index:
        add_passage(index)
    before = read_fact(database, FINGERPRINT)
    monkeypatch.setattr(embedders, "CUTTER_VERSION", "next")
    with open_index(read_settings(home, endpoint), database) as index:
        assert index.store.count() == 1
    assert "run `onbrand reindex`" in caplog.text
    assert read_fact(database, FINGERPRINT) == before


def test_empty_index_takes_another_embedder_of_the_same_length(
    home: Path, database: Database, endpoint: EmbeddingEndpoint
) -> None:
    with open_index(read_settings(home, endpoint), database):
        pass
    with open_index(read_settings(home, endpoint, ONBRAND_EMBEDDER_MODEL="other-model"), database):
        pass
    assert "other-model" in (read_fact(database, FINGERPRINT) or "")
