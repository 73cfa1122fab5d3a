"""Builds what a listing says of a page and of its attachments. Pure; used by listing.py and connector.py."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.access import AccessList
from ingest.connectors.confluence.site import Attachment, Marks, Page
from ingest.connectors.connector import FileReference

PAGE_SUFFIX = ".confluence"
_UNFIT = re.compile(r"[/\\\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Described:
    """A page with all that is known of it. `includes` are the pages that its file embeds."""

    page: Page
    marks: Marks
    access: AccessList
    owner: str | None = None
    includes: Sequence[Page] = ()
    is_retired: bool = False
    note: str = ""


def build_page_reference(one: Described) -> FileReference:
    """Of the page itself."""
    page = one.page
    return FileReference(
        path="/".join(_list_parts(page)) + PAGE_SUFFIX,
        size=0,
        updated=page.updated,
        item_id=page.id,
        version="+".join([str(page.version), *(f"{target.id}:{target.version}" for target in one.includes)]),
        stated=_state(one, {"title": page.title, "url": page.url}),
        access=one.access,
        signals=_signal(one, kind="page", above=()),
        note=one.note,
        handle={
            "kind": "page",
            "version": str(page.version),
            "space": page.space,
            "includes": json.dumps([[target.id, target.version, target.space] for target in one.includes]),
        },
    )


def build_attachment_reference(one: Described, attachment: Attachment, *, max_bytes: int) -> FileReference:
    """Of one file on the page: it is read by whom the page is read.

    Labels and states of the page come as signals of their own names: what approves a page does not approve its files
    unless a rule says so.
    """
    is_large = attachment.size > max_bytes
    return FileReference(
        path="/".join([*_list_parts(one.page), fit_name(attachment.title)]),
        size=attachment.size,
        updated=attachment.updated,
        skip_reason=_refuse_size(attachment.size, max_bytes) if is_large else None,
        item_id=attachment.id,
        version=str(attachment.version),
        stated=_state(one, {"url": attachment.url}),
        access=one.access,
        signals=_signal(one, kind="attachment", above=(one.page.title,)),
        note=one.note,
        handle={
            "kind": "attachment",
            "version": str(attachment.version),
            "page": attachment.page_id,
            "title": attachment.title,
        },
    )


def fit_name(title: str) -> str:
    """A title as one part of a path."""
    name = _UNFIT.sub("-", title).strip()
    return name if name.strip(".") else "_"


def _list_parts(page: Page) -> list[str]:
    titles = [one.title for one in page.above or ()]
    return [page.space, *(fit_name(title) for title in titles), fit_name(page.title)]


def _state(one: Described, said: dict[str, str]) -> dict[str, object]:
    said = {**said, "owner": one.owner or "", "status": "retired" if one.is_retired else ""}
    return {name: value for name, value in said.items() if value}


def _signal(one: Described, *, kind: str, above: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    prefix = "" if kind == "page" else "page-"
    titles = (*(ancestor.title for ancestor in one.page.above or ()), *above)
    found = {
        "space": (one.page.space,),
        "type": (kind,),
        "ancestor": titles,
        f"{prefix}label": one.marks.labels,
        f"{prefix}state": (one.marks.state,) if one.marks.state else (),
    }
    return {name: values for name, values in found.items() if values}


def _refuse_size(size: int, max_bytes: int) -> str:
    return f"{size / 1e6:.1f} MB is above the limit of {max_bytes / 1e6:.0f} MB (ONBRAND_MAX_FILE_MEGABYTES)"
