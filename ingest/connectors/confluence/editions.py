"""Opens a site of either edition from a source's options. Used by connector.py."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ingest.connectors.confluence.cloud_contents import CloudContents
from ingest.connectors.confluence.cloud_readers import CloudReaders
from ingest.connectors.confluence.data_center_contents import DataCenterContents
from ingest.connectors.confluence.data_center_readers import DataCenterReaders
from ingest.connectors.confluence.site import Site
from ingest.connectors.options import SourceSetup
from ingest.connectors.web_client import RequestRefused, SourceBusy, WebClient
from ingest.connectors.web_retry import RetryPolicy

CLOUD, DATA_CENTER = "cloud", "datacenter"
GATEWAY = "/ex/confluence/"
# Where Cloud keeps files: addresses there are signed, and get no credentials.
_FILE_HOSTS = ("api.media.atlassian.com",)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a site is, and how it is asked."""

    setup: SourceSetup
    policy: RetryPolicy

    @property
    def url(self) -> str:
        """As given, without what every Cloud address ends with."""
        return self.setup.get("url").strip().rstrip("/")

    @property
    def root(self) -> str:
        """A Cloud site without its context."""
        return self.url.removesuffix("/wiki")

    @property
    def is_gateway(self) -> bool:
        """True for the address at which scoped tokens are taken."""
        return urlsplit(self.url).path.startswith(GATEWAY)

    def open_client(self, base: str, *, is_stranger: bool = False) -> WebClient:
        """A client below `base`; a stranger asks once, and without credentials."""
        policy = (
            RetryPolicy(attempts=1, most_seconds=self.policy.most_seconds) if is_stranger else self.policy
        )
        return WebClient(
            base,
            name=self.setup.name,
            headers={} if is_stranger else self._build_headers(),
            take_turn=self.setup.take_turn,
            plain_hosts=_FILE_HOSTS,
            policy=policy,
        )

    def _build_headers(self) -> Mapping[str, str]:
        token = self.setup.secret("token")
        if not self.setup.has_secret("user"):
            return {"Authorization": f"Bearer {token}"}
        pair = f"{self.setup.secret('user')}:{token}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def open_site(setup: SourceSetup, policy: RetryPolicy) -> Site:
    """Both doors of the edition that the option names, or that the site turns out to be."""
    address = Address(setup, policy)
    edition = setup.get("edition") or find_edition(address)
    if edition == CLOUD:
        client = address.open_client(f"{address.root}/wiki")
        # The gateway knows no strangers.
        stranger = (
            None if address.is_gateway else address.open_client(f"{address.root}/wiki", is_stranger=True)
        )
        return Site(CloudContents(client), CloudReaders(client, stranger, address.is_gateway))
    client = address.open_client(address.url)
    stranger = address.open_client(address.url, is_stranger=True)
    return Site(DataCenterContents(client, address.url), DataCenterReaders(client, stranger))


def find_edition(address: Address) -> str:
    """Known by the host, else asked for: only Cloud has its context at /wiki."""
    parts = urlsplit(address.url)
    if address.is_gateway or (parts.hostname or "").endswith(".atlassian.net"):
        return CLOUD
    try:
        answer = address.open_client(f"{address.root}/wiki").get_json("/rest/api/user/current")
    except (RequestRefused, SourceBusy):
        # Nothing of the kind is there; whatever else is wrong shows in the first question to a Data Center.
        return DATA_CENTER
    return CLOUD if isinstance(answer, dict) and answer.get("accountId") else DATA_CENTER
