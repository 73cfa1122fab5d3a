"""Acts of trust in bulk: make a rule, end a rule. They take effect at the source's next sync."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, insert, select, update

from core.access import Person, parse_access
from core.acts import ADMINS, CURATORS, ActRequest, AuditedActs
from core.clock import Clock
from core.documents import Status
from core.errors import UsageError
from core.path_glob import matches
from core.source_tables import trust_rules
from core.sources import UnknownSource
from core.tables import documents, sources
from core.trust import TrustRule, read_rule

ALLOWED_STATUSES: tuple[Status, ...] = ("approved", "draft")


@dataclass(frozen=True, slots=True)
class TrustRequest:
    """What is to be trusted. `pattern` has passed core.trust.check_pattern; `access` is as typed, None leaves it."""

    source: str
    pattern: str
    status: Status | None = "approved"
    access: str | None = None


class TrustActs:
    """Makes and ends trust rules; each is on record with its reason."""

    def __init__(self, acts: AuditedActs, clock: Clock) -> None:
        self._acts = acts
        self._clock = clock

    def trust(self, request: TrustRequest, *, by: Person, reason: str, batch: str | None = None) -> TrustRule:
        """A new rule, above those made before. Curators trust; whoever changes access must be an admin."""
        rule = self._build_rule(request, by=by, reason=check_reason(reason))

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            after = dump_rule(rule)
            connection.execute(insert(trust_rules).values(**_columns(rule.rule_id, after)))
            return {}, after

        roles = ADMINS if rule.access else CURATORS
        act = ActRequest("trust", f"trust {rule.rule_id}", by, rule.reason, roles, batch)
        self._acts.perform(act, change, read_brands=lambda connection: _list_brands(connection, rule))
        return rule

    def untrust(self, rule: TrustRule, *, by: Person, reason: str) -> None:
        """The rule ends; what only it approved is silent from the next sync on."""
        why = check_reason(reason)

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            before = _read_state(connection, rule.rule_id)
            if not before or before["ended_at"]:
                raise UsageError(
                    f"trust rule {rule.rule_id} has ended already; see `onbrand source trusts --all`"
                )
            after = {**before, "ended_at": self._clock.now().isoformat()}
            _write_state(connection, rule.rule_id, after)
            return before, after

        roles = ADMINS if rule.access else CURATORS
        act = ActRequest("untrust", f"trust {rule.rule_id}", by, why, roles)
        self._acts.perform(act, change, read_brands=lambda connection: _list_brands(connection, rule))

    def _build_rule(self, request: TrustRequest, *, by: Person, reason: str) -> TrustRule:
        access = _check_access(request.access)
        if request.status is None and access is None:
            raise UsageError("nothing is trusted; give --status approved, or --access")
        if request.status is not None and request.status not in ALLOWED_STATUSES:
            allowed = ", ".join(ALLOWED_STATUSES)
            raise UsageError(f"status {request.status!r} cannot be given in bulk; allowed: {allowed}")
        return TrustRule(
            rule_id=uuid4().hex[:8],
            source=request.source,
            pattern=request.pattern,
            status=request.status,
            access=access,
            reason=reason,
            by=by.label(),
            at=self._clock.now(),
        )


def check_reason(reason: str) -> str:
    """The reason; raises UsageError when there is none."""
    if not reason.strip():
        raise UsageError(
            'trust needs a reason; give --reason "…": it is kept in the audit and stands in the report of each sync'
        )
    return reason.strip()


def dump_rule(rule: TrustRule) -> dict[str, Any]:
    """A rule as audit rows hold it."""
    return {
        "source": rule.source,
        "pattern": rule.pattern,
        "status": rule.status,
        "access": list(rule.access) if rule.access else None,
        "reason": rule.reason,
        "by": rule.by,
        "at": rule.at.isoformat(),
        "ended_at": rule.ended_at.isoformat() if rule.ended_at else None,
    }


def restore_trust(
    connection: Connection, rule_id: str, *, current: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    """Bring a rule from the state that an act left to the one before it; raises UsageError when it is another."""
    state = _read_state(connection, rule_id)
    changed = [name for name, value in current.items() if state.get(name) != value]
    if changed or bool(state) != bool(current):
        raise UsageError(
            f"trust rule {rule_id} has changed after that act ({', '.join(changed) or 'it is there again'}); "
            "undo the later act first"
        )
    if not wanted:
        connection.execute(delete(trust_rules).where(trust_rules.c.rule_id == rule_id))
    elif state:
        _write_state(connection, rule_id, {**state, **wanted})
    else:
        _refuse_other_source(connection, wanted)
        connection.execute(insert(trust_rules).values(**_columns(rule_id, wanted)))


def _check_access(typed: str | None) -> tuple[str, ...] | None:
    if typed is None:
        return None
    parse_access(typed)
    words = tuple(dict.fromkeys(word.strip() for word in typed.split(",") if word.strip()))
    if not words:
        raise UsageError(f"access {typed!r} names nobody; allowed: source, all, group:NAME, user:EMAIL")
    return words


def _list_brands(connection: Connection, rule: TrustRule) -> set[str | None]:
    """The source's brand and those of the documents that the rule speaks about."""
    row = connection.execute(
        select(sources.c.brand).where(sources.c.name == rule.source, sources.c.removed_at.is_(None))
    ).first()
    if row is None:
        raise UnknownSource(f"no source {rule.source!r}; see `onbrand source list`")
    query = select(documents.c.path, documents.c.brand).where(
        documents.c.source == rule.source, documents.c.removed_at.is_(None)
    )
    return {row.brand} | {
        found.brand for found in connection.execute(query) if matches(rule.pattern, found.path)
    }


def _refuse_other_source(connection: Connection, wanted: Mapping[str, Any]) -> None:
    added = connection.execute(
        select(sources.c.added_at).where(sources.c.name == wanted["source"])
    ).scalar_one_or_none()
    if added is None or added > datetime.fromisoformat(wanted["at"]):
        # The name may be in use again by now: the trust was not meant for that source.
        raise UsageError(f"the source {wanted['source']!r} that this rule trusted is gone; trust anew")


def _read_state(connection: Connection, rule_id: str) -> dict[str, Any]:
    query = select(trust_rules).where(trust_rules.c.rule_id == rule_id).with_for_update()
    row: Row[Any] | None = connection.execute(query).first()
    return dump_rule(read_rule(row)) if row is not None else {}


def _write_state(connection: Connection, rule_id: str, state: Mapping[str, Any]) -> None:
    where = trust_rules.c.rule_id == rule_id
    connection.execute(update(trust_rules).where(where).values(**_columns(rule_id, state)))


def _columns(rule_id: str, state: Mapping[str, Any]) -> dict[str, Any]:
    ended = state["ended_at"]
    return {
        **state,
        "rule_id": rule_id,
        "at": datetime.fromisoformat(state["at"]),
        "ended_at": datetime.fromisoformat(ended) if ended else None,
    }
