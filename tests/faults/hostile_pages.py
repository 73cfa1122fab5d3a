"""Text, Markdown, HTML and tables that are made to hurt whoever reads them. For tests/faults/hostile_files.py."""

import gzip

from tests.faults.hostile_office import BILLION_LAUGHS, WORDS, read_outside

KILO, MEGA = 1024, 1024 * 1024


def nest_html(depth: int, tag: str = "div") -> bytes:
    """Words under so many elements."""
    return (f"<{tag}>" * depth + f"<p>{WORDS}</p>" + f"</{tag}>" * depth).encode()


def laugh_in_html() -> bytes:
    """Entities that multiply, in a page."""
    return f"{BILLION_LAUGHS}<html><body><p>{WORDS} &l11;</p></body></html>".encode()


def read_outside_in_html() -> bytes:
    """A page that would show the machine's own files."""
    return (
        f"{read_outside('file:///etc/passwd')}<html><body><p>{WORDS} &outside;</p>"
        '<iframe src="file:///etc/passwd"></iframe><xi:include href="file:///etc/passwd"/></body></html>'
    ).encode()


def laugh_in_storage() -> bytes:
    """The same in the file that a Confluence page arrives as."""
    return f'{BILLION_LAUGHS}<onbrand-page format="1"><page>&l11;</page></onbrand-page>'.encode()


def name_codec(codec: str, body: bytes) -> bytes:
    """A page that asks to be decoded by a codec that is not for text, or is slow."""
    return f'<meta charset="{codec}"><p>{WORDS}</p>'.encode() + body


def widen_styles() -> bytes:
    """Three thousand rules over three thousand elements."""
    rules = "".join(f".a{n} .b{n} > p:nth-child({n}) {{display:none}}" for n in range(3_000))
    return (f"<style>{rules}</style>" + f"<div class='a b'><p>{WORDS}</p></div>" * 3_000).encode()


def repeat_marks(marks: str, times: int) -> bytes:
    """The same marks over and over, after harmless words."""
    return f"{WORDS}\n\n{marks * times}\n".encode()


def climb(mark: str, steps: int) -> bytes:
    """Runs of a mark, each one longer than the one before."""
    return (WORDS + "\n\n" + "".join("e" + mark * step for step in range(steps))).encode()


def nest_front_matter(depth: int) -> bytes:
    """Front matter of lists in lists."""
    return f"---\ntitle: {'[' * depth}{']' * depth}\n---\n{WORDS}\n".encode()


def laugh_in_front_matter() -> bytes:
    """Aliases that multiply, and an object to be made."""
    lines = [f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 10)}]" for level in range(1, 12)]
    return "\n".join(
        ["---", "l0: &l0 [ha, ha]", *lines, "run: !!python/object/apply:os.system [x]", "---", WORDS]
    ).encode()


def lengthen_line() -> bytes:
    """A table in one line of five megabytes."""
    return b"Colour;Use\nteal;" + b"x" * (5 * MEGA) + b"\n"


def widen_table(columns: int) -> bytes:
    """A table of so many columns and as many headers, twenty rows."""
    header = ";".join(f"column {number}" for number in range(columns))
    return "\n".join([header, *[";".join(["teal"] * columns)] * 20]).encode()


def pack_gzip() -> bytes:
    """A gigabyte of zeros, packed and packed again."""
    return gzip.compress(gzip.compress(b"\0" * (32 * MEGA)) * 32)


def nest_mail(depth: int) -> bytes:
    """A mail in a mail in a mail."""
    parts = "".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n' for level in range(depth)
    )
    head = "From: a@brand.example\nSubject: teal\nMIME-Version: 1.0\n"
    return f"{head}{parts}Content-Type: text/plain\n\n{WORDS}".encode()


def nest_rich_text(depth: int) -> bytes:
    """Groups in groups."""
    return (r"{\rtf1 " + "{" * depth + WORDS + "}" * depth + "}").encode()


def claim_binary() -> bytes:
    """A picture that says it is two gigabytes long."""
    return (r"{\rtf1 " + WORDS + r"{\pict\bin2147483647 x}}").encode()
