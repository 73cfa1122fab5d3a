"""The doctor's word on the model endpoint: what it serves, whether the dialect fits, and which door stands open."""

import json
from pathlib import Path

import pytest

from admin.doctor import CHECKS, Finding, examine
from core.llm import LLM_DIALECTS, Dialect
from core.settings import Settings, list_settings
from tests.fakes.llm_endpoint import CANARY, LlmEndpoint, serve_llm

KEY = "never-shown-1b7f"


@pytest.fixture(autouse=True)
def only_this_check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list_settings():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("admin.doctor.CHECKS", tuple(check for check in CHECKS if check[0] == "model"))


def look(endpoint: LlmEndpoint, **settings: str) -> dict[str, Finding]:
    findings = list(examine(Settings.from_environment(ONBRAND_LLM_URL=endpoint.url, **settings)))
    spoken = json.dumps([one.as_json() for one in findings])
    assert KEY not in spoken
    assert CANARY not in spoken
    return {one.check: one for one in findings}


@pytest.mark.parametrize("configured", LLM_DIALECTS)
@pytest.mark.parametrize("dialect", LLM_DIALECTS)
def test_dialect_of_the_endpoint_is_found_whatever_is_configured(
    dialect: Dialect, configured: Dialect
) -> None:
    with serve_llm(dialect=dialect) as endpoint:
        finding = look(endpoint, ONBRAND_LLM_DIALECT=configured)["model dialect"]
    if dialect == configured:
        assert (finding.state, f"{dialect} is right" in finding.message) == ("ok", True)
    else:
        assert (finding.state, f"set ONBRAND_LLM_DIALECT={dialect}" in finding.message) == ("warning", True)
    # One short request a toggle, and none that asks for more.
    assert len(endpoint.requests) == 4
    assert all(body["max_tokens"] <= 64 for body in endpoint.requests)


def test_model_that_never_thinks_fits_the_dialect_that_is_set() -> None:
    with serve_llm(thinks="never") as endpoint:
        finding = look(endpoint)["model dialect"]
    assert (finding.state, "--thinking changes nothing" in finding.message) == ("ok", True)


@pytest.mark.parametrize(
    ("thinks", "words"), [("always", "thinks whatever is asked"), ("inside_the_answer", "reasoning parser")]
)
def test_thoughts_that_cannot_be_switched_off_are_a_warning(thinks: str, words: str) -> None:
    with serve_llm(thinks=thinks) as endpoint:
        finding = look(endpoint)["model dialect"]
    assert (finding.state, words in finding.message) == ("warning", True)


def test_served_models_are_named_with_their_context() -> None:
    with serve_llm() as endpoint:
        finding = look(endpoint)["model"]
    assert (finding.state, finding.message) == (
        "ok",
        f"{endpoint.url} serves deepseek-v4-flash (131072 tokens)",
    )


def test_model_that_is_not_served_is_named_and_not_asked() -> None:
    with serve_llm() as endpoint:
        findings = look(endpoint, ONBRAND_LLM_MODEL="another")
    assert list(findings) == ["model"]
    assert (findings["model"].state, endpoint.requests) == ("failed", [])
    assert "'another' is not served; served: deepseek-v4-flash" in findings["model"].message


def test_endpoint_that_serves_nothing_is_a_failure() -> None:
    with serve_llm(fault="no_models") as endpoint:
        assert look(endpoint)["model"].state == "failed"


def test_endpoint_that_lists_and_does_not_answer_is_a_failure_with_its_reason() -> None:
    with serve_llm(key=KEY, fault="error_chunk", thinks="never") as endpoint:
        finding = look(endpoint, ONBRAND_LLM_KEY=KEY)["model dialect"]
    assert finding.state == "failed"
    assert "it sent something that is not an answer" in finding.message


def test_door_beside_the_key_is_told_when_it_stands_open() -> None:
    with serve_llm(key=KEY, has_open_door=True) as endpoint:
        finding = look(endpoint, ONBRAND_LLM_KEY=KEY)["model key"]
    assert finding.state == "warning"
    assert "/invocations without the key" in finding.message
    assert "--api-key" in finding.message


@pytest.mark.parametrize(("has_key", "has_open_door"), [(True, False), (False, True)])
def test_nothing_is_said_of_a_closed_door_or_of_an_endpoint_without_a_key(
    *, has_key: bool, has_open_door: bool
) -> None:
    with serve_llm(key=KEY if has_key else None, has_open_door=has_open_door) as endpoint:
        findings = look(endpoint, **({"ONBRAND_LLM_KEY": KEY} if has_key else {}))
    assert list(findings) == ["model", "model dialect"]
