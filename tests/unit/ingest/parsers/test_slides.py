"""PowerPoint decks, made here with python-pptx."""

import io
from collections.abc import Callable
from typing import Any

from pptx import Presentation
from pptx.util import Inches

from core.documents import ParsedDocument
from ingest.parsers.registry import parse_file

_TITLE_AND_BODY, _BLANK = 1, 6


def _parse(fill: Callable[[Any], object]) -> ParsedDocument:
    deck, stream = Presentation(), io.BytesIO()
    fill(deck)
    deck.save(stream)
    (document,) = parse_file("deck.pptx", stream.getvalue())
    return document


def _list(document: ParsedDocument) -> list[tuple[str, str, int, int | None]]:
    return [(block.kind, block.text, block.level, block.page) for block in document.blocks]


def _add_slide(deck: Any, title: str, body: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_AND_BODY])
    slide.shapes.title.text, slide.placeholders[1].text = title, body
    return slide


def test_slide_gives_title_bullets_by_depth_and_speaker_notes() -> None:
    def fill(deck: Any) -> None:
        slide = _add_slide(deck, "Security", "We encrypt.\nAt rest")
        slide.placeholders[1].text_frame.paragraphs[1].level = 1
        slide.notes_slide.notes_text_frame.text = "Do not name rivals."

    document = _parse(fill)
    assert document.title == "Security"
    assert _list(document) == [
        ("heading", "Security", 2, 1),
        ("list_item", "We encrypt.", 1, 1),
        ("list_item", "At rest", 2, 1),
        ("note", "Do not name rivals.", 0, 1),
    ]


def test_text_boxes_groups_and_tables_are_read() -> None:
    def fill(deck: Any) -> None:
        slide = deck.slides.add_slide(deck.slide_layouts[_BLANK])
        slide.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "Free text"
        group = slide.shapes.add_group_shape()
        group.shapes.add_group_shape().shapes.add_textbox(0, 0, 9, 9).text_frame.text = "Grouped"
        table = slide.shapes.add_table(2, 2, 0, 0, Inches(2), Inches(1)).table
        for position, text in enumerate(["Claim", "Proof", "Fast", "Nine days. Measured."]):
            table.cell(position // 2, position % 2).text = text

    assert _list(_parse(fill)) == [
        ("heading", "Slide 1", 2, 1),
        ("paragraph", "Free text", 0, 1),
        ("paragraph", "Grouped", 0, 1),
        ("table_row", "Claim: Fast · Proof: Nine days. Measured.", 0, 1),
    ]


def test_hidden_slide_is_dropped_and_numbers_stay_those_of_the_deck() -> None:
    def fill(deck: Any) -> None:
        _add_slide(deck, "Old", "gone")._element.set("show", "0")
        _add_slide(deck, "New", "here")

    document = _parse(fill)
    assert document.title == "New"
    assert _list(document) == [("heading", "New", 2, 2), ("list_item", "here", 1, 2)]


def test_struck_out_run_is_left_out() -> None:
    def fill(deck: Any) -> None:
        slide = _add_slide(deck, "T", "best ")
        paragraph = slide.placeholders[1].text_frame.paragraphs[0]
        paragraph.runs[0].font._element.set("strike", "sngStrike")
        paragraph.add_run().text = "good"

    assert _list(_parse(fill))[1] == ("list_item", "good", 1, 1)


def test_stated_title_comes_first_and_the_templates_own_is_ignored() -> None:
    def fill(deck: Any) -> None:
        deck.core_properties.title = "Battlecard"
        _add_slide(deck, "Slide title", "x")

    assert _parse(fill).title == "Battlecard"
    assert _parse(lambda deck: _add_slide(deck, "Slide title", "x")).title == "Slide title"
