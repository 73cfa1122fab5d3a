"""`eval answers` and `eval golden`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from pydantic import SecretStr

from admin.evals.answers_as_json import column_as_json
from admin.evals.endpoints import CONFIGURED, PASSAGES, Endpoint, read_sent_endpoints
from admin.evals.golden import build_golden
from admin.evals.metered_model import MeteredModel
from admin.evals.prices import Price, read_prices
from admin.evals.questions import EvalQuestion, read_questions
from admin.evals.score_answers import Asked, ColumnScore, score_column
from admin.operations.asking import read_day
from admin.world import World
from bot.answer.pipeline import AnswerPipeline
from bot.assembly import open_model
from core.answers import Answer, Question
from core.clock import Stopwatch
from core.local_socket import Report
from core.receipts import Receipts


@dataclass(frozen=True, slots=True)
class _Column:
    """One way of answering that is measured; `asked_for` is the model id as it was given."""

    name: str
    asked_for: str | None
    model: MeteredModel | None


def eval_answers(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Arguments: questions, prices (texts of files), endpoints, as, on, brand, thinking, use_model.

    Result: the shape of `onbrand eval answers --json`.
    """
    watch = Stopwatch()
    questions = read_questions(str(arguments.get("questions") or ""))
    prices = read_prices(arguments["prices"]) if arguments.get("prices") else ()
    asked = [_build_question(world, one, arguments) for one in questions]
    _warm_up(world, asked[0])
    scores = [
        _score(world, column, list(zip(questions, asked, strict=True)), prices=prices, report=report)
        for column in _open_columns(world, arguments)
    ]
    answerable = sum(bool(one.gold) for one in questions)
    return {
        "asker": world.identify(arguments.get("as")).label(),
        "on": read_day(world, arguments).isoformat(),
        "brand": arguments.get("brand"),
        "answerable": answerable,
        "unanswerable": len(questions) - answerable,
        "columns": [column_as_json(score) for score in scores],
        "milliseconds": watch.milliseconds(),
    }


def _build_question(world: World, question: EvalQuestion, arguments: Mapping[str, Any]) -> Question:
    return Question(
        text=question.text,
        asker=world.identify(question.asker or arguments.get("as")),
        on=question.on or read_day(world, arguments),
        brand=question.brand or arguments.get("brand"),
        thinking=bool(arguments.get("thinking")),
        is_recorded=False,
    )


def _open_columns(world: World, arguments: Mapping[str, Any]) -> list[_Column]:
    columns = [_Column(PASSAGES, None, None)]
    if not arguments.get("use_model", True):
        return columns
    endpoints = read_sent_endpoints(arguments.get("endpoints") or ())
    if not endpoints and (configured := open_model(world.settings)) is not None:
        columns.append(_Column(CONFIGURED, world.settings.llm_model, MeteredModel(configured)))
    return [*columns, *(_open_endpoint(world, endpoint) for endpoint in endpoints)]


def _open_endpoint(world: World, endpoint: Endpoint) -> _Column:
    settings = world.settings
    changed = {
        "llm_url": endpoint.url,
        "llm_model": endpoint.model,
        "llm_key": SecretStr(endpoint.key) if endpoint.key else None,
        "llm_dialect": endpoint.dialect or settings.llm_dialect,
    }
    model = open_model(settings.model_copy(update=changed))
    return _Column(endpoint.name, endpoint.model, MeteredModel(model) if model else None)


def _warm_up(world: World, question: Question) -> None:
    """What is loaded at the first question would count as that question's own time."""
    _ask(_build_pipeline(world, None), question)


def _score(
    world: World,
    column: _Column,
    questions: Sequence[tuple[EvalQuestion, Question]],
    *,
    prices: Sequence[Price],
    report: Report,
) -> ColumnScore:
    pipeline = _build_pipeline(world, column.model)
    asked = []
    for done, (expected, question) in enumerate(questions, start=1):
        answer = _ask(pipeline, question)
        asked.append(Asked(expected, answer, column.model.take_usage() if column.model else None))
        report({"column": column.name, "done": done, "total": len(questions)})
    return score_column(column.name, asked, model=column.asked_for, prices=prices)


def _build_pipeline(world: World, model: MeteredModel | None) -> AnswerPipeline:
    """The answer walk of this world with another model; nothing of it is kept as a gap."""
    search = world.index.search
    return AnswerPipeline(search=search, model=model, embedder=search.embedder, desks=world.answering.desks)


def _ask(pipeline: AnswerPipeline, question: Question) -> Answer:
    for event in pipeline.answer(question):
        if isinstance(event, Answer):
            return event
    raise AssertionError("a pipeline ends with an answer")


def list_golden(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Arguments: since (a day), limit. Result: `golden`, lines of a questions file out of receipts, newest first."""
    since = arguments.get("since")
    day = read_day(world, {"on": since}) if since else None
    start = datetime.combine(day, time.min, tzinfo=world.clock.timezone) if day else None
    receipts = Receipts(world.database, world.clock).list_receipts(since=start, limit=arguments.get("limit"))
    return {"receipts": len(receipts), "golden": build_golden(receipts)}
