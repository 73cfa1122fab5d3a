"""What the process that stays does once a day: removes what has been kept long enough. Started by admin/up.py."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from core.access import LOCAL_OWNER
from core.errors import OnbrandError
from core.retention import Retention

DAY_SECONDS = 24 * 60 * 60.0
STOP_PATIENCE_SECONDS = 10.0

log = logging.getLogger(__name__)


@contextmanager
def keep_house(retention: Retention, *, every_seconds: float = DAY_SECONDS) -> Iterator[None]:
    """Run retention at once and then each day, until the block ends; a run under way is waited for."""
    stop = Event()
    thread = Thread(
        target=repeat,
        args=(lambda: thin_out(retention), stop, every_seconds),
        name="housekeeping",
        daemon=True,
    )
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
            log.warning("housekeeping: %s", error)
        except Exception:
            log.exception("housekeeping failed")
        stop.wait(every_seconds)


def thin_out(retention: Retention) -> None:
    """One run of retention, by the owner of the world."""
    removed = retention.run(by=LOCAL_OWNER, reason="once a day")
    if not removed.is_empty:
        log.info("retention removed %s", removed.as_json())
