"""Has jobs carried out: by the worker of this process, by other workers, or here and now where nobody works."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import Any, Protocol

from core.clock import Stopwatch, pause
from core.errors import TransientError
from core.jobs import JobRequest, JobRow, Jobs
from core.local_socket import Report
from core.sync_ledger import Writer
from core.workers import Workers
from ingest.run_here import RunWhole, run_here
from ingest.sync_job import SyncWorld

LOOK_SECONDS = 0.2
OTHERS_SECONDS = 5.0


class WorkerHandle(Protocol):
    """The worker of this process, as far as others need it."""

    def wake(self) -> None:
        """There is a new job."""

    @property
    def is_stopping(self) -> bool:
        """It takes on nothing more."""


class JobDesk:
    """One for a world. `worker` is set while this process has one; `runners` carry out jobs that are no syncs."""

    def __init__(self, jobs: Jobs, workers: Workers, *, is_shared: bool) -> None:
        self.worker: WorkerHandle | None = None
        self.open_worker: Callable[[], AbstractContextManager[object]] = nullcontext
        """Makes this process a worker for a while: where several may work, nobody carries a job out on the quiet."""
        self.runners: dict[str, RunWhole] = {}
        self._jobs, self._workers, self._is_shared = jobs, workers, is_shared
        self._here: defaultdict[str, Lock] = defaultdict(Lock)

    def ask(self, request: JobRequest) -> JobRow:
        """A new job, or the one under way that does the same. Raises JobUnderWay for a second re-index."""
        job = self._jobs.ask(request)
        if self.worker is not None:
            self.worker.wake()
        return job

    def carry_out(self, world: SyncWorld, job: JobRow, report: Report) -> JobRow:
        """The job once it has ended, whoever does it, and however it ended."""
        if not self.must_wait:
            return self._wait(job, report)
        if self._is_shared:
            with self.open_worker():
                return self._wait(job, report)
        return self._run_here(world, job, report)

    @property
    def must_wait(self) -> bool:
        """True where nobody works: who asks for a job has to carry it out."""
        return self.worker is None and not self._has_others()

    def is_at_work_on(self, source: str) -> bool:
        """True while a sync of this source is being carried out."""
        if not self._is_shared and self.worker is None:
            return self._here[source].locked()
        return any(job.subject == source and job.state == "running" for job in self._jobs.list_under_way())

    def _has_others(self) -> bool:
        if not self._is_shared:
            return False
        return any(not one.has_ended and not one.is_dead for one in self._workers.list_workers())

    def _wait(self, job: JobRow, report: Report) -> JobRow:
        since_look = Stopwatch()
        while True:
            now = self._jobs.get(job.job_id)
            if not now.is_under_way:
                return now
            if now.state == "running":
                report({"source": now.subject, **_describe(now)})
            if self.worker is not None and self.worker.is_stopping:
                raise TransientError(
                    f"onbrand is stopping; job {job.job_id} goes on when it is started again"
                )
            if since_look.milliseconds() > OTHERS_SECONDS * 1000:
                since_look = Stopwatch()
                if self.must_wait:
                    raise TransientError(
                        f"no worker is at work any more; job {job.job_id} goes on as soon as one is: start "
                        "`onbrand up` or `onbrand worker`, or run this command again"
                    )
            pause(LOOK_SECONDS)

    def _run_here(self, world: SyncWorld, job: JobRow, report: Report) -> JobRow:
        def tell(progress: Mapping[str, Any]) -> None:
            report({"source": job.subject, **progress})

        with self._here[job.subject]:
            # Somebody in this process may have carried it out while this one waited.
            if self._jobs.get(job.job_id).is_under_way:
                run_here(world, job, self.runners, writer=Writer(), tell=tell)
            return self._jobs.get(job.job_id)


def _describe(job: JobRow) -> dict[str, Any]:
    return {"done": job.done, "total": job.total, "document": job.current}
