"""Searches while a sync of about 5,000 passages runs in the same process: how long the longest one waits."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from time import perf_counter

from admin.owner import own_world
from admin.world import World
from benchmarks.figures import (
    TODAY,
    Figure,
    Options,
    add_folder,
    build_settings,
    find_percentile,
    judge_most,
    make_folder,
    run,
    show_spread,
    time_once,
)
from benchmarks.generated_text import TextMaker, write_documents
from core.clock import pause

FILES, WORDS = 700, 385_000
QUESTIONS, IDLE_SEARCHES = 50, 50
# Somebody always searches, yet one core is left to the sync: that is what the engine's lock is fought over for.
BETWEEN_SECONDS = 0.02
LONGEST_STALL = 250


def measure_stall(_options: Options) -> list[Figure]:
    """The product's own search operation, question embedded, by an asker."""
    with make_folder() as folder:
        write_documents(folder / "documents", files=FILES, words=WORDS, seed=17)
        with own_world(build_settings(folder / "home")) as world:
            add_folder(world, folder / "documents")
            world.index.embedder.warm_up()
            # As `onbrand up` does once it has started.
            gc.freeze()
            with _searching(world) as times:
                reports: list[dict[str, int]] = []
                seconds = time_once(lambda: reports.extend(run(world, "sync", {})))
            idle = _search_idle(world)
    passages = reports[0]["passages"]
    return [
        Figure(f"sync of {passages:,} passages while others search", f"{seconds:.0f} s"),
        Figure(f"search meanwhile, {len(times):,} searches", show_spread(times)),
        Figure("search meanwhile, p99", f"{find_percentile(times, 99):.0f} ms"),
        judge_most("search meanwhile, longest", max(times), LONGEST_STALL, digits=0),
        Figure("search of the same index afterwards, nothing else running", show_spread(idle)),
    ]


@contextmanager
def _searching(world: World) -> Iterator[list[float]]:
    """One thread searches all the time; the list fills with milliseconds. Its error becomes ours."""
    times: list[float] = []
    errors: list[Exception] = []
    stop = threading.Event()

    def search_on() -> None:
        try:
            for number in count():
                if stop.is_set():
                    return
                times.append(_search(world, number))
                pause(BETWEEN_SECONDS)
        except Exception as error:  # noqa: BLE001 - raised again by the thread that waits
            errors.append(error)

    thread = threading.Thread(target=search_on, name="searching")
    thread.start()
    try:
        yield times
    finally:
        stop.set()
        thread.join()
    if errors:
        raise errors[0]


def _search_idle(world: World) -> list[float]:
    return [_search(world, number) for number in range(IDLE_SEARCHES)]


def _search(world: World, number: int) -> float:
    """Milliseconds of one search."""
    question = " ".join(TextMaker(number % QUESTIONS).make_words(8))
    arguments = {"question": question, "as": "asker@bench.example", "on": str(TODAY)}
    started = perf_counter()
    run(world, "search", arguments)
    return (perf_counter() - started) * 1000
