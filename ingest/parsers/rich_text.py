"""RTF as a word processor shows it: no hidden, deleted or struck-out text, no field codes. Loaded by the registry."""

from collections.abc import Callable
from dataclasses import replace

from core.documents import Block, ParsedDocument
from ingest.parsers.clean_text import build_document, find_first_heading
from ingest.parsers.parser import FileUnreadable, RowMapping
from ingest.parsers.rich_text_blocks import RtfBlocks
from ingest.parsers.rich_text_looks import RtfRun, change_run, is_unseen
from ingest.parsers.rich_text_words import RtfWord, TableReader, split_words

_TABLES = ("fonttbl", "colortbl", "stylesheet", "title")
_LIST_MARKS = ("listtext", "pntext")
_SKIPPED_WORDS = (
    "annotation atnid author buptim category comment company creatim doccomm filetbl fldinst footer footerf footerl"
    " footerr footnote header headerf headerl headerr hlinkbase keywords listtext manager nonesttables nonshppict"
    " objdata operator pict pntext printim revtbl revtim rxe sp subject tc template xe"
)
_SKIPPED = frozenset(_SKIPPED_WORDS.split())
_READ_AFTER_STAR = ("shpinst",)  # holds the text of a box
_SIGNS = {
    "tab": "\t",
    "line": "\n",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "nestcell": "\t",
    "nestrow": "\n",
    "~": "\xa0",
    "_": "-",
    "\\": "\\",
}
_ESCAPED_BRACES = {"{": "{", "}": "}"}
_CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_MOST_DEPTH = 2_000


def parse_rich_text(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:  # noqa: ARG001 - the door's
    """One document; its title is the file's property, else the first heading."""
    reader = _RtfReader()
    blocks = reader.read(content)
    title = reader.title or find_first_heading(blocks)
    return (build_document(blocks, title=title, hidden=reader.hidden),)


class _RtfReader:
    """Follows the words of one file: groups, destinations, characters."""

    def __init__(self) -> None:
        self._head = TableReader()
        self._tables = self._head.tables
        self._blocks = RtfBlocks(self._tables)
        self._run, self._outer = RtfRun(), list[RtfRun]()
        self._bytes = bytearray()
        self._fallbacks_left = 0
        self._is_starred = False
        self._acts: dict[str, Callable[[RtfWord], None]] = {
            "open": self._open_group,
            "close": self._close_group,
            "text": self._add_bytes,
            "u": self._add_unicode,
            "ansicpg": self._set_encoding,
        }

    @property
    def title(self) -> str:
        """The file's own; may be empty."""
        return self._tables.title.strip()

    @property
    def hidden(self) -> int:
        """Characters that nobody could see."""
        return self._blocks.hidden.characters

    def read(self, content: bytes) -> list[Block]:
        """The blocks of the whole file."""
        for word in split_words(content):
            self._take(word)
        self._flush()
        return self._blocks.finish()

    def _take(self, word: RtfWord) -> None:
        act = self._acts.get(word.name)
        if act is not None:
            act(word)
        elif word.name == "*":
            self._is_starred = True
        else:
            self._take_control(word)

    def _take_control(self, word: RtfWord) -> None:
        self._flush()
        if self._fallbacks_left:  # a control word stands for one character, too
            self._fallbacks_left -= 1
            return
        starred, self._is_starred = self._is_starred, False
        if word.name in _LIST_MARKS and not self._run.is_skipped:
            self._blocks.mark_item()
        if self._run.is_skipped:
            return
        if (starred and word.name not in _READ_AFTER_STAR) or word.name in _SKIPPED:
            self._run = replace(self._run, is_skipped=True)
        elif word.name in _TABLES:
            self._run = replace(self._run, destination=word.name)
        elif self._run.destination:
            self._head.take(self._run.destination, word)
        else:
            self._take_visible(word)

    def _take_visible(self, word: RtfWord) -> None:
        sign = _SIGNS.get(word.name) or _ESCAPED_BRACES.get(word.name)
        if sign is not None:
            self._add_text(sign)
        elif word.name in _CODE_PAGES:
            self._tables.encoding = _CODE_PAGES[word.name]
        else:
            self._run = change_run(self._run, word)
            self._blocks.take(word)

    def _open_group(self, word: RtfWord) -> None:
        self._flush()
        self._fallbacks_left = 0
        if len(self._outer) >= _MOST_DEPTH:
            raise FileUnreadable(f"nests groups deeper than {_MOST_DEPTH}")
        self._outer.append(self._run)
        if self._run.destination:
            self._head.take(self._run.destination, word)

    def _close_group(self, word: RtfWord) -> None:
        self._flush()
        self._fallbacks_left, self._is_starred = 0, False
        if self._run.destination:
            self._head.take(self._run.destination, word)
        if self._outer:
            self._run = self._outer.pop()

    def _add_bytes(self, word: RtfWord) -> None:
        """Characters of the font's code page: a sign of two bytes may come as two words."""
        skipped = min(self._fallbacks_left, len(word.text))
        self._fallbacks_left -= skipped
        if self._run.destination and not self._run.is_skipped:
            self._head.take(self._run.destination, word)
        elif not self._run.is_skipped:
            self._bytes += word.text[skipped:]

    def _add_unicode(self, word: RtfWord) -> None:
        self._flush()
        if self._run.destination == "title":
            self._tables.title += chr((word.number or 0) % 0x10000)
        elif not self._run.destination and not self._run.is_skipped:
            self._add_text(chr((word.number or 0) % 0x10000))
        self._fallbacks_left = self._run.fallbacks

    def _set_encoding(self, word: RtfWord) -> None:
        self._tables.set_encoding(word.number or 0)

    def _flush(self) -> None:
        if self._bytes:
            encoding = self._tables.fonts.get(self._run.font, self._tables.encoding)
            self._add_text(self._bytes.decode(encoding, errors="replace"))
            self._bytes.clear()

    def _add_text(self, text: str) -> None:
        run = self._run
        if not (run.is_struck or run.is_deleted):
            unseen = is_unseen(run, self._tables, is_painted=self._blocks.is_painted)
            self._blocks.add_text(text, is_unseen=unseen)
