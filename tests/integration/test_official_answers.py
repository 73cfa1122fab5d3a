"""Promises of official answers: word for word, to who may read their proof, and only as long as it stands."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks.answer_blocks import build_answer
from core.access import AccessList, Person
from core.answers import Question
from core.errors import NotAllowed, UsageError
from index.embedder import EmbedderUnavailable
from tests.integration.official_world import PARAPHRASE, QUESTION, SENTENCE, TEXT, OfficialWorld
from tests.integration.small_world import DAY, READER, MakeWorld

GUIDE = f"# Logo\n\n{SENTENCE} The logo is teal."
OTHER = "# Logo\n\nKeep 30 mm of clear space around the logo. The logo is teal."
CURATOR = Person("cora@pelmarrow.example", role="curator")
OF_NORTH = Person("nils@pelmarrow.example", brand_roles=frozenset({("north", "curator")}))


@pytest.fixture
def desk(make_world: MakeWorld) -> Iterator[OfficialWorld]:
    world = make_world()
    world.write("guide.md", GUIDE)
    world.sync()
    made = OfficialWorld(world)
    yield made
    made.recorder.close()


def test_official_text_is_served_byte_for_byte_with_its_stored_sentence(desk: OfficialWorld) -> None:
    answer_id = desk.add(owner="brand@pelmarrow.example", until=DAY)
    answer = desk.ask()
    (claim,) = answer.claims
    assert (answer.verdict, answer.mode, claim.text) == ("answered", "passages", TEXT)
    assert [one.sentence for one in claim.evidence] == [SENTENCE]
    assert answer.official is not None
    assert answer.official.answer_id == answer_id
    assert (answer.official.owner, answer.official.until) == ("brand@pelmarrow.example", DAY)


def test_another_question_goes_the_ordinary_way(desk: OfficialWorld) -> None:
    desk.add()
    assert not desk.is_served("How much clear space does the icon need?")
    assert not desk.is_served("What colour is the logo?")


def test_any_of_several_phrasings_counts(desk: OfficialWorld) -> None:
    desk.add(questions=("What is the exclusion area?", QUESTION))
    assert desk.is_served()


def test_it_is_silent_when_a_new_revision_without_the_sentence_is_approved(desk: OfficialWorld) -> None:
    answer_id = desk.add()
    assert desk.is_served()
    desk.world.write("guide.md", OTHER)
    desk.world.sync()
    assert desk.is_served(), "keep_approved: a newer draft is only waiting"
    assert desk.ask().claims[0].evidence[0].newer_draft
    desk.world.approve("guide.md")
    assert not desk.is_served()
    assert "does not hold its sentence any more" in desk.explain(answer_id)


def test_it_stays_when_the_new_revision_holds_the_sentence_elsewhere(desk: OfficialWorld) -> None:
    desk.add()
    desk.world.write("guide.md", f"# Colour\n\nThe logo is teal.\n\n# Space\n\n{SENTENCE}")
    desk.world.sync()
    desk.world.approve("guide.md")
    answer = desk.ask()
    assert answer.official is not None
    assert answer.claims[0].evidence[0].heading == "Space"


def test_it_is_silent_when_its_document_is_retired_and_says_so(desk: OfficialWorld) -> None:
    answer_id = desk.add()
    desk.world.retire("guide.md")
    assert not desk.is_served()
    assert "is not approved (retired)" in desk.explain(answer_id)
    desk.world.undo_last()
    assert desk.is_served()


def test_it_is_silent_outside_the_dates_of_its_document_and_after_its_own(desk: OfficialWorld) -> None:
    desk.add(until=DAY)
    assert not desk.is_served(on=DAY + timedelta(days=1))
    desk.world.set("guide.md", valid_from=str(DAY))
    assert not desk.is_served(on=DAY - timedelta(days=1))
    assert desk.is_served()


def test_it_is_hidden_from_a_person_without_access_to_its_evidence(make_world: MakeWorld) -> None:
    world = make_world(access=AccessList((frozenset({"group:sales"}),)))
    world.write("guide.md", GUIDE)
    world.sync()
    desk = OfficialWorld(world)
    desk.add()
    assert desk.is_served(asker=Person("sal@pelmarrow.example", groups=frozenset({"sales"})))
    assert not desk.is_served(asker=READER)
    desk.recorder.close()


def test_it_belongs_to_its_brand(desk: OfficialWorld) -> None:
    desk.add(brand="north")
    assert desk.is_served(brand="north")
    assert not desk.is_served(brand="south")


def test_retired_one_is_not_served_and_comes_back_by_undo(desk: OfficialWorld) -> None:
    answer_id = desk.add()
    desk.official_acts.retire(answer_id, by=CURATOR, reason="old")
    assert not desk.is_served()
    desk.world.undo_last()
    assert desk.is_served()
    desk.world.undo_last()
    assert not desk.is_served()


def test_adding_is_undone_and_done_again(desk: OfficialWorld) -> None:
    answer_id = desk.add()
    added = desk.answers.find(answer_id)
    desk.world.undo_last()
    assert desk.answers.find(answer_id) is None
    desk.world.undo_last()
    assert desk.answers.find(answer_id) == added


def test_adding_is_not_undone_after_a_later_act(desk: OfficialWorld) -> None:
    answer_id = desk.add()
    desk.official_acts.retire(answer_id, by=CURATOR, reason="old")
    with pytest.raises(UsageError, match="undo the later act first"):
        desk.world.undo_acts.undo([2], by=CURATOR, reason="")


def test_at_post_time_it_is_checked_again(desk: OfficialWorld) -> None:
    answer_id = desk.add()
    question, answer = Question(PARAPHRASE, READER, DAY), desk.ask()
    assert desk.pipeline.recheck(question, answer).claims == answer.claims
    desk.official_acts.retire(answer_id, by=CURATOR, reason="old")
    now = desk.pipeline.recheck(question, answer)
    assert (now.verdict, now.claims, now.official) == ("not_found", (), None)


def test_at_post_time_its_evidence_is_checked_again(desk: OfficialWorld) -> None:
    desk.add()
    question, answer = Question(PARAPHRASE, READER, DAY), desk.ask()
    desk.world.write("guide.md", OTHER)
    desk.world.sync()
    desk.world.approve("guide.md")
    assert desk.pipeline.recheck(question, answer).claims == ()


def test_curators_add_for_their_brand_only(desk: OfficialWorld) -> None:
    desk.add(by=OF_NORTH, brand="north")
    with pytest.raises(NotAllowed, match="curator"):
        desk.add(by=OF_NORTH)
    with pytest.raises(NotAllowed, match="curator"):
        desk.add(by=READER)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"text": " "}, "needs its text"),
        ({"questions": ()}, "needs its question"),
        ({"evidence": ()}, "at least one approved sentence"),
        ({"text": "x" * 2001}, "too long"),
    ],
)
def test_incomplete_one_is_refused(desk: OfficialWorld, part: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        desk.add(**part)


def test_slack_shows_the_official_text_under_its_heading_and_neutralised(desk: OfficialWorld) -> None:
    desk.add()
    reply = build_answer(desk.ask())
    assert reply.text.startswith("Official answer\n")
    assert "Leave 24 mm around the logo." in reply.text
    assert "<!channel>" not in reply.text
    assert SENTENCE in reply.text


def test_without_any_official_answer_no_question_is_embedded_for_them(
    desk: OfficialWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_text: str) -> None:
        raise AssertionError("embedded")

    monkeypatch.setattr(desk.desk._vectors, "embed", refuse)
    monkeypatch.setattr(desk.desk._vectors, "compare", refuse)
    assert not desk.is_served()


def test_without_vectors_only_the_very_words_are_served(
    desk: OfficialWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_one: str, _other: str) -> float:
        raise EmbedderUnavailable("it is down")

    desk.add()
    monkeypatch.setattr(desk.desk._vectors, "compare", fail)
    assert desk.is_served(f"{QUESTION.lower()}??")
    assert not desk.is_served(PARAPHRASE)
