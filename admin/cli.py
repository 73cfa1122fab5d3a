"""The command `onbrand`: joins the groups of admin/commands and turns errors into messages and exit codes."""

import sys
from io import TextIOWrapper

from core.egress import silence_libraries

silence_libraries()

import click  # noqa: E402 - telemetry is switched off before anything else is imported

from admin.commands.answers import answers  # noqa: E402
from admin.commands.asking import ask, search  # noqa: E402
from admin.commands.audit import audit  # noqa: E402
from admin.commands.backup import backup, restore  # noqa: E402
from admin.commands.channels import channel  # noqa: E402
from admin.commands.demo import demo  # noqa: E402
from admin.commands.documents import documents  # noqa: E402
from admin.commands.evaluating import evaluate  # noqa: E402
from admin.commands.gaps import gaps  # noqa: E402
from admin.commands.jobs import jobs, worker  # noqa: E402
from admin.commands.operating import bot, data_flow, doctor, env_example, manifest, up  # noqa: E402
from admin.commands.people import people  # noqa: E402
from admin.commands.receipts import recall, receipt  # noqa: E402
from admin.commands.reindexing import index, reindex  # noqa: E402
from admin.commands.retention import retention  # noqa: E402
from admin.commands.sources import source, sync  # noqa: E402
from admin.commands.undoing import undo  # noqa: E402
from admin.commands.verifying import verify  # noqa: E402
from core.errors import OnbrandError, UsageError  # noqa: E402

WRONG_USE, FAILED = 2, 1


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="onbrand")
def onbrand() -> None:
    """Approved answers from your brand material: cited, in date, and only what the asker may read."""


for command in (
    ask,
    search,
    source,
    sync,
    documents,
    answers,
    gaps,
    people,
    channel,
    audit,
    receipt,
    recall,
    retention,
    jobs,
    reindex,
    index,
    backup,
    restore,
    verify,
    undo,
    up,
    bot,
    worker,
    demo,
    evaluate,
    doctor,
    data_flow,
    manifest,
    env_example,
):
    onbrand.add_command(command)


def main() -> None:
    """Entry point. An expected failure is one message and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # What the terminal cannot show is escaped: an answer never ends in an encoding error.
            stream.reconfigure(errors="backslashreplace")
    try:
        onbrand.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(WRONG_USE if isinstance(error, click.UsageError) else error.exit_code)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(FAILED)
    except OnbrandError as error:
        click.echo(f"onbrand: {error}", err=True)
        sys.exit(WRONG_USE if isinstance(error, UsageError) else FAILED)


if __name__ == "__main__":
    main()
