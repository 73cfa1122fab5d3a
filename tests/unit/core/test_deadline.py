"""Promises of core/deadline.py: a connection is cut whenever it is there, were it opened after the word was given."""

import socket
from collections.abc import Iterator
from threading import Thread
from time import monotonic

import pytest

from core.deadline import Line, hand_over_line, requests_on


class Stream:
    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection

    def get_extra_info(self, name: str) -> socket.socket | None:
        return self.connection if name == "socket" else None


class Request:
    def __init__(self) -> None:
        self.extensions: dict[str, object] = {}


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.settimeout(5)
    with ours, theirs:
        yield ours, theirs


def test_thread_that_reads_is_woken_by_the_cut(pair: tuple[socket.socket, socket.socket]) -> None:
    line = Line()
    line.hold(Stream(pair[0]))
    with line.cut_at(monotonic() + 0.05):
        assert pair[0].recv(1) == b""


def test_connection_that_opens_after_the_cut_is_cut_as_well(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    line = Line()
    line.cut()
    line.hold(Stream(pair[0]))
    assert pair[0].recv(1) == b""


def test_line_without_a_connection_is_cut_without_harm() -> None:
    line = Line()
    line.hold(None)
    line.cut()
    line.cut()


def test_request_hands_the_newest_of_its_connections_over(pair: tuple[socket.socket, socket.socket]) -> None:
    request, line = Request(), Line()
    with requests_on(line):
        hand_over_line(request)
    trace = request.extensions["trace"]
    assert callable(trace)
    trace("connection.connect_tcp.started", {})
    trace("connection.connect_tcp.complete", {"return_value": Stream(pair[1])})
    trace("connection.start_tls.complete", {"return_value": Stream(pair[0])})
    Thread(target=line.cut).start()
    assert pair[0].recv(1) == b""


def test_request_outside_of_a_line_is_left_as_it_is() -> None:
    request = Request()
    hand_over_line(request)
    assert request.extensions == {}
