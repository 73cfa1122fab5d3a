"""The database: one schema, migrated with a backup, refused when newer, and transactions that are whole."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copytree, ignore_patterns
from threading import Timer

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, text

import core.job_tables
import core.source_tables  # noqa: F401 - their tables count as well
from core import database as database_module
from core.clock import Clock, Stopwatch
from core.database import Database, DatabaseUnreachable, SchemaTooNew, open_database
from core.schema import metadata
from core.world_facts import read_fact, write_fact

NEXT = '''"""A migration that only this test knows."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table("added", sa.Column("name", sa.String(80), primary_key=True))
'''


OLD_SOURCE = """INSERT INTO sources (name, type, options, status, kind, access, on_change, added_at)
    VALUES ('s', 'folder', '{}', 'draft', 'other', '[]', 'keep_approved', '2026-01-01')"""
OLD_DOCUMENT = """INSERT INTO documents (document_id, source, path, part, title, classification, kind, status, access,
    declared, curated, content_hash, latest_revision, is_settled)
    VALUES ('d', 's', 'a.md', '', 'A', 'quote', 'other', 'draft', '[]', '{}', '{}', '', 1, 1)"""
OLD_REVISION = """INSERT INTO revisions (document_id, number, text_hash, status, passages, parsed, created_at)
    VALUES ('d', 1, '', 'draft', 1, x'00', '2026-01-01')"""


def _migrate_to(engine: Engine, schema: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(database_module.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, schema)


@contextmanager
def opened(home: Path, clock: Clock) -> Iterator[Database]:
    database = open_database(None, home=home, clock=clock)
    try:
        yield database
    finally:
        database.close()


def read_tables(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def read_schema(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


@pytest.fixture
def file(home: Path) -> Path:
    return home / "onbrand.sqlite3"


@pytest.fixture
def next_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An onbrand that is one schema ahead; gives the file of its new migration."""
    scripts = tmp_path / "scripts"
    copytree(database_module.MIGRATIONS, scripts, ignore=ignore_patterns("__pycache__"))
    (scripts / "versions" / "0005_next.py").write_text(NEXT)
    monkeypatch.setattr(database_module, "MIGRATIONS", scripts)
    monkeypatch.setattr(database_module, "NEWEST_SCHEMA", "0006")
    return scripts / "versions" / "0005_next.py"


def test_fresh_database_is_exactly_the_list_of_tables(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_newest_schema_is_the_last_migration_file(file: Path) -> None:
    numbers = sorted(path.name[:4] for path in (database_module.MIGRATIONS / "versions").glob("0*.py"))
    assert numbers[-1] == database_module.NEWEST_SCHEMA == read_schema(file)


def test_opening_again_changes_nothing(home: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(home, clock) as first:
        write_fact(first, "embedder", "minilm")
    monkeypatch.setattr(database_module, "_upgrade", lambda _engine: pytest.fail("it migrated again"))
    with opened(home, clock) as second:
        assert read_fact(second, "embedder") == "minilm"
    assert not list(home.glob("*.backup"))


def test_many_that_open_a_fresh_home_at_once_make_one_schema(tmp_path: Path, clock: Clock) -> None:
    with ThreadPoolExecutor(3) as pool:
        databases = list(pool.map(lambda _: open_database(None, home=tmp_path, clock=clock), range(3)))
    for number, one in enumerate(databases):
        write_fact(one, "opened", str(number))
    assert read_fact(databases[0], "opened") == "2"
    for one in databases:
        one.close()


def test_newer_schema_is_refused_and_left_alone(file: Path, clock: Clock) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    tables = read_tables(file)
    with pytest.raises(
        SchemaTooNew, match=r"has schema 9999, this onbrand knows up to 0005; install the newer"
    ):
        open_database(None, home=file.parent, clock=clock)
    assert (read_schema(file), read_tables(file)) == ("9999", tables)


def test_older_schema_is_backed_up_then_migrated(
    home: Path, file: Path, clock: Clock, next_schema: Path
) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO world_facts VALUES ('embedder', 'minilm')")
        connection.commit()
    with opened(home, clock) as database:
        assert read_fact(database, "embedder") == "minilm"
    assert read_schema(file) == "0006"
    assert "added" in read_tables(file)
    (backup,) = home.glob("onbrand.schema-0005-*.backup")
    assert read_schema(backup) == "0005"
    assert "added" not in read_tables(backup)
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT value FROM world_facts").fetchall() == [("minilm",)]


def test_first_schema_keeps_its_rows_when_columns_are_added(home: Path, clock: Clock) -> None:
    """A document of the first schema and what refers to it, after the second added columns to its table."""
    folder = home / "old"
    folder.mkdir()
    old = create_engine(f"sqlite:///{folder / 'onbrand.sqlite3'}")
    _migrate_to(old, "0001")
    with old.begin() as connection:
        for row in (OLD_SOURCE, OLD_DOCUMENT, OLD_REVISION):
            connection.execute(text(row))
    old.dispose()
    with opened(folder, clock) as database, database.read() as connection:
        assert connection.execute(text("SELECT path, review_by FROM documents")).all() == [("a.md", None)]
        assert connection.execute(text("SELECT count(*) FROM revisions")).scalar_one() == 1


def test_migration_that_fails_leaves_the_old_schema_whole(
    home: Path, file: Path, clock: Clock, next_schema: Path
) -> None:
    next_schema.write_text(NEXT + "    raise RuntimeError('half-way')\n")
    with pytest.raises(RuntimeError, match="half-way"):
        open_database(None, home=home, clock=clock)
    assert read_schema(file) == "0005"
    assert "added" not in read_tables(file)
    assert len(list(home.glob("*.backup"))) == 1


def test_write_that_fails_leaves_nothing(database: Database) -> None:
    write_fact(database, "kept", "yes")

    def write_half() -> None:
        with database.write() as connection:
            connection.execute(text("DELETE FROM world_facts"))
            connection.execute(text("INSERT INTO world_facts VALUES ('lost', 'yes')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert (read_fact(database, "kept"), read_fact(database, "lost")) == ("yes", None)


def test_reader_sees_one_state_while_others_write(database: Database) -> None:
    write_fact(database, "day", "monday")
    query = text("SELECT value FROM world_facts")
    with database.read() as connection:
        assert connection.execute(query).scalar_one() == "monday"
        write_fact(database, "day", "tuesday")
        assert connection.execute(query).scalar_one() == "monday"
    assert read_fact(database, "day") == "tuesday"


def test_foreign_keys_and_write_ahead_log_are_on(database: Database) -> None:
    with database.read() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2


@pytest.fixture
def impatient(home: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database that waits a fifth of a second for a lock."""
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_SECONDS", 0.2)
    with opened(home, clock) as database:
        yield database


@contextmanager
def locked(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_locked_database_is_waited_for_then_named(impatient: Database, file: Path) -> None:
    watch = Stopwatch()
    with (
        locked(file),
        pytest.raises(DatabaseUnreachable, match=r"did not answer: database is locked; try again"),
    ):
        write_fact(impatient, "name", "value")
    assert watch.milliseconds() >= 200
    assert read_fact(impatient, "name") is None


def test_lock_that_ends_in_time_is_no_error(database: Database, file: Path) -> None:
    with locked(file) as other:
        timer = Timer(0.1, other.commit)
        timer.start()
        write_fact(database, "name", "value")
        timer.join()
    assert read_fact(database, "name") == "value"


def test_readers_go_on_while_somebody_writes(impatient: Database, file: Path) -> None:
    write_fact(impatient, "name", "value")
    with locked(file):
        assert read_fact(impatient, "name") == "value"


def test_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path, clock: Clock) -> None:
    url = "postgresql://onbrand:never-shown@127.0.0.1:1/onbrand"
    with pytest.raises(DatabaseUnreachable, match=r"onbrand:\*\*\*@127\.0\.0\.1:1/onbrand") as caught:
        open_database(url, home=tmp_path, clock=clock)
    assert "never-shown" not in str(caught.value)
