"""Promises of core/disk_space.py, and of the database on a full disk: what is full is named as full."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

import core.disk_space
from core.clock import Clock
from core.database import open_database
from core.disk_space import LEAST_FREE_BYTES, DiskFull, check_free_space, read_free_bytes
from core.errors import TransientError


def test_space_is_that_of_the_disk_even_where_the_folder_is_not_made_yet(tmp_path: Path) -> None:
    assert read_free_bytes(tmp_path / "not" / "made") > 0


def test_too_little_space_is_refused_with_place_amount_and_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.disk_space, "read_free_bytes", lambda _path: LEAST_FREE_BYTES)
    check_free_space(tmp_path)
    monkeypatch.setattr(core.disk_space, "read_free_bytes", lambda _path: LEAST_FREE_BYTES - 1_000_000)
    with pytest.raises(DiskFull) as caught:
        check_free_space(tmp_path)
    assert isinstance(caught.value, TransientError)
    for words in (str(tmp_path), "199 MB are free, at least 200 MB are needed", "Free some space"):
        assert words in str(caught.value)


def test_database_that_cannot_grow_names_the_full_disk_and_keeps_what_it_holds(tmp_path: Path) -> None:
    database = open_database(None, home=tmp_path, clock=Clock(ZoneInfo("UTC")))
    with database.write() as connection:
        connection.execute(text("CREATE TABLE held (value TEXT)"))
        connection.execute(text("INSERT INTO held VALUES ('kept')"))
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull, match=r"onbrand\.sqlite3"), database.write() as connection:
        connection.execute(text("INSERT INTO held VALUES (:value)"), {"value": "x" * 1_000_000})
    with database.read() as connection:
        assert connection.execute(text("SELECT value FROM held")).scalars().all() == ["kept"]
    database.close()
