"""The folder connector: what it lists, what it leaves out and why, and what it never opens."""

import os
from pathlib import Path

import pytest

from core.errors import UsageError
from ingest.connectors.connector import FileGone, FileReference, SourceUnreadable
from ingest.connectors.folder import FolderConnector
from ingest.connectors.options import SourceSetup
from ingest.connectors.registry import find_type


def connect(root: Path, max_bytes: int = 1000) -> FolderConnector:
    return FolderConnector(root, max_bytes)


def write(root: Path, *paths: str, text: str = "Hello.") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def list_paths(root: Path) -> list[str]:
    return [file.path for file in connect(root).list_changes().files]


def lock_folder(monkeypatch: pytest.MonkeyPatch, locked: Path) -> None:
    """Take the right to list a folder; by hand, because the superuser has every right."""
    real = os.scandir

    def scan(path: str | Path) -> object:
        if Path(path) == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scan)


def test_files_are_listed_by_path_with_size_and_time(tmp_path: Path) -> None:
    write(tmp_path, "b.md", "a/z.md", "a/b/c.md")
    listing = connect(tmp_path).list_changes()
    assert [file.path for file in listing.files] == ["a/b/c.md", "a/z.md", "b.md"]
    assert listing.is_complete
    assert {file.size for file in listing.files} == {6}
    assert all(file.updated is not None and file.updated.tzinfo is not None for file in listing.files)


def test_hidden_files_office_locks_and_sidecars_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, ".env.md", ".git/config.md", "~$guide.docx", "deep/.x/a.md", "guide.md")
    write(tmp_path, "onbrand.yaml", "deep/onbrand.yaml", text="files: {}")
    assert list_paths(tmp_path) == ["guide.md"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    write(inside, "a.md")
    write(outside, "secret.md")
    (inside / "file.md").symlink_to(outside / "secret.md")
    (inside / "folder").symlink_to(outside)
    (inside / "same.md").symlink_to(inside / "a.md")
    assert list_paths(inside) == ["a.md", "same.md"]


def test_links_that_lead_nowhere_or_in_a_circle_are_named_and_the_rest_is_listed(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    (tmp_path / "circle.md").symlink_to(tmp_path / "circle.md")
    (tmp_path / "nowhere.md").symlink_to(tmp_path / "gone.md")
    reasons = {file.path: file.skip_reason for file in connect(tmp_path).list_changes().files}
    assert reasons["a.md"] is None
    assert all("could not be read" in str(reasons[name]) for name in ("circle.md", "nowhere.md"))


def test_pipe_is_named_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (file,) = connect(tmp_path).list_changes().files
    assert "not a file" in str(file.skip_reason)


def test_name_that_is_not_utf8_is_named_and_the_rest_is_listed(tmp_path: Path) -> None:
    write(tmp_path, "z.md")
    with open(os.fsencode(tmp_path) + b"/caf\xe9.md", "w") as file:  # noqa: PTH123 - pathlib takes no bytes
        file.write("Hello.")
    listed = {file.path: file.skip_reason for file in connect(tmp_path).list_changes().files}
    assert listed == {"caf?.md": "its name is not UTF-8; rename it", "z.md": None}


def test_unknown_format_and_oversized_file_are_named_with_the_reason(tmp_path: Path) -> None:
    write(tmp_path, "clip.mp4", "README")
    write(tmp_path, "big.md", text="x" * 1001)
    reasons = {file.path: str(file.skip_reason) for file in connect(tmp_path).list_changes().files}
    assert ".mp4 is not a format that is read" in reasons["clip.mp4"]
    assert "no suffix is not a format" in reasons["README"]
    assert "ONBRAND_MAX_FILE_MEGABYTES" in reasons["big.md"]


def test_deeper_sidecar_is_the_stronger_level(tmp_path: Path) -> None:
    write(tmp_path, "a/b/x.md", "a/y.md")
    write(tmp_path, "onbrand.yaml", text="files: {'**': {status: draft, owner: root}}")
    write(tmp_path, "a/b/onbrand.yaml", text="files: {'*.md': {status: approved}}")
    declared = {file.path: file.declared for file in connect(tmp_path).list_changes().files}
    assert declared["a/b/x.md"] == ({"status": "draft", "owner": "root"}, {"status": "approved"})
    assert declared["a/y.md"] == ({"status": "draft", "owner": "root"},)


def test_broken_sidecar_anywhere_makes_the_source_unreadable(tmp_path: Path) -> None:
    write(tmp_path, "a/x.md")
    write(tmp_path, "a/onbrand.yaml", text="files: [")
    with pytest.raises(SourceUnreadable, match=r"a/onbrand\.yaml is not valid YAML"):
        connect(tmp_path).list_changes()


def test_sidecar_that_cannot_be_read_makes_the_source_unreadable_and_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    (tmp_path / "onbrand.yaml").symlink_to(tmp_path / "gone.yaml")
    with pytest.raises(SourceUnreadable, match=r"onbrand\.yaml: could not be read"):
        connect(tmp_path).list_changes()


def test_folder_without_right_to_read_makes_the_listing_incomplete_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.md", "locked/b.md")
    lock_folder(monkeypatch, tmp_path / "locked")
    listing = connect(tmp_path).list_changes()
    assert not listing.is_complete
    assert {file.path: file.skip_reason for file in listing.files} == {
        "a.md": None,
        "locked": "no right to read this folder",
    }


def test_missing_folder_and_file_in_its_place_are_refused_with_the_next_step(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    with pytest.raises(SourceUnreadable, match=r"does not exist; check the path, or mount it"):
        connect(tmp_path / "gone").list_changes()
    with pytest.raises(SourceUnreadable, match="is not a folder"):
        connect(tmp_path / "a.md").list_changes()


def test_root_without_right_to_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(SourceUnreadable, match="no right to read the folder"):
        connect(tmp_path).list_changes()


def test_file_that_went_away_fails_alone(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    assert connect(tmp_path).fetch(FileReference("a.md", 6, None)) == b"Hello."
    with pytest.raises(FileGone, match="No such file"):
        connect(tmp_path).fetch(FileReference("gone.md", 0, None))


def test_unknown_type_and_missing_path_are_wrong_use() -> None:
    with pytest.raises(UsageError, match="source type 'fax' is not known; allowed: folder"):
        find_type("fax")
    kind = find_type("folder")
    with pytest.raises(UsageError, match="source 'x' needs --path: the folder that holds the documents"):
        kind.open(SourceSetup("x", {}, {}, 1, specs=kind.options))
