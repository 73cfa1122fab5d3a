"""Where the next listing of changes goes on: one token a realm, and what the changes alone do not tell. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Cursor:
    """`tokens` by realm; `folders`: ids of all folders in scope; `outside`: what each target outside of it brought.

    `ends` holds when a grant of an item ends, `scope` what the source was told to read, `listed` when all was listed.
    `marked` are files and folders of whose name there is an older one: when that goes, they get the plain name back.
    """

    scope: str
    listed: str
    tokens: Mapping[str, str]
    folders: tuple[str, ...] = ()
    outside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ends: Mapping[str, str] = field(default_factory=dict)
    marked: tuple[str, ...] = ()

    def write(self) -> str:
        """As one JSON string."""
        return json.dumps(asdict(self), separators=(",", ":"), sort_keys=True)

    def list_due(self, now: datetime) -> list[str]:
        """Ids of items of which a grant has ended."""
        return sorted(id_ for id_, end in self.ends.items() if datetime.fromisoformat(end) <= now)


def read_cursor(text: str | None) -> Cursor | None:
    """The cursor; None where there is none or it is of another making, which means: list everything."""
    try:
        raw = json.loads(text or "")
        cursor = Cursor(**{**raw, "folders": tuple(raw["folders"]), "marked": tuple(raw["marked"])})
        datetime.fromisoformat(cursor.listed)
        cursor.list_due(datetime.fromisoformat(cursor.listed))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return cursor if all(isinstance(token, str) for token in cursor.tokens.values()) else None
