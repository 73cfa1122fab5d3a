"""The sidecar: which files an entry speaks about, and that a mistake in it is never passed over."""

from collections.abc import Mapping
from datetime import date

import pytest

from core.path_glob import matches
from ingest.connectors.connector import SourceUnreadable
from ingest.connectors.sidecar import find_rows, read_sidecar


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("*.pdf", "a.pdf", True),
        ("*.pdf", "deep/er/a.pdf", True),
        ("*.pdf", "a.pdfx", False),
        ("cases/*.pdf", "cases/a.pdf", True),
        ("cases/*.pdf", "cases/2026/a.pdf", False),
        ("cases/*.pdf", "old/cases/a.pdf", False),
        ("**/*.pdf", "a.pdf", True),
        ("**/*.pdf", "x/y/a.pdf", True),
        ("cases/**", "cases/x/a.pdf", True),
        ("cases/**", "cases2/a.pdf", False),
        ("a?.md", "ab.md", True),
        ("a?/b.md", "a//b.md", False),
        ("a.md", "axmd", False),
        ("[draft].md", "[draft].md", True),
        ("[draft].md", "d.md", False),
    ],
)
def test_glob_matches_as_written(glob: str, path: str, expected: bool) -> None:
    assert matches(glob, path) is expected


def test_entries_are_given_in_the_order_written_and_only_below_their_folder() -> None:
    sidecar = read_sidecar(
        b"files:\n  '*.md': {kind: messaging}\n  'a.md': {status: approved}\n", folder="brand"
    )
    assert sidecar.declare("brand/a.md") == [{"kind": "messaging"}, {"status": "approved"}]
    assert sidecar.declare("brand/sub/b.md") == [{"kind": "messaging"}]
    assert sidecar.declare("brandy/a.md") == []
    assert sidecar.declare("a.md") == []


def test_days_lists_and_byte_order_mark_are_read() -> None:
    content = b"\xef\xbb\xbffiles: {a.md: {valid_until: 2026-03-31, access: ['group:sales', 'user:a@b.c']}}"
    (entry,) = read_sidecar(content, folder="").declare("a.md")
    assert entry == {"valid_until": date(2026, 3, 31), "access": ["group:sales", "user:a@b.c"]}


def test_empty_sidecar_declares_nothing() -> None:
    assert read_sidecar(b"", folder="").declare("a.md") == []
    assert read_sidecar(b"files: {}", folder="").declare("a.md") == []


def test_strongest_row_mapping_counts() -> None:
    levels: list[Mapping[str, object]] = [
        {"rows": {"title": "Quote"}},
        {"kind": "other"},
        {"rows": {"title": "Text", "valid_until": "Until"}},
    ]
    assert find_rows(levels).columns == {"title": "Text", "valid_until": "Until"}
    assert not find_rows([{"kind": "other"}])


BOMB = b"a: &a [x, x]\nb: &b [*a, *a]\nfiles: {'*.md': {access: *b}}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"files: {'*.md': {status: approved}", "not valid YAML"),
        (b"files: {*.md: {status: approved}}", "not valid YAML"),
        (b"files: {'*.md': {valid_until: 2026-02-30}}", "not valid YAML"),
        (b"files: {'*.md': {title: \xff\xfe}}", "not valid YAML"),
        (b"files: !!python/object/apply:os.system ['true']", "not valid YAML"),
        (b"- a.md", "must hold one key `files`"),
        (b"files: [a.md]", "must hold one key `files`"),
        (b"file: {'*.md': {status: approved}}", "must hold one key `files`"),
        (b"files: {'*.md': approved}", "must hold fields, received str"),
        (b"files: {'*.md': {acess: all}}", "has unknown acess"),
        (b"files: {'*.md': {rows: Quote}}", "rows of '*.md' must map fields"),
        (b"files: {'*.md': {rows: {colour: Quote}}}", "rows of '*.md' must map fields"),
        (b"files: {'*.md': {access: {all: true}}}", "access of '*.md' must be a word"),
        (b"files: {'*.md': {access: [[all], [all]]}}", "access of '*.md' must be a word"),
        (BOMB, "must hold one key `files`"),
    ],
)
def test_mistake_is_named_with_its_file(content: bytes, said: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read_sidecar(content, folder="brand")
    assert str(caught.value).startswith("brand/onbrand.yaml")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
