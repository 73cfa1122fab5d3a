"""What a source reaches beyond its drives and folders: targets of shortcuts, and single files. Used by listing.py.

A target is read with its own permissions, never with the shortcut's. What lies in scope is not read twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.connectors.drive.calls import DriveCalls
from ingest.connectors.drive.forms import choose_form, clean_name, name_apart
from ingest.connectors.drive.item import Item
from ingest.connectors.drive.placing import Placed, place_files
from ingest.connectors.drive.tree import FolderTree
from ingest.connectors.drive.walk import Holding, Keys, read_subtree


@dataclass(frozen=True, slots=True)
class Seed:
    """One way out: `id` is the shortcut's ("" for a single file), `path` the folder where the target shows."""

    target: str
    path: str
    id: str = ""
    name: str = ""
    keys: Keys = ()


@dataclass(slots=True)
class Reached:
    """What was found outside: files by the target that led to them, and ways that lead nowhere."""

    placed: dict[str, list[Placed]] = field(default_factory=dict)
    dead: list[Seed] = field(default_factory=list)


@dataclass(slots=True)
class OutsideReader:
    """Follows seeds, and the shortcuts that lie below them, each target once."""

    calls: DriveCalls
    holdings: Sequence[Holding]
    max_bytes: int
    _seen: set[str] = field(default_factory=set)

    def read(self, seeds: Iterable[Seed]) -> Reached:
        """Files of all targets out of scope."""
        reached = Reached()
        queue = list(seeds)
        while queue:
            seed = queue.pop(0)
            if seed.target in self._seen:
                continue
            self._seen.add(seed.target)
            item = self.calls.find_item(seed.target, seed.keys)
            if item is None or item.is_trashed:
                reached.dead.append(seed)
            elif item.is_shortcut:
                queue += list_seeds([item], FolderTree({}, {item.parent: seed.path}))
            elif not self._is_inside(item):
                reached.placed[seed.target], further = self._read_target(item, seed)
                queue += further
        return reached

    def _is_inside(self, item: Item) -> bool:
        return any(item.id in one.tree.folders or one.holds(item) for one in self.holdings)

    def _read_target(self, item: Item, seed: Seed) -> tuple[list[Placed], list[Seed]]:
        if not item.is_folder:
            return [self._place_single(item, seed)], []
        folders, items = read_subtree(self.calls, item)
        self._seen |= {folder.id for folder in folders}
        self._seen |= {one.id for one in items}
        tree = FolderTree({folder.id: folder for folder in folders}, {item.id: _join(seed, item)})
        placed = list(place_files(items, tree, max_bytes=self.max_bytes))
        return placed, list(list_seeds((one for one in items if one.is_shortcut), tree))

    def _place_single(self, item: Item, seed: Seed) -> Placed:
        form = choose_form(item, max_bytes=self.max_bytes)
        shown = (
            choose_form(Item({**item.raw, "name": seed.name}), max_bytes=self.max_bytes) if seed.id else form
        )
        name = sign_shortcut(shown.name) if seed.id else form.name
        path = f"{seed.path}/{name}" if seed.path else name
        drive, *folders = seed.path.split("/")
        return Placed(item, form, path, tuple(folders), drive)


def list_seeds(shortcuts: Iterable[Item], tree: FolderTree) -> Iterator[Seed]:
    """Shortcuts as ways out, the oldest first: of two to one target, the older says where it shows."""
    by_parent: dict[str, list[tuple[Item, str]]] = {}
    for item in shortcuts:
        if item.is_shortcut and item.target[0]:
            by_parent.setdefault(item.parent, []).append((item, clean_name(item.name)))
    names = {id_: name for group in by_parent.values() for id_, name in name_apart(group).items()}
    for item, _ in sorted(
        (pair for group in by_parent.values() for pair in group), key=lambda pair: pair[0].age
    ):
        path = tree.find_path(item.parent)
        if path is not None:
            keys = (*item.keys, item.target) if item.target[1] else item.keys
            yield Seed(item.target[0], path, item.id, names[item.id], keys)


def sign_shortcut(name: str) -> str:
    """A name that no file of the folder has: what stands beside a shortcut is not known while the log is read."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem} (shortcut).{suffix}" if stem and dot else f"{name} (shortcut)"


def _join(seed: Seed, item: Item) -> str:
    return f"{seed.path}/{seed.name} (shortcut)" if seed.id else clean_name(item.name)
