"""Settings: read once, checked all at once, and silent about secrets."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from admin.env_example import build_env_example
from core.errors import SettingsInvalid
from core.settings import Settings, list_settings

ENV_EXAMPLE = Path(__file__).parents[3] / ".env.example"
SECRET = "never-shown-1b7f"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine, and no `.env`, reaches these tests."""
    monkeypatch.chdir(tmp_path)
    for name in list_settings():
        monkeypatch.delenv(name, raising=False)


def read_problems(monkeypatch: pytest.MonkeyPatch, **environment: str) -> tuple[str, ...]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsInvalid) as caught:
        Settings.from_environment()
    return caught.value.problems


def test_nothing_is_required_to_start() -> None:
    settings = Settings.from_environment()
    assert (settings.home, settings.slack_bot_token, settings.llm_url) == (Path(".onbrand"), None, None)
    assert not settings.is_shared


def test_environment_stands_above_the_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ONBRAND_LLM_MODEL=from-file\nONBRAND_TIMEZONE=Asia/Tokyo\n")
    monkeypatch.setenv("ONBRAND_LLM_MODEL", "from-environment")
    settings = Settings.from_environment()
    assert (settings.llm_model, settings.timezone) == ("from-environment", "Asia/Tokyo")


def test_every_problem_is_listed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "ONBRAND_DATABASE_URL": "mysql://host/database",
        "ONBRAND_QDRANT_URL": "host:6333",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "ONBRAND_HTTP_PORT": "99999",
        "ONBRAND_LLM_URL": "ftp://host",
        "ONBRAND_LLM_DIALECT": "klingon",
        "ONBRAND_LLM_TIMEOUT_SECONDS": "0",
        "ONBRAND_ANSWER_THREADS": "many",
        "ONBRAND_TIMEZONE": "Europe/Atlantis",
        "ONBRAND_TODAY": "tomorrow",
        "ONBRAND_LOG_LEVEL": "LOUD",
    }
    problems = read_problems(monkeypatch, **wrong)
    assert len(problems) == len(wrong)
    for name in wrong.keys() - {"SLACK_BOT_TOKEN"}:
        assert [problem for problem in problems if problem.startswith(f"{name}: ")], name
    assert "SLACK_APP_TOKEN is missing" in "\n".join(problems)


def test_message_counts_the_problems_and_says_what_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = read_problems(monkeypatch, ONBRAND_TIMEZONE="Mars", ONBRAND_TODAY="3 March")
    assert "allowed: an IANA name such as Europe/Berlin" in problems[0]
    assert "allowed: YYYY-MM-DD" in problems[1]
    assert str(SettingsInvalid(problems)).startswith("2 setting(s) cannot be used:\n  - ONBRAND_TIMEZONE: ")


@pytest.mark.parametrize("timezone", ["../../etc/passwd", "Europe", "/etc/localtime"])
def test_timezone_is_a_name_not_a_path(monkeypatch: pytest.MonkeyPatch, timezone: str) -> None:
    assert "no such time zone" in read_problems(monkeypatch, ONBRAND_TIMEZONE=timezone)[0]


@pytest.mark.parametrize(
    ("mode", "missing"), [("socket", "SLACK_APP_TOKEN"), ("http", "SLACK_SIGNING_SECRET")]
)
def test_slack_needs_the_secret_of_its_mode(monkeypatch: pytest.MonkeyPatch, mode: str, missing: str) -> None:
    problems = read_problems(monkeypatch, SLACK_BOT_TOKEN="xoxb-1", ONBRAND_SLACK_MODE=mode)
    assert len(problems) == 1
    assert f"{missing} is missing" in problems[0]
    monkeypatch.setenv(missing, "given")
    assert Settings.from_environment().slack_mode == mode


@pytest.mark.parametrize(
    ("embedder", "given", "missing"),
    [
        ("folder", {}, ["ONBRAND_EMBEDDER_FOLDER"]),
        ("endpoint", {}, ["ONBRAND_EMBEDDER_URL", "ONBRAND_EMBEDDER_MODEL"]),
        ("endpoint", {"ONBRAND_EMBEDDER_MODEL": "m"}, ["ONBRAND_EMBEDDER_URL"]),
        (
            "endpoint",
            {"ONBRAND_EMBEDDER_URL": "http://embed.pelmarrow.example/v1"},
            ["ONBRAND_EMBEDDER_MODEL"],
        ),
    ],
)
def test_embedder_needs_what_its_kind_needs(
    monkeypatch: pytest.MonkeyPatch, embedder: str, given: dict[str, str], missing: list[str]
) -> None:
    problems = read_problems(monkeypatch, ONBRAND_EMBEDDER=embedder, ONBRAND_TODAY="tomorrow", **given)
    assert len(problems) == 2, "it stands in the one list with every other problem"
    (problem,) = [one for one in problems if one.startswith("ONBRAND_EMBEDDER: ")]
    assert f"{' and '.join(missing)} missing" in problem


def test_malformed_address_of_the_embedder_is_one_problem_not_two(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"ONBRAND_EMBEDDER_URL": "host:80", "ONBRAND_EMBEDDER_MODEL": "m"}
    (problem,) = read_problems(monkeypatch, ONBRAND_EMBEDDER="endpoint", **wrong)
    assert problem.startswith("ONBRAND_EMBEDDER_URL: not a web address; allowed: http://")


