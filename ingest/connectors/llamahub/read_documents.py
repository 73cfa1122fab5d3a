"""Imports a LlamaIndex reader, makes one and lets it load. Whatever it does wrong ends as SourceUnreadable.

Used by connector.py. A reader's own words are never repeated: they may hold its credentials.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from uuid import UUID

from core.errors import UsageError
from ingest.connectors.connector import SourceUnreadable
from ingest.connectors.llamahub.build_files import ReadDocument

_SHAPE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
_RANDOM = 4


@dataclass(frozen=True, slots=True)
class ReaderCall:
    """Which reader (`package.module:ClassName`), made with which arguments, asked to load with which."""

    reader: str
    arguments: Mapping[str, Any] = field(repr=False)
    load: Mapping[str, Any] = field(repr=False)

    def __post_init__(self) -> None:
        if not _SHAPE.fullmatch(self.reader):
            raise UsageError(
                f"received the reader {self.reader!r}; allowed: package.module:ClassName, "
                "for example llama_index.readers.wikipedia:WikipediaReader"
            )


def open_reader(call: ReaderCall) -> Any:
    """A reader, made but not asked yet."""
    made = _find_class(call.reader)
    try:
        return made(**call.arguments)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - others' code may raise anything
        given = ", ".join(sorted(call.arguments)) or "none"
        raise SourceUnreadable(
            f"the reader {call.reader} could not be made: {type(error).__name__} (its text may hold a secret and is "
            f"not shown); it was given the arguments: {given}. Compare them with the reader's own description"
        ) from None


def load_documents(call: ReaderCall) -> tuple[ReadDocument, ...]:
    """All that the reader gives, in its order."""
    reader = open_reader(call)
    try:
        loaded = list(reader.load_data(**call.load))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - others' code may raise anything
        given = ", ".join(sorted(call.load)) or "none"
        raise SourceUnreadable(
            f"the reader {call.reader} failed while it loaded: {type(error).__name__} (its text may hold a secret and "
            f"is not shown); load arguments: {given}. Nothing was changed; run it by hand to see more"
        ) from None
    return tuple(_take_documents(call, loaded))


def _find_class(reader: str) -> Any:
    place, _, name = reader.partition(":")
    try:
        found = getattr(import_module(place), name, None)
    except ModuleNotFoundError as error:
        raise SourceUnreadable(
            f"the reader {reader} needs the module {error.name!r}, which is not installed; install its package "
            "beside onbrand, then sync again"
        ) from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - others' code may raise anything
        raise SourceUnreadable(f"{place!r} cannot be imported: {type(error).__name__}") from None
    # LlamaIndex costs two seconds and 90 MB, which only a source of this type pays.
    from llama_index.core.readers.base import BaseReader

    if not (isinstance(found, type) and issubclass(found, BaseReader)):
        raise SourceUnreadable(
            f"{name!r} in {place!r} is no LlamaIndex reader (a class under BaseReader); check the name"
        )
    return found


def _take_documents(call: ReaderCall, loaded: Sequence[object]) -> Iterator[ReadDocument]:
    from llama_index.core.schema import Document

    for one in loaded:
        if not isinstance(one, Document):
            raise SourceUnreadable(
                f"the reader {call.reader} gave a {type(one).__name__}; allowed: Documents of LlamaIndex"
            )
        yield ReadDocument(_find_stable_id(one), one.text, one.metadata)


def _find_stable_id(document: Any) -> str:
    """The document's id where it will be the same next time, else "".

    LlamaIndex draws a random id when the reader gives none, and some readers draw one themselves. A random one that the
    metadata repeat is the source's own (Notion's pages have such).
    """
    found = str(document.id_ or "")
    if "id_" not in document.model_fields_set:
        return ""
    try:
        is_random = UUID(found).version == _RANDOM
    except ValueError:
        is_random = False
    return "" if is_random and found not in map(str, document.metadata.values()) else found
