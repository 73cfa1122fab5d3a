"""What every benchmark shares: a figure with its aim, medians, and a world of its own. No product code reads it."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from admin.operations import run_operation
from admin.sample_company import DAY
from admin.world import World
from core.settings import Settings

ROUNDS = 5
# Every passage that a benchmark makes is searched on this day.
TODAY = DAY
NAME_WIDTH, MEASURED_WIDTH, AIM_WIDTH = 66, 30, 12


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. Without an aim it is there to be read, not judged."""

    name: str
    measured: str
    aim: str = ""
    is_met: bool | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for. `documents`: a folder to ingest instead of generated text."""

    documents: Path | None = None
    large: bool = False


def render_figure(figure: Figure) -> str:
    """One line: figure, measured, aim, met."""
    met = {None: "", True: "yes", False: "NO"}[figure.is_met]
    name, measured = figure.name.ljust(NAME_WIDTH), figure.measured.ljust(MEASURED_WIDTH)
    return f"{name} {measured} {figure.aim.ljust(AIM_WIDTH)} {met}".rstrip()


def judge_most(name: str, value: float, most: float, *, unit: str = "ms", digits: int = 1) -> Figure:
    """A figure that should not be above `most`."""
    return Figure(name, f"{value:.{digits}f} {unit}", f"≤ {most:g} {unit}", value <= most)


def judge_ratio(name: str, value: float, least: float) -> Figure:
    """A ratio that should not be below `least`."""
    return Figure(name, f"{value:.2f} ×", f"≥ {least:g} ×", value >= least)


def calibrate() -> Figure:
    """How fast this machine is right now, and how busy it is with others."""
    matrix = np.ones((1000, 1000), dtype=np.float32)
    product = measure(lambda: matrix @ matrix) * 1000
    load = os.getloadavg()[0]
    return Figure("calibration: one 1000 × 1000 matrix product", f"{product:.1f} ms, load {load:.1f}")


def time_once(act: Callable[[], object]) -> float:
    """Seconds of one run."""
    started = perf_counter()
    act()
    return perf_counter() - started


def measure(act: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """Median seconds of some runs."""
    return median(time_once(act) for _ in range(rounds))


def time_each(acts: Sequence[Callable[[], object]]) -> list[float]:
    """Milliseconds of each act."""
    return [time_once(act) * 1000 for act in acts]


def find_percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` of all lie."""
    return float(np.percentile(values, percent))


def show_spread(milliseconds: Sequence[float]) -> str:
    """Median and 95th percentile."""
    return f"p50 {find_percentile(milliseconds, 50):.1f}, p95 {find_percentile(milliseconds, 95):.1f} ms"


@contextmanager
def make_folder() -> Iterator[Path]:
    """A temporary folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="onbrand-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def build_settings(home: Path, **changed: object) -> Settings:
    """The shipped defaults on an embedded world in `home`, whatever the environment names."""
    fields = {name: field.default for name, field in Settings.model_fields.items()}
    return Settings.from_environment().model_copy(update={**fields, "home": home, "today": TODAY, **changed})


def run(world: World, name: str, arguments: Mapping[str, Any]) -> Any:
    """Run a command's operation in this process."""
    return run_operation(world, name, arguments, lambda _progress: None)


def add_folder(world: World, folder: Path) -> None:
    """Add a folder as a source that everybody may read, all of it approved."""
    declared = {"status": "approved", "access": "all", "options": {"path": str(folder)}}
    run(world, "source add", {"type": "folder", "name": "bench", **declared})
