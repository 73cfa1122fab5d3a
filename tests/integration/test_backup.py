"""`onbrand backup` while onbrand is busy, and `restore` of what it made: the same answers, proofs and audit."""

import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import pytest

from admin.operations import run_operation
from admin.owner import own_world
from admin.server_backups import refuse_servers
from core.backup import DATABASE_FILE, MANIFEST, read_manifest
from core.errors import UsageError
from core.settings import Settings
from tests.integration.commands import Commands, QuickCommands, write

QUESTION = "Which colour is ours?"
ASK = ("ask", QUESTION, "--no-model", "--json")


@pytest.fixture
def world(quick: Commands) -> Commands:
    """Two documents that answer, a person, an act and a receipt."""
    write(quick.home / "texts", "a.md", "# Colour a\n\nOur colour a is teal.")
    write(quick.home / "texts", "b.md", "# Colour b\n\nOur colour b is ochre.")
    add_source(quick)
    quick.run("sync")
    quick.run("people", "add", "cleo@b.example", "--role", "curator")
    assert quick.run(*ASK).json["verdict"] == "answered"
    return quick


def add_source(world: Commands) -> None:
    arguments = ["--path", "texts", "--status", "approved", "--access", "all", "--on-change", "auto_approve"]
    world.run("source", "add", "folder", "brand", *arguments)


def beside(world: Commands) -> Commands:
    """Another home, not made yet, whose commands run where the first one's do."""
    home = world.home.with_name(f"{world.home.name}-{uuid4().hex[:4]}")
    home.mkdir()
    return QuickCommands(home)


def back_up(world: Commands, name: str = "backup") -> Path:
    folder = world.home / "backups" / name
    done = world.run("backup", str(folder), "--json").json
    assert done["folder"] == str(folder)
    return folder


def read_answer(world: Commands) -> Any:
    answer = world.run(*ASK).json
    return answer["verdict"], [(one["text"], one["evidence"][0]["path"]) for one in answer["claims"]]


def read_acts(world: Commands) -> list[str]:
    return [row["act"] for row in world.run("audit", "list", "--json").json]


def check_chains(world: Commands) -> None:
    assert world.run("audit", "verify", "--json").json["ok"]
    assert world.run("receipt", "verify", "--all", "--json").json["ok"]


def test_restored_world_answers_proves_and_remembers_as_the_first_one(world: Commands) -> None:
    folder, other = back_up(world), beside(world)
    done = other.run("restore", str(folder), "--json").json
    assert (done["documents"], done["people"], done["receipts"], done["silent"]) == (2, 1, 1, 0)
    assert (done["index"], done["with_index"]) == ({"checked": 2, "silent": 0, "foreign": 0}, True)
    assert read_answer(other) == read_answer(world)
    assert other.run("people", "list", "--json").json == world.run("people", "list", "--json").json
    check_chains(other)
    assert read_acts(world)[0] == "backup.made"
    assert read_acts(other) == ["backup.restored", *read_acts(world)[1:]]


def test_backup_needs_an_admin_and_a_refusal_is_on_record(world: Commands) -> None:
    refused = world.run("backup", "mine", "--as", "cleo@b.example", code=1)
    assert "may not backup.made" in refused.err
    assert not (world.home / "mine").exists()
    (row, *_) = world.run("audit", "list", "--json").json
    assert (row["act"], row["after"]) == ("backup.made", {"refused": "curator"})


def test_backup_into_a_used_folder_is_refused(world: Commands) -> None:
    folder = back_up(world)
    before = (folder / MANIFEST).read_bytes()
    assert "is not empty" in world.run("backup", str(folder), code=2).err
    assert (folder / MANIFEST).read_bytes() == before


