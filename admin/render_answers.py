"""Results of `onbrand answers` and `onbrand gaps` for a person at a terminal. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

Result = Mapping[str, Any]


def render_officials(answers: Sequence[Result]) -> str:
    """One block an answer."""
    return "\n\n".join(_render_head(one) for one in answers) or "No official answer."


def render_official(answer: Result) -> str:
    """All phrasings, the text, and each sentence behind it."""
    others = [f"   also: {question}" for question in answer["questions"][1:]]
    proof = [f"   “{one['sentence']}”  {one.get('path', one['document_id'])}" for one in answer["evidence"]]
    return "\n".join([_render_head(answer), *others, "", "   Evidence:", *proof])


def render_gaps(gaps: Sequence[Result]) -> str:
    """One line a gap with why it is one, most asked first."""
    if not gaps:
        return "No gap."
    return "\n".join(
        f"{one['gap_id']}  {one['asked']}× by {one['askers']}, last {one['last_at'][:10]}  "
        f"{one['state']:8}  {one['question']}\n{'':14}{one['why']}"
        for one in gaps
    )


def render_gap(gap: Result) -> str:
    """Every question, and what is nearest."""
    note = [f"   {gap['state']}: {gap['note']}"] if gap["note"] else []
    asked = [f"   {one['at'][:16]}  {one['asker']}: {one['question']}" for one in gap["questions"]]
    near = [f"   nearest: {one['path']} ({one['document_id']})" for one in gap["nearest"]]
    return "\n".join([render_gaps([gap]), *note, *near, *asked])


def _render_head(answer: Result) -> str:
    until = f", until {answer['until']}" if answer["until"] else ""
    owner = f", owner {answer['owner']}" if answer["owner"] else ""
    brand = f", brand {answer['brand']}" if answer["brand"] else ""
    stale = f"\n   not served: {answer['stale']}" if answer["stale"] else ""
    first = answer["questions"][0]
    return f"{answer['answer_id']}  {answer['state']}{until}{owner}{brand}\n   {first}\n   {answer['text']}{stale}"
