"""Which types of source there are. A new type is one line here, naming the module that ends with its TYPE."""

from collections.abc import Mapping
from importlib import import_module

from core.errors import UsageError
from ingest.connectors.options import SourceType

# Named, not imported: what a Drive source needs, only a Drive source should pay for.
MODULES: Mapping[str, str] = {
    "folder": "ingest.connectors.folder",
    "confluence": "ingest.connectors.confluence.connector",
    "drive": "ingest.connectors.drive.connector",
    "bynder": "ingest.connectors.bynder.connector",
    "resourcespace": "ingest.connectors.resourcespace.connector",
    "llamahub": "ingest.connectors.llamahub.connector",
}


def find_type(name: str) -> SourceType:
    """A type by its name; raises UsageError naming those that are there."""
    if name not in MODULES:
        raise UsageError(f"source type {name!r} is not known; allowed: {', '.join(MODULES)}")
    found: SourceType = import_module(MODULES[name]).TYPE
    return found


def load_types() -> tuple[SourceType, ...]:
    """All types."""
    return tuple(find_type(name) for name in MODULES)
