"""Who takes part in the comparison of parsers: one entry a contestant. Read by structure.py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.documents import Block
from ingest.parsers.registry import READABLE_SUFFIXES, parse_file


@dataclass(frozen=True, slots=True)
class Candidate:
    """A parser under comparison. `parse` takes a file's name and bytes and may raise anything: then it has failed.

    Its blocks say what ours say: kind, text, level, and the page or slide where the format has one.
    """

    name: str
    suffixes: frozenset[str]
    parse: Callable[[str, bytes], Sequence[Block]]


def parse_with_ours(name: str, content: bytes) -> Sequence[Block]:
    """All blocks of the file as the product reads it."""
    return [block for document in parse_file(name, content) for block in document.blocks]


CANDIDATES: list[Candidate] = [
    Candidate("ours", READABLE_SUFFIXES, parse_with_ours),
]
