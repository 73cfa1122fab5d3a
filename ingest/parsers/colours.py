"""Colours as files write them, and whether one can be told from another. Pure; used by every parser."""

import re

Colour = tuple[int, int, int]
"""Red, green, blue; 0 to 255 each."""

WHITE: Colour = (255, 255, 255)
_NAMED: dict[str, Colour] = {
    "white": WHITE,
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "whitesmoke": (245, 245, 245),
}
_SAME = 12  # of 255 in every channel: nobody reads one on the other
_CLEAR = 0.05
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")


def read_hex(value: str | None) -> Colour | None:
    """The colour of `RRGGBB`, or of `AARRGGBB` without its alpha; None for anything else (`auto`)."""
    digits = (value or "").lstrip("#")[-6:]
    if not re.fullmatch(r"[0-9a-fA-F]{6}", digits):
        return None
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def read_css(value: str) -> tuple[Colour | None, float]:
    """(colour, opacity from 0 to 1) of a CSS value; the colour is None where it is none of the forms known here."""
    word = value.strip().lower()
    if word == "transparent":
        return None, 0.0
    if re.fullmatch(r"#[0-9a-f]{3,4}", word):
        word = "#" + "".join(digit * 2 for digit in word[1:])
    if re.fullmatch(r"#(?:[0-9a-f]{6}|[0-9a-f]{8})", word):
        return read_hex(word[1:7]), int(word[7:] or "ff", 16) / 255
    function = _FUNCTION.fullmatch(word)
    return _read_function(function[1], function[2]) if function else (_NAMED.get(word), 1.0)


def is_same(colour: Colour, other: Colour) -> bool:
    """True when text of the one colour cannot be read on the other."""
    return all(abs(here - there) <= _SAME for here, there in zip(colour, other, strict=True))


def is_clear(opacity: float) -> bool:
    """True for what shines through as if it were not there."""
    return opacity <= _CLEAR


def _read_function(name: str, inside: str) -> tuple[Colour | None, float]:
    parts = [part for part in re.split(r"[\s,/]+", inside.strip()) if part]
    try:
        numbers = [float(part.rstrip("%")) / (100 if part.endswith("%") else 1) for part in parts]
    except ValueError:
        return None, 1.0
    opacity = numbers[3] if len(numbers) > 3 else 1.0  # noqa: PLR2004 - the fourth is the opacity
    if name == "hsl":
        # Only white and black are told by their lightness alone.
        light = numbers[2] if len(numbers) > 2 else 0.5  # noqa: PLR2004
        return (WHITE if light >= 1 else (0, 0, 0) if light <= 0 else None), opacity
    if len(numbers) < 3:  # noqa: PLR2004
        return None, opacity
    shares = [255 if part.endswith("%") else 1 for part in parts[:3]]
    red, green, blue = (round(number * share) for number, share in zip(numbers[:3], shares, strict=True))
    return (red, green, blue), opacity
