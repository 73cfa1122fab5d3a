"""A Confluence space behind the contract of connectors, in both editions."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar

from core.access import OWNER_ACCESS
from core.sources import Source
from tests.fakes.confluence_server import Edition, serve_confluence
from tests.fakes.confluence_state import Content, Principal

_FOR_GOOD = 10_000
AT_ONCE = {"Retry-After": "0"}


class CloudKit:
    """Pages below a home page; Ann and Bob may view the space."""

    LACKS: ClassVar[Mapping[str, str]] = {}
    EDITION: ClassVar[Edition] = "cloud"
    LISTING: ClassVar[str] = "/pages"

    def __init__(self, home: Path) -> None:
        self._stack = ExitStack()
        self._server = self._stack.enter_context(serve_confluence(self.EDITION))
        self._server.faults.lower_limit(5)
        self._state = self._server.state
        self._ann, bob = self._add_user("ann"), self._add_user("bob")
        self._state.add_space("BRAND", self._ann, bob)
        self._pages: dict[str, Content] = {}
        options = {"url": self._server.url, "spaces": "BRAND", "edition": self.EDITION}
        self.secrets: Mapping[str, str] = self._server.secrets
        self.source = Source(
            "kit", "confluence", options, status="approved", access=OWNER_ACCESS, on_change="auto_approve"
        )

    def add(self, name: str, words: str) -> None:
        self._pages[name] = self._state.add_page("BRAND", name, f"<p>{words}</p>")

    def change(self, name: str, words: str) -> None:
        self._state.edit(self._pages[name], f"<p>{words}</p>")

    def move(self, name: str) -> None:
        self._state.move(self._pages[name], self._pages["Page 0"])

    def rename(self, name: str, new: str) -> None:
        self._pages[new] = self._pages.pop(name)
        self._state.rename(self._pages[new], new)

    def remove(self, name: str) -> None:
        self._state.set_status(self._pages[name], "trashed")

    def restore(self, name: str) -> None:
        self._state.set_status(self._pages[name], "current")

    def narrow(self, name: str) -> None:
        self._state.restrict(self._pages[name], self._ann)

    def widen(self, name: str) -> None:
        self._state.restrict(self._pages[name])

    def expire(self, after: int) -> None:
        self._server.faults.expire_token_after(after)

    def lose_page(self) -> None:
        self._server.faults.fail_next(_FOR_GOOD, status=500, matching=self.LISTING, headers=AT_ONCE)

    def storm(self) -> None:
        self._server.faults.fail_next(3, status=429, headers=AT_ONCE)

    def mend(self) -> None:
        self._server.faults.requests_left = None
        self._server.faults.failures.clear()

    def count_fetches(self) -> int:
        return self._server.count("storage")

    def close(self) -> None:
        self._stack.close()
        assert self._server.violations == []

    def _add_user(self, name: str) -> Principal:
        user = self._state.add_user(name)
        user.email = f"{name}@pelmarrow.example"
        return "user", user.key


class DataCenterKit(CloudKit):
    """The same behind a Data Center."""

    EDITION: ClassVar[Edition] = "datacenter"
    LISTING: ClassVar[str] = "/rest/api/content"
