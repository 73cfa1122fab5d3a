"""`onbrand audit`, `retention` and the commands about one person's traces, as people at a terminal meet them."""

import json
import signal
import sqlite3
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import Stopwatch, pause
from tests.integration.commands import Commands, QuickCommands

ADA, AUD, MARA = "ada@pelmarrow.example", "aud@pelmarrow.example", "mara@pelmarrow.example"
PERIOD = ("--since", "2020-01-01", "--until", "2100-01-01")
GAP = "INSERT INTO gaps VALUES ('g', 'Why teal?', x'', NULL, '', '[]', 'open', '', :at, :at)"
QUESTION = "INSERT INTO gap_questions VALUES (1, 'g', :asker, 'Why teal?', :at)"


@pytest.fixture
def staffed(quick: Commands) -> Commands:
    """A world with an admin, an auditor, and a person without a role who asked something long ago."""
    quick.run("people", "add", ADA, "--role", "admin")
    at = str(datetime.now(UTC).replace(tzinfo=None) - timedelta(days=100))
    with sqlite3.connect(quick.home / "onbrand.sqlite3") as connection:
        for email, role in ((AUD, "auditor"), (MARA, None)):
            connection.execute("INSERT INTO people VALUES (?, '', ?, 1)", (email, role))
        connection.execute("INSERT INTO memberships VALUES ('sales', ?, 'CSV')", (f"user:{MARA}",))
        connection.execute(GAP, {"at": at})
        connection.execute(QUESTION, {"at": at, "asker": MARA})
    connection.close()
    return quick


def read_texts(commands: Commands) -> list[tuple[str, str]]:
    with sqlite3.connect(commands.home / "onbrand.sqlite3") as connection:
        rows = connection.execute("SELECT asker, question FROM gap_questions").fetchall()
    connection.close()
    return rows


def wait_until(is_so: Callable[[], bool]) -> bool:
    watch = Stopwatch()
    while watch.milliseconds() < 10_000:
        if is_so():
            return True
        pause(0.05)
    return False


def test_auditor_lists_verifies_and_exports_and_who_is_not_one_is_refused_on_record(
    staffed: Commands,
) -> None:
    for command in (("list",), ("verify",), ("export", *PERIOD, "--file", "no.jsonl")):
        assert "it takes admin or auditor" in staffed.run("audit", *command, "--as", MARA, code=1).err
    assert not (staffed.home / "no.jsonl").exists()
    refused = staffed.run("audit", "list", "--by", MARA, "--as", AUD, "--json").json
    assert [row["after"] for row in refused] == [{"refused": "no role"}] * 3
    shown = staffed.run("audit", "list", "--subject", "person", "--as", AUD).out
    assert f"local owner  add person  person {ADA}" in shown
    assert "since 'soon' is not a day" in staffed.run("audit", "list", "--since", "soon", code=2).err
    found = staffed.run("audit", "verify", "--as", AUD, "--json").json
    assert (found["ok"], found["problems"]) == (True, [])
    assert "The audit is whole" in staffed.run("audit", "verify", "--head", found["head"]).out
    exported = staffed.run("audit", "export", *PERIOD, "--file", "yes.jsonl", "--as", AUD)
    file = staffed.home / "yes.jsonl"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert exported.out == f"{len(lines) - 1} row(s) written to yes.jsonl.\n"
    assert lines[0]["rows"] == len(lines) - 1
    assert staffed.run("audit", "export", *PERIOD).lines[1:-1] == lines[1:]


def test_tampered_audit_ends_with_1_and_says_where(staffed: Commands) -> None:
    staffed.run("audit", "list", "--as", MARA, code=1)
    head = staffed.run("audit", "verify", "--json").json["head"]
    with sqlite3.connect(staffed.home / "onbrand.sqlite3") as connection:
        connection.execute("UPDATE audit SET actor = 'x' WHERE number = 1")
        connection.execute("DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)")
    connection.close()
    shown = staffed.run("audit", "verify", "--head", head, code=1).out
    assert "row 1: its values do not give its hash" in shown
    assert "cut off at the end" in shown
    assert "was noted as head and is not there" in shown
    assert "Head:" not in shown, "nobody should note the head of a chain that was tampered with"


def test_retention_shows_counts_and_removes_and_a_hold_stops_it(staffed: Commands) -> None:
    assert "due now: 1 gap questions, 1 gaps" in staffed.run("retention", "show", "--as", AUD).out
    assert staffed.run("retention", "run", "--dry-run", "--json").json["gap_questions"] == 1
    hold = staffed.run("retention", "hold", "--reason", "law suit", "--as", ADA, "--json").json
    assert staffed.run("retention", "run").out == "Nothing is due.\n"
    assert f"hold {hold['hold_id']} on everything: law suit (by {ADA}" in staffed.run("retention", "show").out
    assert "it takes admin" in staffed.run("retention", "run", "--as", AUD, code=1).err
    released = staffed.run("retention", "release", hold["hold_id"], "--reason", "over").out
    assert "released" in released
    assert staffed.run("retention", "run").out == "Thinned out: 1 gap questions, 1 gaps.\n"
    assert read_texts(staffed) == [(MARA, "(text removed after 90 days)")]


def test_one_person_is_exported_held_and_erased_and_the_output_says_what_stays(staffed: Commands) -> None:
    found = staffed.run("people", "export", MARA, "--as", AUD).json
    assert [row["email"] for row in found["people"]] == [MARA]
    assert [row["question"] for row in found["gap_questions"]] == ["Why teal?"]
    assert "Slack's user ids are no e-mails" in found["notes"][0]
    hold = staffed.run("retention", "hold", MARA, "--reason", "law suit", "--json").json
    refused = staffed.run("people", "erase", MARA, "--reason", "asked to", code=1).err
    assert (hold["hold_id"] in refused, "law suit" in refused) == (True, True)
    staffed.run("retention", "release", hold["hold_id"], "--reason", "over")
    erased = staffed.run("people", "erase", MARA, "--reason", "asked to", "--texts", "--as", ADA).out
    assert f"Erased {MARA}: 1 memberships, 1 people, 1 gap questions. This cannot be undone." in erased
    assert "audit: the audit must go on proving who did what" in erased
    assert read_texts(staffed) == [("erased person", "(text removed on request)")]
    last = staffed.run("audit", "list", "--limit", "1", "--json").json[0]
    assert (last["act"], last["after"]["irreversible"]) == ("erase person", True)


def test_process_that_stays_records_changed_settings_and_keeps_house(staffed: Commands) -> None:
    with staffed.running("up") as up:
        assert wait_until(lambda: read_texts(staffed)[0][1] == "(text removed after 90 days)")
        up.send_signal(signal.SIGTERM)
        assert up.wait(20) == 0
    again = QuickCommands(staffed.home, settings={"ONBRAND_QUESTION_DAYS": "30", "ONBRAND_LLM_KEY": "s3cret"})
    with again.running("up") as up:
        up.send_signal(signal.SIGTERM)
        up.wait(20)
    newest, first = staffed.run("audit", "list", "--subject", "settings", "--json").json
    assert (first["before"], first["after"]["ONBRAND_QUESTION_DAYS"]) == ({}, 90)
    assert newest["after"] == {"ONBRAND_QUESTION_DAYS": 30, "ONBRAND_LLM_KEY": "set"}
    assert newest["before"] == {"ONBRAND_QUESTION_DAYS": 90, "ONBRAND_LLM_KEY": "unset"}
    assert staffed.run("audit", "verify", "--json").json["ok"]
