"""Reads a CSV of people: every row is checked before anything changes. Used by admin/operations/people.py."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from core.errors import UsageError
from core.person_rows import check_email, check_role

COLUMNS = ("email", "name", "role", "groups")


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """What a file says. `groups` (name -> e-mails) is None when it has no such column."""

    people: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, tuple[str, ...]] | None
    unknown_columns: tuple[str, ...]


def read_people_csv(text: str) -> PeopleFile:
    """Columns email, name, role, groups (joined by `;`); raises UsageError for an empty or damaged file."""
    header, rows = _read_rows(text)
    people: dict[str, dict[str, str]] = {}
    groups: dict[str, list[str]] = {}
    for line, row in rows:
        email = _read_person(people, row, line)
        for name in filter(None, (part.strip() for part in row.get("groups", "").split(";"))):
            groups.setdefault(name, []).append(email)
    return PeopleFile(
        people=people,
        groups={name: tuple(members) for name, members in groups.items()} if "groups" in header else None,
        unknown_columns=tuple(name for name in header if name not in COLUMNS),
    )


def _read_rows(text: str) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, fields) for fields in reader if any(field.strip() for field in fields)]
    except csv.Error as error:
        raise UsageError(f"the file is not a CSV that can be read: {error}; nothing was changed") from error
    header = [name.strip().lower() for name in lines[0][1]] if lines else []
    if len(lines) < 2 or "email" not in header or len(set(header)) < len(header):  # noqa: PLR2004 - header and a row
        raise UsageError(
            "the file has no rows with a column `email`, or a column twice; nothing was changed. "
            f"Allowed columns: {', '.join(COLUMNS)}"
        )
    for line, fields in lines:
        if len(fields) != len(header):
            raise UsageError(
                f"line {line} has {len(fields)} fields where the first line has {len(header)}: "
                "the file is damaged or cut off; nothing was changed"
            )
    return header, [(line, dict(zip(header, fields, strict=True))) for line, fields in lines[1:]]


def _read_person(people: dict[str, dict[str, str]], row: Mapping[str, Any], line: int) -> str:
    """Check one row and remember name and role; rows of one person must not contradict each other."""
    try:
        email = check_email(row["email"])
        values = {name: row.get(name, "").strip() for name in ("name", "role")}
        check_role(values["role"] or None)
    except UsageError as error:
        raise UsageError(f"line {line}: {error}; nothing was changed") from error
    known = people.setdefault(email, {})
    for name, value in values.items():
        if value and known.setdefault(name, value) != value:
            raise UsageError(
                f"line {line}: {email} has {name} {value!r} here and {known[name]!r} before; nothing was changed"
            )
    return email
