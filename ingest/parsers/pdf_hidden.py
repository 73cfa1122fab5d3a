"""Which glyphs of a PDF page print nothing that can be read. Used by pdf.py."""

import ctypes
from collections.abc import Callable

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from ingest.parsers.colours import is_clear

_TINY = 2.0  # points
_LIGHT = 235  # of 255 in every channel: whether it can be read depends on what lies behind it
_CONTRAST = 12  # of 255
_UNPAINTED = (3, 7)  # render modes: invisible, and only a mask for a picture
_SCALE, _MOST_PIXELS = 2.0, 2_000.0
_SCAN = 0.5  # of the page


class GlyphLooks:
    """Judges the glyphs of one page. Their text object settles most; a doubtful one costs a picture of the page."""

    def __init__(self, page: pdfium.PdfPage, text_page: object, find_size: Callable[[int], float]) -> None:
        self._page, self._text_page, self._find_size = page, text_page, find_size
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._channels = [ctypes.c_uint() for _ in range(4)]
        self._objects: dict[int | None, tuple[bool, bool]] = {}
        self._picture: NDArray[np.uint8] | None = None
        self._was_unseen = False

    def is_unseen(self, index: int, char: str, place: tuple[float, float, float]) -> bool:
        """`place` is (left, right, baseline) in points."""
        left, right, base = place
        if right < self._left or left > self._right or base < self._bottom or base > self._top:
            return True
        is_lost, is_doubtful = self._judge_object(index)
        # A full stop leaves too little ink to be judged: it goes with the letter before it.
        if is_doubtful and char.isalnum():
            self._was_unseen = not self._has_contrast(index)
        return is_lost or (is_doubtful and self._was_unseen)

    def _judge_object(self, index: int) -> tuple[bool, bool]:
        """(nobody can read it, it depends on what lies behind it) of the text object that a glyph is of."""
        found = pdfium_c.FPDFText_GetTextObject(self._text_page, index)
        key = ctypes.cast(found, ctypes.c_void_p).value
        if key not in self._objects:
            self._objects[key] = self._judge_glyph(index, found) if key else (False, False)
        return self._objects[key]

    def _judge_glyph(self, index: int, found: object) -> tuple[bool, bool]:
        if pdfium_c.FPDFTextObj_GetTextRenderMode(found) in _UNPAINTED:
            # What a scanner has read lies unpainted over its picture.
            return (False, True) if self._is_scan() else (True, False)
        if not pdfium_c.FPDFText_GetFillColor(self._text_page, index, *self._channels):
            return self._find_size(index) < _TINY, False
        *colour, opacity = (channel.value for channel in self._channels)
        is_lost = is_clear(opacity / 255) or self._find_size(index) < _TINY
        return is_lost, min(colour) >= _LIGHT

    def _is_scan(self) -> bool:
        area = (self._right - self._left) * (self._top - self._bottom)
        boxes = (one.get_bounds() for one in self._page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE]))
        return any((right - left) * (top - bottom) >= _SCAN * area for left, bottom, right, top in boxes)

    def _has_contrast(self, index: int) -> bool:
        """True when the page, painted, is not all of one colour where the glyph stands."""
        picture = self._paint()
        rows, columns = self._find_pixels(index, picture.shape)
        spot = picture[rows, columns]
        if spot.size == 0:
            return False
        return bool((spot.max(axis=(0, 1)).astype(int) - spot.min(axis=(0, 1))).max() > _CONTRAST)

    def _find_pixels(self, index: int, shape: tuple[int, ...]) -> tuple[slice, slice]:
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        pdfium_c.FPDFText_GetCharBox(self._text_page, index, left, right, bottom, top)
        corners = [
            self._place_pixel(left.value, top.value, shape),
            self._place_pixel(right.value, bottom.value, shape),
        ]
        across, down = zip(*corners, strict=True)
        return (
            slice(max(0, min(down) - 1), max(down) + 2),
            slice(max(0, min(across) - 1), max(across) + 2),
        )

    def _place_pixel(self, x: float, y: float, shape: tuple[int, ...]) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDF_PageToDevice(self._page.raw, 0, 0, shape[1], shape[0], 0, x, y, across, down)
        return across.value, down.value

    def _paint(self) -> NDArray[np.uint8]:
        if self._picture is None:
            scale = min(_SCALE, _MOST_PIXELS / max(*self._page.get_size(), 1.0))
            self._picture = self._page.render(scale=scale, may_draw_forms=False).to_numpy()
        return self._picture
