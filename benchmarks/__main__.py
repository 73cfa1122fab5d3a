"""Measures what a user waits for, on the sample company, with the product's own command and parts."""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from core.egress import silence_libraries

silence_libraries()

import click  # noqa: E402 - telemetry is switched off first
import numpy as np  # noqa: E402

from admin.operations import run_operation  # noqa: E402
from admin.owner import own_world  # noqa: E402
from admin.sample_company import DAY, MARKETER, QUESTIONS, add_samples  # noqa: E402
from admin.world import World  # noqa: E402
from core.settings import Settings  # noqa: E402

ROUNDS = 5
ONBRAND = str(Path(sys.executable).with_name("onbrand"))
Figure = tuple[str, str]


def calibrate() -> float:
    """Milliseconds for one multiplication of two 1000 × 1000 matrices: how fast this machine is right now."""
    matrix = np.ones((1000, 1000), dtype=np.float32)
    return measure(lambda: matrix @ matrix) * 1000


def measure(act: Callable[[], object]) -> float:
    """Median seconds of five runs."""
    seconds = []
    for _ in range(ROUNDS):
        started = perf_counter()
        act()
        seconds.append(perf_counter() - started)
    return median(seconds)


def measure_cold_ask(home: Path) -> float:
    """Seconds from the shell's call to the printed answer, in a fresh process, nobody else owning the world."""
    environment = {**os.environ, "ONBRAND_HOME": str(home)}
    command = [ONBRAND, "ask", QUESTIONS[0].text, "--no-model", "--as", MARKETER, "--on", str(DAY)]
    return measure(lambda: subprocess.run(command, env=environment, check=True, capture_output=True))


def measure_world(world: World) -> list[Figure]:
    """Sync, sync again, search and answer in one warm process."""

    def run(name: str, arguments: object) -> object:
        return run_operation(world, name, arguments, lambda _progress: None)  # type: ignore[arg-type]

    started = perf_counter()
    report = add_samples(run)
    first = perf_counter() - started
    again = measure(lambda: run("sync", {}))
    question = {"question": QUESTIONS[0].text, "as": MARKETER, "on": str(DAY)}
    search = measure(lambda: run("search", question)) * 1000
    ask = measure(lambda: run("ask", {**question, "use_model": False})) * 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        (f"first sync of {report['listed']} files, {report['passages']} passages", f"{first:.2f} s"),
        ("sync with nothing changed", f"{again:.3f} s, {again / first:.1%} of the first"),
        ("search, warm, question embedded", f"{search:.1f} ms"),
        ("ask --no-model, warm", f"{ask:.1f} ms"),
        ("peak memory of this process, sync included", f"{peak:.0f} MB"),
    ]


def main() -> None:
    """Print one line a figure."""
    home = Path(tempfile.mkdtemp(prefix="onbrand-bench-"))
    try:
        settings = Settings.from_environment().model_copy(
            update={"home": home, "today": DAY, "database_url": None, "qdrant_url": None, "llm_url": None}
        )
        with own_world(settings) as world:
            figures = measure_world(world)
        figures.append(("ask --no-model, cold process to printed answer", f"{measure_cold_ask(home):.2f} s"))
        figures.append(("calibration: one 1000 × 1000 matrix product", f"{calibrate():.1f} ms"))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    for name, figure in figures:
        click.echo(f"{name:60} {figure}")


if __name__ == "__main__":
    main()
