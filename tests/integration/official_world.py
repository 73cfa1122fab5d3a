"""A small world that answers, with official answers and gaps. For tests of both."""

from datetime import date
from typing import Any

from bot.answer.gap_joining import GapRecorder
from bot.answer.official_evidence import choose_sentence
from bot.answer.official_serving import OfficialDesk
from bot.answer.pipeline import AnswerPipeline
from bot.answer.pipeline_parts import Desks
from core.access import LOCAL_OWNER, Person
from core.acts import AuditedActs
from core.answers import Answer, Question
from core.gap_acts import GapActs
from core.gaps import Gaps
from core.official_acts import OfficialActs, OfficialDraft
from core.official_answers import OfficialAnswers, OfficialEvidence
from index.passage_store import Scope
from tests.integration.small_world import CLOCK, DAY, READER, SmallWorld

QUESTION = "How much clear space does the logo need?"
PARAPHRASE = "how much room around our logo?"
TEXT = "Leave 24 mm around the logo.\nAsk the brand team <!channel> for less."
SENTENCE = "Keep 24 mm of clear space around the logo."


class OfficialWorld:
    """Everything that stands between a question and its official answer, over a small world."""

    def __init__(self, world: SmallWorld) -> None:
        self.world = world
        search, store = world.index.search, world.store
        self.answers, self.gaps = OfficialAnswers(world.database), Gaps(world.database, CLOCK)
        acts = AuditedActs(world.database, CLOCK, settle_index=world.index.settle)
        self.official_acts, self.gap_acts = OfficialActs(acts, CLOCK), GapActs(acts)
        self.desk = OfficialDesk(
            self.answers, search=search, ledger=world.ledger, store=store, embedder=world.embedder
        )
        self.recorder = GapRecorder(self.gaps, world.embedder)
        self.pipeline = AnswerPipeline(
            search=search,
            model=None,
            embedder=world.embedder,
            desks=Desks(official=self.desk),
            gaps=self.recorder,
        )

    def add(self, path: str = "guide.md", *, sentence: str = SENTENCE, **draft: Any) -> str:
        """An official answer, by the local owner or `by`."""
        document = self.world.read(path).document
        found = choose_sentence(
            sentence, self.desk.sentences.list_sentences(document, Scope(LOCAL_OWNER, DAY))
        )
        assert found is not None
        evidence = OfficialEvidence(found.document_id, found.revision, found.sentence)
        by, gap_id = draft.pop("by", LOCAL_OWNER), draft.pop("gap_id", None)
        whole = OfficialDraft(**{"questions": (QUESTION,), "text": TEXT, "evidence": (evidence,), **draft})
        return self.official_acts.add(whole, by=by, reason="asked often", gap_id=gap_id)

    def ask(self, text: str = PARAPHRASE, *, asker: Person = READER, on: date = DAY, **more: Any) -> Answer:
        """The answer to one question, its gap kept."""
        *_, answer = self.pipeline.answer(Question(text, asker, on, **more))
        assert isinstance(answer, Answer)
        return answer

    def is_served(self, text: str = PARAPHRASE, **more: Any) -> bool:
        """Is the official answer given to this question?"""
        return self.ask(text, **more).official is not None

    def explain(self, answer_id: str) -> str:
        """Why it is not served today; empty when it is."""
        answer = self.answers.find(answer_id)
        assert answer is not None
        return self.desk.explain_staleness(answer, Scope(LOCAL_OWNER, DAY))
