"""Serves official answers: word for word, as long as their evidence stands. Used by the pipeline."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.answer.official import (
    OfficialQuestion,
    build_official_question,
    compare_questions,
    is_same_question,
    is_to_the_letter,
)
from bot.answer.official_evidence import ReadsPassages, SentenceFinder
from bot.answer.official_reading import read_question
from core.access import LOCAL_OWNER
from core.answers import UNTIMED, Answer, Claim, Evidence, OfficialRef
from core.documents import AnsweringDocument
from core.official_answers import OfficialAnswer
from index.embedder import Embedder, EmbedderUnavailable
from index.passage_store import Scope
from index.unit_vectors import EmbeddingsUnusable

# Questions that share most of their meanings are compared in full; more would cost time and bring nothing.
COMPARED_QUESTIONS = 12
REMEMBERED_VECTORS = 4096
Candidate = tuple[OfficialAnswer, OfficialQuestion]

_log = logging.getLogger(__name__)


class ReadsOfficialAnswers(Protocol):
    """What this needs of core.official_answers.OfficialAnswers."""

    def list_standing(self) -> tuple[OfficialAnswer, ...]:
        """Those that are not retired."""

    def find(self, answer_id: str) -> OfficialAnswer | None:
        """One by its id."""

    def read_own_names(self) -> frozenset[str]:
        """Words by which the company calls itself."""


class ConfirmsDocuments(Protocol):
    """What this needs of index.search.PassageSearch and the ledger behind it."""

    def confirm(
        self, documents: Iterable[AnsweringDocument], scope: Scope
    ) -> Mapping[str, AnsweringDocument]:
        """Those documents that still answer for this scope."""


class KnowsDocuments(Protocol):
    """What this needs of core.ledger.Ledger."""

    def find_answering(self, document_ids: Collection[str]) -> Mapping[str, AnsweringDocument]:
        """The answering revision of each document that exists."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The proof of an official answer as it stands now, or why there is none (in words for curators)."""

    evidence: tuple[Evidence, ...]
    stale: str = ""


class OfficialDesk:
    """Finds the official answer to a question. With none stored it costs one short query."""

    def __init__(
        self,
        answers: ReadsOfficialAnswers,
        *,
        search: ConfirmsDocuments,
        ledger: KnowsDocuments,
        store: ReadsPassages,
        embedder: Embedder,
    ) -> None:
        self._answers = answers
        self._search = search
        self._ledger = ledger
        self.sentences = SentenceFinder(store)
        self._vectors = QuestionVectors(embedder)

    def find(self, text: str, scope: Scope) -> Answer | None:
        """The official answer to this question for this asker, day and brand; None leaves it to the ordinary way."""
        standing = [
            one for one in self._answers.list_standing() if one.is_served(on=scope.on, brand=scope.brand)
        ]
        if not standing:
            return None
        for answer in self._match(text, standing):
            evidence = self.read_evidence(answer, scope).evidence
            if evidence:
                return build_official(answer, evidence)
        return None

    def still_stands(self, shown: Answer, scope: Scope) -> bool:
        """Is what is about to be posted still served, with this very text? Its documents are confirmed apart."""
        answer = self._answers.find(shown.official.answer_id) if shown.official else None
        if answer is None or not answer.is_served(on=scope.on, brand=scope.brand):
            return False
        return [claim.text for claim in shown.claims] == [answer.text]

    def read_evidence(self, answer: OfficialAnswer, scope: Scope) -> Standing:
        """All sentences behind an official answer; half a proof is none."""
        documents = self._ledger.find_answering({one.document_id for one in answer.evidence})
        confirmed = self._search.confirm(documents.values(), scope)
        found: list[Evidence] = []
        for wanted in answer.evidence:
            document = confirmed.get(wanted.document_id)
            if document is None:
                return Standing((), explain_silence(documents.get(wanted.document_id), scope))
            evidence = self.sentences.find(wanted, document, scope)
            if evidence is None:
                return Standing(
                    (), f"{document.path} does not hold its sentence any more: {wanted.sentence!r}"
                )
            found.append(evidence)
        return Standing(tuple(found))

    def explain_staleness(self, answer: OfficialAnswer, scope: Scope) -> str:
        """Why it is not served today even to who may read everything; empty when it is."""
        if answer.until is not None and scope.on is not None and answer.until < scope.on:
            return f"its last day was {answer.until}"
        return self.read_evidence(answer, Scope(LOCAL_OWNER, scope.on, answer.brand)).stale

    def _match(self, text: str, answers: Sequence[OfficialAnswer]) -> list[OfficialAnswer]:
        """Those to which the question is close enough, the nearest first."""
        own_names = self._answers.read_own_names()
        candidates = [
            (answer, question)
            for answer in answers
            for question in _build_questions(answer.questions, _list_texts(answer), own_names)
        ]
        near = _choose_candidates(text, candidates)
        try:
            scored = [
                (self._vectors.compare(text, question.reading.text), answer, question)
                for answer, question in near
            ]
            matching = [
                (cosine, answer)
                for cosine, answer, question in scored
                if is_same_question(
                    text, question, cosine=cosine, measure_nearness=self._vectors.measure_nearness
                )
            ]
        except (EmbedderUnavailable, EmbeddingsUnusable) as failure:
            _log.warning("official answers are served by the very words alone: %s", failure)
            return [
                answer for answer in answers if any(is_to_the_letter(text, one) for one in answer.questions)
            ]
        matching.sort(key=lambda pair: -pair[0])
        return list(dict.fromkeys(answer for _, answer in matching))


