"""Two asset libraries behind the contract of connectors; the originals are texts."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar

from core.access import OPEN_TO_ALL
from core.sources import Source
from tests.fakes.bynder_server import PERMANENT_TOKEN, BynderServer
from tests.fakes.dam_server import serve_dam
from tests.fakes.resourcespace_server import CONFIDENTIAL, KEY, USER, ResourceSpaceServer

_FOR_GOOD = 10_000
_NO_READERS = "its permissions do not say who in the company may read; mapping rules and --access do"
_NO_PLACES = "an asset lies in no folder; collections point at it"
AT_ONCE = {"Retry-After": "0"}


def build_dam_source(kind: str, options: Mapping[str, str]) -> Source:
    return Source("kit", kind, options, status="approved", access=OPEN_TO_ALL, on_change="auto_approve")


class BynderKit:
    """A portal with a permanent token."""

    LACKS: ClassVar[Mapping[str, str]] = {"move": _NO_PLACES, "narrow": _NO_READERS}

    def __init__(self, home: Path) -> None:
        self._stack = ExitStack()
        self._server = self._stack.enter_context(serve_dam(BynderServer()))
        self._ids: dict[str, str] = {}
        self.source = build_dam_source("bynder", {"url": self._server.url})
        self.secrets = {"token": PERMANENT_TOKEN}

    def add(self, name: str, words: str) -> None:
        self._ids[name] = self._server.add_asset(name, description=words)

    def change(self, name: str, words: str) -> None:
        self._server.edit(self._ids[name], description=words)

    def move(self, name: str) -> None:
        raise NotImplementedError

    def rename(self, name: str, new: str) -> None:
        self._ids[new] = self._ids.pop(name)
        self._server.edit(self._ids[new], name=new)

    def remove(self, name: str) -> None:
        self._server.throw_away(self._ids[name])

    def restore(self, name: str) -> None:
        self._server.restore(self._ids[name])

    def narrow(self, name: str) -> None:
        raise NotImplementedError

    widen = narrow

    def expire(self, after: int) -> None:
        self._server.expire_tokens_after(after)

    def lose_page(self) -> None:
        self._server.fail_next(_FOR_GOOD, status=500, headers=AT_ONCE, only="/media/", after=1)

    def storm(self) -> None:
        self._server.fail_next(3, status=429, headers=AT_ONCE)

    def mend(self) -> None:
        self._server.mend()
        self._server.tokens.add(PERMANENT_TOKEN)

    def count_fetches(self) -> int:
        return 0

    def close(self) -> None:
        self._stack.close()
        assert self._server.violations == []


class ResourceSpaceKit:
    """An installation; what is confidential there nobody reads here."""

    LACKS: ClassVar[Mapping[str, str]] = {
        "move": _NO_PLACES,
        "narrow": _NO_READERS,
        "expire": "its key does not end while it is in use; a wrong one is refused from the first request on",
    }

    def __init__(self, home: Path) -> None:
        self._stack = ExitStack()
        self._server = self._stack.enter_context(serve_dam(ResourceSpaceServer()))
        self._refs: dict[str, int] = {}
        self.source = build_dam_source("resourcespace", {"url": self._server.url, "user": USER})
        self.secrets = {"key": KEY}

    def add(self, name: str, words: str) -> None:
        self._refs[name] = self._server.add_resource(title=name, caption=words)

    def change(self, name: str, words: str) -> None:
        self._server.edit(self._refs[name], caption=words)

    def move(self, name: str) -> None:
        raise NotImplementedError

    def rename(self, name: str, new: str) -> None:
        self._refs[new] = self._refs.pop(name)
        self._server.edit(self._refs[new], title=new)

    def remove(self, name: str) -> None:
        self._server.set_archive(self._refs[name], 3)

    def restore(self, name: str) -> None:
        self._server.set_archive(self._refs[name], 0)

    def narrow(self, name: str) -> None:
        self._server.set_access(self._refs[name], CONFIDENTIAL)

    def widen(self, name: str) -> None:
        self._server.set_access(self._refs[name], 0)

    def expire(self, after: int) -> None:
        raise NotImplementedError

    def lose_page(self) -> None:
        self._server.fail_next(_FOR_GOOD, status=500, headers=AT_ONCE, only="function=do_search", after=1)

    def storm(self) -> None:
        self._server.fail_next(3, status=429, headers=AT_ONCE)

    def mend(self) -> None:
        self._server.mend()

    def count_fetches(self) -> int:
        return 0

    def close(self) -> None:
        self._stack.close()
        assert self._server.violations == []
