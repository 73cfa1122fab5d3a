"""The query engine for LlamaIndex applications: checked claims with marks, their proof, and why when there is none."""

import asyncio
from typing import Any
from zoneinfo import ZoneInfo

from llama_index.core import Settings
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.tools import QueryEngineTool

from bot.answer.pipeline import AnswerPipeline
from bot.llama_query_engine import OnbrandQueryEngine
from core.access import AccessList, Person
from core.clock import Clock
from core.llm import ChatModel
from tests.fakes.answer_world import DAY, READER, WordEmbedder, WorldSearch, build_found
from tests.fakes.scripted_model import SERVED_MODEL, ScriptedModel, find_id, write_answer

SPACE = "Keep 24 mm of clear space around the logo."
COLOUR = "The logo is teal."
QUESTION = "how much clear space around the logo"
SALES_ONLY = AccessList((frozenset({"group:sales"}),))


def build_engine(
    model: ChatModel | None = None, *, asker: Person = READER, access: AccessList | None = None
) -> OnbrandQueryEngine:
    passage = build_found(SPACE, COLOUR) if access is None else build_found(SPACE, COLOUR, access=access)
    pipeline = AnswerPipeline(search=WorldSearch([passage]), model=model, embedder=WordEmbedder())
    return OnbrandQueryEngine(pipeline, asker=asker, clock=Clock(ZoneInfo("UTC"), DAY))


def ask(engine: OnbrandQueryEngine, question: str = QUESTION) -> Response:
    response = engine.query(question)
    assert isinstance(response, Response)
    return response


def write_two_claims(prompt: Any, _schema: Any) -> dict[str, Any]:
    space, colour = find_id(prompt, SPACE), find_id(prompt, COLOUR)
    return write_answer(
        {"text": "Leave 24 mm around the logo.", "ids": [space]},
        {"text": "The logo is teal.", "ids": [colour, space]},
    )


def test_response_is_the_checked_claims_with_marks_of_their_source_nodes() -> None:
    response = ask(build_engine(ScriptedModel(write_two_claims)))
    assert str(response) == "Leave 24 mm around the logo. [1]\nThe logo is teal. [1][2]"
    assert [found.node.get_content() for found in response.source_nodes] == [SPACE, COLOUR]
    assert response.metadata is not None
    assert {name: response.metadata[name] for name in ("verdict", "mode", "why", "model")} == {
        "verdict": "answered",
        "mode": "model",
        "why": "",
        "model": SERVED_MODEL,
    }


def test_claim_that_does_not_hold_is_not_in_the_response() -> None:
    def invent(prompt: Any, _schema: Any) -> dict[str, Any]:
        space = find_id(prompt, SPACE)
        true, invented = "Leave 24 mm around the logo.", "Leave 99 mm around the logo."
        return write_answer({"text": true, "ids": [space]}, {"text": invented, "ids": [space]})

    response = ask(build_engine(ScriptedModel(invent)))
    assert "99" not in str(response)
    assert response.metadata is not None
    assert response.metadata["verdict"] == "partial"
    assert str(response).endswith(response.metadata["why"])


def test_without_a_model_the_response_is_stored_sentences() -> None:
    response = ask(build_engine())
    assert str(response).startswith(f"{SPACE} [1]")
    assert response.metadata is not None
    assert response.metadata["mode"] == "passages"


def test_not_found_says_why_and_carries_no_proof() -> None:
    response = ask(build_engine(), "quarterly turnover of lighthouses")
    assert response.metadata is not None
    assert response.metadata["verdict"] == "not_found"
    assert str(response) == response.metadata["why"] != ""
    assert response.source_nodes == []


def test_what_the_asker_may_not_read_is_in_no_part_of_the_response() -> None:
    hidden = ask(build_engine(access=SALES_ONLY))
    assert SPACE not in f"{hidden.response}{hidden.source_nodes}{hidden.metadata}"
    seller = Person("seller@pelmarrow.example", groups=frozenset({"sales"}))
    assert SPACE in str(ask(build_engine(access=SALES_ONLY, asker=seller)))


def test_source_node_says_where_the_sentence_stands() -> None:
    node = ask(build_engine()).source_nodes[0].node
    assert node.ref_doc_id == "doc-1"
    told = {name: node.metadata[name] for name in ("path", "title", "status", "revision", "classification")}
    assert told == {
        "path": "doc-1.md",
        "title": "Brand guide",
        "status": "approved",
        "revision": 1,
        "classification": "quote",
    }


def test_engine_serves_as_a_tool_of_an_application_and_no_default_model_is_made() -> None:
    engine = build_engine()
    assert isinstance(engine, BaseQueryEngine)
    tool = QueryEngineTool.from_defaults(engine, name="brand", description="What our brand says")
    assert tool.call(input=QUESTION).content.startswith(f"{SPACE} [1]")
    # Unset means OpenAI: whoever reads them makes a client.
    assert (Settings._llm, Settings._embed_model) == (None, None)


def test_async_application_gets_the_same() -> None:
    engine = build_engine()
    assert str(asyncio.run(engine.aquery(QUESTION))) == str(ask(engine))


def test_engine_has_no_prompt_that_an_application_could_replace() -> None:
    assert build_engine().get_prompts() == {}
