"""Trust in bulk, removal that can be undone, and sources that are suddenly empty: from the command to the answer."""

import os
import pty
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import pytest

from core.access import LOCAL_OWNER, OWNER_ACCESS, Person
from core.acts import AuditedActs
from core.source_acts import restore_source
from core.sources import Sources
from core.sync_ledger import SyncLedger
from core.trust import TrustRule, TrustRules
from core.trust_acts import TrustActs, TrustRequest
from ingest.connectors.connector import SourceGone
from ingest.connectors.folder import FolderConnector
from ingest.ingest_batch import IndexParts
from ingest.look import SourceEmpty, SyncWishes
from ingest.sync_report import SyncReport
from ingest.sync_source import SourceSync
from tests.integration.commands import COMMAND, Commands, write
from tests.integration.small_world import CLOCK, MakeWorld, SmallWorld, as_pairs

CURATOR = Person("cora@pelmarrow.example", role="curator")
REASON = "the brand team's own folder"


def sync(world: SmallWorld, *, allow_empty: bool = False) -> SyncReport:
    """One sync with trust rules, as `onbrand sync` runs it, of the source as it stands in the ledger."""
    source, index = Sources(world.database, CLOCK).get(world.source.name), world.index
    walk = SourceSync(
        source=source,
        connector=FolderConnector(Path(source.options["path"]), world.max_bytes),
        ledger=SyncLedger(world.database, CLOCK, source=source.name, on_change=source.on_change),
        hold_parts=lambda: nullcontext(
            IndexParts(
                world.store,
                world.embedder,
                index.keyword_vectors,
                world.ledger,
                index.vocabulary,
                index.settle,
            )
        ),
        wishes=SyncWishes(allow_empty=allow_empty),
        trust=TrustRules(world.database),
    )
    return walk.run()


def open_trust(world: SmallWorld) -> TrustActs:
    acts = AuditedActs(world.database, CLOCK, settle_index=world.index.settle)
    return TrustActs(acts, CLOCK)


def trust(world: SmallWorld, pattern: str = "**", access: str | None = "all") -> TrustRule:
    return open_trust(world).trust(
        TrustRequest("brand", pattern, access=access), by=LOCAL_OWNER, reason=REASON
    )


def untrust(world: SmallWorld, rule: TrustRule) -> None:
    open_trust(world).untrust(rule, by=LOCAL_OWNER, reason="no longer")


@pytest.fixture
def unmarked(make_world: MakeWorld) -> SmallWorld:
    """Three synced documents that say nothing of their status; only the owner may read them."""
    world = make_world(status="draft", access=OWNER_ACCESS)
    world.write("a.md", "Our colour is teal.")
    world.write("deep/b.md", "Our colour is amber.")
    world.write("deep/c.md", "Our colour is umber.")
    sync(world)
    return world


def list_saying(world: SmallWorld) -> set[str]:
    return {word for word in ("teal", "amber", "umber") if world.says(word)}


def test_trusted_folder_answers_after_the_next_sync_and_nothing_is_embedded_again(
    unmarked: SmallWorld,
) -> None:
    rule = trust(unmarked, "deep/**")
    assert list_saying(unmarked) == set()
    unmarked.embedder.embedded.clear()
    report = sync(unmarked)
    assert list_saying(unmarked) == {"amber", "umber"}
    assert (report.ingested, report.unchanged, report.passages, unmarked.embedder.embedded) == (2, 1, 0, [])
    (line,) = report.as_json()["trusted"]
    assert (line["rule"], line["pattern"], line["status"]) == (rule.rule_id, "deep/**", "approved")
    assert (line["access"], line["by"], line["reason"]) == ("all", "local owner", REASON)
    assert (line["documents"], line["opened"]) == (2, 2)


def test_report_of_a_sync_that_changes_nothing_says_again_what_was_trusted(unmarked: SmallWorld) -> None:
    trust(unmarked)
    first, second = sync(unmarked), sync(unmarked)
    assert (second.unchanged, second.trusted) == (3, first.trusted)


def test_document_or_sidecar_that_says_draft_stays_a_draft_under_trust(unmarked: SmallWorld) -> None:
    unmarked.write("a.md", "---\nstatus: draft\n---\nOur colour is teal.")
    unmarked.write("deep/onbrand.yaml", "files: {b.md: {status: draft}}")
    trust(unmarked)
    report = sync(unmarked)
    assert list_saying(unmarked) == {"umber"}
    assert (report.trusted[0].documents, report.trusted[0].opened) == (1, 3)


def test_later_rule_stands_above_an_earlier_one(unmarked: SmallWorld) -> None:
    trust(unmarked)
    request = TrustRequest("brand", "deep/b.md", "draft")
    open_trust(unmarked).trust(request, by=CURATOR, reason="still in work")
    sync(unmarked)
    assert list_saying(unmarked) == {"teal", "umber"}


