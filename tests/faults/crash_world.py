"""A world of real worker processes that a test kills, and the same world without any accident. For tests of crashes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from admin.world import World, open_world
from core.clock import Clock, Stopwatch, pause
from core.database import Database, open_database
from core.job_tables import job_files, job_runs, taken_revisions
from core.jobs import JobRequest, JobRow, Jobs
from core.local_socket import NobodyListens, call_owner
from core.settings import Settings
from tests.fakes.worker_process import Pace, WorkerProcess
from tests.faults.crash_corpus import Corpus
from tests.faults.crash_snapshot import Payload, Snapshot, take_snapshot
from tests.integration.commands import QuickCommands

CLOCK = Clock(ZoneInfo("UTC"))
MODEL = {
    "ONBRAND_EMBEDDER": "endpoint",
    "ONBRAND_EMBEDDER_MODEL": "hashed-words",
    "ONBRAND_PROBE_ADDRESS": "off",
    "ONBRAND_LOG_LEVEL": "WARNING",
}
SOURCE = "kit"
LONGEST_SYNC_SECONDS = 90

Moment = Callable[["CrashWorld", str], bool]
"""Whether it is time to kill, for the job of this id."""


def list_waits(world: "CrashWorld", job_id: str) -> bool:
    """Between the look and the first batch."""
    return world.count_files(job_id, "waiting") > 0


def number_is_taken(world: "CrashWorld", _job_id: str) -> bool:
    """Between the numbers of new revisions and the write that makes them visible."""
    with world.database.read() as connection:
        return bool(connection.execute(select(func.count()).select_from(taken_revisions)).scalar_one())


def batch_is_visible(world: "CrashWorld", job_id: str) -> bool:
    """Between the write that makes a batch visible and the note that its step is done."""
    before = world.count_files(job_id, "ingested")
    watch = Stopwatch()
    while watch.milliseconds() < 2000 and world.get(job_id).is_under_way:
        if world.count_files(job_id, "ingested") > before:
            return True
    return False


def all_is_read(world: "CrashWorld", job_id: str) -> bool:
    """Between the last batch and the end of the job."""
    return world.count_files(job_id, "waiting") == 0 < world.count_files(job_id, "ingested")


AIMED: tuple[Moment, ...] = (list_waits, number_is_taken, batch_is_visible, all_is_read)


@dataclass
class CrashWorld:
    """One world of a corpus. `settings` name its database, index and embedder."""

    home: Path
    settings: dict[str, str]
    corpus: Corpus
    pace: Pace = field(default_factory=lambda: Pace(beat=0.3, dead=4.0, sweep=0.3, files=16))
    kills: int = 0
    aimed: int = 0
    _started: int = 0
    _processes: list[WorkerProcess] = field(default_factory=list)

    @property
    def is_shared(self) -> bool:
        return "ONBRAND_QDRANT_URL" in self.settings

    def make(self) -> None:
        """Write the documents, add their source, and open the ledger beside the processes."""
        self.corpus.fill()
        commands = QuickCommands(self.home, settings=self.settings)
        shown = ("--status", "approved", "--access", "all", "--on-change", "auto_approve")
        commands.run("source", "add", "folder", SOURCE, "--path", str(self.corpus.folder), *shown)
        url = self.settings.get("ONBRAND_DATABASE_URL")
        self.database: Database = open_database(url, home=self.home, clock=CLOCK)
        self.jobs = Jobs(self.database, CLOCK)

    def ask(self) -> JobRow:
        """Ask for a sync, as the door to jobs takes it."""
        return self.jobs.ask(JobRequest("sync", SOURCE, {}, "test"))

    def get(self, job_id: str) -> JobRow:
        return self.jobs.get(job_id)

    def count_files(self, job_id: str, state: str) -> int:
        """Files of a job's list in this state."""
        query = select(func.count()).where(job_files.c.job_id == job_id, job_files.c.state == state)
        with self.database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def start(self) -> WorkerProcess:
        """`onbrand up`, or one more `onbrand worker` under a name that was never used."""
        self._started += 1
        name = f"w{self._started}" if self.is_shared else ""
        self._processes.append(WorkerProcess(self.home, self.settings, name, self.pace).start())
        return self._processes[-1]

    def end(self) -> None:
        """Kill what still runs, and let go of the ledger."""
        for process in self._processes:
            process.kill()
        self.database.close()

    def answers_ping(self) -> bool:
        """Whether `onbrand up` takes commands."""
        try:
            call_owner(self.home, "ping", {}, lambda _progress: None)
        except NobodyListens:
            return False
        return True

    def sync_with_kills(self, random: Random, most: int) -> JobRow:
        """One sync, killed at random and aimed moments, then left in peace; the job at its end."""
        job = self.ask()
        workers = [self.start() for _ in range(2 if self.is_shared else 1)]
        try:
            kills = 0
            while kills < most and self._wait_for_moment(random, job.job_id):
                victim = random.randrange(len(workers))
                workers[victim].kill()
                kills += 1
                workers[victim] = self.start()
            self.kills += kills
            return self.wait_for_end(job.job_id)
        finally:
            for worker in workers:
                worker.kill()

    def wait_for_end(self, job_id: str, seconds: float = LONGEST_SYNC_SECONDS) -> JobRow:
        """Wait until a job has ended; fails when it does not."""
        watch = Stopwatch()
        while self.get(job_id).is_under_way:
            assert watch.milliseconds() < seconds * 1000, self.explain(self.get(job_id))
            pause(0.02)
        return self.get(job_id)

    def wait_until(self, is_time: Moment, job_id: str, seconds: float = 20) -> bool:
        """Wait for a moment of a job; False when the job has ended, or the time is over, before it."""
        watch = Stopwatch()
        while watch.milliseconds() < seconds * 1000 and self.get(job_id).is_under_way:
            if is_time(self, job_id):
                return True
            pause(0.002)
        return False

    def explain(self, job: JobRow) -> str:
        """A job and what its workers have logged, printed: pytest shortens what stands in an assertion."""
        print(f"{job}\n{self.read_logs()[-20_000:]}")
        return f"job {job.job_id} {job.state}: {job.error}"

    def read_logs(self) -> str:
        """What all its processes have logged."""
        return "\n".join(f"== {path.name}\n{path.read_text()}" for path in sorted(self.home.glob("*.log")))

    def snapshot(self, payloads: list[Payload]) -> Snapshot:
        return take_snapshot(self.database, payloads)

    @contextmanager
    def opened(self) -> Iterator[World]:
        """The world itself, opened in this process."""
        with open_world(Settings(ONBRAND_HOME=self.home, **self.settings)) as world:
            yield world

    def count_jobs(self) -> int:
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(job_runs)).scalar_one())

    def _wait_for_moment(self, random: Random, job_id: str) -> bool:
        """False when the job has ended before the moment came."""
        if random.random() < 0.5:
            aimed = self.wait_until(random.choice(AIMED), job_id, seconds=3)
            self.aimed += aimed
        else:
            self.wait_until(lambda _world, _job: False, job_id, seconds=random.uniform(0.02, 1.0))
        return self.get(job_id).is_under_way
