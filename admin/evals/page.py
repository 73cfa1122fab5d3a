"""Pieces of the eval pages: inline style and plots, no script, no outside asset. Pure; used by both pages."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

from admin.evals.report_text import show_estimate

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


def build_document(title: str, body: Iterable[str]) -> str:
    """The whole page, well-formed also as XML."""
    head = '<meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>'
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}<title>{escape(title)}</title><style>{STYLE}</style></head>'
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def draw_plot(caption: str, rows: Sequence[tuple[str, Result]]) -> str:
    """A bar with its whisker for each name and estimate."""
    bars = "".join(_draw_row(number, name, estimate) for number, (name, estimate) in enumerate(rows))
    return _draw_figure(caption, bars, len(rows))


def _draw_row(number: int, name: str, estimate: Result) -> str:
    top, middle = number * ROW, number * ROW + ROW // 2
    low, high = _place(estimate["low"]), _place(estimate["high"])
    return (
        f"<g><title>{escape(name)}: {show_estimate(estimate)}</title>"
        f'<text x="0" y="{middle + 4}">{escape(_shorten_label(name))}</text>'
        f'<rect class="track" x="{LEFT}" y="{top + 4}" width="{TRACK}" height="{ROW - 8}"/>'
        f'<rect class="bar" x="{LEFT}" y="{top + 4}" width="{_place(estimate["value"]) - LEFT:.1f}" '
        f'height="{ROW - 8}"/>'
        f'<path class="whisker" d="M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 4}v8'
        f'M{high:.1f} {middle - 4}v8"/>'
        f'<text x="{WIDTH}" y="{middle + 4}" text-anchor="end">{estimate["value"]:.3f}</text></g>'
    )


def _place(value: float) -> float:
    return LEFT + TRACK * value


def draw_bars(caption: str, rows: Sequence[tuple[str, float]]) -> str:
    """A bar for each name and amount, the longest over the whole width."""
    most = max((amount for _, amount in rows), default=0.0) or 1.0
    bars = "".join(
        _draw_bar(number, name, amount, amount / most) for number, (name, amount) in enumerate(rows)
    )
    return _draw_figure(caption, bars, len(rows))


def _draw_bar(number: int, name: str, amount: float, share: float) -> str:
    top, middle = number * ROW, number * ROW + ROW // 2
    return (
        f"<g><title>{escape(name)}: {amount:.0f}</title>"
        f'<text x="0" y="{middle + 4}">{escape(_shorten_label(name))}</text>'
        f'<rect class="bar" x="{LEFT}" y="{top + 4}" width="{TRACK * share:.1f}" height="{ROW - 8}"/>'
        f'<text x="{WIDTH}" y="{middle + 4}" text-anchor="end">{amount:.0f}</text></g>'
    )


def _draw_figure(caption: str, rows: str, count: int) -> str:
    return (
        f"<figure><figcaption>{escape(caption)}</figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {count * ROW}" role="img" aria-label="{escape(caption)}">{rows}</svg>'
        "</figure>"
    )


def _shorten_label(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"
