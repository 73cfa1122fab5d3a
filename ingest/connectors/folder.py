"""A folder of files as a source: the connector to copy. Hidden files and links out of the folder are left out."""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from ingest.connectors.connector import (
    FileGone,
    FileReference,
    GroupListing,
    Listing,
    SourceGone,
    SourceUnreadable,
)
from ingest.connectors.options import Option, SourceSetup, SourceType
from ingest.connectors.sidecar import SIDECAR_NAME, Sidecar, find_rows, read_sidecar
from ingest.parsers.registry import READABLE_SUFFIXES


@dataclass(frozen=True, slots=True)
class FolderConnector:
    """Reads `root`. Files above `max_bytes` are listed with a reason and never opened."""

    root: Path
    max_bytes: int

    def check_credentials(self) -> None:
        """The folder must exist and be readable."""
        if not self.root.exists():
            raise SourceGone(
                f"the folder {self.root} does not exist; check the path, or mount it, then sync again"
            )
        if not self.root.is_dir():
            raise SourceUnreadable(f"{self.root} is not a folder; give the folder that holds the documents")
        if not os.access(self.root, os.R_OK | os.X_OK):
            raise SourceUnreadable(
                f"no right to read the folder {self.root}; grant it to this user, then sync again"
            )

    def list_changes(self, since: str | None = None) -> Listing:  # noqa: ARG002 - a folder knows of no changes
        """All files below the root, by path. An unreadable folder inside makes the listing incomplete."""
        self.check_credentials()
        unreadable: list[str] = []
        paths = sorted(self._walk(unreadable))
        sidecars = [self._read_sidecar(path) for path in paths if PurePosixPath(path).name == SIDECAR_NAME]
        sidecars.sort(key=lambda sidecar: len(sidecar.folder))
        files = [self._refer(path, sidecars) for path in paths if PurePosixPath(path).name != SIDECAR_NAME]
        blocked = [
            FileReference(_show_path(path), 0, None, skip_reason="no right to read this folder")
            for path in unreadable
        ]
        return Listing(tuple(files + blocked), is_complete=not unreadable)

    def fetch(self, file: FileReference) -> bytes:
        """The bytes of one file."""
        try:
            return (self.root / file.path).read_bytes()
        except PermissionError as error:
            raise FileGone("no right to read it") from error
        except OSError as error:
            raise FileGone(f"could not be read ({error.strerror})") from error

    def list_groups(self) -> GroupListing | None:
        """None: who reads a folder says nothing of who reads in Slack."""
        return None

    def _walk(self, unreadable: list[str]) -> Iterator[str]:
        def note(error: OSError) -> None:
            unreadable.append(Path(error.filename).relative_to(self.root).as_posix())

        root = self.root.resolve()
        for folder, names, files in os.walk(self.root, onerror=note, followlinks=False):
            names[:] = sorted(name for name in names if not name.startswith("."))
            for name in files:
                path = Path(folder) / name
                if not name.startswith((".", "~$")) and Path(os.path.realpath(path)).is_relative_to(root):
                    yield path.relative_to(self.root).as_posix()

    def _read_sidecar(self, path: str) -> Sidecar:
        folder = PurePosixPath(path).parent.as_posix()
        try:
            content = self.fetch(FileReference(path, 0, None))
        except FileGone as error:
            raise SourceUnreadable(
                f"{_show_path(path)}: {error}; what it declares decides who may read what, so nothing was synced"
            ) from error
        return read_sidecar(content, folder="" if folder == "." else folder)

    def _refer(self, path: str, sidecars: list[Sidecar]) -> FileReference:
        if _show_path(path) != path:
            # No database takes such a name.
            return FileReference(_show_path(path), 0, None, skip_reason="its name is not UTF-8; rename it")
        levels: list[Mapping[str, object]] = [
            level for sidecar in sidecars for level in sidecar.declare(path)
        ]
        try:
            found = (self.root / path).stat()
        except OSError as error:
            return FileReference(path, 0, None, skip_reason=f"could not be read ({error.strerror})")
        return FileReference(
            path=path,
            size=found.st_size,
            updated=datetime.fromtimestamp(found.st_mtime, UTC),
            declared=tuple(levels),
            rows=find_rows(levels),
            skip_reason=self._skip_reason(path, found),
        )

    def _skip_reason(self, path: str, found: os.stat_result) -> str | None:
        suffix = PurePosixPath(path).suffix.lower()
        if suffix not in READABLE_SUFFIXES:
            readable = " ".join(sorted(READABLE_SUFFIXES))
            return f"{suffix or 'no suffix'} is not a format that is read ({readable})"
        if not stat.S_ISREG(found.st_mode):
            return "is a pipe, a socket or a device, not a file"
        if found.st_size > self.max_bytes:
            return (
                f"{found.st_size / 1e6:.1f} MB is above the limit of {self.max_bytes / 1e6:.0f} MB "
                "(ONBRAND_MAX_FILE_MEGABYTES)"
            )
        return None


def _show_path(path: str) -> str:
    """The path as it can be printed and stored: bytes that are not UTF-8 show as `?`."""
    return path.encode("utf-8", errors="replace").decode()


def _open(setup: SourceSetup) -> FolderConnector:
    return FolderConnector(Path(setup.get("path")), setup.max_bytes)


TYPE = SourceType(
    "folder",
    "a folder of files",
    (Option("path", "the folder that holds the documents", is_required=True),),
    _open,
)
