"""Turns what a site says of readers into clauses: one for the space, one for each page that is restricted.

Used by listing.py. Whatever is not known opens nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.access import EVERYONE
from ingest.connectors.confluence.site import Account, Named, Page, Readers, Space

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Clause:
    """Principals of one level, and how many of those whom it names have no address that we know."""

    principals: frozenset[str]
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class People:
    """Who an account is in our words. `addresses` (account id or username -> e-mail) fills what the site hides.

    `licensed` are the principals that stand for every user of the site; without them nobody does.
    """

    source: str
    readers: Readers
    addresses: Mapping[str, str] = field(default_factory=dict)
    licensed: frozenset[str] = NOBODY
    _asked: dict[tuple[str, str], Account | None] = field(default_factory=dict)

    def complete(self, account: Account) -> Account | None:
        """The account with what the site shows of it, asked for once; None when it is not there."""
        if account.is_active is not None:
            return account
        key = (account.id, account.username)
        if key not in self._asked:
            self._asked[key] = self.readers.complete_account(account)
        return self._asked[key]

    def find_email(self, account: Account) -> str | None:
        """The e-mail in lower case; None for who is not active, not there, or hidden."""
        whole = self.complete(account)
        if whole is None or not whole.is_active:
            return None
        email = whole.email or self.addresses.get(whole.id) or self.addresses.get(whole.username) or ""
        return email.strip().lower() or None

    def name_group(self, name: str) -> str:
        """A group of this source, so that one of the same name elsewhere is another group."""
        return f"{self.source}/{name}"

    def build_clause(self, named: Named) -> Clause:
        """Everybody who is named, as far as they can be told."""
        emails = [self.find_email(one) for one in named.users]
        users = {f"user:{email}" for email in emails if email}
        groups = {f"group:{self.name_group(name)}" for name, _ in named.groups}
        licensed = self.licensed if named.is_licensed or named.is_anybody else NOBODY
        return Clause(frozenset(users | groups | licensed), emails.count(None) + named.others)


@dataclass(frozen=True, slots=True)
class AccessReader:
    """Clauses of pages, each level asked for once. Made anew for each listing."""

    readers: Readers
    people: People
    groups: dict[str, str] = field(default_factory=dict)
    """Groups that were named -> the id that their members are asked by."""
    _spaces: dict[str, Clause | None] = field(default_factory=dict)
    _levels: dict[str, Clause | None] = field(default_factory=dict)

    def read_space(self, space: Space) -> Clause | None:
        """Who may view the space; None when that cannot be told."""
        if space.key not in self._spaces:
            named = self.readers.list_space_readers(space)
            self._spaces[space.key] = None if named is None else self._build_space(space, named)
        return self._spaces[space.key]

    def read_page(self, page: Page) -> tuple[Clause, ...]:
        """Every clause that holds for the page: its space, its ancestors, its own."""
        levels = [self._spaces.get(page.space) or Clause(NOBODY)]
        if page.above is None:
            return (*levels, Clause(NOBODY))
        for content_id in (*(one.id for one in page.above), page.id):
            level = self._read_level(content_id)
            if level is not None:
                levels.append(level)
        return tuple(levels)

    def _read_level(self, content_id: str) -> Clause | None:
        """None: no restriction of its own, so the other levels decide."""
        if content_id not in self._levels:
            named = self.readers.read_restriction(content_id)
            self._levels[content_id] = self._build_level(named)
        return self._levels[content_id]

    def _build_level(self, named: Named | None) -> Clause | None:
        if named is None:
            return Clause(NOBODY)
        if named.is_empty:
            return None
        self._note_groups(named)
        return self.people.build_clause(named)

    def _build_space(self, space: Space, named: Named) -> Clause:
        self._note_groups(named)
        if named.is_anybody and self.readers.is_open_to_world(space):
            return Clause(frozenset({EVERYONE}))
        return self.people.build_clause(named)

    def _note_groups(self, named: Named) -> None:
        self.groups.update(dict(named.groups))
