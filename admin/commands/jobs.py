"""`onbrand jobs` and `onbrand worker`."""

import sys
from collections.abc import Mapping
from typing import Any

import click

from admin.commands.running import as_json, as_person, echo_json, print_result, read_settings, run_one
from admin.render_jobs import render_job, render_jobs
from core.jobs import STATES

job_argument = click.argument("job", metavar="JOB_ID")
wait_option = click.option("--wait", is_flag=True, help="Return when it has ended.")


@click.group()
def jobs() -> None:
    """Syncs, re-indexes and upkeep: what is under way, and what became of what was."""


@jobs.command("list")
@click.option("--state", type=click.Choice(STATES))
@click.option("--source", help="Only syncs of this source.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@as_json
@print_result(render_jobs)
def list_all(state: str | None, source: str | None, limit: int) -> Any:
    """The newest first, with how far they are."""
    return run_one("jobs list", {"state": state, "source": source, "limit": limit})


@jobs.command("show")
@job_argument
@as_json
@print_result(render_job)
def show(job: str) -> Any:
    """One job: what it added, changed, removed, skipped and why."""
    return run_one("jobs show", {"job": job})


@jobs.command("cancel")
@job_argument
@as_person
@as_json
@print_result(render_job)
def cancel(job: str, as_email: str | None) -> Any:
    """End a job after the batch that it is at; what it has ingested stays."""
    return run_one("jobs cancel", {"job": job, "as": as_email})


@jobs.command("resume")
@job_argument
@wait_option
@as_person
@as_json
def resume(job: str, *, wait: bool, json_output: bool, as_email: str | None) -> None:
    """Go on with a failed or cancelled job where it stopped."""
    _show_begun(run_one("jobs resume", {"job": job, "wait": wait, "as": as_email}), json_output=json_output)


@jobs.command("retry-failed")
@job_argument
@wait_option
@as_person
@as_json
def retry_failed(job: str, *, wait: bool, json_output: bool, as_email: str | None) -> None:
    """Sync just the files that failed in a job, also those whose bytes have not changed since."""
    begun = run_one("jobs retry-failed", {"job": job, "wait": wait, "as": as_email})
    _show_begun(begun, json_output=json_output)


def _show_begun(job: Mapping[str, Any], *, json_output: bool) -> None:
    """The job as it stands; exit 1 where it has failed, or left files out, by now."""
    echo_json(job) if json_output else click.echo(render_job(job))
    sys.exit(1 if job["state"] == "failed" or job["failed"] else 0)


@click.command()
@click.option("--name", default="", help="Name of this worker; without one, a free place of this machine.")
def worker(name: str) -> None:
    """Carry out jobs beside others: as many workers as wanted, on PostgreSQL and a Qdrant server."""
    from admin.up import run_worker

    run_worker(read_settings(), click.echo, name=name)
