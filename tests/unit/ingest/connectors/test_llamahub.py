"""Readers of LlamaIndex as a source: what becomes a file, what stays the same between loads, what is never told."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from core.errors import UsageError
from core.secrets import Secret
from ingest.connectors.connector import Connector, FileGone, FileReference, SourceUnreadable
from ingest.connectors.llamahub.connector import TYPE
from ingest.connectors.options import SourceSetup

SAMPLES = "tests.fakes.sample_reader"
SECRET = "pelm-7c21-token"

Store = Callable[[Any], None]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "stored.json"


@pytest.fixture
def store(place: Path) -> Store:
    def write(material: object) -> None:
        place.write_text(json.dumps(material), encoding="utf-8")

    return write


def open_source(
    reader: str = f"{SAMPLES}:StoredReader", *, secrets: Mapping[str, str] | None = None, **options: str
) -> Connector:
    kept = {name: Secret(value) for name, value in (secrets or {}).items()}
    return TYPE.open(SourceSetup("hub", {"reader": reader, **options}, kept, 10_000, specs=TYPE.options))


def list_files(place: Path, load: str = "{}") -> tuple[FileReference, ...]:
    return open_source(arguments=json.dumps({"place": str(place)}), load=load).list_changes(None).files


def one_file(
    place: Path, store: Store, metadata: Mapping[str, object], text: str = "Teal is ours."
) -> FileReference:
    store([{"text": text, "metadata": metadata}])
    (file,) = list_files(place)
    return file


# --- what becomes a file -----------------------------------------------------------------------------------------


def test_documents_become_files_that_say_nothing_of_status_and_readers(place: Path, store: Store) -> None:
    metadata = {
        "file_path": "Brand/Logo rules.pdf",
        "title": "Logo rules",
        "url": "https://hub.example/logo",
        "status": "approved",
        "access": "all",
        "tags": ["logo", "print"],
        "pages": 3,
        "nested": {"a": 1},
        "last_modified_date": "2026-05-01",
    }
    store([{"id": "doc-1", "text": "Keep the logo clear.", "metadata": metadata}])
    listing = open_source(arguments=json.dumps({"place": str(place)})).list_changes("any cursor")
    (file,) = listing.files
    assert (listing.is_complete, listing.cursor, listing.removed) == (True, None, frozenset())
    assert (file.path, file.item_id, file.size) == ("Brand/Logo rules.pdf.txt", "doc-1", 20)
    assert file.updated is not None
    assert file.updated.isoformat() == "2026-05-01T00:00:00+00:00"
    assert file.stated == {"title": "Logo rules", "url": "https://hub.example/logo"}
    assert (file.access, file.skip_reason) == (None, None)
    assert file.signals["property:tags"] == ("logo", "print")
    assert file.signals["property:status"] == ("approved",)
    assert file.signals["property:pages"] == ("3",)
    assert "property:nested" not in file.signals


def test_reader_is_loaded_once_for_the_listing_and_every_fetch(place: Path, store: Store) -> None:
    store([{"id": str(number), "text": f"Text {number}"} for number in range(3)])
    source = open_source(arguments=json.dumps({"place": str(place)}))
    source.check_credentials()
    assert not place.with_suffix(".loads").exists()
    files = source.list_changes(None).files
    assert [source.fetch(file) for file in files] == [b"Text 0", b"Text 1", b"Text 2"]
    assert source.list_groups() is None
    assert place.with_suffix(".loads").read_text() == "x"


def test_documents_of_one_file_are_joined_in_order(place: Path, store: Store) -> None:
    store(
        [
            {"id": "deck", "text": "one", "metadata": {"title": "Deck", "page": 1}},
            {"text": "first page", "metadata": {"file_path": "/data/Guide.pdf", "page_label": "1"}},
            {"id": "deck", "text": "two", "metadata": {"title": "Deck", "page": 2}},
            {"text": "second page", "metadata": {"file_path": "/data/Guide.pdf", "page_label": "2"}},
        ]
    )
    source = open_source(arguments=json.dumps({"place": str(place)}))
    files = source.list_changes(None).files
    assert {file.path: source.fetch(file) for file in files} == {
        "Deck.txt": b"one\n\ntwo",
        "data/Guide.pdf.txt": b"first page\n\nsecond page",
    }
    assert files[0].signals["property:page"] == ("1", "2")


def test_documents_of_the_same_title_stay_apart(place: Path, store: Store) -> None:
    store([{"text": text, "metadata": {"title": "Note", "source": "hub"}} for text in ("a", "b", "b")])
    files = list_files(place)
    assert len({file.path for file in files}) == len({file.item_id for file in files}) == 3
    assert all(file.path.startswith("Note (") for file in files)


@pytest.mark.parametrize(
    ("metadata", "path"),
    [
        ({"file_path": "/etc/../../root/./Guide.md"}, "etc/root/Guide.md"),
        ({"file_path": "C:\\Brand\\Guide.txt"}, "C/Brand/Guide.txt"),
        ({"file_path": "a/b\x00\x1b[2J/\ud800c"}, "a/b [2J/?c.txt"),
        ({"file_path": "../.."}, "Untitled.txt"),
        ({"file_path": "/".join("abcdefgh")}, "c/d/e/f/g/h.txt"),
        ({"file_name": "x" * 500}, "x" * 120 + ".txt"),
        ({"title": "Tone: do / don't"}, "Tone do - don't.txt"),
        ({"url": "https://hub.example/a/b?key=1#c"}, "hub.example/a/b.txt"),
        ({"source": "hub", "title": "Tone"}, "Tone.txt"),
        ({"file_path": 7, "title": None}, "Untitled.txt"),
        ({}, "Untitled.txt"),
    ],
)
def test_path_is_relative_readable_and_harmless(
    place: Path, store: Store, metadata: Mapping[str, object], path: str
) -> None:
    assert one_file(place, store, metadata).path == path


@pytest.mark.parametrize(
    ("text", "suffix"),
    [("# Tone\nWarm.", ".md"), ("| a | b |\n|---|---|\n| 1 | 2 |", ".md"), ("#1 rule: | is fine", ".txt")],
)
def test_suffix_follows_the_text(place: Path, store: Store, text: str, suffix: str) -> None:
    assert one_file(place, store, {"title": "Tone"}, text).path == f"Tone{suffix}"


def test_file_without_text_or_too_large_is_named_and_not_read(place: Path, store: Store) -> None:
    store([{"id": "a", "text": " \n"}, {"id": "b", "text": "x" * 20_000}, {"id": "c", "text": "\ud800"}])
    empty, large, odd = list_files(place)
    assert empty.skip_reason == "the reader gave no text for it"
    assert "above the limit" in (large.skip_reason or "")
    assert odd.skip_reason is None


def test_source_without_documents_is_a_listing_of_nothing(place: Path, store: Store) -> None:
    store([])
    assert list_files(place) == ()


def test_load_arguments_reach_the_reader(place: Path, store: Store) -> None:
    store([{"id": "a", "text": "x"}, {"id": "b", "text": "y"}])
    assert [file.item_id for file in list_files(place, load='{"most": 1}')] == ["a"]


def test_reader_of_llama_index_itself_is_read(tmp_path: Path) -> None:
    (tmp_path / "tone").mkdir()
    (tmp_path / "tone" / "voice.md").write_text("# Voice\nWarm and plain.\n")
    arguments = json.dumps({"input_dir": str(tmp_path), "recursive": True})
    source = open_source("llama_index.core:SimpleDirectoryReader", arguments=arguments)
    (file,) = source.list_changes(None).files
    assert file.path.endswith("/tone/voice.md")
    assert source.fetch(file) == b"# Voice\nWarm and plain.\n"


# --- what stays the same -----------------------------------------------------------------------------------------


def test_id_of_the_source_survives_a_new_title_and_the_version_tells(place: Path, store: Store) -> None:
    store([{"id": "a", "text": "x", "metadata": {"title": "Old"}}, {"id": "b", "text": "y"}])
    old = list_files(place)
    store([{"id": "b", "text": "y"}, {"id": "a", "text": "x", "metadata": {"title": "New"}}])
    new = list_files(place)
    assert [file.item_id for file in new] == ["b", "a"]
    assert (new[1].path, new[1].version != old[0].version) == ("New.txt", True)
    assert new[0].version == old[1].version


@pytest.mark.parametrize("draw", [dict, lambda: {"id": str(uuid4())}], ids=["no id", "random id"])
def test_random_id_is_no_identity(place: Path, store: Store, draw: Callable[[], dict[str, str]]) -> None:
    seen = []
    for text in ("x", "y", "# y"):
        store([{**draw(), "text": text, "metadata": {"file_path": "Guide.pdf"}}])
        seen.append(list_files(place)[0])
    assert len({file.item_id for file in seen}) == 1
    assert len({file.version for file in seen}) == 3


def test_random_id_that_the_source_itself_uses_is_one(place: Path, store: Store) -> None:
    page = str(uuid4())
    store([{"id": page, "text": "x", "metadata": {"page_id": page}}])
    assert list_files(place)[0].item_id == page


def test_order_of_documents_without_names_changes_nothing(place: Path, store: Store) -> None:
    rows = [{"text": f"row {number}"} for number in range(5)]
    store(rows)
    before = {(file.path, file.item_id, file.version) for file in list_files(place)}
    store(rows[::-1])
    assert {(file.path, file.item_id, file.version) for file in list_files(place)} == before


def test_file_that_is_not_given_any_more_is_gone(place: Path, store: Store) -> None:
    store([{"id": "a", "text": "x"}])
    with pytest.raises(FileGone, match="does not give it any more"):
        open_source(arguments=json.dumps({"place": str(place)})).fetch(
            FileReference("b.txt", 0, None, item_id="b")
        )


# --- what goes wrong ---------------------------------------------------------------------------------------------


def test_reader_that_fails_changes_nothing_and_tells_no_secret(place: Path, store: Store) -> None:
    store("fail")
    secrets = {"arguments-secret": json.dumps({"token": SECRET})}
    source = open_source(arguments=json.dumps({"place": str(place)}), secrets=secrets)
    with pytest.raises(SourceUnreadable, match="failed while it loaded: RuntimeError") as caught:
        source.list_changes(None)
    assert SECRET not in f"{caught.value!r} {caught.value.__cause__!r} {vars(source)!r}"
    assert caught.value.__suppress_context__


def test_secret_arguments_stand_above_the_stored_ones(place: Path) -> None:
    source = open_source(
        f"{SAMPLES}:RefusingReader",
        arguments='{"token": "stored"}',
        secrets={"arguments-secret": json.dumps({"token": SECRET})},
    )
    with pytest.raises(SourceUnreadable, match=r"PermissionError.*arguments: token\. ") as caught:
        source.check_credentials()
    assert SECRET not in str(caught.value)
    assert SECRET in str(caught.value.__context__)


@pytest.mark.parametrize(
    ("reader", "reason"),
    [
        (f"{SAMPLES}:NoReader", "is no LlamaIndex reader"),
        (f"{SAMPLES}:Missing", "is no LlamaIndex reader"),
        (f"{SAMPLES}:SAMPLES", "is no LlamaIndex reader"),
        ("tests.fakes.no_such_reader:Reader", "needs the module 'tests.fakes.no_such_reader'"),
        (f"{SAMPLES}:LeavingReader", "failed while it loaded: SystemExit"),
        (f"{SAMPLES}:CarelessReader", "gave a dict"),
        (f"{SAMPLES}:StoredReader", "could not be made: TypeError"),
    ],
)
def test_reader_that_is_none_or_does_not_work_is_named(reader: str, reason: str) -> None:
    with pytest.raises(SourceUnreadable, match=reason):
        open_source(reader).list_changes(None)


@pytest.mark.parametrize(
    "reader", ["", "module.Class", "a b:C", "a:b:c", ".a:B", "a:B()", "__import__('os'):x"]
)
def test_reader_must_be_named_by_module_and_class(reader: str) -> None:
    with pytest.raises(UsageError):
        open_source(reader)


@pytest.mark.parametrize("text", ["[1]", "nonsense", '"x"', "{", "[" * 100_000])
@pytest.mark.parametrize("option", ["arguments", "load", "arguments-secret"])
def test_arguments_must_be_objects_and_their_text_is_not_repeated(option: str, text: str) -> None:
    is_secret = option.endswith("secret")
    secrets, options = ({option: text}, {}) if is_secret else ({}, {option: text})
    with pytest.raises(UsageError, match=f"{option} must be a JSON object") as caught:
        open_source(secrets=secrets, **options)
    assert "nonsense" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_llama_index_is_imported_by_a_source_of_this_type_alone() -> None:
    code = (
        "import sys\nfrom ingest.connectors.llamahub.connector import TYPE\n"
        "print([name for name in sys.modules if name.startswith('llama')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
