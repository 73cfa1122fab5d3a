"""What a user waits for, on the sample company, with the product's own command and parts."""

import resource
import subprocess
import sys
from pathlib import Path

from admin.owner import own_world
from admin.sample_company import MARKETER, QUESTIONS, add_samples
from admin.world import World
from benchmarks.figures import (
    TODAY,
    Figure,
    Options,
    build_settings,
    judge_most,
    make_folder,
    measure,
    run,
    time_once,
)
from benchmarks.processes import build_environment

ONBRAND = str(Path(sys.executable).with_name("onbrand"))


def measure_waiting(_options: Options) -> list[Figure]:
    """Sync, sync again, search and answer in one warm process; then an answer of a cold one."""
    with make_folder() as home:
        with own_world(build_settings(home)) as world:
            figures = _measure_world(world)
        cold = _measure_cold_ask(home)
    return [
        *figures,
        judge_most("ask --no-model, cold process to printed answer", cold, 1.5, unit="s", digits=2),
    ]


def _measure_world(world: World) -> list[Figure]:
    reports = []
    first = time_once(
        lambda: reports.append(add_samples(lambda name, arguments: run(world, name, arguments)))
    )
    again = measure(lambda: run(world, "sync", {}))
    question = {"question": QUESTIONS[0].text, "as": MARKETER, "on": str(TODAY)}
    search = measure(lambda: run(world, "search", question)) * 1000
    ask = measure(lambda: run(world, "ask", {**question, "use_model": False})) * 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    files, passages = reports[0]["listed"], reports[0]["passages"]
    return [
        Figure(f"first sync of {files} sample files, {passages} passages", f"{first:.2f} s"),
        Figure("the same with nothing changed", f"{again:.3f} s, {again / first:.1%} of the first"),
        Figure("search in the sample company, warm, question embedded", f"{search:.1f} ms"),
        Figure("ask --no-model, warm", f"{ask:.1f} ms"),
        Figure("peak memory of this process, sync included", f"{peak:.0f} MB"),
    ]


def _measure_cold_ask(home: Path) -> float:
    """Seconds from the shell's call to the printed answer, in a fresh process, nobody else owning the world."""
    command = [ONBRAND, "ask", QUESTIONS[0].text, "--no-model", "--as", MARKETER, "--on", str(TODAY)]
    environment = build_environment(home)
    return measure(
        lambda: subprocess.run(command, env=environment, cwd=home, check=True, capture_output=True)
    )
