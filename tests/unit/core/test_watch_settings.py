"""Which addresses of probes and collectors are taken, and what is said about others."""

import pytest

from core.errors import SettingsInvalid
from core.settings import Settings
from core.watch_settings import split_address


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("0.0.0.0:1", ("0.0.0.0", 1)),
        ("[::1]:9464", ("::1", 9464)),
        ("bot.internal:65535", ("bot.internal", 65535)),
    ],
)
def test_address_is_a_host_and_a_port(address: str, parts: tuple[str, int]) -> None:
    assert split_address(address) == parts
    assert Settings.from_environment(_env_file=None, ONBRAND_PROBE_ADDRESS=address).probe_address == address


@pytest.mark.parametrize(
    "address", ["9464", ":9464", "127.0.0.1", "::1:9464", "a:65536", "a:-1", "a:x", "[]:1", "on"]
)
def test_anything_else_is_refused_with_what_is_allowed(address: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"ONBRAND_PROBE_ADDRESS.*HOST:PORT.*or off"):
        Settings.from_environment(_env_file=None, ONBRAND_PROBE_ADDRESS=address)


def test_probes_can_be_switched_off_and_blank_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.from_environment(_env_file=None, ONBRAND_PROBE_ADDRESS="off").probe_address == "off"
    blank = Settings.from_environment(_env_file=None, ONBRAND_PROBE_ADDRESS="")
    assert blank.probe_address == "127.0.0.1:9464"
    assert "probe_address" not in blank.model_fields_set
    monkeypatch.setenv("ONBRAND_PROBE_ADDRESS", "127.0.0.1:9464")
    assert "probe_address" in Settings.from_environment(_env_file=None).model_fields_set


def test_collector_must_be_a_web_address_and_its_password_does_not_show() -> None:
    with pytest.raises(SettingsInvalid, match="ONBRAND_OTLP_URL"):
        Settings.from_environment(_env_file=None, ONBRAND_OTLP_URL="grpc:collector")
    settings = Settings.from_environment(
        _env_file=None, ONBRAND_OTLP_URL="http://a:never-shown@collector:4318"
    )
    assert "never-shown" not in repr(settings)
