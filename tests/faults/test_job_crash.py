"""kill −9 of workers at any moment of a sync: the end is that of a clean run, and no reader ever sees half a document.

Moments come from a seed that is printed; ONBRAND_TEST_SEED repeats a run.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random, SystemRandom
from uuid import uuid4

import pytest

from admin.operations import run_operation
from core.jobs import JobRow
from core.local_socket import call_owner
from tests.fakes.embedding_endpoint import EmbeddingEndpoint, serve_embeddings
from tests.fakes.qdrant_server import running_qdrant
from tests.faults.crash_corpus import Corpus
from tests.faults.crash_reader import Reader
from tests.faults.crash_snapshot import Payload, Snapshot, find_differences, read_embedded_points, read_points
from tests.faults.crash_world import MODEL, CrashWorld, say
from tests.integration.commands import QuickCommands
from tests.integration.test_postgres import server_url, url

__all__ = ["server_url", "url"]

LEAST_KILLS = 6
"""Of one sync; in the long form more."""
LEAST_SEEN = 30
LONG = pytest.param(200, marks=[pytest.mark.long, pytest.mark.timeout(1800)])

ReadPoints = Callable[[], list[Payload]]


@dataclass(frozen=True)
class Clean:
    """What each round of the corpus comes to without an accident."""

    rounds: tuple[Snapshot, ...]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[EmbeddingEndpoint]:
    with serve_embeddings() as served:
        yield served


@pytest.fixture
def folder(memory_folder: Path) -> Iterator[Path]:
    made = memory_folder / uuid4().hex[:8]
    made.mkdir()
    yield made
    shutil.rmtree(made)


def make_world(folder: Path, settings: dict[str, str], *, count: int = 300) -> CrashWorld:
    (folder / "home").mkdir(parents=True)
    world = CrashWorld(folder / "home", settings, Corpus(folder / "kit", count))
    world.make()
    return world


def sync_clean(folder: Path, settings: dict[str, str], rounds: int, *, count: int = 300) -> Clean:
    """The same rounds in one process that nobody disturbs."""
    world = make_world(folder, settings, count=count)
    commands = QuickCommands(world.home, settings=settings)
    snapshots = []
    for number in range(rounds):
        if number:
            world.corpus.change(number)
        commands.run("sync", "kit")
        snapshots.append(world.snapshot(read_embedded_points(world.home)))
    world.database.close()
    return Clean(tuple(snapshots))


def choose_seed() -> int:
    seed = int(os.environ.get("ONBRAND_TEST_SEED") or SystemRandom().randrange(10**6))
    say(f"seed {seed}")
    return seed


@pytest.mark.parametrize("kills", [15, LONG])
def test_killed_embedded_worker_comes_to_the_end_of_a_clean_run_and_nobody_sees_half(
    folder: Path, endpoint: EmbeddingEndpoint, kills: int
) -> None:
    settings = {**MODEL, "ONBRAND_EMBEDDER_URL": endpoint.url}
    world = make_world(folder / "killed", settings)
    search = partial(search_owner, world)
    run_rounds(world, settings, kills, search=search, read=lambda: read_embedded_points(world.home))


@pytest.mark.parametrize("kills", [15, LONG])
def test_killed_workers_on_postgres_come_to_the_end_of_a_clean_run_and_nobody_sees_half(
    folder: Path, endpoint: EmbeddingEndpoint, url: str, kills: int
) -> None:
    (folder / "qdrant").mkdir()
    model = {**MODEL, "ONBRAND_EMBEDDER_URL": endpoint.url}
    with running_qdrant(folder / "qdrant") as server:
        where = {
            "ONBRAND_DATABASE_URL": url,
            "ONBRAND_QDRANT_URL": server.url,
            "ONBRAND_QDRANT_ALLOW_OPEN": "true",
        }
        world = make_world(folder / "killed", model | where)
        (collection,) = server.fake._collections.values()
        with world.opened() as opened:
            search = partial(run_operation, opened, "search", report=lambda _progress: None)
            run_rounds(world, model, kills, search=search, read=lambda: read_points(collection.shard))


def search_owner(world: CrashWorld, arguments: dict[str, object]) -> dict[str, object]:
    found: dict[str, object] = call_owner(world.home, "search", arguments, lambda _progress: None)
    return found


def run_rounds(
    world: CrashWorld,
    model: dict[str, str],
    kills: int,
    *,
    search: Callable[..., dict[str, object]],
    read: ReadPoints,
) -> None:
    seed = choose_seed()
    random = Random(seed)
    words = [one.word for one in world.corpus.documents]
    found: list[Snapshot] = []
    with Reader(world.database, search, words, seed) as reader:
        while world.kills < kills:
            if found:
                world.corpus.change(len(found))
            job = world.sync_with_kills(random, min(max(LEAST_KILLS, kills // 10), kills - world.kills))
            check_report(world, job)
            found.append(world.snapshot(read()))
    clean = sync_clean(world.home.parent / "clean", model, len(found))
    skipped = check_rounds(world, found, clean)
    assert QuickCommands(world.home, settings=world.settings).run("audit", "verify", "--json").json["ok"]
    say(
        f"{world.kills} kills in {len(found)} syncs, {skipped} numbers skipped; {reader}; {dict(world.aimed)}"
    )
    assert reader.wrong == []
    assert reader.whole > LEAST_SEEN
    world.database.close()


def check_report(world: CrashWorld, job: JobRow) -> None:
    """Done, without a failure, and each file counted once."""
    report = job.report or {}
    assert (job.state, report.get("failed")) == ("done", []), world.explain(job)
    assert report["ingested"] == world.corpus.touched
    assert report["ingested"] + report["unchanged"] == report["listed"] == len(world.corpus.documents)


def check_rounds(world: CrashWorld, found: Sequence[Snapshot], clean: Clean) -> int:
    """After each round as after the clean one; how many documents ended under a higher number."""
    for number, (here, there) in enumerate(zip(found, clean.rounds, strict=True)):
        assert find_differences(here, there) == [], f"round {number}"
        assert (here.doubles, here.orphans) == (0, 0), f"round {number}"
    last, wanted = found[-1].highest, clean.rounds[-1].highest
    skipped = sum(last[key] != wanted[key] for key in wanted)
    assert skipped == 0 or world.is_shared
    return skipped
