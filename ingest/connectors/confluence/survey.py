"""What the spaces of a source hold now: pages and who may view each space. Used by listing.py."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ingest.connectors.confluence.access import AccessReader
from ingest.connectors.confluence.site import Contents, Page, Space
from ingest.connectors.confluence.snapshot import digest
from ingest.connectors.connector import SourceGone, SourceUnreadable


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a site the source is: all empty, everything that the account may view."""

    spaces: frozenset[str] = frozenset()
    roots: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    with_attachments: bool = True

    def holds(self, page: Page) -> bool:
        """True for a page of the chosen trees."""
        ids = {page.id, *(one.id for one in page.above or ())}
        return not self.roots or not self.roots.isdisjoint(ids)

    def takes(self, labels: Collection[str]) -> bool:
        """True for labels of which one was chosen."""
        return not self.labels or not self.labels.isdisjoint(labels)


@dataclass(frozen=True, slots=True)
class Survey:
    """`pages` are all of the spaces by id, `chosen` those of the source; `rules` marks who may view the spaces."""

    spaces: tuple[Space, ...]
    pages: Mapping[str, Page]
    chosen: frozenset[str]
    rules: str
    by_title: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def keys(self) -> frozenset[str]:
        """The spaces by key."""
        return frozenset(one.key for one in self.spaces)

    def is_retired(self, page: Page) -> bool:
        """An archived page, or one of an archived space."""
        return page.is_archived or any(one.is_archived for one in self.spaces if one.key == page.space)


def find_spaces(contents: Contents, scope: Scope) -> tuple[Space, ...]:
    """The spaces of the source; raises when one that is named is not there."""
    spaces = contents.find_spaces(scope.spaces)
    missing = sorted(scope.spaces - {one.key for one in spaces})
    named = ", ".join(missing)
    if missing and not spaces:
        raise SourceGone(f"no space of this source is there, or the account may not view it ({named})")
    if missing:
        # Its pages would count as removed while nobody knows whether they are.
        raise SourceUnreadable(
            f"the account cannot view the space {named}; give it the right to view, or take the space out of the "
            "source's spaces, then sync again"
        )
    return spaces


def survey(contents: Contents, access: AccessReader, scope: Scope) -> Survey:
    """Read spaces, who may view them, and all their pages."""
    spaces = find_spaces(contents, scope)
    rules = read_rules(access, spaces)
    pages = {page.id: page for space in spaces for page in contents.list_pages(space)}
    current = [page for page in pages.values() if not page.is_archived]
    return Survey(
        spaces,
        pages,
        frozenset(key for key, page in pages.items() if scope.holds(page)),
        rules,
        {(page.space, page.title): page.id for page in current},
    )


def read_rules(access: AccessReader, spaces: Collection[Space]) -> str:
    """A mark of who may view the spaces; raises when that can be told of none of them."""
    clauses = {one.key: access.read_space(one) for one in spaces}
    if clauses and not any(clauses.values()):
        raise SourceUnreadable(
            "who may view the spaces cannot be read. Cloud: the account needs to view them. Data Center: from 9.1 it "
            "needs to administer them, before that the Remote API must be switched on (General configuration, "
            "Further configuration); then sync again"
        )
    return digest({key: sorted(one.principals) if one else None for key, one in sorted(clauses.items())})
