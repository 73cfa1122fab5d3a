"""Ends a streamed HTTP response at a fixed moment, even while it is being waited for. Used by core/openai_model.py."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from time import monotonic
from typing import Any


@contextmanager
def cut_off_at(deadline: float, response: Any) -> Iterator[None]:
    """Shut the response's connection down at `deadline` (of the monotonic clock) unless the block ended before.

    A read time-out alone cannot do this: it starts anew with every byte, so a server that drips would hold us for ever.
    """
    stream = response.extensions.get("network_stream")
    connection = stream.get_extra_info("socket") if stream is not None else None
    timer = Timer(max(0.0, deadline - monotonic()), _shut_down, args=(connection,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut_down(connection: socket.socket | None) -> None:
    # Closing would not wake the thread that reads; shutting down does.
    if connection is not None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
