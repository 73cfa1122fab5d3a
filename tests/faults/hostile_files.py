"""Files that are made to hurt whoever reads them, built when a test asks for them; none is stored."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.faults import hostile_office as office
from tests.faults import hostile_pages as pages
from tests.faults import hostile_pdf as pdf
from tests.faults.hostile_office import PARAGRAPH, WORDS
from tests.faults.hostile_pages import MEGA


@dataclass(frozen=True)
class HostileFile:
    """`reason`: what the refusal says (a part of it); None where it is read without harm, and WORDS with it."""

    name: str
    build: Callable[[], bytes]
    reason: str | None = None
    shows: str = "teal"
    """A word that is found where the file is read."""


def _text(content: bytes) -> Callable[[], bytes]:
    return lambda: content


# What a limit stops, it stops by time or by memory, whichever comes first; some libraries end the process then.
_STOPPED = r"took longer|needed more than|crash|scanned"
_PICTURE = office.claim_picture(50_000, 50_000)
_PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200

OFFICE = (
    HostileFile("nested-bomb.docx", lambda: office.pack_docx(parts={"word/a.zip": office.nest_zips()})),
    HostileFile(
        "flat-bomb.docx",
        lambda: office.add_blanks(office.pack_docx(), "word/footnotes.xml", megabytes=410),
        "unpacks to 410 MB",
    ),
    HostileFile(
        "lying-bomb.docx",
        lambda: office.state_size(
            office.add_blanks(office.pack_docx(), "word/footnotes.xml", megabytes=410),
            "word/footnotes.xml",
            100,
        ),
        "damaged",
    ),
    HostileFile("many-paragraphs.docx", lambda: office.pack_docx(PARAGRAPH * 400_000), _STOPPED),
    HostileFile(
        "deep.docx",
        lambda: office.pack_docx(
            "<w:sdt><w:sdtContent>" * 50_000 + PARAGRAPH + "</w:sdtContent></w:sdt>" * 50_000
        ),
        "damaged",
    ),
    HostileFile(
        "laughs.docx", lambda: office.pack_docx(PARAGRAPH + "&l11;", head=office.BILLION_LAUGHS), "entities"
    ),
    HostileFile(
        "outside.docx",
        lambda: office.pack_docx("&outside;", head=office.read_outside("file:///etc/passwd")),
        "entities",
    ),
    HostileFile("hidden-declaration.docx", office.pack_hidden_declarations),
    HostileFile("macros.docx", office.pack_macros, "with macros"),
    HostileFile("slips.docx", office.pack_slips),
    HostileFile("links.docx", office.pack_outside_links),
    HostileFile(
        "laughs.xlsx", lambda: office.pack_xlsx("<sheetData/>", head=office.BILLION_LAUGHS), "entities"
    ),
    HostileFile("corners.xlsx", office.claim_cells),
    HostileFile("repeated.xlsx", partial(office.repeat_string, kilobytes=2048, cells=1000), _STOPPED),
    HostileFile("rows.xlsx", lambda: office.claim_cells("XFD1", 3)),
    HostileFile("picture.pptx", lambda: office.pack_pptx(parts={"ppt/media/image1.png": _PICTURE})),
    HostileFile(
        "ole.docx",
        _text(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512 + "EncryptedPackage".encode("utf-16-le")),
        "password",
    ),
)
PDFS = (
    HostileFile("claims-length.pdf", pdf.claim_length),
    HostileFile("inflates.pdf", partial(pdf.inflate_page, megabytes=300), _STOPPED),
    HostileFile("ten-thousand.pdf", partial(pdf.repeat_page, 10_000), "has 10,000 pages"),
    HostileFile("claims-pages.pdf", partial(pdf.claim_pages, 2_000_000_000)),
    HostileFile("claims-some-pages.pdf", partial(pdf.claim_pages, 50), "Failed to load page"),
    HostileFile("loops.pdf", pdf.loop_pages, "Failed to load page"),
    HostileFile("deep.pdf", partial(pdf.deepen_pages, 20_000), "Failed to load page"),
    HostileFile("draws-itself.pdf", pdf.loop_form, _STOPPED),
    HostileFile("no-list.pdf", pdf.break_list),
    HostileFile("half.pdf", pdf.cut_in_half, "damaged"),
    HostileFile("acts.pdf", pdf.act_on_opening),
    HostileFile("encrypted.pdf", pdf.encrypt, "password"),
    HostileFile("scan.pdf", pdf.scan, "scanned"),
    HostileFile("picture.pdf", pdf.claim_picture),
)
PAGES = (
    HostileFile("deep-100.html", partial(pages.nest_html, 100)),
    HostileFile("deep-100000.html", partial(pages.nest_html, 100_000), "nested too deeply"),
    HostileFile("deep-tables.html", partial(pages.nest_html, 30_000, "table"), "nested too deeply"),
    HostileFile("deep-spans.html", partial(pages.nest_html, 100_000, "b"), "nested too deeply"),
    HostileFile("laughs.html", pages.laugh_in_html),
    HostileFile("outside.html", pages.read_outside_in_html),
    HostileFile("styles.html", pages.widen_styles),
    HostileFile("codec-zip.html", partial(pages.name_codec, "zlib_codec", b"")),
    HostileFile("codec-idna.html", partial(pages.name_codec, "idna", b"a" * 2 * MEGA), "characters"),
    HostileFile("codec-punycode.html", partial(pages.name_codec, "punycode", b"a" * 2 * MEGA), "characters"),
    HostileFile("codec-undefined.html", partial(pages.name_codec, "undefined", b"")),
    HostileFile("laughs.svg", pages.laugh_in_html, r"\.svg|entit"),
    HostileFile("laughs.confluence", pages.laugh_in_storage, r"\.confluence|damaged|entit|page file"),
    HostileFile("stars.md", partial(pages.write_markdown, "*a **b ", 60_000)),
    HostileFile("mixed.md", partial(pages.write_markdown, "a**b_c* ", 60_000)),
    HostileFile("brackets.md", partial(pages.write_markdown, "[", 400_000), _STOPPED),
    HostileFile("links.md", partial(pages.write_markdown, "[a](", 100_000)),
    HostileFile("images.md", partial(pages.write_markdown, "![[]()", 15_000)),
    HostileFile("quotes.md", partial(pages.write_markdown, "> ", 100_000)),
    HostileFile("lists.md", partial(pages.write_markdown, "- ", 100_000)),
    HostileFile("ticks.md", partial(pages.climb, "`", 900)),
    HostileFile("angles.md", partial(pages.write_markdown, "<a ", 200_000)),
    HostileFile("comments.md", partial(pages.write_markdown, "<!-- ", 200_000)),
    HostileFile("declarations.md", partial(pages.write_markdown, "a <!A ", 100_000)),
    HostileFile("liquid.md", partial(pages.write_markdown, "{% ", 200_000)),
    HostileFile("liquid-lines.md", partial(pages.write_markdown, "{% comment\n", 100_000)),
    HostileFile("entities.md", partial(pages.write_markdown, "&#1234567890; &amp", 100_000)),
    HostileFile("tables.md", partial(pages.write_markdown, "|a|b|c|\n|-|-|-|\n", 5_000)),
    HostileFile("references.md", partial(pages.write_markdown, "[a]: b\n\n[a][a][a]", 20_000)),
    HostileFile("tags.md", partial(pages.write_markdown, "<div>\n\n", 20_000)),
    HostileFile("front-deep.md", partial(pages.nest_front_matter, 10_000)),
    HostileFile("front-laughs.md", pages.laugh_in_front_matter),
    HostileFile("front-dashes.md", partial(pages.write_markdown, "---\n", 200_000)),
    HostileFile("long-line.csv", pages.lengthen_line, "field"),
    HostileFile("wide.csv", partial(pages.widen_table, 30_000), "characters"),
    HostileFile("quotes.csv", lambda: b'a;b\n"teal' + b'""' * MEGA, "field"),
    HostileFile("one-word.txt", lambda: WORDS.encode() + b" " + b"a" * 4 * MEGA, "characters"),
    HostileFile("marks.txt", lambda: WORDS.encode() + b" " + b".!?( " * MEGA, "characters"),
    HostileFile("lines.txt", lambda: WORDS.encode() + b"\n" + b"- \n" * MEGA, "characters"),
    HostileFile("surrogates.txt", lambda: b"\xff\xfe" + f"{WORDS} ".encode("utf-16-le") + b"\x00\xd8" * 1000),
    HostileFile("zeros.txt", lambda: WORDS.encode() + b"\x00" * 5000, "binary"),
    HostileFile("some-zeros.txt", lambda: b"te\x00al " + b"word " * 1000),
    HostileFile("empty.md", _text(b""), "0 bytes"),
    HostileFile("blank.md", lambda: b" " * MEGA, "no text"),
    HostileFile("picture-inside.pdf", _text(_PICTURE), "a PNG image"),
    HostileFile("program.docx", _text(_PROGRAM), "binary data"),
    HostileFile("program.md", _text(_PROGRAM), "binary data"),
    HostileFile("pdf.md", pdf.claim_length, "a PDF"),
    HostileFile("packed.docx", pages.pack_gzip, "a gzip archive"),
    HostileFile("picture.png", _text(_PICTURE), r"\.png|damaged|no text|pixels"),
)
HOSTILE = (*OFFICE, *PDFS, *PAGES)
