"""What other mapping rules would change, counted by field. Pure; used by admin/operations/mapping.py."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from core.metadata import FIELDS, Declared

MOST_EXAMPLES = 5
ROWS = "rows"
"""In a field's place: how a table is read row by row."""
_NAMED = ("status", "kind", "brand", "access", "classification")
"""Fields of which each new value is counted by itself; of the others it counts that there is one, or another."""

Effect = Literal["becomes", "gains", "loses", "changes"]


@dataclass(frozen=True, slots=True)
class Remapped:
    """One file before and after. `decided` are fields that a curator's act decides, whatever a rule says."""

    path: str
    before: Declared
    after: Declared
    rows_before: Mapping[str, str] = field(default_factory=dict)
    rows_after: Mapping[str, str] = field(default_factory=dict)
    decided: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes by field and effect, most frequent first within a field; `decided` would change but for a curator."""

    files: int
    groups: tuple[Mapping[str, Any], ...]
    decided: int

    def as_json(self) -> dict[str, Any]:
        """Files that change, and each change with its count and up to five examples."""
        return {"changed": self.files, "changes": [dict(one) for one in self.groups], "decided": self.decided}


def count_changes(files: Iterable[Remapped]) -> Changes:
    """Compare file by file; a table that is read row by row counts as one."""
    groups: dict[tuple[str, Effect, str | None], list[dict[str, Any]]] = {}
    changed, decided = 0, 0
    for one in files:
        found = list(_list_changes(one))
        kept = [change for change in found if change[0] not in one.decided]
        decided += len(found) - len(kept)
        changed += bool(kept)
        for name, old, new in kept:
            effect = _name_effect(name, old, new)
            key = (name, effect, new if effect == "becomes" else None)
            groups.setdefault(key, []).append({"document": one.path, "from": old, "to": new})
    return Changes(
        changed, tuple(_describe(key, groups[key]) for key in sorted(groups, key=_rank(groups))), decided
    )


def _list_changes(one: Remapped) -> Iterator[tuple[str, str | None, str | None]]:
    before, after = _read_fields(one.before), _read_fields(one.after)
    for name in (*FIELDS[1:], FIELDS[0]):
        if before[name] != after[name]:
            yield name, before[name], after[name]
    if dict(one.rows_before) != dict(one.rows_after):
        yield ROWS, _join_columns(one.rows_before), _join_columns(one.rows_after)


def _read_fields(declared: Declared) -> dict[str, str | None]:
    first, last = declared.validity.valid_from, declared.validity.valid_until
    return {
        "title": declared.title,
        "brand": declared.brand,
        "kind": declared.kind,
        "status": declared.status,
        "owner": declared.owner,
        "valid_from": first.isoformat() if first else None,
        "valid_until": last.isoformat() if last else None,
        "access": declared.access.describe(),
        "url": declared.url,
        "classification": declared.classification,
    }


def _join_columns(columns: Mapping[str, str]) -> str | None:
    return ", ".join(f"{name}: {column}" for name, column in columns.items()) or None


def _name_effect(name: str, old: str | None, new: str | None) -> Effect:
    if new is None:
        return "loses"
    if name in _NAMED:
        return "becomes"
    return "gains" if old is None else "changes"


def _describe(key: tuple[str, Effect, str | None], examples: list[dict[str, Any]]) -> Mapping[str, Any]:
    name, effect, value = key
    return {
        "field": name,
        "effect": effect,
        "value": value,
        "documents": len(examples),
        "examples": examples[:MOST_EXAMPLES],
    }


def _rank(groups: Mapping[tuple[str, Effect, str | None], list[dict[str, Any]]]) -> Any:
    order = ("status", "access", *FIELDS, ROWS)
    return lambda key: (order.index(key[0]), -len(groups[key]), key[1], key[2] or "")
