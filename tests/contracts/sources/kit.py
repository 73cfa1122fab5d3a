"""What the contract of connectors asks of a type of source: a place behind it that a test can change and break."""

from collections.abc import Mapping
from typing import ClassVar, Protocol

from core.access import Person
from core.secrets import Secret
from core.sources import Source
from ingest.connectors.connector import Connector
from ingest.connectors.options import SourceSetup
from ingest.connectors.registry import find_type

ANN = Person("ann@pelmarrow.example")
BOB = Person("bob@pelmarrow.example")
MOST_BYTES = 2_000_000


class SourceKit(Protocol):
    """One type. At first it holds nothing; Ann and Bob read what is added, until it is narrowed to Ann.

    `LACKS` names what this type cannot do (`move`, `rename`, `narrow`, `expire`, `lose_page`, `storm`), each with the
    reason, so that a gap is said and not passed over.
    """

    LACKS: ClassVar[Mapping[str, str]]
    source: Source
    secrets: Mapping[str, str]

    def add(self, name: str, words: str) -> None:
        """A document called `name` whose text holds these words."""

    def change(self, name: str, words: str) -> None:
        """Other words in the same document."""

    def move(self, name: str) -> None:
        """To another place of the same source."""

    def rename(self, name: str, new: str) -> None:
        """The same document under another name; later calls use the new one."""

    def remove(self, name: str) -> None:
        """As its users do: to the trash where there is one."""

    def restore(self, name: str) -> None:
        """Back from where `remove` put it."""

    def narrow(self, name: str) -> None:
        """Only Ann reads it from now on."""

    def widen(self, name: str) -> None:
        """Ann and Bob read it again."""

    def expire(self, after: int) -> None:
        """After so many more requests the credential is refused, until `mend`."""

    def lose_page(self) -> None:
        """The second page of every listing fails for good, until `mend`."""

    def storm(self) -> None:
        """The next requests are each told to come back at once, a few times."""

    def mend(self) -> None:
        """Everything works again."""

    def count_fetches(self) -> int:
        """How often the content of a document was asked for; 0 where nobody counts."""

    def close(self) -> None:
        """End the server."""


def open_kit_connector(source: Source, secrets: Mapping[str, str]) -> Connector:
    """The connector that the registry gives for a kit's source."""
    kind = find_type(source.type)
    kept = {name: Secret(value) for name, value in secrets.items()}
    setup = SourceSetup(source.name, source.options, kept, MOST_BYTES, specs=kind.options)
    return kind.open(setup)
