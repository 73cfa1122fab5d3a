"""`audit list`, `verify`, `export`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from admin.world import World
from core.audit_log import AuditFilter
from core.chain import ChainPoint
from core.errors import UsageError
from core.local_socket import Report

MOST_ROWS = 1000
LAST_YEAR = 9998


def list_audit(world: World, arguments: Mapping[str, Any], _report: Report) -> list[dict[str, Any]]:
    """The newest rows, newest first; `subject`, `act`, `by`, `since` and `until` narrow the list."""
    limit = int(arguments.get("limit") or 50)
    if not 1 <= limit <= MOST_ROWS:
        raise UsageError(f"limit {limit} is out of range; allowed: 1 to {MOST_ROWS}")
    wanted = AuditFilter(
        subject=arguments.get("subject"),
        act=arguments.get("act"),
        by=arguments.get("by"),
        since=read_day("since", arguments.get("since")),
        until=read_day("until", arguments.get("until")),
    )
    by = world.identify(arguments.get("as"))
    return list(world.audit_log.list_rows(wanted, limit=limit, by=by))


def verify_audit(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Walk the chain from its first row to its head, and compare it with the head that somebody noted."""
    noted = ChainPoint.parse(arguments["head"]) if arguments.get("head") else None
    found = world.audit_log.verify(by=world.identify(arguments.get("as")), noted=noted)
    return {
        "rows": found.rows,
        "head": str(found.head),
        "ok": found.is_ok,
        "problems": [{"number": one.number, "problem": one.problem} for one in found.problems],
        "found": found.found,
    }


def export_audit(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """The rows of some days, in batches as progress `{"lines": […]}`; the first line says what it is."""
    since, until = (read_day(name, arguments.get(name)) for name in ("since", "until"))
    if since is None or until is None or since > until:
        raise UsageError("an export needs its first and last day: --since DATE --until DATE")
    by, reason = world.identify(arguments.get("as")), str(arguments.get("reason") or "")
    rows = -1
    for lines in world.audit_log.export(since, until, by=by, reason=reason):
        report({"lines": lines})
        rows += len(lines)
    return {"rows": rows, "since": str(since), "until": str(until)}


def read_day(name: str, value: str | None) -> date | None:
    """The day, None when none is given; raises UsageError."""
    try:
        day = date.fromisoformat(value) if value else None
    except ValueError:
        day = date.max
    if day is not None and day.year > LAST_YEAR:
        raise UsageError(f"{name} {value!r} is not a day; allowed: YYYY-MM-DD")
    return day
