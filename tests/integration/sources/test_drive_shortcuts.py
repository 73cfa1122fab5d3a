"""Failure mode 10 of Drive connectors: shortcuts, their targets, circles of them, resource keys."""

from collections.abc import Iterator

import pytest

from tests.fakes.drive_world import Grant
from tests.integration.sources.drive_source import DriveSource, serve_source

ANN, BOB = "ann@brand.example", "bob@brand.example"


@pytest.fixture
def source() -> Iterator[DriveSource]:
    with serve_source() as source:
        yield source


def make_drive(source: DriveSource, name: str = "Brand") -> str:
    return source.world.add_drive(name, Grant(ANN))


def test_mode_10_a_shortcut_brings_its_target_with_the_targets_readers(source: DriveSource) -> None:
    drive = source.world.add_drive("Brand", Grant(ANN))
    other = source.world.add_drive("Elsewhere", Grant(BOB))
    target = source.world.add_file(other, "Rules.md", b"rules")
    source.world.add_shortcut(drive, "Rules", target)
    source.options = {"drives": drive}
    source.sync()
    assert source.paths() == ["Brand/Rules (shortcut).md"]
    assert source.read("Brand/Rules (shortcut).md") == b"rules"
    assert source.list_readers("Brand/Rules (shortcut).md", ANN, BOB) == [BOB]


def test_mode_10_a_target_out_of_scope_is_followed_without_a_line_in_the_log(source: DriveSource) -> None:
    drive = make_drive(source)
    other = source.world.add_drive("Elsewhere", Grant(BOB))
    target = source.world.add_file(other, "Rules.md", b"1")
    shortcut = source.world.add_shortcut(drive, "Rules", target)
    source.options = {"drives": drive}
    source.sync()
    source.world.write(target, b"2")
    assert [file.item_id for file in source.sync().files] == [target]
    source.world.change(shortcut, is_trashed=True)
    assert target in source.sync().removed
    source.world.change(shortcut, is_trashed=False)
    source.sync()
    assert source.paths() == ["Brand/Rules (shortcut).md"]
    source.world.remove(target)
    assert target in source.sync().removed
    assert source.paths() == []


def test_mode_10_a_target_in_scope_is_read_once_whatever_points_to_it(source: DriveSource) -> None:
    drive = make_drive(source)
    target = source.world.add_file(source.world.add_folder(drive, "Folder"), "File.md", b"1")
    source.world.add_shortcut(drive, "One", target)
    source.world.add_shortcut(drive, "Two", target)
    source.sync()
    assert source.paths() == ["Brand/Folder/File.md"]


def test_mode_10_a_target_that_leaves_the_scope_is_still_there_by_its_shortcut(source: DriveSource) -> None:
    drive, other = make_drive(source), make_drive(source, "Elsewhere")
    target = source.world.add_file(drive, "File.md", b"1")
    source.world.add_shortcut(drive, "Way", target)
    source.options = {"drives": drive}
    source.sync()
    source.world.move(target, other)
    source.sync()
    assert source.paths() == ["Brand/Way (shortcut).md"]
    source.world.move(target, drive)
    source.sync()
    assert source.paths() == ["Brand/File.md"]


def test_mode_10_shortcuts_that_lead_in_a_circle_end(source: DriveSource) -> None:
    drive, other = make_drive(source), make_drive(source, "Elsewhere")
    folder = source.world.add_folder(other, "Folder")
    source.world.add_file(folder, "File.md", b"1")
    source.world.add_shortcut(folder, "Back", folder)
    source.world.add_shortcut(folder, "Home", drive)
    source.world.add_shortcut(folder, "In", source.world.add_folder(folder, "Inner"))
    first = source.world.add_shortcut(drive, "First", "item-none")
    second = source.world.add_shortcut(other, "Second", first)
    source.world.change(first, target=second)
    source.world.add_shortcut(drive, "Way", folder)
    source.options = {"drives": drive}
    source.sync()
    assert source.paths() == ["Brand/Way (shortcut)/File.md"]
    walks = [seen for seen in source.server.requests if "in parents" in seen.params.get("q", "")]
    assert len(walks) == 2  # the folder and the one in it, each once


def test_mode_10_a_dead_shortcut_is_named_and_ends_nothing(source: DriveSource) -> None:
    drive = make_drive(source)
    source.world.add_shortcut(drive, "Dead", "item-none")
    source.world.add_file(drive, "File.md", b"1")
    listing = source.sync()
    assert source.paths() == ["Brand/File.md"]
    (dead,) = [file for file in listing.files if file.skip_reason]
    assert (dead.path, "not there" in str(dead.skip_reason)) == ("Brand/Dead", True)


def test_mode_10_the_resource_key_of_a_target_goes_with_every_request(source: DriveSource) -> None:
    drive = make_drive(source)
    link = Grant("", "anyone", "writer")
    target = source.world.add_doc("", "Keyed", "text", key="key-1", grants=[link, Grant(ANN)])
    folder = source.world.add_folder("", "Keyed folder", key="key-2", grants=[link])
    source.world.add_shortcut(drive, "Keyed", target)
    source.world.add_shortcut(drive, "Keyed folder", folder)
    source.sync()
    assert source.read("Brand/Keyed (shortcut).md") == b"text"
    asked = [seen for seen in source.server.requests if seen.params.get("fileId") == target]
    assert len(asked) >= 3
    assert {seen.headers.get("X-Goog-Drive-Resource-Keys") for seen in asked} == {f"{target}/key-1"}
