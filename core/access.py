"""Who may read what: people, access lists and the one rule that joins them. Pure; used by every room."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal

from core.errors import UsageError

Role = Literal["reader", "curator", "admin", "auditor"]
ROLES: tuple[Role, ...] = ("reader", "curator", "admin", "auditor")

Reads = Literal["named", "open", "nothing"]
"""Named: what one is named for and what is open to all. Open: only what is open to all."""

EVERYONE = "all"
# Nobody is ever given this principal: a document whose access is unknown is readable by the owner alone.
OWNER_ONLY = "owner"
# More levels than the index has fields for would be cut off silently, so they are refused (see AccessList).
MAX_CLAUSES = 8


@dataclass(frozen=True, slots=True)
class AccessList:
    """Clauses of principals. A person must match **every** clause, by any one principal of it.

    Principals are `all`, `user:EMAIL`, `group:NAME`, `domain:NAME`. No clause at all means nobody.
    """

    clauses: tuple[frozenset[str], ...] = (frozenset({OWNER_ONLY}),)

    def __post_init__(self) -> None:
        if len(self.clauses) > MAX_CLAUSES:
            raise UsageError(f"an access list has {len(self.clauses)} levels; at most {MAX_CLAUSES} are kept")

    @property
    def is_open(self) -> bool:
        """True when everybody may read."""
        return bool(self.clauses) and all(EVERYONE in clause for clause in self.clauses)

    def describe(self) -> str:
        """One line for people: `all`, or the clauses joined by 'and'."""
        if self.is_open:
            return EVERYONE
        return " and ".join(" or ".join(sorted(clause)) or "nobody" for clause in self.clauses) or "nobody"


OPEN_TO_ALL = AccessList((frozenset({EVERYONE}),))
OWNER_ACCESS = AccessList()
# A level that names nobody, kept as a clause of its own so that joining it with others opens nothing.
_NOBODY = frozenset({OWNER_ONLY})


@dataclass(frozen=True, slots=True)
class Person:
    """An asker. `groups` is already expanded (nested groups resolved)."""

    email: str | None
    name: str = ""
    role: Role | None = None
    groups: frozenset[str] = field(default_factory=frozenset)
    active: bool = True
    is_owner: bool = False
    brand_roles: frozenset[tuple[str, Role]] = field(default_factory=frozenset)
    """(brand, role): what this person may do for the documents of one brand, beside `role`."""
    aliases: frozenset[str] = field(default_factory=frozenset)
    reads: Reads = "named"
    is_known: bool = False
    """True for those whom this installation knows by name: only they count as members of their domain."""

    @property
    def principals(self) -> frozenset[str]:
        """Everything that an access list can name this person by; empty for whoever reads nothing."""
        if self.reads == "open":
            return frozenset({EVERYONE})
        if self.reads == "nothing" or not self.active:
            return frozenset()
        addresses = [address for address in (self.email, *self.aliases) if address]
        own = {f"user:{address}" for address in addresses}
        if self.is_known:
            own |= {f"domain:{address.rpartition('@')[2]}" for address in addresses}
        return frozenset({EVERYONE} | own | {f"group:{name}" for name in self.groups})

    def has_role(self, roles: Collection[Role], *, brand: str | None = None) -> bool:
        """May this person do what these roles may, for a document of `brand` (None: for all)?"""
        if self.is_owner:
            return True
        own = {self.role} | {role for of, role in self.brand_roles if of == brand}
        return self.active and not own.isdisjoint(roles)

    def label(self) -> str:
        """How audit rows and outputs name this person."""
        return "local owner" if self.is_owner else (self.email or "everyone")


LOCAL_OWNER = Person(email=None, name="local owner", role="admin", is_owner=True)
# The audience of a channel whose members are not known: only what is open to all.
ANYONE = Person(email=None, name="everyone")


def may_read(person: Person, access: AccessList) -> bool:
    """The access rule. The local owner reads everything; others must match every clause."""
    if person.is_owner:
        return True
    principals = person.principals
    return bool(access.clauses) and all(clause & principals for clause in access.clauses)


def join_clauses(clauses: Iterable[Collection[str]]) -> AccessList:
    """An access list of which every clause holds. What another clause demands already is left out.

    A clause without principals, no clause at all, and more levels than can be kept leave the owner alone: an access
    that is not known whole opens nothing.
    """
    found = {frozenset(clause) or _NOBODY for clause in clauses}
    closed = {clause for clause in found if EVERYONE not in clause}
    if found and not closed:
        return OPEN_TO_ALL
    needed = [clause for clause in closed if not any(other < clause for other in closed)]
    if not needed or len(needed) > MAX_CLAUSES:
        return OWNER_ACCESS
    return AccessList(tuple(sorted(needed, key=sorted)))


def parse_access(value: str | Iterable[str], *, of_source: AccessList = OWNER_ACCESS) -> AccessList:
    """Read `all`, `source`, or principals (`group:NAME`, `user:EMAIL`), as a list or joined by commas.

    `source` is the access that the source itself gives; a folder has none, so only the owner reads it.
    """
    words = value.split(",") if isinstance(value, str) else list(value)
    principals = [str(word).strip() for word in words if str(word).strip()]
    if principals == ["source"]:
        return of_source
    return AccessList((frozenset(_check_principal(word) for word in principals),))


def _check_principal(word: str) -> str:
    kind, _, name = word.partition(":")
    if word == EVERYONE:
        return word
    if kind in ("group", "user", "domain") and name.strip():
        return f"{kind}:{name.strip() if kind == 'group' else name.strip().lower()}"
    raise UsageError(
        f"access {word!r} is not understood; "
        "allowed: all, source, group:NAME, user:EMAIL, domain:NAME (several joined by commas)"
    )
