"""Builds a new index beside the one that answers, checks it, and puts it in its place; and goes back again.

Run by admin/operations/reindexing.py, at once or as a job; a run that was killed is resumed by running it again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from core.acts import Change
from core.clock import Stopwatch
from core.errors import OnbrandError, PermanentError, TransientError, UsageError
from core.index_builds import BuildBehind, IndexBuild, IndexBuilds, Switch
from core.settings import Settings
from index.assembly import Index, IndexDoor
from index.embedders import is_same_embedder, name_index, open_embedder
from index.generations import Generation, Generations
from index.search import PassageSearch
from ingest.build_index import BuildUnderWay, ReindexCancelled, ReportProgress
from ingest.index_checks import CompareGolden, check_counts, check_recall
from ingest.reindex_report import Checks, ReindexReport

# A search that still uses the folder of the index before last ends within this time.
LAST_USER_SECONDS = 60.0

Act = Callable[[str, Change], None]
"""Performs an audited act under this name: `index.switch` or `index.rollback`."""


class NotReindexable(PermanentError):
    """An index that was opened without the parts that a re-index takes."""


@dataclass(frozen=True, slots=True)
class Reindexing:
    """What a re-index takes. `settings` name the embedder of the new index; `golden` is None without questions.

    With `is_forced` it is switched to even where a check says that it should not be.
    """

    index: Index
    builds: IndexBuilds
    settings: Settings
    act: Act
    golden: CompareGolden | None = None
    most_drop: float = 0.0
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class Reindex:
    """One re-index, from the stored text of the ledger."""

    parts: Reindexing

    def run(self, report_progress: ReportProgress, is_cancelled: Callable[[], bool]) -> ReindexReport:
        """Raises ReindexUnderWay when another one runs, and what embedder and store raise: run it again then."""
        watch = Stopwatch()
        builds = self.parts.builds
        with _alone(self.parts) as (generations, door):
            embedder = open_embedder(self.parts.settings)
            build, given_up = builds.begin(name_index(embedder))
            _discard(door, given_up)
            report = _start_report(builds, build)
            new = door.open_beside(
                build.generation, embedder, self.parts.settings, current=generations.current
            )
            work = _start_work(self.parts, new, report_progress, is_cancelled)
            with _closing_unless_used(new, generations):
                report = self._carry_out(work, replace(report, resumed=builds.count_written(new.number)), new)
            seconds = round(watch.milliseconds() / 1000, 2)
            report = replace(report, written=work.written, unusable=dict(work.unusable), seconds=seconds)
            if report.ending == "switched":
                builds.end(new.number, "answering", report.as_json())
            elif report.ending == "failed":
                builds.end(new.number, "failed", report.as_json())
            return report

    def _carry_out(self, work: BuildUnderWay, report: ReindexReport, new: Generation) -> ReindexReport:
        try:
            work.bring_up()
        except ReindexCancelled as cancelled:
            return replace(report, ending="cancelled", reasons=(str(cancelled),))
        checks = self._check(work.beside)
        reasons = _list_reasons(checks, self.parts.most_drop)
        report = replace(report, checks=checks, reasons=tuple(reasons), notes=_list_notes(report))
        if reasons and not self.parts.is_forced:
            return replace(report, ending="failed")
        self.parts.builds.end(new.number, "ready", report.as_json())
        return _switch(self.parts, work, replace(report, forced=bool(reasons)), act="index.switch")

    def _check(self, beside: Index) -> Checks:
        before = _find_old_search(self.parts.index)
        golden = self.parts.golden(before, beside.search) if self.parts.golden else None
        return Checks(check_counts(beside, self.parts.builds), check_recall(beside, before), golden)


def roll_back(
    parts: Reindexing, report_progress: ReportProgress, is_cancelled: Callable[[], bool]
) -> ReindexReport:
    """Bring the kept generation up to the ledger and put it in its place again. Raises UsageError without one."""
    watch = Stopwatch()
    with _alone(parts) as (generations, door):
        kept = parts.builds.find("kept")
        if kept is None:
            raise UsageError("no earlier index is kept; there is one after a `onbrand reindex`")
        embedder = open_embedder(parts.settings, built_by=kept.fingerprint)
        if not is_same_embedder(kept.fingerprint, name_index(embedder)):
            raise UsageError(
                f"generation {kept.generation} was built by {kept.fingerprint!r}, {name_index(embedder)!r} is named "
                "now; name the embedder of that time: onbrand index rollback --with ONBRAND_EMBEDDER=…"
            )
        if not generations.wait_until_closed(kept.generation, seconds=LAST_USER_SECONDS):
            raise TransientError(f"generation {kept.generation} is still in use by a search; try again")
        old = door.open_beside(kept.generation, embedder, parts.settings, current=generations.current)
        work = _start_work(parts, old, report_progress, is_cancelled)
        report = _start_report(parts.builds, kept)
        with _closing_unless_used(old, generations):
            try:
                work.bring_up()
            except ReindexCancelled as cancelled:
                return replace(report, ending="cancelled", reasons=(str(cancelled),))
            report = _switch(parts, work, report, act="index.rollback")
        seconds = round(watch.milliseconds() / 1000, 2)
        return replace(report, written=work.written, unusable=dict(work.unusable), seconds=seconds)


@contextmanager
def _alone(parts: Reindexing) -> Iterator[tuple[Generations, IndexDoor]]:
    index = parts.index
    if index.generations is None or index.door is None:
        raise NotReindexable("this index was not opened by index.assembly.open_index: it cannot be exchanged")
    if not index.rebuilding.acquire(blocking=False):
        raise parts.builds.name_running()
    try:
        with parts.builds.hold():
            yield index.generations, index.door
    finally:
        index.rebuilding.release()


@contextmanager
def _closing_unless_used(new: Generation, generations: Generations) -> Iterator[None]:
    """Whatever happens to a build, its store is let go of unless it answers by now."""
    try:
        yield
    finally:
        if generations.current is not new:
            new.store.close()


def _start_work(
    parts: Reindexing, new: Generation, report_progress: ReportProgress, is_cancelled: Callable[[], bool]
) -> BuildUnderWay:
    return BuildUnderWay(parts.index, new, parts.builds, report_progress, is_cancelled)


def _start_report(builds: IndexBuilds, build: IndexBuild) -> ReindexReport:
    old = builds.find("answering")
    return ReindexReport(
        ending="switched",
        generation=build.generation,
        from_generation=old.generation if old else 0,
        fingerprint=build.fingerprint,
        from_fingerprint=old.fingerprint if old else "",
    )


def _switch(parts: Reindexing, work: BuildUnderWay, report: ReindexReport, *, act: str) -> ReindexReport:
    """The ledger first; from its write on, whoever wrote to the old index is refused and writes again to the new."""
    counts = report.checks.counts.changed if report.checks else {}
    listed = {one.generation for one in parts.builds.list_builds()}
    while True:
        work.bring_up()
        watch = Stopwatch()
        wanted = Switch(work.generation.number, counts, report.as_json())
        try:
            parts.act(act, partial(parts.builds.switch, wanted=wanted))
            break
        except BuildBehind:
            continue
    if parts.index.generations is not None:
        parts.index.generations.exchange(work.generation)
    milliseconds = watch.milliseconds()
    unwanted = listed - {one.generation for one in parts.builds.list_builds()}
    notes = report.notes + _follow_up(parts.index, work, sorted(unwanted))
    return replace(report, ending="switched", switch_milliseconds=milliseconds, notes=notes)


def _follow_up(index: Index, work: BuildUnderWay, unwanted: Sequence[int]) -> tuple[str, ...]:
    """What makes good after a switch. It has happened: a failure here is told, and made good at the next start."""
    try:
        if index.door is not None:
            index.door.place.publish(work.generation.number)
            _discard(index.door, unwanted)
        index.settle()
        work.sweep()
    except OnbrandError as error:
        return (f"switched, but not all is tidied up; the next start does it: {error}",)
    return ()


def _discard(door: IndexDoor, generations: Iterable[int]) -> None:
    for number in generations:
        door.place.discard(number)


def _find_old_search(index: Index) -> PassageSearch | None:
    current = index.generations.current if index.generations else None
    return current.search if current else None


def _list_reasons(checks: Checks, most_drop: float) -> list[str]:
    reasons = checks.counts.reasons()
    reasons += checks.recall.reasons() if checks.recall else []
    return reasons + (checks.golden.reasons(most_drop) if checks.golden else [])


def _list_notes(report: ReindexReport) -> tuple[str, ...]:
    if report.from_fingerprint and not is_same_embedder(report.from_fingerprint, report.fingerprint):
        return ("another embedder: set it in .env before the next start, or that start is refused",)
    return ()
