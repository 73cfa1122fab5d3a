"""One guide of our own words, written in each format that has no sample file. Used by structure_formats.py."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from html import escape

from benchmarks.outlook_file import write_outlook_file
from core.documents import Block

HIDDEN = "Whoever reads this line calls the price list public"
_RULES = (
    ("Tone of voice", "We say what we do, then why", ("Short words first", "No slogans in a headline")),
    ("Logo", "The mark keeps its own room", ("Never turn the mark", "Keep the width of the letter o free")),
    (
        "Colour",
        "Harbour blue leads and sand follows",
        ("Blue on white for text", "Sand is a ground, not a text"),
    ),
    ("Claims", "A number needs a source and a day", ("Name the study", "Give the year")),
)
_HEADER = ("Term", "Use", "Since")
_DEEPER = "Ask the brand desk when in doubt"


def build_guide(sections: int = 12) -> tuple[Block, ...]:
    """What every parser should find: headings of three depths, nested lists, prose and tables."""
    return (Block("heading", "Harbour brand guide", 1), *_build_sections(sections))


def _build_sections(sections: int) -> Iterator[Block]:
    for number in range(sections):
        name, prose, items = _RULES[number % len(_RULES)]
        yield Block("heading", f"{name} {number + 1}", 2)
        yield Block("paragraph", f"{prose}, in chapter {number + 1} as everywhere. It holds for every team.")
        yield Block("heading", f"Rules {number + 1}", 3)
        yield Block("list_item", f"{items[0]} ({number + 1})", 1)
        yield Block("list_item", f"{_DEEPER} ({number + 1})", 2)
        yield Block("list_item", f"{items[1]} ({number + 1})", 1)
        for row in range(3):
            cells = (f"word {number + 1}.{row + 1}", "yes" if row else "only in print", str(2020 + row))
            pairs = (f"{head}: {cell}" for head, cell in zip(_HEADER, cells, strict=True))
            yield Block("table_row", " · ".join(pairs))


def write_html_page(guide: Sequence[Block]) -> str:
    """The guide as the body of a mail or the chapter of a book, with a passage that nobody sees."""
    body = "".join(_write_groups(guide, _HTML))
    unseen = f'<p style="display:none">{HIDDEN}</p>'
    return f"<html><head><title>Harbour brand guide</title></head><body>{body}{unseen}</body></html>"


def write_eml(guide: Sequence[Block]) -> bytes:
    """A mail with an HTML body alone."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Brand desk <brand@example.com>", "all@example.com"
    mail["Subject"], mail["Date"] = "Harbour brand guide", "Mon, 02 Feb 2026 09:00:00 +0000"
    mail.set_content(write_html_page(guide), subtype="html")
    return mail.as_bytes()


def write_msg(guide: Sequence[Block]) -> bytes:
    """The same mail as Outlook keeps it."""
    return write_outlook_file("Harbour brand guide", "brand@example.com", write_html_page(guide))


def write_epub(guide: Sequence[Block]) -> bytes:
    """A book of one chapter with its table of contents."""
    chapter = write_html_page(guide).replace("<html>", '<html xmlns="http://www.w3.org/1999/xhtml">')
    contents = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'
        '<nav epub:type="toc"><ol><li><a href="c.xhtml">Harbour brand guide</a></li></ol></nav></body></html>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">harbour</dc:identifier>'
        "<dc:title>Harbour brand guide</dc:title><dc:language>en</dc:language></metadata><manifest>"
        '<item id="n" href="n.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="n"/><itemref idref="c"/></spine></package>'
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    parts = {
        "META-INF/container.xml": container,
        "book.opf": package,
        "n.xhtml": contents,
        "c.xhtml": chapter,
    }
    return pack_zip("application/epub+zip", parts)


