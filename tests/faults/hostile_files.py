"""Files that are made to hurt whoever reads them, built when a test asks for them; none is stored."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from tests.faults import hostile_office as office
from tests.faults import hostile_pages as pages
from tests.faults import hostile_pdf as pdf
from tests.faults.hostile_office import PARAGRAPH, WORDS
from tests.faults.hostile_pages import MEGA


@dataclass(frozen=True)
class HostileFile:
    """`reason`: what the refusal says (a regular expression); None where it is read without harm."""

    name: str
    build: Callable[[], bytes]
    reason: str | None = None


def _state(content: bytes) -> Callable[[], bytes]:
    return lambda: content


def _repeat(marks: str, times: int) -> Callable[[], bytes]:
    return partial(pages.repeat_marks, marks, times)


# What a limit stops, it stops by time or by memory, whichever comes first; some libraries end the process then.
_STOPPED = r"took longer than|needed more than|reads it crash|holds no text"
_PASSWORDS = "file:///etc/passwd"
_PICTURE = office.claim_picture(50_000, 50_000)
_PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512


@cache
def _pack_bomb() -> bytes:
    return office.add_blanks(office.pack_docx(), "word/footnotes.xml", megabytes=410)


OFFICE = (
    HostileFile("nested-bomb.docx", lambda: office.pack_docx(parts={"word/a.zip": office.nest_zips()})),
    HostileFile("flat-bomb.docx", _pack_bomb, "unpacks to 410 MB; the limit is 400 MB"),
    HostileFile(
        "lying-bomb.docx", lambda: office.state_size(_pack_bomb(), "word/footnotes.xml", 100), "is damaged"
    ),
    HostileFile("many-paragraphs.docx", lambda: office.pack_docx(PARAGRAPH * 400_000), _STOPPED),
    HostileFile("deep.docx", lambda: office.pack_docx("<w:sdt><w:sdtContent>" * 9000), "depth in document"),
    HostileFile("laughs.docx", lambda: office.pack_docx("&l11;", head=office.BILLION_LAUGHS), "entities"),
    HostileFile(
        "outside.docx",
        lambda: office.pack_docx("&outside;", head=office.read_outside(_PASSWORDS)),
        "entities",
    ),
    HostileFile("part-of-no-name.docx", office.pack_hidden_declarations),
    HostileFile("macros.docx", office.pack_macros, "a Word document with macros"),
    HostileFile("slips.docx", office.pack_slips),
    HostileFile("links.docx", office.pack_outside_links),
    HostileFile("sealed.docx", _state(_OLE + "EncryptedPackage".encode("utf-16-le")), "password-protected"),
    HostileFile("laughs.xlsx", lambda: office.pack_xlsx("", head=office.BILLION_LAUGHS), "entities"),
    HostileFile("corners.xlsx", partial(office.claim_cells, "XFD200000", 200_000)),
    HostileFile("repeated.xlsx", partial(office.repeat_string, kilobytes=2048, cells=2000), _STOPPED),
    HostileFile("picture.pptx", lambda: office.pack_pptx(parts={"ppt/media/image1.png": _PICTURE})),
    HostileFile(
        "laughs.odt", lambda: office.pack_open_document("&l11;", head=office.BILLION_LAUGHS), "entities"
    ),
    HostileFile("deep.odt", lambda: office.pack_open_document("<text:list>" * 9000), "depth in document"),
    HostileFile("outside.epub", office.pack_book),
)
PDFS = (
    HostileFile("claims-length.pdf", pdf.claim_length),
    HostileFile("inflates.pdf", partial(pdf.inflate_page, megabytes=300), _STOPPED),
    HostileFile("ten-thousand.pdf", partial(pdf.repeat_page, 10_000), "has 10,000 pages; the limit is 2,000"),
    HostileFile("claims-pages.pdf", partial(pdf.claim_pages, 2_000_000_000)),
    HostileFile("loops.pdf", pdf.loop_pages, "is damaged"),
    HostileFile("deep.pdf", partial(pdf.deepen_pages, 20_000), "is damaged"),
    HostileFile("draws-itself.pdf", pdf.loop_form, _STOPPED),
    HostileFile("no-list.pdf", pdf.break_list),
    HostileFile("half.pdf", pdf.cut_in_half, "is damaged"),
    HostileFile("acts.pdf", pdf.act_on_opening),
    HostileFile("encrypted.pdf", pdf.encrypt, "is password-protected"),
    HostileFile("scan.pdf", pdf.scan, r"holds no text"),
    HostileFile("picture.pdf", pdf.claim_picture),
)
PAGES = (
    HostileFile("deep-100.html", partial(pages.nest_html, 100)),
    HostileFile("deep-100000.html", partial(pages.nest_html, 100_000), "is nested too deeply"),
    HostileFile("deep-tables.html", partial(pages.nest_html, 30_000, "table"), "is nested too deeply"),
    HostileFile("deep.md", lambda: b"teal\n\n" + pages.nest_html(3000), "is nested too deeply"),
    HostileFile("laughs.html", pages.laugh_in_html),
    HostileFile("outside.html", pages.read_outside_in_html),
    HostileFile("styles.html", pages.widen_styles),
    HostileFile("codec-zip.html", partial(pages.name_codec, "zlib_codec", b"")),
    HostileFile("codec-undefined.html", partial(pages.name_codec, "undefined", b"")),
    HostileFile(
        "codec-slow.html", partial(pages.name_codec, "punycode", b"a" * MEGA), "characters; the limit"
    ),
    HostileFile("laughs.svg", pages.laugh_in_html, "entities"),
    HostileFile("laughs.confluence", pages.laugh_in_storage, "entities|is damaged"),
    HostileFile("nested.eml", partial(pages.nest_mail, 400)),
    HostileFile("deep.rtf", partial(pages.nest_rich_text, 100_000), "nested|deep|groups"),
    HostileFile("claims-binary.rtf", pages.claim_binary),
    HostileFile("long-line.csv", pages.lengthen_line, "field larger than field limit"),
    HostileFile("wide.csv", partial(pages.widen_table, 3_000)),
    HostileFile("open-quote.csv", lambda: b'a;b\n"teal' + b'""' * MEGA, "field larger than field limit"),
)
TEXTS = (
    HostileFile("stars.md", _repeat("*a **b ", 6_000)),
    HostileFile("brackets.md", _repeat("[", 400_000), _STOPPED),
    HostileFile("links.md", _repeat("[a](", 3_000)),
    HostileFile("images.md", _repeat("![[]()", 2_000)),
    HostileFile("marks.md", _repeat("> - ", 20_000)),
    HostileFile("ticks.md", partial(pages.climb, "`", 200)),
    HostileFile("angles.md", _repeat("<a <!-- <!A ", 10_000)),
    HostileFile("liquid.md", _repeat("{% comment {% ", 10_000)),
    HostileFile("references.md", _repeat("[a]: b\n\n[a][a][a]", 2_000)),
    HostileFile("front-deep.md", partial(pages.nest_front_matter, 300)),
    HostileFile("front-laughs.md", pages.laugh_in_front_matter),
    HostileFile(
        "one-word.txt", lambda: WORDS.encode() + b" " + b"a" * MEGA, "characters; the limit is 500,000"
    ),
    HostileFile("surrogates.txt", lambda: b"\xff\xfe" + f"{WORDS} ".encode("utf-16-le") + b"\x00\xd8" * 1000),
    HostileFile("zeros.txt", lambda: WORDS.encode() + b"\x00" * 5000, "binary data"),
    HostileFile("some-zeros.txt", lambda: b"te\x00al " + b"word " * 1000),
    HostileFile("empty.md", _state(b""), "0 bytes"),
    HostileFile("blank.md", lambda: b" \n" * 100_000, "holds no text"),
    HostileFile("picture-inside.pdf", _state(_PICTURE), "named .pdf, but the content is a PNG image"),
    HostileFile("program.docx", _state(_PROGRAM), "named .docx, but the content is binary data"),
    HostileFile("program.md", _state(_PROGRAM), "named .md, but the content is binary data"),
    HostileFile("pdf.md", pdf.claim_length, "named .md, but the content is a PDF"),
    HostileFile("packed.docx", pages.pack_gzip, "named .docx, but the content is a gzip archive"),
    HostileFile("picture.png", _state(_PICTURE), "without a title|no text|holds no words"),
)
HOSTILE = (*OFFICE, *PDFS, *PAGES, *TEXTS)
