"""Opens the database, brings it to the newest schema, and hands out short transactions. Used by everything in core."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import OperationalError

from core.clock import Clock
from core.disk_space import NOTHING_LEFT_BYTES, DiskFull, read_free_bytes
from core.errors import PermanentError, TransientError
from core.sqlite_copy import copy_sqlite

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST_SCHEMA = "0005"
BUSY_TIMEOUT_SECONDS = 30
IDLE_TRANSACTION_SECONDS = 12
"""A process that falls silent in mid-transaction (a frozen machine) loses its locks before its work is taken over."""


class DatabaseUnreachable(TransientError):
    """The database did not answer, or stayed locked beyond the time-out."""


class SchemaTooNew(PermanentError):
    """A newer onbrand has written this database; this one would damage it."""


class Database:
    """Transactions on one database. `write` takes the write lock at once, so that it never fails half-way."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # SQLite's read transactions see one state anyway; PostgreSQL's by default see each statement's own.
        is_sqlite = engine.dialect.name == "sqlite"
        self._reader = engine if is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
        self._writer = engine.execution_options(onbrand_begin="BEGIN IMMEDIATE")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: sees one state throughout."""
        with _named_errors(self.engine), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction: all or nothing. Do no slow work inside."""
        with _named_errors(self.engine), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def open_database(url: str | None, *, home: Path, clock: Clock) -> Database:
    """Open (or make) the database and migrate it. SQLite lies in `home`; it is backed up before a migration."""
    engine = _make_engine(url or f"sqlite:///{home / 'onbrand.sqlite3'}")
    database = Database(engine)
    try:
        with _named_errors(engine):
            _migrate(engine, clock)
    except BaseException:
        database.close()
        raise
    return database


def _make_engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        address = url.replace("postgresql://", "postgresql+psycopg://", 1)
        return create_engine(bound_transactions(make_url(address)), pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def bound_transactions(url: URL) -> URL:
    """The address of a PostgreSQL by which each transaction that nothing is heard of is ended."""
    if "options" in url.query:
        return url
    limit = f"-c idle_in_transaction_session_timeout={IDLE_TRANSACTION_SECONDS}s"
    return url.update_query_dict({"options": limit})


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction handling is switched off: it begins late and so can fail half-way.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("onbrand_begin", "BEGIN"))


def _migrate(engine: Engine, clock: Clock) -> None:
    found = _schema_of(engine)
    if found == NEWEST_SCHEMA:
        return
    if found is not None and found > NEWEST_SCHEMA:
        raise SchemaTooNew(
            f"the database has schema {found}, this onbrand knows up to {NEWEST_SCHEMA}; "
            "install the newer onbrand again"
        )
    if found is not None:
        _back_up_sqlite(engine, f"schema-{found}-{clock.now():%Y%m%dT%H%M%S}")
    _upgrade(engine)


def _schema_of(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _upgrade(engine: Engine) -> None:
    # Imported here: most starts find the newest schema and need none of it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.execution_options(onbrand_begin="BEGIN IMMEDIATE").begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two processes may start at once; the second waits here and then finds nothing to do.
            connection.execute(text("SELECT pg_advisory_xact_lock(7317)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _back_up_sqlite(engine: Engine, label: str) -> None:
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return
    target = Path(engine.url.database).with_suffix(f".{label}.backup")
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        copy_sqlite(driver, target)


@contextmanager
def _named_errors(engine: Engine) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        _name_full_disk(engine, error)
        where = engine.url.render_as_string(hide_password=True)
        raise DatabaseUnreachable(
            f"the database at {where} did not answer: {error.orig}; try again"
        ) from error


def _name_full_disk(engine: Engine, error: OperationalError) -> None:
    """Raise DiskFull when that is what SQLite met: opening a database on one is an input-output error to it."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is None or not engine.url.database:
        return
    path, kind = Path(engine.url.database), code & 0xFF
    # A quota, or a limit on a file's size, is a refused write while the disk has space.
    is_refused = kind == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_WRITE
    if is_refused or (kind == sqlite3.SQLITE_IOERR and read_free_bytes(path) < NOTHING_LEFT_BYTES):
        raise DiskFull(path, str(error.orig)) from error
