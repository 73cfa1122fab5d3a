"""Small checkers for JSON shapes: each takes a value and its place and yields what is wrong.

Used by slack_blocks.py (the table of blocks) and slack_limits.py (the arguments of calls).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]


def string(limit: int, *, low: int = 1) -> Check:
    """Text of `low` to `limit` characters."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{where}: expected text, received {value!r:.60}"
        elif not low <= len(value) <= limit:
            yield f"{where}: {len(value)} characters, allowed {low} to {limit}"

    return check


def address(limit: int = 3000) -> Check:
    """An https address."""

    def check(value: Any, where: str) -> Iterator[str]:
        yield from string(limit)(value, where)
        if isinstance(value, str) and not value.startswith(("https://", "mailto:")):
            yield f"{where}: only https and mailto are allowed, received {value!r:.60}"

    return check


def instance(*kinds: type) -> Check:
    """A value of one of the types; a bool is never a number."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            yield f"{where}: expected {' or '.join(kind.__name__ for kind in kinds)}, received {value!r:.60}"

    return check


def one_of(*allowed: Any) -> Check:
    """One of a fixed set of values."""

    def check(value: Any, where: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{where}: {value!r:.60} is not one of {', '.join(map(repr, allowed))}"

    return check


def each(inner: Check, *, low: int = 0, high: int = 1000) -> Check:
    """A list of `low` to `high` items that all pass `inner`."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where}: expected a list, received {value!r:.60}"
            return
        if not low <= len(value) <= high:
            yield f"{where}: {len(value)} items, allowed {low} to {high}"
        for number, item in enumerate(value):
            yield from inner(item, f"{where}[{number}]")

    return check


def shape(
    required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *, needs: tuple[str, ...] = ()
) -> Check:
    """An object with these keys and no other; `needs`: at least one of these must be present."""
    known = {**required, **(optional or {})}

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"{where}: expected an object, received {value!r:.60}"
            return
        yield from (f"{where}: {key} is missing" for key in required if key not in value)
        if needs and not any(value.get(key) for key in needs):
            yield f"{where}: one of {', '.join(needs)} is needed"
        for key, item in value.items():
            if key in known:
                yield from known[key](item, f"{where}.{key}")
            else:
                yield f"{where}: unknown key {key!r}"

    return check


def typed(table: Mapping[str, Check], *allowed: str) -> Check:
    """An object whose `type` names its shape in `table`; `allowed` narrows the types."""

    def check(value: Any, where: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, Mapping) else None
        if not isinstance(kind, str) or kind not in table or (allowed and kind not in allowed):
            yield f"{where}: unknown or misplaced type {kind!r}"
            return
        yield from table[kind](
            {key: item for key, item in value.items() if key != "type"}, f"{where}<{kind}>"
        )

    return check
