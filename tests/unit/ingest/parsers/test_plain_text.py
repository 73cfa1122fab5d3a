"""Plain text: paragraphs by blank lines."""

from ingest.parsers.registry import parse_file


def _list(content: bytes) -> list[tuple[str, str, int]]:
    (document,) = parse_file("note.TXT", content)
    return [(block.kind, block.text, block.level) for block in document.blocks]


def test_blank_lines_part_paragraphs_and_wrapped_lines_are_joined() -> None:
    content = b"One line\r\nwrapped.\r\n \r\nTwo."
    assert _list(content) == [("paragraph", "One line wrapped.", 0), ("paragraph", "Two.", 0)]


def test_marked_lines_are_list_items() -> None:
    content = "Rules:\n- be\n  brief\n• be kind\n\n-- Jane".encode()
    assert _list(content) == [
        ("paragraph", "Rules:", 0),
        ("list_item", "be brief", 1),
        ("list_item", "be kind", 1),
        ("paragraph", "-- Jane", 0),
    ]


def test_windows_file_without_mark_is_read_as_cp1252() -> None:
    assert _list("Müller’s".encode("cp1252")) == [("paragraph", "Müller’s", 0)]


def test_stray_nul_is_dropped() -> None:
    assert _list(b"a sentence with one stra\x00y byte in it") == [
        ("paragraph", "a sentence with one stray byte in it", 0)
    ]
