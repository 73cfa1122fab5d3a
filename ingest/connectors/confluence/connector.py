"""Confluence as a source: what `source add confluence` asks for, listing, fetching, groups. Used by the registry."""

import csv
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.access import parse_access
from core.errors import UsageError
from ingest.connectors.confluence.access import AccessReader, People
from ingest.connectors.confluence.editions import CLOUD, DATA_CENTER, open_site
from ingest.connectors.confluence.includes import find_mentions
from ingest.connectors.confluence.listing import Lister
from ingest.connectors.confluence.page_file import PageBody, PageFile, build_page_file
from ingest.connectors.confluence.site import Account, Attachment, Body, Site
from ingest.connectors.confluence.snapshot import read_snapshot
from ingest.connectors.confluence.survey import Scope, find_spaces, read_rules
from ingest.connectors.confluence.values import expect_answers
from ingest.connectors.connector import (
    FileGone,
    FileReference,
    FileWithdrawn,
    GroupListing,
    Listing,
    SourceUnreadable,
)
from ingest.connectors.options import Option, SourceSetup, SourceType
from ingest.connectors.web_client import RequestRefused
from ingest.connectors.web_retry import RetryPolicy

_log = logging.getLogger(__name__)
_WITHDRAWN = (403, 404, 410)


@dataclass(slots=True)
class ConfluenceConnector:
    """Reads one site. Nothing is asked before it is needed."""

    setup: SourceSetup
    scope: Scope
    addresses: Mapping[str, str]
    licensed: frozenset[str]
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    _site: Site | None = None
    _people: People | None = None
    _groups: Mapping[str, str] | None = None

    @property
    def site(self) -> Site:
        """The site, once its edition is known."""
        if self._site is None:
            self._site = open_site(self.setup, self.policy)
        return self._site

    @property
    def people(self) -> People:
        """Who accounts are; kept, so that each is asked for once."""
        if self._people is None:
            self._people = People(self.setup.name, self.site.readers, self.addresses, self.licensed)
        return self._people

    def check_credentials(self) -> None:
        """We are somebody, see every space that is named, and can tell who may view them."""
        with expect_answers(SourceUnreadable):
            self.site.readers.check_account()
            spaces = find_spaces(self.site.contents, self.scope)
            read_rules(AccessReader(self.site.readers, self.people), spaces[:1])

    def list_changes(self, since: str | None) -> Listing:
        """Everything; where quick listings are wanted, what a cursor of ours does not know yet."""
        with expect_answers(SourceUnreadable):
            return self._list_changes(since)

    def fetch(self, file: FileReference) -> bytes:
        """The page file of a page, the bytes of an attachment."""
        with expect_answers(FileGone):
            return self._fetch_surely(file)

    def list_groups(self) -> GroupListing | None:
        """Members of every group that the last listing, or those before it, named."""
        if self._groups is None:
            return GroupListing({}, is_complete=False)
        with expect_answers(SourceUnreadable):
            return GroupListing(self._list_members(self._groups))

    def _list_members(self, groups: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for name, group_id in sorted(groups.items()):
            members = self.site.readers.list_members(group_id)
            if members is None:
                _log.warning(
                    "%s: the group %s is not there, or its members may not be read: nobody is let in by it",
                    self.setup.name,
                    name,
                )
                members = ()
            emails = [self.people.find_email(one) for one in members]
            found[self.people.name_group(name)] = frozenset(email for email in emails if email)
            if None in emails:
                _log.info(
                    "%s: %d member(s) of %s left or have no known address",
                    self.setup.name,
                    emails.count(None),
                    name,
                )
        return found

    def _list_changes(self, since: str | None) -> Listing:
        self.site.readers.check_account()
        # Who is who is read anew: somebody may have left since.
        self._people = None
        access = AccessReader(self.site.readers, self.people)
        lister = Lister(self.site.contents, access, self.scope, self.setup.max_bytes)
        # Restrictions, labels and states leave no trace among changes: without the option everything is listed.
        is_quick = self.setup.get("quick") == "yes"
        last = read_snapshot(since) if is_quick else None
        listing = lister.list_all() if last is None else lister.list_since(last)
        known = {} if listing.is_complete or last is None else last.groups
        self._groups = {**known, **access.groups}
        return listing if is_quick else replace(listing, cursor=None)

    def _fetch_surely(self, file: FileReference) -> bytes:
        try:
            return self._fetch(file)
        except RequestRefused as error:
            if error.status not in _WITHDRAWN:
                raise FileGone(str(error)) from error
        # Asked twice: a single no may be a mistake, and what was known would fall silent.
        try:
            return self._fetch(file)
        except RequestRefused as error:
            if error.status not in _WITHDRAWN:
                raise FileGone(str(error)) from error
            raise FileWithdrawn(f"the site no longer gives it out (HTTP {error.status})") from error

    def _fetch(self, file: FileReference) -> bytes:
        if file.handle.get("kind") == "attachment":
            return self._fetch_attachment(file)
        body = self._fetch_body(file.item_id, int(file.handle["version"]), file.handle["space"])
        targets = json.loads(file.handle.get("includes", "[]"))
        includes = tuple(
            self._fetch_body(str(key), int(version), str(space)) for key, version, space in targets
        )
        mentioned = find_mentions(one.text for one in (body, *includes))
        content = build_page_file(PageFile(body, includes, tuple(self._name_users(mentioned))))
        if len(content) > self.setup.max_bytes:
            raise FileGone(
                f"it is above the limit of {self.setup.max_bytes / 1e6:.0f} MB (ONBRAND_MAX_FILE_MEGABYTES)"
            )
        return content

    def _fetch_body(self, page_id: str, version: int, space: str) -> PageBody:
        """Raises FileGone for any other version: who may read that one was not part of the listing."""
        body: Body = self.site.contents.fetch_body(page_id)
        if body.version != version:
            raise FileGone(
                f"was edited while it was read (version {body.version}, listed {version}); the next sync reads it"
            )
        return PageBody(page_id, space, body.page.title, body.page.text, body.page.form)

    def _fetch_attachment(self, file: FileReference) -> bytes:
        handle = file.handle
        one = Attachment(
            file.item_id, handle["page"], handle["title"], int(handle["version"]), file.size, file.updated
        )
        return self.site.contents.fetch_attachment(one, max_bytes=self.setup.max_bytes)

    def _name_users(self, ids: tuple[str, ...]) -> list[tuple[str, str]]:
        found = [(one, self.people.complete(Account(one))) for one in ids]
        return [(key, account.name) for key, account in found if account is not None and account.name]


def open_connector(setup: SourceSetup, policy: RetryPolicy | None = None) -> ConfluenceConnector:
    """Read the options; raises UsageError for those that cannot be used."""
    licensed = setup.get("licensed-users")
    scope = Scope(
        spaces=frozenset(setup.list_words("spaces")),
        roots=frozenset(setup.list_words("pages")),
        labels=frozenset(setup.list_words("labels")),
        with_attachments=setup.get("attachments") != "no",
    )
    return ConfluenceConnector(
        setup,
        scope,
        read_addresses(setup.get("accounts")),
        frozenset(parse_access(licensed).clauses[0]) if licensed else frozenset(),
        policy or RetryPolicy(),
    )


def read_addresses(path: str) -> Mapping[str, str]:
    """`account,e-mail` lines; raises UsageError when the file cannot be read."""
    if not path:
        return {}
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as lines:
            rows = [[cell.strip() for cell in row] for row in csv.reader(lines)]
    except (OSError, ValueError, csv.Error) as error:
        raise UsageError(
            f"the file of accounts {path!r} cannot be read ({type(error).__name__}); give lines of accountId,e-mail"
        ) from error
    return {row[0]: row[1].lower() for row in rows if len(row) > 1 and row[0] and "@" in row[1]}


TYPE = SourceType(
    "confluence",
    "Confluence Cloud or Data Center",
    (
        Option(
            "url",
            "the site: https://example.atlassian.net, the base address of a Data Center with its context path, or "
            "https://api.atlassian.com/ex/confluence/CLOUDID for a token with scopes",
            is_required=True,
        ),
        Option(
            "edition",
            "cloud or datacenter; found out by asking when empty",
            choices=(CLOUD, DATA_CENTER),
        ),
        Option("spaces", "keys of the spaces, joined by commas; empty: all that the account may view"),
        Option("pages", "ids of pages, joined by commas: only these and what is below them"),
        Option("labels", "labels, joined by commas: only pages with one of them"),
        Option("attachments", "files on pages too", default="yes", choices=("yes", "no")),
        Option("accounts", "a CSV file of accountId,e-mail, for people whose address the site hides"),
        Option(
            "licensed-users",
            "who stands for every user of the site: domain:example.com, group:NAME; empty: nobody",
        ),
        Option(
            "quick",
            "between the daily complete listings only changed, moved and removed pages are listed: far fewer requests, "
            "but changed restrictions, labels and states count a day later",
            default="no",
            choices=("yes", "no"),
        ),
        Option("user", "the account's e-mail (Cloud); none for a personal access token", is_secret=True),
        Option("token", "the API token, or the personal access token", is_secret=True, is_required=True),
    ),
    open_connector,
    requests_per_second=10.0,
    has_permissions=True,
)
