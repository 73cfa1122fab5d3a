"""A stand-in for Confluence with a small brand space, and the real connector over it. Used by test_confluence_*.py."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from core.access import Person, may_read
from core.secrets import Secret
from ingest.connectors.confluence.connector import TYPE, ConfluenceConnector, open_connector
from ingest.connectors.connector import FileReference, GroupListing, Listing
from ingest.connectors.options import SourceSetup
from ingest.connectors.web_retry import RetryPolicy
from tests.fakes.confluence_server import Edition, FakeConfluence, serve_confluence
from tests.fakes.confluence_state import Content, User

QUICK = RetryPolicy(attempts=3, most_seconds=5.0, first_seconds=0.001, silent_seconds=5.0)
MOST_BYTES = 1_000_000


@dataclass
class Wiki:
    """The stand-in, who is in it, and its first pages: Home > Brand > Logo rules."""

    fake: FakeConfluence
    ann: User
    ben: User
    cleo: User
    home: Content
    brand: Content
    logo: Content

    def connect(self, **options: str) -> ConfluenceConnector:
        """The connector as a sync opens it."""
        return connect(self.fake, options)


def connect(fake: FakeConfluence, options: Mapping[str, str]) -> ConfluenceConnector:
    """Options are named with _ for -. Listings of changes are on: most of what may go wrong is in them."""
    typed = {name.replace("_", "-"): value for name, value in options.items()}
    named = {"url": fake.url, "quick": "yes", **typed}
    secrets = {name: Secret(value) for name, value in fake.secrets.items()}
    setup = SourceSetup("wiki", named, secrets, max_bytes=MOST_BYTES, specs=TYPE.options)
    return open_connector(setup, QUICK)


@contextmanager
def open_wiki(edition: Edition) -> Iterator[Wiki]:
    """Fails at the end when anything was asked or answered that the table of fields does not know."""
    with serve_confluence(edition) as fake:
        state = fake.state
        ann, ben, cleo = (state.add_user(name) for name in ("Ann Ash", "Ben Birk", "Cleo Cole"))
        state.add_group("staff", ann, ben, cleo)
        state.add_group("editors", ann)
        state.add_group("brand team", ann, ben)
        state.add_space("MKT", ("group", "staff"))
        home = state.add_page("MKT", "Home", author=ann.key)
        brand = state.add_page("MKT", "Brand", under=home, author=ann.key)
        logo = state.add_page(
            "MKT", "Logo rules", "<p>Clear space is one x.</p>", under=brand, author=ann.key
        )
        yield Wiki(fake, ann, ben, cleo, home, brand, logo)
        assert fake.violations == []


@pytest.fixture(params=["cloud", "datacenter"])
def wiki(request: pytest.FixtureRequest) -> Iterator[Wiki]:
    """Both editions."""
    with open_wiki(request.param) as found:
        yield found


@pytest.fixture
def cloud() -> Iterator[Wiki]:
    """Cloud alone."""
    with open_wiki("cloud") as found:
        yield found


@pytest.fixture
def data_center() -> Iterator[Wiki]:
    """Data Center alone."""
    with open_wiki("datacenter") as found:
        yield found


def list_paths(listing: Listing) -> list[str]:
    """Paths in the listing's order."""
    return [file.path for file in listing.files]


def find_file(listing: Listing, item: Content | str) -> FileReference:
    """The file of a content."""
    key = item if isinstance(item, str) else item.id
    return next(file for file in listing.files if file.item_id == key)


def is_readable(user: User | None, file: FileReference, groups: GroupListing | None) -> bool:
    """May this person read the file, by what the connector has said of access and of groups?"""
    assert file.access is not None
    if user is None:
        return may_read(Person(email=None), file.access)
    listed = groups.groups if groups is not None else {}
    named = frozenset(name for name, members in listed.items() if user.email in members)
    return may_read(Person(email=user.email, groups=named, is_known=True), file.access)


def list_readers(wiki: Wiki, connector: ConfluenceConnector, content: Content) -> set[str]:
    """Names of those who may read a content after a complete listing."""
    listing = connector.list_changes(None)
    groups = connector.list_groups()
    file = find_file(listing, content)
    return {one.name for one in wiki.fake.state.users.values() if is_readable(one, file, groups)}
