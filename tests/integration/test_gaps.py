"""Promises of gaps: kept without the asker waiting, like ones joined, and theirs to see who curate them."""

import logging
from collections.abc import Iterator

import pytest

from core.access import Person
from core.errors import UsageError
from core.gaps import NewGapQuestion
from tests.integration.official_world import OfficialWorld
from tests.integration.small_world import READER, MakeWorld

CURATOR = Person("cora@pelmarrow.example", role="curator")
PARKING = "How many parking spaces do we have at the Rotterdam office?"


@pytest.fixture
def desk(make_world: MakeWorld) -> Iterator[OfficialWorld]:
    world = make_world()
    world.write("guide.md", "# Logo\n\nKeep 24 mm of clear space around the logo. The logo is teal.")
    world.sync()
    made = OfficialWorld(world)
    yield made
    made.recorder.close()


def ask_all(desk: OfficialWorld, *questions: str, asker: Person = READER) -> None:
    """Ask, and wait until the gaps are kept."""
    for question in questions:
        assert desk.ask(question, asker=asker).verdict == "not_found"
    desk.recorder.close()


def test_question_without_an_answer_is_kept_with_asker_reason_and_time(desk: OfficialWorld) -> None:
    ask_all(desk, PARKING)
    (gap,) = desk.gaps.list_gaps(state="open")
    (asked,) = desk.gaps.list_questions(gap.gap_id)
    assert (gap.question, gap.asked, gap.askers) == (PARKING, 1, 1)
    assert gap.why.startswith("I found no approved text")
    assert (asked.question, asked.asker, asked.at) == (PARKING, READER.email, gap.last_at)


def test_answered_question_and_measured_one_are_no_gaps(desk: OfficialWorld) -> None:
    assert desk.ask("how much clear space around the logo").verdict == "answered"
    assert desk.ask(PARKING, is_recorded=False).verdict == "not_found"
    desk.recorder.close()
    assert desk.gaps.list_gaps() == ()


def test_like_questions_are_one_gap_and_unlike_ones_are_not(desk: OfficialWorld) -> None:
    ask_all(
        desk,
        PARKING,
        "how many parking spaces do we have in the rotterdam office",
        "How many parking spaces do we have at the Berlin office?",
        "How many bicycle racks do we have at the Rotterdam office?",
    )
    first, *others = desk.gaps.list_gaps()
    assert (first.question, first.asked) == (PARKING, 2)
    assert [one.asked for one in others] == [1, 1]


def test_gaps_of_different_brands_are_not_joined(desk: OfficialWorld) -> None:
    desk.ask(PARKING, brand="north")
    ask_all(desk, PARKING)
    assert {gap.brand for gap in desk.gaps.list_gaps()} == {None, "north"}


def test_nearest_evidence_is_what_the_asker_may_read(desk: OfficialWorld) -> None:
    desk.world.write("secret.md", "# Logo\n\nThe secret logo has wings of gold.")
    desk.world.sync()
    desk.world.set("secret.md", access="group:board")
    ask_all(desk, "Which logo has wings and a crown and horns?")
    (gap,) = desk.gaps.list_gaps()
    assert "secret.md" not in {one.path for one in gap.nearest}


def test_close_and_reopen_are_audited_and_undone(desk: OfficialWorld) -> None:
    ask_all(desk, PARKING)
    (gap,) = desk.gaps.list_gaps()
    desk.gap_acts.close(gap.gap_id, by=CURATOR, reason="not ours")
    assert [(one.state, one.note) for one in desk.gaps.list_gaps()] == [("closed", "not ours")]
    with pytest.raises(UsageError, match="closed already"):
        desk.gap_acts.close(gap.gap_id, by=CURATOR, reason="again")
    desk.world.undo_last()
    assert desk.gaps.list_gaps()[0].state == "open"
    desk.world.undo_last()
    desk.gap_acts.reopen(gap.gap_id, by=CURATOR, reason="ours after all")
    assert desk.gaps.list_gaps()[0].state == "open"


def test_closed_gap_stays_closed_when_it_is_asked_again(desk: OfficialWorld) -> None:
    desk.recorder.keep(NewGapQuestion(PARKING, "a@pelmarrow.example", None, "", ()))
    desk.gap_acts.close(desk.gaps.list_gaps()[0].gap_id, by=CURATOR, reason="not ours")
    desk.recorder.keep(NewGapQuestion(PARKING, "b@pelmarrow.example", None, "", ()))
    assert [(gap.state, gap.askers) for gap in desk.gaps.list_gaps()] == [("closed", 2)]


def test_official_answer_from_a_gap_answers_it_and_the_undo_opens_it_again(desk: OfficialWorld) -> None:
    ask_all(desk, PARKING)
    (gap,) = desk.gaps.list_gaps()
    answer_id = desk.add(questions=(PARKING,), gap_id=gap.gap_id)
    assert desk.is_served(PARKING)
    assert [(one.state, one.note) for one in desk.gaps.list_gaps()] == [
        ("answered", f"official answer {answer_id}")
    ]
    desk.world.undo_last()
    assert desk.gaps.list_gaps()[0].state == "open"


def test_unknown_gap_leaves_no_official_answer_behind(desk: OfficialWorld) -> None:
    with pytest.raises(UsageError, match="no gap 'nix'"):
        desk.add(gap_id="nix")
    assert desk.answers.list_all() == ()


def test_failure_to_keep_a_gap_is_logged_and_the_answer_stands(
    desk: OfficialWorld, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_new: NewGapQuestion) -> str:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(desk.recorder, "keep", fail)
    with caplog.at_level(logging.WARNING):
        ask_all(desk, PARKING)
    assert "a gap was not kept" in caplog.text


def test_gap_after_closing_is_let_go_without_an_error(desk: OfficialWorld) -> None:
    desk.recorder.close()
    ask_all(desk, PARKING)
    assert desk.gaps.list_gaps() == ()
