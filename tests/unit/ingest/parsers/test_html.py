"""HTML pages are read as their reader sees them."""

import pytest

from core.documents import ParsedDocument
from ingest.parsers.parser import FileUnreadable
from ingest.parsers.registry import parse_file


def _parse(text: str, encoding: str = "utf-8") -> ParsedDocument:
    (document,) = parse_file("page.html", text.encode(encoding))
    return document


def _list(body: str) -> list[tuple[str, str, int]]:
    document = _parse(f"<html><head><title>T</title><style>p{{}}</style></head><body>{body}</body></html>")
    return [(block.kind, block.text, block.level) for block in document.blocks]


def test_headings_paragraphs_and_nested_lists_come_in_order() -> None:
    body = "<h1>A <em>b</em></h1>lead<p>x\n y<br>z</p><ul><li>one<ol><li><p>two</p><p>more</p></li></ol></li></ul>"
    assert _list(body) == [
        ("heading", "A b", 1),
        ("paragraph", "lead", 0),
        ("paragraph", "x y\nz", 0),
        ("list_item", "one", 1),
        ("list_item", "two", 2),
        ("paragraph", "more", 0),
    ]


def test_hidden_elements_are_dropped_and_aria_hidden_is_kept() -> None:
    body = (
        "<nav>menu</nav><script>s</script><template>t</template><p hidden>h</p>"
        '<p style="color:red; DISPLAY : none">d</p><div style="visibility:hidden"><p>v</p></div>'
        '<p aria-hidden="true">seen</p><!-- c --><p>We are <s>best</s> good</p>'
    )
    assert _list(body) == [("paragraph", "seen", 0), ("paragraph", "We are good", 0)]


def test_main_content_is_preferred_to_the_rest_of_the_page() -> None:
    assert _list("<header>Site</header><main><p>Core</p></main><p>aside</p>") == [("paragraph", "Core", 0)]


def test_page_footer_is_dropped_where_there_is_no_main() -> None:
    assert _list("<p>Core</p><footer>(c)</footer>") == [("paragraph", "Core", 0)]


def test_quotation_carries_its_footer() -> None:
    body = (
        "<blockquote><p>It saved us weeks.</p><footer>— <cite>Jane Example</cite>, Acme</footer></blockquote>"
    )
    assert _list(body) == [("paragraph", "It saved us weeks.\n— Jane Example, Acme", 0)]


def test_quotation_in_a_figure_carries_its_caption() -> None:
    body = "<figure><blockquote>It works.</blockquote><figcaption>Jane Example</figcaption></figure>"
    assert _list(body) == [("paragraph", "It works.\nJane Example", 0)]


def test_table_rows_repeat_header_cells() -> None:
    body = (
        "<table><caption>Words</caption><thead><tr><th>Use</th><th>Not</th></tr></thead>"
        "<tbody><tr><td>Go</td><td>Golang</td></tr></tbody></table>"
    )
    assert _list(body) == [("paragraph", "Words", 0), ("table_row", "Use: Go · Not: Golang", 0)]


def test_table_without_header_does_not_take_its_first_row_for_one() -> None:
    body = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    assert _list(body) == [("table_row", "a · b", 0), ("table_row", "c · d", 0)]


def test_table_used_for_layout_is_read_as_sections() -> None:
    assert _list("<table><tr><td><h2>Side</h2>text</td></tr></table>") == [
        ("heading", "Side", 2),
        ("paragraph", "text", 0),
    ]


def test_code_and_definitions_are_kept() -> None:
    assert _list("<pre>a\n  b</pre><dl><dt>CTA</dt><dd>A call to act.</dd></dl>") == [
        ("code", "a\n  b", 0),
        ("list_item", "CTA", 1),
        ("list_item", "A call to act.", 2),
    ]


def test_title_is_the_title_element_else_first_heading() -> None:
    assert _parse("<title> A\n B </title><h1>H</h1>").title == "A B"
    assert _parse("<h1>H</h1>").title == "H"


def test_declared_charset_is_used_and_a_wrong_one_ignored() -> None:
    assert _parse('<meta charset="iso-8859-15"><p>5 €</p>', "iso-8859-15").blocks[0].text == "5 €"
    assert _parse('<meta charset="klingon"><p>5 €</p>').blocks[0].text == "5 €"


def test_entities_declared_in_the_page_are_not_expanded() -> None:
    page = '<!DOCTYPE html [<!ENTITY a "boom"><!ENTITY b "&a;&a;">]><p>safe &b; text</p>'
    assert "boomboom" not in " ".join(block.text for block in _parse(page).blocks)


def test_absurdly_nested_page_still_gives_all_its_text() -> None:
    deep = "<div>" * 1500 + "<p>one</p>two<script>three</script>" + "</div>" * 1500
    assert _list(f"<p>start</p>{deep}<p>end</p>") == [
        ("paragraph", "start", 0),
        ("paragraph", "one two", 0),
        ("paragraph", "end", 0),
    ]


def test_deep_table_loses_no_cell() -> None:
    deep = "<table><tr><td>a" * 400 + "teal" + "</td><td>b</td></tr></table>" * 400
    text = " ".join(block[1] for block in _list(deep))
    assert text.split() == ["a"] * 399 + ["ateal"] + ["b"] * 400


def test_page_that_the_library_would_cut_off_is_refused() -> None:
    with pytest.raises(FileUnreadable, match="nested too deeply"):
        _parse("<p>start</p>" + "<div>" * 3000 + "<p>end</p>")
