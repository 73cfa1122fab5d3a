"""A whole listing of what a source reads in Drive: tokens first, then everything. Used by connector.py and news.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.connectors.connector import FileReference, Listing, SourceUnreadable
from ingest.connectors.drive.calls import DriveCalls
from ingest.connectors.drive.cursor import Cursor
from ingest.connectors.drive.outside import OutsideReader, Reached, Seed, list_seeds
from ingest.connectors.drive.placing import Placed, place_files, tell_apart
from ingest.connectors.drive.realms import Realm, RealmFinder
from ingest.connectors.drive.references import ReferenceMaker, make_dead_reference
from ingest.connectors.drive.walk import Holding, read_realm


@dataclass(frozen=True, slots=True)
class Reading:
    """What one listing works with. `scope` names all options that decide what is listed and how."""

    calls: DriveCalls
    finder: RealmFinder
    maker: ReferenceMaker
    now: datetime
    max_bytes: int
    scope: str

    def list_everything(self) -> Listing:
        """All files in scope. Raises rather than leaves anything out."""
        realms = self.need_realms()
        # Before anything is read: what changes meanwhile stands in the log after this token.
        tokens = {realm.id: self.calls.take_token(realm.id) for realm in realms}
        holdings = [read_realm(self.calls, realm, is_whole=True) for realm in realms]
        inside = [
            placed
            for holding in holdings
            for placed in place_files(holding.items, holding.tree, max_bytes=self.max_bytes)
        ]
        known = {placed.item.id for placed in inside}
        reached = self.read_outside(
            [seed for seed in self.list_seeds(holdings) if seed.target not in known], holdings
        )
        files = self.make_references(inside, reached)
        cursor = Cursor(
            scope=self.scope,
            listed=self.now.isoformat(),
            tokens=tokens,
            folders=list_folder_ids(holdings),
            outside=name_outside(reached),
            ends=self.maker.ends,
            marked=list_marked(inside, holdings),
        )
        return Listing(files, cursor=cursor.write())

    def need_realms(self) -> tuple[Realm, ...]:
        """The realms of this source; raises SourceUnreadable where there is nothing to read at all."""
        realms = self.finder.find_realms()
        if not realms and not self.finder.scope.files:
            raise SourceUnreadable(
                "this account is not a member of any shared drive; add it to the drives that it should read, "
                "or name --folders or --files that are shared with it"
            )
        return realms

    def list_seeds(self, holdings: Iterable[Holding]) -> list[Seed]:
        """All ways out of scope: single files first, then every shortcut that does not lead to a folder in scope."""
        singles = [Seed(target, "") for target in self.finder.scope.files]
        holdings = list(holdings)
        folders = {id_ for holding in holdings for id_ in holding.tree.folders if holding.tree.find_path(id_)}
        shortcuts = [seed for holding in holdings for seed in list_seeds(holding.items, holding.tree)]
        return singles + [seed for seed in shortcuts if seed.target not in folders]

    def read_outside(self, seeds: Sequence[Seed], holdings: Sequence[Holding]) -> Reached:
        """What the seeds lead to."""
        return OutsideReader(self.calls, holdings, self.max_bytes).read(seeds)

    def make_references(self, inside: Iterable[Placed], reached: Reached) -> tuple[FileReference, ...]:
        """References of all that was placed, each item once and each path once, and of ways that lead nowhere."""
        outside = [placed for found in reached.placed.values() for placed in found]
        files = [self.maker.make(placed) for placed in tell_apart([*inside, *outside])]
        return (*files, *(make_dead_reference(seed) for seed in reached.dead))


def list_folder_ids(holdings: Iterable[Holding]) -> tuple[str, ...]:
    """Ids of all folders in scope: when one of them vanishes, only a whole listing tells what vanished with it."""
    return tuple(
        sorted(id_ for holding in holdings for id_ in holding.tree.folders if holding.tree.find_path(id_))
    )


def list_marked(inside: Iterable[Placed], holdings: Iterable[Holding]) -> tuple[str, ...]:
    """Ids of files and folders that show under a marked name."""
    files = {placed.item.id for placed in inside if placed.is_marked}
    return tuple(sorted(files.union(*(holding.tree.list_marked() for holding in holdings))))


def name_outside(reached: Reached) -> dict[str, tuple[str, ...]]:
    """The ids that each target brought."""
    return {target: tuple(one.item.id for one in placed) for target, placed in reached.placed.items()}
