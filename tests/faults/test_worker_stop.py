"""What a worker survives: a deadly document, a stop in mid-sync, a database that is locked; and what it leaves then."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from core.clock import Stopwatch, pause
from core.job_tables import job_files
from core.local_socket import call_owner
from tests.fakes.qdrant_server import RunningQdrant
from tests.fakes.worker_process import WorkerProcess
from tests.faults.crash_snapshot import read_embedded_points
from tests.faults.crash_world import CrashWorld, number_is_taken, say
from tests.faults.test_job_crash import Clean, endpoint, folder
from tests.faults.test_worker_loss import (
    COUNT,
    QUICK,
    begin_sync,
    check_is_clean,
    clean,
    count_most_attempts,
    embedded,
    list_take_overs,
    model,
    qdrant,
    read_shared,
    shared,
    wait_for,
)
from tests.integration.test_postgres import server_url, url

__all__ = ["clean", "embedded", "endpoint", "folder", "model", "qdrant", "server_url", "shared", "url"]

POISON = "nightshade"


def run_until_done(world: CrashWorld, worker: WorkerProcess, job_id: str) -> int:
    """As a service manager would: start it again whenever it dies. How often it died."""
    deaths = 0
    while world.get(job_id).is_under_way:
        if not worker.is_alive:
            deaths += 1
            assert deaths < 12, world.explain(world.get(job_id))
            worker.start()
        pause(0.02)
    return deaths


def test_document_that_kills_the_worker_is_left_out_alone_until_its_bytes_change_or_somebody_asks(
    embedded: CrashWorld,
) -> None:
    folder = embedded.corpus.folder
    for name in ("asked", "mended"):
        (folder / "part3" / f"{name}.md").write_text(f"# Poison\n\nA {POISON} for the {name}.")
    embedded.pace = replace(QUICK, poison=POISON, slow=0.0)
    worker = embedded.start()
    first = embedded.ask()
    deaths = run_until_done(embedded, worker, first.job_id)
    report = embedded.get(first.job_id).report or {}
    say(f"{deaths} deaths")
    assert (report["ingested"], [path for path, _ in pairs(report)]) == (
        60,
        ["part3/asked.md", "part3/mended.md"],
    )
    assert all("has ended 4 workers" in reason for _, reason in pairs(report))
    assert worker.is_alive
    again = embedded.ask()
    assert run_until_done(embedded, worker, again.job_id) == 0
    assert pairs(embedded.get(again.job_id).report or {}) == pairs(report)
    (folder / "part3" / "mended.md").write_text("# Harmless\n\nNothing that kills.")
    changed = embedded.ask()
    assert run_until_done(embedded, worker, changed.job_id) == 0
    report = embedded.get(changed.job_id).report or {}
    assert (report["ingested"], [path for path, _ in pairs(report)]) == (1, ["part3/asked.md"])
    worker.kill()
    check_retry(embedded, changed.job_id)


def check_retry(world: CrashWorld, job_id: str) -> None:
    """Under a worker that it does not kill any more, somebody asks for it again."""
    world.pace = QUICK
    world.start()
    wait_for(world.answers_ping, 30)
    arguments = {"job": job_id, "wait": True}
    retried = call_owner(world.home, "jobs retry-failed", arguments, lambda _progress: None)
    assert (retried["state"], retried["report"]["ingested"], retried["report"]["failed"]) == ("done", 1, [])


def pairs(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(one["document"], one["error"]) for one in report["failed"]]


def test_stopped_embedded_worker_finishes_its_batch_and_the_job_goes_on_at_the_next_start(
    embedded: CrashWorld, clean: Clean
) -> None:
    worker = embedded.start()
    job = embedded.ask()
    assert embedded.wait_until(number_is_taken, job.job_id, 30)
    watch = Stopwatch()
    assert worker.stop() == 0
    say(f"stopped after {watch.milliseconds() / 1000:.1f} s")
    check_is_resting(embedded, job.job_id)
    again = embedded.start()
    ended = embedded.wait_for_end(job.job_id)
    assert (ended.state, ended.report and ended.report["ingested"]) == ("done", COUNT)
    assert count_most_attempts(embedded.database) == 1
    assert again.stop() == 0
    check_is_clean(embedded, read_embedded_points(embedded.home), clean)


def test_job_of_a_stopped_worker_goes_on_with_the_other_one(
    shared: CrashWorld, qdrant: RunningQdrant, clean: Clean
) -> None:
    job_id, _, steering = begin_sync(shared, 2)
    watch = Stopwatch()
    assert steering.stop() == 0
    say(f"stopped after {watch.milliseconds() / 1000:.1f} s")
    ended = shared.wait_for_end(job_id)
    assert (ended.state, ended.report and ended.report["ingested"]) == ("done", COUNT)
    assert count_most_attempts(shared.database) == 1
    assert list_take_overs(shared.database) == []
    check_is_clean(shared, read_shared(qdrant), clean)


def check_is_resting(world: CrashWorld, job_id: str) -> None:
    """In the midst of the job, and no file was begun that is not at its end."""
    begun = select(func.count()).where(job_files.c.state == "waiting", job_files.c.attempts > 0)
    with world.database.read() as connection:
        assert connection.execute(begun).scalar_one() == 0
    assert world.get(job_id).is_under_way
    assert world.look(job_id).waiting > 0


def test_worker_waits_for_a_database_that_is_locked_for_ten_seconds(
    embedded: CrashWorld, clean: Clean
) -> None:
    worker = embedded.start()
    job = embedded.ask()
    assert embedded.wait_until(number_is_taken, job.job_id, 30)
    with locked(embedded.home / "onbrand.sqlite3"):
        pause(10)
        assert worker.is_alive
        assert embedded.get(job.job_id).is_under_way
    ended = embedded.wait_for_end(job.job_id)
    assert (ended.state, ended.report and ended.report["ingested"]) == ("done", COUNT)
    assert worker.is_alive
    assert worker.stop() == 0
    check_is_clean(embedded, read_embedded_points(embedded.home), clean)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody holds the write lock of a database while the block runs."""
    with sqlite3.connect(path, isolation_level=None, timeout=30) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
    connection.close()
