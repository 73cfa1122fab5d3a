"""The small door behind which Cloud and Data Center differ: what is asked of a site, and in which words it answers.

Implemented by cloud_*.py and data_center_*.py; used by everything else here.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ingest.connectors.confluence.page_file import BodyForm, PageBody
from ingest.connectors.web_client import SourceBusy

SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Space:
    """A space that the account may view. `id` is what Cloud asks by, `key` what people know it by."""

    id: str
    key: str
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A page or folder above a page."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody whom a site names. `is_active` None: the site has not said whether, nor at which address."""

    id: str
    username: str = ""
    name: str = ""
    email: str = ""
    is_active: bool | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page as listed. `above` is outermost first; None when an ancestor could not be read.

    `labels` is None where the listing does not give them.
    """

    id: str
    space: str
    title: str
    version: int
    updated: datetime | None
    above: tuple[Ancestor, ...] | None
    is_archived: bool = False
    author: Account | None = None
    url: str = ""
    labels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a page. `size` in bytes."""

    id: str
    page_id: str
    title: str
    version: int
    size: int
    updated: datetime | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What people say of a page: its labels and its content state ("" for none)."""

    labels: tuple[str, ...]
    state: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """A page as fetched, and the version that this is."""

    page: PageBody
    version: int


def fetch_either_form(fetch: Callable[[str, BodyForm], Body], page_id: str) -> Body:
    """The storage form, or the view where the server fails over it for good (CONFCLOUD-76433)."""
    try:
        return fetch(page_id, "storage")
    except SourceBusy as error:
        if error.status != SERVER_ERROR:
            raise
        return fetch(page_id, "view")


@dataclass(frozen=True, slots=True)
class Named:
    """Who is named as a reader. `groups` maps a group's name to the id that its members are asked by.

    `is_anybody`: also whoever has not signed in; `is_licensed`: every user of the site. `others` counts readers of a
    kind that we do not know: they keep a restriction from looking like none.
    """

    users: tuple[Account, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    is_anybody: bool = False
    is_licensed: bool = False
    others: int = 0

    @property
    def is_empty(self) -> bool:
        """True when nobody at all is named."""
        return not (self.users or self.groups or self.is_anybody or self.is_licensed or self.others)


class Contents(Protocol):
    """What a site holds. Every listing is whole, or raises."""

    def find_spaces(self, keys: Collection[str]) -> tuple[Space, ...]:
        """The spaces of these keys that the account may view; all that are not archived without keys."""

    def list_pages(self, space: Space) -> tuple[Page, ...]:
        """Current and archived pages."""

    def read_marks(self, page: Page) -> Marks:
        """Labels and state."""

    def list_attachments(self, page: Page) -> tuple[Attachment, ...]:
        """Current attachments."""

    def list_recent_attachments(
        self, since: datetime | None, spaces: Collection[str]
    ) -> tuple[Attachment, ...]:
        """At least those that were added or replaced since then; without a time only what marks the time."""

    def list_includers(self, spaces: Collection[str]) -> frozenset[str]:
        """Ids of pages that may include others."""

    def is_gone(self, page_id: str, spaces: Collection[str]) -> bool:
        """Ask for one page by its id: True when it is no current or archived page of these spaces."""

    def fetch_body(self, page_id: str) -> Body:
        """The storage form; the view where the site cannot give that. Raises RequestRefused."""

    def fetch_attachment(self, attachment: Attachment, *, max_bytes: int) -> bytes:
        """One version of a file. Raises RequestRefused."""


class Readers(Protocol):
    """Who may read what, and who they are."""

    def check_account(self) -> None:
        """Raise CredentialsRefused when we are nobody here."""

    def read_restriction(self, content_id: str) -> Named | None:
        """Who may read by this page's own restriction (empty: it has none); None when that cannot be told."""

    def list_space_readers(self, space: Space) -> Named | None:
        """Who may view the space; None when that cannot be told."""

    def is_open_to_world(self, space: Space) -> bool:
        """Ask without signing in."""

    def complete_account(self, account: Account) -> Account | None:
        """The same with address and activity, as far as the site shows them; None when there is no such user."""

    def list_members(self, group_id: str) -> tuple[Account, ...] | None:
        """All members; None when there is no such group."""


@dataclass(frozen=True, slots=True)
class Site:
    """Both halves of one edition."""

    contents: Contents
    readers: Readers
