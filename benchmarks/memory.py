"""Memory of `onbrand up` on the sample company: idle after its sync, and the most while it reads all files again."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import Figure, Options, judge_most, make_folder
from benchmarks.processes import build_environment, read_memory
from core.clock import pause

ONBRAND = str(Path(sys.executable).with_name("onbrand"))
SETTLING_SECONDS = 2.0
STOP_SECONDS = 30.0


def measure_memory(_options: Options) -> list[Figure]:
    """Both figures of one process; the peak holds the first sync as well."""
    with make_folder() as home, _running(home) as process:
        pause(SETTLING_SECONDS)
        idle = read_memory(process.pid, "VmRSS")
        full = [ONBRAND, "sync", "--full", "--json"]
        subprocess.run(full, env=build_environment(home), cwd=home, check=True, capture_output=True)
        peak = read_memory(process.pid, "VmHWM")
        after = read_memory(process.pid, "VmRSS")
    return [
        judge_most("onbrand up on the samples, idle after the sync", idle, 350, unit="MB", digits=0),
        judge_most("the same, most while it syncs and syncs --full", peak, 700, unit="MB", digits=0),
        Figure("the same, after sync --full", f"{after:.0f} MB"),
    ]


@contextmanager
def _running(home: Path) -> Iterator[subprocess.Popen[str]]:
    """`onbrand up --samples`, ready; ended afterwards."""
    command = [ONBRAND, "up", "--samples"]
    process = subprocess.Popen(
        command, env=build_environment(home), cwd=home, stdout=subprocess.PIPE, text=True
    )
    try:
        for line in process.stdout or ():
            if "onbrand is up" in line:
                break
        else:
            raise RuntimeError(f"`onbrand up` ended with code {process.wait()} before it was ready")
        yield process
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
        if process.stdout:
            process.stdout.close()
