"""Which types of source there are, and how each is opened. A new type is one line here."""

from collections.abc import Callable, Mapping
from pathlib import Path

from core.errors import UsageError
from core.sources import Source
from ingest.connectors.connector import Connector
from ingest.connectors.folder import FolderConnector


def open_connector(source: Source, *, max_bytes: int) -> Connector:
    """The connector of a source; raises UsageError for an unknown type or a missing option."""
    if source.type not in CONNECTORS:
        raise UsageError(f"source type {source.type!r} is not known; allowed: {', '.join(CONNECTORS)}")
    return CONNECTORS[source.type](source, max_bytes)


def _open_folder(source: Source, max_bytes: int) -> Connector:
    path = source.options.get("path")
    if not path:
        raise UsageError("a folder source needs its folder: onbrand source add folder NAME --path DIR")
    return FolderConnector(Path(path), max_bytes)


CONNECTORS: Mapping[str, Callable[[Source, int], Connector]] = {"folder": _open_folder}
