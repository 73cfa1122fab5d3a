"""Sentences are what gets cited: exact pieces of the text, none lost, none cut in the wrong place."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.documents import Block, BlockKind
from ingest.sentences import split_block, split_sentences

PIECES = (
    "Yes. ",
    "e.g. ",
    "Dr. ",
    "v2.1 ",
    "“No.” ",
    '"So?" ',
    "…",
    "(a) ",
    "3.5 % ",
    "\n",
    " \t",
    "これは。",
    "جيد؟ ",
    "…! ",
    "U.S. ",
)
texts = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))


def split(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in split_sentences(text)]


@settings(max_examples=120, deadline=None)
@given(texts)
@example("\r\n a.\r\nB.\x00 C. ")
def test_sentences_are_exact_ordered_pieces_and_leave_out_only_white_space(text: str) -> None:
    end = 0
    for sentence in split_sentences(text):
        piece = text[sentence.start : sentence.end]
        assert piece == piece.strip() != ""
        assert text[end : sentence.start].strip() == ""
        end = sentence.end
    assert text[end:].strip() == ""


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=80),
    st.sampled_from(["code", "table_row", "note", "list_item"]),
)
def test_every_kind_of_block_keeps_all_its_text(text: str, kind: BlockKind) -> None:
    kept = "".join(text[one.start : one.end] for one in split_block(Block(kind, text)))
    assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It works, e.g. for banks. We like it.", ["It works, e.g. for banks.", "We like it."]),
        ("Use v2.1 of the logo. Never use v1.9.", ["Use v2.1 of the logo.", "Never use v1.9."]),
        ("Dr. Ames said so. Mr. Bell agreed.", ["Dr. Ames said so.", "Mr. Bell agreed."]),
        (
            "“We went live in nine days.” That is a quote.",
            ["“We went live in nine days.”", "That is a quote."],
        ),
        ('It ended. "A new one began." So it goes.', ["It ended.", '"A new one began."', "So it goes."]),
        ("これは文です。次の文です。", ["これは文です。", "次の文です。"]),
    ],
)
def test_abbreviations_versions_titles_and_quotes_do_not_cut_a_sentence(
    text: str, sentences: list[str]
) -> None:
    assert split(text) == sentences


def test_table_row_is_one_sentence_however_many_full_stops_it_holds() -> None:
    row = Block("table_row", " Quote: It works. We like it. · Customer: Acme ")
    assert [row.text[one.start : one.end] for one in split_block(row)] == [row.text.strip()]


def test_each_line_of_code_is_a_sentence() -> None:
    code = Block("code", "a = 1. b\n\n  c = 2")
    assert [code.text[one.start : one.end] for one in split_block(code)] == ["a = 1. b", "c = 2"]


def test_text_of_white_space_holds_no_sentence() -> None:
    assert split_sentences(" \n\t ") == ()
