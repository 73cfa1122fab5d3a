"""What a type of source asks for, and what its connector is opened with. Used by connectors, registry and commands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.errors import UsageError
from core.secrets import Secret, name_variable
from ingest.connectors.connector import Connector


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a type: `--NAME` of `source add`. A secret is never stored: it comes from its variable."""

    name: str
    help: str
    is_required: bool = False
    is_secret: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceSetup:
    """One source about to be opened. `take_turn` waits until the credential may be used for one more request."""

    name: str
    options: Mapping[str, str]
    secrets: Mapping[str, Secret]
    max_bytes: int
    take_turn: Callable[[], None] = field(default=lambda: None)
    specs: tuple[Option, ...] = ()

    def get(self, name: str) -> str:
        """An option or its default; raises UsageError naming what is missing."""
        spec = next((one for one in self.specs if one.name == name), Option(name, ""))
        value = self.options.get(name, "") or spec.default
        if spec.is_required and not value:
            raise UsageError(f"source {self.name!r} needs --{name}: {spec.help}")
        if value and spec.choices and value not in spec.choices:
            raise UsageError(f"--{name} received {value!r}; allowed: {', '.join(spec.choices)}")
        return value

    def list_words(self, name: str) -> tuple[str, ...]:
        """An option that holds several words, joined by commas."""
        return tuple(word.strip() for word in self.get(name).split(",") if word.strip())

    def has_secret(self, name: str) -> bool:
        """True when this secret is set."""
        return name in self.secrets

    def secret(self, name: str) -> str:
        """A secret's value; raises UsageError naming the variable to set."""
        if name not in self.secrets:
            variable = name_variable(self.name, name)
            raise UsageError(
                f"source {self.name!r} needs its {name}; set {variable} in the environment, "
                "or in the file that ONBRAND_SECRETS_FILE names"
            )
        return self.secrets[name].reveal()


@dataclass(frozen=True, slots=True)
class SourceType:
    """A type of source. `requests_per_second` (0: no limit) counts for one credential over all workers."""

    name: str
    title: str
    options: tuple[Option, ...]
    open: Callable[[SourceSetup], Connector]
    requests_per_second: float = 0.0
    has_permissions: bool = False
    """True where the source says itself who may read what."""


COMMON_OPTIONS = (
    Option(
        "credential-ends",
        "day on which the credential ends (YYYY-MM-DD); you are told 30, 7 and 1 days before",
    ),
)
"""Options that any type takes."""