class QuestionVectors:
    """Cosines of questions and words, each embedded once and remembered. Raises what the embedder raises."""

    def __init__(self, embedder: Embedder) -> None:
        self._embed = lru_cache(maxsize=REMEMBERED_VECTORS)(embedder.embed_question)

    def embed(self, text: str) -> NDArray[np.float32]:
        """The unit vector of a question."""
        return self._embed(text)

    def compare(self, one: str, other: str) -> float:
        """Cosine of two questions."""
        return float(self._embed(one) @ self._embed(other))

    def measure_nearness(self, word: str, others: Sequence[str]) -> float:
        """Cosine of a word (or phrase joined by `_`) and the nearest of the others."""
        plain = word.replace("_", " ")
        return max((self.compare(plain, other.replace("_", " ")) for other in others), default=0.0)


def build_official(answer: OfficialAnswer, evidence: tuple[Evidence, ...]) -> Answer:
    """The official text as the one claim, with its sentences as they stand."""
    official = OfficialRef(answer.answer_id, answer.owner, answer.until)
    return Answer("answered", "passages", (Claim(answer.text, evidence),), UNTIMED, official=official)


def explain_silence(document: AnsweringDocument | None, scope: Scope) -> str:
    """Why a document does not answer, for a curator who may read everything."""
    if document is None:
        return "a document behind it was removed at its source"
    if document.facts.status != "approved":
        return f"{document.path} is not approved ({document.facts.status})"
    if scope.on is not None and not document.facts.validity.contains(scope.on):
        return f"{document.path} is not in date on {scope.on}"
    if not document.is_settled:
        return f"{document.path} has just changed; the index has not followed yet"
    return f"{document.path} does not answer for this asker or brand"


def _list_texts(answer: OfficialAnswer) -> tuple[str, ...]:
    return (answer.text, *(one.sentence for one in answer.evidence), *answer.questions)


@lru_cache(maxsize=1024)
def _build_questions(
    questions: tuple[str, ...], texts: tuple[str, ...], own_names: frozenset[str]
) -> tuple[OfficialQuestion, ...]:
    return tuple(build_official_question(one, texts, own_names=own_names) for one in questions)


def _choose_candidates(text: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that share most meanings and have no veto: only they need a vector."""
    said = read_question(text).keys
    shared = [(len(question.core & said), answer, question) for answer, question in candidates]
    shared.sort(key=lambda one: -one[0])
    return [
        (answer, question)
        for count, answer, question in shared[:COMPARED_QUESTIONS]
        if is_to_the_letter(text, question.reading.text)
        or (count and not compare_questions(text, question).vetoes)
    ]
