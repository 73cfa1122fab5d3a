"""`gaps list`, `show`, `close`, `reopen`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from admin.world import World
from core.access import Person
from core.acts import AUDITORS, CURATORS
from core.errors import NotAllowed, UsageError
from core.gap_acts import GAP_STATES, OPEN
from core.gaps import Gap
from core.local_socket import Report


def list_gaps(world: World, arguments: Mapping[str, Any], _report: Report) -> list[dict[str, Any]]:
    """Gaps of one `state` (open where none is given; `all`), most asked first, that this person may see."""
    state = arguments.get("state") or OPEN
    if state not in (*GAP_STATES, "all"):
        raise UsageError(f"state {state!r} is not known; allowed: {', '.join(GAP_STATES)}, all")
    by = world.identify(arguments.get("as"))
    wanted = None if state == "all" else state
    found = [gap for gap in world.answering.gaps.list_gaps(state=wanted) if may_see(by, gap)]
    if not found and not may_see_any(by):
        raise NotAllowed(
            f"{by.label()} may not list gaps (role: {by.role or 'none'}); it takes curator or admin"
        )
    return [_describe(gap) for gap in found]


def show_gap(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """One gap with everything that was asked."""
    gap_id = str(arguments["gap"])
    gap = world.answering.gaps.find(gap_id)
    by = world.identify(arguments.get("as"))
    if gap is None or not may_see(by, gap):
        raise UsageError(f"no gap {gap_id!r} that {by.label()} may see; see `onbrand gaps list`")
    questions = world.answering.gaps.list_questions(gap_id)
    asked = [
        {"question": one.question, "asker": one.asker, "at": one.at.isoformat(timespec="seconds")}
        for one in questions
    ]
    return {**_describe(gap), "questions": asked}


def close_gap(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Nothing is to be done about it."""
    by, reason = world.identify(arguments.get("as")), str(arguments.get("reason") or "")
    world.gap_acts.close(str(arguments["gap"]), by=by, reason=reason)
    return show_gap(world, arguments, report)


def reopen_gap(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """It waits for an answer again."""
    by, reason = world.identify(arguments.get("as")), str(arguments.get("reason") or "")
    world.gap_acts.reopen(str(arguments["gap"]), by=by, reason=reason)
    return show_gap(world, arguments, report)


def may_see(person: Person, gap: Gap) -> bool:
    """Curators see the gaps of their brands; a gap of no brand is for curators of all."""
    return person.has_role(CURATORS | AUDITORS, brand=gap.brand)


def may_see_any(person: Person) -> bool:
    """True for whoever curates anything."""
    roles = CURATORS | AUDITORS
    return person.has_role(roles) or any(role in roles for _, role in person.brand_roles)


def _describe(gap: Gap) -> dict[str, Any]:
    return {
        **asdict(gap),
        "nearest": [asdict(one) for one in gap.nearest],
        "first_at": gap.first_at.isoformat(timespec="seconds"),
        "last_at": gap.last_at.isoformat(timespec="seconds"),
    }
