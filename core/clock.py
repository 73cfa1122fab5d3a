"""What time and which day it is. The only place that reads the machine's clock; handed to whoever needs it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import monotonic, sleep  # noqa: TID251 - this is the one place
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Clock:
    """Days are counted in the company's time zone; `fixed_day` makes every day that one (demo, ONBRAND_TODAY)."""

    timezone: ZoneInfo
    fixed_day: date | None = None

    def now(self) -> datetime:
        """The moment in UTC. Never fixed: time stamps in ledger and audit stay true."""
        return datetime.now(UTC)  # noqa: TID251 - this is the one place

    def today(self) -> date:
        """The day that validity is judged by."""
        return self.fixed_day or self.now().astimezone(self.timezone).date()


class Stopwatch:
    """Milliseconds since it was made."""

    def __init__(self) -> None:
        self._started = monotonic()

    def milliseconds(self) -> float:
        """Elapsed time, to a tenth of a millisecond."""
        return round((monotonic() - self._started) * 1000, 1)


def pause(seconds: float) -> None:
    """Wait. The only sleep of the product, so that a search for waits finds them all."""
    sleep(seconds)
