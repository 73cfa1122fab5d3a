"""The process that stays: owns the world, answers commands on its socket, and Slack where tokens are set."""

import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

from admin.operations import run_operation
from admin.owner import own_world
from admin.probes import Probes, serve_probes, watch_slack
from admin.sample_company import add_samples
from admin.watchman import watch_over
from admin.working import start_worker, stop_worker, working_when_possible
from admin.world import World
from core.audit_settings import record_settings
from core.errors import TransientError, UsageError
from core.settings import Settings
from index.embedder import EmbedderUnavailable

# A sync that is cut off after this time is healed by the next one.
STOP_PATIENCE_SECONDS = 20.0

Say = Callable[[str], None]

_log = logging.getLogger(__name__)


def run_up(settings: Settings, say: Say, *, with_samples: bool = False) -> None:
    """Run until SIGTERM or SIGINT. `with_samples` fills an empty world that has no Slack tokens."""
    stop = _listen_for_stop()
    with_slack = settings.slack_bot_token is not None
    awaited = ("start", "embedder", *(("slack",) if with_slack else ()))
    with (
        own_world(settings, longest_wait_seconds=STOP_PATIENCE_SECONDS) as world,
        serve_probes(world, awaited=awaited) as probes,
    ):
        _record_settings(world)
        _warm_up(world, probes)
        if with_samples and settings.slack_bot_token is None and not world.sources.list_sources():
            add_samples(lambda name, arguments: run_operation(world, name, arguments, _ignore))
            say("The sample company is loaded. Try: onbrand ask 'What are our brand colours?'")
        with working_when_possible(world):
            _serve(world, probes, stop, say)


def _serve(world: World, probes: Probes, stop: threading.Event, say: Say) -> None:
    with_slack = world.settings.slack_bot_token is not None
    service = _start_slack(world, probes) if with_slack else None
    # What was loaded at start lives as long as the process: looking through it all again and again, as the
    # garbage collector would, holds up whoever asks at that moment by a tenth of a second.
    gc.freeze()
    probes.arrived("start")
    say(_describe(world.settings, with_slack=with_slack))
    with watch_over(world, service.tell_admins if service else _log.warning):
        stop.wait()
        probes.begin_stop()
    say("Stopping: answers under way are finished first.")
    if service is not None:
        service.stop()


def run_bot(settings: Settings, say: Say) -> None:
    """`onbrand bot`: as `up`, but pointless without Slack."""
    if settings.slack_bot_token is None:
        raise UsageError(
            "the bot needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN; connect in five steps: README.md"
        )
    run_up(settings, say)


def run_worker(settings: Settings, say: Say, *, name: str) -> None:
    """`onbrand worker`: carry out jobs until SIGTERM or SIGINT."""
    if not settings.is_shared:
        raise UsageError(
            "several workers need PostgreSQL (ONBRAND_DATABASE_URL) and a Qdrant server (ONBRAND_QDRANT_URL); "
            "without them `onbrand up` carries out the jobs itself"
        )
    stop = _listen_for_stop()
    with own_world(settings) as world, serve_probes(world, awaited=("start",)) as probes:
        worker = start_worker(world, name=name)
        probes.arrived("start")
        say(
            f"Worker {worker.tenure.name} carries out jobs. Stop with Ctrl-C: the batch under way is finished."
        )
        stop.wait()
        probes.begin_stop()
        stop_worker(world, worker)


def _listen_for_stop() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: stop.set())
    return stop


def _record_settings(world: World) -> None:
    try:
        record_settings(world.database, world.acts, world.settings)
    except TransientError as error:
        # A full disk, say: questions can be answered all the same, and the next start records it.
        _log.warning("the settings are not on record: %s", error)


def _warm_up(world: World, probes: Probes) -> None:
    try:
        world.index.embedder.warm_up()
    except EmbedderUnavailable as error:
        # Questions are answered by words alone until it is back; that is better than no answers.
        _log.warning("the embedder does not answer: %s", error)
    probes.arrived("embedder")


def _start_slack(world: World, probes: Probes) -> Any:
    # Imported here: a world without Slack does not pay for it.
    from bot.app import SlackService

    service = SlackService(
        settings=world.settings,
        pipeline=world.pipeline,
        people=world.people,
        database=world.database,
        clock=world.clock,
        worker_name=f"{socket.gethostname()}-{os.getpid()}",
        turns=world.answering.receipts,
    )
    service.start()
    probes.watch(watch_slack(service))
    return service


def _describe(settings: Settings, *, with_slack: bool) -> str:
    slack = "answering in Slack" if with_slack else "Slack is off (no tokens)"
    model = f"model at {settings.llm_url}" if settings.llm_url else "no model: answers are passages"
    where = "on servers" if settings.is_shared else f"in {settings.home}"
    return f"onbrand is up {where}; {slack}; {model}. Other commands work beside it. Stop with Ctrl-C."


def _ignore(_progress: object) -> None:
    return None
