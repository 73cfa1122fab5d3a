"""The samples and 10,000 passages more are indexed anew while five ask without pause; the longest stall is printed."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import pytest

from admin.operations import run_operation
from admin.sample_company import add_samples
from admin.world import World, open_world
from core.access import LOCAL_OWNER
from core.clock import Stopwatch
from core.settings import Settings, list_settings
from index.passage_store import Scope
from tests.integration.commands import write

PASSAGES, PER_DOCUMENT, ASKERS = 10_000, 25, 5
SUBJECTS = ("teal", "amber", "slate", "coral", "ivory", "plum", "ochre", "moss")
QUESTION = "What is our main colour?"


@pytest.fixture
def world(memory_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    home = memory_folder / uuid4().hex
    for name in list_settings():
        monkeypatch.delenv(name, raising=False)
    settings = Settings.from_environment(ONBRAND_HOME=str(home / "home"), ONBRAND_TODAY="2026-10-15")
    with open_world(settings) as opened:
        add_samples(lambda name, arguments: run_operation(opened, name, arguments, ignore))
        for number in range(PASSAGES // PER_DOCUMENT):
            write(home / "more", f"page{number}.md", build_page(number))
        more = {"type": "folder", "name": "more", "options": {"path": str(home / "more")}, "status": "draft"}
        run_operation(opened, "source add", more, ignore)
        run_operation(opened, "sync", {"name": "more"}, ignore)
        yield opened


def ignore(_progress: Mapping[str, Any]) -> None:
    return None


def build_page(number: int) -> str:
    sections = (
        f"## Section {place}\n\nThe {SUBJECTS[(number + place) % len(SUBJECTS)]} line of shop {number} sells "
        f"{place + 3} goods, and their label {number}-{place} is set in small letters."
        for place in range(PER_DOCUMENT)
    )
    return f"# Page {number}\n\n" + "\n\n".join(sections)


class Askers:
    """Ask without pause, and note every wait."""

    def __init__(self, world: World) -> None:
        self._world, self._stop = world, threading.Event()
        self.waits: list[float] = []
        self.problems: list[str] = []
        self._threads = [threading.Thread(target=self._ask) for _ in range(ASKERS)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        scope = Scope(LOCAL_OWNER, self._world.clock.today())
        while not self._stop.is_set():
            watch = Stopwatch()
            try:
                if not self._world.index.search.find(QUESTION, scope):
                    self.problems.append("empty")
            except Exception as error:  # noqa: BLE001 - whatever it is, it counts
                self.problems.append(repr(error))
            self.waits.append(watch.milliseconds())


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_ten_thousand_passages_are_exchanged_without_one_failed_or_empty_answer(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert world.index.store.count() > PASSAGES
    with Askers(world) as askers:
        done = run_operation(world, "reindex", {}, ignore)
    waits = sorted(askers.waits)
    with capsys.disabled():
        print(  # noqa: T201 - figures for the person who runs it
            f"\nre-index of {done['checks']['counts']['passages']} passages in {done['seconds']} s, switch "
            f"{done['switch_milliseconds']} ms; {len(waits)} questions by {ASKERS} askers meanwhile: median "
            f"{waits[len(waits) // 2]} ms, p99 {waits[len(waits) * 99 // 100]} ms, longest {waits[-1]} ms"
        )
    assert (done["state"], askers.problems) == ("switched", [])
    assert run_operation(world, "index rollback", {}, ignore)["written"] == 0
