"""Every setting of the product. `Settings.from_environment()` is the only reader of the environment."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    FilePath,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode, SettingsConfigDict

from core.curation_settings import CurationSettings
from core.errors import SettingsInvalid
from core.job_settings import JobSettings
from core.model_settings import ModelSettings
from core.setting import Group, check_web_address
from core.setting import declare_setting as _setting
from core.source_settings import SourceSettings
from core.watch_settings import WatchSettings


def _split_commas(value: Any) -> Any:
    return (
        tuple(part.strip().lower() for part in value.split(",") if part.strip())
        if isinstance(value, str)
        else value
    )


class Settings(ModelSettings, CurationSettings, WatchSettings, JobSettings, SourceSettings):
    """All settings, read once and checked together. Secrets never show in a repr, a log or an error."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True)

    home: Path = _setting(
        "ONBRAND_HOME",
        Path(".onbrand"),
        "Folder of all state; another folder is another world.",
        "Where things live",
    )
    database_url: str | None = _setting(
        "ONBRAND_DATABASE_URL",
        None,
        "PostgreSQL for several processes; unset: SQLite in ONBRAND_HOME.",
        "Where things live",
        allowed="postgresql://user:password@host/database",
        repr=False,
    )
    qdrant_url: str | None = _setting(
        "ONBRAND_QDRANT_URL",
        None,
        "Qdrant server for several processes; unset: an index folder in ONBRAND_HOME.",
        "Where things live",
        allowed="http://… or https://…",
    )
    qdrant_key: SecretStr | None = _setting(
        "ONBRAND_QDRANT_KEY", None, "API key of the Qdrant server.", "Where things live"
    )
    qdrant_ca: FilePath | None = _setting(
        "ONBRAND_QDRANT_CA",
        None,
        "Certificates to trust at the Qdrant server; unset: those of the machine.",
        "Where things live",
        allowed="path of a PEM file",
    )
    qdrant_allow_open: bool = _setting(
        "ONBRAND_QDRANT_ALLOW_OPEN",
        False,  # noqa: FBT003 - the default of a field
        "Use a Qdrant server that asks for no key; only on a network of its own.",
        "Where things live",
        allowed="true or false",
    )
    qdrant_shards: int = _setting(
        "ONBRAND_QDRANT_SHARDS",
        1,
        "Shards of a new collection: the nodes of a cluster, or a multiple.",
        "Where things live",
        ge=1,
        le=256,
    )
    qdrant_replicas: int = _setting(
        "ONBRAND_QDRANT_REPLICAS",
        1,
        "Copies of each shard of a new collection; 2 or more survive a lost node.",
        "Where things live",
        ge=1,
        le=16,
    )

    slack_bot_token: SecretStr | None = _setting(
        "SLACK_BOT_TOKEN",
        None,
        "Bot token of your own Slack app; unset: no Slack.",
        "Slack",
        allowed="xoxb-…",
    )
    slack_app_token: SecretStr | None = _setting(
        "SLACK_APP_TOKEN",
        None,
        "App-level token with connections:write, for Socket Mode.",
        "Slack",
        allowed="xapp-…",
    )
    slack_signing_secret: SecretStr | None = _setting(
        "SLACK_SIGNING_SECRET", None, "Signing secret, needed for HTTP mode only.", "Slack"
    )
    slack_api_url: str = _setting(
        "SLACK_API_URL",
        "https://slack.com/api/",
        "Address of Slack's Web API.",
        "Slack",
        allowed="http://… or https://…",
    )
    slack_mode: Literal["socket", "http"] = _setting(
        "ONBRAND_SLACK_MODE",
        "socket",
        "socket needs no open port; http needs a public address.",
        "Slack",
        validate_default=True,
    )
    http_host: str = _setting("ONBRAND_HTTP_HOST", "127.0.0.1", "Address that HTTP mode listens on.", "Slack")
    http_port: int = _setting(
        "ONBRAND_HTTP_PORT", 3000, "Port that HTTP mode listens on.", "Slack", ge=0, le=65535
    )

    llm_url: str | None = _setting(
        "ONBRAND_LLM_URL",
        None,
        "OpenAI-compatible endpoint; unset: answers are the closest approved passages.",
        "Language model",
        allowed="http://… or https://…, usually ending in /v1",
    )
    llm_model: str | None = _setting(
        "ONBRAND_LLM_MODEL",
        None,
        "Model id; unset: the first one that the endpoint serves.",
        "Language model",
    )
    llm_key: SecretStr | None = _setting(
        "ONBRAND_LLM_KEY", None, "API key of the endpoint, if it wants one.", "Language model"
    )
    llm_dialect: Literal["vllm", "sglang", "deepseek", "openai"] = _setting(
        "ONBRAND_LLM_DIALECT",
        "vllm",
        "How the endpoint spells thinking and reasoning; `onbrand doctor` says which fits.",
        "Language model",
    )
    llm_thinking: Literal["never", "asked", "hard"] = _setting(
        "ONBRAND_LLM_THINKING",
        "asked",
        "When the model thinks before it answers, which takes longer: never, asked (by --thinking) or hard (also "
        "for hard questions).",
        "Language model",
    )
    llm_in_flight: int = _setting(
        "ONBRAND_LLM_IN_FLIGHT",
        8,
        "Requests to the endpoint at once; further questions wait their turn within the time limit.",
        "Language model",
        ge=1,
        le=256,
    )
    llm_priority: int | None = _setting(
        "ONBRAND_LLM_PRIORITY",
        None,
        "Our place in the endpoint's queue: at vLLM the lower number comes first, at SGLang as its server is set. "
        "Sent in these two dialects only; the server must schedule by priority.",
        "Language model",
    )
    llm_timeout_seconds: float = _setting(
        "ONBRAND_LLM_TIMEOUT_SECONDS",
        60.0,
        "Longest wait for one answer of the model.",
        "Language model",
        gt=0,
        le=600,
    )

    embedder_precision: Literal["int8", "fp32"] = _setting(
        "ONBRAND_EMBEDDER_PRECISION", "int8", "int8 is about twice as fast; fp32 is exact.", "Index"
    )
    max_file_megabytes: float = _setting(
        "ONBRAND_MAX_FILE_MEGABYTES", 50.0, "Larger files are skipped and named.", "Limits", gt=0
    )
    max_question_characters: int = _setting(
        "ONBRAND_MAX_QUESTION_CHARACTERS",
        4000,
        "Longer questions are refused with a hint.",
        "Limits",
        ge=100,
        le=40000,
    )
    answer_threads: int = _setting(
        "ONBRAND_ANSWER_THREADS", 32, "Answers in flight at once.", "Limits", ge=1, le=256
    )

    admins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_commas)] = _setting(
        "ONBRAND_ADMINS", (), "E-mails of the first admins, joined by commas.", "People"
    )

    timezone: str = _setting(
        "ONBRAND_TIMEZONE",
        "UTC",
        "Time zone of validity days.",
        "Operation",
        allowed="an IANA name such as Europe/Berlin",
    )
    today: date | None = _setting(
        "ONBRAND_TODAY", None, "Answer as of this day instead of today.", "Operation", allowed="YYYY-MM-DD"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _setting(
        "ONBRAND_LOG_LEVEL", "INFO", "How much is logged; never text of questions or documents.", "Operation"
    )

    @classmethod
    def from_environment(cls, **overrides: object) -> Self:
        """Read environment and `.env`; raise SettingsInvalid with the full list of what is wrong."""
        try:
            return cls(**overrides)  # type: ignore[arg-type]
        except ValidationError as error:
            raise SettingsInvalid([_describe(problem) for problem in error.errors()]) from None

    @model_validator(mode="before")
    @classmethod
    def _blank_is_unset(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: value for name, value in values.items() if not isinstance(value, str) or value.strip()}

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("no such time zone") from None
        return value

    @field_validator("qdrant_url", "llm_url", "slack_api_url")
    @classmethod
    def _is_web_address(cls, value: str | None) -> str | None:
        return check_web_address(value)

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, value: str | None) -> str | None:
        if value and not value.startswith(("postgresql://", "postgresql+psycopg://", "sqlite:///")):
            raise ValueError("not a database address")
        return value

    # A check of this field, not of the whole: that one would run only when every field is good.
    @field_validator("slack_mode")
    @classmethod
    def _slack_is_whole(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("slack_bot_token") is None:
            return value
        if value == "socket" and info.data.get("slack_app_token") is None:
            raise ValueError(
                "SLACK_APP_TOKEN is missing: Socket Mode needs it beside SLACK_BOT_TOKEN (xapp-…)"
            )
        if value == "http" and info.data.get("slack_signing_secret") is None:
            raise ValueError("SLACK_SIGNING_SECRET is missing: HTTP mode needs it beside SLACK_BOT_TOKEN")
        return value

    @property
    def is_shared(self) -> bool:
        """True when ledger and index live on servers, so that many processes may run."""
        return self.qdrant_url is not None and (self.database_url or "").startswith("postgresql")


def list_settings() -> Mapping[str, Any]:
    """Setting name -> pydantic field, in the order of `.env.example`."""
    groups = get_args(Group)
    fields = sorted(
        Settings.model_fields.values(),
        key=lambda one: groups.index(one.json_schema_extra["group"]),  # type: ignore[index]
    )
    return {str(field.validation_alias): field for field in fields}


def _describe(problem: Mapping[str, Any]) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else ""
    field = list_settings().get(name)
    if field is None:
        return str(problem["msg"]).removeprefix("Value error, ")
    allowed = field.json_schema_extra["allowed"]
    reason = str(problem["msg"]).removeprefix("Value error, ")
    return f"{name}: {reason}" + (f"; allowed: {allowed}" if allowed else "") + f". {field.description}"
