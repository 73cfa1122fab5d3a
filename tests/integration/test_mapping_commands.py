"""`onbrand source map`: rules are shown, tried, set and taken back, and a sync goes by them."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from admin.commands import mapping as command
from admin.operations import mapping as operation
from core.access import AccessList
from ingest.connectors.connector import FileReference, GroupListing, Listing
from ingest.connectors.registry import find_type
from tests.integration.commands import Commands, QuickCommands, write

CARDS = """\
rules:
  - when: {path: "cards/**"}
    set: {kind: battlecard, status: approved, owner: tomas@otter.example}
  - when: {title: "*2024*"}
    set: {status: retired}
"""
TABLES = """\
rules:
  - when: {path: "**/quotes.csv"}
    set: {status: approved, kind: case_study}
    rows: {quote: "Said", speaker: "Who", company: "Firm", consent: "May we"}
  - when: {path: "ctas.csv"}
    set: {status: approved, kind: campaign_brief}
    rows: {cta: "Button", page: "Where", valid_from: "From", valid_until: "To"}
"""
Reader = AccessList((frozenset({"group:wiki"}),))


@dataclass(frozen=True)
class Wiki:
    """A source with versions, signals and readers of its own, from which nothing may be fetched."""

    files: tuple[FileReference, ...]

    def check_credentials(self) -> None:
        """They are good."""

    def list_changes(self, since: str | None) -> Listing:
        """Everything."""
        assert since is None
        return Listing(self.files, cursor="1")

    def fetch(self, file: FileReference) -> bytes:
        """A look fetches nothing of what has a version."""
        raise AssertionError(file.path)

    def list_groups(self) -> GroupListing | None:
        """None."""
        return None


@pytest.fixture(scope="module")
def added(memory: Path) -> Path:
    """A home with a source of five drafts, of which two say themselves what they are. The folder stays as it is."""
    folder, home = memory / "kit", memory / "added"
    write(folder, "voice.md", "Our voice is warm.")
    write(folder / "cards", "vorsquill.md", "Vorsquill is slow.")
    write(folder / "cards", "obrenda-2024.md", "Obrenda was slow.")
    write(folder / "cards", "secret.md", "---\nstatus: draft\nowner: ann@otter.example\n---\nLurken is slow.")
    write(folder / "cards", "sheet.csv", "Name,Price\nOne,7\n")
    write(folder, "onbrand.yaml", 'files: {"cards/sheet.csv": {kind: asset}}')
    home.mkdir()
    QuickCommands(home).run("source", "add", "folder", "kit", "--path", str(folder), "--access", "all")
    return home


@pytest.fixture
def kit(quick: Commands, added: Path) -> Commands:
    """A world of its own with that source."""
    shutil.copytree(added, quick.home, dirs_exist_ok=True)
    return quick


def preview(commands: Commands, rules: str, *more: str) -> Any:
    return commands.run("source", "map", "kit", "--file", "-", "--preview", "--json", *more, text=rules).json


def set_rules(commands: Commands, rules: str, *more: str) -> str:
    return commands.run("source", "map", "kit", "--file", "-", *more, text=rules).out


def list_documents(commands: Commands) -> Mapping[str, Any]:
    return {one["path"]: one for one in commands.run("documents", "list", "--json").json}


def test_preview_counts_what_would_change_by_field_with_examples_and_changes_nothing(kit: Commands) -> None:
    shown = preview(kit, CARDS)
    assert (shown["files"], shown["changed"], shown["unused"], shown["warnings"]) == (5, 4, [], [])
    said = {(one["field"], one["effect"], one["value"]): one["documents"] for one in shown["changes"]}
    assert said == {
        ("status", "becomes", "approved"): 2,
        ("status", "becomes", "retired"): 1,
        ("kind", "becomes", "battlecard"): 3,
        ("owner", "gains", None): 3,
    }
    assert shown["changes"][0]["examples"][0] == {
        "document": "cards/sheet.csv",
        "from": "draft",
        "to": "approved",
    }
    assert kit.run("source", "map", "kit", "--json").json["rules"] == []
    text = kit.run("source", "map", "kit", "--file", "-", "--preview", text=CARDS).out
    assert "4 of 5 documents of kit would change." in text
    assert "2 documents become approved:" in text
    assert "    cards/vorsquill.md  (draft → approved)" in text
    assert text.endswith("Nothing was changed.\n")


def test_sync_goes_by_the_rules_below_what_sidecar_document_and_curator_say(kit: Commands) -> None:
    said = set_rules(kit, CARDS, "--reason", "as agreed")
    assert "2 mapping rule(s) of kit, in place of 0." in said
    kit.run("sync")
    found = list_documents(kit)
    assert {path: (one["status"], one["kind"]) for path, one in found.items()} == {
        "voice.md": ("draft", "other"),
        "cards/vorsquill.md": ("approved", "battlecard"),
        "cards/obrenda-2024.md": ("retired", "battlecard"),
        "cards/secret.md": ("draft", "battlecard"),
        "cards/sheet.csv": ("approved", "asset"),
    }
    assert found["cards/secret.md"]["owner"] == "ann@otter.example"
    kit.run("documents", "set", "kit:cards/vorsquill.md", "--field", "kind=messaging")
    clear = kit.run("source", "map", "kit", "--clear", "--preview", "--json").json
    # The curator's kind stays, and so does what the sidecar and the document say themselves.
    assert clear["decided"] == 1
    said_of = {one["field"]: [e["document"] for e in one["examples"]] for one in clear["changes"]}
    assert said_of["kind"] == ["cards/obrenda-2024.md", "cards/secret.md"]
    assert said_of["owner"] == ["cards/obrenda-2024.md", "cards/sheet.csv", "cards/vorsquill.md"]
    assert "3 documents lose their owner" in kit.run("source", "map", "kit", "--clear", "--preview").out
    kit.run("source", "map", "kit", "--clear")
    kit.run("sync")
    assert {one["status"] for one in list_documents(kit).values()} == {"draft"}


def test_rules_are_shown_as_they_can_be_edited_and_set_again(kit: Commands) -> None:
    assert "has no mapping rules" in kit.run("source", "map", "kit").out
    set_rules(kit, CARDS)
    shown = kit.run("source", "map", "kit", "--show").out
    assert shown.startswith("rules:\n")
    (kit.home / "map.yaml").write_text(shown + "- when: {path: '**'}\n  set: {brand: Otter}\n")
    kit.run("source", "map", "kit", "--file", "map.yaml")
    rules = kit.run("source", "map", "kit", "--json").json["rules"]
    assert [rule["set"] for rule in rules] == [
        {"kind": "battlecard", "status": "approved", "owner": "tomas@otter.example"},
        {"status": "retired"},
        {"brand": "Otter"},
    ]


def test_mapping_is_on_record_and_can_be_taken_back_and_taken_back_again(kit: Commands) -> None:
    set_rules(kit, CARDS, "--reason", "as agreed")
    act = kit.run("audit", "list", "--json").json[0]
    assert (act["act"], act["subject"], act["reason"]) == ("map source", "source kit", "as agreed")
    assert (act["before"], len(act["after"]["mapping"])) == ({"mapping": []}, 2)
    kit.run("undo", str(act["number"]))
    assert kit.run("source", "map", "kit", "--json").json["rules"] == []
    undone = kit.run("audit", "list", "--json").json[0]
    kit.run("undo", str(undone["number"]))
    assert len(kit.run("source", "map", "kit", "--json").json["rules"]) == 2
    kit.run("source", "map", "kit", "--clear")
    assert "has changed after that act (mapping)" in kit.run("undo", str(act["number"]), code=2).err


def test_removed_source_comes_back_with_its_rules(kit: Commands) -> None:
    set_rules(kit, CARDS)
    kit.run("source", "remove", "kit")
    kit.run("undo", str(kit.run("audit", "list", "--json").json[0]["number"]))
    assert len(kit.run("source", "map", "kit", "--json").json["rules"]) == 2


def test_rules_take_an_admin_to_be_tried_and_set(kit: Commands) -> None:
    kit.run("people", "add", "cora@otter.example", "--role", "curator")
    as_curator = ("--as", "cora@otter.example")
    error = kit.run("source", "map", "kit", "--clear", "--preview", *as_curator, code=1).err
    assert "may not look into sources (role: curator); it takes admin" in error
    assert "may not map source" in kit.run("source", "map", "kit", "--clear", *as_curator, code=1).err


def test_wrong_use_is_told_and_sets_nothing(kit: Commands) -> None:
    broken = "rules:\n  - when: {label: a\n"
    unknown = "rules:\n  - {when: {label: a}, set: {kind: poster}}"
    for arguments, rules, message in (
        (("--file", "-"), broken, "not valid YAML, line 3"),
        (("--file", "-", "--preview"), unknown, "rule 1 (line 2): kind 'poster'"),
        (("--clear", "--show"), "", "exclude each other"),
        (("--show", "--preview"), "", "exclude each other"),
    ):
        assert message in kit.run("source", "map", "kit", *arguments, code=2, text=rules).err
    assert kit.run("audit", "list", "--json").json[0]["act"] == "add source"


def test_file_that_is_no_text_is_refused(kit: Commands) -> None:
    (kit.home / "map.yaml").write_bytes(b"rules: \xff\xfe")
    assert "is not UTF-8" in kit.run("source", "map", "kit", "--file", "map.yaml", code=2).err


def test_rule_that_matches_nothing_and_values_that_cannot_be_used_are_named(kit: Commands) -> None:
    rules = CARDS + "  - when: {lable: approved}\n    set: {status: approved}\n"
    rules += '  - when: {path: "cards/*.md"}\n    set: {valid_until: "{title}"}\n'
    shown = preview(kit, rules)
    assert shown["unused"] == [3]
    assert [one["document"] for one in shown["warnings"]] == [
        "cards/obrenda-2024.md",
        "cards/secret.md",
        "cards/vorsquill.md",
    ]
    text = kit.run("source", "map", "kit", "--file", "-", "--preview", text=rules).out
    assert "No document matches rule 3" in text
    assert "cards/vorsquill.md: rule 4: valid_until 'vorsquill' is not a day" in text


def test_at_a_terminal_the_changes_are_shown_before_anything_is_set(
    kit: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "is_terminal", lambda: True)
    (kit.home / "map.yaml").write_text(CARDS)
    refused = kit.run("source", "map", "kit", "--file", "map.yaml", text="n\n", code=130)
    assert "2 documents become approved" in refused.err
    assert kit.run("source", "map", "kit", "--json").json["rules"] == []
    kit.run("source", "map", "kit", "--file", "map.yaml", text="y\n")
    assert len(kit.run("source", "map", "kit", "--json").json["rules"]) == 2


def test_preview_of_a_source_with_versions_fetches_nothing_and_goes_by_its_signals(
    kit: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = FileReference("Brand/Voice.confluence", 0, None, item_id="1", version="3", access=Reader)
    stated = {"title": "Voice and tone", "owner": "bo@otter.example"}
    pages = (
        replace(page, stated=stated, signals={"label": ("Approved", "hot")}),
        replace(page, path="Brand/Old.md", item_id="2", stated={"status": "retired"}),
        replace(page, path="Brand/Film.mp4", item_id="3", skip_reason="is a film"),
    )
    monkeypatch.setattr(operation, "open_source", lambda _world, _source: Wiki(pages))
    rules = (
        "rules:\n  - {when: {label: approved, title: 'voice*'}, set: {status: approved, owner: '{label}'}}\n"
    )
    shown = preview(kit, rules)
    assert (shown["files"], shown["changed"]) == (2, 1)
    assert [(one["field"], one["examples"]) for one in shown["changes"]] == [
        ("status", [{"document": "Brand/Voice.confluence", "from": "draft", "to": "approved"}]),
        (
            "owner",
            [{"document": "Brand/Voice.confluence", "from": "bo@otter.example", "to": "Approved, hot"}],
        ),
    ]


def test_preview_without_rules_names_the_signals_that_rules_can_be_made_of(
    kit: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = FileReference("Brand/Voice.confluence", 0, None, item_id="1", version="3", access=Reader)
    labels = [(f"label-{number}", "hot") for number in range(7)]
    pages = tuple(
        replace(page, path=f"{number}.md", item_id=str(number), signals={"label": one})
        for number, one in enumerate(labels)
    )
    monkeypatch.setattr(operation, "open_source", lambda _world, _source: Wiki(pages))
    set_rules(kit, "rules:\n  - {when: {label: 'hot'}, set: {kind: messaging}}\n")
    shown = kit.run("source", "map", "kit", "--preview", "--json").json
    assert (shown["files"], shown["changed"], shown["unused"]) == (7, 0, [])
    (label,) = shown["signals"]
    assert (label["name"], label["documents"], label["more_values"]) == ("label", 7, True)
    assert (label["values"][0], len(label["values"])) == ("hot", 5)


def test_page_that_its_source_calls_retired_is_not_approved_by_a_label(
    kit: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = FileReference(
        "Old.confluence", 0, None, item_id="1", version="3", signals={"label": ("approved",)}
    )
    old = replace(page, stated={"status": "retired"})
    monkeypatch.setattr(operation, "open_source", lambda _world, _source: Wiki((old,)))
    rules = "rules:\n  - {when: {label: approved}, set: {status: approved, kind: messaging}}\n"
    assert [one["field"] for one in preview(kit, rules)["changes"]] == ["kind"]


def test_rules_cannot_open_what_a_source_has_closed_itself(
    kit: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = replace(find_type("folder"), has_permissions=True)
    monkeypatch.setattr(operation, "find_type", lambda _name: closed)
    rules = "rules:\n  - {when: {path: '**'}, set: {access: all}}\n"
    error = kit.run("source", "map", "kit", "--file", "-", code=2, text=rules).err
    assert "rule 1 (line 2): sets access, but this source has permissions of its own" in error


def test_tables_are_read_row_by_row_and_answer_with_quotations_and_calls_to_action(quick: Commands) -> None:
    folder = quick.home / "kit"
    quotes = "Said,Who,Firm,May we\n"
    quotes += '"We went live in nine days, and nobody noticed.",Ann Otter,Otter Ltd,written\n'
    quotes += '"We went live in three days.",Bo Mole,Mole Ltd,withdrawn\n'
    quotes += '"We went live in two days.",Cy Vole,Vole Ltd,2026-06-30\n'
    write(folder / "stories", "quotes.csv", quotes)
    ctas = "Button,Where,From,To\nTry it free,Enterprise landing page,2026-01-01,\n"
    ctas += "Join the beta,Enterprise landing page,2026-01-01,2026-05-31\n"
    write(folder, "ctas.csv", ctas)
    quick.run("source", "add", "folder", "kit", "--path", str(folder), "--access", "all")
    shown = preview(quick, TABLES)
    assert [one["documents"] for one in shown["changes"] if one["field"] == "rows"] == [2]
    set_rules(quick, TABLES)
    report = quick.run("sync", "--json").json
    assert "rows whose consent is 'withdrawn' stay drafts" in str(report["warnings"])
    found = quick.run("documents", "list", "--json").json
    assert sorted((one["title"], one["status"]) for one in found) == [
        ("Ann Otter, Otter Ltd", "approved"),
        ("Bo Mole, Mole Ltd", "draft"),
        ("Cy Vole, Vole Ltd", "approved"),
        ("Join the beta", "approved"),
        ("Try it free", "approved"),
    ]
    (quote,) = quick.run("ask", "customer quote about going live", "--no-model", "--json").json["claims"]
    assert "We went live in nine days, and nobody noticed." in quote["text"]
    assert quote["speaker"] == "Ann Otter, Otter Ltd"
    ctas = quick.run(
        "ask", "What are the active CTAs for the enterprise landing page?", "--no-model", "--json"
    ).json
    assert [one["evidence"][0]["title"] for one in ctas["claims"]] == ["Try it free"]
