"""Which addresses a source's client may ask, and which of them may see its credentials. Pure; used by web_client.py."""

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass

import httpx

from core.errors import UsageError
from ingest.connectors.connector import SourceUnreadable

DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class AddressBook:
    """`trusted` get the credentials, `plain` are asked without any; no other host is asked at all.

    Both hold `host` (the scheme's own port) or `host:port`.
    """

    name: str
    base: httpx.URL
    trusted: frozenset[str]
    plain: frozenset[str]

    def place(self, path: str) -> httpx.URL:
        """The address of a path below the base, or of an absolute address. Raises SourceUnreadable."""
        if not path or path.startswith("?"):
            return httpx.URL(f"{self.base}{path}")
        try:
            if "://" not in path.partition("?")[0]:
                return httpx.URL(f"{str(self.base).rstrip('/')}/{path.lstrip('/')}")
            absolute = httpx.URL(path)
        except httpx.InvalidURL:
            raise SourceUnreadable(f"{self.name}: gave an address that cannot be read") from None
        return self.check(absolute)

    def follow(self, url: httpx.URL, location: str) -> httpx.URL:
        """Where a redirect leads. Raises SourceUnreadable where we do not follow."""
        try:
            return self.check(url.join(location))
        except httpx.InvalidURL:
            raise SourceUnreadable(f"{self.name}: {url.host} redirects to an unreadable address") from None

    def _is_plain(self, url: httpx.URL) -> bool:
        """A host that is asked without credentials; `*.NAME` stands for every host below NAME."""
        origin = _name_origin(url)
        return any(
            one == origin or (one.startswith("*.") and origin.endswith(one.removeprefix("*")))
            for one in self.plain
        )

    def check(self, url: httpx.URL) -> httpx.URL:
        """The same address; raises SourceUnreadable where it is not one of this source's."""
        if url.scheme not in DEFAULT_PORTS or (url.scheme == "http" and self.base.scheme != "http"):
            raise SourceUnreadable(f"{self.name}: refers to {url.host!r} without encryption; not followed")
        if not (self.is_trusted(url) or self._is_plain(url)):
            raise SourceUnreadable(
                f"{self.name}: refers to {url.host!r}, which is no host of this source; "
                f"allowed: {', '.join(sorted(self.trusted | self.plain))}. Check the source's address"
            )
        # A name and a password in an address would travel as credentials.
        return url.copy_with(username=None, password=None, fragment=None)

    def is_trusted(self, url: httpx.URL) -> bool:
        """May this address see the credentials?"""
        return _name_origin(url) in self.trusted


def open_address_book(
    name: str, base_url: str, *, extra_hosts: Collection[str], plain_hosts: Collection[str]
) -> AddressBook:
    """Check the base (https, or http on this machine) and collect the hosts; raises UsageError."""
    try:
        base = httpx.URL(base_url)
        extra = {_name_host(host, base.scheme) for host in extra_hosts}
        plain = {_name_host(host, base.scheme) for host in plain_hosts}
    except httpx.InvalidURL:
        raise UsageError(f"{name}: the address cannot be read; give https://HOST/PATH") from None
    if base.userinfo or base.query or base.fragment:
        raise UsageError(
            f"{name}: the address must hold neither a user, nor a query, nor a #; give https://HOST/PATH"
        )
    if not base.host or not (
        base.scheme == "https" or (base.scheme == "http" and is_this_machine(base.host))
    ):
        raise UsageError(
            f"{name}: received the address {base_url!r}; allowed: https://HOST/PATH (http only for this machine)"
        )
    trusted = {_name_origin(base), *extra}
    return AddressBook(name, base, frozenset(trusted), frozenset(plain - trusted))


def is_this_machine(host: str) -> bool:
    """True for localhost and the loopback addresses."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _name_origin(url: httpx.URL) -> str:
    return f"{url.host.lower()}:{url.port or DEFAULT_PORTS.get(url.scheme)}"


def _name_host(host: str, scheme: str) -> str:
    return _name_origin(httpx.URL(f"{scheme}://{host}"))
