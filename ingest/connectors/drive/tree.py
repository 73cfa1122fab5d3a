"""The folders of one realm (a shared drive, or what lies below chosen folders): paths, and what stands above. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ingest.connectors.drive.forms import clean_name, name_apart
from ingest.connectors.drive.item import Item


@dataclass(frozen=True)
class FolderTree:
    """`folders` by id. `roots`: ids that a path may start at, with the path of each.

    `stray` is the path of what lies in the realm although its folder may not be seen; None where such items do not
    belong to it.
    """

    folders: Mapping[str, Item]
    roots: Mapping[str, str]
    stray: str | None = None
    _paths: dict[str, str | None] = field(default_factory=dict)

    def find_path(self, folder: str) -> str | None:
        """The path of a folder; None where it is outside."""
        if folder not in self._paths:
            self._paths[folder] = self._build_path(folder, frozenset())
        return self._paths[folder]

    def list_above(self, folder: str) -> Iterator[Item]:
        """The folder itself and all above it, nearest first, as far as they may be seen."""
        seen: set[str] = set()
        while folder in self.folders and folder not in seen:
            seen.add(folder)
            yield self.folders[folder]
            folder = self.folders[folder].parent

    def list_below(self, ids: Iterable[str]) -> set[str]:
        """These folders and all folders below them."""
        found: set[str] = set()
        queue = list(ids)
        while queue:
            here = queue.pop()
            if here not in found:
                found.add(here)
                queue += self._children.get(here, [])
        return found

    def is_seen(self, folder: str) -> bool:
        """False for a folder that items name as theirs, but which this account may not see."""
        return folder in self.folders or folder in self.roots

    def list_twins(self, folder: str) -> set[str]:
        """Folders of the same name beside a folder, itself among them."""
        here = self.folders[folder]
        beside = (self.folders[id_] for id_ in self._children[here.parent])
        return {one.id for one in beside if clean_name(one.name) == clean_name(here.name)}

    def list_marked(self) -> set[str]:
        """Folders that show under another name than their own, because an older twin has it."""
        return {id_ for id_, name in self._names.items() if name != clean_name(self.folders[id_].name)}

    def _build_path(self, folder: str, seen: frozenset[str]) -> str | None:
        if folder in self.roots:
            return self.roots[folder]
        if folder not in self.folders or folder in seen:
            return self.stray
        item = self.folders[folder]
        above = self._paths.get(item.parent) or self._build_path(item.parent, seen | {folder})
        return None if above is None else f"{above}/{self._names[folder]}"

    @cached_property
    def _children(self) -> Mapping[str, list[str]]:
        children: dict[str, list[str]] = {}
        for item in self.folders.values():
            children.setdefault(item.parent, []).append(item.id)
        return children

    @cached_property
    def _names(self) -> Mapping[str, str]:
        named: dict[str, str] = {}
        for ids in self._children.values():
            siblings = [self.folders[id_] for id_ in ids]
            named |= name_apart((item, clean_name(item.name)) for item in siblings)
        return named


def list_shut_sources(above: Iterable[Item]) -> frozenset[str]:
    """Ids whose permissions do not reach through: all that stands above a folder with limited access.

    `above` is the item's folder and all above it, nearest first.
    """
    shut: set[str] = set()
    is_shut = False
    for folder in above:
        if is_shut:
            shut.add(folder.id)
        if folder.raw.get("inheritedPermissionsDisabled"):
            is_shut = True
        if is_shut and folder.parent:
            shut.add(folder.parent)
    return frozenset(shut)
