"""Turns found passages into evidence: one stored sentence and where it stands. Pure; used all over bot/answer."""

from collections.abc import Sequence

from core.answers import Evidence
from core.documents import AnsweringDocument, Passage
from index.search import FoundPassage


def build_evidence(document: AnsweringDocument, passage: Passage, sentence_index: int) -> Evidence:
    """The evidence for one sentence (counted from 0) of a passage; its text is byte for byte the stored one."""
    return Evidence(
        sentence_id=f"{document.document_id}:{document.revision}:{passage.ordinal}:{sentence_index}",
        document_id=document.document_id,
        revision=document.revision,
        source=document.source,
        path=document.path,
        title=document.title,
        heading=" › ".join(passage.heading_path),
        page=passage.page,
        url=document.url,
        sentence=passage.sentence_texts()[sentence_index],
        status=document.facts.status,
        updated=document.updated,
        owner=document.owner,
        classification=document.classification,
        newer_draft=document.newer_draft,
        valid_from=document.facts.validity.valid_from,
        valid_until=document.facts.validity.valid_until,
    )


def list_evidence(found: FoundPassage) -> tuple[Evidence, ...]:
    """Every sentence of a found passage and of its neighbours, in reading order."""
    return tuple(
        build_evidence(found.document, passage, index)
        for passage in found.window or (found.passage,)
        for index in range(len(passage.sentences))
    )


def reads_as_stored(text: str, sentences: Sequence[str]) -> bool:
    """Is `text` these sentences in their order, letter for letter, with nothing but blanks between them?"""
    rest = text
    for sentence in sentences:
        rest = rest.lstrip()
        if not rest.startswith(sentence):
            return False
        rest = rest.removeprefix(sentence)
    return bool(sentences) and not rest
