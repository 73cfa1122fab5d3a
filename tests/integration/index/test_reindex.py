"""A new index is built beside the one that answers, checked, and put in its place in one step; and back again."""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from admin.evals.compare_indexes import compare_indexes
from admin.evals.questions import EvalQuestion, Gold
from admin.evals.score_retrieval import Retrieved
from admin.operations.evaluating import describe_found
from core.errors import UsageError
from core.index_builds import ReindexUnderWay
from core.ledger import IndexTask
from core.sync_ledger import SyncLedger
from core.tables import audit, revisions
from core.world_facts import IndexSwitched
from index import embedders
from index.assembly import Index, IndexMismatch
from index.passage_store import Scope
from index.search import PassageSearch
from ingest import build_index, chunk
from ingest.index_checks import CompareGolden, GoldenCheck
from ingest.reindex import Reindex
from ingest.restore_passages import cut_document
from ingest.write_passages import CutPassage
from tests.integration.index.reindex_world import ExchangingWorld, opened_world, read_shard
from tests.integration.small_world import DAY, READER, Killed

SCOPE = Scope(asker=READER, on=DAY)
COLOURS = ("teal", "amber", "slate", "coral", "ivory", "plum")
Actions = dict[int, Callable[[], object]]


@pytest.fixture
def home(memory_folder: Path) -> Path:
    return memory_folder / uuid4().hex


@pytest.fixture
def exchanging(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ExchangingWorld]:
    """A world of six documents, written in batches of two."""
    monkeypatch.setattr(build_index, "DOCUMENTS_PER_QUERY", 2)
    with opened_world(home, monkeypatch) as world:
        fill(world)
        yield world


def fill(world: ExchangingWorld) -> None:
    """A document for each colour."""
    for colour in COLOURS:
        world.write(f"{colour}.md", f"# The {colour} page\n\nOur {colour} is a warm colour.")
    world.sync()


def at_batch(actions: Actions) -> Callable[[Mapping[str, Any]], None]:
    """A progress reporter that does something when the nth batch is about to be written."""
    seen = iter(range(1000))

    def report(_progress: Mapping[str, Any]) -> None:
        action = actions.pop(next(seen), None)
        if action is not None:
            action()

    return report


