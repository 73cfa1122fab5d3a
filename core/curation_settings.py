"""Settings of people and curation: who counts as what, when to review, what is kept. Part of core.settings."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, field_validator
from pydantic_settings import BaseSettings, NoDecode

from core.documents import KINDS
from core.setting import declare_setting as _setting


def _split_days(value: Any) -> Any:
    """`battlecard=90,messaging=180` as a mapping."""
    if not isinstance(value, str):
        return value
    pairs = (part.partition("=") for part in value.split(",") if part.strip())
    return {kind.strip(): days.strip() for kind, _, days in pairs}


class CurationSettings(BaseSettings):
    """What holds where no act says otherwise."""

    unknown_people: Literal["open", "nothing"] = _setting(
        "ONBRAND_UNKNOWN_PEOPLE",
        "open",
        "What an e-mail reads that nobody added: what is open to all, or nothing.",
        "People",
    )
    deactivated_people: Literal["open", "nothing"] = _setting(
        "ONBRAND_DEACTIVATED_PEOPLE",
        "nothing",
        "What a deactivated person reads: the same, or nothing.",
        "People",
    )
    guests: Literal["open", "nothing"] = _setting(
        "ONBRAND_GUESTS", "nothing", "What a guest in Slack reads: what is open to all, or nothing.", "People"
    )
    review_days: Annotated[Mapping[str, int], NoDecode, BeforeValidator(_split_days)] = _setting(
        "ONBRAND_REVIEW_DAYS",
        {"battlecard": 90},
        "Days after which a document of a kind is due for review.",
        "Curation",
        allowed="KIND=DAYS, several joined by commas, for example battlecard=90,messaging=365",
    )
    quote_characters: int = _setting(
        "ONBRAND_QUOTE_CHARACTERS",
        1000,
        "Longer sentences are linked in Slack instead of quoted; a channel may set less.",
        "Curation",
        ge=0,
        le=2000,
    )
    question_days: int = _setting(
        "ONBRAND_QUESTION_DAYS",
        90,
        "Days for which the text of questions is kept.",
        "Curation",
        ge=1,
        le=3650,
    )
    audit_days: int = _setting(
        "ONBRAND_AUDIT_DAYS",
        2555,
        "Days for which audit rows are kept (7 years).",
        "Curation",
        ge=90,
        le=36500,
    )
    receipt_days: int = _setting(
        "ONBRAND_RECEIPT_DAYS",
        2555,
        "Days for which receipts of answers are kept (7 years); their questions go sooner.",
        "Curation",
        ge=90,
        le=36500,
    )

    @field_validator("review_days")
    @classmethod
    def _kinds_exist(cls, value: Mapping[str, int]) -> Mapping[str, int]:
        unknown = [kind for kind in value if kind not in KINDS]
        if unknown or any(days < 1 for days in value.values()):
            raise ValueError(
                f"kind {', '.join(unknown)!r} is not known" if unknown else "days must be 1 or more"
            )
        return value
