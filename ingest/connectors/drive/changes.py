"""Sorts the log of one realm: what is to be listed again, and what is gone. Used by news.py."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.connectors.drive.calls import Change, DriveCalls
from ingest.connectors.drive.cursor import Cursor
from ingest.connectors.drive.item import Item
from ingest.connectors.drive.walk import Holding, list_trash_below


@dataclass(slots=True)
class SortedChanges:
    """Files to list, folders to list again with all below them, shortcuts to follow again, ids that are gone.

    `has_lost_folder`: a folder left the scope, and nobody can say what it held.
    """

    files: dict[str, Item] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    shortcuts: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    has_lost_folder: bool = False


def sort_changes(
    calls: DriveCalls, changes: Iterable[Change], holding: Holding, cursor: Cursor
) -> SortedChanges:
    """What the changes of a realm mean for its files."""
    found = SortedChanges()
    has_folder_news = False
    for change in changes:
        item = change.item
        if change.is_drive:
            continue
        has_folder_news |= item is not None and item.is_folder
        if item is None or item.is_trashed:
            found.gone.add(change.id)
            if item is not None and item.is_folder:
                found.gone |= list_trash_below(calls, item)
        elif item.is_folder:
            _sort_folder(item, holding, cursor, found)
        else:
            _sort_file(item, holding, found)
    if has_folder_news:
        # A folder of the same name may get its own name back, which moves all that it holds.
        found.folders |= set(cursor.marked) & set(holding.tree.folders)
    return found


def _sort_folder(item: Item, holding: Holding, cursor: Cursor, found: SortedChanges) -> None:
    """Only the folder writes a line: who reads what it holds, and where that shows, has to be found below it."""
    if item.id in holding.tree.folders and holding.tree.find_path(item.id) is not None:
        found.folders |= holding.tree.list_twins(item.id)
    elif item.id in cursor.folders:
        found.has_lost_folder = True


def _sort_file(item: Item, holding: Holding, found: SortedChanges) -> None:
    if not holding.holds(item):
        found.gone.add(item.id)
    elif item.is_shortcut:
        found.shortcuts.add(item.id)
    else:
        found.files[item.id] = item
