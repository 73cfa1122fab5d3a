"""Names many documents at once: `kind=battlecard,source=drive`. Pure; used by acts on documents in bulk."""

from collections.abc import Callable, Mapping
from datetime import date
from fnmatch import fnmatchcase

from core.errors import UsageError
from core.ledger import DocumentRow

Match = Callable[[DocumentRow, str, date], bool]
"""Does a document match the wanted value on this day?"""

_MATCHES: Mapping[str, Match] = {
    "source": lambda row, wanted, _: row.document.source == wanted,
    "path": lambda row, wanted, _: fnmatchcase(row.document.path, wanted),
    "kind": lambda row, wanted, _: row.document.facts.kind == wanted,
    "status": lambda row, wanted, _: row.document.facts.status == wanted,
    "brand": lambda row, wanted, _: (row.document.facts.brand or "") == wanted,
    "owner": lambda row, wanted, _: (row.document.owner or "").lower() == wanted.lower(),
    "classification": lambda row, wanted, _: row.document.classification == wanted,
    "access": lambda row, wanted, _: row.document.facts.access.describe() == wanted,
    "newer_draft": lambda row, wanted, _: row.document.newer_draft is _read_switch("newer_draft", wanted),
    "overdue": lambda row, wanted, on: row.document.is_overdue(on) is _read_switch("overdue", wanted),
}


def parse_filter(text: str) -> Callable[[DocumentRow, date], bool]:
    """A filter from `name=value` pairs joined by commas; all of them must hold. Raises UsageError."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    wanted = {name.strip(): value.strip() for name, _, value in pairs}
    unknown = [name for name in wanted if name not in _MATCHES]
    if unknown or not wanted or not all(sign for _, sign, _ in pairs):
        raise UsageError(
            f"--where {text!r} is not understood; allowed: NAME=VALUE, several joined by commas, "
            f"of {', '.join(_MATCHES)}"
        )

    def matches(row: DocumentRow, on: date) -> bool:
        return all(_MATCHES[name](row, value, on) for name, value in wanted.items())

    return matches


def _read_switch(name: str, value: str) -> bool:
    if value.lower() not in ("yes", "no"):
        raise UsageError(f"{name} {value!r} is not understood; allowed: yes, no")
    return value.lower() == "yes"
