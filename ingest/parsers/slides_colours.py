"""Colours of a slide: its background, and those that its theme only names. Used by slides_hidden.py."""

from collections.abc import Mapping

from lxml import etree
from lxml.etree import _Element as XmlElement
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.slide import Slide

from ingest.parsers.colours import Colour, read_hex

FILLS = ("solidFill", "gradFill", "blipFill", "pattFill", "grpFill")
_SOLID_BACKGROUND = "1001"  # the first of a theme's background fills, by convention the plain one
_WHOLE = 100_000
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


class SlideColours:
    """Resolves the colours of one slide. `background` is None where it is no single, known colour."""

    def __init__(self, slide: Slide) -> None:
        self._scheme = _read_scheme(slide)
        self.background = self._find_background(slide)

    def read_fill(self, look: XmlElement) -> tuple[Colour | None, float]:
        """(colour, opacity) of the solid fill inside properties; the colour is None where it is not a known one."""
        fill = look.find(qn("a:solidFill"))
        value = None if fill is None or len(fill) == 0 else fill[0]
        return (None, 1.0) if value is None else self._read_colour(value)

    def _read_colour(self, value: XmlElement) -> tuple[Colour | None, float]:
        alpha = value.find(qn("a:alpha"))
        opacity = 1.0 if alpha is None else int(alpha.get("val") or _WHOLE) / _WHOLE
        if len(value) > (alpha is not None):  # lighter, darker, tinted: no longer the colour that is named
            return None, opacity
        if value.tag == qn("a:schemeClr"):
            return self._scheme.get(value.get("val") or ""), opacity
        return read_hex(value.get("lastClr") or value.get("val")), opacity

    def _find_background(self, slide: Slide) -> Colour | None:
        layout = slide.slide_layout
        for part in (slide, layout, layout.slide_master):
            said = part._element.find(f"{qn('p:cSld')}/{qn('p:bg')}")  # noqa: SLF001
            if said is None:
                continue
            properties, named = said.find(qn("p:bgPr")), said.find(qn("p:bgRef"))
            if properties is not None:
                return self.read_fill(properties)[0]
            is_plain = named is not None and named.get("idx") == _SOLID_BACKGROUND and len(named) > 0
            return self._read_colour(named[0])[0] if named is not None and is_plain else None
        return None


def _read_scheme(slide: Slide) -> Mapping[str, Colour]:
    """Theme name -> colour, also by the names that a slide uses; empty where a slide turns the names round."""
    if next(slide._element.iter(qn("a:overrideClrMapping")), None) is not None:  # noqa: SLF001
        return {}
    master = slide.slide_layout.slide_master
    try:
        theme = etree.fromstring(master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob, _PARSER)
    except KeyError:
        return {}
    scheme: dict[str, Colour] = {}
    for named in theme.iterfind(f".//{qn('a:clrScheme')}/*"):
        colour = read_hex(named[0].get("lastClr") or named[0].get("val")) if len(named) else None
        if colour is not None:
            scheme[etree.QName(named).localname] = colour
    mapping = master._element.find(qn("p:clrMap"))  # noqa: SLF001
    pairs = mapping.attrib.items() if mapping is not None else ()
    return scheme | {str(name): scheme[str(to)] for name, to in pairs if to in scheme}
