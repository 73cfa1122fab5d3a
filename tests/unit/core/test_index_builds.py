"""The list of generations: builds are resumed or given up, marks say what is behind, and a switch is all or nothing."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core.access import LOCAL_OWNER
from core.index_builds import BuildBehind, IndexBuilds, Switch, find_generation
from core.tables import revisions
from core.world_facts import IndexSwitched, check_generation, read_fact, write_fact
from tests.unit.core.core_world import APPROVED, CoreWorld, make_incoming

VOICE = make_incoming("voice.md", "We say we.", APPROVED)
COLOUR = make_incoming("colour.md", "Teal.", APPROVED)


@pytest.fixture
def builds(world: CoreWorld) -> IndexBuilds:
    write_fact(world.database, "index_fingerprint", "old model")
    return IndexBuilds(world.database, world.clock)


def write_all(builds: IndexBuilds, generation: int) -> None:
    """As if all that is behind had been written."""
    behind = builds.find_behind(generation)
    builds.forget(generation, behind.gone)
    builds.record(generation, behind.changed)


def switch(world: CoreWorld, builds: IndexBuilds, generation: int) -> tuple[object, object]:
    with world.database.write() as connection:
        return builds.switch(connection, Switch(generation, {}, {}))


def list_states(builds: IndexBuilds) -> list[tuple[int, str]]:
    return [(one.generation, one.state) for one in builds.list_builds()]


def test_world_begins_with_the_first_generation_and_no_list(world: CoreWorld, builds: IndexBuilds) -> None:
    assert (find_generation(world.database), builds.list_builds()) == (1, ())


def test_unfinished_build_is_resumed_by_the_same_fingerprint_and_given_up_for_another(
    builds: IndexBuilds,
) -> None:
    first, given_up = builds.begin("new model")
    assert (first.generation, given_up) == (2, ())
    assert builds.begin("new model")[0].generation == 2
    other, given_up = builds.begin("third model")
    assert (other.generation, given_up) == (3, (2,))
    assert list_states(builds) == [(1, "answering"), (3, "building")]


def test_failed_build_is_not_resumed(builds: IndexBuilds) -> None:
    builds.begin("new model")
    builds.end(2, "failed", {})
    again, given_up = builds.begin("new model")
    assert (again.generation, given_up) == (3, (2,))


def test_new_changed_moved_and_removed_documents_are_behind_and_others_are_not(
    world: CoreWorld, builds: IndexBuilds
) -> None:
    voice, colour = world.sync(VOICE), world.sync(COLOUR)
    builds.begin("new model")
    assert builds.find_behind(2).changed.keys() == {voice, colour}
    write_all(builds, 2)
    assert not builds.find_behind(2)
    world.sync(replace(VOICE, text_hash="other", packed=b"We say us."))
    assert builds.find_behind(2).changed.keys() == {voice}
    write_all(builds, 2)
    world.open_sync().move([colour], "colour.md", "colours.md")
    assert builds.find_behind(2).changed.keys() == {colour}
    write_all(builds, 2)
    world.open_sync().mark_removed([voice], ["voice.md"])
    assert (builds.find_behind(2).changed, builds.find_behind(2).gone) == ({}, frozenset({voice}))


def test_act_puts_a_document_behind(world: CoreWorld, builds: IndexBuilds) -> None:
    voice = world.sync(VOICE)
    builds.begin("new model")
    write_all(builds, 2)
    world.document_acts.retire([voice], by=LOCAL_OWNER, reason="old")
    assert builds.find_behind(2).changed.keys() == {voice}


def test_switch_is_refused_while_a_document_is_behind_and_changes_nothing(
    world: CoreWorld, builds: IndexBuilds
) -> None:
    world.sync(VOICE)
    builds.begin("new model")
    with pytest.raises(BuildBehind, match=r"1 document\(s\) have changed"):
        switch(world, builds, 2)
    assert find_generation(world.database) == 1
    assert list_states(builds) == [(1, "answering"), (2, "building")]


def test_switch_names_the_new_fingerprint_keeps_the_old_index_and_drops_the_one_before(
    world: CoreWorld, builds: IndexBuilds
) -> None:
    for number, model in ((2, "new model"), (3, "third model")):
        builds.begin(model)
        write_all(builds, number)
        before, after = switch(world, builds, number)
        assert (before, after) == (
            {"generation": number - 1, "fingerprint": "old model" if number == 2 else "new model"},
            {"generation": number, "fingerprint": model},
        )
    assert list_states(builds) == [(2, "kept"), (3, "answering")]
    assert (find_generation(world.database), read_fact(world.database, "index_fingerprint")) == (
        3,
        "third model",
    )


def test_kept_index_is_behind_by_what_changes_after_the_switch_and_by_what_was_under_an_act(
    world: CoreWorld, builds: IndexBuilds
) -> None:
    voice, colour = world.sync(VOICE), world.sync(COLOUR)
    world.document_acts.retire([colour], by=LOCAL_OWNER, reason="old")
    builds.begin("new model")
    write_all(builds, 2)
    switch(world, builds, 2)
    assert builds.find_behind(1).changed.keys() == {colour}
    world.open_sync().mark_removed([voice], ["voice.md"])
    assert builds.find_behind(1).gone == {voice}


def test_who_wrote_to_the_old_index_is_refused_after_the_switch(
    world: CoreWorld, builds: IndexBuilds
) -> None:
    world.sync(VOICE)
    with world.database.write() as connection:
        check_generation(connection, 1)
    builds.begin("new model")
    write_all(builds, 2)
    switch(world, builds, 2)
    with pytest.raises(IndexSwitched, match="write them again"), world.database.write() as connection:
        check_generation(connection, 1)
    with pytest.raises(IndexSwitched):
        world.ledger.mark_settled(world.ledger.list_tasks(), generation=1)


def test_switch_teaches_the_ledger_other_numbers_of_passages(world: CoreWorld, builds: IndexBuilds) -> None:
    voice = world.sync(VOICE)
    builds.begin("new model")
    write_all(builds, 2)
    with world.database.write() as connection:
        builds.switch(connection, Switch(2, {(voice, 1): 7}, {}))
    with world.database.read() as connection:
        assert connection.execute(select(revisions.c.passages)).scalars().all() == [7]
