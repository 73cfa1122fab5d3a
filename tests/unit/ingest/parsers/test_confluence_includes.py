"""Excerpts and includes of Confluence pages stand where their reader sees them, and end somewhere."""

from tests.unit.ingest.parsers.confluence_pages import include, macro, page_body, parse_page, read_text


def test_a_hidden_excerpt_is_left_out_and_counted() -> None:
    document = parse_page(f"<p>Seen</p>{macro('excerpt', '<p>Kept back</p>', hidden='true')}")
    assert ([block.text for block in document.blocks], document.hidden) == (["Seen"], len("Kept back"))


def test_an_excerpt_is_part_of_its_page() -> None:
    assert read_text(f"<p>One</p>{macro('excerpt', '<p>Two</p>')}<p>Three</p>") == "One\nTwo\nThree"


def test_an_excerpt_among_words_does_not_break_the_line() -> None:
    page = (
        f"<p>We have {macro('excerpt', '<p>40 offices</p>', atlassian_macro_output_type='INLINE')} now.</p>"
    )
    assert read_text(page) == "We have 40 offices now."


def test_an_include_stands_in_its_place() -> None:
    target = page_body("<h2>Shared</h2><p>Words</p>", title="Boilerplate")
    page = f"<p>Before</p>{include('include', 'Boilerplate')}<p>After</p>"
    assert read_text(page, target) == "Before\nShared\nWords\nAfter"


def test_an_include_without_a_space_means_the_space_of_the_page_that_holds_it() -> None:
    legal = page_body(include("include", "Terms"), title="Notice", space="LEG")
    terms = page_body("<p>Legal's terms</p>", title="Terms", space="LEG")
    ours = page_body("<p>Marketing's terms</p>", title="Terms")
    assert read_text(include("include", "Notice", space="LEG"), legal, terms, ours) == "Legal's terms"


def test_an_include_that_is_not_there_stays_the_targets_title() -> None:
    assert read_text(f"<p>Before</p>{include('include', 'Secret plan')}") == "Before\nSecret plan"


def test_an_include_in_the_older_form_is_resolved() -> None:
    page = '<ac:macro ac:name="include"><ac:parameter ac:name="">LEG:Terms</ac:parameter></ac:macro>'
    assert read_text(page, page_body("<p>All terms</p>", title="Terms", space="LEG")) == "All terms"


def test_includes_in_a_circle_end_as_a_title() -> None:
    one = page_body(f"<p>One</p>{include('include', 'Two')}", title="One")
    two = page_body(f"<p>Two</p>{include('include', 'One')}", title="Two")
    assert read_text(include("include", "One"), one, two) == "One\nTwo\nOne"


def test_includes_that_multiply_are_cut() -> None:
    words = "<p>Filling words.</p>" * 10
    chain = [
        page_body(words + include("include", f"P{number + 1}") * 9, title=f"P{number}")
        for number in range(1, 6)
    ]
    assert len(parse_page(include("include", "P1") * 9, *chain).blocks) < 20_000


def test_an_excerpt_include_takes_only_the_excerpt_that_it_names() -> None:
    second = macro("excerpt", "<p>Second</p>", name="two", hidden="true")
    target = page_body(f"<p>Rest</p>{macro('excerpt', '<p>First</p>')}{second}", title="Facts")
    assert read_text(include("excerpt-include", "Facts"), target) == "First"
    assert read_text(include("excerpt-include", "Facts", excerpt="two"), target) == "Second"


def test_an_excerpt_include_shows_its_pages_title_where_it_has_a_panel() -> None:
    target = page_body(macro("excerpt", "<p>First</p>"), title="Facts")
    assert read_text(include("excerpt-include", "Facts", nopanel=False), target) == "Facts\nFirst"


def test_an_excerpt_include_without_an_excerpt_stays_the_targets_title() -> None:
    assert read_text(
        f"<p>See {include('excerpt-include', 'Facts')} now</p>", page_body("<p>All</p>", title="Facts")
    ) == ("See Facts now")
