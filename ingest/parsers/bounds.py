"""How many pages a file may have. Asked by the parsers, set by the process that parses."""

from ingest.parsers.parser import FileUnreadable

_bounds = {"pages": 2_000}


def set_most_pages(count: int) -> None:
    """Holds for the whole process from now on."""
    _bounds["pages"] = count


def check_pages(count: int, *, unit: str = "pages") -> None:
    """Raises FileUnreadable when a file has more of them than may be read."""
    most = _bounds["pages"]
    if count > most:
        raise FileUnreadable(f"has {count:,} {unit}; the limit is {most:,} (ONBRAND_PARSE_PAGES)")
