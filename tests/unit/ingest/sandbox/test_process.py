"""A process that parses may die, hang or lie: the file is named with the reason, and the next one is read."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.clock import pause
from core.documents import Block
from core.egress import SILENCE
from ingest.parsers import bounds
from ingest.parsers.parser import FileUnreadable, RowMapping
from ingest.parsers.registry import parse_file
from ingest.sandbox import process
from ingest.sandbox.child import MOST_FILES
from ingest.sandbox.limits import ParseLimits
from ingest.sandbox.process import ParserProcess
from ingest.sandbox.running_child import _PASSED_ON, ONE_THREAD, ParserUnavailable
from tests.fakes.parser_process import write_bad_interpreter
from tests.faults import hostile_office, hostile_pdf

OR_MEMORY = "it is damaged, or needs more than 1,024 MB of memory (ONBRAND_PARSE_MEGABYTES)"
PAGE = b"---\ntitle: Voice\nvalid_until: 2027-01-31\nowner: [a, b]\n---\n# Voice\n\nWe say teal.\n"


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ParserProcess]:
    monkeypatch.setattr(sys, "executable", write_bad_interpreter(tmp_path))
    parser = ParserProcess(ParseLimits(seconds=0.5, most_output_megabytes=1))
    yield parser
    parser.close()


@pytest.fixture(scope="module")
def good() -> Iterator[ParserProcess]:
    parser = ParserProcess()
    yield parser
    parser.close()


def has_members(group: int) -> bool:
    """True while a process of the group is there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(holds: Callable[[], bool]) -> None:
    """At most ten seconds."""
    ended = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ended
        pause(0.02)


def ask(parser: ParserProcess, wish: str) -> str:
    """Why the file was not read."""
    with pytest.raises(FileUnreadable) as caught:
        parser.parse("page.md", wish.encode())
    return str(caught.value)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ("sleep", "took longer than 0.5 s to read and was stopped (ONBRAND_PARSE_SECONDS)"),
        ("die 24", "took longer than 0.5 s to read and was stopped (ONBRAND_PARSE_SECONDS)"),
        ("die 11", f"made the program that reads it crash (SIGSEGV): {OR_MEMORY}"),
        ("die 9", "was being read when the system stopped that, most likely for want of memory"),
        ("end 3", f"made the program that reads it crash (exit code 3): {OR_MEMORY}"),
        (
            "end 77",
            "needed more than 1,024 MB of memory to read and was stopped (ONBRAND_PARSE_MEGABYTES)",
        ),
        ("announce 1048577", "gives more than 1 MB of text; split it"),
        ("announce 18446744073709551615", "gives more than 1 MB of text; split it"),
        ("say nonsense", "made the program that reads it give back what is no document (JSONDecodeError)"),
        ("say {}", "made the program that reads it give back what is no document (KeyError)"),
    ],
)
def test_end_of_the_process_is_said_in_words_and_the_next_file_has_a_fresh_one(
    bad: ParserProcess, wish: str, reason: str
) -> None:
    assert ask(bad, wish) == reason
    assert ask(bad, "nothing") == "was asked 1"


def test_file_is_tried_once_more_where_the_process_had_read_others_before(bad: ParserProcess) -> None:
    assert ask(bad, "nothing") == "was asked 1"
    assert ask(bad, "tire 11") == "was asked 1"


def test_file_that_took_too_long_is_not_tried_again(bad: ParserProcess) -> None:
    ask(bad, "nothing")
    begun = time.monotonic()
    assert "took longer" in ask(bad, "sleep")
    assert time.monotonic() - begun < 0.9


def test_what_the_process_has_started_ends_with_it(bad: ParserProcess) -> None:
    ask(bad, "fork")
    assert bad._child is not None
    group = bad._child._process.pid
    bad.close()
    wait_until(lambda: not has_members(group))


def test_process_that_cannot_start_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in (str(tmp_path / "none"), write_bad_interpreter(tmp_path, "raise SystemExit('no room')")):
        monkeypatch.setattr(sys, "executable", program)
        with pytest.raises(ParserUnavailable, match=r"(No such file|no room).*no file is to blame"):
            ParserProcess().parse("page.md", PAGE)


def test_closing_in_the_middle_of_a_file_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", write_bad_interpreter(tmp_path))
    parser = ParserProcess()
    threading.Timer(0.3, parser.close).start()
    with pytest.raises(ParserUnavailable, match="is ending"):
        parser.parse("page.md", b"sleep")
    with pytest.raises(ParserUnavailable, match="is ending"):
        parser.parse("page.md", b"nothing")


def test_file_is_read_as_it_is_without_a_process_of_its_own(good: ParserProcess) -> None:
    table = b"Quote;Until\nWe say teal.;2027-01-31\nTeal it is.;\n"
    rows = RowMapping({"title": "Quote", "valid_until": "Until"})
    assert good.parse("page.md", PAGE) == parse_file("page.md", PAGE)
    assert good.parse("quotes.csv", table, rows=rows) == parse_file("quotes.csv", table, rows=rows)
    with pytest.raises(FileUnreadable, match=r"named \.pdf, but the content is text"):
        good.parse("page.pdf", PAGE)


