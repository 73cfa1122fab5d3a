"""The shared part of Drive (list, changes, bytes, trash) against a mock that others wrote: it and our fake agree.

The mock is google-drive-mock 1.2.0 for Node; it has neither shared drives nor permissions, exports or approvals.
"""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from core.clock import Stopwatch, pause
from ingest.connectors.connector import FileReference, FileWithdrawn
from ingest.connectors.drive import calls as drive_calls
from ingest.connectors.drive.calls import DriveCalls
from ingest.connectors.drive.fetching import Fetcher
from ingest.connectors.drive.walk import list_children
from ingest.connectors.web_client import WebClient
from tests.fakes.drive_oauth import DRIVE_SCOPE
from tests.fakes.drive_server import DriveServer, serve_drive
from tests.fakes.drive_world import FOLDER, Grant

pytestmark = [pytest.mark.peers, pytest.mark.timeout(400)]
PACKAGES = ("google-drive-mock@1.2.0", "express@5.2.1", "cors@2.8.5")
START = "require('google-drive-mock').startServer(+process.argv[1], '127.0.0.1', {})"


class Hands(Protocol):
    """Somebody who works in Drive."""

    @property
    def base(self) -> str: ...
    @property
    def token(self) -> str: ...
    def add(self, name: str, parent: str, content: bytes | None) -> str: ...
    def write(self, id_: str, content: bytes) -> None: ...
    def change(self, id_: str, **fields: Any) -> None: ...
    def remove(self, id_: str) -> None: ...


@dataclass
class PeerHands:
    """Works in the mock, over its API."""

    base: str
    token: str = "valid-token"

    def add(self, name: str, parent: str, content: bytes | None) -> str:
        mime = FOLDER if content is None else "text/markdown"
        body = {"name": name, "mimeType": mime, "parents": [parent] if parent else []}
        id_ = str(self._send("POST", "drive/v3/files", json=body).json()["id"])
        if content is not None:
            self.write(id_, content)
        return id_

    def write(self, id_: str, content: bytes) -> None:
        path = f"upload/drive/v3/files/{id_}?uploadType=media"
        self._send("PATCH", path, content=content, headers={"Content-Type": "text/markdown"})

    def change(self, id_: str, **fields: Any) -> None:
        self._send("PATCH", f"drive/v3/files/{id_}", json=fields)

    def remove(self, id_: str) -> None:
        self._send("DELETE", f"drive/v3/files/{id_}")

    def _send(self, verb: str, path: str, **parts: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **parts.pop("headers", {})}
        answer = httpx.request(verb, f"{self.base}/{path}", headers=headers, trust_env=False, **parts)
        assert answer.is_success, answer.text
        return answer


@dataclass
class OurHands:
    """Works in our fake."""

    server: DriveServer

    @property
    def base(self) -> str:
        return self.server.base

    @property
    def token(self) -> str:
        return str(self.server.office._give(self.server.world.account, DRIVE_SCOPE)[1]["access_token"])

    def add(self, name: str, parent: str, content: bytes | None) -> str:
        mime, own = FOLDER if content is None else "text/markdown", [Grant(self.server.world.account)]
        return self.server.world.add_item(parent, name, mime, content=content or b"", grants=own)

    def write(self, id_: str, content: bytes) -> None:
        self.server.world.write(id_, content)

    def change(self, id_: str, **fields: Any) -> None:
        names = {"trashed": "is_trashed"}
        self.server.world.change(id_, **{names.get(name, name): value for name, value in fields.items()})

    def remove(self, id_: str) -> None:
        self.server.world.remove(id_)


class Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self.token = token

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        request.headers["Authorization"] = f"Bearer {self.token}"
        yield request


class Story:
    """One story, told to the peer and to our fake; `seen` is what our calls see, with names for ids."""

    def __init__(self, hands: Hands) -> None:
        web = WebClient(hands.base, name="brand", auth=Bearer(hands.token))
        self.hands, self.calls, self.fetcher = hands, DriveCalls(web), Fetcher(web, 1000)
        self.seen: list[Any] = []
        self.folder = hands.add("Guides", "", None)
        names = ("One.md", "Two.md", "Three.md", "Four.md")
        self.ids = {name: hands.add(name, self.folder, name.encode()) for name in names}
        self.token = self.calls.take_token("")

    def play(self) -> list[Any]:
        self.look()
        self.list_news()
        self.hands.write(self.ids["One.md"], b"new text")
        self.hands.change(self.ids["Two.md"], name="Two again.md")
        self.hands.change(self.ids["Three.md"], trashed=True)
        self.hands.remove(self.ids["Four.md"])
        self.list_news()
        self.look()
        self.hands.change(self.ids["Three.md"], trashed=False)
        self.list_news()
        self.look()
        self.seen.append(self.calls.find_item(self.ids["Four.md"]))
        return self.seen

    def look(self) -> None:
        items = list_children(self.calls, [self.folder], "")
        self.seen.append(sorted((item.name, item.parent == self.folder) for item in items))
        self.seen.append([self.read(id_) for id_ in self.ids.values()])

    def read(self, id_: str) -> bytes | None:
        try:
            return self.fetcher.fetch(FileReference("", 0, None, item_id=id_))
        except FileWithdrawn:
            return None

    def list_news(self) -> None:
        log = self.calls.list_changes("", self.token)
        assert log is not None
        names = {id_: name for name, id_ in self.ids.items()} | {self.folder: "Guides"}
        news = [
            (names[one.id], one.item is None, bool(one.item and one.item.is_trashed)) for one in log.changes
        ]
        self.seen.append(sorted(news))
        self.token = log.token


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PeerHands]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("the peer runs on Node, which is not on this machine")
    folder = tmp_path_factory.mktemp("peer")
    _install(npm, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([node, "-e", START, str(port)], cwd=folder, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield PeerHands(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(10)


def _install(npm: str, folder: Path) -> None:
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"npm cannot install the peer: {done.stderr[-300:]}")


def _wait_for(port: int) -> None:
    watch = Stopwatch()
    while watch.milliseconds() < 20_000:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        pause(0.05)
    raise AssertionError("the peer did not start")


@pytest.mark.parametrize("page", [1000, 2])
def test_a_story_reads_the_same_in_the_peer_and_in_our_fake(
    peer: PeerHands, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(drive_calls, "PAGE", page)
    with serve_drive() as server:
        ours = Story(OurHands(server)).play()
        assert server.violations == []
    assert Story(peer).play() == ours
    assert ours[0] == [("Four.md", True), ("One.md", True), ("Three.md", True), ("Two.md", True)]
    assert ours[-1] is None
