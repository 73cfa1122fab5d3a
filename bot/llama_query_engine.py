"""A LlamaIndex query engine whose answers are checked claims, for applications of the company's own."""

import asyncio
from collections.abc import Iterator
from typing import Any, Protocol

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from bot.answer.as_json import evidence_as_json
from core.access import Person
from core.answers import Answer, AnswerEvent, Claim, Evidence, Question
from core.clock import Clock


class Answering(Protocol):
    """What the engine needs of bot.answer.pipeline.AnswerPipeline."""

    def answer(self, question: Question) -> Iterator[AnswerEvent]:
        """Progress, then exactly one Answer."""


class OnbrandQueryEngine(BaseQueryEngine):
    """Answers one asker's questions as of today. Make one for each request: it is light, and groups change.

    The response's text is the checked claims with marks; mark [1] is the first of its source nodes.
    """

    def __init__(self, pipeline: Answering, *, asker: Person, clock: Clock, brand: str | None = None) -> None:
        self._pipeline = pipeline
        self._asker = asker
        self._clock = clock
        self._brand = brand
        super().__init__(callback_manager=CallbackManager([]))

    @property
    def asker(self) -> Person:
        """Whose access is applied."""
        return self._asker

    def _get_prompt_modules(self) -> dict[str, Any]:
        # The prompt is part of what is checked: there is none to replace.
        return {}

    def _query(self, query_bundle: QueryBundle) -> Response:
        question = Question(query_bundle.query_str, self._asker, on=self._clock.today(), brand=self._brand)
        events = self._pipeline.answer(question)
        return build_response(next(event for event in events if isinstance(event, Answer)))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        # The walk is synchronous; the application's event loop must not wait for it.
        return await asyncio.to_thread(self._query, query_bundle)


def build_response(answer: Answer) -> Response:
    """Text, proof and verdict of an answer. Pure."""
    evidence = {one.sentence_id: one for claim in answer.claims for one in claim.evidence}
    marks = {sentence_id: number for number, sentence_id in enumerate(evidence, start=1)}
    lines = [_mark_claim(claim, marks) for claim in answer.claims]
    return Response(
        response="\n".join([*lines, answer.why] if answer.why else lines),
        source_nodes=[NodeWithScore(node=_build_node(one)) for one in evidence.values()],
        metadata={
            "verdict": answer.verdict,
            "ruling": answer.ruling,
            "mode": answer.mode,
            "why": answer.why,
            "model": answer.model,
            "nearest": [evidence_as_json(one) for one in answer.nearest],
        },
    )


def _mark_claim(claim: Claim, marks: dict[str, int]) -> str:
    numbers = sorted({marks[one.sentence_id] for one in claim.evidence})
    return f"{claim.text} {''.join(f'[{number}]' for number in numbers)}"


def _build_node(evidence: Evidence) -> TextNode:
    told = evidence_as_json(evidence)
    text = told.pop("sentence")
    metadata = {**told, "revision": evidence.revision, "classification": evidence.classification}
    belongs_to = RelatedNodeInfo(node_id=evidence.document_id)
    return TextNode(
        id_=evidence.sentence_id,
        text=text,
        metadata=metadata,
        relationships={NodeRelationship.SOURCE: belongs_to},
    )
