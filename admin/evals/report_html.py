"""A retrieval eval as one page. Pure; reads as_json.py's shape."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from admin.evals.page import build_document, draw_plot
from admin.evals.report_text import COLUMNS, WITH_INTERVAL, describe_ranks, describe_run, pick, show_estimate

Result = Mapping[str, Any]


def build_page(result: Result) -> str:
    """The whole page, well-formed also as XML."""
    everything, *types = result["groups"]
    overall = [(name, pick(everything, key, depth)) for name, key, depth in WITH_INTERVAL]
    by_type = [(f"{one['type']} ({one['questions']})", pick(one, "passage_hit", "5")) for one in types]
    body = [
        "<h1>Retrieval</h1>",
        f'<p class="soft">{escape(describe_run(result))}</p>',
        "<h2>All questions</h2>",
        draw_plot("Hits and mean reciprocal ranks, with 95 % intervals", overall),
        "<h2>By type</h2>",
        draw_plot("Passage hit@5, with 95 % intervals", by_type) if by_type else "",
        _build_table(result["groups"]),
        f"<h2>To read: {len(result['misses'])}</h2>",
        '<p class="soft">Gold not among the first five passages, or not in the context.</p>',
        *map(_build_miss, result["misses"]),
    ]
    return build_document("Retrieval", body)


def _build_table(groups: Sequence[Result]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("type", "n", *(c[0] for c in COLUMNS)))
    rows = "".join(_build_row(group) for group in groups)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _build_row(group: Result) -> str:
    values = "".join(
        f'<td title="{show_estimate(pick(group, key, depth))}">{pick(group, key, depth)["value"]:.3f}</td>'
        for _, key, depth in COLUMNS
    )
    return f'<tr><th scope="row">{escape(group["type"])}</th><td>{group["questions"]}</td>{values}</tr>'


def _build_miss(miss: Result) -> str:
    gold = "".join(f"<dd>{escape(one['path'])}: {escape(one['snippet'])}</dd>" for one in miss["gold"])
    came = "".join(
        f"<li>{escape(' › '.join(filter(None, (one['path'], one['heading']))))}"
        f'<br/><span class="soft">{escape(one["text"])}</span></li>'
        for one in miss["instead"]
    )
    instead = f"<ol>{came}</ol>" if came else "nothing"
    return (
        f"<article><h3>{escape(miss['id'])} ({escape(miss['type'])}) {escape(miss['question'])}</h3>"
        f'<p class="soft">{describe_ranks(miss)}</p><dl><dt>Gold</dt>{gold}<dt>Instead</dt>'
        f"<dd>{instead}</dd></dl></article>"
    )
