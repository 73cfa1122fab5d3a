"""A heading inside a raw `<div>` ends with it: says under which heading the text after the div stands. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from core.documents import Block

_DIV = re.compile(r"<(/?)div\b", re.IGNORECASE)


@dataclass(slots=True)
class DivHeadings:
    """Follows headings and divs of one Markdown document, in order."""

    _path: list[Block] = field(default_factory=list)
    _outer: list[list[Block]] = field(default_factory=list)
    _back_to: Block | None = None

    def enter_html(self, source: str) -> None:
        """Take in the divs that a raw HTML block opens and closes."""
        for found in _DIV.finditer(source):
            if not found[1]:
                self._outer.append(list(self._path))
            elif self._outer:
                before = self._outer.pop()
                if before and before != self._path:
                    self._back_to = before[-1]
                self._path = before or self._path

    def place(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The blocks, with the outer heading said again before the first text that returns to it."""
        for block in blocks:
            if block.kind == "heading":
                self._back_to = None
                self._path = [one for one in self._path if one.level < block.level] + [block]
            elif self._back_to is not None:
                yield self._back_to
                self._back_to = None
            yield block
