"""`onbrand channel`."""

from typing import Any

import click

from admin.commands.running import as_json, as_person, print_result, run_one
from admin.render_channels import render_channels

team_option = click.option("--team", metavar="TEAM", help="Id of the workspace; needed only with several.")


@click.group()
def channel() -> None:
    """What holds in one Slack channel. CHANNEL is Slack's id, such as C0123ABCD."""


@channel.command("set")
@click.argument("channel")
@click.option(
    "--quote-characters",
    required=True,
    metavar="N",
    help="Longer sentences are linked there instead of quoted; 0: link only; default: as the setting says.",
)
@team_option
@click.option("--reason", default="", help="Why; kept in the audit.")
@as_person
@as_json
@print_result(render_channels)
def set_channel(
    channel: str, quote_characters: str, *, team: str | None, reason: str, as_email: str | None
) -> Any:
    """Say how long a sentence may be to be quoted in CHANNEL."""
    arguments = {"channel": channel, "quote_characters": quote_characters, "team": team}
    return run_one("channel set", {**arguments, "reason": reason, "as": as_email})


@channel.command("show")
@click.argument("channel", required=False)
@team_option
@as_json
@print_result(render_channels)
def show(channel: str | None, team: str | None) -> Any:
    """What holds in CHANNEL; without it, all channels with a limit of their own."""
    return run_one("channel show", {"channel": channel, "team": team})
