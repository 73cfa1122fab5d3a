"""What `backup` and `restore` print for people."""

from collections.abc import Mapping
from typing import Any


def render_backup(done: Mapping[str, Any]) -> str:
    """Where it lies, what is in it, how to put it back."""
    return (
        f"Backed up to {done['folder']} in {done['seconds']} s: {_count(done)}, {done['files']} files.\n"
        f"Writing waited {done['writers_waited_milliseconds'] / 1000:.1f} s; questions were answered meanwhile.\n"
        f"Manifest: sha256 {done['manifest']}\n"
        f"Put it back with: onbrand restore {done['folder']}"
    )


def render_restored(done: Mapping[str, Any]) -> str:
    """What was put where, and what had to be made good."""
    lines = [f"Restored {_count(done)} of {done['created_at']} into {done['home']} in {done['seconds']} s."]
    if done["replaced"]:
        lines.append(f"What was there before is kept in {done['replaced']}")
    if done["migrated"]:
        lines.append(f"Schema migrated: {done['migrated']}.")
    lines.append(_describe_index(done))
    if done["silent"]:
        lines.append(
            f"{done['silent']} document(s) are silent: their passages could not be written; see onbrand doctor"
        )
    return "\n".join(lines)


def _count(done: Mapping[str, Any]) -> str:
    return f"{done['documents']} document(s), {done['people']} person(s), {done['receipts']} receipt(s)"


def _describe_index(done: Mapping[str, Any]) -> str:
    if not done["with_index"]:
        return (
            "Index: built anew from the stored text, for the settings or this version name another embedder."
        )
    found = done["index"] or {"checked": 0, "silent": 0, "foreign": 0}
    if not found["silent"] and not found["foreign"]:
        return f"Index: whole, {found['checked']} document(s) compared."
    return (
        f"Index: {found['checked']} document(s) compared, {found['silent']} written anew, "
        f"passages of {found['foreign']} unknown one(s) removed."
    )
