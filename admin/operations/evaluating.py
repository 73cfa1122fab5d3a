"""`eval retrieval`."""

from collections.abc import Mapping
from typing import Any

from admin.evals.as_json import score_as_json
from admin.evals.questions import EvalQuestion, read_questions
from admin.evals.score_retrieval import DEPTHS, Retrieved, RetrievedText, score_retrieval
from admin.operations.asking import MOST_RESULTS, read_day
from admin.world import World
from bot.answer.evidence import list_evidence
from bot.answer.pipeline import FOUND_PASSAGES
from bot.answer.prompt import take_what_fits
from core.clock import Stopwatch
from core.errors import UsageError
from core.local_socket import Report
from index.passage_store import Scope
from index.search import FoundPassage


def eval_retrieval(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Arguments: questions (text of the file), as, on, brand, limit. Result: `onbrand eval retrieval --json`."""
    watch = Stopwatch()
    questions = read_questions(str(arguments.get("questions") or ""))
    limit = _read_limit(arguments)
    done = 0

    def retrieve(question: EvalQuestion) -> Retrieved:
        nonlocal done
        done += 1
        report({"done": done})
        return _retrieve(world, question, build_scope(world, question, arguments), limit)

    score = score_retrieval(questions, retrieve)
    return {
        "asker": world.identify(arguments.get("as")).label(),
        "on": read_day(world, arguments).isoformat(),
        "brand": arguments.get("brand"),
        **score_as_json(score),
        "milliseconds": watch.milliseconds(),
    }


def build_scope(world: World, question: EvalQuestion, arguments: Mapping[str, Any]) -> Scope:
    """Who asks and when: as the question says, else as the arguments say."""
    return Scope(
        asker=world.identify(question.asker or arguments.get("as")),
        on=question.on or read_day(world, arguments),
        brand=question.brand or arguments.get("brand"),
    )


def _read_limit(arguments: Mapping[str, Any]) -> int:
    limit = int(arguments.get("limit") or max(DEPTHS))
    if not max(DEPTHS) <= limit <= MOST_RESULTS:
        raise UsageError(f"limit {limit} is out of range; allowed: {max(DEPTHS)} to {MOST_RESULTS}")
    return limit


def _retrieve(world: World, question: EvalQuestion, scope: Scope, limit: int) -> Retrieved:
    found = world.index.search.find(question.text, scope, limit=max(limit, FOUND_PASSAGES))
    return Retrieved(
        passages=tuple(describe_found(one, one.text) for one in found[:limit]),
        context=tuple(
            describe_found(one, _read_context(one)) for one in take_what_fits(found[:FOUND_PASSAGES])
        ),
    )


def describe_found(found: FoundPassage, text: str) -> RetrievedText:
    """A found passage as it is scored: under its own heading."""
    path = found.passage.heading_path
    return RetrievedText(found.document.path, " › ".join(path), "\n".join((*path[-1:], text)))


def _read_context(found: FoundPassage) -> str:
    """The sentences that the model is given."""
    return "\n".join(evidence.sentence for evidence in list_evidence(found))
