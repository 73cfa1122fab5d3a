"""A fixed day and a migrated database for each test of core. The schema is made once and copied."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest

from core.clock import Clock
from core.database import Database, open_database
from tests.unit.core.core_world import CoreWorld

UTC_CLOCK = Clock(ZoneInfo("UTC"))


@pytest.fixture
def clock() -> Clock:
    return Clock(ZoneInfo("Europe/Berlin"), date(2026, 3, 3))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("migrated")
    open_database(None, home=home, clock=UTC_CLOCK).close()
    return home / "onbrand.sqlite3"


@pytest.fixture
def home(migrated_file: Path) -> Iterator[Path]:
    """A home whose database has the newest schema and no rows; in memory where the machine has such a folder."""
    with TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        copyfile(migrated_file, Path(folder) / migrated_file.name)
        yield Path(folder)


@pytest.fixture
def database(home: Path, clock: Clock) -> Iterator[Database]:
    opened = open_database(None, home=home, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def world(database: Database, clock: Clock) -> CoreWorld:
    """Ledger and acts over one source named `kit`."""
    return CoreWorld.over(database, clock)
