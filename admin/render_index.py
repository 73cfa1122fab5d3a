"""A re-index, a rollback and the generations of the index as a person at a terminal wants to read them. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

Result = Mapping[str, Any]
SHOWN_LOST = 20


def render_reindexed(done: Result) -> str:
    """What was built, what the checks said, what answers now and what comes next."""
    lines = [_describe_ending(done), *_list_checks(done["checks"])]
    lines += [f"  ✗ {reason}" for reason in done["reasons"]]
    lines += [f"  {path}: {why}" for path, why in done["unusable"].items()]
    lines += [f"  {note}" for note in done["notes"]]
    if done["state"] == "switched" and done["settings"]:
        lines += [
            "Put these lines into .env before the next start:",
            *(f"  {line}" for line in done["settings"]),
        ]
    if done["state"] == "failed":
        lines.append("Look at it, or switch all the same: onbrand reindex --force")
    return "\n".join(lines)


def render_rolled_back(done: Result) -> str:
    """Which index answers again."""
    if done["state"] != "switched":
        return "\n".join([f"Not switched ({done['state']}).", *done["reasons"]])
    said = (
        f"Generation {done['generation']} answers again, with {done['written']} document(s) brought up to date; "
        f"generation {done['from_generation']} is kept."
    )
    return "\n".join([said, *done["notes"]])


def render_index(shown: Result) -> str:
    """The generations, newest last."""
    lines = [f"Generation {shown['generation']} answers, with {shown['passages']} passages."]
    lines += [
        f"  {one['generation']}: {one['state']}, begun {one['started_at']}, {one['fingerprint']}"
        for one in shown["builds"]
    ]
    return "\n".join(lines)


def _describe_ending(done: Result) -> str:
    written = f"{done['written']} document(s) written in {done['seconds']} s"
    if done["resumed"]:
        written += f", {done['resumed']} were there from the run before"
    if done["state"] == "switched":
        forced = " (forced)" if done["forced"] else ""
        return (
            f"Generation {done['generation']} of the index answers{forced}: {written}; the switch took "
            f"{done['switch_milliseconds']} ms. Back again: onbrand index rollback"
        )
    return (
        f"Not switched ({done['state']}); generation {done['from_generation']} goes on answering. {written}."
    )


def _list_checks(checks: Result | None) -> Iterator[str]:
    if checks is None:
        return
    counts, recall, golden = checks["counts"], checks["recall"], checks["golden"]
    yield f"  counts: {counts['passages']} passages of {counts['documents']} documents"
    if recall:
        yield f"  recall: {recall['found']} of {recall['asked']} found, {recall['filtered']} under filters"
    if golden:
        before = "not asked" if golden["before"] is None else f"{golden['before']:.3f}"
        yield f"  golden: hit@5 {before} → {golden['after']:.3f} over {golden['questions']} question(s)"
        for lost in golden["lost"][:SHOWN_LOST]:
            rank = f"now at {lost['rank']}" if lost["rank"] else "not found now"
            yield f"    lost: {lost['id']} {lost['question']} ({rank})"
