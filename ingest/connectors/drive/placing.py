"""Where each file of a listing shows: its path, the folders above it, and what they keep it from inheriting. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.connectors.drive.forms import Form, choose_form, mark_name, name_apart
from ingest.connectors.drive.item import Item
from ingest.connectors.drive.tree import FolderTree, list_shut_sources


@dataclass(frozen=True, slots=True)
class Placed:
    """A file with its place. `shut` are ids from which it inherits no permission."""

    item: Item
    form: Form
    path: str
    folders: tuple[str, ...] = ()
    drive: str = ""
    shut: frozenset[str] = frozenset()

    @property
    def is_marked(self) -> bool:
        """True where an older twin has its name."""
        return not self.path.endswith(f"/{self.form.name}")


def place_files(items: Iterable[Item], tree: FolderTree, *, max_bytes: int) -> Iterator[Placed]:
    """Each file below the tree's roots. Files of one name in one folder are told apart by their ids."""
    by_parent: dict[str, list[tuple[Item, Form]]] = {}
    for item in items:
        if not item.is_shortcut and not item.is_folder:
            by_parent.setdefault(item.parent, []).append((item, choose_form(item, max_bytes=max_bytes)))
    for parent, files in by_parent.items():
        path = tree.find_path(parent)
        if path is None:
            continue
        drive, *folders = path.split("/")
        shut = list_shut_sources(tree.list_above(parent))
        names = name_apart((item, form.name) for item, form in files)
        if not tree.is_seen(parent):
            # Nobody can look for twins in a folder that is not seen.
            names = {item.id: mark_name(form.name, item.id) for item, form in files}
        for item, form in files:
            yield Placed(item, form, f"{path}/{names[item.id]}", tuple(folders), drive, shut)


def tell_apart(placed: Iterable[Placed]) -> list[Placed]:
    """Each item once, each path once, by path."""
    once = {one.item.id: one for one in reversed(list(placed))}
    taken: set[str] = set()
    apart: list[Placed] = []
    for one in sorted(once.values(), key=lambda placed: (placed.path, placed.item.age)):
        shown = one if one.path not in taken else replace(one, path=mark_name(one.path, one.item.id))
        taken.add(shown.path)
        apart.append(shown)
    return apart