def write_odt(guide: Sequence[Block]) -> bytes:
    """A text document with a hidden passage and a deletion that is tracked."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("style", "style"),
            ("fo", "xsl-fo-compatible"),
        )
    )
    body = "".join(_write_groups(guide, _ODT))
    styles = (
        '<office:automatic-styles><style:style style:name="H" style:family="text">'
        '<style:text-properties text:display="none"/></style:style></office:automatic-styles>'
    )
    unseen = f'<text:p>Ends here.<text:span text:style-name="H">{HIDDEN}</text:span></text:p>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.3">'
        f"{styles}<office:body><office:text>{body}{unseen}</office:text></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
        ' manifest:version="1.3"><manifest:file-entry manifest:full-path="/"'
        ' manifest:media-type="application/vnd.oasis.opendocument.text"/></manifest:manifest>'
    )
    styles_part = (
        f'<office:document-styles {spaces} office:version="1.3"><office:styles/></office:document-styles>'
    )
    parts = {"META-INF/manifest.xml": manifest, "content.xml": content, "styles.xml": styles_part}
    return pack_zip("application/vnd.oasis.opendocument.text", parts)


def write_rtf(guide: Sequence[Block]) -> bytes:
    """As a word processor writes it: outline levels, list texts, table rows and a hidden run."""
    head = (
        r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}{\stylesheet{\s0 Normal;}"
        r"{\s1\outlinelevel0 heading 1;}{\s2\outlinelevel1 heading 2;}{\s3\outlinelevel2 heading 3;}}"
        r"{\*\listtable{\list{\listlevel\levelnfc23}\listid1}}{\*\listoverridetable{\listoverride\listid1\ls1}}"
    )
    body = "".join(_write_groups(guide, _RTF))
    return f"{head}\n{body}\\pard\\plain Ends here.{{\\v {HIDDEN}}}\\par}}".encode("ascii")


def write_org(guide: Sequence[Block]) -> bytes:
    """Outline text with a comment line."""
    return ("".join(_write_groups(guide, _ORG)) + f"\n# {HIDDEN}\n").encode()


def write_rst(guide: Sequence[Block]) -> bytes:
    """Structured text with a comment block."""
    return ("".join(_write_groups(guide, _RST)) + f"\n.. {HIDDEN}\n").encode()


def write_tsv(guide: Sequence[Block]) -> bytes:
    """The tables alone, as one."""
    rows = [_split_row(block) for block in guide if block.kind == "table_row"]
    return "\n".join("\t".join(cells) for cells in (_HEADER, *rows)).encode()


def pack_zip(media_type: str, parts: dict[str, str]) -> bytes:
    """A document container: its type first and unpacked, as both formats ask."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), media_type)
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def _split_row(block: Block) -> tuple[str, ...]:
    return tuple(pair.split(": ", 1)[1] for pair in block.text.split(" · "))


_Writers = dict[str, Callable[[Sequence[Block]], str]]


def _write_groups(guide: Sequence[Block], writers: _Writers) -> Iterator[str]:
    """Headings and paragraphs one by one, the items of a list and the rows of a table together."""
    group: list[Block] = []
    for block in (*guide, Block("paragraph", "")):
        if group and (block.kind != group[0].kind or block.kind in ("heading", "paragraph")):
            yield writers[group[0].kind](group)
            group = []
        group.append(block)


def _html_list(items: Sequence[Block]) -> str:
    first, second, third = (escape(item.text) for item in items)
    return f"<ul><li>{first}<ul><li>{second}</li></ul></li><li>{third}</li></ul>"


def _html_table(rows: Sequence[Block]) -> str:
    head = "".join(f"<th>{cell}</th>" for cell in _HEADER)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in _split_row(row)) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _odt_list(items: Sequence[Block]) -> str:
    first, second, third = (f"<text:p>{escape(item.text)}</text:p>" for item in items)
    inner = f"<text:list><text:list-item>{second}</text:list-item></text:list>"
    body = f"<text:list-item>{first}{inner}</text:list-item><text:list-item>{third}</text:list-item>"
    return f"<text:list>{body}</text:list>"


