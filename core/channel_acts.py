"""Acts on Slack channels: how long a sentence may be to be quoted there. Used by `onbrand channel` and by undo."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from core.access import Person
from core.acts import CURATORS, ActRequest, AuditedActs
from core.errors import UsageError
from core.tables import channel_settings

# Names of channels are in small letters, so capitals tell an id from a name.
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{7,39}")
_TEAM_ID = re.compile(r"[TE][A-Z0-9]{4,39}")


class ChannelActs:
    """Sets and removes a channel's own limit. `most` is the setting, which no channel may exceed."""

    def __init__(self, acts: AuditedActs, *, most: int) -> None:
        self._acts = acts
        self._most = most

    def set_quote_characters(
        self, channel_id: str, characters: int | None, *, by: Person, team_id: str = "", reason: str = ""
    ) -> None:
        """Quote sentences of at most so many characters there (0: link only); None follows the setting again."""
        key = build_channel_key(team_id, channel_id)
        wanted = {} if characters is None else {"quote_characters": self._check(characters)}

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            before = _read_channel(connection, key)
            if not before and not wanted:
                raise UsageError(f"channel {key!r} has no limit of its own; see `onbrand channel show`")
            _write_channel(connection, key, wanted)
            return before, wanted

        self._acts.perform(ActRequest("set channel", f"channel {key}", by, reason, CURATORS), change)

    def _check(self, characters: int) -> int:
        if 0 <= characters <= self._most:
            return characters
        raise UsageError(
            f"quote characters {characters!r} cannot be set; allowed: 0 to {self._most} "
            "(ONBRAND_QUOTE_CHARACTERS, which a channel can only lower), or default"
        )


def restore_channel(
    connection: Connection, key: str, *, current: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    """Bring `TEAM/CHANNEL` from the state that an act left back to the one before it.

    Raises UsageError when the channel is no longer as the act left it.
    """
    found = _read_channel(connection, key)
    if found != current:
        now = found.get("quote_characters", "the setting")
        raise UsageError(f"channel {key} was changed since: its limit of quotation is now {now}")
    _write_channel(connection, key, wanted)


def build_channel_key(team_id: str, channel_id: str) -> str:
    """`TEAM/CHANNEL`; raises UsageError when either is no id of Slack's. The team may be empty."""
    if team_id and not _TEAM_ID.fullmatch(team_id):
        raise UsageError(
            f"{team_id!r} is not the id of a workspace; allowed: T and capitals, such as T0123ABCD"
        )
    if channel_id.startswith("D"):
        raise UsageError(
            f"{channel_id!r} is a direct message; there the setting ONBRAND_QUOTE_CHARACTERS holds"
        )
    if not _CHANNEL_ID.fullmatch(channel_id):
        raise UsageError(
            f"{channel_id!r} is not the id of a channel; allowed: C or G and capitals, such as C0123ABCD. "
            "In Slack, click the channel's name: the id stands at the end of its details, and of its link"
        )
    return f"{team_id}/{channel_id}"


def _read_channel(connection: Connection, key: str) -> dict[str, Any]:
    query = select(channel_settings.c.quote_characters).where(_is_channel(key))
    found = connection.execute(query).scalar_one_or_none()
    return {} if found is None else {"quote_characters": found}


def _write_channel(connection: Connection, key: str, values: Mapping[str, Any]) -> None:
    connection.execute(delete(channel_settings).where(_is_channel(key)))
    if values:
        team_id, _, channel_id = key.partition("/")
        connection.execute(insert(channel_settings).values(team_id=team_id, channel_id=channel_id, **values))


def _is_channel(key: str) -> ColumnElement[bool]:
    team_id, _, channel_id = key.partition("/")
    return and_(channel_settings.c.team_id == team_id, channel_settings.c.channel_id == channel_id)
