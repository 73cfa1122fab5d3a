"""A ResourceSpace behind the contract of connectors."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from core.access import OPEN_TO_ALL
from core.sources import Source
from tests.fakes.dam_server import serve_dam
from tests.fakes.resourcespace_server import ACTIVE, DELETED, KEY, USER, ResourceSpaceServer

_NO_READERS = (
    "ResourceSpace tells open from confidential, and no readers: the admin maps types or fields to them"
)
_PHOTO = 1
_PAGE = 5


@dataclass(slots=True)
class ResourceSpaceKit:
    """Documents are resources with a Markdown original; another place is another type of resource."""

    LACKS: ClassVar[Mapping[str, str]] = {"narrow": _NO_READERS}
    home: Path
    source: Source = field(init=False)
    secrets: Mapping[str, str] = field(default_factory=lambda: {"key": KEY})
    server: ResourceSpaceServer = field(default_factory=lambda: ResourceSpaceServer(page_size=_PAGE))
    _refs: dict[str, int] = field(default_factory=dict)
    _running: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self._running.enter_context(serve_dam(self.server))
        self.source = Source(
            "kit",
            "resourcespace",
            {"url": self.server.url, "user": USER},
            status="approved",
            access=OPEN_TO_ALL,
            on_change="auto_approve",
        )

    def add(self, name: str, words: str) -> None:
        self._refs[name] = self.server.add_resource(title=name, extension="md", content=words.encode())

    def change(self, name: str, words: str) -> None:
        self.server.replace_file(self._refs[name], words.encode())

    def move(self, name: str) -> None:
        self.server.resources[self._refs[name]]["resource_type"] = _PHOTO

    def rename(self, name: str, new: str) -> None:
        self._refs[new] = self._refs.pop(name)
        self.server.edit(self._refs[new], title=new)

    def remove(self, name: str) -> None:
        self.server.set_archive(self._refs[name], DELETED)

    def restore(self, name: str) -> None:
        self.server.set_archive(self._refs[name], ACTIVE)

    def narrow(self, name: str) -> None:
        raise NotImplementedError

    def widen(self, name: str) -> None:
        raise NotImplementedError

    def expire(self, after: int) -> None:
        self.server.run_after(after, self._take_key_away)

    def lose_page(self) -> None:
        self.server.fail_next(1000, status=400, only=f"param5={_PAGE}%2C")

    def storm(self) -> None:
        self.server.fail_next(3, status=429, headers={"Retry-After": "0"})

    def mend(self) -> None:
        self.server.mend()
        self.server.key = KEY

    def count_fetches(self) -> int:
        return self.server.count("get_resource_data")

    def close(self) -> None:
        self._running.close()
        assert self.server.violations == []

    def _take_key_away(self) -> None:
        self.server.key = "another key"
