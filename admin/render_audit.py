"""Results of `onbrand audit`, `retention` and `people erase` for a person at a terminal. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Result = Mapping[str, Any]


def render_audit(rows: Sequence[Result]) -> str:
    """One line a row, the newest first, with what the act changed below."""
    if not rows:
        return "No row of the audit fits."
    return "\n".join(line for row in rows for line in _row_lines(row))


def render_verified(found: Result) -> str:
    """Whether the chain is whole, what is wrong where, and the head to note elsewhere."""
    if found["ok"]:
        return (
            f"The audit is whole: {found['rows']} row(s), none changed, missing or out of order.\n"
            f"Head: {found['head']}\n"
            "Note it outside this machine and compare later: onbrand audit verify --head NUMBER:HASH"
        )
    lines = [f"The audit was tampered with: {found['found']} problem(s) in {found['rows']} row(s)."]
    lines += [f"  row {one['number']}: {one['problem']}" for one in found["problems"]]
    if found["found"] > len(found["problems"]):
        lines.append(f"  … and {found['found'] - len(found['problems'])} more")
    return "\n".join(lines)


def render_retention(kept: Result) -> str:
    """What is kept how long, what is due, and what is held."""
    questions, audit, receipts = kept["questions"], kept["audit"], kept["receipts"]
    due = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in questions["due"].items())
    lines = [
        f"Text of questions: {questions['days']} days; due now: {due}",
        f"Audit rows: {audit['days']} days; due now: {audit['due']}",
        f"Receipts: {receipts['days']} days; due now: {receipts['due']}",
        "Everything else stays until somebody removes it: onbrand people erase EMAIL",
    ]
    if not kept["holds"]:
        return "\n".join([*lines, "No hold stands."])
    lines.append(
        "While a hold stands, no audit row, receipt or Slack event is thinned out, whoever it is about:"
    )
    return "\n".join([*lines, *(f"  {render_hold(one)}" for one in kept["holds"])])


def render_thinned(done: Result) -> str:
    """What was removed, or would be."""
    counts = {name: number for name, number in done.items() if name != "dry_run" and number}
    if not counts:
        return "Nothing is due."
    said = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items())
    return f"{'Would thin out' if done['dry_run'] else 'Thinned out'}: {said}."


def render_hold(hold: Result) -> str:
    """One hold."""
    whose = hold["email"] or "everything"
    end = f", released {hold['released_at']}" if hold["released_at"] else ""
    return f"hold {hold['hold_id']} on {whose}: {hold['reason']} (by {hold['by']}, {hold['at']}{end})"


def render_erased(done: Result) -> str:
    """What was removed, and what stays for which reason."""
    counts = ", ".join(
        f"{number} {name.replace('_', ' ')}" for name, number in done["erased"].items() if number
    )
    stays = [
        f"  {'' if one['rows'] is None else str(one['rows']) + ' '}{one['what'].replace('_', ' ')}: {one['why']}"
        for one in done["stays"]
    ]
    return "\n".join([f"Erased {done['email']}: {counts}. This cannot be undone.", "What stays:", *stays])


def _row_lines(row: Result) -> list[str]:
    if row.get("unreadable"):
        return [f"{row['number']:>6}  cannot be read; see onbrand audit verify"]
    reason = f" — {row['reason']}" if row["reason"] else ""
    batch = f"  (batch {row['batch']})" if row.get("batch") else ""
    changed = [name for name in ("before", "after") if row[name]]
    when = f"{row['at'][:19].replace('T', ' ')}Z"
    return [
        f"{row['number']:>6}  {when}  {row['actor']}  {row['act']}  {row['subject']}{reason}{batch}",
        *(f"        {name:6} {json.dumps(row[name], ensure_ascii=False)}" for name in changed),
    ]
