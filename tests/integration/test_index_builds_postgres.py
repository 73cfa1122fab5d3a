"""The switch of an index on a real PostgreSQL, where writers do not wait for each other by themselves."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from core.clock import Stopwatch, pause
from core.database import Database, open_database
from core.index_builds import ADVISORY_LOCK, BuildBehind, IndexBuilds, ReindexUnderWay, find_generation
from core.world_facts import check_generation
from tests.integration.test_postgres import CLOCK, server_url, url, wait_until_blocked
from tests.unit.core.core_world import CoreWorld
from tests.unit.core.test_index_builds import COLOUR, VOICE, switch, write_all

__all__ = ["server_url", "url"]


@pytest.fixture
def database(url: str, tmp_path: Path) -> Iterator[Database]:
    opened = open_database(url, home=tmp_path, clock=CLOCK)
    yield opened
    opened.close()


@pytest.fixture
def world(database: Database) -> CoreWorld:
    return CoreWorld.over(database, CLOCK)


@pytest.fixture
def builds(database: Database) -> IndexBuilds:
    return IndexBuilds(database, CLOCK)


def test_switch_waits_for_a_writer_that_has_asked_and_then_finds_itself_behind(
    world: CoreWorld, builds: IndexBuilds
) -> None:
    world.sync(VOICE)
    builds.begin("new model")
    write_all(builds, 2)
    with ThreadPoolExecutor(1) as pool:
        with world.database.write() as connection:
            check_generation(connection, 1)
            switching = pool.submit(switch, world, builds, 2)
            wait_until_blocked(world.database, switching)
            assert not switching.done()
            # In a transaction of its own, as if it were part of this one.
            world.sync(COLOUR)
        with pytest.raises(BuildBehind):
            switching.result(10)
    assert find_generation(world.database) == 1
    write_all(builds, 2)
    switch(world, builds, 2)
    assert find_generation(world.database) == 2


def test_second_process_may_not_build_until_the_first_has_ended_or_died(
    database: Database, builds: IndexBuilds, url: str, tmp_path: Path
) -> None:
    builds.begin("new model")
    other = open_database(url, home=tmp_path, clock=CLOCK)
    theirs = IndexBuilds(other, CLOCK)
    with builds.hold(), pytest.raises(ReindexUnderWay, match="generation 2, since"), theirs.hold():
        pass
    with theirs.hold(), pytest.raises(ReindexUnderWay), builds.hold():
        pass
    dying = other.engine.connect()
    dying.execute(text(f"SELECT pg_advisory_lock({ADVISORY_LOCK})"))
    with pytest.raises(ReindexUnderWay), builds.hold():
        pass
    # What a process that dies leaves: a connection that is cut.
    dying.invalidate()
    dying.close()
    other.close()
    wait_until_free(builds)


def wait_until_free(builds: IndexBuilds) -> None:
    watch = Stopwatch()
    while True:
        try:
            with builds.hold():
                return
        except ReindexUnderWay:
            assert watch.milliseconds() < 5000
            pause(0.02)
