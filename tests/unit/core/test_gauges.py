"""What the database knows about documents, jobs, workers and syncs, as numbers."""

from datetime import timedelta

from sqlalchemy import insert, update

from core.gauges import read_gauges
from core.job_tables import job_runs, workers
from core.tables import sources
from tests.unit.core.core_world import DRAFT, CoreWorld, make_incoming


def read(world: CoreWorld) -> dict[str, dict[tuple[str, ...], float]]:
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for one in read_gauges(world.database, world.clock):
        found.setdefault(one.metric.name, {})[one.labels] = one.value
    return found


def set_source(world: CoreWorld, **values: object) -> None:
    with world.database.write() as connection:
        connection.execute(update(sources).values(**values))


def test_documents_are_counted_by_status(world: CoreWorld) -> None:
    world.sync(make_incoming("a.md", "We say we."))
    world.sync(make_incoming("b.md", "Teal."))
    world.sync(make_incoming("c.md", "Perhaps mauve.", DRAFT))
    assert read(world)["onbrand_documents"] == {("approved",): 2, ("draft",): 1}


def test_sync_is_stale_beyond_its_limit_and_not_before(world: CoreWorld) -> None:
    now = world.clock.now()
    set_source(world, last_synced_at=now - timedelta(hours=5), stale_after_hours=6)
    gauges = read(world)
    assert 5 * 3600 <= gauges["onbrand_sync_age_seconds"]["kit",] < 5 * 3600 + 60
    assert gauges["onbrand_sync_stale"]["kit",] == 0
    set_source(world, stale_after_hours=4)
    assert read(world)["onbrand_sync_stale"]["kit",] == 1


def test_source_that_was_never_synced_is_late_as_well_and_has_no_age(world: CoreWorld) -> None:
    set_source(world, added_at=world.clock.now() - timedelta(hours=5), stale_after_hours=4)
    gauges = read(world)
    assert gauges["onbrand_sync_stale"]["kit",] == 1
    assert "onbrand_sync_age_seconds" not in gauges


def test_source_without_a_limit_and_one_that_was_removed_are_never_stale(world: CoreWorld) -> None:
    set_source(world, last_synced_at=world.clock.now() - timedelta(days=90))
    assert "onbrand_sync_stale" not in read(world)
    set_source(world, stale_after_hours=1, removed_at=world.clock.now())
    assert "onbrand_sync_stale" not in read(world)
    assert "onbrand_sync_age_seconds" not in read(world)


def test_jobs_are_counted_by_kind_and_state(world: CoreWorld) -> None:
    now = world.clock.now()
    rows = [
        ("1", "sync", "done"),
        ("2", "sync", "failed"),
        ("3", "sync", "done"),
        ("4", "reindex", "running"),
    ]
    with world.database.write() as connection:
        for job_id, kind, state in rows:
            values = {"subject": "", "arguments": {}, "priority": 5, "asked_by": "x", "asked_at": now}
            connection.execute(insert(job_runs).values(job_id=job_id, kind=kind, state=state, **values))
    assert read(world)["onbrand_job_runs"] == {
        ("sync", "done"): 2, ("sync", "failed"): 1, ("reindex", "running"): 1,
    }  # fmt: skip


def test_worker_that_has_ended_is_silent_by_right(world: CoreWorld) -> None:
    now = world.clock.now()
    with world.database.write() as connection:
        for name, ended_at in (("worker-1", None), ("worker-2", now)):
            values = {"epoch": 1, "version": "1", "started_at": now, "beat_at": now - timedelta(seconds=40)}
            connection.execute(insert(workers).values(name=name, ended_at=ended_at, **values))
    ages = read(world)["onbrand_worker_beat_age_seconds"]
    assert set(ages) == {("worker-1",)}
    assert 40 <= ages["worker-1",] < 60
