"""A LlamaIndex retriever over this index, for applications of the company's own. The access filter holds here too."""

import asyncio
from typing import Protocol

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from core.access import Person
from core.clock import Clock
from index.passage_store import Scope
from index.search import FoundPassage


class RetrieverSearch(Protocol):
    """What the retriever needs of index.search.PassageSearch."""

    def find(self, text: str, scope: Scope, *, limit: int = 10) -> tuple[FoundPassage, ...]:
        """Best passages first, all readable by the asker."""


class OnbrandRetriever(BaseRetriever):
    """Passages that one asker may read today. Make one for each request: it is light, and groups change.

    Nothing in a query changes the asker; of a QueryBundle only its text is read, never an embedding.
    """

    def __init__(
        self,
        search: RetrieverSearch,
        *,
        asker: Person,
        clock: Clock,
        brand: str | None = None,
        limit: int = 10,
    ) -> None:
        self._search = search
        self._asker = asker
        self._clock = clock
        self._brand = brand
        self._limit = limit
        super().__init__(callback_manager=CallbackManager([]))

    @property
    def asker(self) -> Person:
        """Whose access is applied."""
        return self._asker

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        scope = Scope(asker=self._asker, on=self._clock.today(), brand=self._brand)
        found = self._search.find(query_bundle.query_str, scope, limit=self._limit)
        return [NodeWithScore(node=build_node(one), score=one.score) for one in found]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        # The search is synchronous; the application's event loop must not wait for it.
        return await asyncio.to_thread(self._retrieve, query_bundle)


def build_node(found: FoundPassage) -> TextNode:
    """What is read and shown of the passage, as a node; `ref_doc_id` is the document. Pure."""
    document, passage = found.document, found.passage
    metadata = {
        "source": document.source,
        "path": document.path,
        "title": document.title,
        "heading": " › ".join(passage.heading_path),
        "page": passage.page,
        "url": document.url,
        "status": document.facts.status,
        "classification": document.classification,
        "document_id": document.document_id,
        "revision": document.revision,
    }
    belongs_to = RelatedNodeInfo(node_id=document.document_id)
    return TextNode(
        id_=found.point_id,
        text=found.text,
        metadata=metadata,
        relationships={NodeRelationship.SOURCE: belongs_to},
    )
