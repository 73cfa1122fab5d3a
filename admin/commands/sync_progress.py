"""How far a sync is, for the person who waits. Used by `onbrand sync` and the commands of trust."""

import sys
from collections.abc import Mapping
from typing import Any, Self

import click


class SyncProgress:
    """A bar on a terminal, a plain line every fifty files elsewhere; always on standard error."""

    def __init__(self, *, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._is_terminal = sys.stderr.isatty()
        self._bar: Any = None
        self._source, self._said = "", 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._close()

    def show(self, progress: Mapping[str, Any]) -> None:
        """Take one progress report of a sync."""
        if not self._is_shown:
            return
        if not self._is_terminal:
            if self._is_time(progress):
                click.echo(f"{progress['source']}: {progress['done']} of {progress['total']} files", err=True)
            return
        if not progress["total"]:
            return
        if progress["source"] != self._source:
            self._open(progress)
        self._bar.update(progress["done"] - self._bar.pos)

    def _is_time(self, progress: Mapping[str, Any]) -> bool:
        """At the start of each source, and whenever fifty files more are done."""
        done, is_new = progress["done"], progress["source"] != self._source
        if progress["done"] >= progress["total"] or not (is_new or done >= self._said + 50):
            return False
        self._source, self._said = progress["source"], done
        return True

    def _open(self, progress: Mapping[str, Any]) -> None:
        self._close()
        self._source = progress["source"]
        self._bar = click.progressbar(
            length=progress["total"], label=self._source, file=sys.stderr, show_pos=True
        )
        self._bar.__enter__()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
