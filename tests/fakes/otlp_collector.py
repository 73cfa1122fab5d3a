"""A small OTLP collector on loopback: keeps the spans that it is sent, and can refuse, redirect or hang."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from core.clock import Stopwatch, pause


@dataclass
class OtlpCollector:
    """What it was sent. `status` is what it answers; while `hangs` is set it answers nothing."""

    url: str = ""
    status: int = 200
    hangs: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)
    bodies: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def list_spans(self) -> list[dict[str, Any]]:
        """Each span: name, id, parent, facts, and what went wrong."""
        spans = []
        for body in tuple(self.bodies):
            request = ExportTraceServiceRequest.FromString(body)
            for resource in request.resource_spans:
                for scope in resource.scope_spans:
                    spans += [_read_span(one) for one in scope.spans]
        return spans

    def wait_for(self, name: str, seconds: float = 10.0) -> dict[str, Any]:
        """The first span of this name."""
        watch = Stopwatch()
        while watch.milliseconds() < seconds * 1000:
            for one in self.list_spans():
                if one["name"] == name:
                    return one
            pause(0.02)
        raise AssertionError(f"no span {name!r} came: {[one['name'] for one in self.list_spans()]}")


def _read_span(span: Any) -> dict[str, Any]:
    facts = {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}
    return {
        "name": span.name,
        "id": span.span_id,
        "parent": span.parent_span_id,
        "trace": span.trace_id,
        "facts": facts,
        "events": len(span.events),
        "is_error": span.status.code == 2,
        "message": span.status.message,
    }


@contextmanager
def serve_collector() -> Iterator[OtlpCollector]:
    """One at a free port for the length of the block."""
    collector = OtlpCollector()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            """Keep the test output clean."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            while collector.hangs.is_set() and not collector.stopping.wait(0.02):
                pass
            collector.paths.append(self.path)
            if collector.status == 200:
                collector.bodies.append(body)
            self.send_response(collector.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    collector.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield collector
    finally:
        collector.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


def find_free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
