"""What Drive says of an item beside its content: approvals as status, and what mapping rules look at. Pure.

Signals: `label` holds LABEL and LABEL/FIELD=VALUE (ids, as Drive gives them), `property:KEY` the values of properties,
`folder` the names above the item, `drive`, `type` (MIME type), `approval` (Drive's word), `locked` (the reason).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingest.connectors.drive.item import Item, read_moment

APPROVED, WAITING, DECLINED, CANCELLED = "APPROVED", "IN_PROGRESS", "DECLINED", "CANCELLED"
_VALUE_KINDS = ("text", "selection", "integer", "dateString")


def judge_approvals(approvals: Sequence[Mapping[str, Any]] | None, item: Item) -> str | None:
    """The status that the latest approval gives: approved or draft; None where there is no approval to go by.

    Approved counts for the revision that was approved: edited since, it is a draft again.
    """
    latest = find_latest(approvals)
    if latest is None:
        return None
    return "approved" if latest.get("status") == APPROVED and not _is_edited_since(latest, item) else "draft"


def find_latest(approvals: Sequence[Mapping[str, Any]] | None) -> Mapping[str, Any] | None:
    """The latest approval that says something: cancelled ones say nothing."""
    telling = [one for one in approvals or () if one.get("status") in (APPROVED, WAITING, DECLINED)]
    return max(telling, key=lambda one: str(one.get("createTime", "")), default=None)


def list_signals(
    item: Item, *, folders: Sequence[str], drive: str, approval: Mapping[str, Any] | None
) -> dict[str, tuple[str, ...]]:
    """All signals of an item that has any value for them."""
    found: dict[str, tuple[str, ...]] = {
        "type": (item.mime_type,),
        "drive": (drive,) if drive else (),
        "folder": tuple(folders),
        "label": tuple(_list_labels(item)),
        "approval": (str(approval["status"]),) if approval else (),
        "locked": tuple(
            str(one.get("reason") or "yes")
            for one in item.raw.get("contentRestrictions") or ()
            if one.get("readOnly")
        ),
    }
    for kind in ("appProperties", "properties"):
        for key, value in (item.raw.get(kind) or {}).items():
            found[f"property:{key}"] = (str(value),)
    return {name: values for name, values in found.items() if values}


def _list_labels(item: Item) -> Iterator[str]:
    for label in (item.raw.get("labelInfo") or {}).get("labels") or ():
        id_ = str(label.get("id", ""))
        yield id_
        for field, described in (label.get("fields") or {}).items():
            for value in _list_values(described):
                yield f"{id_}/{field}={value}"


def _list_values(described: Mapping[str, Any]) -> Iterator[str]:
    for kind in _VALUE_KINDS:
        for value in described.get(kind) or ():
            yield str(value)
    for person in described.get("user") or ():
        if person.get("emailAddress"):
            yield str(person["emailAddress"])


def _is_edited_since(approval: Mapping[str, Any], item: Item) -> bool:
    """By revision where both sides name one; Docs editors' files name none, so by date. Unknown counts as edited."""
    approved, head = approval.get("approvedRevisionId"), item.raw.get("headRevisionId")
    if approved and head:
        return bool(approved != head)
    completed = read_moment(approval.get("completeTime"))
    return completed is None or item.modified is None or item.modified > completed
