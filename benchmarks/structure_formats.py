"""What is kept of a guide written in each format without sample files. Run by `python -m benchmarks formats`."""

from collections import Counter
from collections.abc import Callable, Sequence
from time import perf_counter

from benchmarks.figures import Figure, Options
from benchmarks.structure_candidates import CANDIDATES, Candidate
from benchmarks.structure_files import (
    HIDDEN,
    build_guide,
    write_eml,
    write_epub,
    write_msg,
    write_odt,
    write_org,
    write_rst,
    write_rtf,
    write_tsv,
)
from benchmarks.structure_others import list_others
from core.documents import Block

_WRITERS: dict[str, Callable[[Sequence[Block]], bytes]] = {
    "eml": write_eml,
    "epub": write_epub,
    "msg": write_msg,
    "odt": write_odt,
    "org": write_org,
    "rst": write_rst,
    "rtf": write_rtf,
    "tsv": write_tsv,
}
_COLUMNS = ("format", "parser", "headings", "list items", "table rows", "prose", "hidden text", "ms a file")
_WIDTHS = (8, 22, 10, 12, 12, 9, 13, 10)
_ROUNDS = 5
_BY_UNSTRUCTURED = ("msg", "org", "rst")


def measure_formats(options: Options) -> list[Figure]:  # noqa: ARG001 - the parts share one signature
    """One line a format and parser. A heading and an item count with their depth, a row with its headers."""
    lines = (
        (
            suffix,
            _name(candidate, suffix),
            *_measure(candidate, suffix, write(_choose(suffix)), _choose(suffix)),
        )
        for suffix, write in _WRITERS.items()
        for candidate in (*CANDIDATES, *list_others())
        if f".{suffix}" in candidate.suffixes
    )
    return [Figure(_render(line), "") for line in (_COLUMNS, *lines)]


def _name(candidate: Candidate, suffix: str) -> str:
    is_carried = candidate is CANDIDATES[0] and suffix in _BY_UNSTRUCTURED
    return "ours, by unstructured" if is_carried else candidate.name


def _choose(suffix: str) -> tuple[Block, ...]:
    guide = build_guide()
    return tuple(block for block in guide if block.kind == "table_row") if suffix == "tsv" else guide


def _measure(candidate: Candidate, suffix: str, content: bytes, guide: Sequence[Block]) -> tuple[str, ...]:
    try:
        blocks = candidate.parse(f"guide.{suffix}", content)
    except Exception as error:  # noqa: BLE001 - whatever a contestant raises, it has failed on this file
        return (f"failed: {type(error).__name__}", "", "", "", "", "")
    times = []
    for _ in range(_ROUNDS):
        started = perf_counter()
        candidate.parse(f"guide.{suffix}", content)
        times.append(perf_counter() - started)
    kept = (_count(guide, blocks, kind) for kind in ("heading", "list_item", "table_row"))
    said = " ".join(block.text for block in blocks)
    prose = [block.text for block in guide if block.kind == "paragraph"]
    told = f"{sum(text in said for text in prose)}/{len(prose)}" if prose else "–"
    hidden = "READ" if HIDDEN in said else "left out"
    return (*kept, told, hidden, f"{min(times) * 1000:.0f}")


def _count(guide: Sequence[Block], blocks: Sequence[Block], kind: str) -> str:
    wanted = Counter((one.text, one.level) for one in guide if one.kind == kind)
    found = Counter((one.text, one.level) for one in blocks if one.kind == kind)
    return f"{(wanted & found).total()}/{wanted.total()}" if wanted else "–"


def _render(cells: Sequence[str]) -> str:
    return " ".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()
