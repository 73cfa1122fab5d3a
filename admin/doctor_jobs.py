"""What `onbrand doctor` says of jobs and workers. Pure; the facts come from the operation `jobs health`."""

from collections.abc import Iterator, Mapping
from typing import Any

LONG_WAIT_SECONDS = 600


def describe_jobs(health: Mapping[str, Any]) -> Iterator[tuple[str, bool, str]]:
    """(what was looked at, whether it is well, what to know and do)."""
    if health["is_carried_out_here"]:
        who = "no worker; commands carry their jobs out themselves, schedules wait for `onbrand up`"
    else:
        who = f"{len(health['workers'])} worker(s)"
    waits = health["longest_wait_seconds"] > LONG_WAIT_SECONDS
    advice = "; the longest waits for {} min: look at `onbrand jobs list`".format(
        health["longest_wait_seconds"] // 60
    )
    yield (
        "jobs",
        not waits,
        f"{health['running']} running, {health['waiting']} waiting, {who}{advice if waits else ''}",
    )
    if health["silent_workers"]:
        names = ", ".join(health["silent_workers"])
        yield (
            "workers",
            False,
            f"{names} fell silent; another worker takes over within half a minute, if one lives",
        )
    if health["other_versions"]:
        left = f"begun by another version of onbrand and left alone: {', '.join(health['other_versions'])}"
        yield "job versions", False, f"{left}; start that version to finish them, or cancel and resume them"
