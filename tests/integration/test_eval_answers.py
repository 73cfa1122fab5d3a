"""Answers judged on the sample company: in passages mode, and side by side over endpoints on loopback."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest

from admin.evals.questions import read_questions
from admin.sample_company import DAY, FOLDER, MARKETER, add_samples
from admin.world import open_world
from core.answers import Answer, Question
from core.receipts import Receipts
from tests.fakes.llm_endpoint import serve_llm
from tests.integration.commands import Commands, QuickCommands
from tests.integration.test_eval_retrieval import build_settings, run

QUESTIONS = FOLDER / "questions.jsonl"
UNANSWERABLE = FOLDER / "unanswerable.jsonl"
ASKED = ("S004", "S025", "S065", "S080")
PRICES = "model,input_per_million,output_per_million,currency\ndeepseek-v4-*,2,4,EUR\n"


@pytest.fixture(scope="module")
def home(memory: Path) -> Path:
    """A world on the embedded index that holds the sample company."""
    folder = memory / uuid4().hex[:8]
    with open_world(build_settings(folder)) as world:
        add_samples(lambda name, arguments: run(world, name, arguments))
    return folder


@pytest.fixture
def commands(home: Path) -> Commands:
    """Its commands, and a file with few of its questions."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    few = [line for line in lines if json.loads(line)["id"] in ASKED]
    (home / "few.jsonl").write_text("\n".join(few), encoding="utf-8")
    (home / "prices.csv").write_text(PRICES, encoding="utf-8")
    return QuickCommands(home)


def evaluate(commands: Commands, *arguments: str, **settings: Any) -> Any:
    common = ("eval", "answers", "--questions", "few.jsonl", "--as", MARKETER, "--on", str(DAY), "--json")
    return commands.run(*common, *arguments, **settings).json


def cite_first_sentence(body: Mapping[str, Any]) -> str:
    """A model that says the first sentence of its prompt, word for word."""
    found = re.search(r"^\S+ \[(S\d+)\] (.+)$", body["messages"][-1]["content"], re.MULTILINE)
    assert found is not None
    claim = {"text": found[2], "ids": [found[1]], "quote": ""}
    return json.dumps({"found": True, "ruling": "none", "claims": [claim]})


def pick(result: Any, name: str) -> Any:
    return next(column for column in result["columns"] if column["name"] == name)


def test_sample_questions_are_judged_in_passages_mode(home: Path) -> None:
    text = QUESTIONS.read_text(encoding="utf-8") + UNANSWERABLE.read_text(encoding="utf-8")
    with open_world(build_settings(home)) as world:
        arguments = {"questions": text, "as": MARKETER, "on": str(DAY), "use_model": False}
        result = run(world, "eval answers", arguments)
        gaps = run(world, "gaps list", {})
    assert (result["answerable"], result["unanswerable"]) == (70, 110)
    (column,) = result["columns"]
    everything = column["groups"][0]
    assert everything["false_abstention"]["value"] <= 0.05
    assert (everything["gold"]["n"], everything["correct_abstention"]["n"]) == (70, 110)
    assert {len(miss["shown"]) for miss in column["misses"]} <= set(range(6))
    assert gaps == [] and not column["failed_requests"]


def test_the_unanswerable_questions_of_the_samples_are_a_hundred_others() -> None:
    unanswerable = read_questions(UNANSWERABLE.read_text(encoding="utf-8"))
    assert len(unanswerable) == 100 and not any(question.gold for question in unanswerable)
    asked = {question.text.casefold() for question in read_questions(QUESTIONS.read_text(encoding="utf-8"))}
    assert len({question.text.casefold() for question in unanswerable} - asked) == 100


def test_endpoints_stand_side_by_side_with_tokens_cost_and_failures(commands: Commands) -> None:
    with (
        serve_llm(key="sesame", write=cite_first_sentence) as good,
        serve_llm(served_model="other-1", fault="status_503") as down,
    ):
        endpoints = (f"good={good.url},{good.served_model}", f"down={down.url},other-1")
        result = evaluate(
            commands,
            *("--endpoint", endpoints[0], "--endpoint", endpoints[1]),
            *("--prices", "prices.csv", "--html", "page.html"),
            ONBRAND_LLM_KEY_GOOD="sesame",
        )
        assert set(good.keys) == {"Bearer sesame"}
    assert [column["name"] for column in result["columns"]] == ["passages", "good", "down"]
    written, failed = pick(result, "good"), pick(result, "down")
    assert (written["served_models"], written["failed_requests"]) == ([good.served_model], 0)
    assert written["spending"]["cost"] > 0 and written["spending"]["currency"] == "EUR"
    assert written["milliseconds"]["model"]["n"] == written["spending"]["answers"] > 0
    assert written["rejected_claims"]["n"] >= written["spending"]["answers"]
    assert failed["failed_requests"] >= len(failed["failed"]) > 0 and failed["spending"]["cost"] is None
    assert failed["judged"] + len(failed["failed"]) == len(ASKED)
    assert ET.parse(commands.home / "page.html").getroot().tag == "html"


def test_configured_model_is_measured_unless_it_is_left_out(commands: Commands) -> None:
    with serve_llm(write=cite_first_sentence) as endpoint:
        result = evaluate(commands, ONBRAND_LLM_URL=endpoint.url)
        assert [column["name"] for column in result["columns"]] == ["passages", "configured"]
        asked = len(endpoint.requests)
        alone = evaluate(commands, "--no-model", ONBRAND_LLM_URL=endpoint.url)
        assert [column["name"] for column in alone["columns"]] == ["passages"]
        assert len(endpoint.requests) == asked > 0


def test_text_names_the_misses(commands: Commands) -> None:
    out = commands.run("eval", "answers", "--questions", "few.jsonl", "--no-model", "--as", MARKETER).out
    assert "gold sentence cited" in out and "By type: passages" in out


def test_no_model_and_endpoints_exclude_each_other(commands: Commands) -> None:
    arguments = ("--questions", "few.jsonl", "--no-model", "--endpoint", "a=http://127.0.0.1:1/v1,m")
    assert "exclude each other" in commands.run("eval", "answers", *arguments, code=2).err


def test_golden_questions_come_out_of_receipts_and_can_be_measured(commands: Commands) -> None:
    asked = "What is our approved positioning against Vorsquill on data security?"
    with open_world(build_settings(commands.home)) as world:
        question = Question(asked, world.identify(MARKETER), DAY, is_recorded=False)
        *_, answer = world.pipeline.answer(question)
        assert isinstance(answer, Answer)
        Receipts(world.database, world.clock).keep(question, answer, index_fingerprint="test")
    out = commands.run("eval", "golden", "--out", "golden.jsonl").out
    assert "golden.jsonl" in out
    written = (commands.home / "golden.jsonl").read_text(encoding="utf-8")
    assert asked in [one.text for one in read_questions(written)] and MARKETER not in written
    later = commands.run("eval", "golden", "--out", "later.jsonl", "--since", "2999-01-01", "--json").json
    assert later["written"] == 0
    assert "exists" in commands.run("eval", "golden", "--out", "golden.jsonl", code=2).err
    arguments = ("--questions", "golden.jsonl", "--no-model", "--as", MARKETER, "--json")
    result = commands.run("eval", "answers", *arguments).json
    assert result["columns"][0]["groups"][0]["gold"]["value"] == 1.0
