"""The door to a source. A connector lists what there is and fetches bytes; the walk decides what to do with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from core.errors import PermanentError
from core.trust import TrustRule, list_levels
from ingest.parsers.parser import RowMapping


class SourceUnreadable(PermanentError):
    """The source as a whole cannot be listed: nothing is removed, nothing is changed."""


class SourceGone(SourceUnreadable):
    """The source itself is not there (any more): nothing is removed unless somebody says that this is right."""


class FileGone(PermanentError):
    """A listed file could not be fetched; the reason is for the report."""


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file as listed. `declared` holds the levels of metadata beside it, weakest first.

    `skip_reason` is set where the source itself says that the file will not be read (type, size).
    """

    path: str
    size: int
    updated: datetime | None
    declared: tuple[Mapping[str, object], ...] = ()
    rows: RowMapping = field(default_factory=RowMapping)
    skip_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything that a source holds now. Only a complete listing lets a missing file count as removed."""

    files: tuple[FileReference, ...]
    is_complete: bool = True

    def place_trust(self, rules: Sequence[TrustRule]) -> "Listing":
        """The same with what is trusted in bulk: weaker than what stands beside a file, stronger than the source."""
        if not rules:
            return self
        files = [
            replace(file, declared=(*list_levels(rules, file.path), *file.declared)) for file in self.files
        ]
        return replace(self, files=tuple(files))


class Connector(Protocol):
    """One source. Raises SourceUnreadable (all of it) or FileGone (one file)."""

    def check_credentials(self) -> None:
        """Raise SourceUnreadable, saying what to do, when the source cannot be read at all."""

    def list_changes(self) -> Listing:
        """List the source."""

    def fetch(self, file: FileReference) -> bytes:
        """The bytes of one listed file."""
