"""`retention show`, `run`, `hold`, `release`; `people export`, `people erase`."""

from collections.abc import Mapping
from typing import Any

from admin.world import World
from core.errors import UsageError
from core.holds import Hold, list_holds
from core.local_socket import Report
from core.retention import Due
from core.retention_acts import Erasure

STAYING = {
    "audit": "the audit must go on proving who did what; its rows end by age alone (ONBRAND_AUDIT_DAYS)",
    "receipts": "receipts go on proving what was answered, without their name; they end by age (ONBRAND_RECEIPT_DAYS)",
    "documents_owned": "documents name them as owner until a curator sets another one",
    "documents_opened_to": "documents are open to this address by their source or a curator's act",
    "sources_opened_to": "sources are open to this address until they are added anew",
    "official_answers": "official answers name them as owner until a curator sets another one",
    "trust_rules": "they say who trusted what, which is proof",
    "holds": "they say who held what, which is proof",
    "ONBRAND_ADMINS": "the setting makes this address an admin: take it out there",
    "slack_events": "Slack's user ids are no e-mails; give --slack-user ID to remove theirs",
    "question_texts": "the words of their questions stay, without their name; --texts removes them",
    "directory": "a list of people that is read again and still names them brings them back",
}


def show_retention(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """What is kept how long, how much is due, and the holds that stand."""
    world.audit_log.require_auditor(world.identify(arguments.get("as")), "show retention", "retention")
    return _describe(world, world.retention.count_due())


def run_retention(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Remove what is due now; `dry_run` only counts it."""
    by = world.identify(arguments.get("as"))
    if arguments.get("dry_run"):
        world.audit_log.require_auditor(by, "show retention", "retention")
        return {"dry_run": True, **world.retention.count_due().as_json()}
    done = world.retention.run(by=by, reason=str(arguments.get("reason") or ""))
    return {"dry_run": False, **done.as_json()}


def hold(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Place a hold on one person's traces, or on everything."""
    by, reason = world.identify(arguments.get("as")), str(arguments.get("reason") or "")
    hold_id = world.retention_acts.place_hold(arguments.get("email"), reason=reason, by=by)
    return _describe_hold(_find_hold(world, hold_id))


def release(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """End a hold."""
    by, reason = world.identify(arguments.get("as")), str(arguments.get("reason") or "")
    hold_id = str(arguments["hold_id"])
    world.retention_acts.release_hold(hold_id, reason=reason, by=by)
    return _describe_hold(_find_hold(world, hold_id))


def export_person(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Everything stored about one person."""
    slack_users = [str(one) for one in arguments.get("slack_users") or ()]
    found = world.person_traces.export(
        str(arguments["email"]),
        slack_users=slack_users,
        by=world.identify(arguments.get("as")),
        reason=str(arguments.get("reason") or ""),
    )
    return {**found, "notes": [] if slack_users else [STAYING["slack_events"].replace("remove", "see")]}


def erase_person(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Erase one person; says what stays and why."""
    erasure = Erasure(
        str(arguments["email"]),
        texts=bool(arguments.get("texts")),
        slack_users=tuple(str(one) for one in arguments.get("slack_users") or ()),
    )
    by, reason = world.identify(arguments.get("as")), str(arguments.get("reason") or "")
    named = world.person_traces.count_staying(erasure.email)
    erased = world.retention_acts.erase_person(erasure, reason=reason, by=by)
    return {
        "email": erasure.email.strip().lower(),
        "erased": dict(erased),
        "stays": _say_what_stays(world, erasure, named, erased),
    }


def _say_what_stays(
    world: World, erasure: Erasure, named: Mapping[str, int], erased: Mapping[str, int]
) -> list[dict[str, Any]]:
    # The erasing itself is one more row of the audit.
    counts: dict[str, int | None] = {**named, "audit": named["audit"] + 1}
    counts["receipts"] = erased["receipts"]
    counts["question_texts"] = 0 if erasure.texts else erased["gap_questions"] + erased["receipts"]
    counts["ONBRAND_ADMINS"] = int(erasure.email.strip().lower() in world.settings.admins)
    stays = [{"what": what, "rows": rows, "why": STAYING[what]} for what, rows in counts.items() if rows]
    general = ["directory"] if erasure.slack_users else ["slack_events", "directory"]
    return [*stays, *({"what": what, "rows": None, "why": STAYING[what]} for what in general)]


def _describe(world: World, due: Due) -> dict[str, Any]:
    counts = due.as_json()
    audit_rows, receipts = counts.pop("audit_rows"), counts.pop("receipts")
    with world.database.read() as connection:
        standing = list_holds(connection)
    return {
        "questions": {"days": world.retention.days.questions, "due": counts},
        "audit": {"days": world.retention.days.audit, "due": audit_rows},
        "receipts": {"days": world.retention.days.receipts, "due": receipts},
        "holds": [_describe_hold(one) for one in standing],
    }


def _find_hold(world: World, hold_id: str) -> Hold:
    with world.database.read() as connection:
        for one in list_holds(connection, released=True):
            if one.hold_id == hold_id:
                return one
    raise UsageError(f"no hold {hold_id!r}; see `onbrand retention show`")


def _describe_hold(one: Hold) -> dict[str, Any]:
    return {
        "hold_id": one.hold_id,
        "email": one.email,
        "reason": one.reason,
        "by": one.by,
        "at": one.at.isoformat(timespec="seconds"),
        "released_at": one.released_at.isoformat(timespec="seconds") if one.released_at else None,
    }
