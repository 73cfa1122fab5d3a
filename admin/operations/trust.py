"""`source trust`, `untrust`, `trusts`."""

from collections.abc import Mapping
from typing import Any, cast

from admin.operations.syncing import sync
from admin.world import World
from core.documents import Status
from core.errors import PermanentError, TransientError
from core.local_socket import Report
from core.sources import Source
from core.trust import WHOLE_SOURCE, TrustRule, check_pattern
from core.trust_acts import TrustRequest, dump_rule
from ingest.assembly import open_source

UNCHANGED = "unchanged"
"""In a status's place: the rule is about access alone."""


def trust_source(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Arguments: name, pattern, status (approved, draft, unchanged), access, reason, sync, as."""
    source = world.sources.get(str(arguments["name"]))
    access = arguments.get("access") or None
    status = str(arguments.get("status") or "approved")
    request = TrustRequest(
        source=source.name,
        pattern=check_pattern(str(arguments.get("pattern") or WHOLE_SOURCE), source),
        status=None if status == UNCHANGED else cast(Status, status),
        access=access,
    )
    by = world.identify(arguments.get("as"))
    rule = world.trust_acts.trust(request, by=by, reason=str(arguments.get("reason") or ""))
    return {
        **_describe(rule),
        "files": _count_files(world, source, rule),
        "sync": _sync_if_asked(world, rule, arguments, report),
    }


def untrust_source(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Arguments: rule, reason, sync, as."""
    rule = world.trust_rules.get(str(arguments["rule"]))
    by = world.identify(arguments.get("as"))
    world.trust_acts.untrust(rule, by=by, reason=str(arguments.get("reason") or ""))
    ended = world.trust_rules.get(rule.rule_id)
    return {**_describe(ended), "sync": _sync_if_asked(world, rule, arguments, report)}


def list_trusts(world: World, arguments: Mapping[str, Any], _report: Report) -> list[dict[str, Any]]:
    """Arguments: name (None: all), ended. With the documents for which each rule decided at the last sync."""
    name = arguments.get("name")
    sources = [world.sources.get(str(name))] if name else world.sources.list_sources()
    ended = bool(arguments.get("ended"))
    return [one for source in sources for one in _list_of_source(world, source, include_ended=ended)]


def _list_of_source(world: World, source: Source, *, include_ended: bool) -> list[dict[str, Any]]:
    rules = world.trust_rules.list_rules(source.name, include_ended=include_ended)
    counts = {one.rule: one.documents for one in world.trust_rules.list_trusted(source, rules)}
    return [{**_describe(rule), "documents": counts.get(rule.rule_id, 0)} for rule in rules]


def _sync_if_asked(
    world: World, rule: TrustRule, arguments: Mapping[str, Any], report: Report
) -> dict[str, Any] | None:
    return sync(world, {"name": rule.source}, report)[0] if arguments.get("sync") else None


def _count_files(world: World, source: Source, rule: TrustRule) -> int | None:
    """Files that the rule speaks about; None where the source cannot be listed at this moment."""
    try:
        listing = open_source(world, source).list_changes(None)
    except (PermanentError, TransientError):
        return None
    return sum(file.skip_reason is None and rule.covers(file.path) for file in listing.files)


def _describe(rule: TrustRule) -> dict[str, Any]:
    return {"rule": rule.rule_id, **dump_rule(rule)}
