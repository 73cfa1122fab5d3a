"""A curator's work on many documents, as the operations behind commands, Slack and console do it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from admin.operations import run_operation
from admin.world import World, open_world
from core.errors import NotAllowed, UsageError
from core.settings import Settings
from tests.integration.commands import write

Run = Callable[..., Any]
CARD = "# Card {0}\n\nWe beat rival number {0} on price.\n"


@pytest.fixture
def curated(memory_folder: Path) -> Iterator[tuple[World, Run]]:
    """Three battlecards and a guide, all drafts."""
    home = memory_folder / uuid4().hex
    folder = home / "material"
    for number in range(3):
        write(folder / "cards", f"{number}.md", f"---\nkind: battlecard\n---\n{CARD.format(number)}")
    write(folder, "guide.md", "---\nowner: gil@pelmarrow.example\n---\n# Guide\n\nBe kind.\n")
    settings = Settings.from_environment(
        ONBRAND_HOME=home / "world", ONBRAND_TODAY="2026-10-15", _env_file=None
    )
    with open_world(settings) as world:

        def run(operation: str, /, **arguments: Any) -> Any:
            return run_operation(world, operation, arguments, lambda _progress: None)

        run("source add", type="folder", name="kit", options={"path": str(folder)}, access="all")
        run("people add", email="cora@pelmarrow.example", role="curator")
        run("sync")
        yield world, run


def list_answering(run: Run) -> list[str]:
    return [one["path"] for one in run("documents list") if one["answers_today"]]


def test_many_documents_are_approved_by_what_holds_of_them_and_taken_back_together(
    curated: tuple[World, Run],
) -> None:
    _, run = curated
    cora = {"as": "cora@pelmarrow.example"}
    listed = run("documents approve", where="kind=battlecard,status=draft", dry_run=True, **cora)
    assert len(listed) == 3
    assert list_answering(run) == []
    run("documents approve", where="kind=battlecard,source=kit", reason="read all", **cora)
    assert list_answering(run) == ["cards/0.md", "cards/1.md", "cards/2.md"]
    rows = run("audit list", act="approve")
    assert {row["reason"] for row in rows} == {"read all"}
    (batch,) = {row["batch"] for row in rows}
    undone = run("undo", batch=batch, reason="too early", **cora)
    assert len(undone["undone"]) == 3
    assert list_answering(run) == []
    acts = run("audit list")
    assert [row["act"] for row in acts].count("undo") == [row["act"] for row in acts].count("approve") == 3


def test_filter_that_matches_nothing_does_nothing_and_says_so(curated: tuple[World, Run]) -> None:
    _, run = curated
    with pytest.raises(UsageError, match="no document matches 'kind=asset'"):
        run("documents retire", where="kind=asset")
    with pytest.raises(UsageError, match="name documents by id or path, or choose them by --where"):
        run("documents retire", where="kind=asset", documents=["guide.md"])
    with pytest.raises(UsageError, match="name documents by id or path, or choose them by --where"):
        run("documents retire")


def test_newer_draft_is_compared_sentence_by_sentence(curated: tuple[World, Run]) -> None:
    world, run = curated
    run("documents approve", documents=["guide.md"])
    folder = Path(world.sources.get("kit").options["path"])
    write(folder, "guide.md", "---\nowner: gil@pelmarrow.example\n---\n# Guide\n\nBe kind. Be brief.\n")
    run("sync")
    compared = run("documents diff", document="guide.md")
    assert (compared["older"], compared["newer"]) == (1, 2)
    assert {"state": "added", "sentence": "Be brief."} in compared["changes"]
    assert {"state": "same", "sentence": "Be kind."} in compared["changes"]
    with pytest.raises(UsageError, match="has no revision 7; it has 1 to 2"):
        run("documents diff", document="guide.md", newer=7)


def test_review_queue_names_drafts_overdue_cards_and_owners_who_left(curated: tuple[World, Run]) -> None:
    _, run = curated
    run("people add", email="gil@pelmarrow.example")
    run("people active", email="gil@pelmarrow.example", active=False)
    run("documents approve", documents=["guide.md", "cards/0.md"])
    run(
        "documents set",
        documents=["cards/0.md"],
        fields={"review_by": "2026-10-01", "owner": "ada@b.example"},
    )
    reasons = {one["path"]: one["reasons"] for one in run("documents review")}
    assert reasons == {
        "cards/0.md": ["review was due on 2026-10-01"],
        "cards/1.md": ["waits for approval"],
        "cards/2.md": ["waits for approval"],
        "guide.md": ["its owner gil@pelmarrow.example has left"],
    }
    (listed,) = run("documents list", where="overdue=yes")
    assert listed["path"] == "cards/0.md"


def test_overdue_document_is_marked_in_answers_until_it_is_looked_at(curated: tuple[World, Run]) -> None:
    _, run = curated
    run("documents approve", documents=["cards/1.md"])
    ask = {"question": "Do we beat rival 1 on price?", "use_model": False}
    late = run("ask", **ask, on="2027-02-01")
    assert [one["is_overdue"] for one in late["claims"][0]["evidence"]] == [True]
    early = run("ask", **ask, on="2026-11-01")
    assert [one["is_overdue"] for one in early["claims"][0]["evidence"]] == [False]
    run("documents extend", documents=["cards/1.md"], review_by="2027-06-30", reason="still right")
    again = run("ask", **ask, on="2027-02-01")
    assert [one["is_overdue"] for one in again["claims"][0]["evidence"]] == [False]


def test_reader_can_neither_act_nor_take_back(curated: tuple[World, Run]) -> None:
    _, run = curated
    run("people add", email="rhys@pelmarrow.example", role="reader")
    run("documents approve", documents=["guide.md"])
    acts = run("audit list")
    number = max(row["number"] for row in acts)
    with pytest.raises(NotAllowed):
        run("undo", numbers=[number], **{"as": "rhys@pelmarrow.example"})
    assert list_answering(run) == ["guide.md"]


def test_curator_cannot_open_what_an_admin_closed_by_taking_the_act_back(curated: tuple[World, Run]) -> None:
    _, run = curated
    run("documents approve", documents=["guide.md"])
    run("documents set", documents=["guide.md"], fields={"access": "group:board"})
    acts = run("audit list")
    number = max(row["number"] for row in acts)
    with pytest.raises(NotAllowed, match="it takes admin"):
        run("undo", numbers=[number], **{"as": "cora@pelmarrow.example"})
    (row,) = run("documents list", where="path=guide.md")
    assert row["access"] == "group:board"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "name acts by their numbers, or a batch"),
        ({"numbers": [999]}, "no act 999"),
        ({"batch": "nothing"}, "no acts of batch 'nothing'"),
    ],
)
def test_undo_of_what_is_not_there_says_so(
    curated: tuple[World, Run], arguments: dict[str, Any], message: str
) -> None:
    _, run = curated
    with pytest.raises(UsageError, match=message):
        run("undo", **arguments)


def test_refused_act_cannot_be_taken_back(curated: tuple[World, Run]) -> None:
    _, run = curated
    with pytest.raises(NotAllowed):
        run("documents approve", documents=["guide.md"], **{"as": "nobody@elsewhere.example"})
    acts = run("audit list")
    number = max(row["number"] for row in acts)
    with pytest.raises(UsageError, match=f"act {number} was refused, so there is nothing to undo"):
        run("undo", numbers=[number])


def test_people_sources_and_trust_can_be_taken_back_too(curated: tuple[World, Run]) -> None:
    _, run = curated
    before = (run("people list"), run("source list"), run("documents list"))
    run("people group", name="sales", add=["cora@pelmarrow.example"])
    run("people role", email="cora@pelmarrow.example", role="admin")
    run("source trust", name="kit", pattern="cards/**", status="approved", reason="signed off")
    run("source remove", name="kit")
    acts = run("audit list")
    numbers = sorted(row["number"] for row in acts)[-4:]
    hints = run("undo", numbers=numbers)["hints"]
    assert "onbrand sync kit" in hints
    run("sync")
    after = (run("people list"), run("source list"), run("documents list"))
    assert after[0] == before[0]
    assert [one["name"] for one in after[1]] == ["kit"]
    assert [one["document_id"] for one in after[2]] == [one["document_id"] for one in before[2]]
    assert [one["answers_today"] for one in after[2]] == [one["answers_today"] for one in before[2]]
