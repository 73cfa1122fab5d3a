"""What a listing means for what is known of a source: who has moved, who has gone. Pure; used by sync_source."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import PurePosixPath

from core.revisions import KnownDocument
from core.sync_writes import Move
from ingest.connectors.connector import FileReference, Listing

Known = Mapping[str, Mapping[str, KnownDocument]]
"""Path -> part -> document, those that have been removed as well."""
_ID_DIGITS = 6


def part_namesakes(listing: Listing, known: Known) -> Listing:
    """The same with a path of its own for each file: of namesakes, the one that is known keeps the name."""
    owners = {path: item for item, path in _find_paths(known, is_answering=True).items()}
    here = {file.item_id: file.path for file in listing.files if file.item_id}
    taken: dict[str, str] = {}
    if not listing.is_complete:
        # Who is not spoken of stays where it is.
        still = {path: item for path, item in owners.items() if item not in here.keys() | listing.removed}
        taken |= still
    files: list[FileReference] = []
    for file in sorted(listing.files, key=lambda one: (owners.get(one.path) != one.item_id, one.item_id)):
        path = file.path
        if file.item_id and taken.get(path, file.item_id) != file.item_id:
            path = next(one for one in _list_names(path, file.item_id) if one not in taken)
        taken[path] = file.item_id
        files.append(file if path == file.path else replace(file, path=path))
    order = {file.item_id or file.path: number for number, file in enumerate(listing.files)}
    return replace(listing, files=tuple(sorted(files, key=lambda one: order[one.item_id or one.path])))


def find_moves(listing: Listing, known: Known) -> tuple[Move, ...]:
    """Files that are known by their id at another path, and what has to make room for them."""
    paths = _find_paths(known)
    moving = {
        file.path: paths[file.item_id]
        for file in listing.files
        if paths.get(file.item_id, file.path) != file.path
    }
    leaving = set(moving.values())
    moves = [_build_move(known, old, new) for new, old in moving.items()]
    newcomers = {file.path: file.item_id for file in listing.files if file.item_id}
    for path, item in newcomers.items():
        held = _item_of(known.get(path, {}))
        if held and held != item and path not in leaving:
            moves.append(_build_move(known, path, _add_id(path, held)))
    return tuple(moves)


def find_gone(listing: Listing, known: Known, seen: Collection[str]) -> list[str]:
    """Paths that a complete listing does not hold, or of which a listing of changes says that they are gone."""
    answering = {path for path, parts in known.items() if not all(one.is_removed for one in parts.values())}
    if listing.is_complete:
        # A file that was moved and not read since is known by its documents alone.
        return sorted((set(seen) | answering) - {file.path for file in listing.files})
    paths = _find_paths(known, is_answering=True)
    return sorted({paths[item] for item in listing.removed if item in paths})


def count_unlisted(listing: Listing, known: Known, gone: Sequence[str]) -> int:
    """Files that a listing of changes does not speak of: they are as they were."""
    if listing.is_complete:
        return 0
    answering = _find_paths(known, is_answering=True).values()
    return len(set(answering) - {file.path for file in listing.files} - set(gone))


def _find_paths(known: Known, *, is_answering: bool = False) -> dict[str, str]:
    """Item id -> path."""
    found: dict[str, str] = {}
    for path, parts in known.items():
        item = _item_of(parts)
        if item and not (is_answering and all(one.is_removed for one in parts.values())):
            found[item] = path
    return found


def _item_of(parts: Mapping[str, KnownDocument]) -> str:
    return next((one.item_id for one in parts.values() if one.item_id), "")


def _build_move(known: Known, old: str, new: str) -> Move:
    return Move(tuple(one.document_id for one in known[old].values()), old, new)


def _list_names(path: str, item_id: str) -> Iterator[str]:
    """Names for a namesake, shortest first: a file may bear the very name that was made for another."""
    place = PurePosixPath(path)
    yield _add_id(path, item_id)
    for number in count(1):
        tail = item_id if number == 1 else f"{item_id} {number}"
        yield str(place.with_name(f"{place.stem} ({tail}){place.suffix}"))


def _add_id(path: str, item_id: str) -> str:
    place = PurePosixPath(path)
    return str(place.with_name(f"{place.stem} ({item_id[-_ID_DIGITS:]}){place.suffix}"))
