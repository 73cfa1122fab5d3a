"""Settings of sources, and the one reader of their secrets. Part of core.settings."""

import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values
from pydantic_settings import BaseSettings

from core.secrets import read_secrets_file
from core.setting import declare_setting as _setting


class SourceSettings(BaseSettings):
    """What holds for every source."""

    secrets_file: Path | None = _setting(
        "ONBRAND_SECRETS_FILE",
        None,
        "File of NAME=value lines with the secrets of sources, readable by this user alone; the environment and "
        ".env are looked into as well.",
        "Sources",
        allowed="path of a file",
    )
    most_removed_percent: float = _setting(
        "ONBRAND_MOST_REMOVED_PERCENT",
        20.0,
        "A sync that would remove a larger share of a source's documents (and more than ten) stops and asks.",
        "Sources",
        allowed="0 to 100",
        ge=0,
        le=100,
    )
    parse_seconds: float = _setting(
        "ONBRAND_PARSE_SECONDS",
        60.0,
        "Longest time to read one file; one that takes longer is skipped and named.",
        "Limits",
        gt=0,
        le=3600,
    )
    parse_megabytes: int = _setting(
        "ONBRAND_PARSE_MEGABYTES",
        1024,
        "Most memory of the process that reads files; a file that needs more is skipped and named.",
        "Limits",
        ge=256,
        le=65536,
    )
    parse_pages: int = _setting(
        "ONBRAND_PARSE_PAGES",
        2000,
        "Most pages or slides of one file; one with more is skipped and named.",
        "Limits",
        ge=1,
        le=100_000,
    )
    ocr_languages: str = _setting(
        "ONBRAND_OCR_LANGUAGES",
        "eng",
        "Languages of scanned pages, as Tesseract names them (eng+deu), where it is installed; none: never read.",
        "Limits",
    )


def read_source_variables(secrets_file: Path | None) -> Mapping[str, str]:
    """Every variable that may hold a secret of a source; the environment stands above `.env` and the secrets file."""
    kept = read_secrets_file(secrets_file) if secrets_file is not None else {}
    written = {name: value for name, value in dotenv_values(".env").items() if value}
    # The names depend on those of sources: no field of a settings class can hold them.
    return {**kept, **written, **os.environ}  # noqa: TID251
