"""Documents as a curator at a terminal wants to read them. Pure; takes an operation's JSON-ready result."""

from collections.abc import Mapping, Sequence
from typing import Any

from admin.render import name_readers, wrap_text

Result = Mapping[str, Any]


def render_documents(documents: Sequence[Result]) -> str:
    """One line a document; `*` marks those that answer today."""
    if not documents:
        return "No document."
    lines = [f"{'':1} {'id':16} {'status':9} {'kind':15} {'valid':23} {'access':22} document"]
    for one in documents:
        valid = (
            f"{one['valid_from'] or '…'} – {one['valid_until'] or '…'}"
            if one["valid_from"] or one["valid_until"]
            else "always"
        )
        marks = [
            name
            for name, holds in (
                ("newer draft waiting", one["newer_draft"]),
                ("review overdue", one["is_overdue"]),
            )
            if holds
        ]
        lines.append(
            f"{'*' if one['answers_today'] else ' '} {one['document_id']:16} {one['status']:9} {one['kind']:15} "
            f"{valid:23} {name_readers(one['access'])[:22]:22} {one['source']}:{one['path']} — {one['title']}"
            + (f"  ({', '.join(marks)})" if marks else "")
        )
    return "\n".join([*lines, "", "* answers today"])


def render_document(document: Result) -> str:
    """Facts, then the text of the revision that answers."""
    facts = [
        f"{name:16} {document[name]}"
        for name in document
        if name not in ("text", "curated") and document[name] is not None
    ]
    return "\n".join([*facts, "", *(wrap_text(text) for text in document["text"])])


def render_difference(result: Result) -> str:
    """`-` was said before, `+` is said now; what stays is counted."""
    heading = f"{result['document']}: revision {result['older']} to {result['newer']}"
    signs = {"removed": "-", "added": "+"}
    lines = [
        wrap_text(f"{signs[one['state']]} {one['sentence']}")
        for one in result["changes"]
        if one["state"] in signs
    ]
    same = sum(one["state"] == "same" for one in result["changes"])
    return "\n".join([heading, *(lines or ["No sentence differs."]), f"{same} sentence(s) are the same."])


def render_reviews(items: Sequence[Result]) -> str:
    """One line a document, with its reasons."""
    if not items:
        return "Nothing waits for you."
    return "\n".join(
        f"{one['document_id']:16} {one['source']}:{one['path']} — {one['title']}: {'; '.join(one['reasons'])}"
        for one in items
    )


def render_undone(result: Result) -> str:
    """What was taken back, and what has to follow."""
    lines = [f"Taken back: {subject}" for subject in result["undone"]]
    return "\n".join([*lines, *(f"Next: {hint}" for hint in result["hints"])])
