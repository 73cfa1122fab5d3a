"""Access tokens for Drive: a service account's key or a refresh token, turned into a bearer header. For connector.py.

Tokens are fetched from one host only, and a token that is refused in the middle is replaced once.
"""

import json
import threading
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from core.errors import UsageError
from ingest.connectors.connector import CredentialsRefused
from ingest.connectors.options import SourceSetup
from ingest.connectors.web_address import is_this_machine

if TYPE_CHECKING:
    # Imported where they are needed: every command reads the list of types, few open a Drive.
    from google.auth.credentials import Credentials
    from google.auth.exceptions import RefreshError

DRIVE_SCOPE = "https://www.googleapis.com/auth/drive.readonly"
GROUP_SCOPE = "https://www.googleapis.com/auth/admin.directory.group.readonly"
TOKEN_HOST = "oauth2.googleapis.com"  # noqa: S105 - a host, no secret
TOKEN_ADDRESS = f"https://{TOKEN_HOST}/token"
TOKEN_SECONDS = 30.0
TOO_MANY, SERVER_ERROR, UNAUTHORIZED = 429, 500, 401


class BearerAuth(httpx.Auth):
    """Puts the token on each request; after a 401 a new token is fetched and the request sent once more."""

    def __init__(self, credentials: "Credentials") -> None:
        self._credentials = credentials
        self._transport = _TokenTransport()
        self._lock = threading.Lock()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The flow that httpx drives."""
        token = self._find_token()
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == UNAUTHORIZED:
            request.headers["Authorization"] = f"Bearer {self._find_token(refused=token)}"
            yield request

    def _find_token(self, refused: str | None = None) -> str:
        with self._lock:
            if not self._credentials.valid or self._credentials.token == refused:
                self._renew()
            return str(self._credentials.token)

    def _renew(self) -> None:
        from google.auth.exceptions import GoogleAuthError, RefreshError

        try:
            self._credentials.refresh(self._transport)  # type: ignore[no-untyped-call]
        except RefreshError as error:
            raise CredentialsRefused(
                f"no access token is given for this account ({_name_error(error)}); check that its key or refresh "
                "token was not revoked, and that the impersonated account grants it the scopes"
            ) from None
        except GoogleAuthError as error:
            raise CredentialsRefused(
                f"no access token can be asked for ({type(error).__name__}); check the source's credentials"
            ) from None


def open_credentials(setup: SourceSetup, scope: str) -> "Credentials":
    """The credentials of a source for one scope; raises UsageError saying what to set."""
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2.credentials import Credentials as UserCredentials
    from google.oauth2.service_account import Credentials as ServiceCredentials

    if not setup.has_secret("key"):
        return UserCredentials(  # type: ignore[no-untyped-call]
            None,
            refresh_token=setup.secret("refresh-token"),
            token_uri=_choose_token_address(setup),
            client_id=setup.secret("client-id"),
            client_secret=setup.secret("client-secret"),
        )
    info = _read_key(setup)
    try:
        found: Credentials = ServiceCredentials.from_service_account_info(  # type: ignore[no-untyped-call]
            info, scopes=[scope], subject=setup.get("impersonate") or None
        )
    except (ValueError, GoogleAuthError):
        raise UsageError(f"source {setup.name!r}: its key cannot be used; {_KEY_HINT}") from None
    return found


_KEY_HINT = "give the whole JSON file of a service account's key, in one line"


def _read_key(setup: SourceSetup) -> Mapping[str, Any]:
    try:
        info = json.loads(setup.secret("key"))
    except ValueError:
        raise UsageError(f"source {setup.name!r}: its key is not JSON; {_KEY_HINT}") from None
    if not isinstance(info, dict) or info.get("type") != "service_account":
        raise UsageError(f"source {setup.name!r}: its key is not a service account's; {_KEY_HINT}")
    _check_token_address(str(info.get("token_uri", "")))
    return info


def _choose_token_address(setup: SourceSetup) -> str:
    """Beside a Drive on this machine (a test), its own token endpoint."""
    base = urlsplit(setup.get("api-url"))
    return f"{base.scheme}://{base.netloc}/token" if is_this_machine(base.hostname or "") else TOKEN_ADDRESS


def _check_token_address(address: str) -> None:
    parts = urlsplit(address)
    is_local = parts.scheme == "http" and is_this_machine(parts.hostname or "")
    if not is_local and not (parts.scheme == "https" and parts.hostname == TOKEN_HOST and parts.port is None):
        raise UsageError(
            f"the key's token_uri is {address!r}; allowed: https://{TOKEN_HOST}/… (a key is sent nowhere else)"
        )


def _name_error(error: "RefreshError") -> str:
    """The error's code alone: its description may quote what was sent."""
    details = error.args[1] if len(error.args) > 1 else None
    code = details.get("error") if isinstance(details, Mapping) else None
    return code if isinstance(code, str) and code.isidentifier() else "refused"


@dataclass(frozen=True, slots=True)
class _TokenAnswer:
    """What google-auth looks at of an answer."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class _TokenTransport:
    """How google-auth reaches the token endpoint. Trouble is raised as httpx's, which the web client retries."""

    def __call__(  # noqa: PLR0917 - the base class's signature
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: object,
    ) -> _TokenAnswer:
        """One request to the token endpoint."""
        _check_token_address(url)
        is_local = is_this_machine(urlsplit(url).hostname or "")
        # A token endpoint on this machine speaks plain HTTP: no authorities are loaded for it.
        seconds = timeout or TOKEN_SECONDS
        with httpx.Client(timeout=seconds, trust_env=not is_local, verify=not is_local) as client:
            answer = client.request(method, url, content=body, headers=dict(headers or {}))
        if answer.status_code == TOO_MANY or answer.status_code >= SERVER_ERROR:
            raise httpx.ReadError(f"the token endpoint answered with HTTP {answer.status_code}")
        return _TokenAnswer(answer.status_code, dict(answer.headers), answer.content)
