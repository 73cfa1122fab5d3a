"""What the columns of a sheet may be mapped to when it is read row by row. Pure; used by sidecars, rules, parsers."""

from collections.abc import Mapping
from typing import Literal

from core.errors import UsageError
from core.metadata import FIELDS

RowRole = Literal["quote", "speaker", "company", "consent", "cta", "page"]
ROW_ROLES: tuple[RowRole, ...] = ("quote", "speaker", "company", "consent", "cta", "page")
"""Columns that are what a row says, beside the fields that say how it may be used."""
ROW_FIELDS: tuple[str, ...] = (*FIELDS, *ROW_ROLES)

ROW_NOTE = "note"
"""Key among a row's own metadata: one sentence for the report of a sync. Merging ignores it."""


def check_columns(columns: object) -> dict[str, str]:
    """Field or role -> column header, as typed; raises UsageError naming what is wrong."""
    if not isinstance(columns, Mapping) or not columns:
        raise UsageError(
            f"rows must map {', '.join(ROW_FIELDS)} to column headers, received {type(columns).__name__}"
        )
    unknown = sorted(str(name) for name in columns if name not in ROW_FIELDS)
    if unknown:
        raise UsageError(f"rows cannot map {', '.join(unknown)}; allowed: {', '.join(ROW_FIELDS)}")
    checked: dict[str, str] = {}
    for name, header in columns.items():
        if not isinstance(header, str | int) or isinstance(header, bool) or not str(header).strip():
            raise UsageError(f"rows: {name} needs the header of a column, in quotation marks")
        checked[str(name)] = str(header).strip()
    return checked
