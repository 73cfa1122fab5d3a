"""Nobody reads more through the Drive connector than Drive's own rule says."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import may_read
from ingest.connectors.connector import GroupListing
from tests.fakes.drive_server import DriveServer, serve_drive
from tests.fakes.drive_world import DriveWorld, Grant
from tests.integration.sources.drive_source import DriveSource, make_person, serve_source

ANN, BOB, CLEO, EVE = "ann@brand.example", "bob@brand.example", "cleo@brand.example", "eve@other.example"
PEOPLE = (ANN, BOB, CLEO, EVE)
GROUPS = ("team@brand.example", "all@brand.example", "press@brand.example")


@pytest.fixture
def source() -> Iterator[DriveSource]:
    with serve_source() as source:
        source.world.directory_readers = {source.world.account}
        yield source


def list_file_readers(source: DriveSource, *grants: Grant) -> list[str]:
    drive = source.world.add_drive("Brand")
    source.world.add_file(drive, "File.md", b"1", grants=list(grants))
    source.sync()
    return source.list_readers("Brand/File.md", *PEOPLE)


def test_named_people_read_and_others_do_not(source: DriveSource) -> None:
    assert list_file_readers(source, Grant(ANN), Grant("BOB@Brand.example", role="commenter")) == [ANN, BOB]


@pytest.mark.parametrize(
    "grant",
    [
        Grant("", "anyone"),
        Grant("brand.example", "domain"),
        Grant(ANN, is_deleted=True),
        Grant(ANN, view="published"),
        Grant(ANN, view="metadata"),
    ],
    ids=["by link", "by link in the domain", "deleted", "published view", "metadata view"],
)
def test_what_is_no_real_grant_opens_nothing(source: DriveSource, grant: Grant) -> None:
    assert list_file_readers(source, grant) == []


def test_who_is_only_to_become_the_owner_does_not_read_yet(source: DriveSource) -> None:
    grants = [Grant(source.world.account, role="writer"), Grant(ANN, is_pending_owner=True, role="writer")]
    source.options = {"files": source.world.add_doc("", "Own", "text", owner=BOB, grants=grants)}
    source.sync()
    assert source.list_readers("Own.md", *PEOPLE) == [BOB]


def test_what_is_public_to_search_is_open_to_all(source: DriveSource) -> None:
    assert list_file_readers(source, Grant("", "anyone", is_discoverable=True)) == list(PEOPLE)


def test_a_grant_ends_at_the_next_sync_without_a_line_in_the_log(source: DriveSource) -> None:
    ends = source.world.now + timedelta(hours=1)
    assert list_file_readers(source, Grant(ANN, expires=ends), Grant(BOB)) == [ANN, BOB]
    source.world.now = ends
    source.sync()
    assert source.list_readers("Brand/File.md", *PEOPLE) == [BOB]


def test_a_folder_with_limited_access_shuts_out_the_members_of_the_drive(source: DriveSource) -> None:
    drive = source.world.add_drive("Brand", Grant(ANN), Grant(CLEO, role="organizer"))
    folder = source.world.add_folder(drive, "Board", grants=[Grant(BOB)])
    source.world.add_file(source.world.add_folder(folder, "Deep"), "File.md", b"1")
    source.sync()
    assert source.list_readers("Brand/Board/Deep/File.md", *PEOPLE) == [ANN, BOB, CLEO]
    source.world.change(folder, is_limited=True)
    listing = source.sync()
    assert [file.path for file in listing.files] == ["Brand/Board/Deep/File.md"]
    assert source.list_readers("Brand/Board/Deep/File.md", *PEOPLE) == [BOB, CLEO]


def test_what_is_inherited_through_a_limited_folder_is_not_believed(source: DriveSource) -> None:
    drive = source.world.add_drive("Brand", Grant(ANN))
    folder = source.world.add_folder(drive, "Board")
    source.world.add_file(folder, "File.md", b"1")
    # The folder says that it is limited, while the permissions of its files still name the whole drive.
    source.world.change(folder, fields={"inheritedPermissionsDisabled": True})
    source.sync()
    assert source.list_readers("Brand/Board/File.md", *PEOPLE) == []


def test_a_changed_membership_of_the_drive_reaches_every_file(source: DriveSource) -> None:
    drive = source.world.add_drive("Brand", Grant(ANN))
    source.world.add_file(source.world.add_folder(drive, "Folder"), "File.md", b"1")
    source.sync()
    source.world.set_members(drive, Grant(BOB))
    source.sync()
    assert source.list_readers("Brand/Folder/File.md", *PEOPLE) == [BOB]


def test_a_folder_that_is_shared_and_unshared_takes_its_files_along(source: DriveSource) -> None:
    drive = source.world.add_drive("Brand")
    folder = source.world.add_folder(drive, "Folder")
    source.world.add_file(folder, "File.md", b"1")
    source.sync()
    source.world.change(folder, grants=[Grant(GROUPS[0], "group")])
    source.world.groups = {GROUPS[0]: [{"email": ANN, "type": "USER"}]}
    source.sync()
    assert source.list_readers("Brand/Folder/File.md", *PEOPLE) == [ANN]
    source.world.change(folder, grants=[])
    source.sync()
    assert source.list_readers("Brand/Folder/File.md", *PEOPLE) == []


def test_without_the_right_to_read_groups_they_open_nothing_and_the_report_says_so(
    source: DriveSource,
) -> None:
    source.world.directory_readers = set()
    source.world.groups = {GROUPS[0]: [{"email": ANN, "type": "USER"}]}
    assert list_file_readers(source, Grant(GROUPS[0], "group"), Grant(BOB)) == [BOB]
    assert "admin.directory.group.readonly" in source.find("Brand/File.md").note


def test_a_group_may_be_named_by_its_alias(source: DriveSource) -> None:
    source.world.groups = {GROUPS[0]: [{"email": ANN, "type": "USER"}]}
    source.world.group_aliases = {GROUPS[0]: ["The-Team@brand.example"]}
    assert list_file_readers(source, Grant("the-team@brand.example", "group")) == [ANN]


def test_suspended_members_and_members_without_address_are_left_out(source: DriveSource) -> None:
    source.world.groups = {
        GROUPS[0]: [
            {"email": ANN, "type": "USER", "status": "SUSPENDED"},
            {"email": BOB, "type": "USER"},
            {"email": "", "type": "CUSTOMER"},
        ]
    }
    assert list_file_readers(source, Grant(GROUPS[0], "group")) == [BOB]


def grants() -> st.SearchStrategy[Grant]:
    """Any permission there can be."""
    ends = st.sampled_from([None, None, None, 30, 90, 100_000])
    people = st.tuples(st.just("user"), st.sampled_from(PEOPLE))
    groups = st.tuples(st.just("group"), st.sampled_from(GROUPS))
    others = st.sampled_from([("domain", "brand.example"), ("domain", "other.example"), ("anyone", "")])
    flags = st.integers(0, 9).map(lambda one: one == 0)
    return st.builds(
        lambda who, role, minutes, signs: Grant(
            who[1],
            who[0],
            role,
            is_discoverable=signs[0] or signs[1],
            expires=None
            if minutes is None or who[0] not in ("user", "group")
            else START + timedelta(minutes=minutes),
            is_deleted=signs[2] and who[0] in ("user", "group"),
            view="published" if signs[3] else "",
        ),
        st.one_of(people, people, groups, others),
        st.sampled_from(["reader", "commenter", "writer", "organizer"]),
        ends,
        st.tuples(st.booleans(), flags, flags, flags),
    )


START = DriveWorld().now


@st.composite
def worlds(draw: st.DrawFn) -> DriveWorld:
    """One or two drives, a few folders, some of them limited, files, shortcuts between all, files of people's own."""
    world = DriveWorld()
    world.directory_readers = {world.account}
    some_grants = st.lists(grants(), max_size=2)
    for number, group in enumerate(GROUPS):
        people = draw(st.sets(st.sampled_from(PEOPLE), max_size=3))
        inner = [one for one in GROUPS[:number] if draw(st.booleans())]
        world.groups[group] = [{"email": one, "type": "USER"} for one in sorted(people)]
        world.groups[group] += [{"email": one, "type": "GROUP"} for one in inner]
    homes = [
        world.add_drive(f"Drive {number}", *draw(some_grants)) for number in range(draw(st.integers(1, 2)))
    ]
    for number in range(draw(st.integers(0, 3))):
        home = draw(st.sampled_from(homes))
        homes.append(
            world.add_folder(home, f"F{number}", grants=draw(some_grants), is_limited=draw(st.booleans()))
        )
    files = [
        world.add_file(draw(st.sampled_from(homes)), f"{number}.md", b"1", grants=draw(some_grants))
        for number in range(draw(st.integers(1, 3)))
    ]
    if draw(st.booleans()):
        own = [Grant(world.account, role=draw(st.sampled_from(["reader", "writer"]))), *draw(some_grants)]
        files.append(world.add_file("", "Own.md", b"1", owner=draw(st.sampled_from(PEOPLE)), grants=own))
    for number in range(draw(st.integers(0, 2))):
        world.add_shortcut(
            draw(st.sampled_from(homes)), f"Way {number}", draw(st.sampled_from([*files, homes[-1]]))
        )
    return world


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["limit", "share", "move", "wait"]),
        st.integers(0, 20),
        st.lists(grants(), max_size=2),
    ),
    max_size=3,
)
Changes = list[tuple[str, int, list[Grant]]]


