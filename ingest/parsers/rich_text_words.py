"""The words of an RTF file, and its three tables: fonts, colours, styles. Used by rich_text.py."""

import codecs
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.parsers.colours import Colour

_WORD = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
# The code page of a font's character set; where a font names none, the file's own holds.
_CHARSETS = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
_UTF8_PAGE = 65001
_HEADING = re.compile(r"heading (\d)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RtfWord:
    """One piece of the file: a control word or symbol by its name; `open`, `close`, or `text` with its bytes."""

    name: str
    number: int | None = None
    text: bytes = b""


@dataclass(slots=True)
class RtfStyle:
    """A paragraph style: its name in lower case, and what it makes of its text."""

    name: str = ""
    outline: int | None = None
    is_hidden: bool = False

    @property
    def heading(self) -> int:
        """1 to 6 for a heading, else 0."""
        named = _HEADING.match(self.name)
        if self.name == "title":
            return 1
        if named:
            return min(6, max(1, int(named[1])))
        return 0 if self.outline is None or not 0 <= self.outline < 9 else min(6, self.outline + 1)  # noqa: PLR2004


@dataclass(slots=True)
class RtfTables:
    """What the head of the file says. `title` is the file's own."""

    encoding: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    colours: list[Colour | None] = field(default_factory=list)
    styles: dict[int, RtfStyle] = field(default_factory=dict)
    title: str = ""

    def set_encoding(self, code_page: int) -> None:
        """The file's own; one that is not known here changes nothing."""
        with contextlib.suppress(LookupError):
            self.encoding = codecs.lookup("utf-8" if code_page == _UTF8_PAGE else f"cp{code_page}").name

    def find_colour(self, number: int) -> Colour | None:
        """None for the automatic one, and for one that is not in the table."""
        return self.colours[number] if 0 <= number < len(self.colours) else None


def split_words(content: bytes) -> Iterator[RtfWord]:
    """The file's words in order; raw data is passed over."""
    place = 0
    while found := _WORD.match(content, place):
        place = found.end()
        if found[1] == b"bin":
            place += max(0, int(found[2] or 0))
        elif found[1] is not None:
            yield RtfWord(found[1].decode(), None if found[2] is None else int(found[2]))
        elif found[3] or found[6]:
            yield RtfWord("text", text=found[6] or bytes((int(found[3], 16),)))
        elif found[5]:
            yield RtfWord("open" if found[5] == b"{" else "close")
        elif found[4]:  # a line end behind a backslash ends the paragraph
            yield RtfWord("par" if found[4] in b"\r\n" else found[4].decode("latin-1"))


class TableReader:
    """Takes the words of the font table, the colour table, the styles and the title."""

    def __init__(self) -> None:
        self.tables = RtfTables()
        self._number = 0
        self._style = RtfStyle()
        self._parts: list[int | None] = [None, None, None]
        self._name = b""

    def take(self, table: str, word: RtfWord) -> None:
        """One word inside the named destination."""
        getattr(self, f"_take_{table}")(word)

    def _take_fonttbl(self, word: RtfWord) -> None:
        if word.name == "f":
            self._number = word.number or 0
        elif word.name == "fcharset" and word.number in _CHARSETS:
            self.tables.fonts[self._number] = _CHARSETS[word.number]

    def _take_colortbl(self, word: RtfWord) -> None:
        names = ("red", "green", "blue")
        if word.name in names:
            self._parts[names.index(word.name)] = min(255, max(0, word.number or 0))
        for _ in range(word.text.count(b";")):
            red, green, blue = self._parts
            is_stated = red is not None or green is not None or blue is not None
            self.tables.colours.append((red or 0, green or 0, blue or 0) if is_stated else None)
            self._parts = [None, None, None]

    def _take_stylesheet(self, word: RtfWord) -> None:
        if word.name in ("open", "close"):
            self._number, self._style, self._name = 0 if word.name == "open" else -1, RtfStyle(), b""
        elif word.name in ("cs", "ds", "ts"):
            self._number = -1  # of characters, sections or tables: no paragraph asks for them
        elif word.name == "s":
            self._number = word.number or 0
        elif word.name == "outlinelevel":
            self._style.outline = word.number
        elif word.name == "v":
            self._style.is_hidden = word.number != 0
        elif word.text:
            self._name += word.text
            if self._name.endswith(b";") and self._number >= 0:
                self._style.name = self._name[:-1].decode("latin-1").strip().lower()
                self.tables.styles[self._number] = self._style

    def _take_title(self, word: RtfWord) -> None:
        self.tables.title += word.text.decode(self.tables.encoding, errors="replace")
