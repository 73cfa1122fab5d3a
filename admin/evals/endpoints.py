"""Reads which endpoints answers are compared over. Pure; called by admin/commands/evaluating.py and the operation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from core.errors import UsageError
from core.llm import LLM_DIALECTS, Dialect

PASSAGES = "passages"
CONFIGURED = "configured"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,30}")
_FORM = "NAME=URL,MODEL or NAME=URL,MODEL,DIALECT; NAME of letters, digits, - and _"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One column of the comparison. Without a dialect the configured one counts."""

    name: str
    url: str
    model: str
    dialect: Dialect | None = None
    key: str | None = field(default=None, repr=False)


def read_endpoints(given: Sequence[str]) -> tuple[Endpoint, ...]:
    """Every `--endpoint`. Raises UsageError for what is not understood or named twice."""
    endpoints = tuple(_read_one(one) for one in given)
    taken = [PASSAGES, CONFIGURED]
    for endpoint in endpoints:
        if endpoint.name.casefold() in taken:
            raise UsageError(
                f"the name {endpoint.name!r} is taken; allowed: each once, not {PASSAGES!r} or {CONFIGURED!r}"
            )
        taken.append(endpoint.name.casefold())
    return endpoints


def read_sent_endpoints(given: Sequence[Mapping[str, Any]]) -> tuple[Endpoint, ...]:
    """The same as they come over the local socket, keys included."""
    return tuple(Endpoint(**one) for one in given)


def _read_one(text: str) -> Endpoint:
    name, _, rest = text.partition("=")
    parts = [part.strip() for part in rest.split(",")]
    # A comma may stand in no model id that a server is known by, so two or three parts are all there can be.
    if len(parts) not in (2, 3) or not all(parts) or not _NAME.fullmatch(name.strip()):
        raise UsageError(f"endpoint {text!r} is not understood; allowed: {_FORM}")
    if urlsplit(parts[0]).scheme not in ("http", "https") or not urlsplit(parts[0]).hostname:
        raise UsageError(
            f"address {parts[0]!r} of endpoint {name!r} is not understood; allowed: http(s)://…/v1"
        )
    return Endpoint(name.strip(), parts[0], parts[1], _read_dialect(parts[2]) if parts[2:] else None)


def _read_dialect(text: str) -> Dialect:
    for dialect in LLM_DIALECTS:
        if dialect == text:
            return dialect
    raise UsageError(f"dialect {text!r} is not understood; allowed: {', '.join(LLM_DIALECTS)}")
