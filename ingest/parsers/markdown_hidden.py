"""Raw HTML between the lines of Markdown hides what stands behind it until it closes. Used by markdown.py."""

import re
from dataclasses import dataclass, field

from lxml.html import fragment_fromstring

from ingest.parsers.hidden_text import HiddenText
from ingest.parsers.html_blocks import is_unseen
from ingest.parsers.html_hidden import is_hidden

_TAG = re.compile(
    r"""<!--.*?(?:-->|\Z)|<(/?)([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^<>"'])*)>""", re.DOTALL | re.IGNORECASE
)
# Elements without an inside, and those that the next block closes by itself.
_NEVER_OPEN_WORDS = "area base br col embed hr img input link meta source track wbr"
_NEVER_OPEN = frozenset(_NEVER_OPEN_WORDS.split())
_ENDS_WITH_BLOCK = frozenset(("p", "li", "dt", "dd", "td", "th", "tr", "option"))


@dataclass(slots=True)
class HidingTags:
    """Follows the tags of one text, in order; `hidden` counts what they hide."""

    hidden: HiddenText
    _tag: str = field(default="", init=False)
    _depth: int = field(default=0, init=False)
    _is_counted: bool = field(default=False, init=False)

    @property
    def is_hiding(self) -> bool:
        """True while the text that comes is not shown."""
        return self._depth > 0

    def enter(self, source: str) -> str:
        """Take in raw HTML; gives what is left of it from where text is shown again."""
        start = 0 if not self.is_hiding else len(source)
        for found in _TAG.finditer(source):
            was_hiding = self.is_hiding
            self._follow(found)
            if was_hiding and not self.is_hiding and start == len(source):
                start = found.end()
        if start:
            self.drop(re.sub(r"<[^<>]*>", " ", source[:start]))
        return source[start:]

    def end_block(self) -> None:
        """What the end of a block closes is shown from here."""
        if self._tag in _ENDS_WITH_BLOCK:
            self._depth = 0

    def drop(self, text: str) -> None:
        """Text that stands where nothing is shown."""
        if self._is_counted:
            self.hidden.add(text)

    def _follow(self, found: re.Match[str]) -> None:
        closing, name = found[1], (found[2] or "").lower()
        if not name or name in _NEVER_OPEN:
            return
        if self.is_hiding:
            self._depth += (-1 if closing else 1) if name == self._tag else 0
        elif not closing:
            self._open(name, found[3])

    def _open(self, name: str, attributes: str) -> None:
        # Built as a plain section: a table's parts do not stand alone.
        plain = fragment_fromstring(f"<div {attributes.rstrip('/ ')}></div>")
        is_made_unseen = is_hidden(plain)
        if is_made_unseen or is_unseen(fragment_fromstring(f"<{name}></{name}>", create_parent="div")[0]):
            self._tag, self._depth, self._is_counted = name, 1, is_made_unseen
