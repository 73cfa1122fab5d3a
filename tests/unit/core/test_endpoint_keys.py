import pytest

from core.endpoint_keys import find_endpoint_key
from core.settings import Settings

HOSTED, OURS = "https://hosted.example/v1", "http://llm.pelmarrow.example:8000/v1"


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("nowhere"))
    monkeypatch.setenv("ONBRAND_LLM_KEY", "general")
    monkeypatch.setenv("ONBRAND_LLM_KEY_V4_PRO", "special")
    monkeypatch.setenv("ONBRAND_LLM_KEY_BLANK", " ")
    monkeypatch.delenv("ONBRAND_LLM_URL", raising=False)


def test_an_endpoint_has_the_key_of_its_name() -> None:
    assert find_endpoint_key(Settings.from_environment(), name="v4-pro", url=HOSTED) == "special"


def test_general_key_is_for_everybody_while_no_server_is_configured() -> None:
    for name in ("flash", "blank"):
        assert find_endpoint_key(Settings.from_environment(), name=name, url=HOSTED) == "general"


def test_key_of_the_configured_server_is_sent_to_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONBRAND_LLM_URL", OURS)
    settings = Settings.from_environment()
    assert find_endpoint_key(settings, name="flash", url=f"{OURS}/") == "general"
    assert find_endpoint_key(settings, name="flash", url=HOSTED) is None
    assert find_endpoint_key(settings, name="flash", url=OURS.replace("8000", "8001")) is None
