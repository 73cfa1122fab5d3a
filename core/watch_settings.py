"""Settings of what watches over onbrand: probes, metrics, traces. Part of core.settings."""

from pydantic import field_validator
from pydantic_settings import BaseSettings

from core.setting import check_web_address
from core.setting import declare_setting as _setting

PROBES_OFF = "off"
MOST_PORT = 65535


class WatchSettings(BaseSettings):
    """Where one is asked how it is, and where traces go."""

    probe_address: str = _setting(
        "ONBRAND_PROBE_ADDRESS",
        "127.0.0.1:9464",
        "Address that /healthz, /readyz and /metrics are served at by every process that stays; without a password, "
        "so open it only to those who watch.",
        "Operation",
        allowed="HOST:PORT, for example 0.0.0.0:9464 or [::1]:9464, or off",
    )
    otlp_url: str | None = _setting(
        "ONBRAND_OTLP_URL",
        None,
        "OpenTelemetry collector (OTLP over HTTP) that traces are sent to, without a word of any question or "
        "document; unset: no traces.",
        "Operation",
        allowed="http://… or https://…, usually with port 4318",
        repr=False,
    )

    @field_validator("otlp_url")
    @classmethod
    def _is_collector_address(cls, value: str | None) -> str | None:
        return check_web_address(value)

    @field_validator("probe_address")
    @classmethod
    def _is_probe_address(cls, value: str) -> str:
        if value != PROBES_OFF:
            split_address(value)
        return value


def split_address(address: str) -> tuple[str, int]:
    """Host and port of `HOST:PORT`; raises ValueError."""
    host, _, port = address.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    is_bracketed = bare != host
    if not bare or not port.isdecimal() or int(port) > MOST_PORT or (":" in bare and not is_bracketed):
        raise ValueError(f"{address!r} is not an address with a port")
    return bare, int(port)
