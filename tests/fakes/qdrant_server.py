"""A stand-in for a Qdrant server: its REST subset over edge shards, in a real HTTP server on loopback.

Used by the contract suite and multi-process tests; alone: python -m tests.fakes.qdrant_server --port 0
"""

import json
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import SSLContext
from typing import Any
from urllib.parse import unquote, urlsplit

import click
import qdrant_edge as edge
from pydantic import BaseModel, TypeAdapter, ValidationError
from qdrant_client import models

from tests.fakes import qdrant_requests as requests

VERSION = "1.20.0"
DONE = {"operation_id": 1, "status": "completed"}


class Refusal(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


@dataclass
class Collection:
    """One shard, what it was created from, and its payload indexes."""

    shard: edge.EdgeShard
    created: models.CreateCollection
    schema: dict[str, models.PayloadSchemaType] = field(default_factory=dict)


class FakeQdrant:
    """The collections behind the server. `requests` lists method and path of every accepted request."""

    def __init__(self, folder: Path, key: str | None = None) -> None:
        self.folder = folder
        self.key = key
        self.requests: list[str] = []
        self.version = VERSION
        self._collections: dict[str, Collection] = {}
        self._aliases: dict[str, str] = {}
        self._one_at_a_time = threading.Lock()

    def answer(self, method: str, path: str, body: bytes) -> Any:
        """The `result` of a request. Raises Refusal."""
        for wanted, pattern, model, act in ROUTES:
            found = re.fullmatch(pattern, path)
            if method == wanted and found:
                content = _read_body(model, body)
                with self._one_at_a_time, _engine_errors():
                    self.requests.append(f"{method} {path}")
                    return act(self, *map(unquote, found.groups()), *content)
        raise Refusal(404, f"{method} {path} is not part of the fake")

    def close(self) -> None:
        """Close every shard."""
        with self._one_at_a_time:
            for collection in self._collections.values():
                collection.shard.close()

    def list_collections(self) -> Any:
        return {"collections": [{"name": name} for name in self._collections]}

    def has_collection(self, name: str) -> Any:
        return {"exists": self._aliases.get(name, name) in self._collections}

    def create_collection(self, name: str, body: models.CreateCollection) -> Any:
        if name in self._collections:
            raise Refusal(409, f"Collection `{name}` already exists!")
        if name in self._aliases:
            raise Refusal(
                400, f"Can't create collection with name {name}. Alias with the same name already exists"
            )
        folder = self.folder / f"shard{len(list(self.folder.iterdir()))}"
        self._collections[name] = Collection(
            edge.EdgeShard.create(str(folder), requests.build_config(body)), body
        )
        return True

    def delete_collection(self, name: str) -> Any:
        collection = self._collections.pop(name, None)
        if collection is None:
            return False
        collection.shard.close()
        self._aliases = {alias: target for alias, target in self._aliases.items() if target != name}
        return True

    def list_aliases(self) -> Any:
        pairs = self._aliases.items()
        return {"aliases": [{"alias_name": alias, "collection_name": target} for alias, target in pairs]}

    def change_aliases(self, body: models.ChangeAliasesOperation) -> Any:
        aliases = dict(self._aliases)
        for action in body.actions:
            requests.change_alias(aliases, action, collections=self._collections.keys())
        self._aliases = aliases
        return True

    def describe_collection(self, name: str) -> Any:
        collection = self._find(name)
        info = collection.shard.info()
        return {
            "status": "green",
            "optimizer_status": "ok",
            "segments_count": info.segments_count,
            "points_count": info.points_count,
            "config": {
                "params": collection.created.model_dump(
                    include={"vectors", "sparse_vectors", "shard_number", "replication_factor"}, mode="json"
                ),
                "hnsw_config": {"m": 16, "ef_construct": 100, "full_scan_threshold": 10_000},
                "optimizer_config": {"default_segment_number": 0, "flush_interval_sec": 5},
            },
            "payload_schema": {
                key: {"data_type": kind.value, "points": info.points_count}
                for key, kind in collection.schema.items()
            },
        }

    def create_index(self, name: str, body: models.CreateFieldIndex) -> Any:
        schema = requests.build_schema(body)
        self._update(name, edge.UpdateOperation.create_field_index(body.field_name, schema))
        self._find(name).schema[body.field_name] = models.PayloadSchemaType(body.field_schema)
        return DONE

    def upsert(self, name: str, body: models.PointsList) -> Any:
        points = [requests.build_point(point) for point in body.points]
        return self._update(name, edge.UpdateOperation.upsert_points(points))

    def delete(self, name: str, body: models.FilterSelector | models.PointIdsList) -> Any:
        if isinstance(body, models.PointIdsList):
            return self._update(name, edge.UpdateOperation.delete_points(list(body.points)))
        wanted = requests.build_filter(body.filter) or edge.Filter()
        return self._update(name, edge.UpdateOperation.delete_points_by_filter(wanted))

    def set_payload(self, name: str, body: models.SetPayload) -> Any:
        wanted = requests.build_filter(body.filter)
        if wanted is None:
            return self._update(name, edge.UpdateOperation.set_payload(list(body.points or []), body.payload))
        return self._update(name, edge.UpdateOperation.set_payload_by_filter(wanted, body.payload))

    def count(self, name: str, body: models.CountRequest) -> Any:
        wanted = edge.CountRequest(filter=requests.build_filter(body.filter), exact=True)
        return {"count": self._find(name).shard.count(wanted)}

    def scroll(self, name: str, body: models.ScrollRequest) -> Any:
        wanted = edge.ScrollRequest(
            offset=body.offset,
            limit=body.limit or 10,
            filter=requests.build_filter(body.filter),
            with_payload=body.with_payload is not False,
            with_vector=bool(body.with_vector),
        )
        records, following = self._find(name).shard.scroll(wanted)
        page = [requests.describe_record(record) for record in records]
        return {"points": page, "next_page_offset": None if following is None else str(following)}

    def retrieve(self, name: str, body: models.PointRequest) -> Any:
        fields = body.with_payload
        wanted = edge.PayloadSelector.Include(fields) if isinstance(fields, list) else fields is not False
        records = self._find(name).shard.retrieve(list(body.ids), wanted, bool(body.with_vector))
        return [requests.describe_record(record) for record in records]

    def query(self, name: str, body: models.QueryRequest) -> Any:
        found = self._find(name).shard.query(requests.build_query(body))
        return {"points": [requests.describe_point(point) for point in found]}

    def query_batch(self, name: str, body: models.QueryRequestBatch) -> Any:
        return [self.query(name, search) for search in body.searches]

    def _find(self, name: str) -> Collection:
        found = self._collections.get(self._aliases.get(name, name))
        if found is None:
            raise Refusal(404, f"Not found: Collection `{name}` doesn't exist!")
        return found

    def _update(self, name: str, operation: edge.UpdateOperation) -> Any:
        self._find(name).shard.update(operation)
        return DONE


COLLECTION = r"/collections/([^/]+)"
POINTS = COLLECTION + "/points"
DELETED = models.FilterSelector | models.PointIdsList
ROUTES: tuple[tuple[str, str, Any, Callable[..., Any]], ...] = (
    ("GET", "/collections", None, FakeQdrant.list_collections),
    ("GET", "/aliases", None, FakeQdrant.list_aliases),
    ("POST", "/collections/aliases", models.ChangeAliasesOperation, FakeQdrant.change_aliases),
    ("GET", COLLECTION + "/exists", None, FakeQdrant.has_collection),
    ("GET", COLLECTION, None, FakeQdrant.describe_collection),
    ("PUT", COLLECTION, models.CreateCollection, FakeQdrant.create_collection),
    ("DELETE", COLLECTION, None, FakeQdrant.delete_collection),
    ("PUT", COLLECTION + "/index", models.CreateFieldIndex, FakeQdrant.create_index),
    ("POST", POINTS, models.PointRequest, FakeQdrant.retrieve),
    ("PUT", POINTS, models.PointsList, FakeQdrant.upsert),
    ("POST", POINTS + "/delete", DELETED, FakeQdrant.delete),
    ("POST", POINTS + "/payload", models.SetPayload, FakeQdrant.set_payload),
    ("POST", POINTS + "/count", models.CountRequest, FakeQdrant.count),
    ("POST", POINTS + "/scroll", models.ScrollRequest, FakeQdrant.scroll),
    ("POST", POINTS + "/query", models.QueryRequest, FakeQdrant.query),
    ("POST", POINTS + "/query/batch", models.QueryRequestBatch, FakeQdrant.query_batch),
)


def _read_body(model: Any, body: bytes) -> tuple[BaseModel, ...]:
    """Checked against the client's own models, which forbid unknown fields."""
    if model is None:
        return ()
    try:
        return (TypeAdapter(model).validate_json(body),)
    except ValidationError as error:
        raise Refusal(400, f"Format error in JSON body: {error}") from error


@contextmanager
def _engine_errors() -> Iterator[None]:
    try:
        yield
    except Refusal:
        raise
    except Exception as error:
        # The engine raises bare exceptions; a real server calls these a wrong input.
        raise Refusal(400, f"Wrong input: {error}") from error


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in two writes; without this each answer waits 40 ms for the other side.
    disable_nagle_algorithm = True
    fake: FakeQdrant

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self._check_key()
            path = urlsplit(self.path).path
            if path == "/":
                return self._send(200, {"title": "fake qdrant", "version": self.fake.version})
            result = self.fake.answer(self.command, path, body)
        except Refusal as refusal:
            return self._send(
                refusal.status, {"status": {"error": str(refusal)}, "time": 0.0, "result": None}
            )
        return self._send(200, {"result": result, "status": "ok", "time": 0.0})

    do_GET = do_PUT = do_POST = do_DELETE = _answer  # noqa: N815 - the names http.server looks for

    def _check_key(self) -> None:
        sent = self.headers.get("api-key")
        if self.fake.key is not None and sent != self.fake.key:
            status, reason = (401, "Must provide an API key") if sent is None else (403, "Invalid API key")
            raise Refusal(status, reason)

    def _send(self, status: int, content: Any) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Quiet: a test's output is its own."""


@dataclass(frozen=True)
class RunningQdrant:
    """Where the fake listens, and the fake itself."""

    url: str
    fake: FakeQdrant


@contextmanager
def running_qdrant(
    folder: Path, *, key: str | None = None, port: int = 0, tls: SSLContext | None = None
) -> Iterator[RunningQdrant]:
    """Serve from a thread on loopback until the block ends. `folder` exists and is the fake's own."""
    fake = FakeQdrant(folder, key)
    handler = type("Handler", (_Handler,), {"fake": fake})
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        scheme = "http" if tls is None else "https"
        yield RunningQdrant(f"{scheme}://127.0.0.1:{server.server_port}", fake)
        server.shutdown()
        thread.join()
    fake.close()


@click.command()
@click.option("--port", default=0, help="0 takes a free one.")
@click.option("--key", default=None, help="The API key to demand.")
def main(port: int, key: str | None) -> None:
    """Serve until killed; the URL is the first line printed."""
    with tempfile.TemporaryDirectory() as folder, running_qdrant(Path(folder), key=key, port=port) as server:
        click.echo(server.url)
        threading.Event().wait()


if __name__ == "__main__":
    main()
