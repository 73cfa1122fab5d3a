"""What a source reads: shared drives, folders and single files, found from its options. Used by connector.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.connectors.connector import SourceGone, SourceUnreadable
from ingest.connectors.drive.calls import DriveCalls, SharedDrive
from ingest.connectors.drive.forms import mark_name
from ingest.connectors.drive.item import Item

OWN_CORPUS = ""


@dataclass(frozen=True, slots=True)
class Realm:
    """One log of changes and what of it belongs to the source: a whole shared drive, or only what lies below `folders`.

    `id` is the shared drive's; "" stands for everything that lies in no shared drive of this account.
    """

    id: str
    name: str
    folders: tuple[Item, ...] = ()

    @property
    def is_whole(self) -> bool:
        """All of a shared drive."""
        return bool(self.id) and not self.folders


@dataclass(frozen=True, slots=True)
class Scope:
    """What a source was told to read. All empty: every shared drive that the account is a member of."""

    drives: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def is_named(self) -> bool:
        """True where the drives to read follow from names: what is named and not there is missed at once."""
        return bool(self.drives or self.folders or self.files)


@dataclass(slots=True)
class RealmFinder:
    """Looks up what the options name; raises SourceGone for whatever is not there (any more)."""

    calls: DriveCalls
    scope: Scope
    _drives: list[SharedDrive] | None = field(default=None)

    def find_realms(self) -> tuple[Realm, ...]:
        """The realms, oldest drive first, each with a name of its own."""
        chosen = self._find_drives()
        whole = [Realm(drive.id, name) for drive, name in _name_drives(chosen)]
        return (*whole, *self._find_folder_realms({drive.id for drive in chosen}))

    def _find_drives(self) -> list[SharedDrive]:
        if not self.scope.drives:
            return [] if self.scope.is_named else self._list_drives()
        return [self._find_drive(word) for word in dict.fromkeys(self.scope.drives)]

    def _find_drive(self, word: str) -> SharedDrive:
        drives = self._list_drives()
        by_id = [drive for drive in drives if drive.id == word]
        found = by_id or [drive for drive in drives if drive.name.casefold() == word.casefold()]
        if len(found) > 1:
            ids = ", ".join(drive.id for drive in found)
            raise SourceUnreadable(
                f"{len(found)} shared drives are named {word!r} ({ids}); give the id instead"
            )
        if found:
            return found[0]
        names = ", ".join(repr(drive.name) for drive in drives) or "none"
        raise SourceGone(
            f"the shared drive {word!r} is not there (any more), or this account is no longer a member; it sees: "
            f"{names}. Add the account to the drive again, or take the drive out of --drives"
        )

    def _list_drives(self) -> list[SharedDrive]:
        if self._drives is None:
            self._drives = self.calls.list_drives()
        return self._drives

    def _find_folder_realms(self, whole: set[str]) -> list[Realm]:
        """Folders by the drive that logs their changes. What lies in a drive that is read anyway adds nothing."""
        members = {drive.id: drive.name for drive in self._list_drives()} if self.scope.folders else {}
        found: dict[str, list[Item]] = {}
        for id_ in dict.fromkeys(self.scope.folders):
            folder = self._find_folder(id_)
            corpus = folder.drive_id if folder.drive_id in members else OWN_CORPUS
            if corpus not in whole or corpus == OWN_CORPUS:
                found.setdefault(corpus, []).append(folder)
        return [Realm(corpus, members.get(corpus, ""), tuple(items)) for corpus, items in found.items()]

    def _find_folder(self, id_: str) -> Item:
        folder = self.calls.find_item(id_)
        if folder is None or folder.is_trashed:
            raise SourceGone(
                f"the folder {id_!r} is not there (any more), or is no longer shared with this account; share it "
                "again, or take it out of --folders"
            )
        if not folder.is_folder:
            raise SourceUnreadable(f"{id_!r} ({folder.name}) is not a folder; give single files in --files")
        return folder


def _name_drives(drives: Iterable[SharedDrive]) -> Sequence[tuple[SharedDrive, str]]:
    """Two drives of one name must not share their paths."""
    taken: set[str] = set()
    named: list[tuple[SharedDrive, str]] = []
    for drive in sorted(drives, key=lambda one: one.age):
        plain = drive.name.replace("/", "\N{DIVISION SLASH}")
        name = mark_name(plain, drive.id) if plain in taken else plain
        taken.add(name)
        named.append((drive, name))
    return named
