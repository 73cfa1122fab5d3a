"""What is wanted of reading pages from their picture, and what a curator should know of it. Used by pdf_ocr.py."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

OCR_PAGES, UNREAD_PAGES = "ocr_pages", "unread_pages"
"""Keys of a document's metadata: numbers of pages read from their picture, and of those that could not be."""

_SHOWN_PAGES = 8
_LANGUAGES = re.compile(r"[A-Za-z_/]{3,20}(?:\+[A-Za-z_/]{3,20}){0,9}")
SHARE = 2 / 3
"""Of the time for a file that may go into this."""


@dataclass(slots=True)
class Wish:
    """What holds for every file of this process. `seconds`: for all pages of one file."""

    languages: str = "eng"
    seconds: float = 40.0


WISH = Wish()


def set_ocr(languages: str, *, seconds: float) -> None:
    """Tesseract's names joined by `+`; empty: no page is read from its picture. `seconds`: for one file."""
    WISH.languages = languages if _LANGUAGES.fullmatch(languages) else ""
    WISH.seconds = seconds


def describe_ocr(metadata: Mapping[str, object]) -> tuple[str, ...]:
    """Sentences for a curator about a document's pages that were read from their picture, or not at all."""
    said = {
        OCR_PAGES: "{} read from the picture by OCR, which may err: look at the file before you approve what it says",
        UNREAD_PAGES: "{} not read: they are pictures, and reading the file took too long; split it",
    }
    return tuple(
        text.format(_list_pages(pages)) for key, text in said.items() if (pages := metadata.get(key))
    )


def _list_pages(pages: object) -> str:
    numbers = [str(page) for page in pages] if isinstance(pages, list | tuple) else [str(pages)]
    shown = ", ".join(numbers[:_SHOWN_PAGES]) + (" …" if len(numbers) > _SHOWN_PAGES else "")
    return f"{'page' if len(numbers) == 1 else 'pages'} {shown} {'was' if len(numbers) == 1 else 'were'}"
