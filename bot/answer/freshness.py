"""Names the sources of an answer that have not been synced for longer than their limit. Joined by bot/assembly.py."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from core.answers import Answer, AnswerEvent, Question
from core.schedules import StaleSource

ListStale = Callable[[], Sequence[StaleSource]]


class AnswerWalk(Protocol):
    """What answers questions; AnswerPipeline is the one."""

    def answer(self, question: Question) -> Iterator[AnswerEvent]:
        """Progress, then one answer."""

    def recheck(self, question: Question, answer: Answer) -> Answer:
        """The answer as it may be posted now."""


class FreshWalk:
    """An answer walk whose answers say where what they rest on may be out of date."""

    def __init__(self, inner: AnswerWalk, list_stale: ListStale) -> None:
        self._inner = inner
        self._list_stale = list_stale

    def answer(self, question: Question) -> Iterator[AnswerEvent]:
        """As the walk inside."""
        for event in self._inner.answer(question):
            yield name_stale(event, self._list_stale()) if isinstance(event, Answer) else event

    def recheck(self, question: Question, answer: Answer) -> Answer:
        """As the walk inside."""
        return self._inner.recheck(question, answer)


def name_stale(answer: Answer, stale: Sequence[StaleSource]) -> Answer:
    """The answer with a line for each stale source that it rests on.

    Without evidence it may be missing because it never came: then the number of stale sources is said, not their
    names, which not every asker may know.
    """
    cited = {one.source for claim in answer.claims for one in claim.evidence}
    lines = [_describe(one) for one in stale if one.name in cited]
    if stale and not cited:
        lines = [
            f"Not synced within their limits: {len(stale)} source(s). What changed there is missing here."
        ]
    return replace(answer, stale=tuple(lines)) if lines else answer


def _describe(source: StaleSource) -> str:
    if source.last_synced_at is None:
        return f"{source.name} has never been synced: what it holds is missing here."
    return (
        f"{source.name} was last synced on {source.last_synced_at:%Y-%m-%d %H:%M} UTC "
        f"(limit: {source.limit_hours} h): what changed there since is missing here."
    )
