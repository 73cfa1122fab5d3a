"""The door to file formats: bytes in, blocks out. Each module of this folder implements it for one family."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from core.documents import ParsedDocument
from core.errors import PermanentError


class FileUnreadable(PermanentError):
    """The file's bytes are not what its name says, are damaged, encrypted, or hold no text."""


class FileSaysNothing(FileUnreadable):
    """The file is whole and of its kind, but keeps no words: a picture. It is skipped by name and does not fail."""


@dataclass(frozen=True, slots=True)
class RowMapping:
    """How a sheet is read row by row: metadata field -> column header. Empty: the sheet is one document."""

    columns: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.columns)


class Parser(Protocol):
    """Parses one file. Raises FileUnreadable with a reason that names what is wrong, never the path."""

    def __call__(self, content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:
        """One document; several when `rows` maps the columns of a sheet (each with a `part`)."""