def test_whole_embedder_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.from_environment().embedder == "onnx"
    assert (
        Settings.from_environment(ONBRAND_EMBEDDER="folder", ONBRAND_EMBEDDER_FOLDER="/m").embedder
        == "folder"
    )
    whole = {"ONBRAND_EMBEDDER_URL": "http://embed.pelmarrow.example/v1", "ONBRAND_EMBEDDER_MODEL": "m"}
    prefixed = Settings.from_environment(
        ONBRAND_EMBEDDER="endpoint", **whole, ONBRAND_EMBEDDER_QUESTION_PREFIX="query: "
    )
    assert prefixed.embedder_question_prefix == "query: "


def test_reranker_endpoint_needs_a_model_and_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONBRAND_RERANKER_URL", "http://rerank.pelmarrow.example/v1")
    assert "ONBRAND_RERANKER_MODEL is missing" in read_problems(monkeypatch)[0]
    monkeypatch.setenv("ONBRAND_RERANKER_MODEL", "m")
    assert Settings.from_environment().reranker_model == "m"
    monkeypatch.setenv("ONBRAND_RERANKER_FOLDER", "/m")
    assert "keep one of them" in read_problems(monkeypatch)[0]


SECRETS = {
    "ONBRAND_DATABASE_URL": f"postgresql://onbrand:{SECRET}@db.pelmarrow.example/onbrand",
    "ONBRAND_QDRANT_KEY": SECRET,
    "SLACK_BOT_TOKEN": SECRET,
    "SLACK_APP_TOKEN": SECRET,
    "SLACK_SIGNING_SECRET": SECRET,
    "ONBRAND_LLM_KEY": SECRET,
    "ONBRAND_EMBEDDER_KEY": SECRET,
    "ONBRAND_EMBEDDER_URL": f"http://onbrand:{SECRET}@embed.pelmarrow.example/v1",
    "ONBRAND_RERANKER_KEY": SECRET,
}


@pytest.mark.parametrize("name", SECRETS)
def test_secret_is_not_in_repr_or_text_of_the_settings(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "other")
    monkeypatch.setenv(name, SECRETS[name])
    settings = Settings.from_environment()
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)
    assert SECRET not in f"{settings}"


def test_secret_is_not_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = {name: value.replace("postgresql", "mysql") for name, value in SECRETS.items()}
    addresses = dict.fromkeys(
        ("ONBRAND_LLM_URL", "ONBRAND_QDRANT_URL", "ONBRAND_EMBEDDER_URL", "SLACK_API_URL"),
        f"ftp://u:{SECRET}@host",
    )
    problems = read_problems(monkeypatch, **bad | addresses, ONBRAND_TODAY=SECRET, ONBRAND_HTTP_PORT=SECRET)
    assert len(problems) == 7
    assert SECRET not in str(SettingsInvalid(problems))


def test_error_of_the_library_is_not_chained_to_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONBRAND_TODAY", SECRET)
    with pytest.raises(SettingsInvalid) as caught:
        Settings.from_environment()
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("blank", ["", "   ", "\t"])
@pytest.mark.parametrize("name", list(list_settings()))
def test_blank_is_unset(monkeypatch: pytest.MonkeyPatch, name: str, blank: str) -> None:
    expected = Settings.from_environment()
    monkeypatch.setenv(name, blank)
    assert Settings.from_environment() == expected


def test_blank_in_the_environment_switches_off_the_env_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("ONBRAND_LLM_URL=http://llm.pelmarrow.example/v1\n")
    monkeypatch.setenv("ONBRAND_LLM_URL", "")
    assert Settings.from_environment().llm_url is None


def test_admins_are_read_in_lower_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONBRAND_ADMINS", " Ada@Pelmarrow.example, bo@pelmarrow.example ,")
    assert Settings.from_environment().admins == ("ada@pelmarrow.example", "bo@pelmarrow.example")


def test_override_stands_above_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONBRAND_TODAY", "2026-03-03")
    assert Settings.from_environment(ONBRAND_TODAY="2027-01-01").today == date(2027, 1, 1)


def test_settings_cannot_be_changed_after_they_were_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings.from_environment().home = Path("elsewhere")


def test_world_is_shared_only_when_both_servers_are_set() -> None:
    ledger = {"ONBRAND_DATABASE_URL": "postgresql://db.pelmarrow.example/onbrand"}
    index = {"ONBRAND_QDRANT_URL": "http://qdrant.pelmarrow.example:6333"}
    assert Settings.from_environment(**ledger, **index).is_shared
    assert not Settings.from_environment(**ledger).is_shared
    assert not Settings.from_environment(**index).is_shared


def test_env_example_is_the_one_generated_from_the_settings() -> None:
    assert ENV_EXAMPLE.read_text(encoding="utf-8") == build_env_example()


def test_env_example_names_every_setting_with_its_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    defaults = Settings.from_environment()
    names = tuple(f"#{name}=" for name in list_settings())
    lines = [line[1:] for line in build_env_example().splitlines() if line.startswith(names)]
    assert len(lines) == len(names)
    (tmp_path / ".env").write_text("\n".join(lines))
    assert Settings.from_environment() == defaults
