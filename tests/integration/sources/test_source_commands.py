"""`source add` and its kin over a source that lies elsewhere: what is asked, shown and kept, and what never is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest

from admin.commands.source_options import ask_for_options
from core.settings import Settings
from tests.fakes.confluence_server import TOKEN, FakeConfluence, serve_confluence
from tests.integration.commands import Commands

VARIABLES = {"ONBRAND_SOURCE_WIKI_USER": "crawler@example.com", "ONBRAND_SOURCE_WIKI_TOKEN": TOKEN}


@pytest.fixture
def site() -> Iterator[FakeConfluence]:
    """A site with one page that everybody who is signed in may read, labelled as approved."""
    with serve_confluence("cloud") as fake:
        ann = fake.state.add_user("Ann Ash")
        fake.state.add_space("BRAND", ("user", ann.key))
        page = fake.state.add_page("BRAND", "Colour", "<p>Our lead colour is teal.</p>")
        page.labels.append("approved")
        yield fake


@pytest.fixture
def wiki(quick: Commands, site: FakeConfluence) -> Commands:
    """Commands in a world with that site as the source `wiki`."""
    quick = replace(quick, settings=VARIABLES)
    quick.run("people", "add", "ann.ash@example.com")
    quick.run("source", "add", "confluence", "wiki", "--url", site.url)
    return quick


def test_preview_shows_what_would_be_read_and_adds_nothing(quick: Commands, site: FakeConfluence) -> None:
    quick = replace(quick, settings=VARIABLES)
    shown = quick.run("source", "add", "confluence", "wiki", "--url", site.url, "--preview", "--json").json
    assert (shown["files"], shown["coverage"]["access"]) == (
        1,
        {"user:ann.ash@example.com": {"files": 1, "examples": ["BRAND/Colour.confluence"]}},
    )
    assert quick.run("source", "list", "--json").json == []
    assert not any("body" in request for request in site.requests)


def test_missing_secret_is_named_by_its_variable(quick: Commands, site: FakeConfluence) -> None:
    said = quick.run("source", "add", "confluence", "wiki", "--url", site.url, code=2).err
    assert "ONBRAND_SOURCE_WIKI_TOKEN" in said


def test_wrong_secret_is_refused_before_anything_is_added(quick: Commands, site: FakeConfluence) -> None:
    quick = replace(quick, settings={**VARIABLES, "ONBRAND_SOURCE_WIKI_TOKEN": "wrong-secret-5512"})
    said = quick.run("source", "add", "confluence", "wiki", "--url", site.url, code=1).err
    assert "wrong-secret-5512" not in said
    assert quick.run("source", "list", "--json").json == []


def test_option_of_another_type_is_refused_with_those_that_are_there(quick: Commands) -> None:
    said = quick.run("source", "add", "folder", "kit", "--path", ".", "--drives", "Brand", code=2).err
    assert "a folder source has no --drives; allowed: --path" in said


def test_page_with_an_approving_label_answers_those_who_may_read_it_there(wiki: Commands) -> None:
    rules = wiki.home / "map.yaml"
    rules.write_text("rules:\n  - when: {label: approved}\n    set: {status: approved}\n")
    wiki.run("source", "map", "wiki", "--file", str(rules), "--reason", "labels are ours")
    report = wiki.run("sync", "wiki", "--json").json
    assert (report["ingested"], report["failed"]) == (1, [])
    asked = ("ask", "What is our lead colour?", "--no-model", "--json")
    answer = wiki.run(*asked, "--as", "ann.ash@example.com").json
    assert answer["claims"][0]["text"] == "Our lead colour is teal."
    assert answer["claims"][0]["evidence"][0]["url"].endswith("/Colour")
    assert wiki.run(*asked, "--as", "bob@example.com").json["verdict"] == "not_found"


def test_secret_is_in_no_file_of_the_world_and_in_no_output(wiki: Commands) -> None:
    wiki.run("sync", "wiki")
    shown = [
        wiki.run(*one).out for one in (("source", "list"), ("audit", "list"), ("data-flow",), ("doctor",))
    ]
    kept = b"".join(path.read_bytes() for path in wiki.home.rglob("*") if path.is_file())
    assert TOKEN not in "".join(shown)
    assert TOKEN.encode() not in kept


def test_data_flow_names_the_source_with_its_address(wiki: Commands, site: FakeConfluence) -> None:
    assert f"Sources: ON, wiki at {site.url}" in wiki.run("data-flow").out


def test_end_of_a_credential_is_a_day_and_can_be_moved(wiki: Commands) -> None:
    assert "is not a day" in wiki.run("source", "set", "wiki", "--credential-ends", "soon", code=2).err
    wiki.run("source", "set", "wiki", "--credential-ends", "2027-03-01")
    (source,) = wiki.run("source", "list", "--json").json
    assert source["credential-ends"] == "2027-03-01"


def test_secrets_file_that_others_may_read_is_refused(quick: Commands, site: FakeConfluence) -> None:
    file = quick.home / "secrets.env"
    file.write_text("\n".join(f"{name}={value}" for name, value in VARIABLES.items()))
    quick = replace(quick, settings={"ONBRAND_SECRETS_FILE": str(file)})
    add = ("source", "add", "confluence", "wiki", "--url", site.url)
    file.chmod(0o644)
    assert "chmod 600" in quick.run(*add, code=2).err
    file.chmod(0o600)
    quick.run(*add)


def test_at_a_terminal_it_asks_for_what_is_missing_and_keeps_secrets_in_their_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secrets.env"
    file.write_text("ONBRAND_SOURCE_OTHER_TOKEN=kept")
    file.chmod(0o600)
    typed = iter(["https://wiki.pelmarrow.example", "crawler@example.com", TOKEN])
    hidden: list[bool] = []

    def prompt(_text: str, **how: Any) -> str:
        hidden.append(bool(how.get("hide_input")))
        return next(typed)

    monkeypatch.setattr(click, "prompt", prompt)
    settings = Settings.from_environment(ONBRAND_SECRETS_FILE=file)
    options = ask_for_options("confluence", "wiki", {"spaces": "BRAND"}, settings)
    assert options == {"spaces": "BRAND", "url": "https://wiki.pelmarrow.example"}
    assert hidden == [False, True, True]
    assert file.read_text().splitlines() == [
        "ONBRAND_SOURCE_OTHER_TOKEN=kept",
        "ONBRAND_SOURCE_WIKI_USER=crawler@example.com",
        f"ONBRAND_SOURCE_WIKI_TOKEN={TOKEN}",
    ]


def test_secrets_file_that_is_not_there_yet_is_made_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secrets.env"
    monkeypatch.setattr(click, "prompt", lambda _text, **_how: "typed")
    settings = Settings.from_environment(ONBRAND_SECRETS_FILE=file)
    ask_for_options("resourcespace", "dam", {"url": "https://dam.pelmarrow.example", "user": "us"}, settings)
    assert (file.stat().st_mode & 0o777, file.read_text()) == (0o600, "ONBRAND_SOURCE_DAM_KEY=typed\n")
