"""The local socket of a world: commands of other processes reach the one that owns the index. JSON lines both ways.

A request is one object; the reply is any number of `{"progress": …}` and then one `{"result": …}` or `{"error": …}`.
"""

import hashlib
import json
import logging
import os
import socket
import socketserver
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from core.errors import NotAllowed, OnbrandError, PermanentError, TransientError, UsageError

log = logging.getLogger(__name__)

Report = Callable[[Mapping[str, Any]], None]
Handler = Callable[[str, Mapping[str, Any], Report], Any]
"""Handler(command, arguments, report progress) -> JSON-ready result. Raises OnbrandError."""

# sun_path holds 108 bytes on Linux and 104 on macOS.
LONGEST_PATH = 100
CONNECT_TIMEOUT_SECONDS = 5.0
ERRORS: Mapping[str, type[OnbrandError]] = {
    "usage": UsageError,
    "not_allowed": NotAllowed,
    "transient": TransientError,
    "permanent": PermanentError,
}


class HomeInUse(PermanentError):
    """Another process answers the commands of this world. Where the index is embedded, its lock says so before."""


class NobodyListens(TransientError):
    """No process owns this world at the moment."""


def socket_path(home: Path) -> Path:
    """Where the socket of this world lies: in it, or (where that path is too long) in the temporary folder."""
    inside = home.resolve() / "onbrand.sock"
    if len(os.fsencode(inside)) <= LONGEST_PATH:
        return inside
    mark = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"onbrand-{os.getuid()}-{mark}.sock"


@contextmanager
def serve_commands(home: Path, handler: Handler) -> Iterator[None]:
    """Answer commands until the block ends; raises HomeInUse when another process answers them already."""
    path = socket_path(home)
    if _is_answered(path):
        raise HomeInUse(
            f"{home} is in use by another process; stop that one, or set another ONBRAND_HOME. "
            "Several processes need PostgreSQL (ONBRAND_DATABASE_URL) and a Qdrant server (ONBRAND_QDRANT_URL)"
        )
    path.unlink(missing_ok=True)
    previous = os.umask(0o177)
    try:
        server = _Server(str(path), handler)
    finally:
        os.umask(previous)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="local-socket", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        server.shutdown()
        server.server_close()


def _is_answered(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(CONNECT_TIMEOUT_SECONDS)
        return connection.connect_ex(str(path)) == 0


def call_owner(home: Path, command: str, arguments: Mapping[str, Any], report: Report) -> Any:
    """Send one command to the owner of this world; raises NobodyListens, or the error that the owner raised."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(CONNECT_TIMEOUT_SECONDS)
        try:
            connection.connect(str(socket_path(home)))
        except OSError as error:
            raise NobodyListens(f"nothing listens for {home}") from error
        if not _is_same_user(connection):
            # The temporary folder is open to all: somebody else may have laid a socket at this path.
            raise NobodyListens(f"what listens for {home} belongs to another user")
        connection.settimeout(None)
        request = {"command": command, "arguments": dict(arguments)}
        return _exchange(connection, json.dumps(request).encode() + b"\n", report)


def _exchange(connection: socket.socket, request: bytes, report: Report) -> Any:
    for message in _read_messages(connection, request):
        if "progress" in message:
            report(message["progress"])
        elif "error" in message:
            raise ERRORS[message["kind"]](message["error"])
        else:
            return message["result"]
    raise TransientError("the running onbrand stopped before it had answered; try again")


def _read_messages(connection: socket.socket, request: bytes) -> Iterator[Mapping[str, Any]]:
    # An owner that dies resets the connection or leaves half a line: both end the messages.
    with suppress(ConnectionError, ValueError), connection.makefile("r", encoding="utf-8") as lines:
        connection.sendall(request)
        for line in lines:
            yield json.loads(line)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, path: str, handler: Handler) -> None:
        self.handle_command = handler
        super().__init__(path, _Connection)


class _Connection(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        if not _is_same_user(self.connection):
            return
        line = self.rfile.readline()
        if not line:
            return
        try:
            self._answer(line)
        except (BrokenPipeError, ConnectionResetError):
            log.info("the asking process went away")

    def _answer(self, line: bytes) -> None:
        try:
            request = json.loads(line)
            result = self.server.handle_command(request["command"], request["arguments"], self._report)
            self._send({"result": result})
        except OnbrandError as error:
            self._send({"error": str(error), "kind": _kind_of(error)})
        except (BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:
            log.exception("a command failed")
            inside = f"it failed inside ({type(error).__name__}); see the log of the owner"
            self._send({"error": inside, "kind": "permanent"})

    def _report(self, progress: Mapping[str, Any]) -> None:
        self._send({"progress": progress})

    def _send(self, message: Mapping[str, Any]) -> None:
        self.wfile.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
        self.wfile.flush()


def _kind_of(error: OnbrandError) -> str:
    # The most particular kind is listed first.
    for kind in ("usage", "not_allowed", "transient", "permanent"):
        if isinstance(error, ERRORS[kind]):
            return kind
    return "permanent"


def _is_same_user(connection: socket.socket) -> bool:
    # The socket file is readable by its owner alone; where the system can say who calls, that is checked as well.
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", credentials)
    return bool(user == os.getuid())
