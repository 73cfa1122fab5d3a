"""A Bynder portal behind the contract of connectors."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from core.access import OPEN_TO_ALL
from core.sources import Source
from tests.fakes.bynder_server import PERMANENT_TOKEN, BynderServer
from tests.fakes.dam_server import serve_dam

_NO_READERS = "Bynder names no readers of an asset: the admin maps collections, brands or properties to them"


@dataclass(slots=True)
class BynderKit:
    """Documents are assets with a Markdown original; another place is a collection."""

    LACKS: ClassVar[Mapping[str, str]] = {"narrow": _NO_READERS}
    home: Path
    source: Source = field(init=False)
    secrets: Mapping[str, str] = field(default_factory=lambda: {"token": PERMANENT_TOKEN})
    server: BynderServer = field(default_factory=lambda: BynderServer(page_size=5))
    _ids: dict[str, str] = field(default_factory=dict)
    _running: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self._running.enter_context(serve_dam(self.server))
        self.source = Source(
            "kit",
            "bynder",
            {"url": self.server.url},
            status="approved",
            access=OPEN_TO_ALL,
            on_change="auto_approve",
        )

    def add(self, name: str, words: str) -> None:
        self._ids[name] = self.server.add_asset(
            name, type="document", extension=["md"], content=words.encode(), mediaItems=[]
        )

    def change(self, name: str, words: str) -> None:
        item_id = self._ids[name]
        self.server.files[item_id] = words.encode()
        self.server.edit(item_id, fileSize=len(words))

    def move(self, name: str) -> None:
        self.server.add_collection("Moved", self._ids[name])

    def rename(self, name: str, new: str) -> None:
        self._ids[new] = self._ids.pop(name)
        self.server.edit(self._ids[new], name=new)

    def remove(self, name: str) -> None:
        self.server.throw_away(self._ids[name])

    def restore(self, name: str) -> None:
        self.server.restore(self._ids[name])

    def narrow(self, name: str) -> None:
        raise NotImplementedError

    def widen(self, name: str) -> None:
        raise NotImplementedError

    def expire(self, after: int) -> None:
        self.server.expire_tokens_after(after)

    def lose_page(self) -> None:
        self.server.fail_next(1000, status=400, only="page=2&")

    def storm(self) -> None:
        self.server.fail_next(3, status=429, headers={"Retry-After": "0"})

    def mend(self) -> None:
        self.server.mend()
        self.server.tokens.add(PERMANENT_TOKEN)

    def count_fetches(self) -> int:
        return self.server.count("versions=1")

    def close(self) -> None:
        self._running.close()
        assert self.server.violations == []
