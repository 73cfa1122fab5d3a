"""A shared drive behind the contract of connectors; readers are given file by file."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar

from core.access import OWNER_ACCESS
from core.sources import Source
from tests.contracts.sources.kit import ANN, BOB
from tests.fakes.drive_oauth import make_key_file
from tests.fakes.drive_server import Fault, serve_drive
from tests.fakes.drive_world import Grant

_FOR_GOOD = 10_000


class DriveKit:
    """Documents are Docs in one shared drive, of which Ann and Bob are no members."""

    LACKS: ClassVar[Mapping[str, str]] = {}

    def __init__(self, home: Path) -> None:
        self._stack = ExitStack()
        self._server = self._stack.enter_context(serve_drive())
        self._server.replies.page_size = 5
        self._world = self._server.world
        self._drive = self._world.add_drive("Brand")
        self._elsewhere = self._world.add_folder(self._drive, "Elsewhere")
        self._ids: dict[str, str] = {}
        options = {"api-url": self._server.base, "directory-url": self._server.base}
        self.secrets: Mapping[str, str] = {"key": make_key_file(self._world, self._server.base)}
        self.source = Source(
            "kit", "drive", options, status="approved", access=OWNER_ACCESS, on_change="auto_approve"
        )

    def add(self, name: str, words: str) -> None:
        grants = [Grant(str(ANN.email)), Grant(str(BOB.email))]
        self._ids[name] = self._world.add_doc(self._drive, name, f"# {name}\n\n{words}\n", grants=grants)

    def change(self, name: str, words: str) -> None:
        item = self._world.items[self._ids[name]]
        text = f"# {name}\n\n{words}\n".encode()
        self._world.write(item.id, text)
        item.exports = {**item.exports, "text/markdown": text}

    def move(self, name: str) -> None:
        self._world.move(self._ids[name], self._elsewhere)

    def rename(self, name: str, new: str) -> None:
        self._ids[new] = self._ids.pop(name)
        self._world.change(self._ids[new], name=new)

    def remove(self, name: str) -> None:
        self._world.change(self._ids[name], is_trashed=True)

    def restore(self, name: str) -> None:
        self._world.change(self._ids[name], is_trashed=False)

    def narrow(self, name: str) -> None:
        self._world.change(self._ids[name], grants=[Grant(str(ANN.email))])

    def widen(self, name: str) -> None:
        self._world.change(self._ids[name], grants=[Grant(str(ANN.email)), Grant(str(BOB.email))])

    def expire(self, after: int) -> None:
        self._server.expire_token_after(after)
        self._server.office.is_revoked = True

    def lose_page(self) -> None:
        listing = "drive.files.list"
        self._server.faults.append(Fault(1, listing, act=lambda: None))
        self._server.fail_next(_FOR_GOOD, status=500, on=listing, retry_after="0")

    def storm(self) -> None:
        self._server.fail_next(2, status=429, reason="rateLimitExceeded", retry_after="0")
        self._server.fail_next(2, status=403, reason="userRateLimitExceeded", retry_after="0")

    def mend(self) -> None:
        self._server.faults.clear()
        self._server.office.is_revoked = False

    def count_fetches(self) -> int:
        return self._server.count("drive.files.export")

    def close(self) -> None:
        self._stack.close()
        assert self._server.violations == []
