"""Ends an HTTP request at a fixed moment or on demand, even while it is waited for. Used by callers of models."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Lock, Timer
from time import monotonic
from typing import Any, Self


class Line:
    """The connection of one request. Any thread may cut it, at any moment, even before it is there."""

    def __init__(self) -> None:
        self._guarding = Lock()
        self._connection: socket.socket | None = None
        self._is_cut = False

    def hold(self, stream: Any) -> None:
        """From now on, the network stream (of the HTTP client) that `cut` ends."""
        connection = stream.get_extra_info("socket") if stream is not None else None
        with self._guarding:
            self._connection = connection
            if self._is_cut:
                _shut_down(connection)

    def cut(self) -> None:
        """Whoever reads or writes there gets an error at once."""
        with self._guarding:
            self._is_cut = True
            _shut_down(self._connection)

    @contextmanager
    def cut_at(self, deadline: float) -> Iterator[Self]:
        """Cut at `deadline` (of the monotonic clock) unless the block ended before."""
        timer = Timer(max(0.0, deadline - monotonic()), self.cut)
        timer.daemon = True
        timer.start()
        try:
            yield self
        finally:
            timer.cancel()


_LINE: ContextVar[Line | None] = ContextVar("line", default=None)


@contextmanager
def requests_on(line: Line) -> Iterator[None]:
    """What this thread asks within the block, by a client with the hook `hand_over_line`, runs on this line."""
    token = _LINE.set(line)
    try:
        yield
    finally:
        _LINE.reset(token)


def hand_over_line(request: Any) -> None:
    """Event hook of an HTTP client: the line gets to know the connection as soon as there is one."""
    line = _LINE.get()
    if line is not None:
        request.extensions["trace"] = lambda event, info: _watch(line, event, info)


@contextmanager
def cut_off_at(deadline: float, response: Any) -> Iterator[None]:
    """Shut the response's connection down at `deadline` (of the monotonic clock) unless the block ended before.

    A read time-out alone cannot do this: it starts anew with every byte, so a server that drips would hold us for ever.
    """
    line = Line()
    line.hold(response.extensions.get("network_stream"))
    with line.cut_at(deadline):
        yield


def _watch(line: Line, event: str, info: Mapping[str, Any]) -> None:
    # With TLS there are two: the second takes the socket of the first over.
    if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
        line.hold(info.get("return_value"))


def _shut_down(connection: socket.socket | None) -> None:
    # Closing would not wake the thread that reads; shutting down does. An encrypted socket's own method would
    # drop its cipher and let that thread read on in the clear.
    if connection is not None:
        with suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)
