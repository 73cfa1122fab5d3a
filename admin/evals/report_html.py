"""A retrieval eval as one page: inline style and plots, no script, no outside asset. Pure; reads as_json.py's shape."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from admin.evals.report_text import COLUMNS, WITH_INTERVAL, describe_ranks, describe_run, pick, show_estimate

Result = Mapping[str, Any]
STYLE: Final = """
:root { color-scheme: light dark; --ground: #fff; --ink: #1d1c1d; --soft: #5e5d60; --line: #dddde1;
  --shade: #f4f4f6; --bar: #2f6fa8; --whisker: #1d1c1d; }
@media (prefers-color-scheme: dark) { :root { --ground: #16181c; --ink: #e8e8ea; --soft: #a5a7ab;
  --line: #3a3d42; --shade: #202329; --bar: #4f8fc8; --whisker: #f2f2f4; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: 15px/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 860px; margin: 0 auto; padding: 16px; }
h1 { margin: 0 0 4px; font-size: 22px; } h2 { margin: 28px 0 8px; font-size: 18px; }
h3 { margin: 0 0 6px; font-size: 15px; }
p, ol, dl { margin: 4px 0; } .soft, dt { color: var(--soft); }
figure { margin: 0 0 16px; } figcaption { margin-bottom: 4px; font-weight: 600; }
svg { display: block; width: 100%; max-width: 560px; height: auto; font-size: 11px; }
svg text { fill: var(--ink); } .track { fill: var(--shade); } .bar { fill: var(--bar); }
.whisker { stroke: var(--whisker); stroke-width: 1.5; fill: none; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 8px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child { text-align: left; }
article { margin: 12px 0; padding: 12px; border: 1px solid var(--line); border-radius: 8px; }
dd { margin: 0 0 6px; } ol { padding-left: 22px; }
"""
# Units of the plots: they are drawn for the narrowest screen and only grow.
WIDTH, ROW, LEFT, RIGHT = 328, 22, 108, 40
TRACK = WIDTH - LEFT - RIGHT
LONGEST_LABEL = 18


def build_page(result: Result) -> str:
    """The whole page, well-formed also as XML."""
    everything, *types = result["groups"]
    overall = [(name, pick(everything, key, depth)) for name, key, depth in WITH_INTERVAL]
    by_type = [(f"{one['type']} ({one['questions']})", pick(one, "passage_hit", "5")) for one in types]
    body = [
        "<h1>Retrieval</h1>",
        f'<p class="soft">{escape(describe_run(result))}</p>',
        "<h2>All questions</h2>",
        _plot("Hits and mean reciprocal ranks, with 95 % intervals", overall),
        "<h2>By type</h2>",
        _plot("Passage hit@5, with 95 % intervals", by_type) if by_type else "",
        _build_table(result["groups"]),
        f"<h2>To read: {len(result['misses'])}</h2>",
        '<p class="soft">Gold not among the first five passages, or not in the context.</p>',
        *map(_build_miss, result["misses"]),
    ]
    head = '<meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>'
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}<title>Retrieval</title><style>{STYLE}</style></head>'
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def _plot(caption: str, rows: Sequence[tuple[str, Result]]) -> str:
    bars = "".join(_draw_row(number, name, estimate) for number, (name, estimate) in enumerate(rows))
    return (
        f"<figure><figcaption>{escape(caption)}</figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {len(rows) * ROW}" role="img" aria-label="{escape(caption)}">{bars}</svg>'
        "</figure>"
    )


def _draw_row(number: int, name: str, estimate: Result) -> str:
    top, middle = number * ROW, number * ROW + ROW // 2
    low, high = _place(estimate["low"]), _place(estimate["high"])
    label = name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"
    return (
        f"<g><title>{escape(name)}: {show_estimate(estimate)}</title>"
        f'<text x="0" y="{middle + 4}">{escape(label)}</text>'
        f'<rect class="track" x="{LEFT}" y="{top + 4}" width="{TRACK}" height="{ROW - 8}"/>'
        f'<rect class="bar" x="{LEFT}" y="{top + 4}" width="{_place(estimate["value"]) - LEFT:.1f}" '
        f'height="{ROW - 8}"/>'
        f'<path class="whisker" d="M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 4}v8'
        f'M{high:.1f} {middle - 4}v8"/>'
        f'<text x="{WIDTH}" y="{middle + 4}" text-anchor="end">{estimate["value"]:.3f}</text></g>'
    )


def _place(value: float) -> float:
    return LEFT + TRACK * value


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