def test_end_of_a_rule_silences_what_only_it_approved_and_no_curators_act(unmarked: SmallWorld) -> None:
    rule = trust(unmarked, access=None)
    trust(unmarked, "**", access="all")
    sync(unmarked)
    unmarked.approve("a.md")
    for one in TrustRules(unmarked.database).list_rules("brand"):
        if one.status == "approved" and one.access:
            untrust(unmarked, one)
    assert list_saying(unmarked) == {"teal", "amber", "umber"}
    request = TrustRequest("brand", "**", None, "all")
    open_trust(unmarked).trust(request, by=LOCAL_OWNER, reason="open to all")
    sync(unmarked)
    assert list_saying(unmarked) == {"teal", "amber", "umber"}
    untrust(unmarked, rule)
    unmarked.embedder.embedded.clear()
    sync(unmarked)
    assert list_saying(unmarked) == {"teal"}
    assert unmarked.embedder.embedded == []


def test_file_that_cannot_be_read_any_more_does_not_outlive_the_trust_in_it(unmarked: SmallWorld) -> None:
    rule = trust(unmarked)
    sync(unmarked)
    unmarked.write("a.md", b"")
    untrust(unmarked, rule)
    report = sync(unmarked)
    assert list_saying(unmarked) == set()
    assert unmarked.read("a.md").is_removed
    assert "has ended" in as_pairs(report.warnings)["a.md"]
    unmarked.write("a.md", "---\nstatus: approved\naccess: all\n---\nOur colour is teal.")
    sync(unmarked)
    assert list_saying(unmarked) == {"teal"}


def test_unreadable_file_keeps_its_last_good_revision_while_the_trust_in_it_holds(
    unmarked: SmallWorld,
) -> None:
    trust(unmarked)
    sync(unmarked)
    unmarked.write("a.md", b"")
    report = sync(unmarked)
    assert list_saying(unmarked) == {"teal", "amber", "umber"}
    assert report.warnings == []


def test_source_that_was_added_as_approved_says_so_in_each_report(make_world: MakeWorld) -> None:
    world = make_world()
    world.write("a.md", "Our colour is teal.")
    world.write("b.md", "---\nstatus: approved\n---\nOur colour is amber.")
    (line,) = sync(world).trusted
    assert (line.rule, line.pattern, line.status, line.access) == (None, "**", "approved", "all")
    assert (line.by, line.documents, line.opened) == ("local owner", 1, 2)


def test_restored_source_answers_again_after_a_sync_also_what_was_moved_meanwhile(
    unmarked: SmallWorld,
) -> None:
    unmarked.set("a.md", access="all")
    unmarked.approve("a.md")
    document_id = unmarked.read("a.md").document.document_id
    for removed in unmarked.source_acts.remove("brand", by=LOCAL_OWNER):
        unmarked.store.remove(removed)
    assert (list_saying(unmarked), unmarked.store.count()) == (set(), 0)
    (unmarked.folder / "a.md").rename(unmarked.folder / "moved.md")
    state = {"removed": True}
    with unmarked.database.write() as connection:
        restore_source(connection, "brand", current=state, wanted={"removed": False})
    assert list_saying(unmarked) == set()
    assert sync(unmarked).moved == 1
    assert unmarked.says("teal") == {"moved.md"}
    assert unmarked.read("moved.md").document.document_id == document_id


def test_changed_source_holds_from_the_next_sync_on(unmarked: SmallWorld) -> None:
    unmarked.source_acts.set_fields("brand", {"brand": "Otter", "kind": "messaging"}, by=LOCAL_OWNER)
    assert unmarked.read("a.md").document.facts.brand is None
    unmarked.embedder.embedded.clear()
    sync(unmarked)
    facts = unmarked.read("a.md").document.facts
    assert (facts.brand, facts.kind, unmarked.embedder.embedded) == ("Otter", "messaging", [])


def test_source_that_is_suddenly_empty_silences_nothing_until_somebody_says_it_is_right(
    world: SmallWorld,
) -> None:
    for number in range(9):
        world.write(f"{number}.md", f"Note number {number}.")
    sync(world)
    for file in world.folder.iterdir():
        file.unlink()
    with pytest.raises(
        SourceEmpty, match=r"nothing where 10 document\(s\) were; .*sync brand --allow-removals"
    ):
        sync(world)
    assert world.says("teal") == {"guide.md"}
    report = sync(world, allow_empty=True)
    assert (report.removed, world.says("teal")) == (10, set())
    assert sync(world).listed == 0


def test_source_of_a_few_documents_may_become_empty_without_a_word(world: SmallWorld) -> None:
    (world.folder / "guide.md").unlink()
    assert sync(world).removed == 1
    assert world.says("teal") == set()


def test_folder_that_is_gone_silences_nothing_until_somebody_says_it_is_right(world: SmallWorld) -> None:
    shutil.rmtree(world.folder)
    with pytest.raises(SourceGone, match=r"does not exist.* 1 document\(s\) are known .*--allow-removals"):
        sync(world)
    assert world.says("teal") == {"guide.md"}
    assert sync(world, allow_empty=True).removed == 1
    assert world.says("teal") == set()


