"""An eval of answers as one page. Pure; reads answers_as_json.py's shape."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from admin.evals.answers_text import (
    BY_TYPE,
    FIGURES,
    describe_outcome,
    describe_run,
    list_measures,
    list_warnings,
    show_share,
)
from admin.evals.page import build_document, draw_bars, draw_plot

Result = Mapping[str, Any]
TIMES = (("Total time of an answer", "total"), ("Time of the model", "model"))


def build_answers_page(result: Result) -> str:
    """The whole page."""
    columns = result["columns"]
    body = [
        "<h1>Answers</h1>",
        f'<p class="soft">{escape(describe_run(result))}</p>',
        *(f"<p>{escape(warning)}</p>" for warning in list_warnings(columns)),
        "<h2>All questions</h2>",
        *_plot_figures(columns),
        _build_side_by_side(columns),
        "<h2>Time</h2>",
        *_plot_times(columns),
    ]
    for column in columns:
        body += [*_build_types(column), *_build_misses(column)]
    return build_document("Answers", body)


def _plot_figures(columns: Sequence[Result]) -> Iterator[str]:
    """One column: all its figures in one plot. Several: one plot for each figure, the columns under one another."""
    if len(columns) == 1:
        group = columns[0]["groups"][0]
        rows = [(name, group[key]) for name, key in FIGURES if group[key]["n"]]
        yield draw_plot("Shares of questions, with 95 % intervals", rows)
        return
    for name, key in FIGURES:
        rows = [(one["name"], one["groups"][0][key]) for one in columns if one["groups"][0][key]["n"]]
        if rows:
            yield draw_plot(f"{name[:1].upper()}{name[1:]}, with 95 % intervals", rows)


def _plot_times(columns: Sequence[Result]) -> Iterator[str]:
    for caption, key in TIMES:
        rows = [
            (f"{column['name']} {at}", column["milliseconds"][key][at])
            for column in columns
            for at in ("p50", "p95")
            if column["milliseconds"][key][at] is not None
        ]
        if rows:
            yield draw_bars(f"{caption}, milliseconds", rows)


def _build_side_by_side(columns: Sequence[Result]) -> str:
    measures = [list_measures(column) for column in columns]
    rows = [(name, [show_share(one["groups"][0][key]) for one in columns]) for name, key in FIGURES]
    rows += [(name, [one[at][1] for one in measures]) for at, (name, _) in enumerate(measures[0])]
    return _build_table(["", *(column["name"] for column in columns)], rows)


def _build_types(column: Result) -> Iterator[str]:
    yield f"<h2>By type: {escape(column['name'])}</h2>"
    gold = [(f"{one['type']} ({one['questions']})", one["gold"]) for one in column["groups"][1:]]
    rows = [(name, share) for name, share in gold if share["n"]]
    if rows:
        yield draw_plot("Gold sentence cited, with 95 % intervals", rows)
    yield _build_table(
        ["type", "n", *(name for name, _ in BY_TYPE)],
        [
            (group["type"], [str(group["questions"]), *(show_share(group[key]) for _, key in BY_TYPE)])
            for group in column["groups"]
        ],
    )


def _build_table(head: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    lines = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{escape(one)}</td>" for one in values)
        + "</tr>"
        for name, values in rows
    )
    return f'<div class="wide"><table><thead><tr>{names}</tr></thead><tbody>{lines}</tbody></table></div>'


def _build_misses(column: Result) -> Iterator[str]:
    yield f"<h2>To read: {escape(column['name'])}, {len(column['misses'])}</h2>"
    yield from map(_build_miss, column["misses"])


def _build_miss(miss: Result) -> str:
    gold = "".join(f"<dd>{escape(one['path'])}: {escape(one['snippet'])}</dd>" for one in miss["gold"])
    claims = "".join(map(_build_claim, miss["shown"]))
    shown = f"<ol>{claims}</ol>" if claims else escape(f"nothing. {miss['why']}")
    rejected = "".join(
        f"<dd>{escape(one['text'])} ({escape(', '.join(one['failed']))})</dd>" for one in miss["rejected"]
    )
    return (
        f"<article><h3>{escape(miss['id'])} ({escape(miss['type'])}) {escape(miss['question'])}</h3>"
        f'<p class="soft">{escape(describe_outcome(miss))}</p><dl>'
        + (f"<dt>Gold</dt>{gold}" if gold else "")
        + f"<dt>Shown</dt><dd>{shown}</dd>"
        + (f"<dt>Rejected</dt>{rejected}" if rejected else "")
        + "</dl></article>"
    )


def _build_claim(claim: Result) -> str:
    sources = ", ".join(
        dict.fromkeys(" › ".join(filter(None, (one["path"], one["heading"]))) for one in claim["evidence"])
    )
    return f'<li>{escape(claim["text"])}<br/><span class="soft">{escape(sources)}</span></li>'
