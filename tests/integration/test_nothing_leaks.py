"""Whatever happens to documents, groups and roles, nobody is shown what is draft, retired, out of date or not theirs.

Random histories are played on a real folder, ledger and store, and beside it on a plain model of what must hold.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from bot.answer.pipeline import AnswerPipeline
from core.access import LOCAL_OWNER, OWNER_ACCESS, Person
from core.answers import Answer, Question
from core.errors import UsageError
from core.tables import audit, memberships, people
from tests.contracts.conftest import KINDS, opened_store
from tests.contracts.stored_passages import DIMENSION
from tests.fakes.hash_embedder import HashEmbedder
from tests.integration.histories import (
    AFTER,
    KNOWN,
    OWNER,
    PEOPLE,
    READER,
    SELLER,
    Act,
    ChangeAccess,
    ChangeMember,
    ChangePerson,
    Edit,
    EndOn,
    Expected,
    ExpectedPeople,
    Rename,
    Step,
    histories,
    views,
)
from tests.integration.small_world import DAY, Killed, SmallWorld, build_source, open_small_database

EXAMPLES = 50
LONG_EXAMPLES, LONG_CASES = 1500, 10_000
CURATOR = Person("cora@pelmarrow.example", role="curator")


@dataclass
class Stage:
    """One store with one world, emptied before each history. `cases` counts a person's look at a day."""

    world: SmallWorld
    expected: list[Expected] = field(default_factory=list)
    people: ExpectedPeople = field(default_factory=ExpectedPeople)
    words: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    cases: int = 0

    def clear(self) -> None:
        world = self.world
        world.store.remove_documents(world.source_acts.remove("brand", by=LOCAL_OWNER))
        world.source_acts.add(world.source, by=LOCAL_OWNER)
        shutil.rmtree(world.folder)
        world.folder.mkdir()
        # A folder that is empty altogether is held for an accident.
        world.write("other.md", "---\nstatus: draft\n---\nNothing of interest.")
        with world.database.write() as connection:
            connection.execute(delete(memberships))
            connection.execute(delete(people))
        for email, group in ((READER, "marketing"), (SELLER, "sales")):
            world.people_acts.change_group(group, add=[email], by=LOCAL_OWNER)
        self.expected, self.people, self.words = [Expected(), Expected()], ExpectedPeople(), []
        self.paths, world.settles = ["document0.md", "document1.md"], True

    def play(self, number: int, step: Step) -> None:
        expected = self.expected[number]
        if isinstance(step, ChangeMember | Rename | ChangePerson):
            self._change_people(step)
        elif isinstance(step, Edit):
            self._write(number, expected, step)
            self._sync()
        elif expected.exists:
            self._change_document(number, step)

    def catch_up(self) -> None:
        self.world.settles = True
        self.world.index.settle()

    def check(self, email: str, on: date) -> None:
        self.cases += 1
        words = (one.word_for(email, on, self.people) for one in self.expected)
        allowed = {word for word in words if word is not None}
        asker = LOCAL_OWNER if email == OWNER else self.world.people.identify(email)
        for word in self.words:
            texts = [found.passage.text for found in self.world.find(word, asker=asker, on=on)]
            assert self._words_in(texts) <= allowed, "search shows what it must not"
            if self.world.settles:
                assert word not in allowed or word in self._words_in(texts), "search hides what it must show"
            shown, said = self.answer(word, asker, on)
            assert self._words_in(shown) <= allowed, "an answer shows what it must not"
            assert self._words_in([said]) == set(), "the reason names what it must not"

    def answer(self, word: str, asker: Person, on: date) -> tuple[list[str], str]:
        search, embedder = self.world.index.search, self.world.embedder
        pipeline = AnswerPipeline(search=search, model=None, embedder=embedder)
        question = Question(f"May we promise {word} to customers?", asker, on)
        (answer,) = [one for one in pipeline.answer(question) if isinstance(one, Answer)]
        evidence = [*answer.nearest, *(one for claim in answer.claims for one in claim.evidence)]
        assert {one.source for one in evidence} <= {"brand"}
        return [*(claim.text for claim in answer.claims), *(one.sentence for one in evidence)], answer.why

    def _words_in(self, texts: Sequence[str]) -> set[str]:
        return {word for word in self.words if any(word in text for text in texts)}

    def _change_document(self, number: int, step: Step) -> None:
        file = self.world.folder / self.paths[number]
        if step == "delete":
            file.unlink()
            self.expected[number].exists = False
            self._sync()
        elif step == "move":
            self.paths[number] = f"moved/{uuid4().hex}.md"
            (self.world.folder / "moved").mkdir(exist_ok=True)
            file.rename(self.world.folder / self.paths[number])
            self._sync()
        elif step == "undo":
            self._undo(self.expected[number])
        else:
            self._act(number, step)

    def _undo(self, expected: Expected) -> None:
        if expected.done:
            with suppress(Killed):
                self.world.undo_acts.undo([expected.done[-1][0]], by=LOCAL_OWNER, reason="")
            expected.follow_undo()

    def _act(self, number: int, step: Act | Step) -> None:
        world, path = self.world, self.paths[number]
        with suppress(Killed):
            if step == "approve":
                world.approve(path)
            elif step == "retire":
                world.retire(path)
            elif isinstance(step, ChangeAccess):
                world.set(path, by=CURATOR if step.narrows else LOCAL_OWNER, access=step.access)
            elif isinstance(step, EndOn):
                world.set(path, valid_until=str(step.day or ""))
        with world.database.read() as connection:
            last = connection.execute(select(func.max(audit.c.number))).scalar_one()
        self.expected[number].follow_act(step, last)  # type: ignore[arg-type]

    def _change_people(self, step: ChangeMember | Rename | ChangePerson) -> None:
        acts = self.world.people_acts
        try:
            if isinstance(step, ChangeMember):
                member = [step.member]
                enters, leaves = (member, []) if step.enters else ([], member)
                acts.change_group(step.group, add=enters, remove=leaves, by=LOCAL_OWNER)
            elif isinstance(step, Rename):
                acts.rename_group(step.group, f"{step.group}-new", by=LOCAL_OWNER)
            else:
                acts.set_role(step.email, step.role, by=LOCAL_OWNER)
                if step.switches:
                    active = step.email in self.people.inactive
                    acts.set_active(step.email, active=active, by=LOCAL_OWNER)
        except UsageError:
            return  # refused, so nothing is expected of it
        self.people.follow(step)

    def _sync(self) -> None:
        with suppress(Killed):
            assert self.world.sync(allow_empty=True).failed == []

    def _write(self, number: int, expected: Expected, edit: Edit) -> None:
        if edit.new_words or not expected.words:
            self.words.append(f"promise{len(self.words)}x")
        word = self.words[-1] if edit.new_words or not expected.words else expected.words[-1]
        # The first document also has a text of several passages, so that no revision is half there.
        more = f"\n\n## More\n\nAgain we promise {word}." if number == 0 else ""
        facts = {
            "status": edit.status,
            "access": edit.access,
            "valid_from": edit.period[0],
            "valid_until": edit.period[1],
        }
        front = "\n".join(f"{name}: {value}" for name, value in facts.items() if value)
        # An access list of several stands in quotation marks nowhere: YAML reads it as one word.
        text = f"---\n{front}\n---\nWe promise {word} to all customers.{more}\n"
        self.world.write(self.paths[number], text)
        expected.follow_edit(edit, word)


