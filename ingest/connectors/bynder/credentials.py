"""How Bynder is asked: with a permanent token or OAuth client credentials, and silent while it blocks our address.

Used by portal.py.
"""

from collections.abc import Generator
from threading import Lock

import httpx

from core.clock import Stopwatch
from ingest.connectors.connector import CredentialsRefused
from ingest.connectors.web_client import SourceBusy

# Above 4,500 requests in five minutes an address is blocked until it has been silent for five minutes: trying again
# would keep the block alive, and Bynder sends no Retry-After.
BLOCK_SECONDS = 300.0
UNAUTHORIZED, TOO_MANY = 401, 429
REFUSED = range(400, 500)


class SilentWhileBlocked(httpx.Auth):
    """A permanent token. After a 429 without Retry-After nothing is sent for five minutes."""

    def __init__(self, token: str, *, block_seconds: float = BLOCK_SECONDS) -> None:
        self._token = token
        self._block_seconds = block_seconds
        self._blocked: Stopwatch | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Raises SourceBusy while the address is blocked."""
        self._keep_silent()
        request.headers["Authorization"] = f"Bearer {self._token}"
        self._look_for_block((yield request))

    def _keep_silent(self) -> None:
        left = self._block_seconds - self._blocked.milliseconds() / 1000 if self._blocked else 0.0
        if left > 0:
            raise SourceBusy(
                f"Bynder blocks this address for too many requests; it is asked again in {left:.0f} s",
                status=TOO_MANY,
                retry_after=left,
            )
        self._blocked = None

    def _look_for_block(self, response: httpx.Response) -> None:
        if response.status_code == TOO_MANY and "Retry-After" not in response.headers:
            self._blocked = Stopwatch()
            self._keep_silent()


class ClientCredentials(SilentWhileBlocked):
    """OAuth client credentials: an access token is fetched when there is none and when the last one has ended."""

    requires_response_body = True

    def __init__(
        self, token_url: str, client_id: str, client_secret: str, *, block_seconds: float = BLOCK_SECONDS
    ) -> None:
        super().__init__("", block_seconds=block_seconds)
        self._token_url = token_url
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
        }
        self._lock = Lock()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Raises CredentialsRefused where the client is not known (any more)."""
        self._keep_silent()
        used = self._token
        if not used:
            used = self._take_token((yield self._ask_token()))
        request.headers["Authorization"] = f"Bearer {used}"
        response = yield request
        if response.status_code == UNAUTHORIZED:
            # Another thread may have fetched a new one meanwhile.
            if self._token == used:
                self._take_token((yield self._ask_token()))
            request.headers["Authorization"] = f"Bearer {self._token}"
            response = yield request
        self._look_for_block(response)

    def _ask_token(self) -> httpx.Request:
        return httpx.Request("POST", self._token_url, data=self._form)

    def _take_token(self, response: httpx.Response) -> str:
        self._look_for_block(response)
        if response.status_code in REFUSED:
            raise CredentialsRefused(
                f"Bynder refuses the client (HTTP {response.status_code}); check client-id and client-secret, or make "
                "a new OAuth app with the grant type 'client credentials', and sync again"
            )
        token = _read_token(response)
        with self._lock:
            self._token = token
        return token


def _read_token(response: httpx.Response) -> str:
    try:
        said = response.json() if response.is_success else {}
    except ValueError:
        said = {}
    token = said.get("access_token") if isinstance(said, dict) else None
    if not isinstance(token, str) or not token:
        raise SourceBusy(
            f"Bynder gave no access token (HTTP {response.status_code}); it is tried again later",
            status=response.status_code,
        )
    return token
