"""Everything stored about one person, for that person. Used by `onbrand people export` and `people erase`."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Text, cast, func, or_, select

from core.access import Person
from core.acts import AUDITORS, ActRequest, AuditedActs
from core.audit import AUDIT
from core.audit_log import as_line
from core.chain_walk import read_batches
from core.database import Database
from core.holds import find_addresses
from core.people_acts import check_email
from core.source_tables import trust_rules
from core.tables import (
    aliases,
    audit,
    brand_roles,
    documents,
    gap_questions,
    holds,
    memberships,
    official_answers,
    people,
    receipts,
    slack_events,
    sources,
)

Rows = list[dict[str, Any]]
RECEIPT_COLUMNS = (
    "receipt_id",
    "at",
    "asker",
    "question",
    "understood",
    "conversation",
    "day",
    "verdict",
    "mode",
    "body",
)


class PersonTraces:
    """Finds one person in every table. Names are those of the tables, or of what their rows are."""

    def __init__(self, database: Database, acts: AuditedActs) -> None:
        self._database = database
        self._acts = acts

    def export(self, email: str, *, slack_users: Collection[str], by: Person, reason: str) -> dict[str, Any]:
        """All of it, JSON-ready. Slack knows ids and no e-mails: without `slack_users` there are no events in it.

        The export is on record.
        """
        address = check_email(email)
        # An undo must find nothing to take back here.
        values = {"exported": True, "irreversible": True}
        request = ActRequest("export person", f"person {address}", by, reason, AUDITORS)
        self._acts.perform(request, lambda _connection: ({}, values))
        with self._database.read() as connection:
            addresses = find_addresses(connection, address)
            return {
                "email": address,
                "addresses": sorted(addresses),
                **_collect_stored(connection, addresses, slack_users),
                **_collect_named(connection, addresses),
                "audit": [
                    as_line(row)
                    for batch in read_batches(connection, AUDIT, _in_audit(addresses))
                    for row in batch
                ],
            }

    def count_staying(self, email: str) -> dict[str, int]:
        """What erasing leaves: kind -> number of rows that name this person."""
        with self._database.read() as connection:
            addresses = find_addresses(connection, check_email(email))
            rows = select(func.count()).select_from(audit).where(_in_audit(addresses))
            named = {kind: len(found) for kind, found in _collect_named(connection, addresses).items()}
            return {"audit": connection.execute(rows).scalar_one(), **named}


def _collect_stored(
    connection: Connection, addresses: Collection[str], slack_users: Collection[str]
) -> dict[str, Rows]:
    members = [f"user:{address}" for address in addresses]
    return {
        "people": _read(connection, people, people.c.email.in_(addresses)),
        "aliases": _read(connection, aliases, aliases.c.email.in_(addresses)),
        "brand_roles": _read(connection, brand_roles, brand_roles.c.email.in_(addresses)),
        "memberships": _read(connection, memberships, memberships.c.member.in_(members)),
        "gap_questions": _read(connection, gap_questions, func.lower(gap_questions.c.asker).in_(addresses)),
        "receipts": _read(connection, receipts, func.lower(receipts.c.asker).in_(addresses), RECEIPT_COLUMNS),
        "slack_events": _read(connection, slack_events, slack_events.c.user_id.in_(slack_users)),
    }


def _collect_named(connection: Connection, addresses: Collection[str]) -> dict[str, Rows]:
    """Rows about something else that name this person."""
    owned, answers = documents.c.owner, official_answers.c.owner
    by = or_(func.lower(holds.c.by).in_(addresses), func.lower(holds.c.email).in_(addresses))
    return {
        "documents_owned": _read(
            connection, documents, func.lower(owned).in_(addresses), ("document_id", "title", "owner")
        ),
        "documents_opened_to": _read(
            connection, documents, _in_access(documents, addresses), ("document_id", "title")
        ),
        "sources_opened_to": _read(connection, sources, _in_access(sources, addresses), ("name",)),
        "official_answers": _read(
            connection, official_answers, func.lower(answers).in_(addresses), ("answer_id", "owner")
        ),
        "trust_rules": _read(
            connection, trust_rules, func.lower(trust_rules.c.by).in_(addresses), ("rule_id", "source", "by")
        ),
        "holds": _read(connection, holds, by),
    }


def _in_access(table: Table, addresses: Collection[str]) -> ColumnElement[bool]:
    stored = cast(table.c.access, Text)
    return or_(*(stored.contains(f'"user:{address}"', autoescape=True) for address in addresses))


def _in_audit(addresses: Collection[str]) -> ColumnElement[bool]:
    # Rows of the first schema name people without the word before.
    subjects = [*addresses, *(f"person {address}" for address in addresses)]
    return or_(func.lower(audit.c.actor).in_(addresses), audit.c.subject.in_(subjects))


def _read(
    connection: Connection, table: Table, where: ColumnElement[bool], columns: Collection[str] = ()
) -> Rows:
    wanted = [table.c[name] for name in columns] or list(table.columns)
    query = select(*wanted).where(where).order_by(*table.primary_key.columns)
    return [
        {name: _as_json(value) for name, value in row._asdict().items()} for row in connection.execute(query)
    ]


def _as_json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
