"""The command `onbrand` as a person at a terminal, a script or a second terminal meets it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.integration.commands import Commands, as_lines, write

EVIDENCE = {
    "source",
    "path",
    "document_id",
    "title",
    "heading",
    "page",
    "url",
    "sentence",
    "status",
    "updated",
}
REPORT = {"source", "listed", "ingested", "unchanged", "removed", "skipped", "failed", "passages", "seconds"}
SALES = "group:sales"
MARKETER = "mara.ellison@pelmarrow.example"


@pytest.fixture(scope="module")
def filled(memory: Path) -> Commands:
    """A world with one synced source; tests leave it as they found it."""
    home = memory / "filled"
    write(home / "brand", "colour.md", "# Colour\n\nOur main colour is Marrow Teal. Headings are amber.")
    write(home / "brand", "past.md", "---\nvalid_until: 2026-01-31\n---\nOur winter slogan is Warm inside.")
    write(home / "brand", "sales.md", "---\naccess: group:sales\n---\nOur discount for schools is 30 %.")
    write(home / "brand", "other.md", "---\nbrand: Tallow\n---\nThe mascot of Tallow is a heron.")
    commands = Commands(home)
    commands.run(
        "source", "add", "folder", "brand", "--path", "brand", "--status", "approved", "--access", "all"
    )
    report = commands.run("sync", "--json").json
    assert report.keys() >= REPORT
    assert (report["source"], report["listed"], report["ingested"], report["failed"]) == ("brand", 4, 4, [])
    return commands


def test_source_is_added_once_listed_and_removed_and_wrong_use_is_told_apart_from_failure(
    empty: Commands,
) -> None:
    write(empty.home / "brand", "a.md", "Our colour is teal.")
    assert "there is no source yet" in empty.run("sync", code=2).err
    assert "does not exist" in empty.run("source", "add", "folder", "b", "--path", "gone", code=1).err
    added = empty.run(
        "source", "add", "folder", "b", "--path", "brand", "--brand", "Pelmarrow", "--json"
    ).json
    assert (added["name"], added["files"], added["status"], added["access"]) == ("b", 1, "draft", "owner")
    assert "exists already" in empty.run("source", "add", "folder", "b", "--path", "brand", code=2).err
    assert "known: b" in empty.run("sync", "nope", code=2).err
    (listed,) = empty.run("source", "list", "--json").json
    assert (listed["name"], listed["brand"], listed["last_synced_at"]) == ("b", "Pelmarrow", None)
    assert "Removed b" in empty.run("source", "remove", "b").out
    assert "no source 'b'" in empty.run("source", "remove", "b", code=2).err


def test_sync_names_each_file_that_failed_and_ends_with_1(empty: Commands) -> None:
    write(empty.home / "brand", "good.md", "Our colour is teal.")
    write(empty.home / "brand", "empty.pdf", b"")
    write(empty.home / "brand", "clip.mp4", b"\x89PNG")
    empty.run("source", "add", "folder", "b", "--path", "brand", "--status", "approved")
    report = empty.run("sync", "b", "--wait", "--json", code=1).json
    assert [(one["document"], "0 bytes" in one["error"]) for one in report["failed"]] == [("empty.pdf", True)]
    assert [one["document"] for one in report["skipped"]] == ["clip.mp4"]
    assert report["ingested"] == 1
    (empty.home / "brand/empty.pdf").unlink()
    (empty.home / "brand").rename(empty.home / "away")
    assert "does not exist" in empty.run("sync", code=1).err
    found = empty.run("search", "colour", "--json").json["results"]
    assert [one["path"] for one in found] == ["good.md"]


def test_ask_prints_the_shape_that_others_build_on(filled: Commands) -> None:
    answer = filled.run("ask", "What is our main colour?", "--no-model", "--json").json
    assert list(answer)[:9] == [
        "verdict",
        "ruling",
        "why",
        "claims",
        "nearest",
        "mode",
        "model",
        "receipt_id",
        "milliseconds",
    ]
    assert (answer["verdict"], answer["mode"], answer["model"]) == ("answered", "passages", None)
    assert answer["milliseconds"].keys() == {"search", "model", "verify", "total"}
    claim = answer["claims"][0]
    assert claim.keys() == {"text", "speaker", "evidence"}
    (evidence,) = claim["evidence"]
    assert evidence.keys() >= EVIDENCE
    assert (evidence["path"], evidence["status"]) == ("colour.md", "approved")
    assert claim["text"] == evidence["sentence"] == "Our main colour is Marrow Teal."
    assert answer["asker"] == "local owner"


def test_search_prints_the_shape_that_others_build_on(filled: Commands) -> None:
    found = filled.run("search", "main colour", "--limit", "1", "--json").json
    assert found.keys() == {"understood", "results", "milliseconds"}
    (result,) = found["results"]
    assert list(result) == [
        "rank",
        "source",
        "path",
        "document_id",
        "title",
        "heading",
        "page",
        "text",
        "score",
    ]
    assert (result["rank"], result["source"], result["path"]) == (1, "brand", "colour.md")


def test_batch_keeps_ids_obeys_each_line_and_reports_bad_lines(filled: Commands) -> None:
    slogan, discount, mascot = "What is our winter slogan?", "discount for schools", "mascot heron"
    lines: list[Mapping[str, object] | str] = [
        {"id": 7, "question": slogan},
        {"id": "then", "question": slogan, "on": "2026-01-31"},
        {"id": "owner", "question": discount},
        {"id": "stranger", "question": discount, "as": "stranger@elsewhere.example"},
        {"id": "own", "question": mascot, "brand": "Tallow"},
        {"id": "others", "question": mascot, "brand": "Pelmarrow"},
        {"id": "ja", "question": "ブランドの色は何ですか？"},
        {"id": "ar", "question": "ما هو لوننا الرئيسي؟"},
        {"id": "line\u2028end", "question": "main\u2028colour"},
        "",
        {"id": "void", "question": " "},
        {"id": "long", "question": "colour " * 8000},
        {"id": "day", "question": slogan, "on": "soon"},
        {"id": "kind", "question": slogan, "as": 5},
        '{"id": "half", "question": "\\ud800"}',
        "[1]",
        "{",
    ]
    write(filled.home, "batch.jsonl", "\ufeff" + as_lines(lines))
    ended = filled.run("search", "--batch", "batch.jsonl", code=1)
    replies = ended.lines
    assert [reply.get("id") for reply in replies] == [
        ("half" if "half" in line else None) if isinstance(line, str) else line["id"]
        for line in lines
        if line
    ]
    paths = {
        reply.get("id"): {one["path"] for one in reply["results"]} for reply in replies if "results" in reply
    }
    assert ("past.md" in paths[7], "past.md" in paths["then"]) == (False, True)
    assert ("sales.md" in paths["owner"], "sales.md" in paths["stranger"]) == (True, False)
    assert ("other.md" in paths["own"], "other.md" in paths["others"]) == (True, False)
    assert "colour.md" in paths["line\u2028end"]
    assert {"ja", "ar"} <= paths.keys()
    errors = {str(reply.get("id")): reply["error"] for reply in replies if "error" in reply}
    assert errors.keys() == {"void", "long", "day", "kind", "half", "None"}
    assert ("is empty" in errors["void"], "at most 4000" in errors["long"]) == (True, True)
    assert ("YYYY-MM-DD" in errors["day"], "as 5" in errors["kind"]) == (True, True)
    assert [reply["error"][:7] for reply in replies[-2:]] == ["line 16", "line 17"]


def test_batch_from_standard_input_answers_line_by_line(filled: Commands) -> None:
    lines = as_lines(
        [{"id": 1, "question": "What is our main colour?"}, {"question": "ブランドの色は何ですか？"}]
    )
    first, second = filled.run("ask", "--no-model", "--batch", "-", text=lines).lines
    assert (first["id"], first["verdict"], first["claims"][0]["evidence"][0]["path"]) == (
        1,
        "answered",
        "colour.md",
    )
    assert "id" not in second
    assert second["verdict"] == "not_found"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask", ""), "the question is empty"),
        (("ask", "x" * 50_000), "50000 characters; at most 4000"),
        (("ask", b"colour \xff"), "not a character"),
        (("search", "--batch", "gone.jsonl"), "cannot be read"),
        (("documents", "approve", "gone.md"), "no document 'gone.md'"),
        (("documents", "set", "colour.md", "--field", "status=approved"), "cannot set status"),
    ],
)
def test_wrong_use_is_one_message_and_exit_2(
    filled: Commands, arguments: tuple[str | bytes, ...], said: str
) -> None:
    ended = filled.run(*arguments, code=2)
    assert said in ended.err
    assert ended.out == ""


def test_all_malformed_settings_are_listed_at_once(empty: Commands) -> None:
    ended = empty.run(
        "ask", "colour", code=2,
        ONBRAND_TODAY="soon", ONBRAND_LLM_URL="nonsense", ONBRAND_MAX_FILE_MEGABYTES="-1", SLACK_BOT_TOKEN="xoxb-1",
    )  # fmt: skip
    for name in ("ONBRAND_TODAY", "ONBRAND_LLM_URL", "ONBRAND_MAX_FILE_MEGABYTES"):
        assert name in ended.err
    assert "4 setting(s)" in ended.err
    assert "SLACK_APP_TOKEN is missing" in ended.err
    assert "xoxb-1" not in ended.err


def test_every_connection_and_scope_can_be_shown_before_anything_runs(empty: Commands) -> None:
    connections = {one["name"]: one for one in empty.run("data-flow", "--json").json["connections"]}
    assert [name for name, one in connections.items() if one["is_on"]] == ["Local socket"]
    assert connections["Slack"]["leaves_company"] is True
    assert empty.run("manifest").json["display_information"]["name"]
    findings = empty.run("doctor", "--json").json["findings"]
    assert {one["state"] for one in findings} <= {"ok", "off", "warning"}
    assert any("ONBRAND_TODAY" in one["message"] for one in findings)


def test_demo_answers_as_of_its_own_day_in_any_year_and_expired_samples_stay_silent(empty: Commands) -> None:
    later = Commands(empty.home, day="2031-01-01")
    shown = later.run("demo").out
    assert "as of 2026-10-15" in shown
    parts = shown.split("─" * 96)[1:]
    assert [("Closest approved passages" in part, "Not found" in part) for part in parts] == [
        (True, False), (True, False), (True, False), (False, True),
    ]  # fmt: skip
    assert (empty.home / "demo/slack-preview.html").stat().st_size > 1000
    later = Commands(empty.home / "demo", day="2031-01-01")
    rows = {row["document_id"]: row for row in later.run("documents", "list", "--json").json}
    expired = {key for key, row in rows.items() if row["valid_until"] and row["valid_until"] < "2031-01-01"}
    assert len(expired) > 10
    question = "What is our approved positioning against Vorsquill on data security?"
    lines = [{"question": question, "on": "2026-10-15"}, {"question": question}]
    then, now = later.run("search", "--batch", "-", text=as_lines(lines)).lines
    assert expired & {one["document_id"] for one in then["results"]}
    assert not expired & {one["document_id"] for one in now["results"]}
