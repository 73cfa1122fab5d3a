"""Outlook mails, Org and reStructuredText through unstructured: structure kept, nothing hidden, nothing fetched."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.outlook_file import write_outlook_file
from core.documents import Block, ParsedDocument
from ingest.parsers import unstructured_formats
from ingest.parsers.parser import FileUnreadable
from ingest.parsers.registry import parse_file

_ORG = """#+TITLE: Brand book
* Voice
We write plainly.
** Words
1. warm
   - never cute
2. clear

| Term    | Use |
|---------+-----|
| sign in | yes |
| log in  | no  |

#+BEGIN_SRC sh
echo hi
#+END_SRC
+struck out+ Seen.
# a comment
* COMMENT Notes
Not for readers.
"""
_RST = """Brand book
==========

Voice
-----

- warm

  - never cute

- clear

.. list-table::
   :header-rows: 1

   * - Term
     - Use
   * - sign in
     - yes

.. versionadded:: 2.1
   The sea palette joined.

.. a comment
"""


def _parse(name: str, content: bytes | str) -> ParsedDocument:
    (document,) = parse_file(name, content.encode() if isinstance(content, str) else content)
    return document


def test_org_keeps_headings_lists_tables_and_code() -> None:
    document = _parse("a.org", _ORG)
    assert document.title == "Brand book"
    assert document.blocks == (
        Block("heading", "Voice", 1),
        Block("paragraph", "We write plainly."),
        Block("heading", "Words", 2),
        Block("list_item", "warm", 1),
        Block("list_item", "never cute", 2),
        Block("list_item", "clear", 1),
        Block("table_row", "Term: sign in · Use: yes"),
        Block("table_row", "Term: log in · Use: no"),
        Block("code", "echo hi"),
        Block("paragraph", "Seen."),
    )


def test_structured_text_keeps_what_stands_in_directives_that_only_a_site_generator_knows() -> None:
    document = _parse("a.rst", _RST)
    assert document.title == "Brand book"
    assert document.blocks == (
        Block("heading", "Brand book", 1),
        Block("heading", "Voice", 2),
        Block("list_item", "warm", 1),
        Block("list_item", "never cute", 2),
        Block("list_item", "clear", 1),
        Block("table_row", "Term: sign in · Use: yes"),
        Block("paragraph", "2.1 The sea palette joined."),
    )


@pytest.mark.parametrize("suffix", [".org", ".rst"])
def test_other_files_are_never_drawn_in(suffix: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The price list")
    text = f'#+INCLUDE: "{secret}"\n\nWords.\n' if suffix == ".org" else f".. include:: {secret}\n\nWords.\n"
    assert "price" not in str(_parse(f"a{suffix}", text).blocks)


def test_raw_html_hides_nothing_and_runs_nothing() -> None:
    raw = '.. raw:: html\n\n   <p style="display:none">secret words</p><script>alert(1)</script>\n\nSeen.\n'
    document = _parse("a.rst", raw)
    assert (document.blocks, document.hidden) == ((Block("paragraph", "Seen."),), len("secret words"))


def test_outlook_mail_keeps_its_structure_and_names_its_sender() -> None:
    html = (
        "<h2>Marks</h2><ul><li>One<ul><li>Two</li></ul></li></ul><p>Words.</p><table><thead><tr><th>A</th><th>B</th></tr>"
        '</thead><tr><td>c</td><td>d</td></tr></table><p style="display:none">secret</p><p><s>taken back</s></p>'
    )
    document = _parse("a.msg", write_outlook_file("Logo rules", "ada@example.com", html))
    assert document.title == "Logo rules"
    assert document.blocks == (
        Block("table_row", "From: <ada@example.com>"),
        Block("heading", "Marks", 2),
        Block("list_item", "One", 1),
        Block("list_item", "Two", 2),
        Block("paragraph", "Words."),
        Block("table_row", "A: c · B: d"),
    )
    assert document.hidden == len("secret")


def test_long_outlook_mail_is_read_whole() -> None:
    html = "".join(f"<p>Rule {number} holds.</p>" for number in range(3_000))
    assert len(_parse("a.msg", write_outlook_file("Rules", "ada@example.com", html)).blocks) == 3_001


def test_outlook_mail_without_text_is_refused() -> None:
    with pytest.raises(FileUnreadable, match="a mail without text"):
        _parse("a.msg", write_outlook_file("Rules", "ada@example.com", "<p> </p>"))


def test_missing_package_is_named_and_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    unstructured_formats.load_partitioners.cache_clear()
    monkeypatch.setitem(sys.modules, "unstructured.nlp", None)
    try:
        with pytest.raises(FileUnreadable, match="needs the packages unstructured and pypandoc-binary"):
            _parse("a.org", _ORG)
    finally:
        unstructured_formats.load_partitioners.cache_clear()


def test_mode_21_version_that_might_fetch_a_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from unstructured.nlp import tokenize

    unstructured_formats.load_partitioners.cache_clear()
    monkeypatch.delattr(tokenize, "_load_spacy_model")
    try:
        with pytest.raises(FileUnreadable, match="this one may fetch a model"):
            _parse("a.org", _ORG)
    finally:
        unstructured_formats.load_partitioners.cache_clear()


def test_converter_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unstructured_formats, "_PANDOC_SECONDS", 0.001)
    with pytest.raises(FileUnreadable, match="takes longer than"):
        _parse("a.org", _ORG)


def test_mode_21_nothing_is_looked_up_nor_sent_even_where_the_environment_allows_it() -> None:
    code = (
        "import sys\nseen = []\n"
        "def watch(event, arguments):\n"
        "    if event in ('socket.getaddrinfo', 'socket.connect', 'urllib.Request', 'socket.gethostbyname'):\n"
        "        seen.append((event, arguments))\n"
        "sys.addaudithook(watch)\n"
        "from ingest.parsers.registry import parse_file\n"
        "parse_file('a.org', b'* Voice\\nWe write plainly, and we say what we do.\\n')\n"
        "sys.exit(str(seen) if seen else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        timeout=60,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
