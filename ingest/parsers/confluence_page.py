"""Reads the page file that the Confluence connector hands over. Used by confluence_storage.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ingest.parsers.parser import FileUnreadable

_ROOT, _FORMAT = "onbrand-page", "1"


@dataclass(frozen=True, slots=True)
class PageText:
    """One page as its site gave it. `is_view`: rendered HTML, where storage format could not be given."""

    space: str
    title: str
    body: str
    is_view: bool = False


@dataclass(frozen=True, slots=True)
class PageSource:
    """A page with what it includes (by SPACE/TITLE) and the display names of the people it mentions (by id)."""

    page: PageText
    includes: Mapping[str, PageText]
    users: Mapping[str, str]

    def find_include(self, space: str, title: str) -> PageText | None:
        """The included page, or None where it is elsewhere, unreadable or gone."""
        return self.includes.get(f"{space}/{title}")


def read_page_file(content: bytes) -> PageSource:
    """Raises FileUnreadable when the bytes are not a page file; XML errors are the library's own."""
    # No entity is expanded and nothing is fetched, whatever the bytes declare.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise FileUnreadable("declares XML entities, which page files never do; it was not read")
    if root.tag != _ROOT or root.get("format", _FORMAT) != _FORMAT:
        raise FileUnreadable(
            f"is not a page file: it begins with {root.tag!r}, format {root.get('format')!r};"
            f" read is {_ROOT!r}, format {_FORMAT!r}"
        )
    return PageSource(
        _read_page(root),
        {str(one.get("key", "")): _read_page(one) for one in root.iterchildren("include")},
        {str(one.get("id", "")): str(one.get("name", "")) for one in root.iterchildren("user")},
    )


def _read_page(element: Any) -> PageText:
    return PageText(
        space=str(element.get("space", "")),
        title=str(element.get("title", "")),
        body=str(element.findtext("body") or ""),
        is_view=element.get("body") == "view",
    )
