"""`source map`: show, try and set the mapping rules of a source."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from admin.world import World
from core.access import Person
from core.acts import ADMINS
from core.errors import NotAllowed, PermanentError
from core.local_socket import Report
from core.mapping import MappingRules
from core.mapping_acts import MappingActs
from core.mapping_changes import MOST_EXAMPLES, Remapped, count_changes
from core.sources import Source
from ingest.assembly import open_source
from ingest.connectors.connector import Connector, FileReference, Listing
from ingest.connectors.registry import find_type
from ingest.coverage import MOST_READ
from ingest.read_file import read_file, resolve

MOST_WARNINGS = 5
# Only these carry metadata of their own, above any rule; and only these are read row by row.
_SPEAKING = frozenset({".md", ".markdown", ".html", ".htm", ".txt"})
_TABLES = frozenset({".xlsx", ".csv"})


def show_mapping(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Arguments: name."""
    source = world.sources.get(str(arguments["name"]))
    return {"name": source.name, "rules": list(source.mapping)}


def map_source(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Sets the rules. Arguments: name, rules (YAML; empty clears them), reason, as."""
    source, by = world.sources.get(str(arguments["name"])), world.identify(arguments.get("as"))
    rules = _read_rules(source, arguments)
    reason = str(arguments.get("reason") or "").strip()
    MappingActs(world.acts).set_mapping(source.name, rules, by=by, reason=reason)
    return {"name": source.name, "rules": rules.as_json(), "before": list(source.mapping)}


def preview_mapping(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """What other rules would change in what the source lists now, and which signals there are.

    Arguments: name, rules (YAML; None: those that hold), as. Nothing is fetched of files that carry a version: only
    what stands in the listing counts for them.
    """
    source, by = world.sources.get(str(arguments["name"])), world.identify(arguments.get("as"))
    _require_admin(by)
    is_other = arguments.get("rules") is not None
    rules = _read_rules(source, arguments) if is_other else MappingRules.parse(source.mapping)
    connector = open_source(world, source)
    listing = connector.list_changes(None).place_trust(world.trust_rules.list_rules(source.name))
    changed = replace(source, mapping=tuple(rules.as_json()))
    files = _pair_files(listing, source, changed)
    decided = _list_decided(world, source)
    remapped = _compare_files(source, connector, files, decided)
    return {
        "name": source.name,
        "rules": rules.as_json(),
        "files": len(files),
        **count_changes(remapped).as_json(),
        **_try_rules(rules, [after for _, after in files]),
        "signals": _list_signals([after for _, after in files]),
    }


def _read_rules(source: Source, arguments: Mapping[str, Any]) -> MappingRules:
    has_permissions = find_type(source.type).has_permissions
    return MappingRules.parse(str(arguments.get("rules") or ""), allows_access=not has_permissions)


def _require_admin(by: Person) -> None:
    if not by.has_role(ADMINS):
        raise NotAllowed(
            f"{by.label()} may not look into sources (role: {by.role or 'none'}); it takes admin"
        )


def _pair_files(
    listing: Listing, source: Source, changed: Source
) -> list[tuple[FileReference, FileReference]]:
    """Each file that is read, with the rules that hold and with the new ones."""
    before, after = listing.place_mapping(source).files, listing.place_mapping(changed).files
    pairs = zip(before, after, strict=True)
    return [(old, new) for old, new in pairs if old.skip_reason is None]


def _compare_files(
    source: Source,
    connector: Connector,
    files: Sequence[tuple[FileReference, FileReference]],
    decided: Mapping[str, frozenset[str]],
) -> Iterator[Remapped]:
    left = MOST_READ
    for old, new in files:
        if (old.mapped, old.rows) == (new.mapped, new.rows):
            continue
        is_table = PurePosixPath(old.path).suffix.lower() in _TABLES
        is_read = PurePosixPath(old.path).suffix.lower() in _SPEAKING and not old.version and left > 0
        left -= is_read
        parsed = _read_own_words(source, connector, old) if is_read else None
        yield Remapped(
            old.path,
            resolve(source, old, parsed),
            resolve(source, new, parsed),
            rows_before=old.rows.columns if is_table else {},
            rows_after=new.rows.columns if is_table else {},
            decided=decided.get(old.path, frozenset()),
        )


def _read_own_words(source: Source, connector: Connector, file: FileReference) -> Any:
    try:
        return read_file(source, file, connector.fetch(file))[0].parsed
    except PermanentError:
        return None


def _list_decided(world: World, source: Source) -> Mapping[str, frozenset[str]]:
    """Path -> fields that curators have decided, for all documents of that file."""
    decided: dict[str, frozenset[str]] = {}
    for row in world.ledger.list_documents(source=source.name):
        path, curated = row.document.path, frozenset(row.curated)
        decided[path] = decided.get(path, curated) & curated
    return decided


def _try_rules(rules: MappingRules, files: Sequence[FileReference]) -> dict[str, Any]:
    """Which rules match nothing, and values that cannot be used: each with its first file, a few of them."""
    used: set[int] = set()
    warnings: dict[str, str] = {}
    for file in files:
        placed = rules.place(file.path, str(file.stated.get("title") or ""), file.signals)
        used.update(placed.rules)
        for warning in placed.warnings:
            warnings.setdefault(warning, file.path)
    listed = [{"document": path, "warning": warning} for warning, path in warnings.items()]
    unused = [number for number in range(1, len(rules.rules) + 1) if number not in used]
    return {
        "unused": unused,
        "warnings": listed[:MOST_WARNINGS],
        "more_warnings": len(listed[MOST_WARNINGS:]),
    }


def _list_signals(files: Sequence[FileReference]) -> list[dict[str, Any]]:
    """The signals that there are to make rules of: in how many files, with a few values."""
    seen: dict[str, Counter[str]] = {}
    counts: Counter[str] = Counter()
    for file in files:
        for name, values in file.signals.items():
            counts[name] += 1
            seen.setdefault(name, Counter()).update(set(values))
    return [
        {
            "name": name,
            "documents": counts[name],
            "values": [value for value, _ in seen[name].most_common(MOST_EXAMPLES)],
            "more_values": len(seen[name]) > MOST_EXAMPLES,
        }
        for name in sorted(counts)
    ]
