"""Mapping rules of a source: what its labels, properties, folders and titles say of a file. Pure.

A level of metadata between what the source states and what stands beside the file; used by syncs and commands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from core import path_glob
from core.errors import UsageError
from core.mapping_terms import Condition, Template, read_condition, read_template
from core.mapping_yaml import RuleLines, load_rules
from core.metadata import FIELDS, check_field
from core.table_rows import check_columns

MOST_RULES = 200
_KEYS = ("when", "set", "rows")


@dataclass(frozen=True, slots=True)
class Placed:
    """What rules say of one file: levels of metadata, weakest first, and how its rows are read (None: not said).

    `rules` are the positions (from 1) of the rules that match; `warnings` name values that cannot be used.
    """

    levels: tuple[Mapping[str, object], ...] = ()
    rows: Mapping[str, str] | None = None
    rules: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MappingRule:
    """One rule: every condition must match, then the fields are set and the rows read as it says."""

    when: tuple[Condition, ...]
    fields: tuple[Template, ...] = ()
    rows: Mapping[str, str] = field(default_factory=dict)

    def matches(self, path: str, signals: Mapping[str, Sequence[str]]) -> bool:
        """True when every condition holds. `signals` are folded by `fold_signals`; title is one of them."""
        return all(
            any(path_glob.matches(glob, path) for glob in one.globs)
            if one.key == "path"
            else one.holds(signals.get(one.key, ()))
            for one in self.when
        )

    def level(self, signals: Mapping[str, Sequence[str]]) -> dict[str, object]:
        """Field -> value; a field whose template names what the file lacks is left out."""
        filled = {one.field: one.fill(signals) for one in self.fields}
        return {name: value for name, value in filled.items() if value is not None}

    def as_json(self) -> dict[str, Any]:
        """The rule as it is typed and stored."""
        said: dict[str, Any] = {"when": {one.key_as_typed: one.as_json() for one in self.when}}
        said |= {"set": {one.field: one.as_json() for one in self.fields}} if self.fields else {}
        return said | ({"rows": dict(self.rows)} if self.rows else {})


@dataclass(frozen=True, slots=True)
class MappingRules:
    """The rules of one source in their order: a later one stands above an earlier one."""

    rules: tuple[MappingRule, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rules)

    @classmethod
    def parse(cls, given: str | Sequence[Mapping[str, Any]], *, allows_access: bool = True) -> "MappingRules":
        """Rules from YAML as admins write it, or from their stored form; raises UsageError naming rule and line.

        `allows_access`: False for a source with permissions of its own, which no rule may stand above.
        """
        listed, lines = load_rules(given) if isinstance(given, str) else (given, RuleLines())
        if len(listed) > MOST_RULES:
            raise UsageError(f"the mapping has {len(listed)} rules; at most {MOST_RULES} are kept")
        rules = []
        for number, rule in enumerate(listed, 1):
            try:
                rules.append(_read_rule(rule, allows_access=allows_access))
            except UsageError as error:
                raise UsageError(f"{lines.name(number)}: {error}") from None
        return cls(tuple(rules))

    def as_json(self) -> list[dict[str, Any]]:
        """The stored form, which `parse` reads back."""
        return [rule.as_json() for rule in self.rules]

    def place(self, path: str, title: str, signals: Mapping[str, Sequence[str]]) -> Placed:
        """What the rules say of one file. `title` is the one that the source states; without it the file's name.

        Where the source gives no signal `folder`, the folders of the path are it.
        """
        folders = PurePosixPath(path).parts[:-1]
        known = fold_signals({"folder": folders, **signals, "title": (title or PurePosixPath(path).stem,)})
        numbers = tuple(number for number, rule in enumerate(self.rules, 1) if rule.matches(path, known))
        levels = {number: self.rules[number - 1].level(known) for number in numbers}
        rows = [self.rules[number - 1].rows for number in numbers if self.rules[number - 1].rows]
        return Placed(
            levels=tuple(level for level in levels.values() if level),
            rows=rows[-1] if rows else None,
            rules=numbers,
            warnings=tuple(
                f"rule {number}: {said}" for number, level in levels.items() for said in _list_faults(level)
            ),
        )


def keep_refusal(
    levels: Sequence[Mapping[str, object]], stated: Mapping[str, object]
) -> tuple[Mapping[str, object], ...]:
    """The levels without an approval of what the source itself calls a draft or retired (archived, rejected, expired).

    A label may lower such a page, and say all else of it; its no is not for a label to lift.
    """
    if str(stated.get("status", "")).strip().casefold() not in ("draft", "retired"):
        return tuple(levels)
    kept = (
        {name: value for name, value in level.items() if name != "status" or not _is_approval(value)}
        for level in levels
    )
    return tuple(level for level in kept if level)


def _is_approval(value: object) -> bool:
    return str(value).strip().casefold() == "approved"


def fold_signals(signals: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Signals by their folded names, blanks taken off their values, without those that say nothing."""
    folded: dict[str, tuple[str, ...]] = {}
    for name, values in signals.items():
        key = name.strip().casefold()
        said = tuple(text for text in (str(value).strip() for value in values) if text)
        folded[key] = tuple(dict.fromkeys((*folded.get(key, ()), *said)))
    return folded


def _read_rule(rule: object, *, allows_access: bool) -> MappingRule:
    if not isinstance(rule, Mapping):
        raise UsageError(f"a rule needs `when` and `set` (or `rows`), received {type(rule).__name__}")
    unknown = sorted(str(name) for name in rule if name not in _KEYS)
    if unknown:
        raise UsageError(f"has unknown {', '.join(unknown)}; allowed: {', '.join(_KEYS)}")
    if not rule.get("set") and not rule.get("rows"):
        raise UsageError("says nothing; it needs `set` with fields, or `rows` with columns")
    rows = check_columns(rule["rows"]) if rule.get("rows") else {}
    fields = _read_fields(rule.get("set") or {}, rows, allows_access=allows_access)
    return MappingRule(_read_conditions(rule.get("when")), fields, rows)


def _read_conditions(when: object) -> tuple[Condition, ...]:
    if not isinstance(when, Mapping) or not when:
        raise UsageError('needs `when` with what must match; for every file: {path: "**"}')
    return tuple(read_condition(key, value) for key, value in when.items())


def _read_fields(said: object, rows: Mapping[str, str], *, allows_access: bool) -> tuple[Template, ...]:
    if not isinstance(said, Mapping):
        raise UsageError(f"`set` must hold fields, received {type(said).__name__}")
    unknown = sorted(str(name) for name in said if name not in FIELDS)
    if unknown:
        raise UsageError(f"sets unknown {', '.join(unknown)}; allowed: {', '.join(FIELDS)}")
    if not allows_access and "access" in (*said, *rows):
        raise UsageError(
            "sets access, but this source has permissions of its own, which no rule stands above; leave access out"
        )
    templates = tuple(read_template(name, value) for name, value in said.items())
    for template in templates:
        if template.is_plain:
            check_field(template.field, template.fill({}))
    return templates


def _list_faults(level: Mapping[str, object]) -> list[str]:
    faults = []
    for name, value in level.items():
        try:
            check_field(name, value)
        except UsageError as error:
            faults.append(str(error))
    return faults