@pytest.fixture(scope="module", params=KINDS)
def stage(request: pytest.FixtureRequest, memory_folder: Path) -> Iterator[Stage]:
    """A world on each kind of store in turn."""
    home = memory_folder / uuid4().hex
    folder = home / "folder"
    folder.mkdir(parents=True)
    # A source that gives nothing away: what is open is opened by the document itself, or by an admin.
    source = build_source(folder, status="draft", access=OWNER_ACCESS)
    with opened_store(request) as store:
        database = open_small_database(home)
        yield Stage(SmallWorld(folder, database, store, HashEmbedder(DIMENSION), source))
        database.close()
    shutil.rmtree(home)


def play_history(
    stage: Stage, history: list[tuple[int, Step]], view: tuple[str, date], *, lags: bool
) -> None:
    stage.clear()
    # An index that has not caught up with the ledger may be silent, but it must not talk.
    stage.world.settles = not lags
    for number, step in history:
        stage.play(number, step)
        stage.check(*view)
    stage.catch_up()
    for email in PEOPLE:
        stage.check(email, DAY)


UNHURRIED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@UNHURRIED
@given(history=histories, lags=st.booleans(), view=views)
def test_nobody_is_shown_what_is_not_theirs_today_and_everybody_finds_what_is(
    stage: Stage, history: list[tuple[int, Step]], lags: bool, view: tuple[str, date]
) -> None:
    play_history(stage, history, view, lags=lags)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_ten_thousand_looks_find_exactly_what_the_plain_model_says(stage: Stage) -> None:
    stage.cases = 0

    @settings(UNHURRIED, max_examples=LONG_EXAMPLES, derandomize=False)
    @given(history=histories, lags=st.booleans(), view=views)
    def play(history: list[tuple[int, Step]], lags: bool, view: tuple[str, date]) -> None:
        play_history(stage, history, view, lags=lags)

    play()
    assert stage.cases >= LONG_CASES


def test_the_histories_reach_both_answers_and_silence(stage: Stage) -> None:
    stage.clear()
    stage.play(0, Edit("approved", "all", (None, DAY), new_words=True))
    stage.play(1, Edit("draft", "all", (None, None), new_words=True))
    assert [one.word_for(READER, DAY, stage.people) for one in stage.expected] == ["promise0x", None]
    reader = stage.world.people.identify(READER)
    shown, _ = stage.answer("promise0x", reader, DAY)
    assert any("promise0x" in text for text in shown)
    assert not any("promise1x" in text for text in stage.answer("promise1x", reader, DAY)[0])
    stage.check(READER, AFTER)


def test_the_histories_reach_people_in_nested_and_renamed_groups(stage: Stage) -> None:
    stage.clear()
    stage.play(0, Edit("approved", "group:sales", (None, None), new_words=True))
    stage.play(0, ChangeMember("sales", "group:emea", enters=True))
    stage.play(0, ChangeMember("emea", READER, enters=True))
    stage.play(0, Rename("emea"))
    stage.play(0, Rename("sales"))
    for email in KNOWN:
        assert stage.expected[0].word_for(email, DAY, stage.people) == "promise0x"
        stage.check(email, DAY)
    stage.play(0, ChangePerson(READER, "admin", switches=True))
    assert stage.expected[0].word_for(READER, DAY, stage.people) is None
    stage.check(READER, DAY)
