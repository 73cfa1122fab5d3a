"""PDFs that are made to hurt whoever reads them. For tests/faults/hostile_files.py."""

import io
import zlib
from collections.abc import Mapping, Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.faults.hostile_office import WORDS

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_SHOWN = b"BT /F1 12 Tf 72 700 Td (" + WORDS.encode() + b") Tj ET"


def write_objects(objects: Sequence[bytes], *, trailer: bytes = b"", start: int | None = None) -> bytes:
    """A PDF of these objects (the first one is number 1, the catalogue) with a list of where they are."""
    content, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    found = len(content) if start is None else start
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer << /Size %d /Root 1 0 R %b>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        found,
    )
    return bytes(content)


def write_stream(content: bytes, *, stated: int | None = None, entries: bytes = b"") -> bytes:
    """A stream object; `stated`: the length that it claims."""
    length = len(content) if stated is None else stated
    return b"<< /Length %d %b>>\nstream\n%b\nendstream" % (length, entries, content)


def write_pdf(content: bytes, **changes: bytes) -> bytes:
    """One page: catalogue (1), pages (2), page (3), its stream (4), a font (5); changes by name."""
    parts: Mapping[str, bytes] = {
        "catalogue": b"<< /Type /Catalog /Pages 2 0 R >>",
        "pages": b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "page": (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
    } | changes
    return write_objects([parts["catalogue"], parts["pages"], parts["page"], content, _FONT])


def claim_length() -> bytes:
    """A stream that says it is half a gigabyte long, in a file of a thousand bytes."""
    return write_pdf(write_stream(_SHOWN, stated=500 * 2**20))


def inflate_page(*, megabytes: int) -> bytes:
    """A page whose content is a thousand times as large as its stream."""
    packer = zlib.compressobj(9)
    line = b"BT /F1 1 Tf (" + b"teal " * 200_000 + b") Tj ET\n"
    packed = b"".join(packer.compress(line) for _ in range(megabytes)) + packer.flush()
    return write_pdf(write_stream(packed, entries=b"/Filter /FlateDecode "))


def repeat_page(count: int) -> bytes:
    """One page, listed so many times."""
    kids = b"3 0 R " * count
    return write_pdf(write_stream(_SHOWN), pages=b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count))


def claim_pages(count: int) -> bytes:
    """One page that says it is so many."""
    return write_pdf(write_stream(_SHOWN), pages=b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % count)


def loop_pages() -> bytes:
    """A page tree whose branch is its own root."""
    return write_pdf(write_stream(_SHOWN), pages=b"<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 3 >>")


def deepen_pages(depth: int) -> bytes:
    """One page under so many branches."""
    branches = [
        b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (number + 1, number - 1)
        for number in range(3, depth + 3)
    ]
    last = depth + 3
    page = (
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
        b"/Resources << /Font << /F1 %d 0 R >> >> >>" % (last - 1, last + 1, last + 2)
    )
    root = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    catalogue = b"<< /Type /Catalog /Pages 2 0 R >>"
    return write_objects([catalogue, root, *branches, page, write_stream(_SHOWN), _FONT])


def loop_form() -> bytes:
    """A drawing that draws itself, twice."""
    form = write_stream(
        b"/X Do /X Do " + _SHOWN,
        entries=b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X 4 0 R >> >> ",
    )
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> /XObject << /X 4 0 R >> >> >>"
    )
    return write_pdf(form, page=page)


def break_list() -> bytes:
    """The list of objects is said to be where it is not."""
    whole = write_pdf(write_stream(_SHOWN))
    return whole.replace(b"startxref\n", b"startxref\n9")


def cut_in_half() -> bytes:
    """The first half of a PDF of many pages."""
    whole = repeat_page(400)
    return whole[: len(whole) // 2]


def act_on_opening() -> bytes:
    """A script, a program to start and an address to fetch."""
    action = b"<< /S /JavaScript /JS (while\\(true\\){}) /Next << /S /Launch /F (calc) >> >>"
    return write_pdf(
        write_stream(_SHOWN), catalogue=b"<< /Type /Catalog /Pages 2 0 R /OpenAction %b >>" % action
    )


def encrypt() -> bytes:
    """A PDF that opens with a password only."""
    target = io.BytesIO()
    canvas = Canvas(target, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(72, 700, WORDS)
    canvas.save()
    return target.getvalue()


def scan() -> bytes:
    """A page that is one picture."""
    picture = write_stream(
        zlib.compress(b"\x7f" * 100 * 100),
        entries=(
            b"/Type /XObject /Subtype /Image /Width 100 /Height 100 /ColorSpace /DeviceGray /BitsPerComponent 8 "
            b"/Filter /FlateDecode "
        ),
    )
    return _show_picture(picture)


def claim_picture() -> bytes:
    """A page with a picture that says it is 50,000 by 50,000."""
    return _show_picture(
        write_stream(
            zlib.compress(b"\x7f" * 1000),
            entries=(
                b"/Type /XObject /Subtype /Image /Width 50000 /Height 50000 /ColorSpace /DeviceRGB "
                b"/BitsPerComponent 8 /Filter /FlateDecode "
            ),
        ),
        shown=_SHOWN,
    )


def _show_picture(picture: bytes, *, shown: bytes = b"") -> bytes:
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 6 0 R "
        b"/Resources << /XObject << /P 4 0 R >> /Font << /F1 5 0 R >> >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        picture,
        _FONT,
        write_stream(b"q 600 0 0 700 0 0 cm /P Do Q " + shown),
    ]
    return write_objects(objects)
