"""What a sync would make of a source before anything is read into the index. Called when a source is added."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from core.access import OWNER_ACCESS
from core.errors import PermanentError
from core.metadata import Declared
from core.sources import Source
from core.trust import BY_SOURCE, TRUSTED_BY, find_deciding
from ingest.connectors.connector import Connector, FileReference, Listing
from ingest.read_file import ReadDocument, read_file, resolve, source_level

MOST_READ = 1000
"""Files whose own words are read for a preview; of the rest only what is said beside them counts."""
MOST_EXAMPLES = 3
# Only these carry metadata of their own; of the others all that counts stands beside them.
_SPEAKING = frozenset({".md", ".markdown", ".html", ".htm", ".txt"})


@dataclass(frozen=True, slots=True)
class CoveredFile:
    """One file as a sync would see it. `is_mapped`: its status was said somewhere, not left to the default."""

    path: str
    declared: Declared
    is_mapped: bool
    is_read: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """The files that a sync would read, and why it would leave out the others (path, reason)."""

    files: tuple[CoveredFile, ...]
    skipped: tuple[tuple[str, str], ...]
    unreadable: tuple[tuple[str, str], ...]

    @property
    def unmapped(self) -> int:
        """Files whose status is said nowhere: drafts that never answer."""
        return sum(not file.is_mapped for file in self.files)

    @property
    def is_mostly_unmapped(self) -> bool:
        """True when somebody should be asked whether to trust the whole."""
        return self.unmapped * 2 > len(self.files)

    def as_json(self) -> dict[str, Any]:
        """Counts with up to three examples each; a sheet that is read row by row counts as one file."""
        return {
            "files": len(self.files),
            "read": sum(file.is_read for file in self.files),
            "not_read": sum(_speaks(file.path) and not file.is_read for file in self.files),
            "status": _group((_name_status(file), file.path) for file in self.files),
            "kinds": _group((file.declared.kind, file.path) for file in self.files),
            "brands": _group((file.declared.brand or "none", file.path) for file in self.files),
            "access": _group((file.declared.access.describe(), file.path) for file in self.files),
            "skipped": _group((reason, path) for path, reason in self.skipped),
            "unreadable": _group((reason, path) for path, reason in self.unreadable),
        }


def cover_listing(
    source: Source, listing: Listing, connector: Connector, *, most_read: int = MOST_READ
) -> Coverage:
    """Merge what is declared for each file just as a sync does. `listing` already holds what is trusted in bulk."""
    files: list[CoveredFile] = []
    unreadable: list[tuple[str, str]] = []
    left = most_read
    for file in listing.files:
        if file.skip_reason is not None:
            continue
        # What the source itself has a version of is fetched by a sync, not for a look.
        is_read = _speaks(file.path) and left > 0 and not file.version
        left -= is_read
        try:
            files.append(_cover_file(source, file, connector if is_read else None))
        except PermanentError as error:
            unreadable.append((file.path, str(error)))
    skipped = tuple((file.path, file.skip_reason) for file in listing.files if file.skip_reason is not None)
    return Coverage(tuple(files), skipped, tuple(unreadable))


def find_trusted(source: Source, file: FileReference, read: ReadDocument) -> dict[str, str]:
    """Field -> trust rule (or `source add`) that decided it for one document of a file."""
    own: Mapping[str, object] = {} if read.parsed.part else read.parsed.metadata
    said = {name: own.get(name) for name in ("status", "access")}
    return find_deciding([_trust_of_source(source), *file.levels, said], read.incoming.declared)


def _cover_file(source: Source, file: FileReference, connector: Connector | None) -> CoveredFile:
    declared, own = resolve(source, file), {}
    if connector is not None:
        document = read_file(source, file, connector.fetch(file))[0]
        declared, own = document.incoming.declared, dict(document.parsed.metadata)
    return CoveredFile(
        file.path, declared, _is_mapped(source, [*file.levels, own]), is_read=connector is not None
    )


def _is_mapped(source: Source, levels: Sequence[Mapping[str, object]]) -> bool:
    return source.status != "draft" or any(level.get("status") not in (None, "") for level in levels)


def _trust_of_source(source: Source) -> Mapping[str, object]:
    """What the options of `source add` say, where they widen the default."""
    level = source_level(source)
    widened = {"status": source.status == "approved", "access": source.access != OWNER_ACCESS}
    return {TRUSTED_BY: BY_SOURCE, **{name: level[name] for name, holds in widened.items() if holds}}


def _name_status(file: CoveredFile) -> str:
    return file.declared.status if file.is_mapped else "unmapped"


def _speaks(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in _SPEAKING


def _group(pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for name, path in pairs:
        group = groups.setdefault(name, {"files": 0, "examples": []})
        group["files"] += 1
        if len(group["examples"]) < MOST_EXAMPLES:
            group["examples"].append(path)
    return dict(sorted(groups.items(), key=lambda item: -item[1]["files"]))
