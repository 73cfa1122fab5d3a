"""The sample company of `samples/`, an invented brand to try onbrand on. Used by the demo and by `up --samples`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import PermanentError

FOLDER = Path(__file__).resolve().parent.parent / "samples"
DAY = date(2026, 10, 15)
"""The documents' dates are fixed, so the demo runs as of a fixed day, whatever today is."""
MARKETER = "mara.ellison@pelmarrow.example"
SOURCE = "pelmarrow"


@dataclass(frozen=True, slots=True)
class SampleQuestion:
    """A question of the demo, and what to see in its answer."""

    text: str
    note: str


QUESTIONS = (
    SampleQuestion(
        "What is our approved positioning against Vorsquill on data security?",
        "approved messaging and the battlecard, each sentence as it stands there",
    ),
    SampleQuestion(
        "Find an approved customer quote about implementation time",
        "quotes with speaker and story; the one whose consent is over is not among them",
    ),
    SampleQuestion(
        "What are the active CTAs for the enterprise landing page?",
        "only rows of the sheet that run on the day of the demo",
    ),
    SampleQuestion(
        "What is our approved discount for education customers?",
        "only a draft, an expired and a restricted document know it, so it is not said",
    ),
)


class SamplesMissing(PermanentError):
    """The folder samples/ is not beside the code."""


def add_samples(run: Callable[[str, Mapping[str, Any]], Any]) -> Any:
    """Add the sample people and the source, and sync it; gives the sync's report."""
    if not FOLDER.is_dir():
        raise SamplesMissing(
            f"the folder {FOLDER} is missing; run onbrand from a checkout that holds samples/"
        )
    run("people import", {"csv": (FOLDER / "people.csv").read_text(encoding="utf-8")})
    options = {"path": str(FOLDER / "company")}
    run("source add", {"type": "folder", "name": SOURCE, "options": options})
    return run("sync", {"name": SOURCE})[0]
