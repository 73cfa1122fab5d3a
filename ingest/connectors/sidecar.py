"""Reads `onbrand.yaml`, the sidecar that declares metadata for files which cannot carry their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from core.metadata import FIELDS
from core.path_glob import matches
from core.table_rows import ROW_FIELDS
from ingest.connectors.connector import SourceUnreadable
from ingest.parsers.parser import RowMapping

SIDECAR_NAME = "onbrand.yaml"


@dataclass(frozen=True, slots=True)
class Sidecar:
    """One sidecar. `folder` is relative to the source ('' for its root); globs are relative to the folder."""

    folder: str
    files: Mapping[str, Mapping[str, Any]]

    def declare(self, path: str) -> list[Mapping[str, Any]]:
        """Entries that match a path of the source, in the order in which they were written."""
        prefix = f"{self.folder}/" if self.folder else ""
        if not path.startswith(prefix):
            return []
        inside = path.removeprefix(prefix)
        return [values for glob, values in self.files.items() if matches(glob, inside)]


def read_sidecar(content: bytes, *, folder: str) -> Sidecar:
    """Parse and check a sidecar. A mistake stops the sync: ignoring it could make a document more visible."""
    where = f"{folder}/{SIDECAR_NAME}" if folder else SIDECAR_NAME
    try:
        loaded = yaml.safe_load(content.decode("utf-8-sig")) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # ValueError: bytes that are not UTF-8, or a day that no calendar has.
        raise SourceUnreadable(
            f"{where} is not valid YAML: {_one_line(error)}; correct it and sync again"
        ) from error
    files = loaded.get("files", {}) if isinstance(loaded, dict) else None
    if not isinstance(files, dict) or set(loaded) - {"files"}:
        raise SourceUnreadable(f"{where} must hold one key `files` with `glob: {{field: value}}` below it")
    for glob, values in files.items():
        _check_entry(where, str(glob), values)
    return Sidecar(folder, {str(glob): values for glob, values in files.items()})


def find_rows(levels: list[Mapping[str, Any]]) -> RowMapping:
    """The strongest row mapping among matching entries."""
    mappings = [level["rows"] for level in levels if level.get("rows")]
    return (
        RowMapping({str(name): str(column) for name, column in mappings[-1].items()})
        if mappings
        else RowMapping()
    )


def _check_entry(where: str, glob: str, values: object) -> None:
    if not isinstance(values, dict):
        raise SourceUnreadable(f"{where}: {glob!r} must hold fields, received {type(values).__name__}")
    unknown = set(values) - {*FIELDS, "rows"}
    if unknown:
        names = ", ".join(sorted(map(str, unknown)))
        raise SourceUnreadable(f"{where}: {glob!r} has unknown {names}; allowed: {', '.join(FIELDS)}, rows")
    nested = sorted(name for name, value in values.items() if name != "rows" and not _is_plain(value))
    if nested:
        raise SourceUnreadable(
            f"{where}: {', '.join(nested)} of {glob!r} must be a word, a day or a list of words"
        )
    rows = values.get("rows")
    if rows is not None and (not isinstance(rows, dict) or set(rows) - set(ROW_FIELDS)):
        raise SourceUnreadable(
            f"{where}: rows of {glob!r} must map fields ({', '.join(ROW_FIELDS)}) to column headers"
        )


def _is_plain(value: object) -> bool:
    # Nested aliases grow without bound once somebody prints the value.
    values = value if isinstance(value, list) else [value]
    return not any(isinstance(one, list | dict | set) for one in values)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
