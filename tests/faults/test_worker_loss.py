"""Workers that die, hang, are stopped or meet a deadly document: the work goes on, once, and nobody writes too late."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core.clock import Stopwatch, pause
from core.database import Database
from core.job_files import FileOutcome, JobFiles
from core.job_tables import job_files, workers
from core.tables import audit
from core.workers import WorkerReplaced, Workers
from tests.fakes.qdrant_server import RunningQdrant, running_qdrant
from tests.fakes.worker_process import Pace, WorkerProcess
from tests.faults.crash_snapshot import Payload, find_differences, read_points
from tests.faults.crash_world import CLOCK, MODEL, CrashWorld, number_is_taken, say
from tests.faults.test_job_crash import Clean, endpoint, folder, make_world, sync_clean
from tests.integration.test_postgres import server_url, url

__all__ = ["endpoint", "folder", "server_url", "url"]

# Far above what a busy machine makes of a beat: only who is meant to be dead is called so.
QUICK = Pace(beat=0.3, dead=5.0, sweep=0.3, files=8, slow=0.02)
TRUE_CONSTANTS = Pace(polling=0.2, slow=0.02)
TAKEN_OVER_SECONDS = 30
REPLACED = 75
COUNT = 60


@pytest.fixture
def embedded(folder: Path, model: dict[str, str]) -> Iterator[CrashWorld]:
    world = make_world(folder / "world", model, count=COUNT)
    world.pace = QUICK
    yield world
    world.end()


@pytest.fixture(scope="module")
def model(request: pytest.FixtureRequest) -> dict[str, str]:
    return {**MODEL, "ONBRAND_EMBEDDER_URL": request.getfixturevalue("endpoint").url}


@pytest.fixture(scope="module")
def clean(memory_folder: Path, model: dict[str, str]) -> Clean:
    """What one sync comes to that nobody disturbs."""
    return sync_clean(memory_folder / uuid4().hex[:8], model, 1, count=COUNT)


@pytest.fixture
def qdrant(folder: Path) -> Iterator[RunningQdrant]:
    (folder / "qdrant").mkdir()
    with running_qdrant(folder / "qdrant") as server:
        yield server


@pytest.fixture
def shared(folder: Path, model: dict[str, str], url: str, qdrant: RunningQdrant) -> Iterator[CrashWorld]:
    where = {
        "ONBRAND_DATABASE_URL": url,
        "ONBRAND_QDRANT_URL": qdrant.url,
        "ONBRAND_QDRANT_ALLOW_OPEN": "true",
    }
    world = make_world(folder / "world", model | where, count=COUNT)
    world.pace = QUICK
    yield world
    world.end()


def read_shared(server: RunningQdrant) -> list[Payload]:
    (collection,) = server.fake._collections.values()
    return read_points(collection.shard)


def list_take_overs(database: Database) -> list[str]:
    query = select(audit.c.subject).where(audit.c.act == "worker.take_over").order_by(audit.c.number)
    with database.read() as connection:
        return list(connection.execute(query).scalars())


def count_most_attempts(database: Database) -> int:
    """How often the most tried file was begun."""
    with database.read() as connection:
        return int(connection.execute(select(func.max(job_files.c.attempts))).scalar_one())


def begin_sync(world: CrashWorld, count: int) -> tuple[str, list[WorkerProcess], WorkerProcess]:
    """A sync that is in the midst of a batch: job, other workers, and the worker that steers it."""
    started = [world.start() for _ in range(count)]
    job = world.ask()
    assert world.wait_until(lambda world, job: world.look(job).ingested > 0, job.job_id, 30)
    assert world.wait_until(number_is_taken, job.job_id)
    wait_for(lambda: world.get(job.job_id).worker is not None, 10)
    at_work = world.get(job.job_id).worker
    steering = next(one for one in started if one.name == at_work)
    return job.job_id, [one for one in started if one is not steering], steering


def check_is_clean(world: CrashWorld, payloads: list[Payload], clean: Clean) -> None:
    """Ledger and index are those of a sync that nobody disturbed."""
    assert find_differences(world.snapshot(payloads), clean.rounds[0]) == []


def wait_for(is_so: Callable[[], bool], seconds: float) -> float:
    """Seconds until it is so; fails when it does not become so."""
    watch = Stopwatch()
    while not is_so():
        assert watch.milliseconds() < seconds * 1000
        pause(0.02)
    return watch.milliseconds() / 1000


def test_dead_worker_is_taken_over_within_30_seconds_and_its_job_ends(
    shared: CrashWorld, qdrant: RunningQdrant, clean: Clean
) -> None:
    shared.pace = TRUE_CONSTANTS
    job_id, _, victim = begin_sync(shared, 2)
    victim.kill()
    seconds = wait_for(lambda: bool(list_take_overs(shared.database)), TAKEN_OVER_SECONDS)
    say(f"taken over after {seconds:.1f} s")
    ended = shared.wait_for_end(job_id)
    assert (ended.state, ended.report and ended.report["ingested"]) == ("done", COUNT)
    assert list_take_overs(shared.database) == [f"worker {victim.name}"]
    check_is_clean(shared, read_shared(qdrant), clean)


@pytest.mark.parametrize("wakes", ["while the other is at work", "when all is done"])
def test_worker_that_was_only_slow_writes_nothing_any_more_and_leaves(
    shared: CrashWorld, qdrant: RunningQdrant, clean: Clean, wakes: str
) -> None:
    job_id, _, slow = begin_sync(shared, 2)
    slow.send(signal.SIGSTOP)
    wait_for(lambda: bool(list_take_overs(shared.database)), 30)
    if wakes == "when all is done":
        shared.wait_for_end(job_id)
    slow.send(signal.SIGCONT)
    assert slow.wait(10) == REPLACED
    ended = shared.wait_for_end(job_id)
    assert (ended.state, ended.report and ended.report["ingested"]) == ("done", COUNT)
    assert list_take_overs(shared.database) == [f"worker {slow.name}"]
    check_is_clean(shared, read_shared(qdrant), clean)


def test_job_that_was_taken_over_says_who_is_at_it(shared: CrashWorld) -> None:
    job_id, (other,), victim = begin_sync(shared, 2)
    victim.kill()
    wait_for(lambda: bool(list_take_overs(shared.database)), 30)
    wait_for(lambda: shared.get(job_id).worker == other.name, 30)
    assert shared.get(job_id).state in ("running", "done")
    assert shared.wait_for_end(job_id).worker == other.name


def test_two_that_find_a_dead_worker_write_one_audit_row_and_do_its_steps_once(
    shared: CrashWorld, qdrant: RunningQdrant, clean: Clean
) -> None:
    job_id, _, victim = begin_sync(shared, 3)
    victim.kill()
    assert shared.wait_for_end(job_id).state == "done"
    wait_for(lambda: bool(list_take_overs(shared.database)), 30)
    pause(1)
    assert list_take_overs(shared.database) == [f"worker {victim.name}"]
    # Begun by the dead one, and at the most once more: by the one who took it over.
    assert count_most_attempts(shared.database) <= 2
    check_is_clean(shared, read_shared(qdrant), clean)


def test_of_many_that_call_a_worker_dead_at_once_one_succeeds(shared: CrashWorld) -> None:
    names = Workers(shared.database, CLOCK)
    names.register("gone", version="1", is_alone=False)
    with shared.database.write() as connection:
        connection.execute(workers.update().values(beat_at=CLOCK.now().replace(year=2020)))
    (gone,) = names.list_workers()
    together, called = Barrier(6), []

    def call(_number: int) -> bool:
        together.wait(5)
        return names.call_dead(gone, lambda _connection: called.append(gone.name))

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(call, range(6))) == [False] * 5 + [True]
    assert called == ["gone"]


def test_replaced_worker_does_not_touch_the_list_of_files_that_is_anothers_now(shared: CrashWorld) -> None:
    names, job = Workers(shared.database, CLOCK), shared.ask()
    old = names.register("slow", version="1", is_alone=False)
    new = names.register("slow", version="1", is_alone=True)
    JobFiles(shared.database, job.job_id, guard=new.check).lay_out([("a.md", {}), ("b.md", {})])
    late = JobFiles(shared.database, job.job_id, guard=old.check)
    writes: tuple[Callable[[], object], ...] = (
        lambda: late.lay_out([("a.md", {})]),
        lambda: late.begin(0, 2),
        lambda: late.put_back(0, 2),
        lambda: late.record_now([FileOutcome("a.md", "failed", "too late")]),
    )
    for write in writes:
        with pytest.raises(WorkerReplaced):
            write()
    assert (shared.look(job.job_id).waiting, count_most_attempts(shared.database)) == (2, 0)
