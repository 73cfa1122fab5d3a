"""Puts settings that changed since the last start on record. Called by admin/up.py in the process that stays."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection, delete, insert, select

from core.access import LOCAL_OWNER
from core.acts import ADMINS, ActRequest, AuditedActs
from core.database import Database
from core.settings import Settings, list_settings
from core.tables import world_facts
from core.world_facts import read_fact

RECORDED = "recorded settings"
SET, UNSET = "set", "unset"


def record_settings(database: Database, acts: AuditedActs, settings: Settings) -> None:
    """One audit row with what changed, names and values, secrets as `set` or `unset`; none when nothing did."""
    now = describe_settings(settings)
    if json.loads(read_fact(database, RECORDED) or "{}") == now:
        return

    def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
        query = select(world_facts.c.value).where(world_facts.c.name == RECORDED)
        before = json.loads(connection.execute(query).scalar_one_or_none() or "{}")
        connection.execute(delete(world_facts).where(world_facts.c.name == RECORDED))
        connection.execute(insert(world_facts).values(name=RECORDED, value=json.dumps(now)))
        return _keep_changed(before, now), _keep_changed(now, before)

    acts.perform(ActRequest("start with settings", "settings", LOCAL_OWNER, "", ADMINS), change)


def describe_settings(settings: Settings) -> dict[str, Any]:
    """Variable -> value as JSON. No secret is in it, nor user, password or query of an address."""
    fields = {id(field): attribute for attribute, field in Settings.model_fields.items()}
    shown = {}
    for name, field in list_settings().items():
        value = getattr(settings, fields[id(field)])
        shown[name] = _show_value(value, is_secret="SecretStr" in str(field.annotation) or not field.repr)
    return shown


def _show_value(value: Any, *, is_secret: bool) -> Any:
    if isinstance(value, str) and "://" in value:
        return _show_address(value)
    if is_secret or isinstance(value, SecretStr):
        return UNSET if value is None else SET
    if isinstance(value, tuple):
        return [str(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): one for key, one in value.items()}
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _show_address(value: str) -> str:
    # A password may hold any sign, so all before the last @ goes; a query may hold one too.
    scheme, _, rest = value.partition("://")
    return f"{scheme}://…" if "?" in rest or "#" in rest else f"{scheme}://{rest.rpartition('@')[2]}"


def _keep_changed(values: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in other or other[name] != value}
