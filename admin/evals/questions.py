"""Reads a file of questions whose gold passages are known. Called by admin/operations/evaluating.py."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from core.answers import Ruling
from core.errors import UsageError

RULINGS: tuple[Ruling, ...] = get_args(Ruling)


@dataclass(frozen=True, slots=True)
class Gold:
    """Words that answer a question, the document they stand in, and others that hold them too.

    `speaker` is the name of who said them, if they are a quotation and it has to be shown.
    """

    path: str
    snippet: str
    also_in: tuple[str, ...] = ()
    speaker: str | None = None

    @property
    def paths(self) -> frozenset[str]:
        """Every document that counts as found."""
        return frozenset((self.path, *self.also_in))


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """One line. Any one of `gold` answers the question; without gold it cannot be answered.

    `must_contain` are alternatives joined by `|`. `asker`, `on`, `brand` stand above those of the whole run.
    """

    question_id: str
    text: str
    type: str
    gold: tuple[Gold, ...]
    answer: str
    must_contain: tuple[str, ...] = ()
    must_not_contain: tuple[str, ...] = ()
    asker: str | None = None
    on: date | None = None
    brand: str | None = None
    ruling: Ruling | None = None


def read_questions(text: str) -> tuple[EvalQuestion, ...]:
    """All questions of a JSON lines text. Raises UsageError that names every line which cannot be used."""
    questions: dict[str, EvalQuestion] = {}
    problems: list[str] = []
    # Not splitlines(): the text inside JSON may hold line separators of other kinds.
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            question = _read_line(line)
            _check_new(question.question_id, questions)
        except ValueError as error:
            problems.append(f"line {number}: {error}")
        else:
            questions[question.question_id] = question
    if problems or not questions:
        raise UsageError(_build_message(problems))
    return tuple(questions.values())


def _build_message(problems: list[str]) -> str:
    if not problems:
        return "the questions file holds no question; give JSON lines with id, question, type, gold, answer"
    lines = "\n".join(f"  - {problem}" for problem in problems)
    return f"{len(problems)} line(s) of the questions file cannot be used:\n{lines}"


def _check_new(question_id: str, known: Collection[str]) -> None:
    if question_id in known:
        raise ValueError(f"id {question_id!r} is taken; allowed: each id once")


def _read_line(line: str) -> EvalQuestion:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise ValueError(f"{line[:40]!r} is not a JSON object")  # noqa: TRY004 - collected with the others
    return EvalQuestion(
        question_id=_read_text(fields, "id"),
        text=_read_text(fields, "question"),
        type=_read_text(fields, "type"),
        gold=tuple(_read_gold(one) for one in _read_list(fields, "gold", dict)),
        # What cannot be answered may leave it empty.
        answer=_read_text(fields, "answer") if fields.get("answer") != "" else "",
        must_contain=_read_list(fields, "must_contain", str),
        must_not_contain=_read_list(fields, "must_not_contain", str),
        asker=_read_optional(fields, "as"),
        on=_read_day(fields),
        brand=_read_optional(fields, "brand"),
        ruling=_read_ruling(fields),
    )


def _read_gold(fields: Mapping[str, Any]) -> Gold:
    also_in = _read_list(fields, "also_in", str) if "also_in" in fields else ()
    path, snippet = _read_text(fields, "path"), _read_text(fields, "snippet")
    return Gold(path, snippet, also_in, _read_optional(fields, "speaker"))


def _read_text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} {value!r} is not understood; allowed: text in quotation marks")
    return value


def _read_optional(fields: Mapping[str, Any], name: str) -> str | None:
    return None if fields.get(name) is None else _read_text(fields, name)


def _read_list(fields: Mapping[str, Any], name: str, kind: type) -> tuple[Any, ...]:
    value = fields.get(name)
    if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
        what = "objects with path and snippet" if kind is dict else "texts"
        raise ValueError(f"{name} {value!r} is not understood; allowed: a list of {what}, which may be empty")
    return tuple(value)


def _read_day(fields: Mapping[str, Any]) -> date | None:
    given = _read_optional(fields, "on")
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise ValueError(f"on {given!r} is not understood; allowed: YYYY-MM-DD") from None


def _read_ruling(fields: Mapping[str, Any]) -> Ruling | None:
    given = fields.get("ruling")
    for ruling in RULINGS:
        if given == ruling:
            return ruling
    if given is not None:
        raise ValueError(f"ruling {given!r} is not understood; allowed: {', '.join(RULINGS)}")
    return None
