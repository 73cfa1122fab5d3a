"""The connection to a Qdrant server and the check at every start: reachable, closed to strangers, new enough.

Called by qdrant_store.py and, through assembly.py, by `onbrand doctor`.
"""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from warnings import catch_warnings, filterwarnings

import httpx
from qdrant_client import QdrantClient
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from core.errors import OnbrandError
from index.store_errors import (
    CertificateUnusable,
    IndexRefused,
    IndexUnreachable,
    ServerIsOpen,
    ServerTooOld,
)

TIMEOUT_SECONDS = 10
PORT = 6333
# The first version that keeps recall under filters in a large index (ACORN).
OLDEST_VERSION = (1, 16)
OK, UNAUTHORISED, FORBIDDEN = 200, 401, 403
TOO_MANY_REQUESTS, REQUEST_TIMEOUT, FIRST_SERVER_ERROR = 429, 408, 500


@dataclass(frozen=True, slots=True)
class QdrantServer:
    """Where a server is and how it is entered. `ca` is a file of certificates to trust instead of the machine's.

    `allow_open` permits a server that answers without a key.
    """

    url: str
    key: str | None = field(default=None, repr=False)
    ca: Path | None = None
    allow_open: bool = False

    @property
    def host(self) -> str:
        """Host and port as errors name them, without a password."""
        return urlsplit(self.address).netloc.rpartition("@")[2]

    @property
    def address(self) -> str:
        """The URL with its port: 6333 unless another one is named, whatever the scheme."""
        parts = urlsplit(self.url)
        netloc = parts.netloc if parts.port else f"{parts.netloc}:{PORT}"
        return parts._replace(netloc=netloc).geturl().rstrip("/")

    def build_trust(self) -> ssl.SSLContext | bool:
        """Whose certificates are trusted. Raises CertificateUnusable."""
        if self.ca is None:
            return True
        try:
            return ssl.create_default_context(cafile=self.ca)
        except OSError as error:  # ssl.SSLError is one
            raise CertificateUnusable(self.ca, str(error)) from error


def connect(server: QdrantServer) -> QdrantClient:
    """A client of the server. No proxy of the environment is followed: it would see every passage."""
    with catch_warnings():
        # A key over plain http is what a network without a way out has; `doctor` speaks of it.
        filterwarnings("ignore", message="Api key is used with an insecure connection")
        return QdrantClient(
            url=server.address,
            api_key=server.key,
            timeout=TIMEOUT_SECONDS,
            prefer_grpc=False,
            check_compatibility=False,
            trust_env=False,
            verify=server.build_trust(),
        )


def check_server(server: QdrantServer) -> str:
    """The version of a server that may be used.

    Raises IndexUnreachable, IndexRefused (the key), ServerTooOld, ServerIsOpen or CertificateUnusable.
    """
    trust = server.build_trust()
    with (
        _naming_silence(server.host),
        httpx.Client(base_url=server.address, timeout=TIMEOUT_SECONDS, trust_env=False, verify=trust) as http,
    ):
        version = _read_version(http, server)
        # Asked as a stranger would: without the key.
        if not server.allow_open and http.get("/collections").status_code == OK:
            raise ServerIsOpen(server.host)
        return version


@contextmanager
def naming_failures(host: str) -> Iterator[None]:
    """The client's exceptions under our names: IndexUnreachable may be repeated, IndexRefused may not."""
    try:
        yield
    except (ResponseHandlingException, ResourceExhaustedResponse) as error:
        raise IndexUnreachable(host, str(error)) from error
    except UnexpectedResponse as error:
        status = error.status_code or FIRST_SERVER_ERROR
        raise name_status(host, status, error.content.decode(errors="replace")) from error


def name_status(host: str, status: int, content: str) -> OnbrandError:
    """The error that stands for a status other than success."""
    reason = content[:200]
    if status >= FIRST_SERVER_ERROR or status in (REQUEST_TIMEOUT, TOO_MANY_REQUESTS):
        return IndexUnreachable(host, f"status {status}, {reason}")
    return IndexRefused(host, status, reason)


def _read_version(http: httpx.Client, server: QdrantServer) -> str:
    answer = http.get("/", headers={"api-key": server.key} if server.key else {})
    if answer.status_code != OK:
        raise name_status(server.host, answer.status_code, answer.text)
    found = re.search(r'"version"\s*:\s*"([^"]*)"', answer.text)
    version = found[1] if found else ""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if numbers is None or (int(numbers[1]), int(numbers[2])) < OLDEST_VERSION:
        raise ServerTooOld(server.host, version, ".".join(map(str, OLDEST_VERSION)))
    return version


@contextmanager
def _naming_silence(host: str) -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise IndexUnreachable(host, str(error)) from error
