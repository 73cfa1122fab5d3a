"""A sync whose embedding endpoint or index fails: nothing half-indexed, every file named, and the rest goes on."""

import logging
from collections.abc import Iterator, Mapping

import pytest

from index.endpoint_embedder import EndpointEmbedder, EndpointLimits
from index.model_endpoint import ModelEndpoint
from index.store_errors import IndexFailed
from ingest import ingest_files
from ingest.sync_report import SyncReport
from tests.fakes.embedding_endpoint import CANARY, EmbeddingEndpoint, Fault, serve_embeddings
from tests.integration.small_world import MakeWorld, SmallWorld, as_pairs

LIMITS = EndpointLimits(
    attempts=2, first_wait_seconds=0.01, request_seconds=0.3, deadline_seconds=1, question_seconds=1
)
FILES = 8


@pytest.fixture
def endpoint() -> Iterator[EmbeddingEndpoint]:
    with serve_embeddings() as served:
        yield served


@pytest.fixture
def world(make_world: MakeWorld, endpoint: EmbeddingEndpoint, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    """Eight files in batches of two, embedded by the endpoint, whose vectors are those of the search."""
    monkeypatch.setattr(ingest_files, "BATCH_FILES", 2)
    made = make_world()
    for number in range(FILES):
        made.write(f"{number}.md", f"# Guide {number}\n\nOur colour is number{number}.")
    embedder = EndpointEmbedder(ModelEndpoint(endpoint.url, "some-model"), limits=LIMITS)
    embedder.expect_dimension(made.embedder.dimension)
    made.embedder = embedder  # type: ignore[assignment]
    return made


def list_found(world: SmallWorld) -> set[str]:
    return {one.document.path for one in world.find("colour")}


def names(*numbers: int) -> set[str]:
    return {f"{number}.md" for number in numbers}


def failed(report: SyncReport) -> Mapping[str, str]:
    """Errors by path; no file is named twice or counted twice."""
    errors = as_pairs(report.failed)
    assert len(errors) == len(report.failed)
    assert report.ingested + report.unchanged + len(errors) == report.listed
    return errors


def test_batch_that_meets_a_dead_moment_is_named_and_the_other_batches_go_on(
    world: SmallWorld, endpoint: EmbeddingEndpoint
) -> None:
    endpoint.script = ["none", "status_503", "reset"]
    report = world.sync()
    errors = failed(report)
    assert errors.keys() == names(2, 3)
    assert all("embedding endpoint" in error and "2 attempts" in error for error in errors.values())
    assert list_found(world) == names(0, 1, 4, 5, 6, 7)
    assert report.passages == report.documents == 6


def test_files_that_failed_are_tried_again_by_the_next_sync(
    world: SmallWorld, endpoint: EmbeddingEndpoint
) -> None:
    endpoint.script = ["none", "status_503", "status_503"]
    world.sync()
    report = world.sync()
    assert not report.failed
    assert (report.ingested, report.unchanged) == (2, 6)
    assert list_found(world) == names(*range(FILES))


@pytest.mark.parametrize("fault", ["status_500", "status_401", "reset", "hang"])
def test_dead_endpoint_is_left_alone_after_two_batches_and_every_file_is_named(
    world: SmallWorld, endpoint: EmbeddingEndpoint, fault: Fault
) -> None:
    endpoint.script, endpoint.fault = ["none"], fault
    report = world.sync()
    errors = failed(report)
    assert errors.keys() == names(*range(2, FILES))
    assert [path for path in sorted(errors) if "not tried: " in errors[path]] == sorted(names(6, 7))
    assert all("embedding endpoint at '127.0.0.1" in error for error in errors.values())
    assert CANARY not in str(errors)
    assert len(endpoint.requests) <= 1 + 2 * LIMITS.attempts
    assert list_found(world) == names(0, 1)


def test_unchanged_files_are_not_called_failed_by_a_sync_that_gave_up(
    world: SmallWorld, endpoint: EmbeddingEndpoint
) -> None:
    world.sync()
    for number in range(6):
        world.write(f"{number}.md", f"# Guide {number}\n\nOur colour is new{number}.")
    endpoint.fault = "status_500"
    report = world.sync()
    assert failed(report).keys() == names(*range(6))
    assert report.unchanged == 2
    assert list_found(world) == names(*range(FILES)), "the last good revision goes on answering"


@pytest.mark.parametrize("fault", ["nan", "half", "wrong_size", "one_twice", "garbage", "status_400"])
def test_unusable_vectors_of_one_batch_leave_no_file_out_that_the_model_can_take(
    world: SmallWorld, endpoint: EmbeddingEndpoint, fault: Fault
) -> None:
    endpoint.script = ["none", fault, fault]
    report = world.sync()
    errors = failed(report)
    # A list of one text cannot hold another one twice: alone, that file is fine.
    assert len(errors) == (fault != "one_twice")
    assert list_found(world) == names(*range(FILES)) - errors.keys()


def test_text_that_the_model_cannot_take_fails_its_own_file_alone(
    world: SmallWorld, endpoint: EmbeddingEndpoint
) -> None:
    endpoint.poison = "number3"
    report = world.sync()
    errors = failed(report)
    assert errors.keys() == {"3.md"}
    assert "NaN or infinity" in errors["3.md"]
    assert "Nothing of these texts was indexed" in errors["3.md"]
    assert list_found(world) == names(*range(FILES)) - {"3.md"}
    assert world.store.count() == FILES - 1


def test_model_that_never_gives_usable_vectors_indexes_nothing(
    world: SmallWorld, endpoint: EmbeddingEndpoint
) -> None:
    endpoint.fault = "nan"
    assert failed(world.sync()).keys() == names(*range(FILES))
    assert world.store.count() == 0
    assert world.sync().failed, "what failed is not taken for done"


def test_index_that_fails_once_fails_its_batch_and_the_others_go_on(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    upsert, calls = world.store.upsert, iter(range(FILES))

    def fail_once(passages: object) -> None:
        if next(calls) == 1:
            raise IndexFailed(world.folder, "no space left")
        upsert(passages)  # type: ignore[arg-type]

    monkeypatch.setattr(world.store, "upsert", fail_once)
    errors = failed(world.sync())
    assert errors.keys() == names(2, 3)
    assert all("no space left" in error for error in errors.values())
    assert list_found(world) == names(*range(FILES)) - names(2, 3)


def test_full_sync_that_fails_says_to_run_it_again(world: SmallWorld, endpoint: EmbeddingEndpoint) -> None:
    world.sync()
    endpoint.fault = "status_500"
    errors = failed(world.sync(full=True))
    assert errors.keys() == names(*range(FILES))
    assert all("sync --full` again" in error for error in errors.values())


def test_texts_of_documents_are_not_logged_when_the_endpoint_fails(
    world: SmallWorld, endpoint: EmbeddingEndpoint, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.fault = "status_500"
    with caplog.at_level(logging.DEBUG):
        world.sync()
    assert "embedding request failed" in caplog.text
    assert "number0" not in caplog.text
    assert CANARY not in caplog.text
