"""What a newer revision changes, sentence by sentence."""

from hypothesis import given
from hypothesis import strategies as st

from core.revision_difference import compare_sentences

texts = st.lists(st.sampled_from(("We say we.", "Be kind.", "Never shout.", "Use #FF0044.")), max_size=8)


def test_replaced_sentence_is_shown_as_it_was_and_as_it_is() -> None:
    changes = compare_sentences(["Be kind.", "Use blue."], ["Be kind.", "Use red.", "Always."])
    assert [(one.state, one.sentence) for one in changes] == [
        ("same", "Be kind."),
        ("removed", "Use blue."),
        ("added", "Use red."),
        ("added", "Always."),
    ]


@given(texts, texts)
def test_both_revisions_can_be_read_off_the_difference(older: list[str], newer: list[str]) -> None:
    changes = compare_sentences(older, newer)
    assert [one.sentence for one in changes if one.state != "added"] == older
    assert [one.sentence for one in changes if one.state != "removed"] == newer
