"""`onbrand up`, `bot`, `doctor`, `data-flow`, `manifest` and `env-example`."""

import json
import sys

import click

from admin.commands.running import as_json, echo_json, read_settings, run_one
from admin.data_flow import list_connections, render_data_flow
from admin.doctor import examine, render_findings
from admin.env_example import build_env_example
from bot.manifest import APP_SCOPES, SCOPES, build_manifest
from core.settings import Settings


@click.command()
@click.option(
    "--samples", is_flag=True, help="Load the sample company when there is no source and no Slack token."
)
def up(samples: bool) -> None:
    """Run onbrand: index, commands of other terminals, and Slack where tokens are set."""
    from admin.up import run_up

    run_up(read_settings(), click.echo, with_samples=samples)


@click.command()
def bot() -> None:
    """Run the Slack bot (needs Slack tokens)."""
    from admin.up import run_bot

    run_bot(read_settings(), click.echo)


@click.command()
@as_json
def doctor(json_output: bool) -> None:
    """Check every part and say what to do about what is wrong."""
    findings = list(examine(Settings.from_environment()))
    if json_output:
        echo_json({"findings": [finding.as_json() for finding in findings]})
    else:
        click.echo(render_findings(findings))
    sys.exit(1 if any(finding.state == "failed" for finding in findings) else 0)


@click.command("data-flow")
@as_json
def data_flow(json_output: bool) -> None:
    """Every connection that onbrand can make: to whom, with what data, why, and its switch."""
    connections = list_connections(Settings.from_environment(), run_one("source list", {}))
    if json_output:
        echo_json({"connections": connections})
    else:
        click.echo(render_data_flow(connections))


@click.command()
@click.option("--reasons", is_flag=True, help="Print each scope with its reason instead.")
def manifest(reasons: bool) -> None:
    """Print the manifest from which your Slack app is made."""
    if reasons:
        click.echo("\n".join(f"{scope.name:20} {scope.reason}" for scope in (*SCOPES, *APP_SCOPES)))
    else:
        mode = Settings.from_environment().slack_mode
        click.echo(json.dumps(build_manifest(mode=mode), indent=2))


@click.command("env-example", hidden=True)
def env_example() -> None:
    """Print `.env.example` as the settings make it."""
    click.echo(build_env_example(), nl=False)
