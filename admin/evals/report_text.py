"""A retrieval eval as text: figures by type, then the misses to read. Pure; reads the shape of as_json.py."""

from collections.abc import Mapping, Sequence
from typing import Any

Result = Mapping[str, Any]
COLUMNS = (
    ("doc@1", "document_hit", "1"),
    ("doc@5", "document_hit", "5"),
    ("doc@10", "document_hit", "10"),
    ("pass@1", "passage_hit", "1"),
    ("pass@3", "passage_hit", "3"),
    ("pass@5", "passage_hit", "5"),
    ("pass@10", "passage_hit", "10"),
    ("context", "context_hit", None),
    ("doc MRR", "document_mrr", None),
    ("pass MRR", "passage_mrr", None),
)
WITH_INTERVAL = (
    ("document hit@1", "document_hit", "1"),
    ("document hit@3", "document_hit", "3"),
    ("document hit@5", "document_hit", "5"),
    ("document hit@10", "document_hit", "10"),
    ("passage hit@1", "passage_hit", "1"),
    ("passage hit@3", "passage_hit", "3"),
    ("passage hit@5", "passage_hit", "5"),
    ("passage hit@10", "passage_hit", "10"),
    ("context hit", "context_hit", None),
    ("document MRR", "document_mrr", None),
    ("passage MRR", "passage_mrr", None),
)


def render_retrieval(result: Result) -> str:
    """The whole report."""
    everything, *types = result["groups"]
    lines = [
        describe_run(result),
        "",
        "All questions, with 95 % intervals",
        *(f"  {name:16} {show_estimate(pick(everything, key, at))}" for name, key, at in WITH_INTERVAL),
        "",
        *_render_types([everything, *types]),
        "",
        *_render_misses(result["misses"]),
    ]
    return "\n".join(lines)


def describe_run(result: Result) -> str:
    """How many questions were asked, as whom and when."""
    brand = f", brand {result['brand']}" if result["brand"] else ""
    return (
        f"{result['answerable']} questions with gold, as {result['asker']}, on {result['on']}{brand}; "
        f"{result['unanswerable']} that cannot be answered are left out."
    )


def describe_ranks(miss: Result) -> str:
    """Where a miss stood."""
    where = "in the context" if miss["in_context"] else "not in the context"
    return (
        f"document {_show_rank(miss['document_rank'])}, passage {_show_rank(miss['passage_rank'])}, {where}"
    )


def pick(group: Result, key: str, depth: str | None) -> Result:
    """One estimate of a group."""
    found: Result = group[key] if depth is None else group[key][depth]
    return found


def show_estimate(estimate: Result) -> str:
    """Value with the ends of its interval."""
    return f"{estimate['value']:.3f}  ({estimate['low']:.3f} to {estimate['high']:.3f})"


def _show_rank(rank: int | None) -> str:
    return "not found" if rank is None else f"rank {rank}"


def _render_types(groups: Sequence[Result]) -> list[str]:
    width = max(len(group["type"]) for group in groups)
    head = "  ".join(name.rjust(8) for name, _, _ in COLUMNS)
    lines = [f"By type\n  {'type':{width}}  {'n':>4}  {head}"]
    for group in groups:
        values = "  ".join(f"{pick(group, key, at)['value']:8.3f}" for _, key, at in COLUMNS)
        lines.append(f"  {group['type']:{width}}  {group['questions']:4}  {values}")
    return lines


def _render_misses(misses: Sequence[Result]) -> list[str]:
    if not misses:
        return ["No miss: every question's gold is among the first five passages and in the context."]
    lines = [f"{len(misses)} to read: gold not among the first five passages, or not in the context"]
    for miss in misses:
        lines += ["", *_render_miss(miss)]
    return lines


def _render_miss(miss: Result) -> list[str]:
    gold = [f"    gold     {one['path']}: {' '.join(one['snippet'].split())}" for one in miss["gold"]]
    came = [
        f"    instead  {one['rank']}. {one['path']}" + (f" › {one['heading']}" if one["heading"] else "")
        for one in miss["instead"]
    ]
    return [
        f"  {miss['id']} ({miss['type']}) {miss['question']}",
        f"    {describe_ranks(miss)}",
        *gold,
        *came,
    ]
