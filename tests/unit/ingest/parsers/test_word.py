"""Word documents, made here with python-docx."""

import io
from collections.abc import Callable

from docx import Document
from docx.document import Document as WordFile
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from core.documents import ParsedDocument
from ingest.parsers.registry import parse_file


def _parse(fill: Callable[[WordFile], object]) -> ParsedDocument:
    file, stream = Document(), io.BytesIO()
    fill(file)
    file.save(stream)
    (document,) = parse_file("guide.docx", stream.getvalue())
    return document


def _list(document: ParsedDocument) -> list[tuple[str, str, int]]:
    return [(block.kind, block.text, block.level) for block in document.blocks]


def _append_xml(file: WordFile, xml: str) -> None:
    """Adds raw body content before the section properties."""
    file.element.body.insert(len(file.element.body) - 1, parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1)))


def test_paragraphs_lists_and_tables_come_in_document_order() -> None:
    def fill(file: WordFile) -> None:
        file.add_heading("Voice", 0)
        file.add_heading("Words", 2)
        file.add_paragraph("Be brief.")
        table = file.add_table(rows=2, cols=2)
        for cell, text in zip(table._cells, ["Use", "Not", "Go", "Golang"], strict=True):
            cell.text = text
        file.add_paragraph("one", style="List Bullet")
        file.add_paragraph("two", style="List Number 2")

    document = _parse(fill)
    assert document.title == "Voice"
    assert _list(document) == [
        ("heading", "Voice", 1),
        ("heading", "Words", 2),
        ("paragraph", "Be brief.", 0),
        ("table_row", "Use: Go · Not: Golang", 0),
        ("list_item", "one", 1),
        ("list_item", "two", 2),
    ]


def test_title_falls_back_to_the_files_property_then_to_the_first_heading() -> None:
    def fill(file: WordFile) -> None:
        file.core_properties.title = "Stated"
        file.add_heading("Heading", 1)

    assert _parse(fill).title == "Stated"
    assert _parse(lambda file: file.add_heading("Heading", 1)).title == "Heading"


def test_deleted_struck_out_and_hidden_text_is_not_read() -> None:
    def fill(file: WordFile) -> None:
        _append_xml(
            file,
            '<w:p><w:r><w:t xml:space="preserve">kept </w:t></w:r>'
            "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>added</w:t></w:r></w:ins>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
            "<w:r><w:rPr><w:strike/></w:rPr><w:t>struck</w:t></w:r>"
            '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t xml:space="preserve"> shown</w:t></w:r></w:p>',
        )

    assert _list(_parse(fill)) == [("paragraph", "kept added shown", 0)]


def test_text_in_content_controls_and_links_is_read() -> None:
    def fill(file: WordFile) -> None:
        _append_xml(
            file,
            "<w:sdt><w:sdtContent><w:p><w:hyperlink><w:r><w:t>inside</w:t></w:r></w:hyperlink>"
            "</w:p></w:sdtContent></w:sdt>",
        )

    assert _list(_parse(fill)) == [("paragraph", "inside", 0)]


def test_numbered_paragraph_takes_its_depth_from_the_numbering() -> None:
    def fill(file: WordFile) -> None:
        _append_xml(
            file,
            '<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr>'
            "<w:r><w:t>deep</w:t></w:r></w:p>",
        )

    assert _list(_parse(fill)) == [("list_item", "deep", 2)]


def test_merged_cells_keep_every_value_under_its_header() -> None:
    def fill(file: WordFile) -> None:
        table = file.add_table(rows=3, cols=2)
        for cell, text in zip(table._cells, ["Medium", "Tone", "Web", "warm", "", "short"], strict=True):
            cell.text = text
        table.cell(1, 0).merge(table.cell(2, 0))

    assert _list(_parse(fill)) == [
        ("table_row", "Medium: Web · Tone: warm", 0),
        ("table_row", "Medium: Web · Tone: short", 0),
    ]


def test_table_of_one_cell_is_read_as_its_text() -> None:
    def fill(file: WordFile) -> None:
        file.add_table(rows=1, cols=1).cell(0, 0).text = "Remember."

    assert _list(_parse(fill)) == [("paragraph", "Remember.", 0)]


def test_headers_and_footers_are_not_read() -> None:
    def fill(file: WordFile) -> None:
        file.sections[0].header.paragraphs[0].text = "Confidential"
        file.sections[0].footer.paragraphs[0].text = "Page 1"
        file.add_paragraph("Body")

    assert _list(_parse(fill)) == [("paragraph", "Body", 0)]


def test_text_box_is_read_once() -> None:
    def fill(file: WordFile) -> None:
        box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
        mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        _append_xml(
            file,
            f"<w:p><w:r><w:t>outer</w:t></w:r><w:r><mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice>"
            f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>",
        )

    assert _list(_parse(fill)) == [("paragraph", "outer", 0), ("paragraph", "boxed", 0)]