def change_access(world: DriveWorld, changes: Changes) -> None:
    for kind, number, shared_with in changes:
        items = [item for item in world.items.values() if item.drive]
        item = items[number % len(items)]
        homes = [one for one in world.drives if one != item.parent]
        if kind == "limit":
            world.change(item.id, is_limited=not item.is_limited and "folder" in item.mime)
        elif kind == "share":
            world.change(item.id, grants=shared_with)
        elif kind == "move" and homes:
            world.move(item.id, homes[0])
        else:
            world.now += timedelta(minutes=45)


def check_readers(source: DriveSource, groups: GroupListing) -> None:
    people = {person: make_person(person, groups) for person in PEOPLE}
    for file in source.held.values():
        assert file.access is not None
        if file.skip_reason is not None:
            continue
        item = source.world.items[file.item_id]
        is_known = bool(item.drive) or any(
            one.who == source.world.account and one.role == "writer" for one in item.grants
        )
        for email, person in people.items():
            allowed = source.world.may_find(email, file.item_id)
            # Nothing more, and where the permissions are known, nothing less.
            assert may_read(person, file.access) == (allowed and is_known), (email, file.path)


def check_world(server: DriveServer, source: DriveSource, world: DriveWorld, changes: Changes) -> None:
    server.take(world)
    source.held, source.cursor = {}, None
    source.sync()
    groups = source.open().list_groups()
    check_readers(source, groups)
    if changes:
        change_access(world, changes)
        source.sync()
        check_readers(source, groups)
    assert server.violations == []


@pytest.fixture(scope="module")
def shared() -> Iterator[DriveSource]:
    """One server and one connector for all cases; each case brings its own world."""
    with serve_drive() as server:
        yield DriveSource(server, {"approvals": "no"})


COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


@settings(max_examples=200, derandomize=True, **COMMON)  # type: ignore[arg-type]
@given(world=worlds(), changes=CHANGES)
def test_nobody_reads_more_than_drive_says(shared: DriveSource, world: DriveWorld, changes: Changes) -> None:
    check_world(shared.server, shared, world, changes)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, **COMMON)  # type: ignore[arg-type]
@given(world=worlds(), changes=CHANGES)
def test_nobody_reads_more_than_drive_says_in_ten_thousand_cases(
    shared: DriveSource, world: DriveWorld, changes: Changes
) -> None:
    check_world(shared.server, shared, world, changes)
