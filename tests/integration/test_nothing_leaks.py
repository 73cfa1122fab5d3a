"""Whatever happens to documents, nobody is shown what is draft, retired, out of date or not theirs — on every store.

Random histories are played on a real folder, ledger and store, and beside it on a plain list of what must hold.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Literal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answer.pipeline import AnswerPipeline
from core.access import LOCAL_OWNER, OWNER_ACCESS, Person
from core.answers import Answer, Question
from core.documents import Status
from tests.contracts.conftest import KINDS, opened_store
from tests.contracts.stored_passages import DIMENSION
from tests.fakes.hash_embedder import HashEmbedder
from tests.integration.small_world import DAY, READER, Killed, SmallWorld, build_source, open_small_database

EXAMPLES = 50
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
PEOPLE = (
    READER,
    Person("seller@pelmarrow.example", groups=frozenset({"sales"})),
    Person("stranger@elsewhere.example"),
    Person("gone@pelmarrow.example", groups=frozenset({"sales", "marketing"}), active=False),
    LOCAL_OWNER,
)
ACCESSES = ("", "all", "all", "group:sales", "user:reader@pelmarrow.example", "group:sales,group:marketing")
PERIODS = (
    (None, None),
    (None, None),
    (DAY, None),
    (None, DAY),
    (AFTER, None),
    (None, BEFORE),
    (BEFORE, AFTER),
)
STATUSES: tuple[Status, ...] = ("approved", "approved", "draft", "retired")

Period = tuple[date | None, date | None]


@dataclass(frozen=True)
class Edit:
    """A file is written anew; `new_words` False changes its facts alone."""

    status: Status
    access: str
    period: Period
    new_words: bool


@dataclass(frozen=True)
class ChangeAccess:
    """A curator says who may read."""

    access: str


@dataclass(frozen=True)
class EndOn:
    """A curator says until when it holds; None opens the end."""

    day: date | None


Step = Edit | ChangeAccess | EndOn | Literal["delete", "approve", "retire"]
edits = st.builds(
    Edit, st.sampled_from(STATUSES), st.sampled_from(ACCESSES), st.sampled_from(PERIODS), st.booleans()
)
steps: st.SearchStrategy[Step] = st.one_of(
    edits,
    edits,
    st.sampled_from(("delete", "approve", "retire")),
    st.builds(ChangeAccess, st.sampled_from(ACCESSES[1:])),
    st.builds(EndOn, st.sampled_from((None, BEFORE, DAY))),
)
# Most steps meet a document that is there.
later = st.lists(st.tuples(st.sampled_from((0, 0, 0, 1)), steps), min_size=1, max_size=6)
histories = st.builds(lambda first, rest: [(0, first), *rest], edits, later)
views = st.tuples(st.sampled_from((READER, *PEOPLE)), st.sampled_from((BEFORE, DAY, DAY, AFTER)))


@dataclass
class Expected:
    """What must hold of one document, kept by the plain rules of the design."""

    words: list[str] = field(default_factory=list)
    answers_with: str | None = None
    was_approved: bool = False
    declared: Edit | None = None
    act: Literal["approved", "retired"] | None = None
    access: str | None = None
    until: tuple[date | None] | None = None
    exists: bool = False

    def follow_edit(self, edit: Edit, word: str) -> None:
        """Approval belongs to the text: new text waits, unless the source changes its own mind."""
        is_first, is_new = self.declared is None, not self.words or word != self.words[-1]
        has_new_mind = self.declared is not None and self.act is None and edit.status != self.declared.status
        if is_new:
            self.words.append(word)
        if self.act == "retired":
            self.answers_with = None
        elif is_first or has_new_mind or (is_new and not self.was_approved):
            self.answers_with = word if edit.status == "approved" else None
        self.was_approved |= self.answers_with is not None
        self.declared, self.exists = edit, True

    def follow_act(self, step: Step) -> None:
        """Acts stand above everything."""
        if step == "approve":
            self.act, self.answers_with, self.was_approved = "approved", self.words[-1], True
        elif step == "retire":
            self.act, self.answers_with = "retired", None
        elif isinstance(step, ChangeAccess):
            self.access = step.access
        elif isinstance(step, EndOn):
            self.until = (step.day,)

    def word_for(self, asker: Person, on: date) -> str | None:
        """The word that this asker must find, None for silence."""
        if not self.exists or self.declared is None:
            return None
        start, end = self.declared.period[0], self.until[0] if self.until else self.declared.period[1]
        is_valid = (start is None or start <= on) and (end is None or on <= end)
        is_open = _is_open(asker, self.declared.access if self.access is None else self.access)
        return self.answers_with if is_valid and is_open else None


def _is_open(asker: Person, access: str) -> bool:
    own = {"all", f"user:{asker.email}", *(f"group:{group}" for group in asker.groups)}
    return asker.is_owner or (asker.active and bool(own & set(access.split(","))))


@dataclass
class Stage:
    """One store with one world, emptied before each history."""

    world: SmallWorld
    expected: list[Expected] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def clear(self) -> None:
        for document_id in self.world.source_acts.remove("brand", by=LOCAL_OWNER):
            self.world.store.remove(document_id)
        shutil.rmtree(self.world.folder)
        self.world.folder.mkdir()
        self.world.source_acts.add(self.world.source, by=LOCAL_OWNER)
        self.expected, self.words, self.world.settles = [Expected(), Expected()], [], True

    def play(self, number: int, step: Step) -> None:
        expected, path = self.expected[number], f"document{number}.md"
        if isinstance(step, Edit):
            self._write(path, expected, step)
        elif not expected.exists:
            return
        elif step == "delete":
            (self.world.folder / path).unlink()
            expected.exists = False
        else:
            with suppress(Killed):
                self._act(path, step)
            expected.follow_act(step)
            return
        with suppress(Killed):
            assert self.world.sync().failed == []

    def catch_up(self) -> None:
        self.world.settles = True
        self.world.index.settle()

    def _write(self, path: str, expected: Expected, edit: Edit) -> None:
        if edit.new_words or not expected.words:
            self.words.append(f"promise{len(self.words)}x")
        word = self.words[-1] if edit.new_words or not expected.words else expected.words[-1]
        # The first document also has a text of several passages, so that no revision is half there.
        more = f"\n\n## More\n\nAgain we promise {word}." if path == "document0.md" else ""
        facts = {
            "status": edit.status,
            "access": edit.access,
            "valid_from": edit.period[0],
            "valid_until": edit.period[1],
        }
        front = "\n".join(f"{name}: {value}" for name, value in facts.items() if value)
        # An access list of several stands in quotation marks nowhere: YAML reads it as one word.
        self.world.write(path, f"---\n{front}\n---\nWe promise {word} to all customers.{more}\n")
        expected.follow_edit(edit, word)

    def _act(self, path: str, step: Step) -> None:
        if step == "approve":
            self.world.approve(path)
        elif step == "retire":
            self.world.retire(path)
        elif isinstance(step, ChangeAccess):
            self.world.set(path, access=step.access)
        elif isinstance(step, EndOn):
            self.world.set(path, valid_until=str(step.day or ""))

    def check(self, asker: Person, on: date) -> None:
        allowed = {word for word in (one.word_for(asker, on) for one in self.expected) if word is not None}
        for word in self.words:
            texts = [found.passage.text for found in self.world.find(word, asker=asker, on=on)]
            assert self._words_in(texts) <= allowed, "search shows what it must not"
            if self.world.settles:
                assert word not in allowed or word in self._words_in(texts), "search hides what it must show"
            shown, said = self._answer(word, asker, on)
            assert self._words_in(shown) <= allowed, "an answer shows what it must not"
            assert self._words_in([said]) == set(), "the reason names what it must not"

    def _answer(self, word: str, asker: Person, on: date) -> tuple[list[str], str]:
        search, embedder = self.world.index.search, self.world.embedder
        pipeline = AnswerPipeline(search=search, model=None, embedder=embedder)
        question = Question(f"May we promise {word} to customers?", asker, on)
        (answer,) = [one for one in pipeline.answer(question) if isinstance(one, Answer)]
        evidence = [*answer.nearest, *(one for claim in answer.claims for one in claim.evidence)]
        assert {one.source for one in evidence} <= {"brand"}
        return [*(claim.text for claim in answer.claims), *(one.sentence for one in evidence)], answer.why

    def _words_in(self, texts: Sequence[str]) -> set[str]:
        return {word for word in self.words if any(word in text for text in texts)}


@pytest.fixture(scope="module", params=KINDS)
def stage(request: pytest.FixtureRequest, memory_folder: Path) -> Iterator[Stage]:
    """A world on each kind of store in turn."""
    home = memory_folder / uuid4().hex
    folder = home / "folder"
    folder.mkdir(parents=True)
    # A source that gives nothing away: what is open is opened by the document itself, or by a curator.
    source = build_source(folder, status="draft", access=OWNER_ACCESS)
    with opened_store(request) as store:
        database = open_small_database(home)
        yield Stage(SmallWorld(folder, database, store, HashEmbedder(DIMENSION), source))
        database.close()
    shutil.rmtree(home)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories, lags=st.booleans(), view=views)
def test_nobody_is_shown_what_is_not_theirs_today_and_everybody_finds_what_is(
    stage: Stage, history: list[tuple[int, Step]], lags: bool, view: tuple[Person, date]
) -> None:
    stage.clear()
    # An index that has not caught up with the ledger may be silent, but it must not talk.
    stage.world.settles = not lags
    for number, step in history:
        stage.play(number, step)
        stage.check(*view)
    stage.catch_up()
    for other in PEOPLE:
        stage.check(other, DAY)


def test_the_histories_reach_both_answers_and_silence(stage: Stage) -> None:
    stage.clear()
    stage.play(0, Edit("approved", "all", (None, DAY), new_words=True))
    stage.play(1, Edit("draft", "all", (None, None), new_words=True))
    assert [one.word_for(READER, DAY) for one in stage.expected] == ["promise0x", None]
    shown, _ = stage._answer("promise0x", READER, DAY)
    assert stage._words_in(shown) == {"promise0x"}
    assert stage._words_in(stage._answer("promise1x", READER, DAY)[0]) <= {"promise0x"}
    stage.check(READER, AFTER)
