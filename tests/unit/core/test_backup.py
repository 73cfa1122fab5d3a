"""A backup is whole or not there, and a restore believes nothing that it has not checked."""

import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from core.backup import (
    DATABASE_FILE,
    MANIFEST,
    BackupFacts,
    BackupUnusable,
    building_backup,
    copy_database,
    read_manifest,
    write_manifest,
)
from core.clock import Clock
from core.database import Database, SchemaTooNew, open_database
from core.errors import UsageError
from core.file_copy import CopyFailed, copy_file
from core.restore import STAGED, find_used, move_aside, stage_backup
from core.sqlite_copy import copy_sqlite
from core.version import ONBRAND_VERSION, read_version, record_version
from core.world_facts import read_fact, write_fact

FACTS = BackupFacts("0.1.0", "2026-10-15T08:00:00+00:00", "model:cutter-2", 1, "index/passages")
INDEX_FILE = "index/passages/segment.json"


@pytest.fixture
def backup(database: Database, tmp_path: Path) -> Path:
    """A backup with one file of an index."""
    folder = tmp_path / "backups" / "monday"
    with building_backup(folder) as building:
        copy_database(database, building)
        (building / INDEX_FILE).parent.mkdir(parents=True)
        (building / INDEX_FILE).write_text("{}")
        write_manifest(building, FACTS)
    return folder


def test_backup_is_readable_by_us_alone_and_says_what_is_in_it(backup: Path) -> None:
    manifest = read_manifest(backup)
    assert manifest.facts == FACTS
    assert manifest.files.keys() == {DATABASE_FILE, INDEX_FILE}
    assert manifest.files[INDEX_FILE].sha256 == sha256(b"{}").hexdigest()
    assert manifest.counts == {"documents": 0, "people": 0, "receipts": 0, "acts": 0}
    modes = {path.name: path.stat().st_mode & 0o777 for path in backup.iterdir() if path.is_file()}
    assert modes == {DATABASE_FILE: 0o600, MANIFEST: 0o600}
    assert backup.stat().st_mode & 0o777 == 0o700


def test_backup_that_fails_leaves_nothing_not_even_under_another_name(tmp_path: Path) -> None:
    folder = tmp_path / "backups" / "monday"

    def fail() -> None:
        with building_backup(folder) as building:
            (building / "half").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(folder.parent.iterdir()) == []


def test_what_a_killed_backup_left_is_no_backup_and_does_not_stop_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".monday.partial"
    left.mkdir()
    (left / "half").write_text("half")
    with pytest.raises(BackupUnusable, match=MANIFEST):
        read_manifest(left)
    with building_backup(tmp_path / "monday") as building:
        assert list(building.iterdir()) == []
    assert not left.exists()


def test_backup_goes_into_a_new_or_empty_folder_only(tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "letter.txt").write_text("keep me")
    with pytest.raises(UsageError, match="is not empty"), building_backup(tmp_path / "used"):
        pytest.fail("it began")
    assert (tmp_path / "used" / "letter.txt").read_text() == "keep me"
    (tmp_path / "empty").mkdir()
    with building_backup(tmp_path / "empty") as building:
        (building / "file").write_text("whole")
    assert (tmp_path / "empty" / "file").read_text() == "whole"


def test_backup_is_staged_whole(backup: Path, tmp_path: Path) -> None:
    home = tmp_path / "restored"
    assert stage_backup(backup, home) == read_manifest(backup)
    assert (home / STAGED / INDEX_FILE).read_text() == "{}"


def spoil(backup: Path, name: str, how: str) -> None:
    file = backup / name
    if how == "edited":
        file.write_bytes(file.read_bytes()[:-1] + b"?")
    elif how == "torn":
        file.write_bytes(file.read_bytes()[:-1])
    elif how == "removed":
        file.unlink()
    else:
        (backup / "index" / "added").write_text("not in the manifest")


@pytest.mark.parametrize("how", ["edited", "torn", "removed"])
@pytest.mark.parametrize("name", [DATABASE_FILE, INDEX_FILE])
def test_spoiled_backup_is_refused_naming_the_file_and_nothing_is_touched(
    backup: Path, tmp_path: Path, name: str, how: str
) -> None:
    spoil(backup, name, how)
    home = tmp_path / "restored"
    with pytest.raises(BackupUnusable, match=name):
        stage_backup(backup, home)
    assert not (home / STAGED).exists()