def test_home_that_is_used_is_left_alone_unless_told_to_replace_it_and_then_kept(world: Commands) -> None:
    folder, expected = back_up(world), read_answer(world)
    write(world.home / "texts", "a.md", "# Colour a\n\nOur colour a is vermilion.")
    world.run("sync")
    newer = read_answer(world)
    refused = world.run("restore", str(folder), code=2)
    assert "--replace" in refused.err
    assert "onbrand.sqlite3" in refused.err
    assert read_answer(world) == newer != expected
    done = world.run("restore", str(folder), "--replace", "--json").json
    assert read_answer(world) == expected
    check_chains(world)
    before = QuickCommands(world.home.with_name(uuid4().hex[:8]))
    shutil.copytree(done["replaced"], before.home)
    assert read_answer(before) == newer
    assert (world.home / "texts" / "a.md").exists(), "what is not onbrand's stays where it is"


def test_restore_is_refused_while_somebody_owns_the_home(world: Commands) -> None:
    folder = back_up(world)
    with own_world(Settings.from_environment(ONBRAND_HOME=str(world.home))):
        refused = world.run("restore", str(folder), "--replace", code=1)
    assert "in use by another process" in refused.err
    assert read_answer(world)[0] == "answered"


@pytest.mark.parametrize("name", [DATABASE_FILE, "index/passages/edge_config.json"])
def test_edited_backup_is_refused_naming_the_file_and_nothing_changes(world: Commands, name: str) -> None:
    folder, other = back_up(world), beside(world)
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    refused = other.run("restore", str(folder), code=1)
    assert repr(name) in refused.err
    assert not list(other.home.glob("*.sqlite3"))
    assert "No row" in other.run("audit", "list").out


