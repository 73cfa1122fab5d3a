"""What the stand-in for Confluence does wrong on purpose, as a test has told it to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Reply:
    """One answer. `body` is JSON, or bytes."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Refused(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


@dataclass
class _Failure:
    matching: str
    left: int
    status: int
    headers: Mapping[str, str]


@dataclass
class Faults:
    """All counted from the moment they are set; a path matches when it contains `matching`."""

    failures: list[_Failure] = field(default_factory=list)
    requests_left: int | None = None
    cut: list[str] = field(default_factory=list)
    most_per_page: int | None = None
    repeats_page: str | None = None
    is_rpc_off: bool = False
    has_rest_permissions: bool = True

    def fail_next(
        self, times: int, *, status: int, matching: str = "/", headers: Mapping[str, str] | None = None
    ) -> None:
        """The next requests that match are answered with this status."""
        self.failures.append(_Failure(matching, times, status, headers or {}))

    def expire_token_after(self, requests: int) -> None:
        """The credential holds for that many more requests."""
        self.requests_left = requests

    def cut_page(self, matching: str) -> None:
        """The next answer that matches breaks off in the middle."""
        self.cut.append(matching)

    def lower_limit(self, most: int) -> None:
        """Whatever limit is asked for, a page holds no more than this."""
        self.most_per_page = most

    def repeat_page(self, matching: str) -> None:
        """Listings that match give the same page again, with a next one, for ever."""
        self.repeats_page = matching

    def find_failure(self, path: str) -> Reply | None:
        """What goes wrong with this request, if anything."""
        if self.requests_left is not None:
            self.requests_left -= 1
            if self.requests_left < 0:
                return Reply({"message": "the token has expired"}, 401)
        for one in self.failures:
            if one.left > 0 and one.matching in path:
                one.left -= 1
                return Reply({"message": "on purpose"}, one.status, dict(one.headers))
        return None

    def must_cut(self, path: str) -> bool:
        """True once for a path that was to be cut."""
        found = next((one for one in self.cut if one in path), None)
        if found is not None:
            self.cut.remove(found)
        return found is not None
