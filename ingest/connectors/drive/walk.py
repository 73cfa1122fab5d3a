"""Reads a realm: all of it, its folders alone, or what lies below some of them. Used by listing.py."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ingest.connectors.drive.calls import DriveCalls
from ingest.connectors.drive.forms import clean_name, mark_name
from ingest.connectors.drive.item import FOLDER, SHORTCUT, Item
from ingest.connectors.drive.realms import Realm
from ingest.connectors.drive.tree import FolderTree

# Drive takes long queries, but not endless ones.
PARENTS_AT_ONCE = 20
_FOLDERS_AND_SHORTCUTS = f"(mimeType = '{FOLDER}' or mimeType = '{SHORTCUT}')"
Keys = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """A realm as read: its folders, and files and shortcuts that lie in scope (all of them, or shortcuts alone)."""

    realm: Realm
    tree: FolderTree
    items: tuple[Item, ...] = ()

    def holds(self, item: Item) -> bool:
        """True when an item lies in the realm and in scope."""
        if self.realm.id != item.drive_id and (self.realm.id or item.parent not in self.tree.folders):
            return False
        return self.tree.find_path(item.parent) is not None


def read_realm(calls: DriveCalls, realm: Realm, *, is_whole: bool) -> Holding:
    """Folders and shortcuts of a realm, and with `is_whole` all files, too."""
    # A drive of which only some folders are read is not read whole for them.
    is_partial = bool(realm.id) and not realm.is_whole
    kinds = "" if is_whole and not is_partial else _FOLDERS_AND_SHORTCUTS
    found = list(_list_drive(calls, realm, kinds) if realm.id else _walk_down(calls, realm.folders, kinds))
    holding = Holding(realm, _plant_tree(realm, [item for item in found if item.is_folder]))
    if is_whole and is_partial:
        found += read_below(calls, holding, [folder.id for folder in realm.folders])
    inside = {item.id: item for item in found if not item.is_folder and holding.holds(item)}
    return Holding(realm, holding.tree, tuple(inside.values()))


def read_below(calls: DriveCalls, holding: Holding, folders: Iterable[str]) -> list[Item]:
    """All files and shortcuts below some folders of a realm, at any depth."""
    wanted = holding.tree.list_below(folders)
    return [item for item in list_children(calls, wanted, holding.realm.id) if not item.is_folder]


def read_subtree(calls: DriveCalls, folder: Item) -> tuple[list[Item], list[Item]]:
    """The folders and the files below a folder anywhere in Drive, itself among the folders. Cycles are met once."""
    found = list(_walk_down(calls, [folder], ""))
    return [item for item in found if item.is_folder], [item for item in found if not item.is_folder]


def list_children(  # noqa: PLR0913 - a query has that many parts
    calls: DriveCalls,
    parents: Iterable[str],
    drive_id: str,
    *,
    kinds: str = "",
    keys: Keys = (),
    is_trash_read: bool = False,
) -> Iterator[Item]:
    """What lies directly in these folders."""
    queue = iter(sorted(parents))
    while batch := list(islice(queue, PARENTS_AT_ONCE)):
        where = " or ".join(f"{quote(id_)} in parents" for id_ in batch)
        parts = [f"({where})", *([] if is_trash_read else ["trashed = false"]), *([kinds] if kinds else [])]
        yield from calls.list_items(" and ".join(parts), drive_id, keys=keys)


def list_trash_below(calls: DriveCalls, folder: Item) -> set[str]:
    """Ids of everything below a folder that was trashed: what it holds writes no line into the log."""
    found: set[str] = set()
    queue = {folder.id}
    while queue:
        items = list(list_children(calls, queue, folder.drive_id, is_trash_read=True))
        queue = {item.id for item in items if item.is_folder} - found
        found |= {item.id for item in items}
    return found


def list_named(calls: DriveCalls, parent: str, names: Collection[str], drive_id: str) -> Iterator[Item]:
    """Files in one folder that have one of some names."""
    queue = iter(sorted(names))
    while batch := list(islice(queue, PARENTS_AT_ONCE)):
        which = " or ".join(f"name = {quote(name)}" for name in batch)
        yield from list_children(calls, [parent], drive_id, kinds=f"({which})")


def quote(text: str) -> str:
    """A value of a search query."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _list_drive(calls: DriveCalls, realm: Realm, kinds: str) -> Iterator[Item]:
    query = " and ".join(["trashed = false", *([kinds] if kinds else [])])
    return calls.list_items(query, realm.id)


def _walk_down(calls: DriveCalls, folders: Sequence[Item], kinds: str) -> Iterator[Item]:
    level, seen = list(folders), {folder.id for folder in folders}
    yield from level
    while level:
        by_place = _group(level, lambda folder: (folder.drive_id, folder.keys, _own_keys(folder)))
        level = []
        for (_, keys, own), group in by_place.items():
            ids = [folder.id for folder in group]
            for item in list_children(calls, ids, "", kinds=kinds, keys=(*keys, *own)):
                if item.id not in seen:
                    seen.add(item.id)
                    yield item
                    level += [item] if item.is_folder else []


def _own_keys(folder: Item) -> Keys:
    key = folder.raw.get("resourceKey")
    return ((folder.id, str(key)),) if key else ()


def _group(
    items: Iterable[Item], sort: Callable[[Item], tuple[str, Keys, Keys]]
) -> dict[tuple[str, Keys, Keys], list[Item]]:
    groups: dict[tuple[str, Keys, Keys], list[Item]] = {}
    for item in items:
        groups.setdefault(sort(item), []).append(item)
    return groups


def _plant_tree(realm: Realm, found: list[Item]) -> FolderTree:
    folders = {folder.id: folder for folder in found}
    if realm.is_whole:
        return FolderTree(folders, {realm.id: realm.name}, stray=realm.name)
    drive = FolderTree(folders, {realm.id: realm.name}, stray=realm.name) if realm.id else None
    roots: dict[str, str] = {}
    for folder in sorted(realm.folders, key=lambda one: one.age):
        path = drive.find_path(folder.id) if drive else clean_name(folder.name)
        roots[folder.id] = (
            path if path and path not in roots.values() else mark_name(path or folder.name, folder.id)
        )
    return FolderTree(folders, roots)
