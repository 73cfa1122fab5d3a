"""A sync from folder to search: what it reads, what it keeps, what it never makes visible."""

import io
import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from core.access import OWNER_ACCESS, Person
from ingest.connectors.connector import SourceUnreadable
from tests.integration.small_world import Killed, MakeWorld, SmallWorld, as_pairs

SELLER = Person("seller@pelmarrow.example", groups=frozenset({"sales"}))


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
    world.write("clip.mp4", b"\x89PNG")
    report = world.sync()
    assert (report.listed, report.ingested, report.documents, report.unchanged) == (3, 2, 2, 0)
    assert as_pairs(report.skipped).keys() == {"clip.mp4"}
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


def _write_quotes(world: SmallWorld, *quotes: str) -> None:
    rows = "\n".join(f"Otter Ltd,{quote}" for quote in quotes)
    world.write("quotes.csv", f"Company,Quote\n{rows}\n")
    world.write("onbrand.yaml", 'files: {"quotes.csv": {rows: {title: Company}}}')


def test_deleted_row_stops_answering_although_another_has_its_title(world: SmallWorld) -> None:
    _write_quotes(world, "Wonderful zebra work.", "Splendid heron work.")
    world.sync()
    _write_quotes(world, "Splendid heron work.")
    world.sync()
    assert not world.says("zebra")
    assert world.says("heron")


def test_file_that_was_moved_but_not_read_and_then_deleted_is_gone(world: SmallWorld) -> None:
    world.write("a.md", "The zebra speaks.")
    world.sync()
    (world.folder / "a.md").rename(world.folder / "b.md")

    def die() -> None:
        raise Killed

    world.before_commit = die
    with pytest.raises(Killed):
        world.sync()
    (world.folder / "b.md").unlink()
    world.sync()
    assert not world.says("zebra")
    assert world.count("b.md") == 0


def test_row_may_narrow_its_sheets_readers_and_never_widen_them(world: SmallWorld) -> None:
    world.write("rows.csv", "T,Readers\nzebra,all\n")
    world.write(
        "onbrand.yaml",
        'files: {"rows.csv": {access: "group:sales", rows: {title: T, access: Readers}}}',
    )
    world.sync()
    assert not world.says("zebra")
