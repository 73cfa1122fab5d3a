"""Puts a batch of documents into the index and makes each visible by one write of the ledger. Called by sync_source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.documents import ParsedDocument, Passage
from core.ledger import Ledger
from core.stored_text import unpack_document
from core.sync_ledger import Beside, SyncLedger
from core.sync_plan import DocumentPlan
from core.sync_writes import DocumentWrite, FileRecord, FileWrite
from core.vocabulary import Vocabulary
from core.world_facts import FIRST_GENERATION
from index.embedder import Embedder
from index.keyword_vectors import KeywordVectors
from index.passage_store import PassageStore
from ingest.chunk import split_into_passages
from ingest.read_file import ReadDocument
from ingest.write_passages import CutPassage, write_passages


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """A document with its plan and, where its passages are not in the index yet, those passages."""

    read: ReadDocument
    plan: DocumentPlan
    passages: tuple[Passage, ...]
    again: bool = False
    """Everything that the index must hold of it is written anew, whatever it holds now."""


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """All documents of one file: they become visible together."""

    record: FileRecord
    documents: tuple[PlannedDocument, ...]
    gone: tuple[str, ...] = ()
    """Ids of rows that the sheet held before."""


@dataclass(frozen=True, slots=True)
class IndexParts:
    """What writing passages takes."""

    store: PassageStore
    embedder: Embedder
    keyword_vectors: KeywordVectors
    ledger: Ledger
    vocabulary: Vocabulary
    settle: Callable[[], object]
    generation: int = FIRST_GENERATION


def plan_read_document(read: ReadDocument, plan: DocumentPlan, *, again: bool = False) -> PlannedDocument:
    """Cut the document where its passages have to be written (`again`: written anew in any case)."""
    passages = split_into_passages(read.parsed) if plan.needs_passages or again else ()
    return PlannedDocument(read, plan, passages, again)


def ingest_batch(
    files: Sequence[PlannedFile], parts: IndexParts, ledger: SyncLedger, beside: Beside | None = None
) -> Mapping[str, str]:
    """Embed, write, make visible, sweep. Gives path -> reason of files that must be planned again.

    `beside` joins the write that makes them visible.
    """
    documents = [document for file in files for document in file.documents]
    _clear_leftovers(documents, parts.store)
    write_passages(
        [one for document in documents for one in _list_cut_passages(document, parts.ledger)], parts
    )
    outdated = ledger.commit([_build_write(file) for file in files], beside)
    # What was written for an outdated plan carries its facts: the ledger's must come back over them.
    ledger.unsettle([_id_of(one) for file in files if file.record.path in outdated for one in file.documents])
    # An outdated plan knows nothing of the revision that an act has meanwhile let answer: it sweeps nothing.
    visible = [one for file in files if file.record.path not in outdated for one in file.documents]
    for document in visible:
        if document.plan.known is not None and document.plan.decision.is_new:
            decision = document.plan.decision
            parts.store.remove(document.plan.document_id, keep_revisions=decision.kept, up_to=decision.number)
    gone = [one for file in files if file.record.path not in outdated for one in file.gone]
    parts.store.remove_documents(gone)
    if outdated or any(document.plan.needs_refacting for document in visible):
        parts.settle()
    return outdated


def _clear_leftovers(documents: Sequence[PlannedDocument], store: PassageStore) -> None:
    # A sync that was killed may have left passages of a revision that never became visible: with more of them
    # than this one has, the tail would mix into it.
    for document in documents:
        if document.passages and store.count(document.plan.document_id):
            known = document.plan.known
            is_indexed = known is not None and not known.is_removed
            kept = {known.latest_revision, known.answering_revision or 0} if known and is_indexed else set()
            number = document.plan.decision.number
            store.remove(document.plan.document_id, keep_revisions=kept, up_to=number)


def _list_cut_passages(document: PlannedDocument, ledger: Ledger) -> list[CutPassage]:
    plan = document.plan
    title = document.read.parsed.title or ""
    cut = [_make_cut(plan, plan.decision.number, title, one) for one in document.passages]
    answering = plan.decision.answering
    was_removed = plan.known is not None and plan.known.is_removed
    if (was_removed or document.again) and answering is not None and answering < plan.decision.number:
        # The index holds (or is believed to hold) nothing of it: the approved text before the draft lies in the ledger.
        packed = ledger.load_parsed(plan.document_id, answering)
        older = unpack_document(packed) if packed else ParsedDocument(())
        older_passages = split_into_passages(older)
        cut += [_make_cut(plan, answering, older.title or title, one) for one in older_passages]
    return cut


def _make_cut(plan: DocumentPlan, revision: int, title: str, passage: Passage) -> CutPassage:
    facts = replace(plan.facts, status=plan.decision.status_of(revision))
    values = plan.values
    return CutPassage(plan.document_id, revision, values["source"], values["path"], title, passage, facts)


def _id_of(document: PlannedDocument) -> str:
    return document.plan.document_id


def _build_write(file: PlannedFile) -> FileWrite:
    writes = [DocumentWrite(one.plan, one.read.incoming, len(one.passages)) for one in file.documents]
    return FileWrite(file.record, tuple(writes), file.gone)
