"""What is trusted in bulk: rules over the paths of a source, as a level of metadata. Read by syncs and commands."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from core.access import OWNER_ACCESS
from core.database import Database
from core.documents import Status
from core.errors import UsageError
from core.metadata import Declared, check_field
from core.path_glob import matches
from core.source_tables import trust_rules
from core.sources import Source
from core.tables import audit, documents

WHOLE_SOURCE = "**"
TRUSTED_BY = "trusted_by"
"""Key of a level that names its rule; merging ignores it. Documents keep what it decided under `TRUSTED`."""
TRUSTED = "trusted"
BY_SOURCE = "source add"
FIELDS = ("status", "access")


@dataclass(frozen=True, slots=True)
class TrustRule:
    """Documents under `pattern` that say nothing themselves get this status and these readers (None: untouched).

    `access` holds words as they are typed: `all`, `source`, `group:NAME`, `user:EMAIL`.
    """

    rule_id: str
    source: str
    pattern: str
    status: Status | None
    access: tuple[str, ...] | None
    reason: str
    by: str
    at: datetime
    ended_at: datetime | None = None

    def covers(self, path: str) -> bool:
        """True when the rule speaks about this path of its source."""
        return matches(self.pattern, path)

    def level(self) -> Mapping[str, object]:
        """What the rule declares."""
        said: dict[str, object] = {TRUSTED_BY: self.rule_id}
        said |= {"status": self.status} if self.status else {}
        return said | ({"access": list(self.access)} if self.access else {})


@dataclass(frozen=True, slots=True)
class Trusted:
    """One line of a sync's report; `rule` None: options of `source add`.

    `documents` counts those whose status this decided (without a status: whose readers), `opened` those whose readers.
    """

    rule: str | None
    pattern: str
    status: Status | None
    access: str | None
    by: str
    reason: str
    documents: int
    opened: int


class TrustRules:
    """Reads rules and what came of them. They are made and ended through core.trust_acts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_rules(self, source: str | None = None, *, include_ended: bool = False) -> tuple[TrustRule, ...]:
        """Rules in the order in which they were made: a later one stands above an earlier one."""
        query = select(trust_rules).order_by(trust_rules.c.at, trust_rules.c.rule_id)
        if source is not None:
            query = query.where(trust_rules.c.source == source)
        if not include_ended:
            query = query.where(trust_rules.c.ended_at.is_(None))
        with self._database.read() as connection:
            return tuple(read_rule(row) for row in connection.execute(query))

    def get(self, rule_id: str) -> TrustRule:
        """One rule, ended or not; raises UsageError when there is none."""
        for rule in self.list_rules(include_ended=True):
            if rule.rule_id == rule_id:
                return rule
        raise UsageError(f"no trust rule {rule_id!r}; see `onbrand source trusts`")

    def list_trusted(self, source: Source, rules: Sequence[TrustRule]) -> tuple[Trusted, ...]:
        """What holds in bulk for a source, by whom and why, with the documents for which it decides."""
        counts: Counter[tuple[str, str]] = Counter()
        for row in self._read_trusted(source.name):
            counts.update((by, name) for name, by in row.declared[TRUSTED].items())
        return (*self._list_added(source, counts), *(_describe(rule, counts) for rule in rules))

    def find_outlived(self, source: str, rules: Sequence[TrustRule]) -> Mapping[str, str]:
        """Document id -> path where a rule that holds no more still decides, and no curator's act stands above it."""
        holding = {BY_SOURCE, *(rule.rule_id for rule in rules)}
        return {
            row.document_id: row.path
            for row in self._read_trusted(source)
            if any(
                by not in holding and name not in row.curated for name, by in row.declared[TRUSTED].items()
            )
        }

    def _read_trusted(self, source: str) -> list[Any]:
        columns = (documents.c.document_id, documents.c.path, documents.c.declared, documents.c.curated)
        query = select(*columns).where(documents.c.source == source, documents.c.removed_at.is_(None))
        with self._database.read() as connection:
            return [row for row in connection.execute(query) if row.declared.get(TRUSTED)]

    def _list_added(self, source: Source, counts: Counter[tuple[str, str]]) -> tuple[Trusted, ...]:
        status = source.status if source.status == "approved" else None
        access = None if source.access == OWNER_ACCESS else source.access.describe()
        if status is None and access is None:
            return ()
        query = select(audit.c.actor, audit.c.reason).order_by(audit.c.number.desc())
        named = query.where(audit.c.subject == f"source {source.name}", audit.c.act == "add source")
        with self._database.read() as connection:
            row = connection.execute(named).first()
        by, reason = (row.actor, row.reason) if row else ("not recorded", "")
        decided, opened = counts[BY_SOURCE, "status"], counts[BY_SOURCE, "access"]
        return (
            Trusted(None, WHOLE_SOURCE, status, access, by, reason, decided if status else opened, opened),
        )


def list_levels(rules: Sequence[TrustRule], path: str) -> tuple[Mapping[str, object], ...]:
    """The levels that rules put under a path, weakest first."""
    return tuple(rule.level() for rule in rules if rule.covers(path))


def find_deciding(levels: Sequence[Mapping[str, object]], declared: Declared) -> dict[str, str]:
    """Field -> rule (or `source add`) that decided it. `levels` are weakest first, `declared` is what they came to."""
    deciding: dict[str, str] = {}
    for level in levels:
        for name in FIELDS:
            if level.get(name) in (None, ""):
                continue
            deciding.pop(name, None)
            # A row of a sheet may narrow what was decided for its sheet: then it was not this level.
            if TRUSTED_BY in level and check_field(name, level[name]) == getattr(declared, name):
                deciding[name] = str(level[TRUSTED_BY])
    return deciding


def check_pattern(text: str, source: Source) -> str:
    """The pattern in its stored form: a glob over paths of the source, `**` for all of it; a folder ends in `/`."""
    pattern = text.strip().removeprefix("./")
    kind, colon, _name = pattern.partition(":")
    if colon and kind in ("label", "space"):
        raise UsageError(
            f"{pattern!r} cannot be trusted: a {kind} becomes a status by a mapping rule (`onbrand source map "
            f"{source.name}`); allowed here: a path or a glob, for example 'approved/' or '**/*.pdf'"
        )
    if pattern.startswith("/") or ".." in pattern.split("/"):
        raise UsageError(
            f"pattern {text!r} leads out of the source; give it relative to the source, for example 'approved/'"
        )
    if pattern in ("", "."):
        return WHOLE_SOURCE
    return f"{pattern}**" if pattern.endswith("/") else pattern


def read_rule(row: Row[Any]) -> TrustRule:
    """A row of `trust_rules`."""
    return TrustRule(
        rule_id=row.rule_id,
        source=row.source,
        pattern=row.pattern,
        status=row.status,
        access=tuple(row.access) if row.access else None,
        reason=row.reason,
        by=row.by,
        at=row.at,
        ended_at=row.ended_at,
    )


def _describe(rule: TrustRule, counts: Counter[tuple[str, str]]) -> Trusted:
    access = ",".join(rule.access) if rule.access else None
    decided, opened = counts[rule.rule_id, "status"], counts[rule.rule_id, "access"]
    documents_count = decided if rule.status else opened
    return Trusted(
        rule.rule_id, rule.pattern, rule.status, access, rule.by, rule.reason, documents_count, opened
    )
