"""What a sync does to documents over time: revisions, moves, acts, crashes. What answers is whole or silent."""

from datetime import date

import pytest

from core.access import ANYONE, Person
from core.errors import UsageError
from tests.integration.small_world import READER, Killed, MakeWorld, SmallWorld

SELLER = Person("seller@pelmarrow.example", groups=frozenset({"sales"}))


def test_draft_that_changes_answers_never_and_is_replaced(make_world: MakeWorld) -> None:
    world = make_world(status="draft")
    world.write("a.md", "Our colour is teal.")
    world.sync()
    world.write("a.md", "Our colour is amber.")
    world.sync()
    assert world.says("teal") == world.says("amber") == set()
    assert world.count("a.md") == 1


def test_approved_revision_goes_on_answering_after_an_edit_until_somebody_approves(world: SmallWorld) -> None:
    world.write("guide.md", "# Guide\n\nOur colour is amber.")
    world.sync()
    (found,) = world.find("colour")
    assert "teal" in found.passage.text
    assert (found.document.revision, found.document.newer_draft) == (1, True)
    world.sync()
    assert world.says("amber") == set()
    world.approve("guide.md")
    (found,) = world.find("colour")
    assert "amber" in found.passage.text
    assert (found.document.revision, found.document.newer_draft) == (2, False)
    assert world.count("guide.md") == 1


def test_edit_that_is_taken_back_is_a_revision_of_its_own_and_never_a_mix(world: SmallWorld) -> None:
    original = (world.folder / "guide.md").read_bytes()
    world.write("guide.md", "# Guide\n\nOur colour is amber.")
    world.sync()
    world.write("guide.md", original)
    world.sync()
    (found,) = world.find("colour")
    assert "teal" in found.passage.text
    assert world.read("guide.md").latest_revision == 3


def test_hold_silences_an_edited_document_until_somebody_approves(make_world: MakeWorld) -> None:
    world = make_world(on_change="hold")
    world.write("a.md", "Our colour is teal.")
    world.sync()
    world.write("a.md", "Our colour is amber.")
    world.sync()
    assert world.find("colour") == ()
    assert world.read("a.md").document.facts.status == "draft"
    world.approve("a.md")
    assert world.says("amber") == {"a.md"}


def test_auto_approve_lets_an_edit_answer_at_once(make_world: MakeWorld) -> None:
    world = make_world(on_change="auto_approve")
    world.write("a.md", "Our colour is teal.")
    world.sync()
    world.write("a.md", "Our colour is amber.")
    world.sync()
    assert (world.says("teal"), world.says("amber")) == (set(), {"a.md"})
    assert world.count("a.md") == 1


def test_auto_approve_does_not_bring_back_what_the_source_has_withdrawn(make_world: MakeWorld) -> None:
    world = make_world(on_change="auto_approve")
    world.write("a.md", "Our colour is teal.")
    world.sync()
    world.write("a.md", "---\nstatus: draft\n---\nOur colour is teal.")
    world.sync()
    world.write("a.md", "---\nstatus: draft\n---\nOur colour is amber.")
    world.sync()
    assert world.find("colour") == ()


def test_moved_file_keeps_its_id_revision_and_acts(world: SmallWorld) -> None:
    world.set("guide.md", owner="ida@pelmarrow.example")
    before = world.read("guide.md")
    (world.folder / "brand").mkdir()
    (world.folder / "guide.md").rename(world.folder / "brand/colours.md")
    report = world.sync()
    after = world.read("brand/colours.md")
    assert (report.moved, report.removed, report.passages) == (1, 0, 0)
    assert after.document.document_id == before.document.document_id
    assert (after.document.owner, after.latest_revision) == ("ida@pelmarrow.example", 1)
    assert world.says("teal") == {"brand/colours.md"}


def test_renamed_file_without_a_title_of_its_own_keeps_its_approval(make_world: MakeWorld) -> None:
    world = make_world()
    world.write("old name.txt", "Our colour is teal.")
    world.sync()
    (world.folder / "old name.txt").rename(world.folder / "new name.txt")
    world.sync()
    document = world.read("new name.txt").document
    assert (document.title, document.newer_draft) == ("New name", False)
    assert world.says("teal") == {"new name.txt"}


def test_new_file_at_a_path_that_was_left_is_another_document(world: SmallWorld) -> None:
    (world.folder / "guide.md").rename(world.folder / "moved.md")
    world.sync()
    world.retire("moved.md")
    world.write("guide.md", "# Guide\n\nOur font is Karla.")
    world.sync()
    ids = {row.document.document_id for row in world.ledger.list_documents()}
    assert len(ids) == 2
    assert (world.says("teal"), world.says("Karla")) == (set(), {"guide.md"})


def test_deleted_file_stops_answering_and_comes_back_with_its_acts(world: SmallWorld) -> None:
    world.write("other.md", "Nothing here.")
    world.set("guide.md", access="group:sales")
    content = (world.folder / "guide.md").read_bytes()
    (world.folder / "guide.md").unlink()
    report = world.sync()
    assert report.removed == 1
    assert world.says("teal", asker=SELLER) == set()
    assert world.count("guide.md") == 0
    world.write("guide.md", content)
    world.sync()
    assert world.says("teal", asker=SELLER) == {"guide.md"}
    assert world.says("teal", asker=READER) == set()


