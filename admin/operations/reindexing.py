"""`reindex`, `index rollback`, `index show`. `run_reindex` and `run_rollback` are what a job calls."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

from admin.evals.compare_indexes import compare_indexes
from admin.evals.questions import EvalQuestion, read_questions
from admin.evals.score_retrieval import DEPTHS, Retrieved
from admin.operations.evaluating import build_scope, describe_found
from admin.operations.jobs import describe_job
from admin.world import World, make_home
from bot.answer.pipeline import FOUND_PASSAGES
from core.access import LOCAL_OWNER, Person
from core.acts import ADMINS, ActRequest, AuditedActs, Change
from core.clock import Clock
from core.database import Database, open_database
from core.errors import PermanentError, TransientError, UsageError
from core.index_builds import IndexBuild, IndexBuilds
from core.jobs import JobRequest
from core.local_socket import Report, serve_commands
from core.people import People
from core.settings import Settings, list_settings
from index.assembly import Index, open_index
from index.search import PassageSearch
from ingest.assembly import OpenWorld
from ingest.index_checks import CompareGolden, GoldenCheck
from ingest.reindex import Reindex, Reindexing, roll_back
from ingest.restore_passages import restore_passages

EMBEDDER_PREFIX, SECRET = "ONBRAND_EMBEDDER", "ONBRAND_EMBEDDER_KEY"

ROLLBACK = "rollback"
"""Marks the arguments of a job that goes back instead of building."""
IsCancelled = Callable[[], bool]


class ReindexWorld(OpenWorld, Protocol):
    """What a re-index takes of an open world."""

    @property
    def acts(self) -> AuditedActs:
        """Performs the switch, on record."""
        ...

    def identify(self, email: str | None) -> Person:
        """Who acts: the person of this address, else the local owner."""
        ...


@dataclass(frozen=True, slots=True)
class _UnansweredWorld:
    """As much of a world as there is while its index cannot be asked."""

    settings: Settings
    database: Database
    clock: Clock
    acts: AuditedActs
    index: Index

    def identify(self, email: str | None) -> Person:
        return (
            LOCAL_OWNER
            if email is None
            else People(self.database, admins=self.settings.admins).identify(email)
        )


def reindex(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Arguments: force, questions (text of a file), with (lines NAME=VALUE), reason, as, wait. Result: the report.

    Without `wait`, and where somebody works, the job instead, as it stands.
    """
    return _have_done(world, arguments, report, run_reindex)


