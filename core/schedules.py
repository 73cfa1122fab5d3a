"""When sources are synced by the clock. A run that was missed is made up for once, however many were missed."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update

from core.clock import Clock
from core.database import Database
from core.errors import UsageError
from core.tables import sources

_EVERY = re.compile(r"every (\d{1,5}) (minutes?|hours?)")
CRON_FIELDS = 5

_log = logging.getLogger(__name__)


def check_schedule(text: str) -> str | None:
    """The schedule in its stored form, None for `off` or nothing; raises UsageError for what is neither form."""
    wanted = " ".join(text.lower().split())
    if wanted in ("", "off"):
        return None
    every = _EVERY.fullmatch(wanted)
    is_cron = len(wanted.split(" ")) == CRON_FIELDS and _is_valid_cron(wanted)
    if not is_cron and (every is None or int(every[1]) == 0):
        raise UsageError(
            f"schedule {text!r} is not understood; allowed: 'every 30 minutes', 'every 2 hours', a cron line of "
            "five fields such as '0 6 * * mon-fri', or off"
        )
    return wanted


def find_next(schedule: str, after: datetime, clock: Clock) -> datetime:
    """The first moment of a schedule after another; cron lines are read in the company's time zone."""
    every = _EVERY.fullmatch(schedule)
    if every is not None:
        unit = timedelta(hours=1) if every[2].startswith("hour") else timedelta(minutes=1)
        return after + int(every[1]) * unit
    # Imported here: only schedules need it, and every question reads who is stale.
    from croniter import croniter

    local: datetime = croniter(schedule, after.astimezone(clock.timezone)).get_next(datetime)
    return local


def _is_valid_cron(line: str) -> bool:
    from croniter import CroniterBadDateError, croniter

    try:
        # "0 0 30 2 *" is a valid line of which no day ever comes.
        croniter(line).get_next(datetime)
    except (CroniterBadDateError, ValueError):
        return False
    return bool(croniter.is_valid(line))


@dataclass(frozen=True, slots=True)
class StaleSource:
    """A source whose last sync lies further back than its limit."""

    name: str
    last_synced_at: datetime | None
    limit_hours: int


class Schedules:
    """Finds what is due and who is stale."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def take_due(self) -> tuple[str, ...]:
        """Names of sources that are due now; each is given to one caller, whichever worker asks first."""
        now = self._clock.now()
        due = sources.c.next_sync_at.is_(None) | (sources.c.next_sync_at <= now)
        query = select(sources).where(sources.c.schedule.is_not(None), sources.c.removed_at.is_(None), due)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        taken = []
        for row in rows:
            try:
                moment = find_next(row.schedule, now, self._clock)
            except ValueError as error:
                # Nobody's schedule waits for another's.
                _log.warning("the schedule %r of %s names no day: %s", row.schedule, row.name, error)
                continue
            if self._move_on(row.name, row.next_sync_at, moment) and row.next_sync_at is not None:
                taken.append(row.name)
        return tuple(taken)

    def list_stale(self) -> tuple[StaleSource, ...]:
        """Sources that have not been synced within their limit."""
        query = select(sources).where(
            sources.c.stale_after_hours.is_not(None), sources.c.removed_at.is_(None)
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(sources.c.name)).all()
        return tuple(
            StaleSource(row.name, row.last_synced_at, row.stale_after_hours)
            for row in rows
            if self._is_stale(row.last_synced_at or row.added_at, row.stale_after_hours)
        )

    def _is_stale(self, since: datetime, hours: int) -> bool:
        return self._clock.now() - since > timedelta(hours=hours)

    def _move_on(self, name: str, old: datetime | None, new: datetime) -> bool:
        column = sources.c.next_sync_at
        is_same: ColumnElement[bool] = column.is_(None) if old is None else column == old
        with self._database.write() as connection:
            where = (sources.c.name == name) & is_same
            return connection.execute(update(sources).where(where).values(next_sync_at=new)).rowcount == 1
