"""How a process says that it lives, is ready, and what it has counted; and that no text gets into any of it."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from admin.operations import run_operation
from admin.owner import own_world
from admin.probes import Part, Probes, serve_probes
from admin.world import World
from core.clock import Stopwatch, pause
from core.errors import TransientError, UsageError
from core.metrics import METRICS
from core.settings import Settings
from tests.fakes import slack_events as events
from tests.fakes.bot_process import BotProcess
from tests.fakes.otlp_collector import find_free_port, serve_collector
from tests.fakes.slack_server import Channel, FakeSlack, User
from tests.integration.commands import COMMAND, Commands, write

SENTENCE = "Zanzibar keeps 37 millimetres of clear space around the Kestrel logo."
QUESTION = "How much clear space around the Kestrel logo of Zanzibar?"
ASKER = "mara@pelmarrow.example"
OWNER = "orla@pelmarrow.example"
# Names of sources are on the page, so none of these may be one.
SECRETS = (
    "zanzibar",
    "kestrel",
    "millimetres",
    "mara",
    "orla",
    "pelmarrow",
    "secret-file",
    "guidance",
    "clear space",
)


def ignore(_progress: object) -> None:
    """Nobody looks."""


@contextmanager
def probing(home: Path, **settings: Any) -> Iterator[tuple[World, Probes]]:
    """A world with probes at a free port."""
    given = {"ONBRAND_HOME": home, "ONBRAND_PROBE_ADDRESS": "127.0.0.1:0", **settings}
    with (
        own_world(Settings.from_environment(_env_file=None, **given)) as world,
        serve_probes(world) as probes,
    ):
        yield world, probes


def get(port: int | None, path: str) -> tuple[int, str]:
    assert port is not None
    connection = HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def read_missing(port: int | None) -> tuple[int, list[str]]:
    status, body = get(port, "/readyz")
    return status, [one["part"] for one in json.loads(body)["missing"]]


def read_metrics(port: int | None) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels, these in the order of their names."""
    status, body = get(port, "/metrics")
    assert status == 200
    return {
        (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(body)
        for one in family.samples
    }


def fill(world: World, home: Path) -> None:
    """One document with an owner, and a question about it that a person asks."""
    write(
        home / "kit",
        "secret-file.md",
        f"---\ntitle: Guidance\nowner: {OWNER}\n---\n\n# Guidance\n\n{SENTENCE}\n",
    )
    added = {
        "type": "folder", "name": "kit", "options": {"path": str(home / "kit")}, "status": "approved",
        "access": "all",
    }  # fmt: skip
    run_operation(world, "source add", added, ignore)
    run_operation(world, "sync", {"name": None}, ignore)
    run_operation(world, "people add", {"email": ASKER, "name": "Mara"}, ignore)
    answer = run_operation(world, "ask", {"question": QUESTION, "as": ASKER}, ignore)
    assert answer["verdict"] == "answered"


def test_page_can_be_parsed_counts_what_was_done_and_holds_no_text_of_it(empty: Commands) -> None:
    with serve_collector() as collector:
        with probing(empty.home, ONBRAND_OTLP_URL=collector.url) as (world, probes):
            fill(world, empty.home)
            values = read_metrics(probes.port)
            told = "".join(get(probes.port, path)[1] for path in ("/metrics", "/readyz", "/healthz"))
        traces = b"".join(collector.bodies)
    assert values["onbrand_answers_total", "passages", "answered"] == 1
    assert values["onbrand_answer_seconds_count", "passages"] == 1
    assert values["onbrand_receipts_total",] == 1
    assert values["onbrand_documents", "approved"] == 1
    assert values["onbrand_index_passages",] >= 1
    assert values["onbrand_sync_age_seconds", "kit"] < 60
    assert values["onbrand_disk_free_bytes",] > 1_000_000
    assert values["onbrand_model_circuit_open",] == 0
    assert values["onbrand_ready",] == 1
    assert ("onbrand_slack_connected",) not in values
    known = {one.name for one in METRICS}
    for name, *_ in values:
        base = name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count")
        assert base in known or name.startswith("process_"), name
    assert b"searching" in traces
    for secret in SECRETS:
        assert secret not in told.lower()
        assert secret.encode() not in traces.lower()


def test_process_is_alive_and_ready_and_says_what_it_still_waits_for(empty: Commands) -> None:
    settings = Settings.from_environment(
        _env_file=None, ONBRAND_HOME=empty.home, ONBRAND_PROBE_ADDRESS="127.0.0.1:0"
    )
    with own_world(settings) as world, serve_probes(world, awaited=("start", "slack")) as probes:
        assert read_missing(probes.port) == (503, ["start", "slack"])
        assert get(probes.port, "/healthz") == (200, '{"alive": true, "dead": []}\n')
        probes.arrived("start")
        is_connected = Event()
        probes.watch(Part("slack", is_connected.is_set))
        assert read_missing(probes.port) == (503, ["slack"])
        is_connected.set()
        assert read_missing(probes.port) == (200, [])
        probes.begin_stop()
        assert read_missing(probes.port) == (503, ["process"])
        assert get(probes.port, "/healthz")[0] == 200


def test_thread_that_died_makes_the_process_dead_but_not_while_it_stops(empty: Commands) -> None:
    with probing(empty.home) as (_, probes):
        probes.watch(Part("slack", lambda: True, lambda: ("slack-connection",)))
        status, body = get(probes.port, "/healthz")
        assert (status, json.loads(body)) == (503, {"alive": False, "dead": ["slack-connection"]})
        probes.begin_stop()
        assert get(probes.port, "/healthz")[0] == 200


def test_database_that_goes_away_makes_it_unready_and_the_page_shorter_until_it_is_back(
    empty: Commands,
) -> None:
    with probing(empty.home) as (world, probes):
        fill(world, empty.home)
        file = empty.home / "onbrand.sqlite3"
        file.rename(empty.home / "away")
        assert read_missing(probes.port) == (503, ["database"])
        assert read_metrics(probes.port)["onbrand_ready",] == 0
        (empty.home / "away").rename(file)
        assert read_missing(probes.port) == (200, [])
        assert read_metrics(probes.port)["onbrand_documents", "approved"] == 1


def fail() -> Any:
    raise TransientError(f"it did not answer: {SENTENCE}")


def test_database_that_answers_with_errors_costs_its_gauges_alone_and_no_word_gets_out(
    empty: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with probing(empty.home) as (world, probes):
        fill(world, empty.home)
        monkeypatch.setattr(type(world.database), "read", lambda _self: fail())
        assert read_missing(probes.port) == (503, ["database"])
        values = read_metrics(probes.port)
        told = get(probes.port, "/readyz")[1] + get(probes.port, "/metrics")[1]
    assert values["onbrand_reading_failed", "database"] == 1
    assert values["onbrand_reading_failed", "index"] == 0
    assert values["onbrand_answers_total", "passages", "answered"] == 1
    assert ("onbrand_documents", "approved") not in values
    assert "zanzibar" not in told.lower()


def test_database_that_never_answers_holds_up_no_probe_for_long(
    empty: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = Event()
    with probing(empty.home) as (world, probes):
        real = type(world.database).read

        def hang(database: Any) -> Any:
            let_go.wait(20)
            return real(database)

        for name in ("_database", "_gauges"):
            monkeypatch.setattr(getattr(probes, name), "_seconds", 0.3)
        monkeypatch.setattr(type(world.database), "read", hang)
        watch = Stopwatch()
        assert read_missing(probes.port) == (503, ["database"])
        assert read_metrics(probes.port)["onbrand_reading_failed", "database"] == 1
        assert get(probes.port, "/healthz")[0] == 200
        assert watch.milliseconds() < 3_000
        let_go.set()
        assert wait_until(lambda: read_missing(probes.port) == (200, []))


def wait_until(is_so: Callable[[], bool], seconds: float = 15.0) -> bool:
    watch = Stopwatch()
    while not is_so() and watch.milliseconds() < seconds * 1000:
        pause(0.05)
    return is_so()


def test_dead_model_leaves_it_ready_and_is_named(empty: Commands) -> None:
    url = f"http://127.0.0.1:{find_free_port()}/v1"
    with probing(empty.home, ONBRAND_LLM_URL=url, ONBRAND_LLM_MODEL="m") as (world, probes):
        fill(world, empty.home)
        for _ in range(3):
            run_operation(world, "ask", {"question": QUESTION}, ignore)
        status, body = get(probes.port, "/readyz")
        values = read_metrics(probes.port)
    assert (status, [one["part"] for one in json.loads(body)["degraded"]]) == (200, ["model"])
    assert "left alone" in body
    assert url not in body
    assert values["onbrand_model_failures_total", "down"] == 4
    assert values["onbrand_model_circuit_open",] == 1
    assert values["onbrand_ready",] == 1


def test_second_world_on_the_machine_goes_without_probes_and_says_so(
    empty: Commands, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    port = find_free_port()
    default = Settings.model_fields["probe_address"]
    monkeypatch.setattr(default, "default", f"127.0.0.1:{port}")
    Settings.model_rebuild(force=True)
    try:
        with probing(empty.home / "first", ONBRAND_PROBE_ADDRESS=f"127.0.0.1:{port}") as (_, first):
            settings = Settings.from_environment(_env_file=None, ONBRAND_HOME=empty.home / "second")
            assert settings.probe_address.endswith(str(port))
            with (
                caplog.at_level(logging.WARNING),
                own_world(settings) as world,
                serve_probes(world) as second,
            ):
                assert second.port is None
                assert get(first.port, "/readyz")[0] == 200
    finally:
        monkeypatch.undo()
        Settings.model_rebuild(force=True)
    [said] = [one.getMessage() for one in caplog.records if one.name == "admin.probes"]
    assert "Set ONBRAND_PROBE_ADDRESS" in said
    assert f"127.0.0.1:{port}" in said


def test_address_that_was_set_on_purpose_and_is_taken_is_an_error_that_says_what_to_do(
    empty: Commands,
) -> None:
    with (
        probing(empty.home / "first") as (_, first),
        pytest.raises(UsageError, match=r"in use.*Set ONBRAND_PROBE_ADDRESS to HOST:PORT"),
        probing(empty.home / "second", ONBRAND_PROBE_ADDRESS=f"127.0.0.1:{first.port}"),
    ):
        pytest.fail("it started")


def test_nothing_listens_when_probes_are_off(empty: Commands) -> None:
    with probing(empty.home, ONBRAND_PROBE_ADDRESS="off") as (_, probes):
        assert probes.port is None


def test_command_that_ends_at_once_loads_neither_metrics_nor_traces(empty: Commands) -> None:
    script = (
        "import sys\nfrom admin.cli import main\n"
        "sys.argv = ['onbrand', 'ask', 'Which colour?', '--no-model']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print('loaded', sorted(loaded & {'prometheus_client', 'opentelemetry', 'requests'}), 'admin' in loaded)"
    )
    environment = empty._environment({"ONBRAND_OTLP_URL": "http://127.0.0.1:9"})
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=empty.home,
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )
    assert "loaded [] True" in done.stdout, done.stdout


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as made:
        made.add(User("U1", "Ada", email="ada@home.example"))
        made.add(Channel("DU1", kind="im", members=("U1", events.BOT_USER_ID)))
        yield made


def test_bot_is_ready_while_slack_is_connected_counts_its_messages_and_stops_cleanly(
    empty: Commands, slack: FakeSlack
) -> None:
    port = find_free_port()
    environment = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.url,
        "ONBRAND_PROBE_ADDRESS": f"127.0.0.1:{port}",
    }
    bot = BotProcess(empty.home, environment, command=(*COMMAND, "bot")).start()
    try:
        assert slack.wait_for_connections(1, timeout=30), bot.read_log()
        assert wait_until(lambda: read_missing(port) == (200, [])), bot.read_log()
        event = events.build_message("U1", "DU1", QUESTION)
        assert slack.deliver(event).wait_for_ack()
        slack.wait_for_posts(1, thread_ts=event["ts"])
        assert wait_until(lambda: ("onbrand_slack_events_total", "done") in read_metrics(port))
        values = read_metrics(port)
        assert values["onbrand_slack_connected",] == 1
        assert values["onbrand_slack_events_total", "done"] == 1
        slack.stop()
        assert wait_until(lambda: read_missing(port) == (503, ["slack"])), bot.read_log()
        assert read_metrics(port)["onbrand_slack_connected",] == 0
        assert get(port, "/healthz")[0] == 200
        bot.stop()
        bot.wait()
    finally:
        bot.kill()
    assert "Traceback" not in bot.read_log()
    assert "zanzibar" not in bot.read_log().lower()
