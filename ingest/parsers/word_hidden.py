"""Which runs of a Word document nobody sees: hidden, a dot in size, or in the colour behind them. Used by word.py."""

from collections.abc import Iterable, Iterator

from docx.document import Document as WordFile
from docx.oxml.ns import qn
from lxml.etree import _Element as XmlElement

from ingest.parsers.colours import WHITE, Colour, is_same, read_hex

_TINY = 4  # half points
_MOST_STYLES = 10
_PLAIN_TABLES = ("TableGrid", "TableNormal")
_NO_FILL = "{http://schemas.openxmlformats.org/drawingml/2006/main}noFill"


class RunLooks:
    """Knows the file's styles. Styles are followed to those that they are based on."""

    def __init__(self, file: WordFile) -> None:
        self._styles: dict[str, XmlElement] = {style.style_id: style.element for style in file.styles}
        page = file.element.find(qn("w:background"))
        self._page = WHITE if page is None else read_hex(page.get(qn("w:color"))) or WHITE

    def is_hidden_style(self, style_id: str | None) -> bool:
        """True for a style whose text is hidden."""
        return style_id in self._styles and is_on(self._styles[style_id], "w:vanish")

    def is_unseen(self, run: XmlElement) -> bool:
        """True for a run that is printed nowhere, or that nobody can read where it is printed."""
        if is_on(run, "w:vanish") or self.is_hidden_style(get_value(run, "w:rPr/w:rStyle")):
            return True
        return self._is_tiny(run) or self._is_lost(run)

    def _is_tiny(self, run: XmlElement) -> bool:
        size = self._find_first(run, "w:rPr/w:sz")
        return size is not None and size.isdigit() and int(size) < _TINY

    def _is_lost(self, run: XmlElement) -> bool:
        """Only an explicit colour counts: `auto` turns round on a dark ground."""
        colour = read_hex(self._find_first(run, "w:rPr/w:color"))
        if colour is None or run.find(f"{qn('w:rPr')}/{qn('w:highlight')}") is not None:
            return False
        behind = self._find_behind(run)
        return behind is not None and is_same(colour, behind)

    def _find_behind(self, run: XmlElement) -> Colour | None:
        """The colour behind a run, or None where it cannot be known: a shape, or a table with a style of its own."""
        for element in (run, *run.iterancestors(qn("w:p"), qn("w:tc"), qn("w:tbl"), qn("w:txbxContent"))):
            fill = self._find_fill(element)
            if fill is not None:
                return fill
            if element.tag == qn("w:tbl") and not _is_plain_table(element):
                return None
            if element.tag == qn("w:txbxContent") and not _has_no_fill(element):
                return None
        return self._page

    def _find_fill(self, element: XmlElement) -> Colour | None:
        for part in ("rPr", "pPr", "tcPr", "tblPr"):
            shade = element.find(f"{qn(f'w:{part}')}/{qn('w:shd')}")
            if shade is not None:
                return read_hex(shade.get(qn("w:fill")))
        style_ids = (get_value(element, "w:rPr/w:rStyle"), get_value(element, "w:pPr/w:pStyle"))
        for style in self._follow_styles(style_ids):
            for part in ("rPr", "pPr"):
                shade = style.find(f"{qn(f'w:{part}')}/{qn('w:shd')}")
                if shade is not None:
                    return read_hex(shade.get(qn("w:fill")))
        return None

    def _find_first(self, run: XmlElement, path: str) -> str | None:
        """The value of a run's property: its own, else that of its styles."""
        own = get_value(run, path)
        if own is not None:
            return own
        paragraph = next(run.iterancestors(qn("w:p")), None)
        of_paragraph = None if paragraph is None else get_value(paragraph, "w:pPr/w:pStyle")
        styles = self._follow_styles((get_value(run, "w:rPr/w:rStyle"), of_paragraph))
        return next((value for style in styles if (value := get_value(style, path)) is not None), None)

    def _follow_styles(self, style_ids: Iterable[str | None]) -> Iterator[XmlElement]:
        for style_id in style_ids:
            style = self._styles.get(style_id or "")
            for _ in range(_MOST_STYLES):
                if style is None:
                    break
                yield style
                style = self._styles.get(get_value(style, "w:basedOn") or "")


def get_value(element: XmlElement, path: str) -> str | None:
    """The `w:val` of the first element at a path such as `w:pPr/w:pStyle`."""
    found = element.find("/".join(qn(step) for step in path.split("/")))
    return None if found is None else found.get(qn("w:val"))


def is_on(element: XmlElement, name: str) -> bool:
    """True for `<w:rPr><w:NAME/>`; the attribute val can switch it off again."""
    found = element.find(f"{qn('w:rPr')}/{qn(name)}")
    return found is not None and found.get(qn("w:val"), "1") not in ("0", "false", "off")


def _is_plain_table(table: XmlElement) -> bool:
    style = get_value(table, "w:tblPr/w:tblStyle")
    return style is None or style in _PLAIN_TABLES


def _has_no_fill(box: XmlElement) -> bool:
    shape = next((one for one in box.iterancestors() if str(one.tag).endswith("}wsp")), None)
    return shape is not None and shape.find(f"*/{_NO_FILL}") is not None
