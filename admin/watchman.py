"""Tells the admins of what goes wrong while nobody looks: failed and stale syncs, a dead model, a full disk.

Started by admin/up.py. Each trouble is told once when it begins and once when it is over.
"""

import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from admin.credential_ends import list_ending
from admin.world import World
from core.alerts import Alerts, Trouble
from core.disk_space import LEAST_FREE_BYTES, read_free_bytes
from core.errors import OnbrandError
from core.job_history import JobHistory
from core.jobs import JobRow
from core.schedules import Schedules

LOOK_SECONDS = 60.0
STOP_PATIENCE_SECONDS = 5.0
# Told well before the moment at which nothing can be written any more.
LOW_DISK_BYTES = 5 * LEAST_FREE_BYTES

Tell = Callable[[str], None]
"""Posts one line where admins read; raises what went wrong."""

_log = logging.getLogger(__name__)


@contextmanager
def watch_over(world: World, tell: Tell, *, every_seconds: float = LOOK_SECONDS) -> Iterator[None]:
    """Look at once and then every minute, until the block ends."""
    stop = Event()
    task = (lambda: tell_news(world, tell), stop, every_seconds)
    thread = Thread(target=repeat, args=task, name="watchman", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_PATIENCE_SECONDS)


def repeat(task: Callable[[], object], stop: Event, every_seconds: float) -> None:
    """Do the task now and again and again until told to stop. A failed one is logged: the next may succeed."""
    while not stop.is_set():
        try:
            task()
        except OnbrandError as error:
            _log.warning("watchman: %s", error)
        except Exception:  # noqa: BLE001 - the next look may succeed
            _log.exception("the watchman failed")
        stop.wait(every_seconds)


def tell_news(world: World, tell: Tell) -> None:
    """One look. What could not be told is told at the next."""
    alerts = Alerts(world.database)
    news = alerts.take_news(list(list_troubles(world)), process=_name_process())
    untold: list[Trouble] = []
    for trouble in _drop_repeated(news.begun):
        try:
            tell(trouble.text)
        except Exception as error:  # noqa: BLE001 - whatever keeps it from Slack, the next look tries again
            _log.warning("the admins could not be told (%s): %s", type(error).__name__, trouble.text)
            untold.append(trouble)
    if untold:
        alerts.forget(untold)
    for trouble in _drop_repeated(news.over):
        try:
            tell(f"Over: {trouble.text}")
        except Exception as error:  # noqa: BLE001 - good news is not worth a second try
            _log.warning("the admins could not be told (%s) that it is over", type(error).__name__)


def _drop_repeated(troubles: Sequence[Trouble]) -> Sequence[Trouble]:
    """Each text once: days that come at the same look are one piece of news."""
    return tuple({one.text: one for one in troubles}.values())


def list_troubles(world: World) -> Iterator[Trouble]:
    """Everything that is wrong at this moment."""
    yield from _list_failed_jobs(world)
    for source in Schedules(world.database, world.clock).list_stale():
        since = f"since {source.last_synced_at:%Y-%m-%d %H:%M} UTC" if source.last_synced_at else "ever"
        yield Trouble(
            f"stale {source.name}",
            f"{source.name} has not been synced {since} (limit: {source.limit_hours} h). "
            f"Look at `onbrand jobs list --source {source.name}`.",
        )
    for part, meaning in world.pipeline.list_degraded():
        key = f"@{_name_process()} degraded {part}"
        yield Trouble(key, f"The {part} is missed: {meaning}. Look with `onbrand doctor`.")
    yield from list_ending(world)
    yield from _look_at_disk(world.settings.home)


def _list_failed_jobs(world: World) -> Iterator[Trouble]:
    """Jobs that failed, or left files out, and have not succeeded since; those of removed sources are over."""
    names = {source.name for source in world.sources.list_sources()}
    for job in JobHistory(world.database, world.clock).list_latest_ended():
        if job.subject and job.subject not in names:
            continue
        what = " of ".join(filter(None, (job.kind, job.subject)))
        look = f"Look at `onbrand jobs show {job.job_id}`."
        if job.state == "failed":
            yield Trouble(f"failed {what}", f"The {what} failed: {job.error}. {look}")
        elif _count_failed(job):
            text = f"The {what} left out {_count_failed(job)} file(s). {look}"
            yield Trouble(f"left out {what}", text)


def _name_process() -> str:
    return socket.gethostname()


def _count_failed(job: JobRow) -> int:
    return len((job.report or {}).get("failed", ()))


def _look_at_disk(home: Path) -> Iterator[Trouble]:
    try:
        free = read_free_bytes(home)
    except (OSError, OnbrandError):
        return
    if free < LOW_DISK_BYTES:
        yield Trouble(
            f"@{_name_process()} disk",
            f"Only {free / 1e6:.0f} MB are free where {home} lies; below {LEAST_FREE_BYTES / 1e6:.0f} MB nothing "
            "is written any more. Free some space.",
        )
