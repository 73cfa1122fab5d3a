"""Markdown is read as its reader sees it."""

from core.documents import Block, ParsedDocument
from ingest.parsers.registry import parse_file


def _parse(text: str) -> ParsedDocument:
    (document,) = parse_file("page.md", text.encode())
    return document


def _list(text: str) -> list[tuple[str, str, int]]:
    return [(block.kind, block.text, block.level) for block in _parse(text).blocks]


def test_inline_marks_are_gone_and_link_and_image_texts_stay() -> None:
    text = "Say **yes** to [`plain` words](https://a.example) and\n*never* ![the logo](l.png) it&rsquo;s"
    assert _list(text) == [("paragraph", "Say yes to plain words and never the logo it’s", 0)]


def test_title_is_front_matters_then_first_level_one_heading_then_none() -> None:
    assert _parse("---\ntitle: Voice\n---\n# Other\n").title == "Voice"
    assert _parse("## Small\n\n# Big\n").title == "Big"
    assert _parse("Only text").title is None


def test_nested_list_items_keep_their_depth() -> None:
    text = "- one\n  - two\n    1. three\n- four\n\n  more of four\n"
    assert _list(text) == [
        ("list_item", "one", 1),
        ("list_item", "two", 2),
        ("list_item", "three", 3),
        ("list_item", "four", 1),
        ("paragraph", "more of four", 0),
    ]


def test_item_that_holds_only_code_does_not_turn_the_next_paragraph_into_an_item() -> None:
    assert _list("- ```\n  x\n  ```\n\nText") == [("code", "x", 0), ("paragraph", "Text", 0)]


def test_table_rows_repeat_their_header() -> None:
    text = "| Use | Not |\n|---|---|\n| **Go** | Golang |\n| sign in | |\n"
    assert _list(text) == [("table_row", "Use: Go · Not: Golang", 0), ("table_row", "Use: sign in", 0)]


def test_struck_out_text_is_left_out() -> None:
    assert _list("We are ~~the leader~~ a <del>big</del> choice.") == [("paragraph", "We are a choice.", 0)]


def test_quotation_is_a_paragraph_and_hard_break_a_newline() -> None:
    assert _list("> It works.  \n> Jane Example") == [("paragraph", "It works.\nJane Example", 0)]


def test_code_keeps_lines_and_marks() -> None:
    assert _list("```sh\na  *b*\n  c\n```") == [("code", "a  *b*\n  c", 0)]


def test_raw_html_is_read_without_comments_scripts_and_hidden_parts() -> None:
    text = (
        "<div><p>Shown &amp; said</p><!-- secret --><script>x()</script>"
        '<span style="display: none">no</span></div>\n\n<!-- not\n\nthis -->\n\nEnd <!-- nor this -->here'
    )
    assert _list(text) == [("paragraph", "Shown & said", 0), ("paragraph", "End here", 0)]


def test_heading_right_below_an_html_block_is_a_heading() -> None:
    assert _list("<div>Approach</div>\n### Build it\n\nText") == [
        ("paragraph", "Approach", 0),
        ("heading", "Build it", 3),
        ("paragraph", "Text", 0),
    ]


def test_liquid_tags_are_dropped_and_liquid_values_kept() -> None:
    text = (
        '{% include "quote.html",\n  name="x" %}\n'
        "{% comment %}\nhidden\n{% endcomment %}\n"
        "Mail {{ site.mail }} or [read **more**]({{ site.baseurl }}{% link a.md %}){:.button}.\n"
    )
    assert _list(text) == [("paragraph", "Mail {{ site.mail }} or read more.", 0)]


def test_broken_front_matter_does_not_become_a_heading() -> None:
    document = _parse("---\ntitle: a: b\n---\n\nText")
    assert document.metadata == {}
    assert document.blocks == (Block("paragraph", "title: a: b"), Block("paragraph", "Text"))


def test_deeply_nested_list_is_read_to_the_end() -> None:
    text = "\n".join("  " * depth + f"- item {depth}" for depth in range(30))
    assert _list(text)[-1] == ("list_item", "item 29", 30)


def test_heading_inside_a_div_ends_with_it() -> None:
    text = (
        "## Our name\n\n<div>\n<div>\n\n##### Yes\n\n- Say it.\n\n</div>\n<div>\n\n##### No\n\n- Not so.\n\n"
        "</div>\n</div>\n\nAlways in full.\n\n## Next\n\nMore.\n"
    )
    assert _list(text) == [
        ("heading", "Our name", 2),
        ("heading", "Yes", 5),
        ("list_item", "Say it.", 1),
        ("heading", "No", 5),
        ("list_item", "Not so.", 1),
        ("heading", "Our name", 2),
        ("paragraph", "Always in full.", 0),
        ("heading", "Next", 2),
        ("paragraph", "More.", 0),
    ]


def test_divs_without_headings_or_without_an_end_change_nothing() -> None:
    plain = [("heading", "A", 1), ("paragraph", "one", 0), ("paragraph", "two", 0)]
    assert _list("# A\n\n<div>\n\none\n\n</div>\n\ntwo\n") == plain
    assert _list("# A\n\n</div>\n\none\n\n<div>\n\ntwo\n") == plain