def test_file_that_the_manifest_does_not_know_is_refused(backup: Path, tmp_path: Path) -> None:
    spoil(backup, "", "added")
    with pytest.raises(BackupUnusable, match="'index/added' is not in the manifest"):
        stage_backup(backup, tmp_path / "restored")


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "letter.txt", "index/../../outside"])
def test_manifest_cannot_name_files_outside_of_a_world(backup: Path, tmp_path: Path, name: str) -> None:
    change_manifest(backup, files={name: {"bytes": 1, "sha256": "0"}})
    (backup / "letter.txt").write_text("x")
    with pytest.raises(BackupUnusable):
        stage_backup(backup, tmp_path / "restored")


def change_manifest(backup: Path, **changed: object) -> None:
    stored = json.loads((backup / MANIFEST).read_text())
    (backup / MANIFEST).write_text(json.dumps({**stored, **changed}))


def test_backup_of_a_newer_schema_is_refused_with_the_version_to_install(
    backup: Path, tmp_path: Path
) -> None:
    change_manifest(backup, schema="9999")
    with pytest.raises(SchemaTooNew, match=r"made by onbrand 0\.1\.0 with schema 9999"):
        stage_backup(backup, tmp_path / "restored")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1}', '{"format": 2}', "\0"])
def test_manifest_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / MANIFEST).write_text(content)
    with pytest.raises(BackupUnusable, match=str(tmp_path)):
        read_manifest(tmp_path)


def test_what_was_there_before_is_moved_aside_and_locks_stay(tmp_path: Path, clock: Clock) -> None:
    for name in ("onbrand.sqlite3", "onbrand.sqlite3-wal", "letter.txt", "index/passages.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "index" / "passages").mkdir()
    used = find_used(tmp_path, tmp_path / "onbrand.sqlite3")
    kept = move_aside(tmp_path, used, at=clock.now())
    assert {path.relative_to(kept).as_posix() for path in kept.rglob("*")} == {
        *("onbrand.sqlite3", "onbrand.sqlite3-wal", "index", "index/passages")
    }
    assert {path.name for path in tmp_path.iterdir()} == {"letter.txt", "index", kept.name}
    assert (tmp_path / "index" / "passages.lock").exists()


def test_copied_database_is_one_moment_in_one_file(database: Database, tmp_path: Path) -> None:
    write_fact(database, "day", "monday")
    copy_database(database, tmp_path)
    write_fact(database, "day", "tuesday")
    assert [path.name for path in tmp_path.glob("onbrand.sqlite3*")] == [DATABASE_FILE]
    with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as copy:
        assert copy.execute("SELECT value FROM world_facts WHERE name = 'day'").fetchall() == [("monday",)]


def test_damaged_database_makes_no_copy(tmp_path: Path) -> None:
    source = tmp_path / "source"
    with closing(sqlite3.connect(source)) as database, database:
        database.execute("CREATE TABLE t (a TEXT)")
        database.execute("CREATE INDEX i ON t (a)")
        database.executemany("INSERT INTO t VALUES (?)", [(f"row {number}" * 50,) for number in range(200)])
    content = bytearray(source.read_bytes())
    content[8192:16384] = bytes(8192)
    source.write_bytes(content)
    with closing(sqlite3.connect(source)) as database, pytest.raises(CopyFailed):
        copy_sqlite(database, tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_holes_of_a_file_stay_holes_and_its_hash_is_that_of_its_content(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "below" / "target"
    with source.open("wb") as file:
        file.write(b"begin")
        file.seek(5_000_000)
        file.write(b"end")
        file.truncate(9_000_001)
    mark = copy_file(source, target)
    assert target.read_bytes() == source.read_bytes()
    assert (mark.bytes, mark.sha256) == (9_000_001, sha256(source.read_bytes()).hexdigest())
    assert target.stat().st_blocks * 512 < 1_000_000
    assert (target.stat().st_mode & 0o777, target.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_world_knows_the_version_that_opened_it_last(tmp_path: Path, clock: Clock) -> None:
    database = open_database(None, home=tmp_path, clock=clock)
    write_fact(database, ONBRAND_VERSION, "0.0.1")
    record_version(database)
    assert read_fact(database, ONBRAND_VERSION) == read_version() != "0.0.1"
    database.close()
