"""A Drive source against the fake Drive, and what a sync would hold of it. Used by the tests of the Drive connector."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.access import Person, may_read
from core.secrets import Secret
from ingest.connectors.connector import FileReference, GroupListing, Listing
from ingest.connectors.drive.connector import TYPE, DriveConnector, Patience, open_drive
from ingest.connectors.options import SourceSetup
from ingest.connectors.web_retry import RetryPolicy
from tests.fakes.drive_oauth import CLIENT, make_key_file
from tests.fakes.drive_server import DriveServer, serve_drive
from tests.fakes.drive_world import DriveWorld

QUICK = Patience(RetryPolicy(attempts=4, most_seconds=5, first_seconds=0.001), first_poll_seconds=0.001)
MAX_BYTES = 1_000_000


@dataclass
class DriveSource:
    """The fake, and what the connector has told so far: files by item id, kept as the sync keeps them."""

    server: DriveServer
    options: dict[str, str] = field(default_factory=dict)
    held: dict[str, FileReference] = field(default_factory=dict)
    cursor: str | None = None
    _opened: dict[str, DriveConnector] = field(default_factory=dict)

    @property
    def world(self) -> DriveWorld:
        return self.server.world

    def open(self, *, is_person: bool = False, **options: str) -> DriveConnector:
        chosen = {"api-url": self.server.base, "directory-url": self.server.base, **self.options}
        chosen |= {name.replace("_", "-"): value for name, value in options.items()}
        secrets = {"key": make_key_file(self.world, self.server.base)}
        if is_person:
            secrets = {name.replace("_", "-"): value for name, value in CLIENT.items()}
        if (known := self._opened.get(repr((chosen, is_person)))) is not None:
            return known
        setup = SourceSetup(
            name="brand",
            options=chosen,
            secrets={name: Secret(value) for name, value in secrets.items()},
            max_bytes=MAX_BYTES,
            specs=TYPE.options,
        )
        opened = open_drive(setup, patience=QUICK, now=lambda: self.world.now)
        self._opened[repr((chosen, is_person))] = opened
        return opened

    def sync(self) -> Listing:
        """One listing, kept: removals by evidence only, all others only by a complete listing."""
        listing = self.open().list_changes(self.cursor)
        new = {file.item_id: file for file in listing.files}
        self.held = new if listing.is_complete else {**self.held, **new}
        for gone in listing.removed:
            self.held.pop(gone, None)
        self.cursor = listing.cursor
        return listing

    def paths(self) -> list[str]:
        """Paths of what is read."""
        return sorted(file.path for file in self.held.values() if file.skip_reason is None)

    def find(self, path: str) -> FileReference:
        """The file of a path."""
        (found,) = [file for file in self.held.values() if file.path == path]
        return found

    def read(self, path: str) -> bytes:
        """The bytes of a path."""
        return self.open().fetch(self.find(path))

    def list_fresh(self) -> dict[str, tuple[str, str, str]]:
        """What a first sync would hold now: path, version and readers by item id."""
        return describe(self.open().list_changes(None).files)

    def describe_held(self) -> dict[str, tuple[str, str, str]]:
        """The same of what is held."""
        return describe(self.held.values())

    def list_readers(self, path: str, *people: str) -> list[str]:
        """Who of these may read a file, with the groups that the source gives."""
        access = self.find(path).access
        assert access is not None
        groups = self.open().list_groups()
        return [person for person in people if may_read(make_person(person, groups), access)]


def describe(files: object) -> dict[str, tuple[str, str, str]]:
    """Path, version and readers of each file that is read."""
    found: dict[str, tuple[str, str, str]] = {}
    for file in files:  # type: ignore[attr-defined]
        if file.skip_reason is None:
            found[file.item_id] = (file.path, file.version, file.access.describe())
    return found


def make_person(email: str, listing: GroupListing) -> Person:
    """A known person with all groups, over groups in groups."""
    groups: set[str] = set()
    wanted = {email}
    while wanted:
        found = {group for group, members in listing.groups.items() if members & wanted} - groups
        groups |= found
        wanted = {f"group:{group}" for group in found}
    return Person(email=email, role="reader", groups=frozenset(groups), is_known=True)


@contextmanager
def serve_source(**options: str) -> Iterator[DriveSource]:
    """A source and its fake; at the end, neither side may have left the API's own description."""
    with serve_drive() as server:
        yield DriveSource(server, {name.replace("_", "-"): value for name, value in options.items()})
        assert server.violations == []
