"""Spans: which part of an answer or a job took how long. No-ops unless a collector is set; see trace_export.py.

A span holds numbers and words of ours, ids among them: never a text, a name or an e-mail.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, Protocol

Fact = bool | int | float | str

WITHHELD = "withheld"
# What has a space or an @ is not one of our words: it may be somebody's.
_OUR_WORD = re.compile(r"[A-Za-z0-9_.:-]{0,80}")


class Tracer(Protocol):
    """What is needed of core.trace_export.OtlpTracer."""

    def begin(self, name: str, parent: Any) -> Any:
        """A new span inside `parent` (None: a trace of its own)."""

    def end(self, span: Any, facts: Mapping[str, Fact], failure: str | None) -> None:
        """It is over; `failure` is the class of the error that ended it."""


class Span(Protocol):
    """One part under way."""

    def note(self, **facts: Fact) -> None:
        """Say more about it."""

    def working(self) -> AbstractContextManager[None]:
        """What begins on this thread within the block is a part of it."""

    def end(self, error: BaseException | None = None) -> None:
        """It is over; once is enough, a second time does nothing."""


class _NoSpan:
    def note(self, **facts: Fact) -> None:
        """Nothing listens."""

    def working(self) -> AbstractContextManager[None]:
        return nullcontext()

    def end(self, error: BaseException | None = None) -> None:
        """Nothing listens."""


class _OpenSpan:
    def __init__(self, tracer: Tracer, name: str, facts: Mapping[str, Fact]) -> None:
        self._tracer = tracer
        self._facts = dict(facts)
        self._span = tracer.begin(name, _current.get())
        self._is_over = False

    def note(self, **facts: Fact) -> None:
        self._facts.update(facts)

    @contextmanager
    def working(self) -> Iterator[None]:
        token = _current.set(self._span)
        try:
            yield
        finally:
            _current.reset(token)

    def end(self, error: BaseException | None = None) -> None:
        if self._is_over:
            return
        self._is_over = True
        facts = {name: _keep_ours(value) for name, value in self._facts.items()}
        self._tracer.end(self._span, facts, type(error).__name__ if error is not None else None)


_NO_SPAN = _NoSpan()
_NO_BLOCK: AbstractContextManager[Span] = nullcontext(_NO_SPAN)
_current: ContextVar[Any] = ContextVar("span", default=None)
# One for the process, as with metrics: what is measured stands deep inside.
_tracers: list[Tracer] = []


@contextmanager
def trace_into(tracer: Tracer) -> Iterator[None]:
    """Within the block spans go to `tracer`, from every thread."""
    _tracers.append(tracer)
    try:
        yield
    finally:
        _tracers.remove(tracer)


def open_span(name: str, **facts: Fact) -> Span:
    """Begin one whose end is somewhere else: in a generator, say. Call its `end`."""
    tracer = _tracers[-1] if _tracers else None
    return _OpenSpan(tracer, name, facts) if tracer is not None else _NO_SPAN


def span(name: str, **facts: Fact) -> AbstractContextManager[Span]:
    """One part of an answer or a job, as long as the block. An error goes on, and the span bears its class."""
    return _keep_open(name, facts) if _tracers else _NO_BLOCK


@contextmanager
def _keep_open(name: str, facts: Mapping[str, Fact]) -> Iterator[Span]:
    opened = open_span(name, **facts)
    error: BaseException | None = None
    try:
        with opened.working():
            yield opened
    except BaseException as raised:
        error = raised
        raise
    finally:
        opened.end(error)


def _keep_ours(value: Fact) -> Fact:
    if isinstance(value, str) and not _OUR_WORD.fullmatch(value):
        return WITHHELD
    return value
