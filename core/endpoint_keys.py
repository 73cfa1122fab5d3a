"""The key of an endpoint that a command names beside the configured one. Called by `onbrand eval answers`."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.settings import Settings

OWN_KEY = "ONBRAND_LLM_KEY_"


def find_endpoint_key(settings: Settings, *, name: str, url: str) -> str | None:
    """ONBRAND_LLM_KEY_<NAME>; else ONBRAND_LLM_KEY, unless ONBRAND_LLM_URL says that it belongs to another server."""
    own = _read_own_key(f"{OWN_KEY}{name.upper().replace('-', '_')}")
    if own is not None:
        return own.get_secret_value()
    is_ours = settings.llm_url is None or _read_origin(settings.llm_url) == _read_origin(url)
    return settings.llm_key.get_secret_value() if settings.llm_key and is_ours else None


def _read_own_key(variable: str) -> SecretStr | None:
    class EndpointKey(BaseSettings):
        model_config = SettingsConfigDict(env_file=".env", extra="ignore", hide_input_in_errors=True)
        key: SecretStr | None = Field(default=None, validation_alias=variable)

    key = EndpointKey().key
    return key if key is not None and key.get_secret_value().strip() else None


def _read_origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
