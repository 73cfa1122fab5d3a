"""Sources, their coverage and what is trusted, as a person at a terminal wants to read them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from admin.render import render_sync

Result = Mapping[str, Any]
READERS = {"owner": "the local owner only"}


def render_added_source(source: Result) -> str:
    """What was (or would be) added, its coverage, and what comes next."""
    lines = [f"{'Preview of' if source['is_preview'] else 'Added'} {source['name']} ({source['type']})."]
    if source["purged"]:
        lines.append(
            f"The source that had this name before is purged for good, with {source['purged']} document(s)."
        )
    lines += _coverage_lines(source["coverage"])
    if source["to_trust"]:
        lines += [
            "Most files say nothing of their status: they are drafts, and drafts never answer. To trust all of them:",
            f"  {source['to_trust']}",
        ]
    lines += [f"Trusted as approved: {pattern}" for pattern in source["trust"]]
    ending = "Nothing was added." if source["is_preview"] else f"Next: onbrand sync {source['name']}"
    return "\n".join([*lines, ending])


def render_set_source(source: Result) -> str:
    """What holds from the next sync on."""
    stale = f"stale after {source['stale_after_hours']} h" if source["stale_after_hours"] else "never stale"
    return (
        f"{source['name']}: brand {source['brand'] or 'none'}, kind {source['document_kind']}, "
        f"on change {source['on_change']}. It holds from the next sync on: onbrand sync {source['name']}\n"
        f"synced {source['schedule'] or 'when somebody asks for it'}, {stale}"
    )


def render_removed_source(removed: Result) -> str:
    """What is silent now, and how long it can come back."""
    return (
        f"Removed {removed['name']}: its {removed['documents']} document(s) are silent, its files untouched. "
        "It can come back until its name is used again."
    )


def render_trust(rule: Result) -> str:
    """What was trusted and when it takes effect."""
    files = "" if rule["files"] is None else f", {rule['files']} file(s) at present"
    lines = [f"Trusted: {rule['pattern']} of {rule['source']} {_says(rule)}{files} (rule {rule['rule']})."]
    if rule["files"] == 0:
        lines.append("No file is under this pattern; a folder ends in '/', and ** stands for any folders.")
    lines.append("What a document or a sidecar says of itself stands above it.")
    return "\n".join([*lines, *_effect_lines(rule)])


def render_untrust(rule: Result) -> str:
    """What has ended and when it takes effect."""
    said = f"Ended: rule {rule['rule']}, {rule['pattern']} of {rule['source']} {_says(rule)}."
    silent = "What only it approved is silent then; what a curator approved is not touched."
    return "\n".join([said, *_effect_lines(rule), *([] if rule["sync"] else [silent])])


def render_trusts(rules: Sequence[Result]) -> str:
    """One line a rule."""
    if not rules:
        return (
            "Nothing is trusted in bulk. Trust a folder: onbrand source trust NAME 'approved/' --reason WHY"
        )
    return "\n".join(
        f"{rule['rule']}  {rule['source']}:{rule['pattern']}  {_says(rule)}  {rule['documents']} document(s)  "
        f"by {rule['by']} on {rule['at'][:10]}: {rule['reason']}"
        f"{'  (ended on ' + rule['ended_at'][:10] + ')' if rule['ended_at'] else ''}"
        for rule in rules
    )


def render_synced(report: Result) -> str:
    """The counts of a sync, then what was trusted in bulk, by whom and why."""
    told = [one for one in report.get("trusted", ()) if one["rule"] or one["documents"] or one["opened"]]
    return "\n".join([render_sync(report), *(_trusted_line(one) for one in told)])


def _effect_lines(rule: Result) -> list[str]:
    if rule["sync"]:
        return [render_synced(rule["sync"])]
    return [f"It takes effect at the next sync: onbrand sync {rule['source']}"]


def _trusted_line(one: Result) -> str:
    origin = f"rule {one['rule']}" if one["rule"] else "source add"
    reason = one["reason"] or "no reason given"
    said = f"{one['documents']} document(s) as {one['status']}" if one["status"] else ""
    opened = f"{one['opened']} readable by {one['access']}" if one["access"] else ""
    counts = ", ".join(part for part in (said, opened) if part)
    return f"  trusted  {one['pattern']}: {counts}; by {one['by']}: {reason} ({origin})"


def _says(rule: Result) -> str:
    access = rule["access"] if isinstance(rule["access"], str) else ",".join(rule["access"] or ())
    parts = [f"as {rule['status']}" if rule["status"] else "", f"readable by {access}" if access else ""]
    return ", ".join(part for part in parts if part)


def _coverage_lines(coverage: Result) -> Iterator[str]:
    skipped = sum(group["files"] for group in coverage["skipped"].values())
    yield f"{coverage['files']} file(s) to read, {skipped} left out."
    yield from _group_lines("status", coverage["status"])
    yield from _group_lines(
        "readable by", {READERS.get(name, name): of for name, of in coverage["access"].items()}
    )
    yield from _group_lines("kind", coverage["kinds"])
    yield from _group_lines("brand", coverage["brands"])
    yield from _group_lines("left out", coverage["skipped"])
    yield from _group_lines("cannot be read", coverage["unreadable"])
    if coverage["not_read"]:
        yield f"  {coverage['not_read']} files were not read for this: what they say of themselves is not counted."


def _group_lines(label: str, groups: Result) -> Iterator[str]:
    for name, group in groups.items():
        more = ", …" if group["files"] > len(group["examples"]) else ""
        yield f"  {label:14} {name}: {group['files']}  ({', '.join(group['examples'])}{more})"
