"""Damaged and hostile Confluence pages are mended, cut or named; no word comes out twice or is lost."""

import re
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parsers.confluence_storage import parse_confluence
from ingest.parsers.parser import FileUnreadable, RowMapping
from tests.unit.ingest.parsers.confluence_pages import (
    list_blocks,
    macro,
    page_body,
    page_link,
    parse_page,
    read_text,
    status,
    table,
)


@pytest.mark.parametrize(
    "page",
    [
        "<p>Fish & chips <b>bold</p><p>Second</p>",
        "<p>Fish & chips bold</p></div><p>Second",
        "<p>Fish & chips <ri:page ri:content-title='T'/>bold</p>\n<p>Second</p>",
        "<p>Fish & chips <![CDATA[bold]]></p><p>Second</p>",
    ],
)
def test_malformed_markup_is_mended_without_losing_words_and_flagged(page: str) -> None:
    document = parse_page(page)
    assert [block.text for block in document.blocks] == ["Fish & chips bold", "Second"]
    assert "not well formed" in str(document.metadata["damage"])


def test_macros_are_known_in_malformed_markup_too() -> None:
    page = f"<p>A & {status('OK')} <ac:link><ri:page ri:content-title='Tone'/></ac:link> b</p>{macro('toc')}"
    assert read_text(page + macro("code", plain="x < y")) == "A & [OK] Tone b\nx < y"


def test_well_formed_markup_is_not_flagged() -> None:
    assert "damage" not in parse_page("<p>A &amp; b</p>").metadata


def test_entities_that_a_page_declares_are_never_expanded() -> None:
    page = '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "boom">]><p>Text &x;&y;</p>'
    assert read_text(page) == "Text &x;&y;"


def test_a_page_file_that_declares_entities_is_refused() -> None:
    content = (
        b'<!DOCTYPE onbrand-page [<!ENTITY a "x">]><onbrand-page title="T"><body>&a;</body></onbrand-page>'
    )
    with pytest.raises(FileUnreadable, match="declares XML entities"):
        parse_confluence(content, rows=RowMapping())


def test_a_file_that_is_no_page_file_is_named_as_such() -> None:
    with pytest.raises(FileUnreadable, match="not a page file: it begins with 'html'"):
        parse_confluence(b"<html/>", rows=RowMapping())


def test_parts_a_hundred_deep_are_read() -> None:
    boxes = '<ac:structured-macro ac:name="panel"><ac:rich-text-body>' * 100
    page = f"{boxes}<p>Deep</p>{'</ac:rich-text-body></ac:structured-macro>' * 100}"
    assert read_text(page) == "Deep"


@pytest.mark.parametrize("depth", [230, 400, 20_000])
def test_parts_deeper_than_can_be_read_end_as_a_named_skip(depth: int) -> None:
    with pytest.raises(FileUnreadable, match="deep"):
        parse_page(f"{'<div>' * depth}<p>Deep</p>{'</div>' * depth}<p>After</p>")


def test_a_page_without_words_of_its_own_holds_no_text() -> None:
    with pytest.raises(FileUnreadable, match="holds no text"):
        parse_page(macro("children"))


def test_a_rendered_page_is_read_where_there_is_no_storage_form() -> None:
    page = (
        '<div class="toc-macro"><ul><li>Rules</li></ul></div><h2>Rules</h2><p>Logo'
        '<span class="status-macro aui-lozenge">APPROVED</span>&nbsp;today</p>'
        '<img class="confluence-embedded-image" data-linked-resource-default-alias="logo.png" src="/x"/>'
        '<table class="confluenceTable"><tbody><tr><th>A</th></tr><tr><td rowspan="1">b</td></tr></tbody></table>'
    )
    assert list_blocks(page_body(page, form="view")) == [
        ("heading", "Rules", 2),
        ("paragraph", "Logo [APPROVED] today", 0),
        ("paragraph", "logo.png", 0),
        ("table_row", "A: b", 0),
    ]


# A tree of what pages are made of: `@0` stands for a word that is shown, `@1` for one that is not.
_PHRASES: st.SearchStrategy[str] = st.deferred(
    lambda: st.one_of(
        st.just(" @0 "),
        st.just("<!--@1-->"),
        st.just(macro("anchor", title="@1")),
        st.just("<del>@1</del>"),
        st.just("<ac:placeholder>@1</ac:placeholder>"),
        st.just(' <time datetime="@0"/> '),
        st.just(macro("status", title="@0", colour="@1")),
        st.just(page_link("@0", space="@1")),
        st.just('<ac:image ac:alt="@0" ac:width="@1"/>'),
        _PHRASES.map("<strong>{}</strong>".format),
        _PHRASES.map('<ac:inline-comment-marker ac:ref="@1">{}</ac:inline-comment-marker>'.format),
    )
)
_PLAIN = st.lists(_PHRASES, min_size=1, max_size=4).map(" ".join)
_BLOCKS: st.SearchStrategy[str] = st.deferred(
    lambda: st.one_of(
        _PLAIN.map("<p>{}</p>".format),
        _PLAIN.map("<h3>{}</h3>".format),
        st.just(macro("code", plain="@0", language="@1", linenumbers="@1")),
        st.sampled_from(("toc", "children", "livesearch")).map(
            lambda name: macro(name, root="@1", title="@1")
        ),
        _BODIES.map(lambda body: macro("panel", body or "<p/>", title="@0", borderColor="@1")),
        _BODIES.map(lambda body: macro("expand", body or "<p/>", title="@0")),
        _BODIES.map(lambda body: macro("details", body, id="@1")),
        _BODIES.map(lambda body: macro("some-other-macro", body, mode="@1")),
        _BODIES.map(
            "<ac:layout><ac:layout-section><ac:layout-cell>{}</ac:layout-cell></ac:layout-section></ac:layout>".format
        ),
        st.lists(_BODIES, max_size=3).map(
            lambda items: f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
        ),
        st.lists(st.tuples(_PLAIN, _BODIES), max_size=3).map(
            lambda rows: table(*(f"<td>{left}</td><td>{right}</td>" for left, right in rows))
        ),
        _BODIES.map(
            lambda body: (
                f"<ac:task-list><ac:task><ac:task-id>@1</ac:task-id><ac:task-body>{body}</ac:task-body>"
                "</ac:task></ac:task-list>"
            )
        ),
    )
)
_BODIES: st.SearchStrategy[str] = st.lists(_BLOCKS, max_size=3).map("".join)


def _number(page: str) -> tuple[str, list[str]]:
    """The page with a word of its own at each mark, and the words that are shown, in order."""
    numbers = count()
    numbered = re.sub("@([01])", lambda found: f"{('shown', 'unseen')[int(found[1])]}{next(numbers)}", page)
    return numbered, re.findall(r"shown\d+", numbered)


@settings(deadline=None, max_examples=150)
@given(body=_BODIES)
def test_every_word_shown_comes_out_once_and_in_order_and_no_other(body: str) -> None:
    page, shown = _number(f"{body}<p>last</p>")
    text = read_text(page)
    assert re.findall(r"shown\d+|unseen\d+", text) == shown
    assert text.endswith("last")
