"""Two re-indexes and three syncs that are asked for at once, and a re-index that syncs run into: nothing is mixed."""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from admin.operations import run_operation
from admin.owner import own_world
from admin.working import working
from admin.world import World
from core.errors import TransientError
from core.jobs import JobUnderWay
from core.settings import Settings
from ingest import worker

DOCUMENTS = 40


def ignore(_progress: object) -> None:
    return None


def write_edition(folder: Path, edition: int) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(DOCUMENTS):
        text = f"# Guide {number}\n\nPromise {number} of edition e{edition}x holds.\n\n## On\n\nAlways e{edition}x."
        (folder / f"{number}.md").write_text(text)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Two synced sources, and a worker that looks often."""
    monkeypatch.setattr(worker, "PATROL_SECONDS", 0.1)
    monkeypatch.setattr(worker, "WorkerPlan", partial(worker.WorkerPlan, polling=0.1))
    with own_world(Settings.from_environment(ONBRAND_HOME=tmp_path / "home")) as opened, working(opened):
        for name in ("brand", "legal"):
            write_edition(tmp_path / name, 1)
            options = {"path": str(tmp_path / name)}
            facts = {
                "type": "folder",
                "name": name,
                "options": options,
                "status": "approved",
                "access": "all",
            }
            run_operation(opened, "source add", {**facts, "on_change": "auto_approve"}, ignore)
        run_operation(opened, "sync", {}, ignore)
        yield opened


def start_together(world: World, wishes: list[tuple[str, Mapping[str, Any]]]) -> list[Any]:
    """Run operations from as many threads, all released at one moment; results, or what was raised."""
    barrier = threading.Barrier(len(wishes))

    def run(name: str, arguments: Mapping[str, Any]) -> Any:
        barrier.wait(10)
        try:
            return run_operation(world, name, arguments, ignore)
        except TransientError as error:
            return error

    with ThreadPoolExecutor(len(wishes)) as pool:
        futures = [pool.submit(run, name, arguments) for name, arguments in wishes]
        return [future.result(120) for future in futures]


def list_points(world: World) -> set[tuple[str, int, int]]:
    """(document, revision, passage) of all points of the index that answers."""
    generations = world.index.generations
    assert generations is not None
    with generations.using() as now:
        fields = ("document_id", "revision", "ordinal")
        rows = list(now.store.list_payloads(fields))  # type: ignore[attr-defined]
    return {(row["document_id"], row["revision"], row["ordinal"]) for row in rows}


def says(world: World, word: str) -> set[str]:
    """Documents that a search for a word finds with it."""
    found = run_operation(world, "search", {"question": word, "limit": 100}, ignore)
    return {f"{one['source']}:{one['path']}" for one in found["results"] if word in one["text"]}


def test_two_reindexes_and_three_syncs_at_once_end_whole_and_the_second_reindex_is_refused(
    world: World, tmp_path: Path
) -> None:
    for name in ("brand", "legal"):
        write_edition(tmp_path / name, 2)
    wishes: list[tuple[str, Mapping[str, Any]]] = [
        ("reindex", {"wait": True}),
        ("reindex", {"wait": True, "force": True}),
        ("sync", {"name": "brand"}),
        ("sync", {"name": "legal"}),
        ("sync", {"name": "brand"}),
    ]
    *reindexes, one, legal, other = start_together(world, wishes)
    assert [type(found) for found in reindexes if isinstance(found, Exception)] == [JobUnderWay]
    (done,) = [found for found in reindexes if isinstance(found, dict)]
    assert done["state"] == "switched"
    assert (one, legal[0]["ingested"], one[0]["ingested"]) == (other, DOCUMENTS, DOCUMENTS)
    check_index(world)
    assert {job.state for job in world.jobs.list_jobs()} == {"done"}


def check_index(world: World) -> None:
    """The index that answers holds what the ledger says, all of the newest edition and nothing else."""
    rows = world.ledger.list_documents()
    revisions = {row.document.document_id: row.document.revision for row in rows}
    points = list_points(world)
    assert {(document, revision) for document, revision, _ in points} == set(revisions.items())
    assert len(points) == sum(
        world.ledger.count_passages(document, [revision]) for document, revision in revisions.items()
    )
    assert says(world, "e1x") == set()
    assert len(says(world, "e2x")) > 0


@pytest.mark.parametrize("moment", ["building", "switching"])
def test_sync_that_writes_while_the_index_is_exchanged_loses_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    for name in ("brand", "legal"):
        write_edition(tmp_path / name, 2)
    held, may_go_on = threading.Event(), threading.Event()
    hold_first_batch(monkeypatch, held, may_go_on)
    with ThreadPoolExecutor(2) as pool:
        syncing = pool.submit(run_operation, world, "sync", {"name": "brand"}, ignore)
        assert held.wait(30)
        rebuilding = pool.submit(run_operation, world, "reindex", {"wait": True}, ignore)
        if moment == "switching":
            assert rebuilding.result(60)["state"] == "switched"
        may_go_on.set()
        assert rebuilding.result(60)["state"] == "switched"
        (report,) = syncing.result(60)
    run_operation(world, "sync", {"name": "legal"}, ignore)
    assert (report["ingested"], report["failed"]) == (DOCUMENTS, [])
    check_index(world)


def hold_first_batch(
    monkeypatch: pytest.MonkeyPatch, held: threading.Event, may_go_on: threading.Event
) -> None:
    """The first batch stops between its passages and the ledger's word."""
    from core.sync_ledger import SyncLedger

    commit: Callable[..., Mapping[str, str]] = SyncLedger.commit

    def commit_late(ledger: SyncLedger, *values: Any) -> Mapping[str, str]:
        if not held.is_set():
            held.set()
            assert may_go_on.wait(60)
        return commit(ledger, *values)

    monkeypatch.setattr(SyncLedger, "commit", commit_late)
