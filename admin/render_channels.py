"""Limits of Slack channels for people at a terminal. Pure; used by admin/commands/channels.py."""

from collections.abc import Mapping
from typing import Any


def render_channels(result: Mapping[str, Any]) -> str:
    """One line a channel with a limit of its own, then what holds everywhere else."""
    return "\n".join(
        [*map(_render_channel, result["channels"]), f"elsewhere: {_describe(result['setting'])}"]
    )


def _render_channel(one: Mapping[str, Any]) -> str:
    name = f"{one['channel']} (workspace {one['team']})" if one["team"] else one["channel"]
    lowered = one["in_force"] < one["quote_characters"]
    note = f"; set to {one['quote_characters']}, but the setting is lower" if lowered else ""
    return f"{name}: {_describe(one['in_force'])}{note}"


def _describe(characters: int) -> str:
    return f"sentences of up to {characters} characters are quoted" if characters else "link only"
