"""The act that gives a source other mapping rules. They hold from its next sync on; core.source_acts restores them."""

from typing import Any

from sqlalchemy import Connection, update

from core.access import Person
from core.acts import ADMINS, ActRequest, AuditedActs
from core.mapping import MappingRules
from core.source_acts import require_row
from core.tables import sources


class MappingActs:
    """Sets mapping rules; what they make of documents is thereby on record."""

    def __init__(self, acts: AuditedActs) -> None:
        self._acts = acts

    def set_mapping(self, name: str, rules: MappingRules, *, by: Person, reason: str = "") -> None:
        """These rules and no others; raises UnknownSource. None at all clears the mapping."""
        stored = rules.as_json()

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            before = list(require_row(connection, name).mapping)
            connection.execute(update(sources).where(sources.c.name == name).values(mapping=stored))
            return {"mapping": before}, {"mapping": stored}

        self._acts.perform(ActRequest("map source", f"source {name}", by, reason, ADMINS), change)
