"""Nothing phones home, and the legal brief lists every connection with what these settings make of it."""

from dataclasses import fields

import pytest

from admin.data_flow import list_connections, render_data_flow
from core.egress import CONNECTIONS, SILENCE, Connection, allow_own_tracing, silence_libraries
from core.settings import Settings, list_settings

PASSWORD = "never-shown-1b7f"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("no-env-file"))
    for name in list_settings():
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "before", [{}, dict.fromkeys(SILENCE, "whatever says otherwise"), {"HOME": "/home/x"}]
)
def test_every_switch_is_set_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, before: dict[str, str]
) -> None:
    environment = dict(before)
    monkeypatch.setattr("core.egress.os.environ", environment)
    silence_libraries()
    assert environment == before | SILENCE


def test_our_own_tracer_is_made_while_the_switch_against_those_of_libraries_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment: dict[str, str] = {}
    monkeypatch.setattr("core.egress.os.environ", environment)
    silence_libraries()
    with allow_own_tracing():
        assert "OTEL_SDK_DISABLED" not in environment
    assert environment == SILENCE


def test_switches_cover_the_libraries_that_would_call_home() -> None:
    assert {"DO_NOT_TRACK", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "SCARF_NO_ANALYTICS"} <= set(SILENCE)
    assert SILENCE["OTEL_SDK_DISABLED"] == "true"


@pytest.mark.parametrize("connection", CONNECTIONS, ids=lambda one: one.name)
def test_every_connection_says_everything_about_itself(connection: Connection) -> None:
    for field in fields(Connection):
        value = getattr(connection, field.name)
        assert isinstance(value, bool) or len(value) > 3, field.name


def test_only_slack_leaves_the_company() -> None:
    assert [one.name for one in CONNECTIONS if one.leaves_company] == ["Slack"]


@pytest.mark.parametrize("connection", CONNECTIONS[:-1], ids=lambda one: one.name)
def test_switch_of_a_connection_is_a_setting_that_exists(connection: Connection) -> None:
    is_command = connection.switch.startswith("onbrand source add")
    assert is_command or connection.switch.split()[0] in list_settings()


def test_without_settings_only_the_local_socket_is_on() -> None:
    listed = list_connections(Settings.from_environment())
    assert [one["name"] for one in listed] == [one.name for one in CONNECTIONS]
    assert [one["name"] for one in listed if one["is_on"]] == ["Local socket"]


def test_every_connection_can_be_seen_to_be_on_with_its_address() -> None:
    settings = Settings.from_environment(
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_APP_TOKEN="xapp-1",
        ONBRAND_LLM_URL="http://llm.pelmarrow.example/v1",
        ONBRAND_EMBEDDER="endpoint",
        ONBRAND_EMBEDDER_URL="http://embed.pelmarrow.example/v1",
        ONBRAND_EMBEDDER_MODEL="some-model",
        ONBRAND_RERANKER_URL="http://rerank.pelmarrow.example/v1",
        ONBRAND_RERANKER_MODEL="some-reranker",
        ONBRAND_QDRANT_URL="http://qdrant.pelmarrow.example:6333",
        ONBRAND_DATABASE_URL="postgresql://db.pelmarrow.example/onbrand",
        ONBRAND_OTLP_URL="http://someone:secret@traces.pelmarrow.example:4318",
    )
    wiki = {"name": "wiki", "type": "confluence", "url": "https://wiki.pelmarrow.example/wiki?secret=1"}
    listed = list_connections(settings, [wiki, {"name": "kit", "type": "folder", "path": "kit"}])
    assert all(one["is_on"] for one in listed)
    text = render_data_flow(listed)
    for address in (
        "https://slack.com/api/",
        "http://llm.pelmarrow.example/v1",
        "http://embed.pelmarrow.example/v1",
        "http://rerank.pelmarrow.example/v1",
        "db.pelmarrow.example/onbrand",
        "wiki at https://wiki.pelmarrow.example/wiki",
        "http://…@traces.pelmarrow.example:4318",
    ):
        assert f"ON, {address}" in text.replace("postgresql://", "")


def test_embedding_endpoint_is_off_while_vectors_are_made_in_the_process() -> None:
    settings = Settings.from_environment(ONBRAND_EMBEDDER_URL="http://embed.pelmarrow.example/v1")
    (one,) = [one for one in list_connections(settings) if one["name"] == "Embedding endpoint"]
    assert not one["is_on"]


def test_brief_hides_password_and_tokens() -> None:
    settings = Settings.from_environment(
        ONBRAND_DATABASE_URL=f"postgresql://onbrand:{PASSWORD}@db.pelmarrow.example/onbrand",
        SLACK_BOT_TOKEN=PASSWORD,
        SLACK_APP_TOKEN=PASSWORD,
        ONBRAND_LLM_KEY=PASSWORD,
        ONBRAND_QDRANT_KEY=PASSWORD,
    )
    listed = list_connections(settings)
    text = render_data_flow(listed)
    assert PASSWORD not in text + repr(listed)
    assert "PostgreSQL: ON, postgresql://…@db.pelmarrow.example/onbrand" in text


def test_brief_shows_on_and_off_and_every_switch() -> None:
    text = render_data_flow(list_connections(Settings.from_environment()))
    assert "Slack: off" in text
    assert "Local socket: ON, .onbrand" in text
    assert text.count("leaves the company: yes") == 1
    for name, value in SILENCE.items():
        assert f"{name}={value}" in text