def test_backup_of_an_older_schema_is_migrated_after_a_backup_of_its_own(
    world: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, other = back_up(world), beside(world)
    scripts = tmp_path / "scripts"
    shutil.copytree("core/migrations", scripts, ignore=shutil.ignore_patterns("__pycache__"))
    old = read_manifest(folder).schema
    new = f"{int(old) + 1:04}"
    (scripts / "versions" / f"{new}_next.py").write_text(
        f"from alembic import op\nrevision = '{new}'\ndown_revision = '{old}'\n\n\n"
        "def upgrade() -> None:\n    op.execute('CREATE TABLE added (number INTEGER)')\n"
    )
    for module in ("core.database", "core.restore", "admin.restoring"):
        monkeypatch.setattr(f"{module}.NEWEST_SCHEMA", new)
    monkeypatch.setattr("core.database.MIGRATIONS", scripts)
    done = other.run("restore", str(folder), "--json").json
    assert done["migrated"] == f"{old} → {new}"
    assert read_answer(other)[0] == "answered"
    (kept,) = other.home.glob(f"onbrand.schema-{old}-*.backup")
    with closing(sqlite3.connect(kept)) as backup:
        assert backup.execute("SELECT version_num FROM alembic_version").fetchone() == (old,)


def test_backup_of_another_embedder_is_restored_with_an_index_made_anew(
    world: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, other = back_up(world), beside(world)
    monkeypatch.setattr("admin.restoring.name_index", lambda _embedder: "another:384-dimensions:cutter-2")
    done = other.run("restore", str(folder), "--json").json
    assert (done["with_index"], done["index"]["silent"], done["silent"]) == (False, 2, 0)
    assert read_answer(other) == read_answer(world)


def test_index_of_a_backup_alone_is_repaired_under_the_newer_ledger(world: Commands) -> None:
    folder = back_up(world)
    write(world.home / "texts", "a.md", "# Colour a\n\nOur colour a is vermilion.")
    world.run("sync")
    expected = read_answer(world)
    shutil.rmtree(world.home / "index" / "passages")
    shutil.copytree(folder / "index" / "passages", world.home / "index" / "passages")
    assert read_answer(world) == expected
    assert "vermilion" in str(expected)


@contextmanager
def keep_asking(world: Commands, stop: Event) -> Iterator[list[str]]:
    verdicts: list[str] = []

    def ask() -> None:
        while not stop.is_set():
            verdicts.append(world.run(*ASK).json["verdict"])

    with ThreadPoolExecutor(2) as pool:
        askers = [pool.submit(ask) for _ in range(2)]
        try:
            yield verdicts
        finally:
            stop.set()
            for asker in askers:
                asker.result()


def test_backup_while_a_sync_runs_and_askers_ask_is_of_one_moment(empty: Commands) -> None:
    empty = replace(empty, settings={"ONBRAND_PROBE_ADDRESS": "off"})
    texts = {f"{number}.md": f"The colour of part {number} is teal." for number in range(300)}
    for name, text in texts.items():
        write(empty.home / "texts", name, text)
    add_source(empty)
    with empty.running("up"), ThreadPoolExecutor(1) as pool:
        syncing = pool.submit(empty.run, "sync", "--json")
        with keep_asking(empty, Event()) as verdicts:
            backups = [back_up(empty, str(number)) for number in range(3)]
        assert syncing.result().json["ingested"] == len(texts)
    assert len(verdicts) >= 2
    counts = [read_manifest(folder).counts["documents"] for folder in backups]
    assert counts == sorted(counts)
    for folder, count in zip(backups, counts, strict=True):
        other = beside(empty)
        done = other.run("restore", str(folder), "--json").json
        assert (done["documents"], done["silent"]) == (count, 0)
        assert count_passages(other) == [1] * count
        assert read_texts(other).items() <= texts.items()
        check_chains(other)


def count_passages(world: Commands) -> list[int]:
    """Of each document."""
    with own_world(Settings.from_environment(ONBRAND_HOME=str(world.home))) as opened:
        documents = [row.document for row in opened.ledger.list_documents()]
        assert all(one.is_settled for one in documents)
        return [opened.index.store.count(one.document_id) for one in documents]


def read_texts(world: Commands) -> dict[str, str]:
    found = world.run("search", QUESTION, "--limit", "100", "--json").json["results"]
    return {one["path"]: one["text"] for one in found}


def test_two_backups_at_once_do_not_mix(world: Commands) -> None:
    with own_world(Settings.from_environment(ONBRAND_HOME=str(world.home))) as opened:
        from admin.operations.backup import BackupUnderWay, _one_at_a_time

        with _one_at_a_time, pytest.raises(BackupUnderWay, match="being made already"):
            run_operation(opened, "backup", {"folder": str(world.home / "b")}, lambda _progress: None)
    assert not (world.home / "b").exists()


def test_world_on_servers_is_told_the_commands_of_its_servers_without_a_password(tmp_path: Path) -> None:
    url = "postgresql://onbrand:never-shown@db.example:5433/brand"
    settings = Settings.from_environment(
        ONBRAND_HOME=tmp_path, ONBRAND_DATABASE_URL=url, ONBRAND_QDRANT_URL="http://q.example:6333"
    )
    with pytest.raises(UsageError) as caught:
        refuse_servers(settings)
    said = str(caught.value)
    assert "pg_dump --format=custom --file=onbrand.dump" in said
    assert "--dbname='postgresql://onbrand@db.example:5433/brand'" in said
    assert "http://q.example:6333/collections/onbrand_passages/snapshots" in said
    assert "pg_restore" in said
    assert "onbrand reindex" in said
    assert "never-shown" not in said


def test_world_in_its_home_is_not_refused(tmp_path: Path) -> None:
    refuse_servers(Settings.from_environment(ONBRAND_HOME=tmp_path))


def test_generation_that_answers_is_copied_and_going_back_works_without_the_other(world: Commands) -> None:
    world.run("reindex", "--wait")
    folder, other = back_up(world), beside(world)
    facts = read_manifest(folder).facts
    assert (facts.generation, facts.index) == (2, "index/g0002/passages")
    other.run("restore", str(folder))
    assert read_answer(other) == read_answer(world)
    other.run("index", "rollback")
    assert read_answer(other) == read_answer(world)
