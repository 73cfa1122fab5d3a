"""What holds in one Slack channel. Read by bot/delivery.py right before posting, and by `onbrand channel`."""

from dataclasses import dataclass

from sqlalchemy import select

from core.database import Database
from core.tables import channel_settings


@dataclass(frozen=True, slots=True)
class ChannelSetting:
    """One channel's own limit. An empty `team_id` stands for whichever workspace the bot is in."""

    team_id: str
    channel_id: str
    quote_characters: int


class ChannelSettings:
    """`quote_characters` is the setting of the whole installation: a channel may have less, never more."""

    def __init__(self, database: Database, *, quote_characters: int) -> None:
        self._database = database
        self.quote_characters = quote_characters

    def find_quote_characters(self, *, team_id: str, channel_id: str) -> int:
        """The longest sentence that may be quoted there, in characters; 0: none at all.

        A row that names the workspace goes before one that names none.
        """
        own = {one.team_id: one.quote_characters for one in self.list_channels(channel_id)}
        chosen = own.get(team_id, own.get("", self.quote_characters))
        # The setting may have been lowered after the act.
        return min(chosen, self.quote_characters)

    def list_channels(self, channel_id: str | None = None) -> tuple[ChannelSetting, ...]:
        """Channels (or the rows of one) that have a limit of their own, by workspace and id."""
        table = channel_settings.c
        query = select(table.team_id, table.channel_id, table.quote_characters)
        query = query.where(table.quote_characters.is_not(None)).order_by(table.team_id, table.channel_id)
        if channel_id is not None:
            query = query.where(table.channel_id == channel_id)
        with self._database.read() as connection:
            return tuple(ChannelSetting(*row) for row in connection.execute(query))
