import re
from xml.etree import ElementTree as ET

from admin.evals.page import LEFT, TRACK
from admin.evals.report_html import build_page
from admin.evals.report_text import render_retrieval
from tests.unit.admin.evals.results import RULE, build_result


def read_page(page: str) -> ET.Element:
    """The page as XML: a tag left open or an ampersand left alone fails here."""
    return ET.fromstring(page)


def test_text_shows_figures_by_type_and_each_miss_with_gold_and_what_came_instead() -> None:
    text = render_retrieval(build_result(type_name="quote"))
    assert "2 questions with gold, as local owner, on 2026-10-15; 1 that cannot be answered" in text
    assert "passage hit@5    0.500  (0.095 to 0.905)" in text
    assert re.search(r"\n  quote +1 +0\.000", text)
    assert "Q2 (quote) Q2?\n    document not found, passage not found, not in the context" in text
    assert f"gold     guide.md: {RULE}" in text
    assert "instead  1. other.md › Style" in text


def test_text_says_when_there_is_no_miss() -> None:
    assert "No miss" in render_retrieval({**build_result(), "misses": []})


def test_page_is_well_formed_and_what_was_found_stays_text() -> None:
    evil = "<script>alert('1')</script> & \"more\""
    page = build_page(build_result(type_name='<b title="x">', came=evil))
    document = read_page(page)
    assert document.find(".//script") is None and document.find(".//b") is None
    assert "<script>alert('1')</script> & \"more\"" in [span.text for span in document.iter("span")]


def test_page_needs_nothing_from_outside_and_runs_nothing() -> None:
    document = read_page(build_page(build_result()))
    names = {name for element in document.iter() for name in element.attrib}
    assert not names & {"src", "href", "srcset", "data", "action", "style"}
    assert not [name for name in names if name.startswith("on")]
    style = document.findtext(".//style") or ""
    assert "url(" not in style and "@import" not in style
    assert "prefers-color-scheme: dark" in style


def test_bars_and_whiskers_end_where_value_and_interval_do() -> None:
    document = read_page(build_page(build_result()))
    group = next(
        one for one in document.iter("g") if (one.findtext("title") or "").startswith("passage hit@5")
    )
    bar = next(one for one in group.iter("rect") if one.get("class") == "bar")
    assert float(bar.attrib["width"]) == round(TRACK * 0.5, 1)
    whisker = group.find("path")
    assert whisker is not None
    ends = re.match(r"M([\d.]+) \d+H([\d.]+)M", whisker.attrib["d"])
    assert ends is not None
    # Wilson's interval of one hit in two.
    assert float(ends[1]) == round(LEFT + TRACK * 0.0945, 1)
    assert float(ends[2]) == round(LEFT + TRACK * 0.9055, 1)


def test_page_of_no_types_is_well_formed() -> None:
    result = build_result()
    assert read_page(build_page({**result, "groups": result["groups"][:1], "misses": []})).tag == "html"


def test_a_long_type_is_shortened_beside_its_bar_and_whole_in_the_table() -> None:
    long = "questions_about_terminology"
    document = read_page(build_page(build_result(type_name=long)))
    assert "questions_about_t…" in [text.text for text in document.iter("text")]
    assert long in [cell.text for cell in document.iter("th")]
