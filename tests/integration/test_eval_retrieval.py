"""Retrieval on the sample company with the real embedder: on every store the same documents in the same order."""

import json
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from qdrant_client import QdrantClient

import benchmarks.fusion
from admin.operations import run_operation
from admin.sample_company import DAY, FOLDER, MARKETER, add_samples
from admin.sample_company import QUESTIONS as SAMPLE_QUESTIONS
from admin.world import World, open_world
from core.settings import Settings
from index.qdrant_collection import CollectionPlan
from index.qdrant_store import QdrantPassageStore
from tests.fakes.qdrant_server import running_qdrant
from tests.integration.commands import Commands

DIMENSION = 384
CORPUS = "ONBRAND_TEST_CORPUS"
QUESTIONS = FOLDER / "questions.jsonl"
BATTLECARD = "battlecards/vorsquill.pptx"
Result = Mapping[str, Any]


@pytest.fixture(scope="module")
def home(memory: Path) -> Path:
    """A world on the embedded index that holds the sample company."""
    folder = memory / uuid4().hex[:8]
    with open_world(build_settings(folder)) as world:
        add_samples(lambda name, arguments: run(world, name, arguments))
    return folder


@pytest.fixture(scope="module")
def on_edge(home: Path) -> Result:
    """The eval on the embedded index."""
    with open_world(build_settings(home)) as world:
        return evaluate(world)


def build_settings(folder: Path, **values: Any) -> Settings:
    """Settings of a world in a folder; nothing of the environment counts."""
    blank = {"database_url": None, "qdrant_url": None, "qdrant_key": None, "llm_url": None}
    return Settings.from_environment().model_copy(update={"home": folder, "today": DAY, **blank, **values})


def run(world: World, name: str, arguments: Mapping[str, Any]) -> Any:
    return run_operation(world, name, arguments, lambda _progress: None)


def evaluate(world: World) -> Result:
    arguments = {"questions": QUESTIONS.read_text(encoding="utf-8"), "as": MARKETER, "on": DAY.isoformat()}
    result: Result = run(world, "eval retrieval", arguments)
    return result


def evaluate_samples(settings: Settings) -> Result:
    """The sample company read into a new world, and the eval on it."""
    with open_world(settings) as world:
        add_samples(lambda name, arguments: run(world, name, arguments))
        return evaluate(world)


@contextmanager
def local_mode() -> Iterator[None]:
    """Every Qdrant server is local mode in this process. It warns that indexes do nothing: dropped here."""
    client = QdrantClient(":memory:")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Payload indexes have no effect", category=UserWarning)
        warnings.filterwarnings("ignore", message="Local mode performs exact", category=UserWarning)
        made = QdrantPassageStore(client, CollectionPlan("passages", "test", DIMENSION))
        with (
            mock.patch("index.qdrant_store.open_qdrant", return_value=made),
            mock.patch("index.qdrant_store.publish_collection"),
        ):
            yield


def pick_found(result: Result) -> list[tuple[object, ...]]:
    """What an eval found: documents in their order, and where the gold stands."""
    return [
        (one["id"], one["documents"], one["document_rank"], one["passage_rank"], one["in_context"])
        for one in result["questions"]
    ]


def read_value(result: Result, figure: str, depth: str) -> float:
    value: float = result["groups"][0][figure][depth]["value"]
    return value


def test_nine_in_ten_sample_questions_have_their_gold_among_five_passages(on_edge: Result) -> None:
    assert (on_edge["answerable"], on_edge["unanswerable"]) == (70, 10)
    assert read_value(on_edge, "passage_hit", "5") >= 0.90
    assert read_value(on_edge, "document_hit", "5") >= 0.95
    assert on_edge["groups"][0]["context_hit"]["value"] >= 0.95


def test_same_documents_in_the_same_order_on_local_mode(memory: Path, on_edge: Result) -> None:
    with local_mode():
        settings = build_settings(memory / uuid4().hex[:8], qdrant_url="http://127.0.0.1:1")
        assert pick_found(evaluate_samples(settings)) == pick_found(on_edge)


