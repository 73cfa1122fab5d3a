"""`ask` and `search`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from admin.world import World
from bot.answer.as_json import answer_as_json
from bot.answer.pipeline import build_scope
from core.access import Person
from core.answers import Answer, Question, Turn
from core.clock import Stopwatch
from core.errors import UsageError
from core.local_socket import Report
from index.passage_store import Scope
from index.search import FoundPassage
from index.understanding import understand

MOST_RESULTS = 100


def ask(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Arguments: question, as, brand, on, thinking, use_model, is_recorded, after, earlier.

    Result: the shape of `onbrand ask --json`.
    """
    asker = world.identify(arguments.get("as"))
    question = Question(
        text=check_question(world, arguments),
        asker=asker,
        on=read_day(world, arguments),
        brand=arguments.get("brand"),
        thinking=bool(arguments.get("thinking")),
        use_model=bool(arguments.get("use_model", True)),
        is_recorded=bool(arguments.get("is_recorded", True)),
        earlier=list_earlier(world, arguments, asker),
        # Never the conversation that is continued: others read there, and this asker may read more than they.
        conversation=f"after {arguments['after']}" if arguments.get("after") else "",
    )
    for event in world.pipeline.answer(question):
        if isinstance(event, Answer):
            return {
                **answer_as_json(event),
                "asker": question.asker.label(),
                "on": str(build_scope(question).on),
            }
        report({"stage": event.stage, "text": event.text})
    raise AssertionError("a pipeline ends with an answer")


def search(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Arguments: question, as, brand, on, limit. Result: the shape of `onbrand search --json`."""
    watch = Stopwatch()
    text = check_question(world, arguments)
    asker = world.identify(arguments.get("as"))
    today = read_day(world, arguments)
    understood = understand(text, today=today)
    scope = Scope(asker=asker, on=understood.day or today, brand=arguments.get("brand"))
    limit = int(arguments.get("limit") or 10)
    if not 1 <= limit <= MOST_RESULTS:
        raise UsageError(f"limit {limit} is out of range; allowed: 1 to {MOST_RESULTS}")
    found = world.index.search.find_by_any_leg(text, scope, limit=limit)
    return {
        "understood": {
            "asker": asker.label(),
            "on": str(scope.on),
            "brand": scope.brand,
            "kinds": list(understood.kinds),
            "phrases": list(understood.phrases),
            "legs": list(found.legs),
        },
        "results": [_result(rank, one) for rank, one in enumerate(found.passages, start=1)],
        "milliseconds": watch.milliseconds(),
    }


def check_question(world: World, arguments: Mapping[str, Any]) -> str:
    """The question's text; raises UsageError when there is none or too much of it."""
    text = str(arguments.get("question") or "").strip()
    limit = world.settings.max_question_characters
    if not text:
        raise UsageError(
            'the question is empty; ask in plain words, for example "What are our brand colours?"'
        )
    if len(text) > limit:
        raise UsageError(
            f"the question has {len(text)} characters; at most {limit} are read. "
            "Ask one thing at a time, in a few sentences"
        )
    return text


def list_earlier(world: World, arguments: Mapping[str, Any], asker: Person) -> tuple[Turn, ...]:
    """The turns before: of the receipt `after`, or the questions `earlier`. Raises UsageError for what is not there."""
    receipt_id, questions = arguments.get("after"), arguments.get("earlier") or ()
    if receipt_id and questions:
        raise UsageError("give either `after` or `earlier`: a question goes on from one conversation")
    if receipt_id:
        return (_find_turn(world, str(receipt_id), asker),)
    return tuple(Turn(check_question(world, {"question": one})) for one in questions)


def _find_turn(world: World, receipt_id: str, asker: Person) -> Turn:
    found = world.answering.receipts.find(receipt_id)
    # One message for both: who asks after other people's receipts does not learn which there are.
    if found is None or not (asker.is_owner or found.is_asked_by(asker)):
        raise UsageError(
            f"no receipt {receipt_id!r} of {asker.label()}; a question may go on from one's own answers only, "
            "and the id stands with the answer, for example r-0123456789"
        )
    if not (found.understood or found.question):
        raise UsageError(f"the question of receipt {receipt_id!r} was removed; ask the whole question")
    claims = found.body.claims if found.body else ()
    return Turn(found.understood or found.question, tuple(claim.as_claim() for claim in claims))


def read_day(world: World, arguments: Mapping[str, Any]) -> date:
    """`on`, else today."""
    given = arguments.get("on")
    if not given:
        return world.clock.today()
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise UsageError(f"day {given!r} is not understood; allowed: YYYY-MM-DD") from None


def _result(rank: int, found: FoundPassage) -> dict[str, Any]:
    document = found.document
    return {
        "rank": rank,
        "source": document.source,
        "path": document.path,
        "document_id": document.document_id,
        "title": document.title,
        "heading": " › ".join(found.passage.heading_path),
        "page": found.passage.page,
        "text": found.text,
        "score": round(found.score, 6),
    }