def add_unmarked(commands: Commands, count: int) -> None:
    for number in range(count):
        write(
            commands.home / "kit", f"{number}.md", f"# Product {number}\n\nProduct {number} is painted teal."
        )


def test_folder_of_500_unmarked_documents_answers_anybody_after_two_commands(empty: Commands) -> None:
    add_unmarked(empty, 500)
    empty.run(
        "source",
        "add",
        "folder",
        "kit",
        "--path",
        "kit",
        "--access",
        "all",
        "--trust",
        "**",
        "--reason",
        REASON,
    )
    report = empty.run("sync", "--json").json
    answer = empty.run(
        "ask", "What colour is product 123 painted?", "--no-model", "--as", "rhys@pelmarrow.example", "--json"
    ).json
    assert answer["verdict"] == "answered"
    assert "Product 123 is painted teal." in {claim["text"] for claim in answer["claims"]}
    added, rule = report["trusted"]
    assert (rule["pattern"], rule["status"], rule["documents"]) == ("**", "approved", 500)
    assert (rule["by"], rule["reason"]) == ("local owner", REASON)
    assert (added["rule"], added["access"], added["opened"], added["by"]) == (None, "all", 500, "local owner")
    assert added["reason"] == REASON


def test_without_a_terminal_the_command_that_would_trust_is_printed_and_works(quick: Commands) -> None:
    add_unmarked(quick, 2)
    preview = quick.run("source", "add", "folder", "kit", "--path", "kit", "--preview")
    assert "Nothing was added." in preview.out
    assert quick.run("source", "list", "--json").json == []
    added = quick.run("source", "add", "folder", "kit", "--path", "kit", "--json").json
    assert added["coverage"]["status"] == {"unmapped": {"files": 2, "examples": ["0.md", "1.md"]}}
    assert added["to_trust"] in quick.run("source", "add", "folder", "b", "--path", "kit").out.replace(
        "trust b", "trust kit"
    )
    words = [REASON if word == "WHY" else word for word in shlex.split(added["to_trust"])]
    trusted = quick.run(*words[1:], "--sync", "--json").json
    assert (trusted["files"], trusted["sync"]["trusted"][0]["documents"]) == (2, 2)
    ended = quick.run("source", "untrust", trusted["rule"], "--reason", "no longer")
    assert "takes effect at the next sync: onbrand sync kit" in ended.out
    assert REASON in quick.run("source", "trusts", "--all").out


def test_ordinary_person_neither_trusts_nor_looks_into_new_sources(quick: Commands) -> None:
    add_unmarked(quick, 1)
    quick.run("source", "add", "folder", "kit", "--path", "kit", "--status", "approved", "--reason", REASON)
    reader = ("--as", "rhys@pelmarrow.example")
    assert "may not trust" in quick.run("source", "trust", "kit", "--reason", "x", *reader, code=1).err
    looking = ("source", "add", "folder", "x", "--path", "/etc", "--preview", *reader)
    assert "may not look" in quick.run(*looking, code=1).err
    assert "a reason" in quick.run("source", "trust", "kit", "--reason", " ", code=2).err
    assert "name the source" in quick.run("sync", "--allow-removals", code=2).err


def test_name_that_is_used_again_says_that_the_old_source_is_purged(quick: Commands) -> None:
    add_unmarked(quick, 1)
    add = ("source", "add", "folder", "kit", "--path", "kit")
    quick.run(*add)
    quick.run("sync")
    assert "can come back" in quick.run("source", "remove", "kit").out
    assert "there is no source" in quick.run("sync", code=2).err
    assert "purged for good, with 1 document(s)" in quick.run(*add).out


def test_at_a_terminal_it_is_asked_whether_to_trust_by_whom_and_why(empty: Commands) -> None:
    add_unmarked(empty, 2)
    shown = run_at_terminal(
        empty, ["source", "add", "folder", "kit", "--path", "kit"], typed=f"y\nall\n{REASON}\n"
    )
    assert "Trusted as approved: **" in shown
    (rule,) = empty.run("source", "trusts", "--json").json
    assert (rule["pattern"], rule["reason"]) == ("**", REASON)
    (source,) = empty.run("source", "list", "--json").json
    assert source["access"] == "all"


def run_at_terminal(commands: Commands, arguments: Sequence[str], *, typed: str) -> str:
    """Standard output of a command whose standard input is a terminal at which somebody types."""
    keyboard, terminal = pty.openpty()
    try:
        os.write(keyboard, typed.encode())
        done = subprocess.run(
            [*COMMAND, *arguments],
            stdin=terminal,
            capture_output=True,
            cwd=commands.home,
            env=commands._environment({}),
            timeout=60,
            check=True,
        )
    finally:
        os.close(keyboard)
        os.close(terminal)
    return done.stdout.decode()
