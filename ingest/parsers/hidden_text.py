"""How much of a file a reader could not have seen: counted by every parser, for a curator to look at."""

import html
import re
from dataclasses import dataclass

from ingest.parsers.clean_text import INVISIBLE, clean_line

# A flag emoji or a family of emoji holds seven at most; a longer run spells something that nobody sees.
_SPELLED = re.compile(f"(?:{INVISIBLE.pattern}){{8,}}")
_COMMENT = re.compile(r"<!--(?!\s*\[if)(.*?)(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_COMMENT_WORDS = 8  # fewer are a mark of the program that wrote the file


@dataclass(slots=True)
class HiddenText:
    """Counts, while a file is read, the characters that were left out because no reader could see them."""

    characters: int = 0

    def add(self, text: str) -> None:
        """Text that was left out whole; blanks count once, invisible characters inside it not again."""
        self.characters += len(clean_line(text))

    def add_invisible(self, text: str) -> None:
        """Text that stays: of it only long runs of invisible characters count."""
        self.characters += count_invisible(text)


def count_invisible(text: str) -> int:
    """Characters in runs of invisible ones so long that they spell something; a soft hyphen or a mark counts 0."""
    return sum(len(run[0]) for run in _SPELLED.finditer(text))


def count_in_source(source: str) -> int:
    """The same for the source of HTML or Markdown: also written as entities, and comments that say something."""
    comments = (clean_line(found[1]) for found in _COMMENT.finditer(source))
    said = sum(len(text) for text in comments if len(_WORD.findall(text)) >= _COMMENT_WORDS)
    return said + count_invisible(html.unescape(source))
