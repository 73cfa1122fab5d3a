"""The contract of connectors, over every type of the registry: whatever happens, the end is that of a clean sync."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep

import pytest

from core.access import LOCAL_OWNER, Person
from core.errors import OnbrandError
from ingest.connectors.connector import Connector, SourceUnreadable
from ingest.connectors.registry import MODULES
from ingest.sync_report import SyncReport
from tests.contracts.sources.kit import ANN, BOB, SourceKit, open_kit_connector
from tests.contracts.sources.kit_world import describe_world, open_kit_world
from tests.contracts.sources.kits import GAPS, KITS
from tests.integration.small_world import SmallWorld

KILLED_AFTER = (0.02, 0.08, 0.2)
COUNT = 12
"""Documents at first: several pages of every test server."""


def those_that(*abilities: str) -> pytest.MarkDecorator:
    """Only the types that can do this; why the others cannot stands in their kits."""
    names = [name for name in sorted(KITS) if not set(abilities) & set(GAPS[name])]
    return pytest.mark.parametrize("kit", names, indirect=True)


EVERY_TYPE = those_that()


@pytest.fixture
def kit(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SourceKit]:
    """A kit that holds a dozen documents."""
    made = KITS[request.param](tmp_path / "kit")
    for number in range(COUNT):
        made.add(f"Page {number}", f"Word{number} stands on its page.")
    yield made
    made.close()


@pytest.fixture
def world(kit: SourceKit, tmp_path: Path) -> Iterator[SmallWorld]:
    """A world that has synced the kit once."""
    with open_kit_world(kit.source, connect(kit), tmp_path / "world") as made:
        made.sync()
        yield made


@pytest.fixture
def equals_clean(kit: SourceKit, world: SmallWorld, tmp_path: Path) -> Callable[[], None]:
    """Asserts that the world is what a first sync of the source as it is now gives."""

    def check() -> None:
        with open_kit_world(kit.source, connect(kit), tmp_path / "clean") as clean:
            clean.sync()
            assert describe_world(world) == describe_world(clean)

    return check


def connect(kit: SourceKit) -> Connector:
    return open_kit_connector(kit.source, kit.secrets)


def answers(world: SmallWorld, word: str, asker: Person) -> bool:
    return bool(world.says(word, asker=world.people.identify(asker.email)))


def test_what_a_type_cannot_do_is_said_with_the_reason() -> None:
    assert all(len(reason) > 10 for gaps in GAPS.values() for reason in gaps.values())


def test_every_type_of_the_registry_is_held_to_the_contract() -> None:
    assert {name.split()[0] for name in KITS} == set(MODULES)


@EVERY_TYPE
def test_first_sync_answers_with_everything(world: SmallWorld) -> None:
    assert all(answers(world, f"word{number}", ANN) for number in range(COUNT))
    assert all(answers(world, f"word{number}", BOB) for number in range(COUNT))


@those_that("narrow")
def test_stranger_reads_nothing_that_is_not_open_to_all(kit: SourceKit, world: SmallWorld) -> None:
    kit.narrow("Page 3")
    sync(world, kit)
    assert not answers(world, "word3", Person("stranger@elsewhere.example"))


@EVERY_TYPE
def test_second_sync_reads_nothing_again(kit: SourceKit, world: SmallWorld) -> None:
    before = kit.count_fetches()
    report = sync(world, kit)
    assert (report.listed, report.unchanged, report.ingested, report.removed) == (COUNT, COUNT, 0, 0)
    report = sync(world, kit, is_recheck=True)
    assert (report.ingested, report.removed, kit.count_fetches()) == (0, 0, before)


@EVERY_TYPE
def test_changed_document_answers_with_its_new_words(
    kit: SourceKit, world: SmallWorld, equals_clean: Callable[[], None]
) -> None:
    kit.change("Page 3", "Teal stands on its page now.")
    assert sync(world, kit).ingested == 1
    assert (answers(world, "teal", ANN), answers(world, "word3", ANN)) == (True, False)
    equals_clean()


@EVERY_TYPE
def test_new_document_answers_after_one_sync(
    kit: SourceKit, world: SmallWorld, equals_clean: Callable[[], None]
) -> None:
    kit.add("New page", "Mauve stands on its page.")
    sync(world, kit)
    assert answers(world, "mauve", BOB)
    equals_clean()


@those_that("move")
def test_moved_document_keeps_its_identity(
    kit: SourceKit, world: SmallWorld, equals_clean: Callable[[], None]
) -> None:
    before = find_id(world, "word3")
    kit.move("Page 3")
    report = sync(world, kit)
    assert (report.moved, report.removed, find_id(world, "word3")) == (1, 0, before)
    equals_clean()


@those_that("rename")
def test_renamed_document_keeps_its_identity(
    kit: SourceKit, world: SmallWorld, equals_clean: Callable[[], None]
) -> None:
    before = find_id(world, "word3")
    kit.rename("Page 3", "Leaf 3")
    report = sync(world, kit)
    assert (report.removed, find_id(world, "word3")) == (0, before)
    equals_clean()


@EVERY_TYPE
def test_removed_document_is_silent_and_a_restored_one_answers_again(
    kit: SourceKit, world: SmallWorld, equals_clean: Callable[[], None]
) -> None:
    before = find_id(world, "word3")
    kit.remove("Page 3")
    assert sync(world, kit).removed == 1
    assert not answers(world, "word3", ANN)
    equals_clean()
    kit.restore("Page 3")
    sync(world, kit)
    assert find_id(world, "word3") == before
    equals_clean()


@those_that("narrow")
@pytest.mark.parametrize("is_recheck", [True, False])
def test_narrowed_document_is_silent_after_one_sync_and_before_any_fetch(
    kit: SourceKit, world: SmallWorld, equals_clean: Callable[[], None], *, is_recheck: bool
) -> None:
    before = kit.count_fetches()
    kit.narrow("Page 3")
    sync(world, kit, is_recheck=is_recheck)
    assert (answers(world, "word3", ANN), answers(world, "word3", BOB)) == (True, False)
    if is_recheck:
        assert kit.count_fetches() == before
    equals_clean()
    kit.widen("Page 3")
    sync(world, kit)
    assert answers(world, "word3", BOB)
    equals_clean()


@pytest.mark.parametrize("after", [1, 4, 9])
@those_that("expire")
def test_credential_that_ends_in_the_middle_loses_nothing(
    kit: SourceKit, world: SmallWorld, equals_clean: Callable[[], None], after: int
) -> None:
    change_much(kit)
    kit.expire(after)
    try_sync(world, kit)
    assert all(answers(world, f"word{number}", ANN) for number in range(4, COUNT))
    kit.mend()
    sync(world, kit)
    equals_clean()


@those_that("lose_page")
def test_lost_page_removes_nothing(
    kit: SourceKit, world: SmallWorld, equals_clean: Callable[[], None]
) -> None:
    change_much(kit)
    kit.lose_page()
    with pytest.raises(OnbrandError):
        sync(world, kit, full=True)
    assert all(answers(world, f"word{number}", ANN) for number in range(COUNT))
    kit.mend()
    sync(world, kit)
    equals_clean()


@those_that("storm")
def test_storm_of_refusals_is_waited_out(
    kit: SourceKit, world: SmallWorld, equals_clean: Callable[[], None]
) -> None:
    change_much(kit)
    kit.storm()
    assert not sync(world, kit).failed
    equals_clean()


@EVERY_TYPE
def test_kill_in_the_middle_and_the_next_sync_is_whole(
    kit: SourceKit, tmp_path: Path, world: SmallWorld, equals_clean: Callable[[], None]
) -> None:
    change_much(kit)
    world.store.close()
    world.database.close()
    codes = [kill_sync(kit, tmp_path / "world", after) for after in KILLED_AFTER]
    assert -signal.SIGKILL in codes
    with open_kit_world(kit.source, connect(kit), tmp_path / "world") as again:
        again.sync()
        with open_kit_world(kit.source, connect(kit), tmp_path / "clean") as clean:
            clean.sync()
            assert describe_world(again) == describe_world(clean)


def change_much(kit: SourceKit) -> None:
    kit.change("Page 0", "Teal stands on its page now.")
    kit.add("New page", "Mauve stands on its page.")
    if "rename" not in kit.LACKS:
        kit.rename("Page 1", "Leaf 1")
    if "narrow" not in kit.LACKS:
        kit.narrow("Page 2")


def kill_sync(kit: SourceKit, home: Path, after: float) -> int:
    """A sync in a process of its own, killed so many seconds after it has begun; its exit code."""
    source = kit.source
    said = {
        "name": source.name,
        "type": source.type,
        "options": dict(source.options),
        "secrets": dict(kit.secrets),
        "status": source.status,
        "open": source.access.is_open,
    }
    command = [sys.executable, "-m", "tests.contracts.sources.sync_process", str(home), json.dumps(said)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        sleep(after)
        process.kill()
        return process.wait()


def find_id(world: SmallWorld, word: str) -> str:
    (path,) = world.says(word, asker=LOCAL_OWNER)
    return world.read(path).document.document_id


def sync(world: SmallWorld, kit: SourceKit, **wishes: bool) -> SyncReport:
    """One sync with a connector of its own, as jobs make them."""
    world.connector = connect(kit)
    return world.sync(**wishes)


def try_sync(world: SmallWorld, kit: SourceKit) -> None:
    """Refused in the listing it raises; refused at a file it reports. Both may be."""
    with suppress(SourceUnreadable):
        sync(world, kit)
