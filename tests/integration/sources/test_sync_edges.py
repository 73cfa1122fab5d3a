"""Where one mistake of a sync would open a document, approve other words, or stop every later sync."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.access import LOCAL_OWNER, OPEN_TO_ALL, OWNER_ACCESS, AccessList, Person
from core.errors import TransientError
from core.source_groups import SourceGroups
from core.source_tables import sync_cursors
from core.sync_cursors import ListedChanges, SyncCursors
from core.tables import memberships
from ingest import ingest_files
from ingest.connectors.connector import FileReference, SourceGone
from ingest.parsers.parser import FileUnreadable
from ingest.read_file import ReadDocument, read_file
from tests.fakes.listed_source import ListedSource
from tests.integration.small_world import CLOCK, MakeWorld, SmallWorld

SALES = AccessList((frozenset({"group:sales"}),))
ANN = "ann@pelmarrow.example"
COLOUR, VOICE = "Guides/Colour.md", "Guides/Voice.md"
Open = Callable[..., SmallWorld]


@pytest.fixture
def source() -> ListedSource:
    made = ListedSource()
    made.put("id1", COLOUR, "# Colour\n\nOur colour is teal.")
    made.put("id2", VOICE, "# Voice\n\nWe speak plainly.")
    return made


@pytest.fixture
def open_world(make_world: MakeWorld, source: ListedSource) -> Open:
    def open_it(**facts: object) -> SmallWorld:
        world = make_world(status="draft", access=OWNER_ACCESS, **facts)
        world.connector = source
        world.sync()
        return world

    return open_it


@pytest.fixture(autouse=True)
def _unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that begin with `bad` cannot be parsed."""

    def read(source: object, file: FileReference, content: bytes) -> tuple[ReadDocument, ...]:
        if content.startswith(b"bad"):
            raise FileUnreadable("is encrypted")
        return read_file(source, file, content)  # type: ignore[arg-type]

    monkeypatch.setattr(ingest_files, "read_file", read)


def test_approval_of_a_new_version_is_none_of_the_old_words(source: ListedSource, open_world: Open) -> None:
    source.change("id1", stated={"status": "draft"})
    world = open_world()
    source.put("id1", COLOUR, "# Colour\n\nOur colour is mauve.")
    source.change("id1", stated={"status": "approved"})
    world.sync()
    assert (world.says("teal"), world.says("mauve")) == (set(), {COLOUR})


def test_wider_access_of_a_new_version_does_not_open_the_old_words(
    source: ListedSource, open_world: Open
) -> None:
    source.change("id1", access=SALES)
    world = open_world()
    source.put("id1", COLOUR, "# Colour\n\nNothing is said here.")
    source.change("id1", access=OPEN_TO_ALL)
    source.fail_fetch["id1"] = TransientError("busy")
    world.sync()
    assert world.says("teal") == set()


def test_version_that_cannot_be_read_is_narrowed_all_the_same(source: ListedSource, open_world: Open) -> None:
    world = open_world()
    source.put("id1", COLOUR, "bad")
    world.sync()
    assert world.says("teal") == {COLOUR}
    source.change("id1", access=SALES)
    world.sync()
    assert world.says("teal") == set()


def test_access_that_is_narrowed_and_widened_again_holds_though_the_bytes_are_the_same(
    source: ListedSource, open_world: Open
) -> None:
    world = open_world()
    source.put("id1", COLOUR, source.items["id1"].text)
    source.change("id1", access=SALES)
    world.sync(is_recheck=True)
    assert world.says("teal") == set()
    source.change("id1", access=OPEN_TO_ALL)
    world.sync()
    assert world.says("teal") == {COLOUR}


def test_narrowing_needs_no_endpoint(source: ListedSource, open_world: Open) -> None:
    world = open_world()
    source.change("id1", access=SALES)
    source.put("id2", VOICE, "# Voice\n\nNew words.")

    def fail(_texts: object) -> None:
        raise TransientError("the endpoint is down")

    world.embedder.embed_passages = fail  # type: ignore[method-assign, assignment]
    world.sync()
    assert world.read(COLOUR).document.facts.access == SALES


def test_retry_of_some_files_follows_moves_before_it_reads(source: ListedSource, open_world: Open) -> None:
    world = open_world()
    source.change("id1", access=SALES)
    world.sync()
    source.change("id1", path=VOICE)
    source.change("id2", path=COLOUR)
    world.sync(only=frozenset({"Other.md"}))
    assert world.says("teal") == set()
    world.sync()
    assert (world.says("teal"), world.says("plainly")) == (set(), {COLOUR})


