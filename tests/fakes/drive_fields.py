"""Drive's `fields` masks and search queries, as the fake Drive understands them: what is not asked for is not given."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.drive_schema import ApiDescription

Mask = dict[str, "Mask"]
Test = Callable[[Mapping[str, Any]], bool]

_FILE = "kind,id,name,mimeType"
# What the service gives where no mask is sent.
DEFAULT_MASKS = {
    "File": _FILE,
    "FileList": f"kind,nextPageToken,incompleteSearch,files({_FILE})",
    "Drive": "kind,id,name",
    "DriveList": "kind,nextPageToken,drives(kind,id,name)",
    "ChangeList": f"kind,nextPageToken,newStartPageToken,changes(kind,removed,changeType,fileId,time,file({_FILE}))",
    "PermissionList": "kind,nextPageToken,permissions(kind,id,type,role)",
    "ApprovalList": "kind",
}


class QueryRefused(ValueError):
    """The mask or the query cannot be understood: the service answers 400."""


def read_mask(text: str, api: ApiDescription, schema: str) -> Mask:
    """A mask as a tree; raises QueryRefused for a field that the schema does not know."""
    tokens = re.findall(r"[\w*]+|[(),/]", text)
    if "".join(tokens) != re.sub(r"\s", "", text):
        raise QueryRefused(f"Invalid field selection {text}")
    mask = _read_level(tokens)
    if tokens:
        raise QueryRefused(f"Invalid field selection {text}")
    _check_mask(mask, api, {"$ref": schema})
    return mask


def apply_mask(mask: Mask, value: Any) -> Any:
    """Only what the mask names."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [apply_mask(mask, part) for part in value]
    if not isinstance(value, dict):
        return value
    return {name: apply_mask(mask[name], part) for name, part in value.items() if name in mask}


def _read_level(tokens: list[str]) -> Mask:
    mask: Mask = {}
    while tokens and tokens[0] != ")":
        here = mask.setdefault(tokens.pop(0), {})
        while tokens and tokens[0] == "/":
            tokens.pop(0)
            here = here.setdefault(tokens.pop(0), {})
        if tokens and tokens[0] == "(":
            tokens.pop(0)
            here.update(_read_level(tokens))
            if not tokens or tokens.pop(0) != ")":
                raise QueryRefused("Invalid field selection: a bracket is open")
        if tokens and tokens[0] == ",":
            tokens.pop(0)
    return mask


def _check_mask(mask: Mask, api: ApiDescription, schema: Mapping[str, Any]) -> None:
    for name, inner in mask.items():
        if name == "*":
            continue
        described = api.describe_field(schema, name)
        if described is None:
            raise QueryRefused(f"Invalid field selection {name}")
        _check_mask(inner, api, described)


def read_query(text: str) -> Test:
    """A search query as a test of an item's fields; raises QueryRefused for what the fake does not know."""
    tokens = re.findall(r"'(?:[^'\\]|\\.)*'|[\w.]+|!=|[=<>]=?|[()]", text)
    if not tokens:
        return lambda _: True
    test = _read_or(tokens)
    if tokens:
        raise QueryRefused(f"Invalid Value: {text}")
    return test


def _read_or(tokens: list[str]) -> Test:
    tests = [_read_and(tokens)]
    while tokens and tokens[0] == "or":
        tokens.pop(0)
        tests.append(_read_and(tokens))
    return lambda item: any(test(item) for test in tests)


def _read_and(tokens: list[str]) -> Test:
    tests = [_read_one(tokens)]
    while tokens and tokens[0] == "and":
        tokens.pop(0)
        tests.append(_read_one(tokens))
    return lambda item: all(test(item) for test in tests)


def _read_one(tokens: list[str]) -> Test:
    if len(tokens) < 3:
        raise QueryRefused("Invalid Value: the query ends too early")
    first = tokens.pop(0)
    if first == "(":
        test = _read_or(tokens)
        if not tokens or tokens.pop(0) != ")":
            raise QueryRefused("Invalid Value: a bracket is open")
        return test
    sign, second = tokens.pop(0), tokens.pop(0)
    if sign == "in" and second == "parents":
        parent = _unquote(first)
        return lambda item: parent in item.get("parents", ())
    if sign in ("=", "!=") and first in ("name", "mimeType", "trashed"):
        wanted = second == "true" if first == "trashed" else _unquote(second)
        return lambda item: (item.get(first) == wanted) is (sign == "=")
    raise QueryRefused(f"Invalid Value: {first} {sign} {second}")


def _unquote(text: str) -> str:
    if not text.startswith("'"):
        raise QueryRefused(f"Invalid Value: {text}")
    return re.sub(r"\\(.)", r"\1", text[1:-1])
