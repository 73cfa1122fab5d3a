"""Secrets of sources: where they come from, and that they do not show."""

import stat
from pathlib import Path

import pytest

from core.errors import UsageError
from core.secrets import Secret, name_variable, pick_secrets, read_secrets_file
from core.source_settings import read_source_variables


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "secrets.env"
    made.write_text("# keys\nONBRAND_SOURCE_WIKI_TOKEN = 'from the file'\n\nnonsense\n")
    made.chmod(stat.S_IRUSR | stat.S_IWUSR)
    return made


def test_variable_is_named_after_source_and_option() -> None:
    assert name_variable("wiki-eu.2", "client-secret") == "ONBRAND_SOURCE_WIKI_EU_2_CLIENT_SECRET"


def test_secret_shows_as_stars_wherever_it_is_printed() -> None:
    secret = Secret("s3cr3t")
    assert (str(secret), repr(secret), f"{secret}", repr([secret])) == ("***", "***", "***", "[***]")
    assert secret.reveal() == "s3cr3t"


def test_file_gives_its_lines_without_quotes_and_comments(file: Path) -> None:
    assert read_secrets_file(file) == {"ONBRAND_SOURCE_WIKI_TOKEN": "from the file"}


def test_file_that_others_may_read_is_refused_with_what_to_do(file: Path) -> None:
    file.chmod(0o640)
    with pytest.raises(UsageError, match="run `chmod 600"):
        read_secrets_file(file)


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.env cannot be read \(FileNotFoundError\)"):
        read_secrets_file(tmp_path / "gone.env")


def test_environment_stands_above_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONBRAND_SOURCE_WIKI_TOKEN", "from outside")
    found = pick_secrets("wiki", ["token", "user"], read_source_variables(file))
    assert {name: one.reveal() for name, one in found.items()} == {"token": "from outside"}