def test_several_threads_share_one_process(good: ParserProcess) -> None:
    read: dict[int, str] = {}

    def parse(number: int) -> None:
        (document,) = good.parse("page.md", f"Number {number} is teal.".encode())
        read[number] = document.blocks[0].text

    threads = [threading.Thread(target=parse, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == {number: f"Number {number} is teal." for number in range(12)}


def test_blocks_are_counted() -> None:
    parser = ParserProcess(ParseLimits(most_blocks=2))
    try:
        with pytest.raises(FileUnreadable, match="gives 3 paragraphs, rows and headings; the limit is 2"):
            parser.parse("page.md", b"# One\n\nTwo.\n\nThree.\n")
        assert parser.parse("page.md", b"One.\n\nTwo.")[0].blocks[1] == Block("paragraph", "Two.")
    finally:
        parser.close()


def test_characters_of_one_block_are_counted() -> None:
    parser = ParserProcess(ParseLimits(most_block_characters=100))
    try:
        with pytest.raises(FileUnreadable, match="a paragraph or row of 101 characters; the limit is 100"):
            parser.parse("page.md", b"Short.\n\n" + b"a" * 101)
        assert len(parser.parse("page.md", b"Short.\n\n" + b"a" * 100)[0].blocks) == 2
    finally:
        parser.close()


def test_output_is_limited_before_it_is_sent() -> None:
    parser = ParserProcess(ParseLimits(most_output_megabytes=1))
    try:
        with pytest.raises(FileUnreadable, match="gives more than 1 MB of text; split it"):
            parser.parse("page.txt", (b"teal " * 2000 + b"\n\n") * 110)
    finally:
        parser.close()


def test_pages_are_limited_in_the_process_that_reads() -> None:
    parser = ParserProcess(ParseLimits(most_pages=1))
    try:
        with pytest.raises(FileUnreadable, match=r"has 2 pages; the limit is 1 \(ONBRAND_PARSE_PAGES\)"):
            parser.parse("two.pdf", hostile_pdf.repeat_page(2))
        assert parser.parse("one.pdf", hostile_pdf.repeat_page(1))[0].blocks
        assert parser.parse("one.pptx", hostile_office.pack_pptx())[0].blocks
    finally:
        parser.close()


def test_slides_are_limited_as_pages_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bounds._bounds, "pages", 0)
    with pytest.raises(FileUnreadable, match="has 1 slides; the limit is 0"):
        parse_file("one.pptx", hostile_office.pack_pptx())


def test_depth_that_the_reader_cannot_follow_is_named(good: ParserProcess) -> None:
    with pytest.raises(FileUnreadable, match="is nested too deeply to be read"):
        good.parse("page.html", b"<div>" * 5000 + b"teal")


def test_process_knows_nothing_of_its_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    parser = ParserProcess()
    try:
        parser.parse("page.md", b"We say teal.")
        assert parser._child is not None
        place = Path(f"/proc/{parser._child._process.pid}")
        names = {
            entry.split(b"=")[0].decode() for entry in (place / "environ").read_bytes().split(b"\0") if entry
        }
        assert names - set(SILENCE) <= {*_PASSED_ON, "PYTHONPATH", *ONE_THREAD}
        assert names >= set(SILENCE)
        assert (place / "cwd").resolve() == Path("/")
        assert {Path(one.readlink()).name[:4] for one in (place / "fd").iterdir()} <= {"null", "pipe", "anon"}
    finally:
        parser.close()


def test_process_is_replaced_after_five_hundred_files() -> None:
    parser, seen = ParserProcess(), set()
    try:
        for number in range(MOST_FILES + 2):
            assert parser.parse("page.txt", b"Number %d." % number)[0].blocks[0].text == f"Number {number}."
            seen.add(parser._child._process.pid if parser._child else 0)
    finally:
        parser.close()
    assert len(seen - {0}) == 2


def test_process_that_holds_on_to_memory_is_replaced() -> None:
    """Half of its share is still in use after a large file: the next one gets a whole share."""
    parser = ParserProcess(ParseLimits(memory_megabytes=30))
    try:
        assert parser.parse("page.txt", b"We say teal.")
        assert parser._child is None
        assert parser.parse("page.txt", b"We say teal.")
    finally:
        parser.close()


PROGRAM = """
import json, os, sys
from ingest.sandbox import process
read = lambda: process.parse_apart("page.md", b"We say teal.")[0].blocks[0].text
first = read(), process._shared._parser._child._process.pid
{then}
"""


def run_program(then: str) -> str:
    """What a program says that has parsed one file and then does this."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM.format(then=then)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


def test_forked_process_has_a_parser_of_its_own_and_leaves_its_parents_alone() -> None:
    then = """
if os.fork() == 0:
    print(json.dumps([read(), process._shared._parser._child._process.pid]), flush=True)
    sys.exit()
os.wait()
print(json.dumps([read(), process._shared._parser._child._process.pid, first]))
"""
    forked, parent = (json.loads(line) for line in run_program(then).splitlines())
    assert forked[0] == parent[0] == "We say teal."
    assert parent[1] == parent[2][1] != forked[1]


@pytest.mark.parametrize("end", ["sys.exit()", "os.kill(os.getpid(), 9)"])
def test_process_that_parses_ends_with_the_one_that_asked(end: str) -> None:
    pid = int(run_program(f"print(first[1], flush=True); {end}"))
    wait_until(lambda: not has_members(pid))


def test_limits_set_for_all_hold_from_the_next_file_on() -> None:
    try:
        assert process.parse_apart("page.md", PAGE) == parse_file("page.md", PAGE)
        process.set_parse_limits(ParseLimits(most_blocks=1))
        with pytest.raises(FileUnreadable, match="the limit is 1"):
            process.parse_apart("page.md", PAGE)
    finally:
        process.set_parse_limits(ParseLimits())
        process._shared.close()
        process._shared._parser = None
