"""The door to a source. A connector lists what there is and fetches bytes; the walk decides what to do with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from core.access import AccessList
from core.errors import PermanentError
from core.mapping import MappingRules, keep_refusal
from core.sources import Source
from core.trust import TrustRule, list_levels
from ingest.parsers.parser import RowMapping


class SourceUnreadable(PermanentError):
    """The source as a whole cannot be listed: nothing is removed, nothing is changed."""


class SourceGone(SourceUnreadable):
    """The source itself is not there (any more): nothing is removed unless somebody says that this is right."""


class CredentialsRefused(SourceUnreadable):
    """The key was refused, has ended or was revoked: nothing can be read until somebody renews it."""


class FileGone(PermanentError):
    """A listed file could not be fetched; the reason is for the report. What is known of it goes on answering."""


class FileWithdrawn(FileGone):
    """The source says no to this one file (forbidden, or not there any more): what is known of it falls silent."""


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file as listed, before anything of it is read.

    `path` is how people find it, unique in its source; its suffix picks the parser. `item_id` is the source's own id,
    by which a renamed or moved file is known again, and `version` changes whenever its bytes may have: what is listed
    with the version that was read is not fetched. Both are empty where only the bytes can tell (a folder).
    `stated` is what the source itself says, `declared` what stands beside the file (sidecars), weakest first; `trusted`
    and `mapped` are filled from rules of this installation.
    `access` holds above everything that is said anywhere: readers can only be narrowed. None: the source has no
    permissions of its own. `signals` are what mapping rules look at, `handle` is what `fetch` needs besides.
    `skip_reason` is set where the source itself says that the file will not be read (type, size).
    """

    path: str
    size: int
    updated: datetime | None
    declared: tuple[Mapping[str, object], ...] = ()
    rows: RowMapping = field(default_factory=RowMapping)
    skip_reason: str | None = None
    item_id: str = ""
    version: str = ""
    stated: Mapping[str, object] = field(default_factory=dict)
    access: AccessList | None = None
    signals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    handle: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    trusted: tuple[Mapping[str, object], ...] = ()
    mapped: tuple[Mapping[str, object], ...] = ()

    @property
    def levels(self) -> tuple[Mapping[str, object], ...]:
        """All that is said of the file outside of it, weakest first."""
        stated = (self.stated,) if self.stated else ()
        return (*self.trusted, *stated, *self.mapped, *self.declared)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source holds, or what has changed in it. Only a complete listing lets a missing file count as removed.

    `removed` are item ids that the source says are gone or out of reach, in a listing of changes. `cursor` is where the
    next listing of changes goes on; it is kept once everything of this one is durable.
    """

    files: tuple[FileReference, ...]
    is_complete: bool = True
    removed: frozenset[str] = frozenset()
    cursor: str | None = None

    def place_rules(self, rules: Sequence[TrustRule], source: Source) -> "Listing":
        """The same with what this installation says of files: trusted in bulk, and by the source's mapping rules."""
        return self.place_trust(rules).place_mapping(source)

    def place_mapping(self, source: Source) -> "Listing":
        """The same with what mapping rules make of labels, folders and titles: stronger than the source's own words."""
        if not source.mapping:
            return self
        rules = MappingRules.parse(source.mapping)
        return replace(self, files=tuple(_map_file(file, rules) for file in self.files))

    def place_trust(self, rules: Sequence[TrustRule]) -> "Listing":
        """The same with what is trusted in bulk: weaker than the source's word on a file, stronger than its options."""
        if not rules:
            return self
        files = [replace(file, trusted=list_levels(rules, file.path)) for file in self.files]
        return replace(self, files=tuple(files))


def _map_file(file: FileReference, rules: MappingRules) -> FileReference:
    placed = rules.place(file.path, str(file.stated.get("title") or ""), file.signals)
    # What a sidecar says of rows stands above the rules.
    rows = file.rows or RowMapping(placed.rows or {})
    return replace(file, mapped=keep_refusal(placed.levels, file.stated), rows=rows)


@dataclass(frozen=True, slots=True)
class GroupListing:
    """Groups that a source's access lists name: group (without `group:`) -> e-mails and `group:NAME`."""

    groups: Mapping[str, frozenset[str]]
    is_complete: bool = True


class Connector(Protocol):
    """One source. Raises SourceUnreadable (all of it), FileGone (one file), or TransientError (later, perhaps)."""

    def check_credentials(self) -> None:
        """Raise SourceUnreadable, saying what to do, when the source cannot be read at all."""

    def list_changes(self, since: str | None) -> Listing:
        """What has changed since that cursor; everything without one, or where the source knows it no more.

        Raises rather than gives a part: a page that could not be read is no page without files.
        """

    def fetch(self, file: FileReference) -> bytes:
        """The bytes of one listed file."""

    def list_groups(self) -> GroupListing | None:
        """Members of the groups that access lists name; None where the source has none of its own."""
