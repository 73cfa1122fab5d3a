"""The retriever for LlamaIndex applications: the asker's access holds, whatever the query brings along."""

import asyncio
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from llama_index.core import QueryBundle, Settings
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine

from core.access import ANYONE, AccessList, Person
from core.clock import Clock
from core.documents import Validity
from index.llama_retriever import OnbrandRetriever
from tests.fakes.answer_world import DAY, READER, WorldSearch, build_found

CLOCK = Clock(ZoneInfo("UTC"), DAY)
SALES_ONLY = AccessList((frozenset({"group:sales"}),))
SPACE = "Keep 24 mm of clear space around the logo."
SECRET = "The logo is sold in May."
QUESTION = "clear space around the logo"


@pytest.fixture
def search() -> WorldSearch:
    """An open passage, one for sales, a draft, and one that is over."""
    return WorldSearch(
        [
            build_found(SPACE, heading=("Logo", "Space"), ordinal=3),
            build_found(SECRET, document_id="secret", access=SALES_ONLY),
            build_found("Logo draft.", document_id="draft", status="draft"),
            build_found("Logo of old.", document_id="over", validity=Validity(None, DAY.replace(year=2025))),
        ]
    )


def retrieve(search: WorldSearch, asker: Person, query: str | QueryBundle = QUESTION) -> list[str]:
    retriever = OnbrandRetriever(search, asker=asker, clock=CLOCK)
    return [found.node.get_content() for found in retriever.retrieve(query)]


def test_retriever_gives_only_what_the_asker_may_read_today(search: WorldSearch) -> None:
    assert retrieve(search, READER) == [SPACE]
    assert retrieve(search, ANYONE) == [SPACE]
    seller = replace(READER, groups=frozenset({"sales"}))
    assert retrieve(search, seller) == [SPACE, SECRET]
    assert retrieve(search, replace(seller, active=False)) == []


def test_query_cannot_bring_another_asker_or_an_embedding(search: WorldSearch) -> None:
    seller = replace(READER, groups=frozenset({"sales"}))
    bundle = QueryBundle(QUESTION, custom_embedding_strs=[SECRET], embedding=[1.0, 0.0])
    bundle.asker = seller  # type: ignore[attr-defined]
    assert retrieve(search, READER, bundle) == [SPACE]
    retriever = OnbrandRetriever(search, asker=READER, clock=CLOCK)
    with pytest.raises(AttributeError):
        retriever.asker = seller  # type: ignore[misc]


def test_node_says_where_its_text_stands(search: WorldSearch) -> None:
    (found,) = OnbrandRetriever(search, asker=READER, clock=CLOCK).retrieve(QUESTION)
    assert found.node.metadata == {
        "source": "brand",
        "path": "doc-1.md",
        "title": "Brand guide",
        "heading": "Logo › Space",
        "page": None,
        "url": None,
        "status": "approved",
        "classification": "quote",
        "document_id": "doc-1",
        "revision": 1,
    }
    assert (found.node.node_id, found.node.ref_doc_id) == ("doc-1:3", "doc-1")
    assert found.score == 0.1


def test_limit_and_order_are_those_of_the_search(search: WorldSearch) -> None:
    search.passages.append(build_found("Clear space matters.", document_id="other"))
    retriever = OnbrandRetriever(search, asker=READER, clock=CLOCK, limit=1)
    assert [found.node.ref_doc_id for found in retriever.retrieve(QUESTION)] == ["doc-1"]


def test_async_application_gets_the_same(search: WorldSearch) -> None:
    retriever = OnbrandRetriever(search, asker=READER, clock=CLOCK)
    found = asyncio.run(retriever.aretrieve(QUESTION))
    assert found == retriever.retrieve(QUESTION)


def test_engine_of_llama_index_runs_on_it_and_no_default_model_is_made(search: WorldSearch) -> None:
    retriever = OnbrandRetriever(search, asker=READER, clock=CLOCK)
    assert isinstance(retriever, BaseRetriever)
    engine = RetrieverQueryEngine.from_args(retriever, llm=MockLLM())
    response = engine.query(QUESTION)
    assert [found.node.get_content() for found in response.source_nodes] == [SPACE]
    assert SECRET not in str(response)
    # Unset means OpenAI: whoever reads them makes a client.
    assert (Settings._llm, Settings._embed_model) == (None, None)
