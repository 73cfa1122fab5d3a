"""How a sync goes by a source that knows of changes, versions, ids and permissions of its own."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.access import LOCAL_OWNER, OWNER_ACCESS, AccessList, Person
from core.errors import TransientError
from core.source_tables import sync_cursors
from ingest.connectors.connector import CredentialsRefused, FileWithdrawn, SourceUnreadable
from ingest.look import SourceShrunk
from tests.fakes.listed_source import ListedSource
from tests.integration.small_world import MakeWorld, SmallWorld, as_pairs

MARKETING = AccessList((frozenset({"group:marketing"}),))
SALES = AccessList((frozenset({"group:sales"}),))


@pytest.fixture
def source() -> ListedSource:
    made = ListedSource()
    made.put("id1", "Guides/Colour.md", "# Colour\n\nOur colour is teal.")
    made.put("id2", "Guides/Voice.md", "# Voice\n\nWe speak plainly.")
    return made


@pytest.fixture
def world(make_world: MakeWorld, source: ListedSource) -> SmallWorld:
    made = make_world(status="draft", access=OWNER_ACCESS, on_change="auto_approve")
    made.connector = source
    made.sync()
    return made


def read_cursor(world: SmallWorld) -> str | None:
    with world.database.read() as connection:
        return connection.execute(select(sync_cursors.c.cursor)).scalar_one_or_none()


def test_what_the_source_approves_and_opens_answers(world: SmallWorld) -> None:
    assert world.says("teal") == {"Guides/Colour.md"}


def test_listed_again_with_its_version_a_file_is_not_fetched(world: SmallWorld, source: ListedSource) -> None:
    report = world.sync(is_recheck=False)
    assert (report.listed, report.unchanged, report.ingested) == (2, 2, 0)
    source.knows_changes = False
    world.sync()
    assert source.fetched == {"id1": 1, "id2": 1}


def test_only_changes_are_listed_once_everything_is_known(world: SmallWorld, source: ListedSource) -> None:
    source.put("id2", "Guides/Voice.md", "# Voice\n\nWe speak warmly.")
    report = world.sync()
    assert source.asked == [None, "2"]
    assert (report.listed, report.unchanged, report.ingested, report.removed) == (2, 1, 1, 0)
    assert world.says("teal") == {"Guides/Colour.md"}


def test_narrowed_readers_hold_before_anything_is_fetched(world: SmallWorld, source: ListedSource) -> None:
    source.change("id1", access=SALES)
    source.put("id2", "Guides/Voice.md", "# Voice\n\nNew words.")
    source.fail_fetch["id2"] = CredentialsRefused("the key has ended")
    world.sync()
    assert world.says("teal") == set()
    assert world.says("plainly") == {"Guides/Voice.md"}
    assert source.fetched["id1"] == 1


def test_widened_readers_read_without_a_fetch(world: SmallWorld, source: ListedSource) -> None:
    source.change("id1", access=SALES)
    world.sync()
    source.change("id1", access=MARKETING)
    report = world.sync()
    assert (world.says("teal"), report.ingested, source.fetched["id1"]) == ({"Guides/Colour.md"}, 1, 1)


def test_access_that_is_not_known_opens_nothing(world: SmallWorld, source: ListedSource) -> None:
    source.change("id1", access=OWNER_ACCESS)
    world.sync()
    assert world.says("teal") == set()


def test_front_matter_cannot_widen_what_the_source_closes(world: SmallWorld, source: ListedSource) -> None:
    source.put("id3", "Secret.md", "---\naccess: all\nstatus: approved\n---\n\nThe launch is in May.")
    source.change("id3", access=SALES)
    world.sync()
    assert world.says("launch") == set()
    assert world.says("launch", asker=Person("s@pelmarrow.example", groups=frozenset({"sales"}))) == {
        "Secret.md"
    }


def test_withdrawn_approval_silences_without_a_fetch(world: SmallWorld, source: ListedSource) -> None:
    source.change("id1", stated={"status": "retired"})
    world.sync()
    assert (world.says("teal"), source.fetched["id1"]) == (set(), 1)


def test_moved_file_keeps_its_document_and_is_not_fetched(world: SmallWorld, source: ListedSource) -> None:
    before = world.read("Guides/Colour.md").document.document_id
    source.change("id1", path="Archive/Colours.md")
    report = world.sync()
    assert (report.moved, report.removed, source.fetched["id1"]) == (1, 0, 1)
    assert world.read("Archive/Colours.md").document.document_id == before
    assert world.says("teal") == {"Archive/Colours.md"}


def test_two_files_that_change_places_keep_their_words(world: SmallWorld, source: ListedSource) -> None:
    source.change("id1", path="Guides/Voice.md")
    source.change("id2", path="Guides/Colour.md")
    world.sync()
    assert (world.says("teal"), world.says("plainly")) == ({"Guides/Voice.md"}, {"Guides/Colour.md"})


def test_removed_file_is_silent_and_answers_again_where_it_is_restored(
    world: SmallWorld, source: ListedSource
) -> None:
    before, item = world.read("Guides/Colour.md").document.document_id, source.items["id1"]
    source.remove("id1")
    assert world.sync().removed == 1
    assert world.says("teal") == set()
    source.items["id1"] = item
    source.change("id1", path="Restored/Colour.md")
    world.sync()
    assert world.says("teal") == {"Restored/Colour.md"}
    assert world.read("Restored/Colour.md").document.document_id == before


def test_new_file_at_the_path_of_a_removed_one_inherits_nothing(
    world: SmallWorld, source: ListedSource
) -> None:
    world.approve("Guides/Colour.md")
    before = world.read("Guides/Colour.md").document.document_id
    source.remove("id1")
    world.sync()
    source.put("id9", "Guides/Colour.md", "# Colour\n\nOur colour is mauve.")
    source.change("id9", stated={})
    world.sync()
    assert world.says("mauve") == set()
    assert world.read("Guides/Colour.md").document.document_id != before


def test_namesakes_are_two_documents(world: SmallWorld, source: ListedSource) -> None:
    source.put("zz0009", "Guides/Colour.md", "# Colour\n\nOur colour is mauve.")
    world.sync()
    assert world.says("teal") == {"Guides/Colour.md"}
    assert world.says("mauve") == {"Guides/Colour (zz0009).md"}
    source.knows_changes = False
    assert world.sync(full=True).moved == 0


def test_cursor_stays_where_it_was_until_everything_is_durable(
    world: SmallWorld, source: ListedSource
) -> None:
    source.put("id2", "Guides/Voice.md", "# Voice\n\nWe speak warmly.")
    source.fail_fetch["id2"] = TransientError("busy")
    assert as_pairs(world.sync().failed) == {"Guides/Voice.md": "busy"}
    assert read_cursor(world) == "2"
    source.fail_fetch.clear()
    world.sync()
    assert (read_cursor(world), world.says("warmly")) == ("3", {"Guides/Voice.md"})


def test_everything_is_listed_once_a_day(world: SmallWorld, source: ListedSource) -> None:
    source.items["id1"].access = SALES  # leaves no trace among changes
    world.sync()
    assert world.says("teal") == {"Guides/Colour.md"}
    with world.database.write() as connection:
        listed = connection.execute(select(sync_cursors.c.listed_at)).scalar_one()
        connection.execute(update(sync_cursors).values(listed_at=listed - timedelta(hours=25)))
    world.sync()
    assert (source.asked[-1], world.says("teal")) == (None, set())


def test_recheck_takes_access_away_and_reads_nothing(world: SmallWorld, source: ListedSource) -> None:
    source.change("id1", access=SALES)
    source.put("id2", "Guides/Voice.md", "# Voice\n\nWe speak warmly.")
    world.sync(is_recheck=True)
    assert (world.says("teal"), world.says("warmly"), source.fetched["id2"]) == (set(), set(), 1)
    world.sync()
    assert world.says("warmly") == {"Guides/Voice.md"}


def test_file_that_is_withdrawn_between_list_and_fetch_falls_silent(
    world: SmallWorld, source: ListedSource
) -> None:
    source.put("id1", "Guides/Colour.md", "# Colour\n\nOur colour is mauve.")
    source.fail_fetch["id1"] = FileWithdrawn("the source no longer gives it to us")
    assert "no longer" in as_pairs(world.sync().failed)["Guides/Colour.md"]
    assert world.says("teal") == set()


@pytest.mark.parametrize("error", [SourceUnreadable("page 3 failed"), TransientError("page 3 failed")])
def test_listing_that_fails_changes_nothing(
    world: SmallWorld, source: ListedSource, error: Exception
) -> None:
    source.remove("id1")
    source.fail_listing = error
    with pytest.raises(type(error), match="page 3"):
        world.sync()
    assert world.says("teal") == {"Guides/Colour.md"}


@pytest.mark.parametrize("knows_changes", [True, False])
def test_sync_that_would_remove_much_stops_and_asks_but_narrows_all_the_same(
    make_world: MakeWorld, *, knows_changes: bool
) -> None:
    source = ListedSource(knows_changes=knows_changes)
    for number in range(30):
        source.put(f"id{number}", f"{number}.md", f"# Page {number}\n\nWord{number} stands here.")
    world = make_world(status="draft", access=OWNER_ACCESS)
    world.connector = source
    world.sync()
    for number in range(11):
        source.remove(f"id{number}")
    source.change("id29", access=SALES)
    with pytest.raises(SourceShrunk, match=r"11 of 30 document.*more than 20 %.*sync brand --allow-removals"):
        world.sync()
    assert (world.says("word3"), world.says("word29")) == ({"3.md"}, set())
    assert world.sync(allow_empty=True).removed == 11
    assert world.says("word3") == set()


def test_source_that_was_removed_and_comes_back_is_listed_whole(
    world: SmallWorld, source: ListedSource
) -> None:
    world.source_acts.remove("brand", by=LOCAL_OWNER)
    assert world.says("teal") == set()
    world.undo_last()
    world.sync()
    assert (source.asked[-1], world.says("teal")) == (None, {"Guides/Colour.md"})


def test_groups_of_the_source_let_their_members_read(world: SmallWorld, source: ListedSource) -> None:
    world.people_acts.add_person("ann@pelmarrow.example", by=READER_ADMIN)
    source.groups = {"wiki/brand": frozenset({"ann@pelmarrow.example"})}
    source.change("id1", access=AccessList((frozenset({"group:wiki/brand"}),)))
    world.sync()
    assert world.says("teal", asker=world.people.identify("ann@pelmarrow.example")) == {"Guides/Colour.md"}
    source.groups = {"wiki/brand": frozenset()}
    world.sync()
    assert world.says("teal", asker=world.people.identify("ann@pelmarrow.example")) == set()


def test_domain_is_everybody_who_is_known_with_an_address_of_it(
    world: SmallWorld, source: ListedSource
) -> None:
    world.people_acts.add_person("ann@pelmarrow.example", by=READER_ADMIN)
    source.change("id1", access=AccessList((frozenset({"domain:pelmarrow.example"}),)))
    world.sync()
    assert world.says("teal", asker=world.people.identify("ann@pelmarrow.example")) == {"Guides/Colour.md"}
    assert world.says("teal", asker=world.people.identify("nobody@pelmarrow.example")) == set()


READER_ADMIN = Person("root@pelmarrow.example", role="admin")
