"""Passages follow the structure of the document: nothing lost, nothing cut through, everything at its place."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Block, BlockKind, ParsedDocument, Passage
from ingest.chunk import PASSAGE_WORDS, count_words, embedded_text, split_into_passages

KINDS: tuple[BlockKind, ...] = ("heading", "paragraph", "list_item", "table_row", "code", "note")
texts = st.one_of(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=60).filter(str.strip),
    st.tuples(st.integers(1, 30), st.integers(1, 25)).map(
        lambda size: " ".join([f"One {'word ' * size[0]}ends here."] * size[1])
    ),
)
blocks = st.builds(
    Block, st.sampled_from(KINDS), texts, st.integers(1, 3), st.one_of(st.none(), st.integers(1, 2))
)


def cut(*given_blocks: Block, title: str | None = None) -> tuple[Passage, ...]:
    return split_into_passages(ParsedDocument(given_blocks, title))


def sentence(words: int, end: str = ".") -> str:
    return " ".join(["Word"] * words) + end


def squeeze(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=80, deadline=None)
@given(st.lists(blocks, max_size=8))
def test_every_sentence_is_an_exact_piece_and_no_text_of_a_body_is_lost(document: list[Block]) -> None:
    passages = cut(*document)
    assert [passage.ordinal for passage in passages] == list(range(len(passages)))
    for passage in passages:
        covered = "".join(passage.sentence_texts())
        assert squeeze(covered) == squeeze(passage.text)
        assert all(text == text.strip() != "" for text in passage.sentence_texts())
    body = "".join(squeeze(block.text) for block in document if block.kind != "heading")
    everything = "".join(squeeze(passage.text) for passage in passages)
    assert body in everything or _is_subsequence(body, everything)


def _is_subsequence(part: str, whole: str) -> bool:
    # A heading with nothing under it stands between bodies.
    characters = iter(whole)
    return all(character in characters for character in part)


@settings(max_examples=40, deadline=None)
@given(st.lists(blocks, max_size=8))
def test_every_heading_is_found_in_a_path_or_as_a_passage(document: list[Block]) -> None:
    passages = cut(*document)
    everything = squeeze("".join(passage.text for passage in passages))
    paths = {text for passage in passages for text in passage.heading_path}
    for block in document:
        assert block.kind != "heading" or block.text in paths or squeeze(block.text) in everything


@settings(max_examples=20, deadline=None)
@given(st.lists(blocks, max_size=6))
def test_same_document_is_cut_the_same_way_each_time(document: list[Block]) -> None:
    assert cut(*document) == cut(*document)


def test_passage_carries_the_headings_above_it_without_the_title_of_the_document() -> None:
    passages = cut(
        Block("heading", "Guide", 1),
        Block("heading", "Voice", 2),
        Block("paragraph", "Plain."),
        Block("heading", "Colour", 2),
        Block("heading", "Blue", 3),
        Block("paragraph", "Deep."),
        title="Guide",
    )
    assert [(one.heading_path, one.text) for one in passages] == [
        (("Voice",), "Plain."),
        (("Colour", "Blue"), "Deep."),
    ]
    assert [one.section for one in passages] == sorted({one.section for one in passages})
    text = embedded_text("Guide", passages[1], path="brand/colour-guide.md")
    assert text == "brand colour guide\nGuide › Colour › Blue\nDeep."


def test_sections_are_never_joined_however_short_they_are() -> None:
    passages = cut(
        Block("heading", "May", 1),
        Block("paragraph", "Yes."),
        Block("heading", "May not", 1),
        Block("paragraph", "No."),
    )
    assert [one.text for one in passages] == ["Yes.", "No."]


def test_heading_with_nothing_under_it_is_a_passage_and_keeps_its_page() -> None:
    passages = cut(
        Block("heading", "Renewal deck", 1, page=1),
        Block("heading", "Price", 1, page=2),
        Block("paragraph", "Ask.", page=2),
    )
    assert [(one.text, one.page, one.heading_path) for one in passages] == [
        ("Renewal deck", 1, ()),
        ("Ask.", 2, ("Price",)),
    ]
    (last,) = cut(Block("heading", "Only a title", 1, page=4))
    assert (last.text, last.page) == ("Only a title", 4)


def test_lead_in_goes_with_its_list_when_the_passage_is_full() -> None:
    passages = cut(
        Block("paragraph", sentence(PASSAGE_WORDS - 10)),
        Block("paragraph", "We never say:"),
        Block("list_item", f"the leading platform {sentence(20)}", 1),
        Block("list_item", "best in class", 1),
    )
    assert [one.text.startswith("We never say:\nthe leading platform") for one in passages] == [False, True]
    assert "We never say:" not in passages[0].text


def test_list_that_goes_on_in_the_next_passage_still_says_what_it_is_a_list_of() -> None:
    items = [Block("list_item", f"number {number} {sentence(40)}", 1) for number in range(8)]
    passages = cut(Block("heading", "Claims", 1), Block("paragraph", "We never say:"), *items)
    assert len(passages) > 1
    assert passages[0].text.startswith("We never say:")
    assert all(one.heading_path == ("Claims", "We never say:") for one in passages[1:])


def test_paragraph_after_a_list_ends_its_lead_in() -> None:
    passages = cut(
        Block("paragraph", "We never say:"),
        Block("list_item", "best", 1),
        Block("paragraph", sentence(100)),
        Block("list_item", sentence(100), 1),
    )
    assert passages[-1].heading_path == ()


def test_table_rows_stay_whole_and_alone_when_long() -> None:
    rows = [
        Block("table_row", f"Quote: {sentence(PASSAGE_WORDS + 50)} Twice. · Customer: {name}")
        for name in ("A", "B")
    ]
    passages = cut(*rows)
    assert [one.text for one in passages] == [row.text for row in rows]
    assert [len(one.sentences) for one in passages] == [1, 1]


def test_long_block_is_cut_only_at_the_ends_of_sentences() -> None:
    sentences = [f"{sentence(20 + number, '')}, number{number}." for number in range(30)]
    passages = cut(Block("paragraph", " ".join(sentences)))
    assert [text for one in passages for text in one.sentence_texts()] == sentences
    assert all(count_words(one.text) <= PASSAGE_WORDS for one in passages)
    assert len(passages) < len(sentences)


def test_sentence_longer_than_a_passage_is_not_cut_through() -> None:
    longest = ", ".join(f"unless clause{number} says otherwise" for number in range(60)) + "."
    passages = cut(Block("paragraph", f"Short before. {longest} Short after."))
    assert longest in [text for one in passages for text in one.sentence_texts()]


def test_passage_ends_with_its_page() -> None:
    passages = cut(
        Block("paragraph", "One.", page=1),
        Block("paragraph", "Two.", page=1),
        Block("paragraph", "Three.", page=2),
    )
    assert [(one.page, one.text) for one in passages] == [(1, "One.\nTwo."), (2, "Three.")]


def test_empty_document_gives_no_passage() -> None:
    assert cut() == ()
