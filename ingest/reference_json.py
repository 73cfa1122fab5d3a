"""A listed file as JSON and back, so that the list of a job survives the process. Used by ingest/sync_job.py."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any

from core.access import AccessList
from ingest.connectors.connector import FileReference
from ingest.parsers.parser import RowMapping

# YAML beside a file says more than JSON can (days, bytes, pairs, numbers that are none): what came back as something
# else would count as a change. A key that begins with the mark is never the file's own.
_MARK = "$"
_LOADERS: Mapping[str, Callable[[Any], Any]] = {
    "$day": date.fromisoformat,
    "$moment": datetime.fromisoformat,
    "$bytes": bytes.fromhex,
    "$number": float,
    "$tuple": lambda values: tuple(_load(one) for one in values),
    "$pairs": lambda pairs: {_load(key): _load(value) for key, value in pairs},
}


def dump_reference(file: FileReference) -> dict[str, Any]:
    """JSON-ready."""
    return {
        "path": file.path,
        "size": file.size,
        "updated": _dump(file.updated),
        "declared": [_dump(dict(level)) for level in file.declared],
        "rows": dict(file.rows.columns),
        "item_id": file.item_id,
        "version": file.version,
        "stated": _dump(dict(file.stated)),
        "trusted": [_dump(dict(level)) for level in file.trusted],
        "mapped": [_dump(dict(level)) for level in file.mapped],
        "access": None if file.access is None else [sorted(clause) for clause in file.access.clauses],
        "handle": dict(file.handle),
    }


def load_reference(value: Mapping[str, Any]) -> FileReference:
    """The very reference that was dumped, but for what only a listing is asked for (signals, notes)."""
    return FileReference(
        path=value["path"],
        size=value["size"],
        updated=_load(value["updated"]),
        declared=tuple(_load(level) for level in value["declared"]),
        rows=RowMapping(value["rows"]),
        item_id=value.get("item_id", ""),
        version=value.get("version", ""),
        stated=_load(value.get("stated", {})),
        trusted=tuple(_load(level) for level in value.get("trusted", ())),
        mapped=tuple(_load(level) for level in value.get("mapped", ())),
        access=_load_access(value.get("access")),
        handle=value.get("handle", {}),
    )


def _load_access(clauses: list[list[str]] | None) -> AccessList | None:
    return None if clauses is None else AccessList(tuple(frozenset(clause) for clause in clauses))


def _dump(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _dump_mapping(value)
    if isinstance(value, list):
        return [_dump(one) for one in value]
    return {"$tuple": [_dump(one) for one in value]} if isinstance(value, tuple) else _dump_single(value)


def _dump_single(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$moment": value.isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    if isinstance(value, bytes):
        return {"$bytes": value.hex()}
    is_number = not isinstance(value, float) or isfinite(value)
    return value if is_number else {"$number": repr(value)}


def _dump_mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    if all(isinstance(key, str) and not key.startswith(_MARK) for key in value):
        return {key: _dump(one) for key, one in value.items()}
    return {"$pairs": [[_dump(key), _dump(one)] for key, one in value.items()]}


def _load(value: Any) -> Any:
    if isinstance(value, list):
        return [_load(one) for one in value]
    if not isinstance(value, dict):
        return value
    for mark, content in value.items():
        if mark.startswith(_MARK):
            return _LOADERS[mark](content)
    return {key: _load(one) for key, one in value.items()}
