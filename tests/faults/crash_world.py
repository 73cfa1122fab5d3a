"""A world of real worker processes that a test kills, and the same world without any accident. For tests of crashes."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from admin.world import World, open_world
from core.clock import Clock, Stopwatch, pause
from core.database import Database, open_database
from core.job_tables import job_files, taken_revisions
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
AIMED_SHARE = 0.5

Moment = Callable[["CrashWorld", str], bool]
"""Whether it is time, for the job of this id."""


@dataclass(frozen=True)
class Sight:
    """How far a job is: files that wait, that are ingested, how often files were begun, numbers that are taken."""

    waiting: int
    ingested: int
    begun: int
    taken: int


Aim = Callable[[Sight, Sight], bool]
"""Given how it was after the last kill and how it is now: whether it is time for the next."""

AFTER_LOOK = "between look and first batch"
AIMED: Mapping[str, Aim] = {
    AFTER_LOOK: lambda before, now: before.waiting == 0 < now.waiting,
    "between begin of a batch and its write": lambda before, now: before.begun < now.begun and now.taken > 0,
    "between the write and the note of the step": lambda before, now: before.ingested < now.ingested,
    "between last batch and end": lambda _before, now: now.waiting == 0 < now.ingested,
}


def number_is_taken(world: "CrashWorld", job_id: str) -> bool:
    """Between the numbers of new revisions and the write that makes them visible."""
    return world.look(job_id).taken > 0


def say(words: str) -> None:
    """Figures for the person who runs the tests."""
    print(f"\n{words}")  # noqa: T201


@dataclass
class CrashWorld:
    """One world of a corpus. `settings` name its database, index and embedder."""

    home: Path
    settings: dict[str, str]
    corpus: Corpus
    # Somebody who kills whenever a certain file is begun cannot be told from that file: no file is to blame here.
    pace: Pace = field(default_factory=lambda: Pace(beat=0.3, dead=4.0, sweep=0.3, files=16, deaths=1000))
    kills: int = 0
    aimed: Counter[str] = field(default_factory=Counter)
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

    def look(self, job_id: str) -> Sight:
        """How far a job is, in one look."""
        state, mine = job_files.c.state, job_files.c.job_id == job_id
        files = select(state, func.count(), func.sum(job_files.c.attempts)).where(mine).group_by(state)
        with self.database.read() as connection:
            found = {row[0]: (int(row[1]), int(row[2])) for row in connection.execute(files)}
            taken = int(connection.execute(select(func.count()).select_from(taken_revisions)).scalar_one())
        begun = sum(attempts for _, attempts in found.values())
        return Sight(found.get("waiting", (0, 0))[0], found.get("ingested", (0, 0))[0], begun, taken)

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
        say(f"{job}\n{self.read_logs()[-20_000:]}")
        return f"job {job.job_id} {job.state}: {job.error}"

    def read_logs(self) -> str:
        """What all its processes have logged."""
        return "\n".join(f"== {path.name}\n{path.read_text()}" for path in sorted(self.home.glob("*.log")))

    def snapshot(self, payloads: list[Payload]) -> Snapshot:
        return take_snapshot(self.database, payloads)

    @contextmanager
    def opened(self) -> Iterator[World]:
        """The world itself, opened in this process."""
        with open_world(Settings.from_environment(ONBRAND_HOME=self.home, **self.settings)) as world:
            yield world

    def _wait_for_moment(self, random: Random, job_id: str) -> bool:
        """False when the job has ended before the moment came."""
        before = self.look(job_id)
        if random.random() < AIMED_SHARE:
            name = random.choice([one for one in AIMED if one != AFTER_LOOK or before.begun == 0])
            if self.wait_until(lambda world, job: AIMED[name](before, world.look(job)), job_id, seconds=6):
                self.aimed[name] += 1
        else:
            self.wait_until(lambda _world, _job: False, job_id, seconds=random.uniform(0.02, 2.0))
        return self.get(job_id).is_under_way