def test_new_index_equals_one_that_is_built_from_nothing(
    exchanging: ExchangingWorld, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = exchanging.reindex()
    assert (report.ending, report.generation, report.written, exchanging.number) == ("switched", 2, 6, 2)
    assert report.checks is not None
    assert report.checks.recall is not None
    assert (report.checks.recall.asked, report.checks.recall.found, report.checks.recall.filtered) == (
        6,
        6,
        6,
    )
    built = exchanging.read_points()
    with opened_world(home / "fresh", monkeypatch) as fresh:
        for file in exchanging.folder.iterdir():
            fresh.write(file.name, file.read_bytes())
        fresh.sync()
        assert built == fresh.read_points()
    assert len(built) == 6


def test_new_index_holds_what_history_has_left_of_the_old_one(exchanging: ExchangingWorld) -> None:
    exchanging.write("teal.md", "# The teal page\n\nOur teal is cold by now, a draft.")
    (exchanging.folder / "plum.md").unlink()
    exchanging.sync()
    exchanging.retire("coral.md")
    exchanging.set("ivory.md", access="group:sales")
    before = exchanging.read_points()
    exchanging.reindex()
    assert exchanging.read_points() == before
    assert exchanging.count("teal.md") == 2, "the approved revision and the draft after it"
    assert exchanging.says("teal") == {"teal.md"}
    assert exchanging.says("ivory") == exchanging.says("coral") == exchanging.says("plum") == set()


def test_change_removal_and_act_during_the_build_reach_both(exchanging: ExchangingWorld) -> None:
    def change() -> None:
        exchanging.write("new.md", "# New\n\nOur ochre is a warm colour.")
        (exchanging.folder / "teal.md").unlink()
        exchanging.sync()

    acts: Actions = {
        1: change,
        2: partial(exchanging.retire, "amber.md"),
        3: partial(exchanging.retire, "plum.md"),
    }
    report = exchanging.reindex(at_batch(acts))
    assert not acts, "all of it happened during the build"
    assert report.ending == "switched"
    for _ in range(2):
        assert exchanging.says("ochre") == {"new.md"}
        assert exchanging.says("teal") == exchanging.says("amber") == exchanging.says("plum") == set()
        assert len(exchanging.read_points()) == 6
        if exchanging.number == 2:
            exchanging.roll_back()
    assert exchanging.number == 1


def test_change_at_the_very_switch_is_not_lost(exchanging: ExchangingWorld) -> None:
    parts = exchanging.join()
    late = [partial(exchanging.retire, "teal.md")]

    def act(name: str, change: Any) -> None:
        if late:
            late.pop()()
        parts.act(name, change)

    done = Reindex(replace(parts, act=act)).run(lambda _progress: None, lambda: False)
    assert (done.ending, done.written) == ("switched", 7), "the late one was written again before the switch"
    assert exchanging.says("teal") == set()
    assert exchanging.ledger.list_unsettled() == ()


def test_killed_build_goes_on_without_doing_finished_documents_again(exchanging: ExchangingWorld) -> None:
    def kill() -> None:
        raise Killed

    embedder = exchanging.made["64"]
    embedder.embedded.clear()
    with pytest.raises(Killed):
        exchanging.reindex(at_batch({2: kill}))
    assert (len(embedder.embedded), exchanging.number) == (4, 1)
    report = exchanging.reindex()
    assert (report.ending, report.generation, report.resumed, report.written) == ("switched", 2, 4, 2)
    assert len(embedder.embedded) == len(set(embedder.embedded)) == 6


def test_unfinished_build_of_another_embedder_is_given_up_and_its_files_go(
    exchanging: ExchangingWorld, home: Path
) -> None:
    def kill() -> None:
        raise Killed

    with pytest.raises(Killed):
        exchanging.reindex(at_batch({2: kill}), embedder="80")
    assert (home / "index/g0002").exists()
    assert exchanging.reindex().generation == 3
    assert not (home / "index/g0002").exists()


def test_cancelled_build_is_kept_for_the_next_time(exchanging: ExchangingWorld) -> None:
    asked = iter((False, True))
    report = Reindex(exchanging.join()).run(lambda _progress: None, lambda: next(asked))
    assert (report.ending, report.written, exchanging.number) == ("cancelled", 2, 1)
    assert exchanging.reindex().resumed == 2


@pytest.mark.parametrize("embedder", ["", "80"], ids=["same embedder", "another dimension"])
def test_who_asks_without_pause_never_meets_an_error_or_an_empty_answer(
    exchanging: ExchangingWorld, embedder: str
) -> None:
    stop, asked = threading.Event(), [0, 0, 0]
    problems: list[str] = []

    def ask(number: int) -> None:
        while not stop.is_set():
            try:
                found = exchanging.find("Which teal is warm?")
                if not any("teal" in one.passage.text for one in found):
                    problems.append("empty")
            except Exception as error:  # noqa: BLE001 - whatever it is, it counts
                problems.append(repr(error))
            asked[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        generations = [exchanging.reindex(embedder=embedder).generation for _ in range(2)]
        exchanging.roll_back(embedder=embedder)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert (generations, exchanging.number) == ([2, 3], 2)
    assert problems == []
    assert min(asked) > 0
    assert exchanging.index.generations is not None
    assert exchanging.index.generations.wait_until_closed(3, seconds=5)


def test_search_that_has_begun_ends_on_the_old_index_and_the_next_begins_on_the_new_one(
    exchanging: ExchangingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, begun, go_on = exchanging.made["64"], threading.Event(), threading.Event()
    embed_question = old.embed_question

    def embed_slowly(text: str) -> Any:
        if text == "Which teal is slow?":
            begun.set()
            assert go_on.wait(20)
        return embed_question(text)

    monkeypatch.setattr(old, "embed_question", embed_slowly)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(exchanging.find, "Which teal is slow?")
        assert begun.wait(10)
        exchanging.reindex(embedder="80")
        assert exchanging.says("teal") == {"teal.md"}
        go_on.set()
        assert any("teal" in one.passage.text for one in slow.result(10))
    assert exchanging.index.generations is not None
    assert exchanging.index.generations.wait_until_closed(1, seconds=0)


def test_writer_that_began_before_the_switch_ends_on_the_old_store_and_counts_for_nothing(
    exchanging: ExchangingWorld,
) -> None:
    (task, *_) = exchanging.ledger.list_tasks()
    with exchanging.index.held() as held:
        exchanging.reindex(embedder="80")
        assert held.store.count() == 6, "still open"
        with pytest.raises(IndexSwitched, match="generation 1 of the index"):
            exchanging.ledger.mark_settled([task], generation=held.number)
    with exchanging.index.held() as held:
        assert (held.number, held.embedder.dimension) == (2, 80)
        exchanging.ledger.mark_settled([task], generation=held.number)


def test_sync_that_meets_the_switch_writes_its_batch_again_to_the_new_index(
    exchanging: ExchangingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = SyncLedger.commit
    switched: list[int] = []

    def switch_first(ledger: SyncLedger, *batch: Any) -> Any:
        if not switched:
            switched.append(exchanging.reindex(embedder="80").generation)
        return commit(ledger, *batch)

    monkeypatch.setattr(SyncLedger, "commit", switch_first)
    exchanging.write("new.md", "# New\n\nOur ochre is a warm colour.")
    report = exchanging.sync()
    assert (switched, report.ingested, report.failed, exchanging.number) == ([2], 1, [], 2)
    assert exchanging.says("ochre") == {"new.md"}
    assert len(exchanging.read_points()) == 7
    assert exchanging.roll_back(embedder="64").written == 1
    assert exchanging.says("ochre") == {"new.md"}


def test_settling_that_meets_the_switch_is_done_again_on_the_new_index(
    exchanging: ExchangingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchanging.settles = False
    with pytest.raises(Killed):
        exchanging.retire("teal.md")
    exchanging.settles = True
    mark_settled = exchanging.ledger.mark_settled
    switched: list[int] = []

    def switch_first(tasks: Any, *, generation: int) -> None:
        if not switched:
            switched.append(generation)
            thread.start()
            started.wait(10)
        mark_settled(tasks, generation=generation)

    # The re-index settles too, and waits for the settling that is under way.
    started = threading.Event()
    thread = threading.Thread(target=lambda: reindex_until_switched(exchanging, started))
    monkeypatch.setattr(exchanging.ledger, "mark_settled", switch_first)
    assert exchanging.index.settle() == 1
    thread.join(30)
    assert (switched, exchanging.number, exchanging.ledger.list_unsettled()) == ([1], 2, ())
    (point,) = [one for one, _ in exchanging.read_points().values() if "teal" in one["text"]]
    assert point["status"] == "retired"


def reindex_until_switched(world: ExchangingWorld, switched: threading.Event) -> None:
    """Re-index in a thread; says when the new index is in its place, before it is tidied up."""
    assert world.index.generations is not None
    exchange = world.index.generations.exchange

    def exchange_and_say(new: Any) -> None:
        exchange(new)
        switched.set()

    world.index.generations.exchange = exchange_and_say  # type: ignore[method-assign]
    world.reindex()


def ask_golden(search: PassageSearch, question: EvalQuestion) -> Retrieved:
    found = search.find(question.text, SCOPE, limit=10)
    return Retrieved(tuple(describe_found(one, one.text) for one in found), ())


def build_golden() -> CompareGolden:
    """A question for each colour."""
    questions = [
        EvalQuestion(
            colour,
            f"Which {colour} is warm?",
            "fact",
            (Gold(f"{colour}.md", f"Our {colour} is a warm colour"),),
            "",
        )
        for colour in COLOURS
    ]

    def compare(before: PassageSearch | None, after: PassageSearch) -> GoldenCheck:
        return compare_indexes(
            questions, partial(ask_golden, before) if before else None, partial(ask_golden, after)
        )

    return compare


def spoil_teal(index: Index, task: IndexTask) -> list[CutPassage]:
    """A cutter that loses the words of one document."""
    return [
        replace(one, passage=replace(one.passage, text="nothing", sentences=()))
        if task.path == "teal.md"
        else one
        for one in cut_document(index, task)
    ]


def test_planted_regression_stops_the_switch_and_shows_the_difference(
    exchanging: ExchangingWorld, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    golden = build_golden()
    with monkeypatch.context() as planted:
        planted.setattr(build_index, "cut_document", spoil_teal)
        report = exchanging.reindex(golden=golden, most_drop=0.02)
        assert (report.ending, exchanging.number) == ("failed", 1)
        assert report.checks is not None
        assert report.checks.golden is not None
        assert [one["id"] for one in report.checks.golden.lost] == ["teal"]
        assert any("hit@5 fell from 1.000 to 0.833" in reason for reason in report.reasons)
        assert exchanging.says("teal") == {"teal.md"}
        assert (home / "index/g0002").exists(), "kept to be looked at"
        assert exchanging.reindex(golden=golden, is_forced=True).forced
    assert (exchanging.number, exchanging.says("teal")) == (3, set())
    assert not (home / "index/g0002").exists()
    with exchanging.database.read() as connection:
        row = connection.execute(select(audit).where(audit.c.act == "index.switch")).one()
    assert (row.after["forced"], len(row.after["reasons"]) > 0) == (True, True)
    assert exchanging.reindex(golden=golden).ending == "switched"
    assert exchanging.says("teal") == {"teal.md"}


def test_small_drop_is_let_through_where_the_setting_allows_it(
    exchanging: ExchangingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_index, "cut_document", spoil_teal)
    report = exchanging.reindex(golden=build_golden(), most_drop=0.2)
    assert not any("golden" in reason for reason in report.reasons)


def test_passages_that_are_missing_stop_the_switch(
    exchanging: ExchangingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(index: Index, task: IndexTask) -> list[CutPassage]:
        return [] if task.path == "teal.md" else cut_document(index, task)

    monkeypatch.setattr(build_index, "cut_document", lose)
    report = exchanging.reindex()
    assert report.ending == "failed"
    assert "1 document(s) have not all their passages: teal.md" in report.reasons


def test_rollback_answers_with_all_that_has_changed_since(exchanging: ExchangingWorld, home: Path) -> None:
    with pytest.raises(UsageError, match="no earlier index is kept"):
        exchanging.roll_back()
    exchanging.reindex()
    exchanging.write("new.md", "# New\n\nOur ochre is a warm colour.")
    exchanging.sync()
    exchanging.retire("amber.md")
    now = exchanging.read_points()
    report = exchanging.roll_back()
    assert (report.ending, report.written, exchanging.number) == ("switched", 2, 1)
    assert exchanging.read_points() == now
    assert (home / "index/g0002").exists(), "the last one is kept, to go forward again"
    assert (exchanging.roll_back().written, exchanging.number) == (0, 2)


def test_only_the_last_index_is_kept(exchanging: ExchangingWorld, home: Path) -> None:
    for _ in range(2):
        exchanging.reindex()
    assert not (home / "index/passages").exists()
    assert (home / "index/g0002").exists()
    assert [(one.generation, one.state) for one in exchanging.builds.list_builds()] == [
        (2, "kept"),
        (3, "answering"),
    ]


def test_second_reindex_is_refused_and_told_of_the_first(exchanging: ExchangingWorld) -> None:
    refused: list[str] = []

    def again() -> None:
        with pytest.raises(ReindexUnderWay) as caught:
            exchanging.reindex()
        refused.append(str(caught.value))

    assert exchanging.reindex(at_batch({1: again})).ending == "switched"
    assert "generation 2, since 20" in refused[0]


def test_world_opens_with_the_generation_that_answers_and_refuses_the_embedder_of_the_one_before(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened_world(home, monkeypatch) as world:
        fill(world)
        world.reindex(embedder="80")
    with pytest.raises(IndexMismatch, match="hashed-words-80"), opened_world(home, monkeypatch):
        pass
    with opened_world(home, monkeypatch, ONBRAND_EMBEDDER_MODEL="80") as again:
        assert (again.number, again.says("teal")) == (2, {"teal.md"})
        with pytest.raises(UsageError, match="onbrand index rollback --with"):
            again.roll_back()
        assert again.roll_back(embedder="64").generation == 1
        assert again.says("teal") == {"teal.md"}


def test_index_of_another_embedder_is_built_anew_while_nothing_answers(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened_world(home, monkeypatch) as world:
        fill(world)
    with opened_world(home, monkeypatch, to_rebuild=True, ONBRAND_EMBEDDER_MODEL="80") as unanswered:
        with pytest.raises(IndexMismatch):
            unanswered.says("teal")
        report = unanswered.reindex(golden=build_golden())
        assert report.checks is not None
        assert report.checks.golden is not None
        assert (report.ending, report.checks.golden.before) == ("switched", None)
        assert unanswered.says("teal") == {"teal.md"}


def test_another_cutter_teaches_the_ledger_its_numbers_of_passages(
    exchanging: ExchangingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = " ".join(f"word{number} of the plum page." for number in range(40))
    exchanging.write("plum.md", f"# Plum\n\n{words}")
    exchanging.sync()
    exchanging.approve("plum.md")
    monkeypatch.setattr(chunk, "PASSAGE_WORDS", 40)
    monkeypatch.setattr(embedders, "CUTTER_VERSION", "next")
    chunk._long_text_splitter.cache_clear()
    report = exchanging.reindex()
    chunk._long_text_splitter.cache_clear()
    assert (report.ending, report.reasons) == ("switched", ())
    document_id = exchanging.read("plum.md").document.document_id
    with exchanging.database.read() as connection:
        query = select(revisions.c.passages).where(revisions.c.document_id == document_id)
        counted = connection.execute(query.order_by(revisions.c.number.desc())).scalars().first()
    assert counted == exchanging.store.count(document_id) > 2


def test_kept_shard_of_a_retired_generation_can_be_read_again(
    exchanging: ExchangingWorld, home: Path
) -> None:
    import qdrant_edge as edge

    before = exchanging.read_points()
    exchanging.reindex(embedder="80")
    shard = edge.EdgeShard.load(str(home / "index/passages"))
    assert read_shard(shard) == before
    shard.close()
