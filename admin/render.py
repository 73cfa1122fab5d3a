"""Results as a person at a terminal wants to read them. Pure; each function takes an operation's JSON-ready result."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH = 96
Result = Mapping[str, Any]


def render_answer(answer: Result) -> str:
    """Heading, claims with their proof, why it is not more, nearest passages, and where the time went."""
    lines = [_heading(answer)]
    for number, claim in enumerate(answer["claims"], start=1):
        lines += _claim_lines(number, claim, is_model=answer["mode"] == "model" or bool(answer["official"]))
    if answer["why"]:
        lines += ["", wrap_text(answer["why"])]
    if answer["nearest"]:
        lines += ["", "Nearest passages:"]
        lines += [line for evidence in answer["nearest"] for line in _evidence_lines(evidence)]
    lines += [line for one in answer.get("stale", ()) for line in ("", wrap_text(one))]
    times = answer["milliseconds"]
    model = f", model {answer['model']}" if answer["model"] else ""
    receipt = f" · receipt {answer['receipt_id']}" if answer.get("receipt_id") else ""
    lines += [
        "",
        f"as {answer['asker']} on {answer['on']}{_owner_note(answer)} · {times['total']:.0f} ms{model}{receipt}",
    ]
    return "\n".join(lines)


def render_results(found: Result) -> str:
    """One block a passage."""
    is_down = "dense" not in found["understood"]["legs"]
    blocks = ["Searching by meaning does not work at the moment; found by words alone:"] if is_down else []
    if not found["results"]:
        return "\n\n".join([*blocks, "Nothing that this asker may read matches."])
    for one in found["results"]:
        place = " › ".join(part for part in (one["title"], one["heading"]) if part)
        page = f", page {one['page']}" if one["page"] else ""
        blocks.append(
            f"{one['rank']}. {place}\n   {one['path']}{page}\n{wrap_text(one['text'], indent='   ')}"
        )
    return "\n\n".join(blocks)


def render_sync(report: Result) -> str:
    """Counts in one line, then every skipped and failed file with its reason."""
    counts = ", ".join(
        f"{report[name]} {name}" for name in ("ingested", "unchanged", "moved", "removed") if report[name]
    )
    passages = f"{report['passages']} passages written in {report['seconds']} s"
    lines = [f"{report['source']}: {report['listed']} files listed; {counts or 'nothing to do'}; {passages}"]
    lines += [f"  failed   {one['document']}: {one['error']}" for one in report["failed"]]
    lines += [f"  skipped  {one['document']}: {one['reason']}" for one in report["skipped"]]
    lines += [f"  warning  {one['document']}: {one['warning']}" for one in report["warnings"]]
    return "\n".join(lines)


def render_sources(sources: Sequence[Result]) -> str:
    """One line a source."""
    if not sources:
        return "No source yet. Add one: onbrand source add folder NAME --path DIR"
    return "\n".join(
        f"{one['name']:20} {one['type']:10} {one['status']:10} {name_readers(one['access']):24} "
        f"last sync {one['last_synced_at'] or 'never'}  {one.get('path', '')}"
        for one in sources
    )


def _heading(answer: Result) -> str:
    if answer["verdict"] == "not_found":
        return "Not found"
    if answer["official"]:
        return "Official answer"
    if answer["verdict"] == "conflict":
        return "The approved sources disagree"
    if answer["mode"] == "passages":
        return "Closest approved passages"
    ruling = {"allowed": "Allowed", "not_allowed": "Not allowed", "conditional": "Allowed under a condition"}
    return ruling.get(
        answer["ruling"] or "",
        "Answer" if answer["verdict"] == "answered" else answer["verdict"].capitalize(),
    )


def _claim_lines(number: int, claim: Result, *, is_model: bool) -> list[str]:
    lines = ["", wrap_text(f"{claim['text']} [{number}]")] if is_model else [""]
    return lines + [line for evidence in claim["evidence"] for line in _evidence_lines(evidence)]


def _evidence_lines(evidence: Result) -> list[str]:
    place = " › ".join(part for part in (evidence["title"], evidence["heading"]) if part)
    page = f", page {evidence['page']}" if evidence["page"] else ""
    facts = [evidence["status"], f"updated {evidence['updated']}" if evidence["updated"] else ""]
    facts += ["newer draft waiting" if evidence.get("newer_draft") else ""]
    facts += ["review overdue" if evidence.get("is_overdue") else ""]
    link = [f"     {evidence['url']}"] if evidence["url"] else []
    return [
        wrap_text(f"“{evidence['sentence']}”", indent="   "),
        f"     {place}{page} · {evidence['path']} · {', '.join(fact for fact in facts if fact)}",
        *link,
    ]


def _owner_note(answer: Result) -> str:
    return " (reads everything)" if answer["asker"] == "local owner" else ""


def name_readers(access: str) -> str:
    """An access list in words."""
    return {"owner": "the local owner only", "all": "all"}.get(access, access)


def wrap_text(text: str, indent: str = "") -> str:
    """Text at the width of a terminal, its own line breaks kept."""
    lines = [
        textwrap.fill(line, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False)
        for line in text.splitlines()
    ]
    return "\n".join(lines)
