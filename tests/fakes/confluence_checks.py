"""Compares requests and replies of the stand-in for Confluence with the table of fields. Used by its server."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.fakes.confluence_fields import Call, Shape

_PLACES = {"ID": r"\d+", "ATT": r"att\d+", "NAME": r"[^/]+", "KEY": r"[\w~]+"}
_KINDS = {"text": (str,), "number": (int,), "flag": (bool,)}


def find_call(calls: Sequence[Call], method: str, path: str) -> Call | None:
    """The call of a path (its query aside)."""
    return next(
        (one for one in calls if one.method == method and re.fullmatch(_pattern(one.path), path)), None
    )


def check_request(call: Call, query: Mapping[str, Sequence[str]]) -> list[str]:
    """What is wrong with a query: parameters that are not there, values that are not allowed."""
    wrong = [f"{call.path}: has no parameter {name!r}" for name in query if name not in call.params]
    for name, values in query.items():
        pattern = call.params.get(name, ".*")
        wrong += [f"{call.path}: {name}={one!r}" for one in values if not re.fullmatch(pattern, one)]
    return wrong


def check_reply(call: Call, body: Any) -> list[str]:
    """What is wrong with a reply: fields that are missing, unknown or of another type."""
    if call.reply == "bytes":
        return [] if isinstance(body, bytes) else [f"{call.path}: no bytes"]
    return list(_compare(call.path, call.reply, body))


def _pattern(path: str) -> str:
    return "".join(_PLACES.get(part, re.escape(part)) for part in re.split(r"\b(ID|ATT|NAME|KEY)\b", path))


def _compare(where: str, shape: Shape, value: Any) -> Iterator[str]:
    if isinstance(shape, str):
        yield from _compare_plain(where, shape, value)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{where}: {type(value).__name__} instead of a list"
        else:
            for number, one in enumerate(value):
                yield from _compare(f"{where}[{number}]", shape[0], one)
    elif not isinstance(value, dict):
        yield f"{where}: {type(value).__name__} instead of an object"
    else:
        yield from _compare_fields(where, shape, value)


def _compare_plain(where: str, shape: str, value: Any) -> Iterator[str]:
    if value is None and shape.endswith("?"):
        return
    kinds = _KINDS[shape.rstrip("?")]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        yield f"{where}: {value!r} is no {shape}"


def _compare_fields(where: str, shape: Mapping[str, Shape], value: Mapping[str, Any]) -> Iterator[str]:
    known = {name.rstrip("?"): name for name in shape}
    yield from (f"{where}: unknown field {name!r}" for name in value if name not in known)
    for name, written in known.items():
        inner = shape[written]
        is_optional = written.endswith("?") or (isinstance(inner, str) and inner.endswith("?"))
        if value.get(name) is None:
            if not is_optional:
                yield f"{where}: lacks {name!r}"
        else:
            yield from _compare(f"{where}.{name}", inner, value[name])
