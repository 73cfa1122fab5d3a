"""A sync from folder to search: what it reads, what it keeps, what it never makes visible."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from openpyxl import Workbook
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from core.access import ANYONE, OWNER_ACCESS, Person
from core.errors import UsageError
from index.edge_store import EdgePassageStore
from ingest.connectors.connector import SourceUnreadable
from tests.fakes.hash_embedder import HashEmbedder
from tests.integration.small_world import (
    READER,
    Killed,
    SmallWorld,
    as_pairs,
    build_source,
    open_small_database,
)

MakeWorld = Callable[..., SmallWorld]
SELLER = Person("seller@pelmarrow.example", groups=frozenset({"sales"}))


@pytest.fixture
def make_world(memory_folder: Path) -> Iterator[MakeWorld]:
    """Opens a world over a new folder; the facts are those of its source."""
    opened: list[SmallWorld] = []
    home = memory_folder / uuid4().hex

    def make(**facts: object) -> SmallWorld:
        folder = home / "folder"
        folder.mkdir(parents=True)
        embedder = HashEmbedder()
        store = EdgePassageStore(home / "index", embedder.dimension)
        world = SmallWorld(folder, open_small_database(home), store, embedder, build_source(folder, **facts))
        opened.append(world)
        return world

    yield make
    for world in opened:
        world.store.close()
        world.database.close()
    shutil.rmtree(home)


@pytest.fixture
def world(make_world: MakeWorld) -> SmallWorld:
    """A world with an approved source that is open to all, and one document."""
    made = make_world()
    made.write("guide.md", "# Guide\n\nOur colour is teal.")
    made.sync()
    return made


def build_pdf(text: str, *, password: str | None = None) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption(password, canPrint=0) if password else None)
    canvas.drawString(72, 700, text)
    canvas.save()
    return stream.getvalue()


def build_sheet(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Quotes"
    for row in (("Quote", "Status", "Until"), *rows):
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_first_sync_makes_every_readable_file_findable(make_world: MakeWorld) -> None:
    world = make_world()
    world.write("guide.md", "# Guide\n\nOur colour is teal.")
    world.write("deep/story.pdf", build_pdf("They went live in nine days, said Tveit."))
    world.write("logo.png", b"\x89PNG")
    report = world.sync()
    assert (report.listed, report.ingested, report.documents, report.unchanged) == (3, 2, 2, 0)
    assert as_pairs(report.skipped).keys() == {"logo.png"}
    assert world.says("teal") == {"guide.md"}
    assert world.says("nine days") == {"deep/story.pdf"}
    assert report.passages == world.store.count()


def test_nothing_changed_costs_no_embedding_and_writes_nothing(world: SmallWorld) -> None:
    world.embedder.embedded.clear()
    report = world.sync()
    assert (report.unchanged, report.ingested, report.removed, report.passages) == (1, 0, 0, 0)
    assert world.embedder.embedded == []
    assert world.says("teal") == {"guide.md"}


def test_touched_file_with_the_same_bytes_is_unchanged(world: SmallWorld) -> None:
    world.write("guide.md", (world.folder / "guide.md").read_bytes())
    assert world.sync().unchanged == 1


def test_new_file_is_the_only_one_that_is_read(world: SmallWorld) -> None:
    world.write("new.md", "Our font is Karla.")
    report = world.sync()
    assert (report.ingested, report.unchanged) == (1, 1)
    assert world.says("Karla") == {"new.md"}


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
    world.sync()
    world.write("guide.md", "# Guide\n\nOur colour is amber.")
    world.sync()
    assert (world.says("teal"), world.says("amber")) == ({"guide.md"}, set())
    world.approve("guide.md")
    assert (world.says("teal"), world.says("amber")) == (set(), {"guide.md"})


def test_bad_files_are_named_with_the_reason_and_their_neighbours_are_indexed(make_world: MakeWorld) -> None:
    world = make_world()
    world.max_bytes = 5000
    world.write("a.md", "Our colour is teal.")
    world.write("empty.md", b"")
    world.write("lie.docx", b"%PDF-1.7 not Word")
    world.write("locked.pdf", build_pdf("secret", password="wachtwoord"))
    world.write("big.txt", "x" * 5001)
    world.write("torn.pdf", build_pdf("half")[:200])
    world.write("z.md", "---\nurl: 'https://[x'\n---\nOur font is Karla.")
    report = world.sync()
    failed = as_pairs(report.failed)
    assert failed.keys() == {"empty.md", "lie.docx", "locked.pdf", "torn.pdf"}
    assert "0 bytes" in failed["empty.md"]
    assert "the content is a PDF" in failed["lie.docx"]
    assert "password" in failed["locked.pdf"]
    assert "above the limit" in as_pairs(report.skipped)["big.txt"]
    assert "https://[x" in as_pairs(report.warnings)["z.md"]
    assert (world.says("teal"), world.says("Karla")) == ({"a.md"}, {"z.md"})
    again = world.sync()
    assert (as_pairs(again.failed), again.unchanged) == (failed, 2)


def test_file_that_breaks_leaves_its_last_good_revision_and_heals_with_its_bytes(world: SmallWorld) -> None:
    good = (world.folder / "guide.md").read_bytes()
    world.write("guide.md", b"")
    assert as_pairs(world.sync().failed).keys() == {"guide.md"}
    assert world.says("teal") == {"guide.md"}
    world.write("guide.md", good)
    report = world.sync()
    assert (report.failed, report.passages) == ([], 0)
    assert world.says("teal") == {"guide.md"}


def test_bad_file_that_is_renamed_is_reported_once_and_forgotten_at_its_old_path(world: SmallWorld) -> None:
    world.write("bad.md", b"")
    world.sync()
    (world.folder / "bad.md").rename(world.folder / "worse.md")
    assert as_pairs(world.sync().failed).keys() == {"worse.md"}
    report = world.sync()
    assert (set(as_pairs(report.failed)), report.removed, report.moved) == ({"worse.md"}, 0, 0)


def test_broken_sidecar_stops_the_sync_and_changes_nothing(world: SmallWorld) -> None:
    world.write("guide.md", "# Guide\n\nOur colour is amber.")
    world.write("new.md", "Our font is Karla.")
    world.write("onbrand.yaml", "files: {'*.md': {status: ")
    with pytest.raises(SourceUnreadable, match=r"onbrand\.yaml"):
        world.sync()
    assert (world.says("teal"), world.says("Karla")) == ({"guide.md"}, set())
    assert world.read("guide.md").latest_revision == 1


def test_missing_folder_deletes_nothing(world: SmallWorld) -> None:
    shutil.move(world.folder, world.folder.with_name("unmounted"))
    with pytest.raises(SourceUnreadable, match="does not exist"):
        world.sync()
    assert world.says("teal") == {"guide.md"}


def test_folder_that_cannot_be_listed_deletes_nothing_and_moves_nothing(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write("locked/secret.md", "# Secret\n\nOur plan is quartz.")
    world.sync()
    world.retire("locked/secret.md")
    world.write("copy.md", (world.folder / "locked/secret.md").read_bytes())
    with monkeypatch.context() as patch:
        lock_folder(patch, world.folder / "locked")
        report = world.sync()
    assert (report.removed, report.moved) == (0, 0)
    assert "locked" in as_pairs(report.skipped)
    assert world.read("locked/secret.md").document.facts.status == "retired"
    world.sync()
    assert world.says("quartz") == {"copy.md"}


def lock_folder(monkeypatch: pytest.MonkeyPatch, locked: Path) -> None:
    real = os.scandir

    def scan(path: str | Path) -> object:
        if Path(path) == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scan)


def test_rows_of_a_sheet_come_and_go_one_by_one(make_world: MakeWorld) -> None:
    world = make_world()
    world.write(
        "onbrand.yaml", "files: {quotes.xlsx: {rows: {title: Quote, status: Status, valid_until: Until}}}"
    )
    rows: list[tuple[object, ...]] = [
        ("Teal saved us.", "approved", None),
        ("Amber saved us.", "retired", None),
        ("Quartz saved us.", "approved", date(2026, 10, 14)),
    ]
    world.write("quotes.xlsx", build_sheet(*rows))
    assert world.sync().documents == 3
    assert [bool(world.says(word)) for word in ("Teal", "Amber", "Quartz")] == [True, False, False]
    assert world.says("Quartz", on=date(2026, 10, 14)) == {"quotes.xlsx"}
    world.write("quotes.xlsx", build_sheet(rows[1], ("Karla saved us.", "approved", None)))
    world.sync()
    assert [bool(world.says(word)) for word in ("Teal", "Amber", "Karla")] == [False, False, True]
    world.write("quotes.xlsx", build_sheet(rows[0], (*rows[1][:1], "approved", None)))
    world.sync()
    assert [bool(world.says(word)) for word in ("Teal", "Amber", "Karla")] == [True, True, False]


def test_front_matter_stands_above_the_sidecar_and_the_sidecar_above_the_source(
    make_world: MakeWorld,
) -> None:
    world = make_world(status="draft", access=OWNER_ACCESS)
    world.write("onbrand.yaml", "files: {'open/*': {status: approved, access: all}}")
    world.write("open/a.md", "Our colour is teal.")
    world.write("open/b.md", "---\naccess: group:sales\n---\nOur colour is amber.")
    world.write("open/c.md", "---\nstatus: retired\n---\nOur colour is quartz.")
    world.write("d.md", "Our colour is umber.")
    world.sync()
    assert {word for word in ("teal", "amber", "quartz", "umber") if world.says(word)} == {"teal"}
    assert {word for word in ("teal", "amber", "quartz", "umber") if world.says(word, asker=SELLER)} == {
        "teal",
        "amber",
    }


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
    assert "sync again" in as_pairs(world.sync().failed)["a.md"]
    assert (world.says("teal"), world.says("amber")) == ({"a.md"}, set())
    assert world.sync().failed == []
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
