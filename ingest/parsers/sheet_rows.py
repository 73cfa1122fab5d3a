"""Rows of a sheet as documents of their own: what a row says, how it may be used, by what it is known again.

Called by sheets.py where columns are mapped.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from core.documents import Block, ParsedDocument
from core.table_rows import ROW_NOTE, RowRole
from ingest.parsers.clean_text import build_block, clean_line, join_cells
from ingest.parsers.consent import Consent, read_consent
from ingest.parsers.parser import FileUnreadable, RowMapping
from ingest.parsers.sheet_table import CellText, Row, Sheet, build_row, fold_header

_TITLE_LENGTH, _SLUG_LENGTH = 120, 60
_BOOKKEEPING = ("status", "owner", "access", "classification", "kind", "brand", "url")
# The names by which quotations and lists of calls to action are known, whatever the sheet calls its columns.
_HEADERS: Mapping[RowRole, str] = {
    "cta": "CTA",
    "quote": "Quote",
    "speaker": "Speaker",
    "company": "Company",
    "page": "Page",
    "consent": "Consent",
}
_WITHOUT_CONSENT = "without-consent"


@dataclass(frozen=True, slots=True)
class _MappedSheet:
    """A sheet, and where the mapped fields stand in it."""

    sheet: Sheet
    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _RowReading:
    """One row under its columns. `roles` hold what it says, to the letter; `metadata` how it may be used."""

    roles: Mapping[str, str]
    metadata: Mapping[str, object]
    consent: Consent

    @property
    def key(self) -> str:
        """What makes this row itself: two rows with the same words are one thing. Empty without mapped words."""
        return self.roles.get("quote") or "\n".join(
            self.roles[name] for name in ("cta", "page") if name in self.roles
        )


def list_row_documents(sheets: Sequence[Sheet], rows: RowMapping) -> tuple[ParsedDocument, ...]:
    """One document per row; `part` is sheet and title. Rows that share a title are told apart by their words, so
    that none takes another's place when one of them is deleted. Raises FileUnreadable when a column is missing.
    """
    mapped = [_MappedSheet(sheet, sheet.find_columns(rows.columns)) for sheet in sheets]
    _check_columns(mapped, rows)
    wants_consent = "consent" in rows.columns
    documents = [
        one for sheet in mapped if sheet.columns for one in _list_rows_of(sheet, wants_consent=wants_consent)
    ]
    titles = Counter(document.part for document, _ in documents)
    taken: set[str] = set()
    told_apart = []
    for document, key in documents:
        part = document.part
        if titles[part] > 1:
            part = f"{part}-{sha256(key.encode()).hexdigest()[:8]}"
        told_apart.append(replace(document, part=_make_unique(part, taken)))
    return tuple(told_apart)


def _check_columns(sheets: Sequence[_MappedSheet], rows: RowMapping) -> None:
    for field, column in rows.columns.items():
        if all(field not in one.columns for one in sheets):
            names = dict.fromkeys(repr(name) for one in sheets for name in one.sheet.header if name)
            raise FileUnreadable(
                f"has no column {column!r} (mapped to {field!r}); its columns are {', '.join(names) or 'none'}"
            )


def _list_rows_of(mapped: _MappedSheet, *, wants_consent: bool) -> Iterator[tuple[ParsedDocument, str]]:
    """Each row, and the words by which it is told from another of its title."""
    name = mapped.sheet.name
    heading = [build_block("heading", name, level=1)] if name else []
    for number, line in enumerate(mapped.sheet.data, 1):
        block = _build_text(mapped, line)
        if not block.text:
            continue
        row = _read_row(mapped, line, wants_consent=wants_consent)
        first = next(cell.text for cell in line if cell.text)
        title = clean_line(_name_row(row) or first)[:_TITLE_LENGTH].rstrip()
        slug = _build_slug(str(row.metadata.get("title") or row.key or first)) or f"row-{number}"
        part = f"{name}/{slug}" if name else slug
        if not row.consent.is_given:
            # A document of its own: what was approved under a consent does not outlive it.
            part = f"{part}-{_WITHOUT_CONSENT}"
        yield ParsedDocument((*heading, block), title, row.metadata, part), row.key or block.text


def _build_text(mapped: _MappedSheet, line: Row) -> Block:
    """The row's words first, under the names by which they are known; then its other columns.

    Cells that say how it may be used, not what it says, are left out: they become the document's own facts.
    """
    columns = mapped.columns
    hidden = {position for field, position in columns.items() if field in _BOOKKEEPING}
    kept = [CellText("") if position in hidden else cell for position, cell in enumerate(line)]
    roles = [name for name in _HEADERS if name in columns]
    if not roles:
        return build_row(mapped.sheet, kept)
    own = {columns[name] for name in roles}
    others = [position for position in range(len(kept)) if position not in own]
    headers = [*(_HEADERS[name] for name in roles), *_name_others(mapped.sheet, others, roles)]
    cells = [*(_read_cell(line, columns[name]).words for name in roles), *(kept[one].text for one in others)]
    # Not cleaned once more: a quotation keeps its own blanks and lines.
    return Block("table_row", join_cells(headers, cells))


def _name_others(sheet: Sheet, positions: Sequence[int], roles: Sequence[RowRole]) -> list[str]:
    taken = {fold_header(_HEADERS[name]) for name in roles}
    names = [sheet.header[one] if one < len(sheet.header) else "" for one in positions]
    return [f"{name} (other)" if fold_header(name) in taken else name for name in names]


def _read_row(mapped: _MappedSheet, line: Row, *, wants_consent: bool) -> _RowReading:
    cells = {field: _read_cell(line, position) for field, position in mapped.columns.items()}
    roles = {field: cell.words for field, cell in cells.items() if field in _HEADERS and cell.words}
    metadata = _read_metadata(cells)
    page = roles.get("page", "")
    if page.startswith("https://") and not any(blank in page for blank in " \n"):
        metadata = {"url": page, **metadata}
    if not wants_consent:
        return _RowReading(roles, metadata, Consent(is_given=True))
    # A sheet that lacks the column has no consent either.
    said = cells.get("consent", CellText(""))
    consent = read_consent(said.text, said.day)
    return _RowReading(roles, _narrow(metadata, consent), consent)


def _read_metadata(cells: Mapping[str, CellText]) -> dict[str, object]:
    """Mapped field -> its day or its text; fields whose cell is empty are left out."""
    return {
        field: cell.day or cell.text for field, cell in cells.items() if field not in _HEADERS and cell.text
    }


def _read_cell(line: Row, position: int) -> CellText:
    return line[position] if position < len(line) else CellText("")


def _narrow(metadata: dict[str, object], consent: Consent) -> dict[str, object]:
    """Without a consent a row is no more than a draft; a consent with a last day ends the row with it."""
    if not consent.is_given:
        is_retired = str(metadata.get("status", "")).strip().casefold() == "retired"
        return {**metadata, "status": "retired" if is_retired else "draft", ROW_NOTE: consent.why}
    if consent.until is None:
        return metadata
    mapped = metadata.get("valid_until", consent.until)
    if isinstance(mapped, date):
        return {**metadata, "valid_until": min(mapped, consent.until)}
    # What is no day stays as it is: merging makes the row a draft for it, and says so.
    return metadata


def _name_row(row: _RowReading) -> str:
    """The title that is shown: the mapped one, the call to action, or who speaks."""
    named = row.metadata.get("title") or row.roles.get("cta")
    who = ", ".join(row.roles[name] for name in ("speaker", "company") if name in row.roles)
    return str(named or (who if "quote" in row.roles else "") or row.roles.get("quote", ""))


def _make_unique(part: str, taken: set[str]) -> str:
    candidate, number = part, 1
    while candidate in taken:
        number += 1
        candidate = f"{part}-{number}"
    taken.add(candidate)
    return candidate


def _build_slug(title: str) -> str:
    return re.sub(r"[\W_]+", "-", title.casefold()).strip("-")[:_SLUG_LENGTH].strip("-")
