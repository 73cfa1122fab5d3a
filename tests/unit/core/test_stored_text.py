"""Stored text comes back as it was, and its hash is its identity."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Block, ParsedDocument
from core.stored_text import hash_text, pack_document, unpack_document

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
BLOCK = st.builds(
    Block,
    kind=st.sampled_from(["heading", "paragraph", "list_item", "table_row", "code", "note"]),
    text=TEXT,
    level=st.integers(0, 6),
    page=st.none() | st.integers(1, 999),
)
DOCUMENT = st.builds(ParsedDocument, blocks=st.lists(BLOCK, max_size=5).map(tuple), title=st.none() | TEXT)

VOICE = ParsedDocument(
    (Block("heading", "Voice", 1), Block("paragraph", "We say “we”.", page=2)), title="Voice"
)


@settings(max_examples=60, deadline=None)
@given(DOCUMENT)
def test_packed_document_comes_back_as_it_was(document: ParsedDocument) -> None:
    assert unpack_document(pack_document(document)) == document


def test_metadata_is_not_part_of_the_stored_text_nor_of_its_hash() -> None:
    declared = replace(VOICE, metadata={"status": "approved"}, part="row 3")
    assert unpack_document(pack_document(declared)) == VOICE
    assert hash_text(declared) == hash_text(VOICE)


def test_every_change_of_text_is_another_revision() -> None:
    heading, paragraph = VOICE.blocks
    changed = [
        replace(VOICE, title="Tone"),
        replace(VOICE, blocks=(heading,)),
        replace(VOICE, blocks=(paragraph, heading)),
        replace(VOICE, blocks=(replace(heading, level=2), paragraph)),
        replace(VOICE, blocks=(heading, replace(paragraph, kind="note"))),
        replace(VOICE, blocks=(heading, replace(paragraph, text="We say “we” ."))),
    ]
    assert len({hash_text(document) for document in [VOICE, *changed]}) == len(changed) + 1


def test_page_that_moved_is_no_new_revision() -> None:
    heading, paragraph = VOICE.blocks
    assert hash_text(replace(VOICE, blocks=(heading, replace(paragraph, page=3)))) == hash_text(VOICE)
