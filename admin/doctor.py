"""Checks every part that onbrand depends on and says what to do about what is wrong. Called by `onbrand doctor`."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from admin.doctor_jobs import describe_jobs
from admin.owner import reach_world
from core.clock import Clock
from core.errors import OnbrandError
from core.llm import ModelUnavailable
from core.settings import Settings
from index.assembly import describe_server

State = Literal["ok", "off", "warning", "failed"]
PROBE_TIMEOUT_SECONDS = 5.0
MODEL_TIMEOUT_SECONDS = 15.0
LOW_DISK_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, how it is, and what to do."""

    check: str
    state: State
    message: str

    def as_json(self) -> dict[str, Any]:
        """One JSON object."""
        return asdict(self)


def examine(settings: Settings) -> Iterator[Finding]:
    """All checks, one after another; each failure becomes a finding."""
    for check, look in CHECKS:
        try:
            yield from look(settings)
        except OnbrandError as error:
            yield Finding(check, "failed", str(error))


def render_findings(findings: list[Finding]) -> str:
    """One line a check."""
    return "\n".join(f"{one.state:8} {one.check:16} {one.message}" for one in findings)


def _look_at_clock(settings: Settings) -> Iterator[Finding]:
    clock = Clock(ZoneInfo(settings.timezone), settings.today)
    fixed = " (set by ONBRAND_TODAY, not the real day)" if settings.today else ""
    yield Finding(
        "day", "warning" if fixed else "ok", f"today is {clock.today()} in {settings.timezone}{fixed}"
    )


def _look_at_disk(settings: Settings) -> Iterator[Finding]:
    folder = next(one for one in (settings.home, *settings.home.resolve().parents) if one.exists())
    free = shutil.disk_usage(folder).free
    state: State = "ok" if free > LOW_DISK_BYTES else "warning"
    yield Finding("disk", state, f"{free / 1e9:.1f} GB free below {settings.home}")


def _look_at_world(settings: Settings) -> Iterator[Finding]:
    with reach_world(settings) as run:
        health = run("health", {}, lambda _progress: None)
    documents = ", ".join(f"{number} {status}" for status, number in sorted(health["documents"].items()))
    yield Finding("ledger", "ok", documents or "no document yet; add a source and sync")
    is_lost = bool(health["documents"].get("approved")) and health["passages"] == 0
    advice = (
        "; the index has been lost: start onbrand again, it is made anew from the stored text"
        if is_lost
        else f" ({health['embedder']})"
    )
    yield Finding("index", "failed" if is_lost else "ok", f"{health['passages']} passages{advice}")
    if health["unsettled"]:
        yield Finding(
            "index", "warning", f"{health['unsettled']} document(s) wait for the index; they are silent"
        )
    for source in health["sources"]:
        state: State = "ok" if source["last_synced_at"] and not source["failed"] else "warning"
        when = source["last_synced_at"] or f"never; run `onbrand sync {source['name']}`"
        yield Finding(
            f"source {source['name']}", state, f"last sync {when}, {source['failed']} file(s) failed"
        )


def _look_at_jobs(settings: Settings) -> Iterator[Finding]:
    with reach_world(settings) as run:
        health = run("jobs health", {}, lambda _progress: None)
    for check, is_well, message in describe_jobs(health):
        yield Finding(check, "ok" if is_well else "warning", message)


def _look_at_slack(settings: Settings) -> Iterator[Finding]:
    if settings.slack_bot_token is None:
        yield Finding("slack", "off", "SLACK_BOT_TOKEN is not set; connect in five steps: README.md")
        return
    # Imported here: a world without Slack does not pay for it.
    from bot.slack_clients import Identity, build_clients

    known = Identity(build_clients(settings, timeout_seconds=int(PROBE_TIMEOUT_SECONDS)).quick).authorize()
    yield Finding(
        "slack", "ok", f"workspace {known.team_id}, bot user {known.bot_user_id}, by {settings.slack_mode}"
    )


