"""`source add`, `set`, `list`, `remove`."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import uuid4

from admin.operations.syncing import refuse_while_syncing
from admin.world import World
from core.access import OWNER_ACCESS, Person, parse_access
from core.acts import ADMINS
from core.documents import ON_CHANGE, Kind, OnChange, Status
from core.errors import NotAllowed, UsageError
from core.local_socket import Report
from core.metadata import check_field
from core.sources import Source, read_credential_end
from core.trust import WHOLE_SOURCE, TrustRule, check_pattern
from core.trust_acts import TrustRequest, check_reason
from ingest.assembly import open_source
from ingest.coverage import Coverage, cover_listing


def add_source(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Checks that the source can be read, adds it (`preview`: does not), and says what a sync would make of it.

    Arguments: type, name, options, brand, status, kind, access, on_change, trust (patterns), reason, preview, as.
    """
    source, by = _read_source(arguments), world.identify(arguments.get("as"))
    rules = _propose_rules(world, source, arguments, by=by)
    is_preview = bool(arguments.get("preview"))
    _require_admin(by)
    read_credential_end(source.options)
    connector = open_source(world, source)
    connector.check_credentials()
    listing = connector.list_changes(None)
    coverage = cover_listing(source, listing.place_rules(rules, source), connector)
    purged = () if is_preview else _add(world, source, rules, by=by, reason=_read_reason(arguments))
    return {
        **_describe(source),
        "files": len(coverage.files) + len(coverage.unreadable),
        "skipped": [{"document": path, "reason": reason} for path, reason in coverage.skipped],
        "is_preview": is_preview,
        "purged": len(purged),
        "trust": [rule.pattern for rule in rules],
        "coverage": coverage.as_json(),
        "mostly_unmapped": coverage.is_mostly_unmapped,
        "to_trust": _suggest(source, coverage, is_preview=is_preview),
    }


def set_source(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Sets the given ones of brand, kind, on_change, schedule, stale_after_hours, and of the type's `options`."""
    source = world.sources.get(str(arguments["name"]))
    fields = {name: str(value) for name, value in arguments["fields"].items()}
    by = world.identify(arguments.get("as"))
    options = {name: str(value) for name, value in (arguments.get("options") or {}).items()}
    if options:
        read_credential_end(options)
        _require_admin(by)
        changed = {key: value for key, value in {**source.options, **options}.items() if value}
        open_source(world, replace(source, options=changed)).check_credentials()
        world.source_acts.set_options(source.name, options, by=by, reason=_read_reason(arguments))
    if fields or not options:
        world.source_acts.set_fields(source.name, fields, by=by, reason=_read_reason(arguments))
    return _describe(world.sources.get(source.name))


def list_sources(world: World, _arguments: Mapping[str, Any], _report: Report) -> list[dict[str, Any]]:
    """All sources with the outcome of their last sync."""
    return [_describe(source) for source in world.sources.list_sources()]


def remove_source(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Silences the source's documents and takes their passages out of the index. The files are not touched."""
    source = world.sources.get(str(arguments["name"]))
    by = world.identify(arguments.get("as"))
    refuse_while_syncing(world, source.name)
    document_ids = world.source_acts.remove(source.name, by=by, reason=_read_reason(arguments))
    _empty_index(world, document_ids)
    return {"name": source.name, "documents": len(document_ids)}


def _add(
    world: World, source: Source, rules: Sequence[TrustRule], *, by: Person, reason: str
) -> tuple[str, ...]:
    batch = uuid4().hex[:12] if rules else None
    refuse_while_syncing(world, source.name)
    purged = world.source_acts.add(source, by=by, reason=reason, batch=batch)
    # Of a source that was removed and is purged now, a sync that was killed may have left passages.
    _empty_index(world, purged)
    for rule in rules:
        request = TrustRequest(source.name, rule.pattern)
        world.trust_acts.trust(request, by=by, reason=reason, batch=batch)
    return purged


def _empty_index(world: World, document_ids: Sequence[str]) -> None:
    world.index.store.remove_documents(document_ids)


def _propose_rules(
    world: World, source: Source, arguments: Mapping[str, Any], *, by: Person
) -> tuple[TrustRule, ...]:
    patterns = [check_pattern(str(pattern), source) for pattern in arguments.get("trust") or ()]
    if not patterns:
        return ()
    reason = check_reason(_read_reason(arguments))
    rule = TrustRule("new", source.name, "", "approved", None, reason, by.label(), world.clock.now())
    return tuple(replace(rule, pattern=pattern) for pattern in dict.fromkeys(patterns))


def _suggest(source: Source, coverage: Coverage, *, is_preview: bool) -> str | None:
    """The exact command that would trust what is not mapped; None where most of it is."""
    if not coverage.files or not coverage.is_mostly_unmapped:
        return None
    access = ["--access", "all"] if source.access == OWNER_ACCESS else []
    reason = ["--reason", "WHY"]
    if not is_preview:
        return shlex.join(
            [
                "onbrand",
                "source",
                "trust",
                source.name,
                WHOLE_SOURCE,
                "--status",
                "approved",
                *access,
                *reason,
            ]
        )
    options = [word for name, value in source.options.items() for word in (f"--{name}", value)]
    head = ["onbrand", "source", "add", source.type, source.name, *options]
    return shlex.join([*head, "--trust", WHOLE_SOURCE, *access, *reason])


def _read_reason(arguments: Mapping[str, Any]) -> str:
    return str(arguments.get("reason") or "").strip()


def _read_source(arguments: Mapping[str, Any]) -> Source:
    on_change = arguments.get("on_change") or "keep_approved"
    if on_change not in ON_CHANGE:
        raise UsageError(f"on-change {on_change!r} is not known; allowed: {', '.join(ON_CHANGE)}")
    return Source(
        name=str(arguments["name"]),
        type=str(arguments["type"]),
        options={key: str(value) for key, value in (arguments.get("options") or {}).items()},
        brand=check_field("brand", arguments.get("brand")),
        status=cast(Status, check_field("status", arguments.get("status") or "draft")),
        kind=cast(Kind, check_field("kind", arguments.get("kind") or "other")),
        access=parse_access(arguments.get("access") or "source"),
        on_change=cast(OnChange, on_change),
    )


def _require_admin(by: Person) -> None:
    """Before anything is asked with a source's secret: it would go to whatever address was given."""
    if not by.has_role(ADMINS):
        raise NotAllowed(
            f"{by.label()} may not look into new sources (role: {by.role or 'none'}); it takes admin"
        )


def _describe(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "type": source.type,
        **source.options,
        "brand": source.brand,
        "status": source.status,
        "document_kind": source.kind,
        "access": source.access.describe(),
        "on_change": source.on_change,
        "last_sync": source.last_sync,
        "last_synced_at": source.last_synced_at.isoformat(timespec="seconds")
        if source.last_synced_at
        else None,
        "schedule": source.schedule,
        "stale_after_hours": source.stale_after_hours,
    }
