"""What the last listing saw, as the text of its cursor: enough to tell what has changed, moved or gone. Pure.

Used by listing.py. Access is not in it: it is read anew by every complete listing.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ingest.connectors.confluence.site import Page
from ingest.connectors.confluence.values import read_moment

_FORM = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """One page as listed: its mark, its attachments (id -> version), the pages it includes directly."""

    mark: str
    attachments: Mapping[str, int] = field(default_factory=dict)
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All pages by id. `rules` marks who may view the spaces, `newest` is the latest attachment's time."""

    pages: Mapping[str, Seen]
    groups: Mapping[str, str]
    rules: str
    newest: datetime | None = None

    def write(self) -> str:
        """As a cursor."""
        pages = {
            key: [one.mark, dict(one.attachments), list(one.includes)] for key, one in self.pages.items()
        }
        newest = self.newest.isoformat() if self.newest else None
        kept = {
            "form": _FORM,
            "newest": newest,
            "rules": self.rules,
            "groups": dict(self.groups),
            "pages": pages,
        }
        return json.dumps(kept, separators=(",", ":"))


def read_snapshot(cursor: str | None) -> Snapshot | None:
    """The snapshot of a cursor; None when there is none or its form is another one."""
    try:
        kept = json.loads(cursor or "")
        if kept["form"] != _FORM:
            return None
        pages = {
            key: Seen(mark, files, tuple(includes)) for key, (mark, files, includes) in kept["pages"].items()
        }
        return Snapshot(pages, kept["groups"], kept["rules"], read_moment(kept["newest"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def mark_page(page: Page) -> str:
    """Changes with the page's version, title, place, status and (where the listing gives them) labels."""
    above = None if page.above is None else [[one.id, one.title] for one in page.above]
    return digest([page.version, page.title, page.space, page.is_archived, above, page.labels])


def digest(value: object) -> str:
    """A short mark of a JSON value."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]
