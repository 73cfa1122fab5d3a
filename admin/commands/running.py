"""What the commands share: reading settings, running one operation, printing its result."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

import click

from admin.owner import reach_world
from core.errors import OnbrandError, UsageError
from core.local_socket import Report
from core.logs import start_logging
from core.settings import Settings

as_person = click.option(
    "--as", "as_email", metavar="EMAIL", help="Act as this person; without it: the local owner."
)
as_json = click.option("--json", "json_output", is_flag=True, help="Print one JSON object.")


def read_settings() -> Settings:
    """Settings of this process, with logging started."""
    settings = Settings.from_environment()
    start_logging(settings.log_level)
    return settings


def run_one(name: str, arguments: Mapping[str, Any], report: Report | None = None) -> Any:
    """Run one operation wherever it belongs."""
    with reach_world(_quiet_settings()) as run:
        return run(name, arguments, report or _ignore)


def run_batch(
    name: str, path: str, *, common: Mapping[str, Any], accepted: Iterable[str], lists: Iterable[str] = ()
) -> bool:
    """Run one operation for each JSON line of a file, printing one JSON line each; True when all succeeded.

    `accepted` names the fields that hold text, `lists` those that hold a list of texts.
    """
    wanted, listed = tuple(accepted), tuple(lists)
    succeeded, lines = True, read_lines(path)
    with reach_world(_quiet_settings()) as run:

        def answer(fields: Mapping[str, Any]) -> Any:
            chosen = {**_choose_texts(fields, wanted), **_choose_lists(fields, listed)}
            return run(name, {**common, **chosen}, _ignore)

        for number, line in lines:
            result = _run_line(line, number, answer)
            succeeded = succeeded and "error" not in result
            click.echo(json.dumps(result, ensure_ascii=False))
    return succeeded


def echo_json(result: Any) -> None:
    """One JSON object on standard output."""
    click.echo(json.dumps(result, ensure_ascii=False, indent=2))


def print_result(
    render: Callable[[Any], str],
) -> Callable[[Callable[..., Any]], Callable[..., None]]:
    """A command gives a result; print it as JSON when asked to, else as `render` says."""

    def decorate(command: Callable[..., Any]) -> Callable[..., None]:
        @wraps(command)
        def run(*, json_output: bool, **options: Any) -> None:
            result = command(**options)
            if json_output:
                echo_json(result)
            else:
                click.echo(render(result))

        return run

    return decorate


def _run_line(line: str, number: int, answer: Callable[[Mapping[str, Any]], Any]) -> dict[str, Any]:
    key: dict[str, Any] = {}
    try:
        fields = _read_line(line, number)
        key = {"id": fields["id"]} if "id" in fields else {}
        return {**key, **answer(fields)}
    except OnbrandError as error:
        return {**key, "error": str(error)}


def _read_line(line: str, number: int) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"line {number} is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise UsageError(f"line {number} is not a JSON object")
    return fields


def _choose_texts(fields: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, str]:
    chosen = {name: fields[name] for name in wanted if fields.get(name) is not None}
    for name, value in chosen.items():
        if not isinstance(value, str):
            raise UsageError(f"{name} {value!r} is not understood; allowed: text in quotation marks")
    return chosen


def _choose_lists(fields: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, list[str]]:
    chosen = {name: fields[name] for name in wanted if fields.get(name) is not None}
    for name, value in chosen.items():
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise UsageError(f"{name} {value!r} is not understood; allowed: a list of texts, oldest first")
    return chosen


def read_lines(path: str) -> list[tuple[int, str]]:
    """(number, line) of each line that is not empty; `-` reads standard input. Raises UsageError."""
    # Not splitlines(): the text inside JSON may hold line separators of other kinds.
    lines = enumerate(_read_text(path).split("\n"), start=1)
    return [(number, line) for number, line in lines if line.strip()]


def _read_text(path: str) -> str:
    try:
        content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the file {path!r} cannot be read: {error}") from error


def _quiet_settings() -> Settings:
    # A command's standard error is for the person at the terminal: only what they must know.
    settings = Settings.from_environment()
    start_logging("DEBUG" if settings.log_level == "DEBUG" else "WARNING")
    return settings


def _ignore(_progress: Mapping[str, Any]) -> None:
    return None
