"""Options of `source add` that types of source ask for, and what it asks at a terminal. For commands/sources.py."""

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from core.secrets import name_variable, pick_secrets
from core.settings import Settings
from core.source_settings import read_source_variables


class SourceCommand(click.Command):
    """A command that takes every option of every type; the types are loaded when it is used, not when it is listed."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Its own, and those of the types."""
        return [*super().get_params(ctx), *_list_type_options()]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Which types there are."""
        from ingest.connectors.registry import load_types

        super().format_epilog(ctx, formatter)
        with formatter.section("Types"):
            formatter.write_dl([(one.name, one.title) for one in load_types()])


def take_options(values: dict[str, Any]) -> dict[str, str]:
    """Those of `values` that belong to types, taken out of them. Whether the type has them, the operation checks."""
    given = {one: values.pop(one.replace("-", "_"), None) for one in _group_options()}
    options = {name: value for name, value in given.items() if value is not None}
    if options.get("path"):
        options["path"] = str(Path(options["path"]).expanduser().resolve())
    return options


def ask_for_options(
    type_name: str, name: str, options: Mapping[str, str], settings: Settings
) -> dict[str, str]:
    """At a terminal: the required options that are missing, and the secrets, which go to the secrets file."""
    from ingest.connectors.registry import find_type

    wanted = dict(options)
    source_type = find_type(type_name)
    for one in source_type.options:
        if one.is_required and not one.is_secret and not wanted.get(one.name):
            wanted[one.name] = click.prompt(f"{one.name} ({one.help})", err=True)
    secrets = [one for one in source_type.options if one.is_secret]
    file = settings.secrets_file if settings.secrets_file and settings.secrets_file.exists() else None
    known = pick_secrets(name, [one.name for one in secrets], read_source_variables(file))
    for one in secrets:
        if one.name not in known and settings.secrets_file is not None:
            value = click.prompt(
                f"{one.name} ({one.help}; empty: not used)",
                default="",
                hide_input=True,
                show_default=False,
                err=True,
            )
            if value:
                _write_secret(settings.secrets_file, name_variable(name, one.name), value)
    return wanted


def is_terminal() -> bool:
    """True when somebody can be asked."""
    return sys.stdin.isatty()


def _write_secret(path: Path, variable: str, value: str) -> None:
    """Append to the file, which nobody but its owner may read."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    needs_end = path.exists() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
    with os.fdopen(os.open(path, flags, stat.S_IRUSR | stat.S_IWUSR), "a", encoding="utf-8") as file:
        file.write("\n" * needs_end + f"{variable}={value}\n")


def _list_type_options() -> Iterator[click.Option]:
    for name, said in _group_options().items():
        yield click.Option([f"--{name}"], help=said)


def _group_options() -> dict[str, str]:
    """Option -> help, naming the types that take it; secrets are no options."""
    from ingest.connectors.options import COMMON_OPTIONS
    from ingest.connectors.registry import load_types

    found: dict[str, list[str]] = {}
    for source_type in load_types():
        for one in source_type.options:
            if not one.is_secret:
                found.setdefault(one.name, []).append(f"{source_type.name}: {one.help}")
    common = {one.name: one.help for one in COMMON_OPTIONS}
    return {name: "; ".join(said) for name, said in sorted(found.items())} | common
