"""Settings of jobs. Part of core.settings."""

from pydantic_settings import BaseSettings

from core.setting import declare_setting as _setting


class JobSettings(BaseSettings):
    """How jobs are carried out."""

    job_batches: int = _setting(
        "ONBRAND_JOB_BATCHES",
        2,
        "Batches of documents that a worker reads and embeds at the same time.",
        "Operation",
        allowed="1 to 32",
        ge=1,
        le=32,
    )
    alerts_channel: str | None = _setting(
        "ONBRAND_ALERTS_CHANNEL",
        None,
        "Slack channel that is told of failed and stale syncs, a dead model and a full disk; invite the bot there. "
        "Unset: they stand in the log alone.",
        "Operation",
        allowed="id of a channel, such as C0123456789",
        pattern=r"^[CG][A-Z0-9]{1,20}$",
    )
