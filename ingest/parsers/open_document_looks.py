"""What the styles of an OpenDocument text make of it: headings, and text that nobody sees. Used by open_document.py."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lxml.etree import _Element as XmlElement

from ingest.parsers.colours import WHITE, Colour, is_same, read_hex
from ingest.parsers.safe_xml import get_name, get_value

_POINTS = re.compile(r"([\d.]+)(pt|px|in|cm|mm)")
_IN_POINTS = {"pt": 1.0, "px": 0.75, "in": 72.0, "cm": 28.35, "mm": 2.835}
_TINY_POINTS = 1.5
_MOST_PARENTS = 20
_PROPERTIES = (
    "text-properties",
    "paragraph-properties",
    "table-cell-properties",
    "section-properties",
    "graphic-properties",
)


@dataclass(frozen=True, slots=True)
class OdtLook:
    """How text looks; the inner style goes on from the outer one."""

    is_hidden: bool = False
    is_struck: bool = False
    colour: Colour | None = None
    behind: Colour | None = WHITE  # None: a picture or a gradient
    points: float = 12.0

    @property
    def is_unseen(self) -> bool:
        """True when nobody can read text that looks like this."""
        is_lost = self.colour is not None and self.behind is not None and is_same(self.colour, self.behind)
        return self.is_hidden or self.points < _TINY_POINTS or is_lost


class OdtStyles:
    """The styles of content.xml and styles.xml by name."""

    def __init__(self, roots: Iterable[XmlElement]) -> None:
        self._styles: dict[str, XmlElement] = {}
        for root in roots:
            for style in root.iter():
                if get_name(style) == "style":
                    self._styles[get_value(style, "name")] = style

    def find_name(self, name: str) -> str:
        """The name of the nearest style that a person named; those made by the program stand on one of these."""
        style = self._styles.get(name)
        if style is not None and re.fullmatch(r"[A-Z]{1,2}\d+", name):
            name = get_value(style, "parent-style-name") or name
        return name.replace("_20_", " ").lower()

    def change_look(self, look: OdtLook, name: str) -> OdtLook:
        """The look inside an element of that style."""
        for style in reversed(self._list_chain(name)):
            for properties in style:
                if get_name(properties) in _PROPERTIES:
                    look = _apply(
                        look,
                        {str(key).rpartition("}")[2]: str(value) for key, value in properties.attrib.items()},
                    )
        return look

    def _list_chain(self, name: str) -> list[XmlElement]:
        """The style and those it stands on, the nearest first."""
        chain: list[XmlElement] = []
        while name in self._styles and len(chain) < _MOST_PARENTS:
            chain.append(self._styles[name])
            name = get_value(self._styles[name], "parent-style-name")
        return chain


def _apply(look: OdtLook, properties: Mapping[str, str]) -> OdtLook:
    if properties.get("display") in ("none", "true"):
        look = replace(look, is_hidden=properties["display"] == "none")
    for name in ("text-line-through-style", "text-line-through-type"):
        if name in properties:
            look = replace(look, is_struck=properties[name] != "none")
    if properties.get("use-window-font-color") == "true":
        look = replace(look, colour=None)
    elif "color" in properties:
        look = replace(look, colour=read_hex(properties["color"]))
    points = _read_points(properties.get("font-size", ""))
    behind = _find_ground(properties, look.behind)
    return replace(look, behind=behind, points=look.points if points is None else points)


def _find_ground(properties: Mapping[str, str], outer: Colour | None) -> Colour | None:
    if properties.get("fill") in ("bitmap", "gradient", "hatch"):
        return None
    for name in ("fill-color", "background-color"):
        ground = read_hex(properties.get(name))
        if ground is not None:
            return ground
    return outer


def _read_points(value: str) -> float | None:
    found = _POINTS.fullmatch(value)
    return float(found[1]) * _IN_POINTS[found[2]] if found else None
