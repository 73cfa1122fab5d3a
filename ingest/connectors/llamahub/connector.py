"""Any LlamaIndex reader as a source: what it loads is listed whole, all of it draft, readable by whom the admin says.

Opened through registry.py.
"""

import json
from collections.abc import Mapping
from threading import Lock
from typing import Any

from core.errors import UsageError
from ingest.connectors.connector import FileGone, FileReference, GroupListing, Listing
from ingest.connectors.llamahub.build_files import ReadFile, build_files
from ingest.connectors.llamahub.read_documents import ReaderCall, load_documents, open_reader
from ingest.connectors.options import Option, SourceSetup, SourceType


class LlamahubConnector:
    """Loads once; all text is held until the connector is let go. Thread-safe.

    A reader knows neither changes nor permissions: every listing is complete, and a reader that swallows its own
    errors and gives less than there is cannot be told from one that has less (the limit on removals asks then).
    """

    def __init__(self, call: ReaderCall, *, max_bytes: int) -> None:
        self._call, self._max_bytes = call, max_bytes
        self._loading = Lock()
        self._files: Mapping[str, ReadFile] | None = None

    def check_credentials(self) -> None:
        """The reader must be installed and take its arguments; nothing is loaded."""
        open_reader(self._call)

    def list_changes(self, since: str | None) -> Listing:  # noqa: ARG002 - a reader knows no cursor
        """Everything that the reader gives, whatever is known already."""
        return Listing(tuple(self._refer(file) for file in self._load().values()))

    def fetch(self, file: FileReference) -> bytes:
        """The text of one listed file."""
        found = self._load().get(file.item_id)
        if found is None:
            raise FileGone("the reader does not give it any more")
        return found.content

    def list_groups(self) -> GroupListing | None:
        """Readers know no people."""
        return None

    def _load(self) -> Mapping[str, ReadFile]:
        with self._loading:
            if self._files is None:
                self._files = {file.item_id: file for file in build_files(load_documents(self._call))}
            return self._files

    def _refer(self, file: ReadFile) -> FileReference:
        return FileReference(
            path=file.path,
            size=len(file.content),
            updated=file.updated,
            skip_reason=self._skip_reason(file),
            item_id=file.item_id,
            version=file.version,
            stated=file.stated,
            signals=file.signals,
        )

    def _skip_reason(self, file: ReadFile) -> str | None:
        if not file.content:
            return "the reader gave no text for it"
        if len(file.content) > self._max_bytes:
            return (
                f"{len(file.content) / 1e6:.1f} MB is above the limit of {self._max_bytes / 1e6:.0f} MB "
                "(ONBRAND_MAX_FILE_MEGABYTES)"
            )
        return None


def _open(setup: SourceSetup) -> LlamahubConnector:
    arguments = _read_object("arguments", setup.get("arguments"))
    if setup.has_secret("arguments-secret"):
        arguments |= _read_object("arguments-secret", setup.secret("arguments-secret"))
    load = _read_object("load", setup.get("load"))
    return LlamahubConnector(ReaderCall(setup.get("reader"), arguments, load), max_bytes=setup.max_bytes)


def _read_object(name: str, text: str) -> dict[str, Any]:
    try:
        read = json.loads(text or "{}")
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        # Its text is not repeated: it may be the secret.
        raise UsageError(f'{name} must be a JSON object such as {{"name": "value"}}')
    return read


TYPE = SourceType(
    name="llamahub",
    title="a LlamaIndex reader",
    options=(
        Option("reader", "the reader's class, as package.module:ClassName", is_required=True),
        Option("arguments", "what the class is made with, as a JSON object", default="{}"),
        Option("load", "what its load_data is called with, as a JSON object", default="{}"),
        Option(
            "arguments-secret",
            "further arguments of the class that nobody may see, as a JSON object",
            is_secret=True,
        ),
    ),
    open=_open,
)
