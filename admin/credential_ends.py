"""Credentials of sources that end soon, told 30, 7 and 1 days before. Used by admin/watchman.py and the doctor."""

from collections.abc import Iterator

from admin.world import World
from core.alerts import Trouble
from core.sources import read_credential_end

TOLD_BEFORE = (1, 7, 30)
"""Days before the end."""


def list_ending(world: World) -> Iterator[Trouble]:
    """For each source whose credential ends, a trouble for each of the days that have come: each is told once."""
    today = world.clock.today()
    for source in world.sources.list_sources():
        end = read_credential_end(source.options)
        if end is None:
            continue
        days = (end - today).days
        when = f"ends in {days} day(s), on {end}" if days >= 0 else f"ended on {end}"
        text = (
            f"The credential of source {source.name} {when}. Make a new one, put it where the old one stands, then "
            f"`onbrand source set {source.name} --credential-ends DAY`."
        )
        for step in TOLD_BEFORE:
            if days <= step:
                yield Trouble(f"credential {source.name} {step}", text)
