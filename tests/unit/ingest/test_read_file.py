"""From one file to its documents: levels of metadata, titles, and what makes a new revision."""

from collections.abc import Mapping

import pytest

from core.access import OPEN_TO_ALL, OWNER_ACCESS, AccessList
from core.documents import ParsedDocument
from core.sources import Source
from core.stored_text import unpack_document
from ingest.connectors.connector import FileReference
from ingest.parsers.parser import FileUnreadable, RowMapping
from ingest.read_file import ReadDocument, hash_declared, read_file, source_level

SOURCE = Source(
    "brand", "folder", {}, brand="Pelmarrow", status="draft", kind="messaging", access=OPEN_TO_ALL
)
ROWS = RowMapping({"title": "Quote", "status": "Status", "valid_until": "Until"})


def refer(
    path: str = "a.md", *declared: Mapping[str, object], rows: RowMapping | None = None
) -> FileReference:
    return FileReference(path, 1, None, declared, rows or RowMapping())


def read(text: str, file: FileReference | None = None, source: Source = SOURCE) -> ReadDocument:
    (document,) = read_file(source, file or refer(), text.encode())
    return document


def test_front_matter_stands_above_sidecar_above_source() -> None:
    sidecar = {"status": "approved", "kind": "battlecard", "owner": "sidecar"}
    declared = read("---\nkind: case_study\n---\nHello.", refer("a.md", sidecar)).incoming.declared
    assert (declared.brand, declared.status, declared.kind, declared.owner) == (
        "Pelmarrow",
        "approved",
        "case_study",
        "sidecar",
    )
    assert declared.access == OPEN_TO_ALL


def test_stronger_sidecar_level_stands_above_the_weaker() -> None:
    file = refer("a.md", {"status": "approved"}, {"status": "retired"})
    assert read("Hello.", file).incoming.declared.status == "retired"


def test_document_that_says_nothing_is_a_draft_for_the_owner_alone() -> None:
    declared = read("Hello.", source=Source("bare", "folder", {})).incoming.declared
    assert (declared.status, declared.access, declared.kind) == ("draft", OWNER_ACCESS, "other")
    assert "access" not in source_level(Source("bare", "folder", {}))


def test_access_of_the_source_reaches_its_documents() -> None:
    access = AccessList((frozenset({"group:sales", "user:a@b.c"}),))
    declared = read("Hello.", source=Source("brand", "folder", {}, access=access)).incoming.declared
    assert declared.access == access


def test_unusable_value_is_warned_of_and_makes_nothing_more_visible() -> None:
    text = "---\nstatus: aproved\naccess: everybody\nurl: 'https://[x'\nvalid_until: soon\n---\nHello."
    declared = read(text, refer("a.md", {"status": "approved"})).incoming.declared
    assert (declared.status, declared.access, declared.url) == ("draft", OWNER_ACCESS, None)
    assert len(declared.warnings) == 4


@pytest.mark.parametrize(
    ("text", "declared", "title"),
    [
        ("---\ntitle: Front\n---\n# Heading\n\nHello.", {"title": "Sidecar"}, "Front"),
        ("# Heading\n\nHello.", {"title": "Sidecar"}, "Sidecar"),
        ("# Heading\n\nHello.", {}, "Heading"),
        ("Hello.", {}, "Our brand promise"),
    ],
)
def test_title_is_the_strongest_one_and_else_the_name_of_the_file(
    text: str, declared: Mapping[str, object], title: str
) -> None:
    document = read(text, refer("deep/our_brand-promise.md", declared))
    assert (document.incoming.title, document.parsed.title) == (title, title)
    assert unpack_document(document.incoming.packed).title == title


def test_same_text_is_the_same_revision_whatever_its_metadata_and_name() -> None:
    plain = read("Hello.").incoming.text_hash
    assert read("---\nstatus: approved\n---\nHello.").incoming.text_hash == plain
    assert read("Hello.", refer("renamed.md", {"owner": "x"})).incoming.text_hash == plain
    assert read("Hello there.").incoming.text_hash != plain
    assert read("Hello.", refer("a.md", {"title": "Said"})).incoming.text_hash != plain


def test_every_row_is_a_document_of_its_own() -> None:
    table = "Quote;Status;Until\nIt works.;approved;2026-03-31\nSo fast.;retired;\nNo word.;draft;\n"
    source = Source("brand", "folder", {}, status="approved", access=OPEN_TO_ALL)
    documents = read_file(source, refer("quotes.csv", rows=ROWS), table.encode())
    assert [one.incoming.declared.status for one in documents] == ["approved", "retired", "draft"]
    assert str(documents[0].incoming.declared.validity.valid_until) == "2026-03-31"
    assert len({one.incoming.part for one in documents}) == 3
    assert len({one.incoming.content_hash for one in documents}) == 1


@pytest.mark.parametrize("word", ["approved", "Approved", " APPROVED "])
def test_row_cannot_approve_itself_where_its_sheet_is_a_draft(word: str) -> None:
    (row,) = read_file(
        SOURCE, refer("quotes.csv", rows=ROWS), f"Quote;Status;Until\nIt works.;{word};\n".encode()
    )
    assert row.incoming.declared.status == "draft"


def test_what_is_declared_beside_the_file_changes_its_identity() -> None:
    plain = hash_declared(SOURCE, refer())
    assert hash_declared(SOURCE, refer("b.md")) == plain
    others = (
        hash_declared(SOURCE, refer("a.md", {"owner": "x"})),
        hash_declared(SOURCE, refer("a.md", rows=ROWS)),
        hash_declared(Source("brand", "folder", {}), refer()),
    )
    assert len({plain, *others}) == 4


def test_file_that_cannot_be_read_is_refused_with_the_reason() -> None:
    for content, reason in (
        (b"", "is empty"),
        (b"%PDF-1.7 x", "the content is a PDF"),
        (b"\n \n", "holds no text"),
    ):
        with pytest.raises(FileUnreadable, match=reason):
            read_file(SOURCE, refer(), content)


def test_parsed_text_comes_back_whole_from_the_ledger() -> None:
    document = read("# One\n\nHello.\n\n- a\n- b\n")
    assert unpack_document(document.incoming.packed) == ParsedDocument(document.parsed.blocks, "One")
