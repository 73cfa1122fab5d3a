"""Makes a document's passages again from its stored text: an undone act lets a revision answer that was swept.

Handed to index.assembly by whoever opens a world.
"""

from core.documents import ParsedDocument
from core.ledger import IndexTask
from core.stored_text import unpack_document
from index.assembly import Index
from ingest.chunk import split_into_passages
from ingest.write_passages import CutPassage, write_passages


def restore_passages(index: Index, task: IndexTask) -> None:
    """Write the passages of every kept revision with the facts that it is to be filtered by."""
    cut = [one for revision in task.facts for one in _cut_revision(index, task, revision)]
    write_passages(cut, index)


def _cut_revision(index: Index, task: IndexTask, revision: int) -> list[CutPassage]:
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