def test_restored_file_with_new_text_answers_with_its_approved_text(world: SmallWorld) -> None:
    (world.folder / "guide.md").unlink()
    world.sync(allow_empty=True)
    world.write("guide.md", "# Guide\n\nOur colour is amber.")
    world.sync()
    assert (world.says("teal"), world.says("amber")) == ({"guide.md"}, set())
    world.approve("guide.md")
    assert (world.says("teal"), world.says("amber")) == (set(), {"guide.md"})


def test_changed_sidecar_changes_facts_without_a_new_revision_or_embedding(world: SmallWorld) -> None:
    world.embedder.embedded.clear()
    world.write("onbrand.yaml", "files: {'*.md': {access: 'group:sales'}}")
    world.sync()
    assert (world.says("teal"), world.says("teal", asker=SELLER)) == (set(), {"guide.md"})
    assert world.read("guide.md").latest_revision == 1
    assert world.embedder.embedded == []


def test_access_narrowed_together_with_an_edit_holds_for_the_approved_revision_too(world: SmallWorld) -> None:
    world.write("guide.md", "---\naccess: group:sales\n---\n# Guide\n\nOur colour is amber.")
    world.sync()
    assert (world.says("teal"), world.says("teal", asker=SELLER)) == (set(), {"guide.md"})


def test_act_of_a_curator_stands_above_everything_and_survives_every_sync(world: SmallWorld) -> None:
    world.set("guide.md", access="group:sales", valid_until="2026-10-15", title="Colours")
    world.write(
        "guide.md", "---\naccess: all\nvalid_until: 2031-01-01\ntitle: Guide\n---\nOur colour is teal."
    )
    for full in (False, True):
        world.sync(full=full)
        assert world.says("teal") == set()
        assert world.says("teal", asker=SELLER) == {"guide.md"}
        assert world.says("teal", asker=SELLER, on=date(2026, 10, 16)) == set()
        assert world.read("guide.md").document.title == "Colours"


def test_retired_by_a_curator_stays_silent_through_edits_and_full_syncs(world: SmallWorld) -> None:
    world.retire("guide.md")
    assert world.says("teal") == set()
    for text in (
        "Our colour is teal.",
        "---\nstatus: draft\n---\nOur teal.",
        "---\nstatus: approved\n---\nOur teal!",
    ):
        world.write("guide.md", text)
        world.sync()
        assert world.says("teal") == set()
    world.sync(full=True)
    assert world.says("teal") == set()
    world.approve("guide.md")
    assert world.says("teal") == {"guide.md"}


def test_crash_between_index_and_ledger_leaves_the_old_revision_whole_and_the_next_sync_heals(
    world: SmallWorld,
) -> None:
    world.write("guide.md", "# Guide\n\nOur colour is amber.\n\n## More\n\nAmber again.")
    world.write("new.md", "Our font is Karla.")
    world.before_commit = _die
    with pytest.raises(Killed):
        world.sync()
    assert (world.says("teal"), world.says("amber"), world.says("Karla")) == ({"guide.md"}, set(), set())
    world.write("guide.md", "# Guide\n\nOur colour is umber.")
    world.sync()
    assert (world.says("teal"), world.says("Karla")) == ({"guide.md"}, {"new.md"})
    world.approve("guide.md")
    assert (world.says("umber"), world.says("amber")) == ({"guide.md"}, set())
    assert world.count("guide.md") == 1


def _die() -> None:
    raise Killed


def test_act_during_a_sync_wins_and_keeps_its_passages(make_world: MakeWorld) -> None:
    world = make_world(status="draft")
    world.write("a.md", "Our colour is teal.")
    world.sync()
    world.write("a.md", "Our colour is amber.")
    world.before_commit = lambda: world.approve("a.md")
    report = world.sync()
    assert (report.failed, report.ingested) == ([], 1), "planned again under the act, in the same sync"
    assert (world.says("teal"), world.says("amber")) == ({"a.md"}, set())
    assert world.read("a.md").document.newer_draft


def test_document_whose_facts_the_index_has_not_got_yet_is_silent_until_the_index_is_opened(
    world: SmallWorld,
) -> None:
    world.settles = False
    with pytest.raises(Killed):
        world.set("guide.md", brand="Pelmarrow")
    assert world.says("teal") == set()
    world.settles = True
    assert world.index.settle() == 1
    assert world.says("teal") == {"guide.md"}
    assert world.index.settle() == 0


def test_full_sync_rebuilds_a_lost_index_with_the_approved_text_behind_a_newer_draft(
    world: SmallWorld,
) -> None:
    world.write("guide.md", "# Guide\n\nOur colour is amber.")
    world.sync()
    world.store.remove(world.read("guide.md").document.document_id)
    assert world.says("teal") == set()
    world.sync(full=True)
    assert (world.says("teal"), world.says("amber")) == ({"guide.md"}, set())
    assert world.count("guide.md") == 2


def test_removed_source_is_silent_and_its_name_is_free_again(world: SmallWorld) -> None:
    with pytest.raises(UsageError, match="exists already"):
        world.source_acts.add(world.source, by=Person(None, is_owner=True))
    owner = Person(None, is_owner=True)
    world.source_acts.remove("brand", by=owner)
    assert world.says("teal") == world.says("teal", asker=ANYONE) == set()
    world.source_acts.add(world.source, by=owner)
    world.sync()
    assert world.says("teal") == {"guide.md"}
    assert world.count("guide.md") == 1
