"""An eval of answers as text: side by side, by type, then the misses. Pure; reads answers_as_json.py's shape."""

from collections.abc import Mapping, Sequence
from typing import Any

Result = Mapping[str, Any]
FIGURES = (
    ("all right", "right"),
    ("verdict right", "verdict"),
    ("gold sentence cited", "gold"),
    ("reference words", "words"),
    ("forbidden absent", "forbidden"),
    ("quotation exact", "quotation"),
    ("ruling right", "ruling"),
    ("correct abstention", "correct_abstention"),
    ("false abstention", "false_abstention"),
)
BY_TYPE = (
    ("right", "right"),
    ("verdict", "verdict"),
    ("gold", "gold"),
    ("words", "words"),
    ("absent", "forbidden"),
    ("quote", "quotation"),
    ("ruling", "ruling"),
)


def render_answers(result: Result) -> str:
    """The whole report."""
    columns = result["columns"]
    lines = [
        describe_run(result),
        *list_warnings(columns),
        "",
        *_render_side_by_side(columns),
    ]
    for column in columns:
        lines += ["", *_render_types(column), "", *_render_misses(column)]
    return "\n".join(lines)


def describe_run(result: Result) -> str:
    """How many questions were asked, as whom and when."""
    brand = f", brand {result['brand']}" if result["brand"] else ""
    return (
        f"{result['answerable']} questions with an answer and {result['unanswerable']} without, "
        f"as {result['asker']}, on {result['on']}{brand}. "
        "In passages mode a gold sentence counts when it is among the first five shown."
    )


def list_warnings(columns: Sequence[Result]) -> list[str]:
    """What keeps columns from being compared as they stand."""
    return [
        f"{column['name']}: {len(column['failed'])} question(s) brought no word of the model and are left out "
        f"({column['failed'][0]['failures'][-1]})."
        for column in columns
        if column["failed"]
    ]


def list_measures(column: Result) -> list[tuple[str, str]]:
    """Times, tokens, cost and what went wrong, each as (name, value)."""
    times, spending, rejected = column["milliseconds"], column["spending"], column["rejected_claims"]
    return [
        ("total p50 / p95", _show_times(times["total"])),
        ("model p50 / p95", _show_times(times["model"])),
        ("tokens in / out", _show_pair(spending["prompt_tokens"], spending["completion_tokens"])),
        ("cost per answer", _show_cost(spending)),
        ("claims rejected", show_share(rejected) if rejected["n"] else "-"),
        ("failed requests", str(column["failed_requests"])),
        ("fell to passages", str(column["fell_back"])),
        ("questions left out", str(len(column["failed"]))),
        ("served model", ", ".join(column["served_models"]) or "-"),
    ]


def show_share(share: Result) -> str:
    """`k/n value (low to high)`; a dash when nothing was counted."""
    if not share["n"]:
        return "-"
    return f"{share['k']}/{share['n']} {share['value']:.3f} ({share['low']:.3f} to {share['high']:.3f})"


def describe_outcome(miss: Result) -> str:
    """What the answer was, and what of it is wrong."""
    ruling = f", ruling {miss['ruling'] or 'none'}" if miss["expected_ruling"] else ""
    return f"{miss['verdict']}, {miss['mode']}{ruling}; wrong: {', '.join(miss['wrong'])}"


def _show_times(spread: Result) -> str:
    return "-" if spread["p50"] is None else f"{spread['p50']:.0f} / {spread['p95']:.0f} ms"


def _show_pair(one: float | None, other: float | None) -> str:
    return "-" if one is None or other is None else f"{one:.0f} / {other:.0f}"


def _show_cost(spending: Result) -> str:
    if spending["cost"] is None:
        return "-"
    part = (
        ""
        if spending["priced"] == spending["answers"]
        else f" ({spending['priced']} of {spending['answers']})"
    )
    return f"{spending['cost']:.6f} {spending['currency']}{part}"


def _render_side_by_side(columns: Sequence[Result]) -> list[str]:
    rows = [["", *(column["name"] for column in columns)]]
    rows += [[name, *(show_share(column["groups"][0][key]) for column in columns)] for name, key in FIGURES]
    measures = [list_measures(column) for column in columns]
    rows += [[name, *(one[at][1] for one in measures)] for at, (name, _) in enumerate(measures[0])]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return ["All questions, k of n with 95 % intervals", *(f"  {line}" for line in lines)]


def _render_types(column: Result) -> list[str]:
    groups = column["groups"]
    width = max(len(group["type"]) for group in groups)
    head = "  ".join(name.rjust(14) for name, _ in BY_TYPE)
    lines = [f"By type: {column['name']}", f"  {'type':{width}}  {'n':>4}  {head}"]
    for group in groups:
        values = "  ".join(_show_short(group[key]).rjust(14) for _, key in BY_TYPE)
        lines.append(f"  {group['type']:{width}}  {group['questions']:4}  {values}")
    return lines


def _show_short(share: Result) -> str:
    return f"{share['k']}/{share['n']} {share['value']:.2f}" if share["n"] else "-"


def _render_misses(column: Result) -> list[str]:
    misses = column["misses"]
    if not misses:
        return [f"No miss of {column['name']}."]
    lines = [f"{len(misses)} to read: {column['name']}"]
    for miss in misses:
        lines += ["", *_render_miss(miss)]
    return lines


def _render_miss(miss: Result) -> list[str]:
    lines = [f"  {miss['id']} ({miss['type']}) {miss['question']}", f"    {describe_outcome(miss)}"]
    lines += [f"    gold     {one['path']}: {' '.join(one['snippet'].split())}" for one in miss["gold"]]
    lines += [f"    words    {words}" for words in miss["must_contain"] if "words" in miss["wrong"]]
    lines += [f"    shown    {_show_claim(claim)}" for claim in miss["shown"]]
    lines += [f"    rejected {one['text']} ({', '.join(one['failed'])})" for one in miss["rejected"]]
    return lines if miss["shown"] else [*lines, f"    shown    nothing. {miss['why']}"]


def _show_claim(claim: Result) -> str:
    sources = ", ".join(dict.fromkeys(one["path"] for one in claim["evidence"]))
    return f"{sources}: {' '.join(claim['text'].split())}"
