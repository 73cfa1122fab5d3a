"""Whatever happens in Drive, in whatever order: the changes lead to what a first sync would find."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.drive_server import serve_drive
from tests.fakes.drive_world import FOLDER, SHORTCUT, DriveWorld, Grant
from tests.integration.sources.drive_source import DriveSource

PEOPLE = [f"person{number}@brand.example" for number in range(3)]
NAMES = ["Rules.md", "Rules", "Logo.md"]
Act = Callable[[DriveWorld, int, int], None]


def list_ids(world: DriveWorld, *mimes: str) -> list[str]:
    return [item.id for item in world.items.values() if item.mime in mimes or not mimes]


def pick(ids: Sequence[str], number: int) -> str:
    return ids[number % len(ids)]


def pick_home(world: DriveWorld, number: int) -> str:
    return pick([*world.drives, *list_ids(world, FOLDER)], number)


def add_file(world: DriveWorld, one: int, two: int) -> None:
    world.add_file(pick_home(world, one), pick(NAMES, two), f"text {one}".encode())


def add_doc(world: DriveWorld, one: int, two: int) -> None:
    world.add_doc(pick_home(world, one), pick(NAMES, two).removesuffix(".md"), "text")


def add_folder(world: DriveWorld, one: int, two: int) -> None:
    world.add_folder(pick_home(world, one), pick(["Guides", "Logos"], two))


def add_shortcut(world: DriveWorld, one: int, two: int) -> None:
    world.add_shortcut(pick_home(world, one), "Way", pick(list_ids(world), two))


def write(world: DriveWorld, one: int, two: int) -> None:
    id_ = pick(list_ids(world), one)
    if world.items[id_].mime not in (FOLDER, SHORTCUT):
        world.write(id_, f"revision {two}".encode())


def rename(world: DriveWorld, one: int, two: int) -> None:
    world.change(pick(list_ids(world), one), name=pick(NAMES, two))


def move(world: DriveWorld, one: int, two: int) -> None:
    id_, home = pick(list_ids(world), one), pick_home(world, two)
    if home not in {item.id for item in world.list_below(id_)}:
        world.move(id_, home)


def trash(world: DriveWorld, one: int, two: int) -> None:
    world.change(pick(list_ids(world), one), is_trashed=bool(two % 2))


def remove(world: DriveWorld, one: int, two: int) -> None:
    if len(world.items) > 3:
        world.remove(pick(list_ids(world), one))


def share(world: DriveWorld, one: int, two: int) -> None:
    ends = world.now + timedelta(minutes=40) if two % 3 == 0 else None
    world.change(pick(list_ids(world), one), grants=[Grant(pick(PEOPLE, two), expires=ends)])


def limit(world: DriveWorld, one: int, two: int) -> None:
    folders = list_ids(world, FOLDER)
    world.change(pick(folders, one), is_limited=bool(two % 2)) if folders else None


def wait(world: DriveWorld, one: int, two: int) -> None:
    world.now += timedelta(minutes=20 * (one % 3))


def change_members(world: DriveWorld, one: int, two: int) -> None:
    world.set_members(pick(list(world.drives), one), Grant(pick(PEOPLE, two)))


ACTS: list[Act] = [
    *(add_file, add_file, add_doc, add_folder, add_shortcut, write, rename, move, move),
    *(trash, trash, remove, share, limit, wait, change_members),
]
STEPS = st.lists(
    st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=4
    ),
    min_size=2,
    max_size=6,
)


def replay(steps: Sequence[Sequence[tuple[Act, int, int]]], *, is_whole: bool) -> None:
    with serve_drive() as server:
        world = server.world
        drive, other = (
            world.add_drive("Brand", Grant(PEOPLE[0])),
            world.add_drive("Elsewhere", Grant(PEOPLE[1])),
        )
        folder = world.add_folder(drive, "Guides")
        for home in (drive, folder, other):
            add_file(world, [*world.drives, *list_ids(world, FOLDER)].index(home), 0)
        options = {"drives": drive} if is_whole else {"folders": folder}
        source = DriveSource(server, options)
        server.replies.page_size = 3
        source.sync()
        for acts in steps:
            for act, one, two in acts:
                act(world, one, two)
            if not is_whole and (folder not in world.items or world.is_trashed(world.items[folder])):
                return  # the chosen folder itself is gone: another test
            source.sync()
            assert source.describe_held() == source.list_fresh()
        assert server.violations == []


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_changes_of_a_drive_lead_to_what_a_first_sync_finds(steps: list[list[tuple[Act, int, int]]]) -> None:
    replay(steps, is_whole=True)


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_changes_below_a_folder_lead_to_what_a_first_sync_finds(
    steps: list[list[tuple[Act, int, int]]],
) -> None:
    replay(steps, is_whole=False)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("is_whole", [True, False])
def test_long_histories_lead_to_what_a_first_sync_finds(is_whole: bool) -> None:
    @settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def check(steps: list[list[tuple[Act, int, int]]]) -> None:
        replay(steps, is_whole=is_whole)

    check()