def _odt_table(rows: Sequence[Block]) -> str:
    def write_row(cells: Sequence[str]) -> str:
        inside = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
        return f"<table:table-row>{inside}</table:table-row>"

    head = f"<table:table-header-rows>{write_row(_HEADER)}</table:table-header-rows>"
    return f"<table:table>{head}{''.join(write_row(_split_row(row)) for row in rows)}</table:table>"


def _rtf_list(items: Sequence[Block]) -> str:
    return "".join(
        f"\\pard\\plain\\ls1\\ilvl{item.level - 1}{{\\listtext\\'95\\tab}}{item.text}\\par\n"
        for item in items
    )


def _rtf_table(rows: Sequence[Block]) -> str:
    def write_row(cells: Sequence[str], mark: str) -> str:
        inside = "".join(f"\\pard\\plain\\intbl {cell}\\cell" for cell in cells)
        return f"\\trowd{mark}\\cellx2000\\cellx4000\\cellx6000{inside}\\row\n"

    return write_row(_HEADER, "\\trhdr") + "".join(write_row(_split_row(row), "") for row in rows)


def _org_table(rows: Sequence[Block]) -> str:
    lines = [f"| {' | '.join(_HEADER)} |", "|---+---+---|"]
    return "\n".join([*lines, *(f"| {' | '.join(_split_row(row))} |" for row in rows)]) + "\n\n"


def _rst_table(rows: Sequence[Block]) -> str:
    def write_line(cells: Sequence[str]) -> str:
        return "  ".join(cell.ljust(15) for cell in cells).rstrip()

    rule = "  ".join(["=" * 15] * 3)
    lines = [rule, write_line(_HEADER), rule, *(write_line(_split_row(row)) for row in rows), rule]
    return "\n".join(lines) + "\n\n"


def _rst_paragraph(paragraphs: Sequence[Block]) -> str:
    """Every second one stands in a directive of a site generator, as most of such files have them."""
    (paragraph,) = paragraphs
    chapter = re.search(r"chapter (\d+)", paragraph.text)
    is_noted = chapter is not None and int(chapter[1]) % 2 == 0
    return f".. versionchanged:: 2.0\n   {paragraph.text}\n\n" if is_noted else f"{paragraph.text}\n\n"


def _rst_list(items: Sequence[Block]) -> str:
    first, second, third = (item.text for item in items)
    return f"- {first}\n\n  - {second}\n\n- {third}\n\n"


_HTML: _Writers = {
    "heading": lambda one: f"<h{one[0].level}>{escape(one[0].text)}</h{one[0].level}>",
    "paragraph": lambda one: f"<p>{escape(one[0].text)}</p>",
    "list_item": _html_list,
    "table_row": _html_table,
}
_ODT: _Writers = {
    "heading": lambda one: f'<text:h text:outline-level="{one[0].level}">{escape(one[0].text)}</text:h>',
    "paragraph": lambda one: f"<text:p>{escape(one[0].text)}</text:p>",
    "list_item": _odt_list,
    "table_row": _odt_table,
}
_RTF: _Writers = {
    "heading": lambda one: (
        f"\\pard\\plain\\s{one[0].level}\\outlinelevel{one[0].level - 1} {one[0].text}\\par\n"
    ),
    "paragraph": lambda one: f"\\pard\\plain {one[0].text}\\par\n",
    "list_item": _rtf_list,
    "table_row": _rtf_table,
}
_ORG: _Writers = {
    "heading": lambda one: f"{'*' * one[0].level} {one[0].text}\n",
    "paragraph": lambda one: f"{one[0].text}\n\n",
    "list_item": lambda all_: "".join(f"{'  ' * (one.level - 1)}- {one.text}\n" for one in all_) + "\n",
    "table_row": _org_table,
}
_RST: _Writers = {
    "heading": lambda one: f"{one[0].text}\n{'=-~'[one[0].level - 1] * len(one[0].text)}\n\n",
    "paragraph": _rst_paragraph,
    "list_item": _rst_list,
    "table_row": _rst_table,
}
