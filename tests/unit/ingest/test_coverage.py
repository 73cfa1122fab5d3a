"""Coverage: what a sync would make of a source, counted with the very code of a sync."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.access import OPEN_TO_ALL
from core.sources import Source
from core.trust import TrustRule
from ingest.connectors.connector import FileGone, FileReference, Listing
from ingest.coverage import Coverage, cover_listing, find_trusted
from ingest.read_file import read_file

DRAFTS = Source("kit", "folder", {"path": "kit"})
RULE = TrustRule("one", "kit", "**", "approved", ("all",), "seen", "cora", datetime(2026, 10, 15, tzinfo=UTC))


@dataclass
class ListedConnector:
    """Files in memory; `fetched` names those that were opened, in order."""

    contents: Mapping[str, str]
    declared: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    def check_credentials(self) -> None:
        """Always readable."""

    def list_changes(self, since: str | None = None) -> Listing:
        return Listing(tuple(self._refer(path) for path in self.contents))

    def fetch(self, file: FileReference) -> bytes:
        self.fetched.append(file.path)
        if not self.contents[file.path]:
            raise FileGone("no right to read it")
        return self.contents[file.path].encode()

    def list_groups(self) -> None:
        return None

    def _refer(self, path: str) -> FileReference:
        beside = self.declared.get(path)
        skip = "no such format" if path.endswith(".png") else None
        return FileReference(path, 1, None, declared=(beside,) if beside else (), skip_reason=skip)


def cover(
    connector: ListedConnector, *rules: TrustRule, source: Source = DRAFTS, most_read: int = 1000
) -> Coverage:
    listing = connector.list_changes().place_trust(rules)
    return cover_listing(source, listing, connector, most_read=most_read)


def count(coverage: Coverage, group: str) -> dict[str, int]:
    return {name: of["files"] for name, of in coverage.as_json()[group].items()}


MIXED = ListedConnector(
    {
        "plain.md": "Our colour is teal.",
        "own.md": "---\nstatus: approved\naccess: all\nkind: messaging\n---\nOur colour is amber.",
        "draft.md": "---\nstatus: draft\n---\nOur colour is umber.",
        "beside.pdf": "%PDF",
        "logo.png": "x",
        "locked.md": "",
    },
    {"beside.pdf": {"status": "approved", "brand": "Otter"}},
)


def test_files_are_counted_by_what_is_said_of_them_beside_and_inside() -> None:
    coverage = cover(MIXED)
    assert count(coverage, "status") == {"approved": 2, "unmapped": 1, "draft": 1}
    assert count(coverage, "access") == {"owner": 3, "all": 1}
    assert count(coverage, "kinds") == {"other": 3, "messaging": 1}
    assert count(coverage, "brands") == {"none": 3, "Otter": 1}
    assert not coverage.is_mostly_unmapped


def test_files_that_would_be_left_out_are_named_with_the_reason() -> None:
    coverage = cover(MIXED)
    assert coverage.as_json()["skipped"] == {"no such format": {"files": 1, "examples": ["logo.png"]}}
    assert coverage.unreadable == (("locked.md", "no right to read it"),)


def test_trust_maps_what_says_nothing_and_leaves_a_draft_a_draft() -> None:
    coverage = cover(MIXED, RULE)
    assert count(coverage, "status") == {"approved": 3, "draft": 1}
    assert count(coverage, "access") == {"all": 4}


def test_only_so_many_files_are_opened_and_the_others_are_said_to_be_unread() -> None:
    connector = ListedConnector({f"{number}.md": "---\nstatus: approved\n---\nText." for number in range(5)})
    coverage = cover(connector, most_read=2)
    assert connector.fetched == ["0.md", "1.md"]
    assert (coverage.as_json()["read"], coverage.as_json()["not_read"]) == (2, 3)
    assert count(coverage, "status") == {"unmapped": 3, "approved": 2}
    assert coverage.is_mostly_unmapped


def test_group_has_three_examples_at_most() -> None:
    coverage = cover(ListedConnector({f"{number}.md": "Text." for number in range(5)}))
    assert coverage.as_json()["status"] == {"unmapped": {"files": 5, "examples": ["0.md", "1.md", "2.md"]}}


def test_source_that_is_added_as_approved_maps_everything() -> None:
    approved = Source("kit", "folder", {"path": "kit"}, status="approved")
    coverage = cover(ListedConnector({"a.md": "Text."}), source=approved)
    assert (coverage.unmapped, count(coverage, "status")) == (0, {"approved": 1})


def trusted(content: str, *rules: TrustRule, source: Source = DRAFTS) -> dict[str, str]:
    (file,) = ListedConnector({"a.md": content}).list_changes().place_trust(rules).files
    (read,) = read_file(source, file, content.encode())
    return find_trusted(source, file, read)


def test_document_that_speaks_for_itself_was_not_trusted() -> None:
    assert trusted("Text.", RULE) == {"status": "one", "access": "one"}
    assert trusted("---\nstatus: approved\n---\nText.", RULE) == {"access": "one"}
    assert trusted("---\nstatus: draft\naccess: group:sales\n---\nText.", RULE) == {}
    assert trusted("Text.") == {}


def test_document_cannot_name_the_rule_that_trusts_it() -> None:
    assert trusted("---\nstatus: approved\ntrusted_by: one\n---\nText.") == {}


def test_options_of_the_source_count_as_trust_where_no_rule_stands_above() -> None:
    source = Source("kit", "folder", {"path": "kit"}, status="approved", access=OPEN_TO_ALL)
    assert trusted("Text.", source=source) == {"status": "source add", "access": "source add"}
    assert trusted("Text.", RULE, source=source) == {"status": "one", "access": "one"}
