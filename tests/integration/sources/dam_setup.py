"""Opens the connectors of DAMs over their fakes, and reads what they give. For the tests of this folder."""

from collections.abc import Mapping

from core.secrets import Secret
from ingest.connectors.bynder import connector as bynder
from ingest.connectors.connector import Connector, FileReference, Listing
from ingest.connectors.options import SourceSetup, SourceType
from ingest.connectors.resourcespace import connector as resourcespace
from ingest.parsers.asset import parse_with_original
from ingest.parsers.registry import parse_file
from tests.fakes.bynder_server import PERMANENT_TOKEN, BynderServer
from tests.fakes.resourcespace_server import KEY, USER, ResourceSpaceServer

TOKEN: Mapping[str, str] = {"token": PERMANENT_TOKEN}
MAX_BYTES = 1_000_000


def open_bynder(
    server: BynderServer,
    options: Mapping[str, str] | None = None,
    *,
    secrets: Mapping[str, str] = TOKEN,
    max_bytes: int = MAX_BYTES,
) -> Connector:
    """The connector over a portal; it may see everything unless told otherwise."""
    return _open(bynder.TYPE, {"url": server.url, **(options or {})}, secrets, max_bytes)


def open_space(
    server: ResourceSpaceServer,
    options: Mapping[str, str] | None = None,
    *,
    key: str = KEY,
    max_bytes: int = MAX_BYTES,
) -> Connector:
    """The connector over an installation."""
    given = {"url": server.url, "user": USER, **(options or {})}
    return _open(resourcespace.TYPE, given, {"key": key} if key else {}, max_bytes)


def list_names(listing: Listing) -> list[str]:
    """Titles of what is listed."""
    return sorted(str(file.stated["title"]) for file in listing.files)


def pick(listing: Listing, title: str) -> FileReference:
    """The only file with this title."""
    (file,) = [file for file in listing.files if file.stated["title"] == title]
    return file


def read_texts(connector: Connector, file: FileReference) -> list[str]:
    """The blocks of a file, fetched and parsed."""
    (document,) = parse_with_original(connector.fetch(file), parse_file)
    return [block.text for block in document.blocks]


def _open(
    kind: SourceType, options: Mapping[str, str], secrets: Mapping[str, str], max_bytes: int
) -> Connector:
    kept = {name: Secret(value) for name, value in secrets.items()}
    return kind.open(SourceSetup("dam", options, kept, max_bytes, specs=kind.options))
