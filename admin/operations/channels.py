"""`channel set` and `channel show`."""

from collections.abc import Mapping
from typing import Any

from admin.world import World
from core.channel_acts import build_channel_key
from core.errors import UsageError
from core.local_socket import Report

MOST_DIGITS = 9


def set_channel(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Arguments: channel, team, quote_characters (a number, or `default`), reason, as."""
    channel_id, team_id = str(arguments["channel"]), arguments.get("team") or ""
    world.channel_acts.set_quote_characters(
        channel_id,
        _read_characters(str(arguments["quote_characters"])),
        by=world.identify(arguments.get("as")),
        team_id=team_id,
        reason=arguments.get("reason") or "",
    )
    return show_channels(world, {"channel": channel_id, "team": team_id}, report)


def show_channels(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """The setting, and all limits of channels, or with `channel` (and `team`) those of this one.

    `in_force` is what holds there: less than what was set when the setting has been lowered since.
    """
    settings = world.channel_settings
    channel_id, team_id = arguments.get("channel"), arguments.get("team") or ""
    if channel_id:
        build_channel_key(team_id, channel_id)
    rows = [one for one in settings.list_channels(channel_id) if one.team_id in (team_id or one.team_id, "")]
    return {
        "setting": settings.quote_characters,
        "channels": [
            {
                "team": one.team_id,
                "channel": one.channel_id,
                "quote_characters": one.quote_characters,
                "in_force": settings.find_quote_characters(team_id=one.team_id, channel_id=one.channel_id),
            }
            for one in rows
        ],
    }


def _read_characters(word: str) -> int | None:
    if word == "default":
        return None
    if not (word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS):
        raise UsageError(
            f"quote characters {word!r} are not understood; allowed: a number (0: link only), or default"
        )
    return int(word)
