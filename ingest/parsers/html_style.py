"""What inline style makes of text: shown, or hidden by place, size or colour. Pure; used by html_hidden.py."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from ingest.parsers.colours import WHITE, Colour, is_clear, is_same, read_css

_CSS_COMMENT, _CSS_ESCAPE = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
_LENGTH = re.compile(r"(-?[\d.]+(?:e-?\d+)?)\s*(px|pt|em|rem|%|)", re.IGNORECASE)
_PIXELS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "rem": 16.0}
_FONT_SIZE = re.compile(r"(?:^|\s)([\d.]+(?:px|pt|em|rem|%)?)(?=\s*/|\s|$)", re.IGNORECASE)
_FAR_AWAY, _TINY, _DOT = -400.0, 2.0, 1.0  # pixels
_NOTHING_LEFT = re.compile(r"inset\(\s*(?:50|100)%|circle\(\s*0|rect\((?:[\s,]*[01](?:px)?){4}[\s,]*\)")
_SHRUNK = re.compile(r"scale[xy]?\(\s*0?\.?0*\s*[,)]|translate[xy]?\([^)]*-\d{3,}")
_NO_BACKGROUND = ("", "none", "transparent", "inherit", "initial", "unset")
_NO_COLOUR = re.compile(r"url\(|gradient|var\(|image", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Look:
    """What text inherits. `is_painted`: a class or picture may have painted what lies behind it."""

    colour: Colour | None = None
    behind: Colour = WHITE
    size: float = 16.0
    is_shown: bool = True
    is_painted: bool = False

    @property
    def hides_text(self) -> bool:
        """True when nobody can read text that looks like this."""
        is_lost = self.colour is not None and not self.is_painted and is_same(self.colour, self.behind)
        return not self.is_shown or self.size < _TINY or is_lost


PAGE_LOOK = Look()


def read_style(source: str) -> Mapping[str, str]:
    """Property -> value of an inline style, lower case; a later one of the same name holds."""
    plain = _CSS_ESCAPE.sub(lambda found: _read_escape(found[1]), _CSS_COMMENT.sub("", source))
    pairs = (part.partition(":") for part in plain.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value}


def is_hidden_box(style: Mapping[str, str]) -> bool:
    """True when the element and all inside it are not shown, whatever the parts inside say."""
    return (
        style.get("display") == "none"
        or _is_nothing(style.get("opacity"))
        or "opacity(0" in style.get("filter", "")
        or style.get("content-visibility") == "hidden"
        or _is_nothing(style.get("zoom"))
        or _SHRUNK.search(style.get("transform", "")) is not None
        or _NOTHING_LEFT.search(f"{style.get('clip', '')} {style.get('clip-path', '')}") is not None
        or _is_off_page(style)
        or _is_cut_to_nothing(style)
    )


def derive_look(look: Look, element: HtmlElement, style: Mapping[str, str]) -> Look:
    """The look of the element's own text, from that of its parent."""
    if element.tag not in ("html", "body") and (element.get("class") or element.get("id")):
        look = replace(look, is_painted=True)  # a style sheet that is not read may paint it
    look = _derive_background(look, style, str(element.get("bgcolor") or ""))
    look = _derive_colour(look, style, str(element.get("color") or ""))
    size = _find_size(style, look.size)
    return look if size is None else replace(look, size=size)


def _derive_background(look: Look, style: Mapping[str, str], attribute: str) -> Look:
    for value in (attribute, style.get("background", ""), style.get("background-color", "")):
        colour, opacity = _find_colour(value)
        if _NO_COLOUR.search(value):
            look = replace(look, is_painted=True)
        elif colour is not None and opacity == 1.0:
            look = replace(look, behind=colour, is_painted=False)
        elif not is_clear(opacity) and value not in _NO_BACKGROUND:
            look = replace(look, is_painted=True)
    return replace(look, is_painted=True) if "background-image" in style else look


def _derive_colour(look: Look, style: Mapping[str, str], attribute: str) -> Look:
    shown = {"visible": True, "hidden": False, "collapse": False}.get(style.get("visibility", ""))
    look = look if shown is None else replace(look, is_shown=shown)
    value = style.get("color") or attribute
    if not value:
        return look
    colour, opacity = read_css(value)
    # Text as a window on a picture behind it is written as clear text.
    if is_clear(opacity) and not any(name.endswith("background-clip") for name in style):
        return replace(look, is_shown=False)
    return replace(look, colour=colour)


def _find_colour(value: str) -> tuple[Colour | None, float]:
    """Of a `background`, which may say more than its colour."""
    words = re.findall(r"#[0-9a-f]+|(?:rgb|hsl)a?\([^()]*\)|[a-z]+", value.lower())
    found = (read_css(word) for word in words)
    return next(((colour, opacity) for colour, opacity in found if colour is not None), (None, 1.0))


def _find_size(style: Mapping[str, str], parent: float) -> float | None:
    """The type size in pixels, or None where the element does not say one that is known here."""
    short = _FONT_SIZE.search(style.get("font", ""))
    value = style.get("font-size") or (short[1] if short else "")
    return _read_pixels(value, parent)


def _read_pixels(value: str, parent: float = 16.0) -> float | None:
    found = _LENGTH.fullmatch(value.strip())
    if not found:
        return None
    try:
        number = float(found[1])
    except ValueError:
        return None
    unit = found[2].lower()
    return number * {"em": parent, "%": parent / 100}.get(unit, _PIXELS.get(unit, 1.0))


def _is_nothing(value: str | None) -> bool:
    found = _LENGTH.fullmatch(value.strip()) if value else None
    if not found:
        return False
    try:
        return is_clear(float(found[1]) / (100 if found[2] == "%" else 1))
    except ValueError:
        return False


def _is_off_page(style: Mapping[str, str]) -> bool:
    names = ["text-indent", "margin-left", "margin-top"]
    if style.get("position") in ("absolute", "fixed", "relative"):
        names += ["left", "right", "top", "bottom"]
    places = (_read_pixels(style.get(name, "")) for name in names)
    return any(place is not None and place <= _FAR_AWAY for place in places)


def _is_cut_to_nothing(style: Mapping[str, str]) -> bool:
    if not any(style.get(name) in ("hidden", "clip") for name in ("overflow", "overflow-x", "overflow-y")):
        return False
    names = ("width", "height", "max-width", "max-height", "line-height")
    sizes = (_read_pixels(style.get(name, "")) for name in names)
    return any(size is not None and 0 <= size <= _DOT for size in sizes)


def _read_escape(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if 0 < number <= 0x10FFFF else ""  # noqa: PLR2004 - the last code point
