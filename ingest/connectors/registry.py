"""Which types of source there are. A new type is one line here."""

from collections.abc import Mapping

from core.errors import UsageError
from ingest.connectors import folder
from ingest.connectors.options import SourceType

TYPES: Mapping[str, SourceType] = {one.name: one for one in (folder.TYPE,)}


def find_type(name: str) -> SourceType:
    """A type by its name; raises UsageError naming those that are there."""
    if name not in TYPES:
        raise UsageError(f"source type {name!r} is not known; allowed: {', '.join(TYPES)}")
    return TYPES[name]