def test_same_documents_in_the_same_order_over_the_wire(memory: Path, on_edge: Result) -> None:
    folder = memory / uuid4().hex[:8]
    folder.mkdir()
    with running_qdrant(folder, key="sesame") as server:
        settings = build_settings(
            memory / uuid4().hex[:8], qdrant_url=server.url, qdrant_key=SecretStr("sesame")
        )
        assert pick_found(evaluate_samples(settings)) == pick_found(on_edge)
        assert any("/points/query" in request for request in server.fake.requests)


def test_command_prints_the_same_eval_and_writes_a_page(home: Path, on_edge: Result) -> None:
    arguments = ("eval", "retrieval", "--questions", str(QUESTIONS), "--as", MARKETER, "--on", str(DAY))
    result = Commands(home).run(*arguments, "--json", "--html", "page.html").json
    assert pick_found(result) == pick_found(on_edge)
    assert result["groups"] == on_edge["groups"]
    page = ET.fromstring((home / "page.html").read_text(encoding="utf-8"))
    assert len(list(page.iter("article"))) == len(result["misses"])


def test_command_names_the_line_that_it_cannot_use(empty: Commands) -> None:
    (empty.home / "broken.jsonl").write_text('\n{"id": "Q1"}\n', encoding="utf-8")
    ended = empty.run("eval", "retrieval", "--questions", "broken.jsonl", code=2)
    assert "line 2: question None is not understood" in ended.err


def test_a_question_may_say_who_asks_and_when(home: Path) -> None:
    question = {
        "question": SAMPLE_QUESTIONS[0].text,
        "type": "positioning",
        "gold": [{"path": BATTLECARD, "snippet": "Vorsquill"}],
        "answer": "Keys stay with the customer.",
        "must_contain": [],
        "must_not_contain": [],
    }
    lines = [
        {**question, "id": "as the run says"},
        {**question, "id": "by a stranger", "as": "stranger@elsewhere.example"},
        {**question, "id": "before it counted", "on": "2026-06-14"},
    ]
    text = "\n".join(json.dumps(line) for line in lines)
    with open_world(build_settings(home)) as world:
        result = run(world, "eval retrieval", {"questions": text, "as": MARKETER, "on": str(DAY)})
    found = {one["id"] for one in result["questions"] if BATTLECARD in one["documents"]}
    assert found == {"as the run says"}


def test_fusion_is_judged_on_the_open_world(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONBRAND_HOME", str(home))
    monkeypatch.setattr(benchmarks.fusion, "SETTINGS", benchmarks.fusion.SETTINGS[:5])
    arguments = ["--questions", str(QUESTIONS), "--as", MARKETER, "--on", str(DAY)]
    done = CliRunner().invoke(benchmarks.fusion.main, arguments, catch_exceptions=False)
    assert "5 settings, 70 questions" in done.output
    assert "The shipped setting, and each leg alone" in done.output
    assert "mean drop: " in done.output


@pytest.mark.timeout(900)
def test_development_questions_reach_the_figures_of_the_design(memory: Path) -> None:
    folder = os.environ.get(CORPUS)
    if not folder:
        pytest.skip(f"set {CORPUS} to the folder of the development corpus")
    source = {"type": "folder", "name": "corpus", "options": {"path": folder}}
    with open_world(build_settings(memory / uuid4().hex[:8])) as world:
        run(world, "source add", {**source, "status": "approved", "access": "all"})
        run(world, "sync", {})
        questions = (Path(folder) / "questions.jsonl").read_text(encoding="utf-8")
        result = run(world, "eval retrieval", {"questions": questions})
    figures = {
        "passage hit@5": read_value(result, "passage_hit", "5") >= 0.90,
        "document hit@5": read_value(result, "document_hit", "5") >= 0.95,
        "context hit": result["groups"][0]["context_hit"]["value"] >= 0.95,
    }
    assert [name for name, is_reached in figures.items() if not is_reached] == []