def test_retry_gives_a_new_file_nothing_of_the_one_before_it(source: ListedSource, open_world: Open) -> None:
    world = open_world(on_change="auto_approve")
    world.approve(COLOUR)
    source.remove("id1")
    source.put("id9", COLOUR, "# Colour\n\nOur colour is mauve.")
    source.change("id9", stated={})
    world.sync(only=frozenset({COLOUR}))
    assert world.says("mauve") == set()


@pytest.mark.parametrize("knows_changes", [True, False])
def test_file_moves_to_the_place_of_one_that_could_not_be_read(
    source: ListedSource, open_world: Open, *, knows_changes: bool
) -> None:
    source.knows_changes = knows_changes
    source.put("id3", "Guides/New.md", "bad")
    world = open_world()
    source.remove("id3")
    source.change("id1", path="Guides/New.md")
    world.sync()
    assert world.says("teal") == {"Guides/New.md"}


def test_new_file_is_not_taken_for_the_unreadable_one_at_its_path(
    source: ListedSource, open_world: Open
) -> None:
    source.put("id3", "Guides/New.md", "bad")
    world = open_world()
    source.remove("id3")
    source.put("id4", "Guides/New.md", "# New\n\nWe like mauve.")
    assert world.sync().failed == []
    assert world.says("mauve") == {"Guides/New.md"}


def test_file_that_bears_the_name_made_for_a_namesake_is_a_third_one(
    source: ListedSource, open_world: Open
) -> None:
    world = open_world()
    source.put("a11111", "Guides/Colour (zz0009).md", "# Other\n\nWe love ochre.")
    source.put("zz0009", COLOUR, "# Colour\n\nOur colour is mauve.")
    source.change("a11111", access=SALES)
    world.sync()
    world.sync(full=True)
    assert (world.says("ochre"), len(world.says("mauve"))) == (set(), 1)


def test_source_that_was_gone_and_comes_back_is_listed_whole(source: ListedSource, open_world: Open) -> None:
    world = open_world()
    source.fail_listing = SourceGone("the drive is gone")
    world.sync(allow_empty=True)
    assert world.says("teal") == set()
    source.fail_listing = None
    world.sync()
    assert world.says("teal") == {COLOUR}


def test_listing_of_a_sync_that_died_is_not_kept_by_another(source: ListedSource, open_world: Open) -> None:
    world = open_world()
    with world.database.read() as connection:
        basis = connection.execute(select(sync_cursors.c.basis)).scalar_one()
    cursors = SyncCursors(world.database, CLOCK, "brand", lambda _connection: None)
    cursors.hold(ListedChanges("99", basis, is_complete=False))
    source.fail_listing = SourceGone("the drive is gone")
    world.sync(allow_empty=True)
    with world.database.read() as connection:
        assert connection.execute(select(sync_cursors.c.cursor)).scalar_one() is None


def test_more_levels_than_are_kept_leave_nobody_and_stop_no_sync(
    source: ListedSource, open_world: Open
) -> None:
    world = open_world()
    world.set(COLOUR, by=Person("cora@pelmarrow.example", role="curator"), access="group:marketing")
    source.change("id1", access=AccessList(tuple(frozenset({f"group:g{one}"}) for one in range(8))))
    source.remove("id2")
    world.sync()
    assert world.read(COLOUR).document.facts.access == OWNER_ACCESS
    assert world.says("plainly") == set()


def test_groups_that_cannot_be_read_any_more_let_nobody_in(source: ListedSource, open_world: Open) -> None:
    world = open_world()
    world.people_acts.add_person(ANN, by=LOCAL_OWNER)
    source.groups = {"brand@pelmarrow.example": frozenset({ANN})}
    source.change("id1", access=AccessList((frozenset({"group:brand@pelmarrow.example"}),)))
    world.sync()
    assert world.says("teal", asker=world.people.identify(ANN)) == {COLOUR}
    SourceGroups(world.database, world.people_acts).replace("brand", {}, is_complete=True)
    assert world.says("teal", asker=world.people.identify(ANN)) == set()


def test_removed_source_takes_what_it_said_of_groups_along(source: ListedSource, open_world: Open) -> None:
    world = open_world()
    source.groups = {"brand@pelmarrow.example": frozenset({ANN})}
    world.sync()
    world.source_acts.remove("brand", by=LOCAL_OWNER)
    with world.database.read() as connection:
        assert connection.execute(select(memberships)).all() == []


def test_member_that_cannot_be_written_down_stops_nothing(source: ListedSource, open_world: Open) -> None:
    world = open_world()
    source.groups = {"brand": frozenset({"group:" + "x" * 130, "no address", ANN})}
    world.sync()
    with world.database.read() as connection:
        assert [row.member for row in connection.execute(select(memberships))] == [f"user:{ANN}"]
