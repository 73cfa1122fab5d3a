"""One process owns a world; the others go through its socket, and nobody cuts anybody off."""

import signal
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Timer

import pytest

from admin.operations import OPERATIONS, run_operation
from admin.operations.syncing import SyncUnderWay
from admin.owner import own_world
from admin.world import World
from core.local_socket import Report, call_owner
from core.settings import Settings
from ingest.look import Look
from ingest.sync_source import SourceSync
from tests.integration.commands import Commands, write

SALES = "group:sales"


def test_one_process_owns_the_world_and_every_other_command_goes_through_it(empty: Commands) -> None:
    write(empty.home / "brand", "a.md", "# Colour\n\nOur main colour is Marrow Teal.")
    empty.run("source", "add", "folder", "brand", "--path", "brand", "--access", "all")
    with empty.running("up") as up:
        assert empty.run("sync", "--json").json["ingested"] == 1
        second = empty.run("up", code=1)
        assert "in use by another process" in second.err
        assert "ONBRAND_HOME" in second.err
        assert up.poll() is None
        curate(empty)
        health = {one["check"]: one for one in empty.run("doctor", "--json").json["findings"]}
        assert (health["index"]["state"], health["source brand"]["state"]) == ("ok", "ok")
        up.send_signal(signal.SIGKILL)
        up.wait()
        answer = empty.run(
            "ask", "What is our main colour?", "--no-model", "--as", "a@b.example", "--json"
        ).json
        assert answer["verdict"] == "not_found"
        (row,) = empty.run("documents", "list", "--json").json
        assert (row["status"], row["access"], row["answers_today"]) == ("retired", SALES, False)


def curate(world: Commands) -> None:
    """A draft is approved, narrowed and retired by a curator; each act shows in what people find."""
    ask = ("ask", "What is our main colour?", "--no-model", "--json")
    assert world.run(*ask, "--as", "s@b.example").json["verdict"] == "not_found"
    world.run("people", "add", "cleo@b.example", "--role", "curator", "--group", "brand")
    assert "may not approve" in world.run("documents", "approve", "a.md", "--as", "s@b.example", code=1).err
    (row,) = world.run("documents", "approve", "brand:a.md", "--as", "cleo@b.example", "--json").json
    assert (row["status"], row["answers_today"]) == ("approved", True)
    assert world.run(*ask, "--as", "s@b.example").json["verdict"] == "answered"
    world.run("documents", "set", "a.md", "--field", f"access={SALES}", "--field", "valid_until=2026-12-31")
    assert world.run("search", "main colour", "--as", "s@b.example", "--json").json["results"] == []
    write(world.home, "people.csv", "email,name,role,groups\nS@b.example,Sam,,sales\n")
    assert world.run("people", "import", "people.csv", "--json").json["people"] == 1
    write(world.home, "torn.csv", "email\n" + "x" * 200_000)
    assert "not a CSV" in world.run("people", "import", "torn.csv", code=2).err
    assert world.run(*ask, "--as", "s@b.example").json["verdict"] == "answered"
    explained = world.run("people", "explain", "s@b.example", "a.md", "--json").json
    assert (explained["may_read"], explained["because_of"]) == (True, [SALES])
    shown = world.run("documents", "show", "a.md", "--json").json
    assert "Our main colour is Marrow Teal." in shown["text"]
    world.run("documents", "retire", "a.md", "--reason", "old", "--json")
    assert world.run(*ask, "--as", "s@b.example").json["verdict"] == "not_found"


def test_question_is_answered_while_another_process_syncs_and_neither_cuts_the_other_off(
    empty: Commands,
) -> None:
    for number in range(250):
        write(
            empty.home / "many",
            f"{number}.md",
            f"# Promise {number}\n\nWe answer within {number} hours.\n\n## On\n\nAlways.",
        )
    write(empty.home / "one", "colour.md", "Our main colour is Marrow Teal.")
    for name in ("one", "many"):
        empty.run("source", "add", "folder", name, "--path", name, "--status", "approved", "--access", "all")
    empty.run("sync", "one")
    with empty.running("sync", "many", "--json") as syncing:
        assert (
            empty.run("ask", "What is our main colour?", "--no-model", "--json").json["verdict"] == "answered"
        )
        assert syncing.poll() is None, "the sync was over too soon to tell"
        out, _ = syncing.communicate(timeout=60)
    assert (syncing.returncode, b'"ingested": 250' in out) == (0, True)


def test_source_is_not_removed_while_it_is_synced_and_a_second_sync_joins_the_first(
    empty: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(empty.home / "brand", "a.md", "Our colour is teal.")
    added = {"type": "folder", "name": "brand", "options": {"path": str(empty.home / "brand")}}
    looking, may_go_on = Event(), Event()
    look = SourceSync.look

    def look_slowly(sync: SourceSync) -> Look:
        looking.set()
        assert may_go_on.wait(10)
        return look(sync)

    monkeypatch.setattr(SourceSync, "look", look_slowly)
    with (
        own_world(Settings.from_environment(ONBRAND_HOME=empty.home)) as world,
        ThreadPoolExecutor(2) as pool,
    ):
        run_operation(world, "source add", added, ignore)
        first, second = (
            pool.submit(run_operation, world, "sync", {"name": "brand"}, ignore) for _ in range(2)
        )
        assert looking.wait(10)
        with pytest.raises(SyncUnderWay, match="being synced"):
            run_operation(world, "source remove", {"name": "brand"}, ignore)
        may_go_on.set()
        assert first.result(10) == second.result(10)
        assert [job.state for job in world.jobs.list_jobs()] == ["done"]
        assert run_operation(world, "source remove", {"name": "brand"}, ignore)["documents"] == 1


def test_source_that_cannot_be_read_stops_no_other_and_is_named(empty: Commands) -> None:
    with own_world(Settings.from_environment(ONBRAND_HOME=empty.home)) as world:
        for name in ("away", "here"):
            write(empty.home / name, "a.md", "Our colour is teal.")
            added = {"type": "folder", "name": name, "options": {"path": str(empty.home / name)}}
            run_operation(world, "source add", added, ignore)
        (empty.home / "away").rename(empty.home / "gone")
        away, here = run_operation(world, "sync", {"name": None}, ignore)
    assert (away["failed"][0]["document"], here["ingested"], here["failed"]) == ("away", 1, [])
    assert "does not exist" in away["failed"][0]["error"]


def ignore(_progress: Mapping[str, object]) -> None:
    return None


def test_owner_that_is_done_waits_for_the_command_it_has_taken_in(
    empty: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_in, may_end = Event(), Event()

    def count_documents(world: World, _arguments: Mapping[str, object], _report: Report) -> object:
        taken_in.set()
        may_end.wait(10)
        return {"documents": len(world.ledger.list_documents()), "passages": world.index.store.count()}

    monkeypatch.setattr("admin.operations.OPERATIONS", {"slow": count_documents, **OPERATIONS})
    settings = Settings.from_environment(ONBRAND_HOME=empty.home)
    with ThreadPoolExecutor(1) as pool:
        with own_world(settings):
            asked = pool.submit(call_owner, empty.home, "slow", {}, ignore)
            assert taken_in.wait(10)
            Timer(0.3, may_end.set).start()
        assert may_end.is_set(), "the world was closed under a command"
        assert asked.result(10) == {"documents": 0, "passages": 0}
