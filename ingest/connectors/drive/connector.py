"""Google Drive as a source: shared drives, folders and single files, read with a service account or as one person.

What is listed is decided in listing.py (everything) and news.py (changes); bytes are fetched in fetching.py.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.clock import Clock
from ingest.connectors.connector import FileReference, GroupListing, Listing
from ingest.connectors.drive.calls import DriveCalls, is_rate_limited
from ingest.connectors.drive.credentials import DRIVE_SCOPE, GROUP_SCOPE, BearerAuth, open_credentials
from ingest.connectors.drive.cursor import read_cursor
from ingest.connectors.drive.fetching import FIRST_POLL_SECONDS, Fetcher
from ingest.connectors.drive.groups import Directory
from ingest.connectors.drive.listing import Reading
from ingest.connectors.drive.news import NewsReader
from ingest.connectors.drive.realms import RealmFinder, Scope
from ingest.connectors.drive.references import ReferenceMaker
from ingest.connectors.options import Option, SourceSetup, SourceType
from ingest.connectors.web_client import WebClient
from ingest.connectors.web_retry import RetryPolicy

DEFAULT_API, DEFAULT_DIRECTORY = "https://www.googleapis.com", "https://admin.googleapis.com"
# Where prepared downloads and export links lead to; these need the token, too.
DOWNLOAD_HOSTS = ("docs.google.com", "drive.google.com", "drive.usercontent.google.com", "www.googleapis.com")
# Where the former redirect to; these get no token.
PLAIN_HOSTS = ("*.googleusercontent.com",)
# Labels, approvals and some permissions change without a line in the log.
WHOLE_LISTING_EVERY = timedelta(hours=24)
REQUESTS_PER_SECOND = 20.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the connector waits for Drive. Tests wait less."""

    policy: RetryPolicy = RetryPolicy()  # noqa: RUF009 - frozen
    first_poll_seconds: float = FIRST_POLL_SECONDS


@dataclass(frozen=True, slots=True)
class DriveConnector:
    """One Drive source. `now` gives the moment by which grants end."""

    calls: DriveCalls
    directory: Directory
    fetcher: Fetcher
    scope: Scope
    reads_approvals: bool
    now: Callable[[], datetime]

    def check_credentials(self) -> None:
        """Raises CredentialsRefused, SourceGone or SourceUnreadable; one to three requests."""
        self._open_reading().need_realms()

    def list_changes(self, since: str | None) -> Listing:
        """What has changed since a cursor; everything without one, once a day, and where the log does not suffice."""
        reading = self._open_reading()
        cursor = read_cursor(since)
        if cursor is not None and cursor.scope == reading.scope:
            age = reading.now - datetime.fromisoformat(cursor.listed)
            news = NewsReader(reading, cursor).list_news() if age < WHOLE_LISTING_EVERY else None
            if news is not None:
                return news
        return self._open_reading().list_everything()

    def fetch(self, file: FileReference) -> bytes:
        """The bytes of a file, or its export."""
        return self.fetcher.fetch(file)

    def list_groups(self) -> GroupListing:
        """All groups of the company's Directory; none where this account may not read them."""
        return self.directory.list_groups()

    def _open_reading(self) -> Reading:
        now = self.now().astimezone(UTC)
        maker = ReferenceMaker(self.calls, self.directory, now, reads_approvals=self.reads_approvals)
        finder = RealmFinder(self.calls, self.scope)
        told = [
            self.scope.drives,
            self.scope.folders,
            self.scope.files,
            self.calls.labels,
            self.reads_approvals,
        ]
        return Reading(self.calls, finder, maker, now, self.fetcher.max_bytes, json.dumps(told))


def open_drive(
    setup: SourceSetup, *, patience: Patience = Patience(), now: Callable[[], datetime] | None = None
) -> DriveConnector:
    """Open a source; raises UsageError where an option or a secret is missing or cannot be used."""
    web = _open_client(setup, setup.get("api-url"), DRIVE_SCOPE, patience)
    return DriveConnector(
        calls=DriveCalls(web, setup.list_words("labels")),
        directory=Directory(lambda: _open_client(setup, setup.get("directory-url"), GROUP_SCOPE, patience)),
        fetcher=Fetcher(web, setup.max_bytes, patience.first_poll_seconds),
        scope=Scope(setup.list_words("drives"), setup.list_words("folders"), setup.list_words("files")),
        reads_approvals=setup.get("approvals") == "yes",
        now=now or Clock(ZoneInfo("UTC")).now,
    )


def _open_client(setup: SourceSetup, address: str, scope: str, patience: Patience) -> WebClient:
    return WebClient(
        address,
        name=setup.name,
        auth=BearerAuth(open_credentials(setup, scope)),
        take_turn=setup.take_turn,
        extra_hosts=DOWNLOAD_HOSTS if address.startswith("https://") else (),
        plain_hosts=PLAIN_HOSTS,
        is_rate_limited=is_rate_limited,
        policy=patience.policy,
    )


TYPE = SourceType(
    name="drive",
    title="Google Drive",
    options=(
        Option(
            "drives",
            "shared drives by id or name, joined by commas (none: all that the account is a member of)",
        ),
        Option("folders", "folders by id, joined by commas; everything below them is read"),
        Option("files", "single files by id, joined by commas"),
        Option("labels", "ids of the labels that mapping rules look at, joined by commas"),
        Option(
            "approvals", "read approvals as status: one request a file", default="yes", choices=("yes", "no")
        ),
        Option("impersonate", "e-mail of the account to act as (domain-wide delegation)"),
        Option("api-url", "address of the API", default=DEFAULT_API),
        Option("directory-url", "address of the Directory that knows the groups", default=DEFAULT_DIRECTORY),
        Option("key", "a service account's key file, as one line of JSON", is_secret=True),
        Option("client-id", "OAuth client id, where a person's refresh token is used", is_secret=True),
        Option("client-secret", "OAuth client secret", is_secret=True),
        Option("refresh-token", "OAuth refresh token", is_secret=True),
    ),
    open=open_drive,
    requests_per_second=REQUESTS_PER_SECOND,
    has_permissions=True,
)
