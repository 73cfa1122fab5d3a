"""The token endpoint of the fake Drive: a service account's signed claim, or a refresh token, for a bearer token."""

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from google.auth import jwt

from tests.fakes.drive_world import DriveWorld

AUDIENCE = "https://oauth2.googleapis.com/token"
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DRIVE_SCOPE = "https://www.googleapis.com/auth/drive.readonly"
GROUP_SCOPE = "https://www.googleapis.com/auth/admin.directory.group.readonly"
CLIENT = {"client_id": "client-1", "client_secret": "client-secret-1", "refresh_token": "refresh-token-1"}


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a token lets its bearer do."""

    account: str
    scopes: frozenset[str]


@dataclass(slots=True)
class TokenOffice:
    """Gives out tokens and knows which of them are still good. `is_revoked`: it gives none any more."""

    world: DriveWorld
    is_revoked: bool = False
    tokens: dict[str, Bearer] = field(default_factory=dict)
    given: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and body of one token request."""
        self.asked.append(form)
        if self.is_revoked:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        if form.get("grant_type") == "refresh_token":
            is_known = all(form.get(name) == value for name, value in CLIENT.items())
            return (
                self._give(self.world.account, DRIVE_SCOPE)
                if is_known
                else (401, {"error": "invalid_client"})
            )
        return self._answer_claim(form)

    def expire_all(self) -> None:
        """From now on every token that was given out is refused."""
        self.tokens.clear()

    def _answer_claim(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if form.get("grant_type") != JWT_GRANT:
            return 400, {"error": "unsupported_grant_type"}
        public = _make_key_pair()[1]
        claim = jwt.decode(form["assertion"], certs=public, audience=AUDIENCE)  # type: ignore[no-untyped-call]
        subject, wanted = claim.get("sub"), set(claim["scope"].split())
        if subject and not wanted <= self.world.delegated_scopes:
            return 401, {
                "error": "unauthorized_client",
                "error_description": "Client is unauthorized to retrieve access tokens using this method.",
            }
        return self._give(subject or claim["iss"], claim["scope"])

    def _give(self, account: str, scopes: str) -> tuple[int, dict[str, Any]]:
        self.given += 1
        token = f"bearer-{self.given}"
        self.tokens[token] = Bearer(account, frozenset(scopes.split()))
        return 200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}


def make_key_file(world: DriveWorld, url: str) -> str:
    """A service account's key file, as its owner downloads it."""
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "brand-project",
            "private_key_id": "key-1",
            "private_key": _make_key_pair()[0],
            "client_email": world.account,
            "client_id": "1",
            "token_uri": f"{url}/token",
            "universe_domain": "googleapis.com",
        }
    )


@cache
def _make_key_pair() -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()
