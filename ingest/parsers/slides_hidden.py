"""What nobody sees on a slide: beside it, switched off, tiny, or in the colour behind it. Used by slides.py."""

from lxml.etree import _Element as XmlElement
from pptx.oxml.ns import qn
from pptx.shapes.base import BaseShape
from pptx.slide import Slide

from ingest.parsers.colours import Colour, is_clear, is_same
from ingest.parsers.hidden_text import HiddenText
from ingest.parsers.slides_colours import FILLS, SlideColours

_TINY = 200  # hundredths of a point


def drop_unseen(slide: Slide, *, width: int, height: int) -> int:
    """Take out of the slide what is not shown on it (sizes in EMU); gives the number of characters of its text."""
    hidden = HiddenText()
    colours = SlideColours(slide)
    for shape in list(slide.shapes):
        if _is_switched_off(shape) or _is_beside(shape, width, height):
            hidden.add(read_whole(shape._element))  # noqa: SLF001 - python-pptx has no public word for XML
            _remove(shape._element)  # noqa: SLF001
    for shape in slide.shapes:
        for run in list(shape._element.iter(qn("a:r"), qn("a:fld"))):  # noqa: SLF001
            text = run.findtext(qn("a:t")) or ""
            if text.strip() and _is_unseen(run, shape, slide, colours):
                hidden.add(text)
                _remove(run)
            else:
                hidden.add_invisible(text)
    return hidden.characters


def read_whole(element: XmlElement) -> str:
    """All text inside, whatever it looks like."""
    return " ".join(one.text or "" for one in element.iter(qn("a:t")))


def _remove(element: XmlElement) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _is_switched_off(shape: BaseShape) -> bool:
    named = next(shape._element.iter(qn("p:cNvPr")), None)  # noqa: SLF001
    return named is not None and named.get("hidden") in ("1", "true")


def _is_beside(shape: BaseShape, width: int, height: int) -> bool:
    box = _find_box(shape)
    if box is None:
        return False
    left, top, right, bottom = box
    return left >= width or top >= height or (left < 0 and right <= 0) or (top < 0 and bottom <= 0)


def _is_unseen(run: XmlElement, shape: BaseShape, slide: Slide, colours: SlideColours) -> bool:
    look = run.find(qn("a:rPr"))
    if look is None or look.find(qn("a:highlight")) is not None:
        return False
    size = look.get("sz") or ""
    if size.isdigit() and int(size) < _TINY:
        return True
    if look.find(qn("a:noFill")) is not None:
        return look.find(qn("a:ln")) is None
    colour, opacity = colours.read_fill(look)
    if is_clear(opacity):
        return True
    behind = _find_behind(run, shape, slide, colours) if colour is not None else None
    return colour is not None and behind is not None and is_same(colour, behind)


def _find_behind(run: XmlElement, shape: BaseShape, slide: Slide, colours: SlideColours) -> Colour | None:
    """The colour behind a run, or None where it cannot be told."""
    for parent in run.iterancestors(qn("a:tc"), qn("p:sp")):
        look = parent.find(qn("a:tcPr" if parent.tag == qn("a:tc") else "p:spPr"))
        if look is not None and _is_filled(look):
            colour, opacity = colours.read_fill(look)
            return colour if opacity == 1.0 else None
        # A table's own style, or a shape's, paints without saying how.
        if parent.tag == qn("a:tc") or parent.find(qn("p:style")) is not None:
            return None
    return None if _is_over_something(shape, slide) else colours.background


def _is_over_something(shape: BaseShape, slide: Slide) -> bool:
    box = _find_box(shape)
    if box is None:
        return True
    layout = slide.slide_layout
    under = [one for shapes in (layout.slide_master.shapes, layout.shapes) for one in shapes]
    painted = [one for one in under if not one.is_placeholder]
    for one in slide.shapes:
        if one.shape_id == shape.shape_id:
            break
        painted.append(one)
    return any(_meets(box, _find_box(one)) for one in painted if _is_painted(one))


def _is_painted(shape: BaseShape) -> bool:
    """False for what is only text: a frame without a fill and without a style."""
    if shape._element.tag != qn("p:sp"):  # noqa: SLF001
        return True
    look = shape._element.find(qn("p:spPr"))  # noqa: SLF001
    is_filled = look is not None and _is_filled(look)
    return is_filled or shape._element.find(qn("p:style")) is not None  # noqa: SLF001


def _is_filled(look: XmlElement) -> bool:
    return any(look.find(qn(f"a:{fill}")) is not None for fill in FILLS)


def _find_box(shape: BaseShape) -> tuple[int, int, int, int] | None:
    """(left, top, right, bottom) in EMU; None where the shape does not say."""
    # Whatever python-pptx promises, a placeholder whose layout is damaged has none.
    sizes: list[int | None] = [shape.left, shape.top, shape.width, shape.height]
    left, top, width, height = (-1 if size is None else int(size) for size in sizes)
    return None if None in sizes else (left, top, left + width, top + height)


def _meets(box: tuple[int, int, int, int], other: tuple[int, int, int, int] | None) -> bool:
    if other is None:
        return True
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