def rollback_index(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Arguments: with, reason, as. Result: the report."""
    return _have_done(world, {**arguments, ROLLBACK: True, "wait": True}, report, run_rollback)


def _have_done(
    world: World, arguments: Mapping[str, Any], report: Report, run: Callable[..., dict[str, Any]]
) -> dict[str, Any]:
    by = world.identify(arguments.get("as"))
    if not by.has_role(ADMINS):
        # Refused here and now, with the row that a refusal leaves.
        return run(world, arguments, report)
    # What cannot be is said before anybody begins.
    _change_settings(world.settings, _read_lines(arguments))
    wishes = {name: value for name, value in arguments.items() if value and name != "wait"}
    job = world.desk.ask(JobRequest("reindex", "", wishes, by.label()))
    if not arguments.get("wait") and not world.desk.must_wait:
        return describe_job(world, job)
    ended = world.desk.carry_out(world, job, report)
    if ended.report is None:
        raise PermanentError(ended.error or f"job {ended.job_id} ended without a report ({ended.state})")
    return dict(ended.report)


def show_index(world: World, _arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """The generations of the index: which answers, which is kept, which is being built."""
    builds = IndexBuilds(world.database, world.clock).list_builds()
    return {
        "generation": world.index.generations.current.number
        if world.index.generations and world.index.generations.current
        else world.index.number,
        "passages": world.index.store.count(),
        "builds": [_describe(one) for one in builds],
    }


def run_reindex(
    world: ReindexWorld,
    arguments: Mapping[str, Any],
    report: Report,
    is_cancelled: IsCancelled = lambda: False,
) -> dict[str, Any]:
    """Build, check, switch. Resumes what an earlier call left unfinished; raises what may be tried again."""
    lines = _read_lines(arguments)
    parts = _join(world, arguments, lines, compare=_open_comparison(world, arguments))
    done = Reindex(parts).run(report, is_cancelled)
    return {**done.as_json(), "settings": lines}


def run_rollback(
    world: ReindexWorld,
    arguments: Mapping[str, Any],
    report: Report,
    is_cancelled: IsCancelled = lambda: False,
) -> dict[str, Any]:
    """Bring the kept index up to date and let it answer again."""
    lines = _read_lines(arguments)
    done = roll_back(_join(world, arguments, lines, compare=None), report, is_cancelled)
    return {**done.as_json(), "settings": lines}


@contextmanager
def open_unanswered(settings: Settings) -> Iterator[ReindexWorld]:
    """A world whose index was built by another embedder than is named: nothing answers until it is built anew."""

    def refuse(_name: str, _arguments: Mapping[str, Any], _report: Report) -> Any:
        raise TransientError(
            "the index is being built anew by another embedder; ask again when that has ended"
        )

    make_home(settings)
    clock = Clock(ZoneInfo(settings.timezone), settings.today)
    with serve_commands(settings.home, refuse):
        database = open_database(settings.database_url, home=settings.home, clock=clock)
        try:
            with open_index(settings, database, restore_passages, to_rebuild=True) as index:
                acts = AuditedActs(database, clock, settle_index=index.settle)
                yield _UnansweredWorld(settings, database, clock, acts, index)
        finally:
            database.close()


def _join(
    world: ReindexWorld, arguments: Mapping[str, Any], lines: Sequence[str], *, compare: CompareGolden | None
) -> Reindexing:
    by, reason = world.identify(arguments.get("as")), str(arguments.get("reason") or "")

    def act(name: str, change: Change) -> None:
        world.acts.perform(ActRequest(name, "index", by, reason, ADMINS), change)

    if not by.has_role(ADMINS):
        # Said before the work, not after it; the refusal leaves its row.
        act("index.switch", lambda _connection: ({}, {}))
    return Reindexing(
        index=world.index,
        builds=IndexBuilds(world.database, world.clock),
        settings=_change_settings(world.settings, lines),
        act=act,
        golden=compare,
        most_drop=world.settings.reindex_most_drop,
        is_forced=bool(arguments.get("force")),
    )


def _open_comparison(world: ReindexWorld, arguments: Mapping[str, Any]) -> CompareGolden | None:
    text = arguments.get("questions") or _read_file(world.settings.reindex_questions)
    if not text:
        return None
    questions = read_questions(str(text))

    def compare(before: PassageSearch | None, after: PassageSearch) -> GoldenCheck:
        def ask(search: PassageSearch) -> Callable[[EvalQuestion], Retrieved]:
            return lambda question: _retrieve(cast(World, world), search, question)

        return compare_indexes(questions, ask(before) if before else None, ask(after))

    return compare


def _retrieve(world: World, search: PassageSearch, question: EvalQuestion) -> Retrieved:
    # Asked as deep as an answer asks, so that the same passages compete.
    found = search.find(question.text, build_scope(world, question, {}), limit=FOUND_PASSAGES)
    return Retrieved(tuple(describe_found(one, one.text) for one in found[: max(DEPTHS)]), ())


def _read_file(path: Path | None) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig") if path else None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"ONBRAND_REINDEX_QUESTIONS {str(path)!r} cannot be read: {error}") from error


def _read_lines(arguments: Mapping[str, Any]) -> list[str]:
    lines = [str(one) for one in arguments.get("with") or ()]
    allowed = sorted(name for name in list_settings() if name.startswith(EMBEDDER_PREFIX) and name != SECRET)
    for line in lines:
        name, equals, _ = line.partition("=")
        if not equals or name not in allowed:
            raise UsageError(
                f"--with {line!r} is not understood; allowed: NAME=VALUE with {', '.join(allowed)} "
                f"({SECRET} is read from the environment alone)"
            )
    return lines


def _change_settings(settings: Settings, lines: Sequence[str]) -> Settings:
    """The settings with these lines on top, checked as those of a start. Raises SettingsInvalid."""
    if not lines:
        return settings
    fields = type(settings).model_fields.items()
    values = {str(field.validation_alias): getattr(settings, name) for name, field in fields}
    changed = {name: value for name, _, value in (line.partition("=") for line in lines)}
    return Settings.from_environment(**values | changed)


def _describe(build: IndexBuild) -> dict[str, Any]:
    return {
        "generation": build.generation,
        "state": build.state,
        "fingerprint": build.fingerprint,
        "started_at": build.started_at.isoformat(timespec="seconds"),
        "ended_at": build.ended_at.isoformat(timespec="seconds") if build.ended_at else None,
        "report": build.report,
    }
