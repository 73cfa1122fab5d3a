"""A listed file as JSON and back, so that the list of a job survives the process. Used by ingest/sync_job.py."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ingest.connectors.connector import FileReference
from ingest.parsers.parser import RowMapping

# Days stand as days in YAML beside a file; JSON has none, and a day that came back as a word would be a change.
_DAY, _MOMENT = "$day", "$moment"


def dump_reference(file: FileReference) -> dict[str, Any]:
    """JSON-ready."""
    return {
        "path": file.path,
        "size": file.size,
        "updated": _dump(file.updated),
        "declared": [_dump(dict(level)) for level in file.declared],
        "rows": dict(file.rows.columns),
    }


def load_reference(value: Mapping[str, Any]) -> FileReference:
    """The very reference that was dumped."""
    return FileReference(
        path=value["path"],
        size=value["size"],
        updated=_load(value["updated"]),
        declared=tuple(_load(level) for level in value["declared"]),
        rows=RowMapping(value["rows"]),
    )


def _dump(value: Any) -> Any:
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    if isinstance(value, Mapping):
        return {key: _dump(one) for key, one in value.items()}
    return [_dump(one) for one in value] if isinstance(value, list | tuple) else value


def _load(value: Any) -> Any:
    if isinstance(value, list):
        return [_load(one) for one in value]
    if not isinstance(value, dict):
        return value
    if _MOMENT in value:
        return datetime.fromisoformat(value[_MOMENT])
    if _DAY in value:
        return date.fromisoformat(value[_DAY])
    return {key: _load(one) for key, one in value.items()}
