"""The WebSocket side of the fake: RFC 6455 frames over a plain socket, as far as Socket Mode needs them.

Used by slack_web.py (upgrade) and slack_delivery.py (sending).
"""

import base64
import contextlib
import hashlib
import itertools
import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from io import BufferedIOBase
from typing import Any, Final

_MAGIC: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
_numbers = itertools.count(1)


def build_accept(key: str) -> str:
    """Build the Sec-WebSocket-Accept value for a client's key."""
    return base64.b64encode(hashlib.sha1(key.encode() + _MAGIC).digest()).decode()


class SocketConnection:
    """One open WebSocket, server side. Its thread is the one that calls `read_messages`."""

    def __init__(self, connection: socket.socket, reader: BufferedIOBase) -> None:
        self.number = next(_numbers)
        self.pings = 0
        self._socket = connection
        self._reader = reader
        self._write_lock = threading.Lock()
        self._open = True

    @property
    def is_open(self) -> bool:
        """Tell whether frames can still be sent."""
        return self._open

    def send_json(self, message: Mapping[str, Any]) -> bool:
        """Send one text frame; return False when the peer is gone."""
        return self._send(_TEXT, json.dumps(message).encode())

    def read_messages(self, handle: Callable[[dict[str, Any]], None]) -> None:
        """Read until the peer closes or is cut; answers pings and the closing handshake."""
        with contextlib.suppress(OSError, EOFError, ValueError):
            while self._open:
                opcode, payload = self._read_frame()
                if opcode == _TEXT and payload:
                    handle(json.loads(payload))
                elif opcode == _PING:
                    self.pings += 1
                    self._send(_PONG, payload)
                elif opcode == _CLOSE:
                    self._send(_CLOSE, payload[:2])
                    break
        self._open = False

    def close(self) -> None:
        """Start the closing handshake (code 1000); the reader ends when the peer answers."""
        self._send(_CLOSE, struct.pack("!H", 1000))

    def cut(self) -> None:
        """Drop the connection at once, without a closing frame."""
        self._open = False
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._socket.shutdown(socket.SHUT_RDWR)

    def _send(self, opcode: int, payload: bytes) -> bool:
        size = len(payload)
        if size < 126:
            head = struct.pack("!BB", 0x80 | opcode, size)
        elif size < 65_536:
            head = struct.pack("!BBH", 0x80 | opcode, 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | opcode, 127, size)
        try:
            with self._write_lock:
                self._socket.sendall(head + payload)
        except OSError:
            self._open = False
        return self._open

    def _read_frame(self) -> tuple[int, bytes]:
        first, second = self._read(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", self._read(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._read(8))
        if not second & 0x80:
            raise ValueError("a client frame must be masked")
        mask = self._read(4)
        payload = self._read(size)
        return first & 0x0F, bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))

    def _read(self, size: int) -> bytes:
        data = self._reader.read(size)
        if len(data) < size:
            raise EOFError
        return data
