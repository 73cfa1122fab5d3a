"""An index folder that is not the one which the ledger left is noticed, silent where it differs, and made good."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

import index.repair
from admin.owner import own_world
from core.errors import OnbrandError
from core.settings import Settings
from core.world_facts import read_fact
from index.index_mark import INDEX_FORMAT, MARK_FILE, IndexMark, IndexTooNew, read_mark, write_mark
from index.repair import LAST_REPAIR
from tests.integration.commands import Commands, QuickCommands, write

PASSAGES = Path("index") / "passages"
QUESTION = "Which colour is ours?"


@pytest.fixture
def world(quick: Commands) -> Commands:
    """Three documents that answer, in sync."""
    for name, colour in (("a", "teal"), ("b", "ochre"), ("c", "navy")):
        write_colour(quick, name, colour)
    arguments = ["--path", "texts", "--status", "approved", "--access", "all", "--on-change", "auto_approve"]
    quick.run("source", "add", "folder", "brand", *arguments)
    quick.run("sync")
    return quick


def write_colour(world: Commands, name: str, colour: str) -> None:
    write(world.home / "texts", f"{name}.md", f"# Colour {name}\n\nOur colour {name} is {colour}.")


def find(world: Commands) -> dict[str, str]:
    """Path -> text of all that answers."""
    found = world.run("search", QUESTION, "--limit", "50", "--json").json["results"]
    return {one["path"]: one["text"].rpartition(" is ")[2] for one in found}


def find_in_fresh_index(world: Commands) -> dict[str, str]:
    """What the same ledger answers on an index that is built from nothing, in a world beside."""
    beside = QuickCommands(world.home.with_name(uuid4().hex[:8]))
    shutil.copytree(world.home, beside.home)
    shutil.rmtree(beside.home / "index")
    return find(beside)


@contextmanager
def put_back(world: Commands, *names: str) -> Iterator[None]:
    """What these are before the block, they are after it: somebody has put an old copy back."""
    kept = world.home.with_name(f"{world.home.name}-kept")
    for name in names:
        (shutil.copytree if (world.home / name).is_dir() else _copy)(world.home / name, kept / name)
    yield
    for name in names:
        target = world.home / name
        (shutil.rmtree if target.is_dir() else Path.unlink)(target)
        (kept / name).rename(target)
    shutil.rmtree(kept)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def change_everything(world: Commands) -> None:
    """One document changes, one is retired, one goes, one comes."""
    write_colour(world, "a", "vermilion")
    (world.home / "texts" / "c.md").unlink()
    write_colour(world, "d", "plum")
    world.run("sync")
    world.run("documents", "retire", "b.md", "--reason", "old")
    assert find(world) == {"a.md": "vermilion.", "d.md": "plum."}


def read_settings(world: Commands) -> Settings:
    return Settings.from_environment(ONBRAND_HOME=str(world.home))


def count_passages(world: Commands) -> dict[str, int]:
    with own_world(read_settings(world)) as opened:
        return {
            row.document.path: opened.index.store.count(row.document.document_id)
            for row in opened.ledger.list_documents(include_removed=True)
        }


def test_old_index_under_a_newer_ledger_answers_as_a_fresh_one(world: Commands) -> None:
    with put_back(world, "index"):
        change_everything(world)
    assert find(world) == {"a.md": "vermilion.", "d.md": "plum."} == find_in_fresh_index(world)
    assert count_passages(world) == {"a.md": 1, "b.md": 1, "c.md": 0, "d.md": 1}


def test_newer_index_under_an_older_ledger_answers_as_a_fresh_one(world: Commands) -> None:
    with put_back(world, "onbrand.sqlite3"):
        change_everything(world)
    expected = {"a.md": "teal.", "b.md": "ochre.", "c.md": "navy."}
    assert find(world) == expected == find_in_fresh_index(world)
    assert count_passages(world) == dict.fromkeys(("a.md", "b.md", "c.md"), 1)


def test_lost_index_is_made_again_from_the_stored_text(world: Commands) -> None:
    change_everything(world)
    shutil.rmtree(world.home / "index")
    shutil.rmtree(world.home / "texts")
    assert find(world) == {"a.md": "vermilion.", "d.md": "plum."}


def test_same_revision_of_another_ledger_is_known_by_its_text(world: Commands) -> None:
    """Two worlds that were one once: number, facts and count are equal, only the words differ."""
    with put_back(world, "onbrand.sqlite3", "index"):
        write_colour(world, "a", "crimson")
        world.run("sync")
        shutil.copytree(world.home / "index", world.home / "index-of-crimson")
    write_colour(world, "a", "scarlet")
    world.run("sync")
    shutil.rmtree(world.home / "index")
    (world.home / "index-of-crimson").rename(world.home / "index")
    assert find(world) == {"a.md": "scarlet.", "b.md": "ochre.", "c.md": "navy."}


def test_vectors_of_another_embedder_are_written_anew_whatever_the_text(world: Commands) -> None:
    mark = read_mark(world.home / PASSAGES)
    assert mark is not None
    write_mark(world.home / PASSAGES, IndexMark(mark.token, "other-model:384-dimensions:cutter-2"))
    report = repair(world)
    assert (report["checked"], report["silent"]) == (3, 3)
    assert find(world) == {"a.md": "teal.", "b.md": "ochre.", "c.md": "navy."}


def repair(world: Commands) -> dict[str, int]:
    """Open the world once; what the repair said."""
    find(world)
    with own_world(read_settings(world)) as opened:
        found: dict[str, int] = json.loads(read_fact(opened.database, LAST_REPAIR) or "{}")
    return found


def test_what_cannot_be_written_anew_is_silent_and_the_rest_answers(
    world: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with put_back(world, "index"):
        write_colour(world, "a", "vermilion")
        world.run("sync")
    with monkeypatch.context() as patched:
        patched.setattr("index.settle.settle_index", lambda *_arguments, **_more: 0)
        patched.setattr("index.assembly.settle_index", lambda *_arguments, **_more: 0)
        assert find(world) == {"b.md": "ochre.", "c.md": "navy."}
    assert find(world) == {"a.md": "vermilion.", "b.md": "ochre.", "c.md": "navy."}


def test_index_that_is_the_ledgers_own_is_not_compared_again(
    world: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(world)
    write_colour(world, "a", "vermilion")
    world.run("sync")
    monkeypatch.setattr(index.repair, "read_stored", lambda *_, **__: pytest.fail("it was compared"))
    assert find(world)["a.md"] == "vermilion."
    world.run("documents", "retire", "b.md", "--reason", "old")
    assert find(world) == {"a.md": "vermilion.", "c.md": "navy."}


def lose_a_passage_and_die(world: Commands) -> None:
    with own_world(read_settings(world)) as opened:
        opened.index.store.remove(opened.ledger.list_documents()[0].document.document_id)
        raise ZeroDivisionError


def test_after_a_kill_only_what_the_crash_left_is_looked_at(
    world: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ZeroDivisionError):
        lose_a_passage_and_die(world)
    mark = read_mark(world.home / PASSAGES)
    assert mark is not None
    assert mark.is_open
    monkeypatch.setattr("index.compare_index._cut", lambda *_: pytest.fail("texts were compared"))
    assert find(world) == {"a.md": "teal.", "b.md": "ochre.", "c.md": "navy."}
    mark = read_mark(world.home / PASSAGES)
    assert mark is not None
    assert not mark.is_open


def test_read_only_command_leaves_the_mark_as_it_is(world: Commands) -> None:
    before = read_mark(world.home / PASSAGES)
    find(world)
    assert read_mark(world.home / PASSAGES) == before is not None


def test_index_of_an_earlier_version_without_a_mark_is_taken_over_without_being_built_again(
    world: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    (world.home / PASSAGES / MARK_FILE).unlink()
    monkeypatch.setattr("ingest.write_passages.write_passages", lambda *_: pytest.fail("it was written anew"))
    report = repair(world)
    assert report == {"checked": 3, "silent": 0, "foreign": 0}
    assert read_mark(world.home / PASSAGES) is not None


def test_index_of_a_newer_version_is_refused_and_left_alone(world: Commands) -> None:
    (world.home / PASSAGES / MARK_FILE).write_text('{"format": 99, "shape": "unheard of"}')
    refused = world.run("search", QUESTION, code=1)
    assert f"has format 99, this onbrand knows up to {INDEX_FORMAT}" in refused.err
    assert issubclass(IndexTooNew, OnbrandError)
    assert "unheard of" in (world.home / PASSAGES / MARK_FILE).read_text()


def test_repair_that_is_killed_is_finished_by_the_next_start(
    world: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with put_back(world, "index"):
        change_everything(world)
    for step in ("index.repair._renew_mark", "index.assembly.settle_index"):
        with monkeypatch.context() as patched:
            patched.setattr(step, _die)
            with pytest.raises(KeyboardInterrupt), own_world(read_settings(world)):
                pytest.fail("it opened")
    assert find(world) == {"a.md": "vermilion.", "d.md": "plum."}


def _die(*_arguments: object, **_more: object) -> int:
    raise KeyboardInterrupt


def test_index_that_was_exchanged_is_marked_and_not_compared_at_the_next_start(
    world: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.run("reindex", "--wait")
    monkeypatch.setattr(index.repair, "read_stored", lambda *_, **__: pytest.fail("it was compared"))
    assert find(world) == {"a.md": "teal.", "b.md": "ochre.", "c.md": "navy."}


def test_going_back_after_all_folders_were_lost_writes_the_kept_index_anew(world: Commands) -> None:
    world.run("reindex", "--wait")
    shutil.rmtree(world.home / "index")
    assert find(world) == {"a.md": "teal.", "b.md": "ochre.", "c.md": "navy."}
    world.run("index", "rollback")
    assert find(world) == {"a.md": "teal.", "b.md": "ochre.", "c.md": "navy."}
