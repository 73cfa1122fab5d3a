from typing import Any
from xml.etree import ElementTree as ET

from admin.evals.answers_as_json import column_as_json
from admin.evals.answers_html import build_answers_page
from admin.evals.answers_text import render_answers
from admin.evals.metered_model import Usage
from admin.evals.prices import Price
from admin.evals.score_answers import Asked, score_column
from core.answers import RejectedClaim, Trace
from tests.unit.admin.evals.answers import GOLD, ask_for, build_answer, build_claim
from tests.unit.admin.evals.results import RULE

EVIL = "<script>alert('1')</script> & \"more\""
USAGE = Usage(completions=1, prompt_tokens=2_000, completion_tokens=100, served_models=("small-1",))


def build_result(*, names: tuple[str, ...] = ("flash",)) -> dict[str, Any]:
    """Passages mode, and columns with one right answer, one miss and one failed request each."""
    rejected = Trace(rejected=(RejectedClaim("We are first.", ("S1",), ("overlap",)),))
    missed = ask_for(GOLD, question_id="Q2", type='<b title="x">', must_contain=("sentence case",))
    asked = [
        Asked(ask_for(GOLD), build_answer(build_claim(RULE), mode="model"), USAGE),
        Asked(missed, build_answer(build_claim(EVIL), mode="model", trace=rejected), USAGE),
        Asked(ask_for(GOLD, question_id="Q3"), build_answer(), Usage(failures=("it is too busy",))),
    ]
    prices = (Price("small-*", 1.0, 10.0, "EUR"),)
    columns = [score_column("passages", [Asked(ask_for(GOLD), build_answer(build_claim(RULE)))])]
    columns += [score_column(name, asked, model="small", prices=prices) for name in names]
    return {
        "asker": "local owner",
        "on": "2026-10-15",
        "brand": None,
        "answerable": 3,
        "unanswerable": 0,
        "columns": [column_as_json(column) for column in columns],
    }


def test_text_shows_columns_side_by_side_and_each_miss_with_gold_and_what_was_shown() -> None:
    text = render_answers(build_result())
    assert "3 questions with an answer and 0 without, as local owner, on 2026-10-15" in text
    assert "flash: 1 question(s) brought no word of the model and are left out (it is too busy)." in text
    row = next(line for line in text.splitlines() if line.startswith("  gold sentence cited"))
    assert "1/1 1.000 (0.206 to 1.000)" in row and "1/2 0.500 (0.095 to 0.905)" in row
    assert "2000 / 100" in text and "0.003000 EUR" in text and "1/3 0.333" in text
    assert "wrong: gold, words" in text
    assert f"gold     guide.md: {RULE}" in text
    assert f"shown    guide.md: {EVIL}" in text
    assert "rejected We are first. (overlap)" in text


def test_text_says_when_there_is_no_miss() -> None:
    assert "No miss of passages." in render_answers(build_result(names=()))


def test_page_is_well_formed_and_what_was_shown_stays_text() -> None:
    for names in ((), ("flash", "pro")):
        document = ET.fromstring(build_answers_page(build_result(names=names)))
        assert document.find(".//script") is None and document.find(".//b") is None
        shown = [item.text for item in document.iter("li")]
        assert shown == [EVIL] * len(names)


def test_page_needs_nothing_from_outside_and_runs_nothing() -> None:
    document = ET.fromstring(build_answers_page(build_result()))
    names = {name for element in document.iter() for name in element.attrib}
    assert not names & {"src", "href", "srcset", "data", "action", "style"}
    assert not [name for name in names if name.startswith("on")]


def test_page_draws_every_column_for_a_figure_and_one_plot_for_one_column() -> None:
    captions = [one.text for one in ET.fromstring(build_answers_page(build_result())).iter("figcaption")]
    assert "Gold sentence cited, with 95 % intervals" in captions
    assert "Total time of an answer, milliseconds" in captions
    alone = ET.fromstring(build_answers_page(build_result(names=())))
    assert "Shares of questions, with 95 % intervals" in [one.text for one in alone.iter("figcaption")]


def test_longest_time_fills_its_track_and_the_others_their_share() -> None:
    document = ET.fromstring(build_answers_page(build_result()))
    figure = next(
        one for one in document.iter("figure") if (one.findtext("figcaption") or "").startswith("Total")
    )
    widths = [float(bar.attrib["width"]) for bar in figure.iter("rect")]
    assert len(widths) == 4 and max(widths) == widths[0] == 180.0
