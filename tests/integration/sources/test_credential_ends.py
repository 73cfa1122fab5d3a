"""The end of a credential is told 30, 7 and 1 days before, once each."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from admin.credential_ends import list_ending
from admin.world import World
from core.sources import Source
from tests.integration.small_world import CLOCK, DAY

WIKI = Source("wiki", "confluence", {"url": "https://wiki.pelmarrow.example"})


def list_keys(days: int | None) -> list[str]:
    end = {} if days is None else {"credential-ends": (DAY + timedelta(days=days)).isoformat()}
    source = replace(WIKI, options={**WIKI.options, **end})
    sources = SimpleNamespace(list_sources=lambda: (source,))
    world: Any = SimpleNamespace(clock=CLOCK, sources=sources)
    return [one.key.split()[-1] for one in list_ending(cast(World, world))]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (None, []),
        (31, []),
        (30, ["30"]),
        (8, ["30"]),
        (7, ["7", "30"]),
        (1, ["1", "7", "30"]),
        (0, ["1", "7", "30"]),
        (-5, ["1", "7", "30"]),
    ],
)
def test_each_of_the_days_is_a_trouble_of_its_own_from_then_on(days: int | None, expected: list[str]) -> None:
    assert list_keys(days) == expected
