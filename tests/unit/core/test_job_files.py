"""What a sync remembers of its files between steps: nothing twice, nothing lost."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from core.database import Database
from core.job_files import FileOutcome, FileState, JobFiles
from core.job_tables import job_files
from core.jobs import JobRequest, Jobs
from tests.unit.core.core_world import CoreWorld


@pytest.fixture
def files(world: CoreWorld) -> JobFiles:
    """The list of a job: five files, none read yet."""
    made = make_files(world)
    assert made.lay_out(refer("abcde")) == 0
    return made


def make_files(world: CoreWorld, subject: str = "kit") -> JobFiles:
    job = Jobs(world.database, world.clock).ask(JobRequest("sync", subject, {}, "Ada"))
    return JobFiles(world.database, job.job_id)


def refer(names: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    return [(f"{name}.md", {"path": f"{name}.md"}) for name in names]


def tell(name: str, state: FileState = "ingested", *, elsewhere: bool = False) -> FileOutcome:
    error = None if state == "ingested" else "why"
    return FileOutcome(f"{name}.md", state, error, ("odd",), 1, 3, is_worth_retrying=elsewhere)


def names_of(files: JobFiles, first: int, count: int) -> str:
    return "".join(one.path[0] for one in files.begin(first, count))


def test_files_are_begun_in_the_order_in_which_they_were_laid_out(files: JobFiles) -> None:
    begun = files.begin(1, 3)
    assert [(one.number, one.path, one.reference, one.attempts) for one in begun] == [
        (1, "b.md", {"path": "b.md"}, 0),
        (2, "c.md", {"path": "c.md"}, 0),
        (3, "d.md", {"path": "d.md"}, 0),
    ]


def test_each_beginning_is_counted_and_only_for_what_was_begun(files: JobFiles) -> None:
    files.begin(0, 2)
    files.begin(0, 1)
    assert [files.count_attempts(first, 1) for first in range(3)] == [2, 1, 0]
    assert files.count_attempts(0, 5) == 2
    assert [one.attempts for one in files.begin(0, 3)] == [2, 1, 0]


def test_file_with_an_outcome_is_not_begun_again_and_its_attempts_count_no_more(files: JobFiles) -> None:
    files.begin(0, 1)
    files.record_now([tell("a"), tell("c", "failed"), tell("d", "unchanged")])
    assert files.count_attempts(0, 5) == 0
    assert names_of(files, 0, 5) == "be"
    assert files.count() == (3, 5)


def test_first_outcome_of_a_file_stays(files: JobFiles) -> None:
    files.record_now([tell("a")])
    files.record_now([tell("a", "failed")])
    assert files.list_outcomes() == (tell("a"),)


def test_outcomes_come_back_as_they_were_in_the_order_of_the_list(files: JobFiles) -> None:
    given = [tell("d", "failed", elsewhere=True), tell("b"), tell("e", "outdated"), tell("a", "unchanged")]
    files.record_now(given)
    assert files.list_outcomes() == (given[3], given[1], given[0], given[2])


def test_outcome_is_kept_only_with_the_write_that_makes_the_file_visible(
    files: JobFiles, database: Database
) -> None:
    def fail() -> None:
        with database.write() as connection:
            files.record(connection, [tell("a")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert files.list_outcomes() == ()
    assert names_of(files, 0, 1) == "a"


def test_only_what_failed_for_want_of_something_else_is_put_back(files: JobFiles) -> None:
    files.begin(0, 5)
    files.record_now(
        [
            tell("a", "failed", elsewhere=True),
            tell("b", "failed"),
            tell("c"),
            tell("d", "failed", elsewhere=True),
        ]
    )
    files.put_back(0, 3)
    assert [(one.path, one.attempts) for one in files.begin(0, 5)] == [("a.md", 0), ("e.md", 1)]
    assert [one.path for one in files.list_outcomes()] == ["b.md", "c.md", "d.md"]


def test_next_attempt_keeps_what_was_ingested_and_lays_the_rest_out_anew_behind_it(files: JobFiles) -> None:
    files.begin(0, 5)
    files.record_now([tell("a"), tell("c"), tell("b", "failed"), tell("d", "unchanged")])
    first = files.lay_out(refer("bf"))
    assert first == 3
    assert [(one.number, one.path, one.attempts) for one in files.begin(first, 9)] == [
        (3, "b.md", 0),
        (4, "f.md", 0),
    ]
    assert files.list_outcomes() == (tell("a"), tell("c"))
    assert files.count() == (2, 4)


def test_file_that_is_read_again_by_the_next_attempt_stands_on_the_list_once(files: JobFiles) -> None:
    files.record_now([tell("a"), tell("c")])
    first = files.lay_out(refer("cb"))
    files.record_now([tell("c"), tell("b")])
    assert sorted(one.path for one in files.list_outcomes()) == ["a.md", "b.md", "c.md"]
    assert (first, files.count()) == (1, (3, 3))


def test_list_laid_out_twice_by_a_step_that_is_repeated_is_the_same(
    files: JobFiles, database: Database
) -> None:
    def read() -> list[tuple[int, str, str]]:
        with database.read() as connection:
            rows = connection.execute(select(job_files).order_by(job_files.c.number)).all()
        return [(row.number, row.path, row.state) for row in rows]

    before = read()
    assert files.lay_out(refer("abcde")) == 0
    assert read() == before


def test_what_was_ingested_is_known_to_the_next_attempt(files: JobFiles) -> None:
    files.record_now([tell("a"), tell("b", "failed"), tell("c", "unchanged"), tell("d")])
    assert files.list_ingested() == {"a.md", "d.md"}


def test_nothing_to_read_is_a_list_too(files: JobFiles) -> None:
    assert files.lay_out([]) == 0
    assert (files.count(), files.begin(0, 10), files.list_outcomes()) == ((0, 0), (), ())


def test_lists_of_two_jobs_do_not_mix(files: JobFiles, world: CoreWorld) -> None:
    other = make_files(world, "wiki")
    other.lay_out(refer("ab"))
    files.record_now([tell("a"), tell("b", "failed", elsewhere=True)])
    other.put_back(0, 9)
    assert (files.count(), other.count()) == ((2, 5), (0, 2))
    assert other.list_outcomes() == ()
    other.lay_out([])
    assert files.count() == (2, 5)