def _look_at_model(settings: Settings) -> Iterator[Finding]:
    if settings.llm_url is None:
        yield Finding("model", "off", "ONBRAND_LLM_URL is not set; answers are the closest approved passages")
        return
    # Imported here: the client of the endpoint takes most of a second.
    from admin.doctor_model import describe_served
    from core.openai_wire import probe_endpoint

    key = settings.llm_key.get_secret_value() if settings.llm_key else None
    served = probe_endpoint(url=settings.llm_url, key=key, timeout_seconds=PROBE_TIMEOUT_SECONDS)
    names = describe_served(served) or "no model"
    model = settings.llm_model or next((one.model_id for one in served), None)
    if model is None or model not in {one.model_id for one in served}:
        yield Finding("model", "failed", f"ONBRAND_LLM_MODEL {model!r} is not served; served: {names}")
        return
    yield Finding("model", "ok", f"{settings.llm_url} serves {names}")
    yield from _look_at_dialect(settings, settings.llm_url, model)


def _look_at_dialect(settings: Settings, url: str, model: str) -> Iterator[Finding]:
    from admin.doctor_model import OPEN_DOOR, judge_dialect
    from core.model_preflight import has_open_door, look_at_dialect

    key = settings.llm_key.get_secret_value() if settings.llm_key else None
    # Without a key every path is open anyway.
    if key and has_open_door(url=url, model=model, timeout_seconds=PROBE_TIMEOUT_SECONDS):
        yield Finding("model key", "warning", OPEN_DOOR)
    try:
        preflight = look_at_dialect(url=url, key=key, model=model, timeout_seconds=MODEL_TIMEOUT_SECONDS)
    except ModelUnavailable as reason:
        yield Finding("model dialect", "failed", f"a short question was not answered: {reason}")
        return
    is_right, sentence = judge_dialect(preflight, settings.llm_dialect)
    yield Finding("model dialect", "ok" if is_right else "warning", sentence)


def _look_at_embedder(settings: Settings) -> Iterator[Finding]:
    if settings.embedder != "endpoint" or settings.embedder_url is None:
        return
    from index.embedders import probe_embedder

    dimension = probe_embedder(settings, seconds=PROBE_TIMEOUT_SECONDS)
    yield Finding("embedder", "ok", f"{settings.embedder_model} gives vectors of {dimension} dimensions")


def _look_at_reranker(settings: Settings) -> Iterator[Finding]:
    if settings.reranker_url is None and settings.reranker_folder is None:
        return
    from index.reranker import open_reranker

    reranker = open_reranker(settings)
    if reranker is not None and settings.reranker_url is not None:
        reranker.rerank("Which colour?", ["Teal.", "A day in March."])
    yield Finding("reranker", "ok", str(settings.reranker_model or settings.reranker_folder))


def _look_at_qdrant(settings: Settings) -> Iterator[Finding]:
    if settings.qdrant_url is None:
        return
    if settings.qdrant_key is None:
        advice = "is used without a key; set one there and in ONBRAND_QDRANT_KEY"
        yield Finding("qdrant", "warning", f"{settings.qdrant_url} {advice}")
    elif settings.qdrant_url.startswith("http://"):
        advice = "gets its key unencrypted; fine in a network without a way out, else use https"
        yield Finding("qdrant", "warning", f"{settings.qdrant_url} {advice}")
    found = describe_server(settings, settings.qdrant_url)
    if found.collection is None:
        yield Finding(
            "qdrant", "warning", f"version {found.version}, no collection yet; the first start makes it"
        )
        return
    behind = (
        f"{found.alias} is {found.collection}: {found.points} points, {len(found.indexes)} payload indexes"
    )
    missing = f", missing: {', '.join(found.missing_indexes)}; the next start makes them"
    state: State = "warning" if found.missing_indexes else "ok"
    yield Finding(
        "qdrant", state, f"version {found.version}, {behind}{missing if state == 'warning' else ''}"
    )


CHECKS: tuple[tuple[str, Callable[[Settings], Iterator[Finding]]], ...] = (
    ("day", _look_at_clock),
    ("disk", _look_at_disk),
    ("world", _look_at_world),
    ("jobs", _look_at_jobs),
    ("qdrant", _look_at_qdrant),
    ("embedder", _look_at_embedder),
    ("reranker", _look_at_reranker),
    ("model", _look_at_model),
    ("slack", _look_at_slack),
)
