"""Makes passages again from stored text: of a document whose own are missing, or of all for a new index.

Handed to index.assembly by whoever opens a world; called by ingest/build_index.py.
"""

from core.documents import ParsedDocument
from core.ledger import IndexTask
from core.stored_text import unpack_document
from index.assembly import Index
from ingest.chunk import split_into_passages
from ingest.write_passages import CutPassage, write_passages


def restore_passages(index: Index, task: IndexTask) -> None:
    """Write the passages of every kept revision with the facts that it is to be filtered by."""
    write_passages(cut_document(index, task), index)


def cut_document(index: Index, task: IndexTask) -> list[CutPassage]:
    """The passages of every kept revision, not embedded yet."""
    return [one for revision in task.facts for one in cut_revision(index, task, revision)]


def cut_revision(index: Index, task: IndexTask, revision: int) -> list[CutPassage]:
    """Those of one revision."""
    packed = index.ledger.load_parsed(task.document_id, revision)
    document = unpack_document(packed) if packed is not None else ParsedDocument(())
    return [
        CutPassage(
            document_id=task.document_id,
            revision=revision,
            source=task.source,
            path=task.path,
            title=document.title or "",
            passage=passage,
            facts=task.facts[revision],
        )
        for passage in split_into_passages(document)
    ]
