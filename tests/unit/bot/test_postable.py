"""What is never quoted and how long a quotation may be: no message says more, neither in blocks nor in its text."""

import html
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks.answer_blocks import Reply, build_answer
from bot.blocks.postable import LINK_ONLY, MAX_QUOTATION, NOT_QUOTED, TOO_LONG, decide_quotation
from bot.blocks.text import BREAK
from core.answers import Answer, Claim, Evidence, Milliseconds, Ruling
from tests.fakes.bot_process import build_evidence, build_passages_answer

TIMES = Milliseconds(1, 2, 3, 6)
LIMIT = 12
E_ACUTE = "e\u0301"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def build_written(*claims: Claim, ruling: Ruling | None = None) -> Answer:
    return Answer("answered", "model", claims, TIMES, ruling=ruling, model="deepseek-v4-flash")


def list_texts(value: Any) -> Iterator[str]:
    """Every text inside a block that is shown."""
    if isinstance(value, dict):
        for item in value.values():
            yield from list_texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from list_texts(item)
    elif isinstance(value, str):
        yield value


def read_blocks(reply: Reply) -> str:
    return "\n".join(text for block in reply.blocks for text in list_texts(block.to_dict()))


def read_as_people_do(text: str) -> str:
    return html.unescape(text.replace(BREAK, ""))


def read_both(reply: Reply) -> tuple[str, str]:
    return read_as_people_do(read_blocks(reply)), read_as_people_do(reply.text)


@pytest.mark.parametrize(
    ("sentence", "is_quoted"),
    [
        ("x" * LIMIT, True),
        ("x" * (LIMIT + 1), False),
        ("🙂" * LIMIT, True),
        ("🙂" * (LIMIT + 1), False),
        (E_ACUTE * (LIMIT // 2), True),
        (E_ACUTE * (LIMIT // 2) + "x", False),
        (FAMILY * 2, True),
        (FAMILY * 3, False),
    ],
    ids=["N", "N+1", "N emoji", "N+1 emoji", "N with accents", "N+1 with accents", "10 of 12", "15 of 12"],
)
def test_sentence_is_quoted_up_to_the_limit_counted_in_code_points(sentence: str, *, is_quoted: bool) -> None:
    reply = build_answer(build_passages_answer(build_evidence(sentence=sentence)), quote_characters=LIMIT)
    for shown in read_both(reply):
        assert (sentence in shown) is is_quoted
        assert (TOO_LONG in shown) is not is_quoted


def test_sentence_that_is_too_long_shows_title_and_link_and_why_and_nothing_of_itself() -> None:
    evidence = build_evidence(sentence="Zephyr quartz.")
    for answer in (build_passages_answer(evidence), build_written(Claim("Zephyr it is.", (evidence,)))):
        reply = build_answer(answer, quote_characters=LIMIT)
        blocks, text = read_both(reply)
        assert "Zephyr" not in blocks + text
        assert "quartz" not in blocks + text
        assert f"Security messaging · Data security · page 3 · approved · {TOO_LONG}" in text
        assert "|Security messaging> · " in blocks
        assert TOO_LONG in blocks


def test_limit_of_zero_links_everything_and_says_so() -> None:
    reply = build_answer(build_passages_answer(build_evidence(sentence="Q.")), quote_characters=0)
    for shown in read_both(reply):
        assert "Q." not in shown
        assert NOT_QUOTED in shown


def test_no_limit_is_wider_than_a_message() -> None:
    long = build_evidence(sentence="x" * (MAX_QUOTATION + 1))
    assert decide_quotation(long, MAX_QUOTATION + 1000).withheld == TOO_LONG


def test_document_that_is_link_only_says_that_and_not_its_length() -> None:
    evidence = build_evidence(sentence="x" * 500, classification="link_only")
    assert decide_quotation(evidence, LIMIT).withheld == LINK_ONLY


def test_short_sentence_beside_a_long_one_of_its_place_is_still_quoted() -> None:
    short = build_evidence(sentence="Short one.")
    long = build_evidence(sentence="y" * 50, sentence_id="d1:1:0:1")
    blocks, text = read_both(build_answer(build_passages_answer(short, long), quote_characters=LIMIT))
    assert "Short one." in blocks
    assert "“Short one.” [1] Security messaging" in text
    assert f"[2] Security messaging · Data security · page 3 · approved · {TOO_LONG}" in text
    assert "yy" not in blocks + text


def test_words_of_a_claim_are_withheld_also_for_evidence_that_is_not_listed() -> None:
    evidence = [build_evidence(sentence_id=f"d{number}:1:0:0", sentence="Fine.") for number in range(3)]
    hidden = build_evidence(sentence_id="d9:1:0:0", sentence="x", classification="link_only")
    reply = build_answer(build_written(Claim("Zephyr.", (*evidence, hidden))))
    assert all("Zephyr" not in shown for shown in read_both(reply))


@pytest.mark.parametrize(
    ("second", "is_given"),
    [
        (build_evidence(sentence="Fine."), True),
        (build_evidence(sentence="x" * 50), False),
        (build_evidence(classification="link_only"), False),
        (build_evidence(classification="never"), False),
    ],
    ids=["quoted", "too long", "link_only", "never"],
)
def test_ruling_is_given_only_where_nothing_is_withheld(second: Evidence, *, is_given: bool) -> None:
    first = build_evidence(sentence_id="d2:1:0:0", sentence="Fine.")
    answer = build_written(Claim("One.", (first,)), Claim("Two.", (second,)), ruling="not_allowed")
    shown = build_answer(answer, quote_characters=LIMIT).text
    assert shown.startswith("No, not allowed." if is_given else "Answer\n")


def test_nothing_is_vouched_for_where_no_claim_is_shown_in_words() -> None:
    claim = Claim("One.", (build_evidence(),))
    whole, linked = (build_answer(build_written(claim), quote_characters=most).text for most in (1000, 0))
    assert "Each sentence was checked" in whole
    assert "Proof: the approved sentences" in whole
    assert "Each sentence was checked" not in linked
    assert "Proof: the approved sources" in linked


# Letters that none of our own words, titles and addresses has: what is found in a message is a quotation.
LETTERS = "ΓΔΘΛΞΠΣΦΨΩ🙂\u0301<&.@"
SECRETS = "ЖЩЮЯ"


@st.composite
def draw_evidence(draw: st.DrawFn) -> Evidence:
    classification = draw(st.sampled_from(["quote", "quote", "quote", "link_only", "never"]))
    letters = LETTERS if classification == "quote" else SECRETS
    body = draw(st.text(alphabet=letters, max_size=60).map(str.strip))
    number = draw(st.integers(0, 10**6))
    return build_evidence(
        sentence_id=f"d{number}:1:0:0",
        document_id=f"d{number % 3}",
        title="Board paper" if classification == "never" else "Guide",
        sentence=f"{letters[0]}{body}{letters[0]}",
        classification=classification,
    )


@st.composite
def draw_claim(draw: st.DrawFn) -> Claim:
    """The words are our own, or repeat all of the evidence as a model may do."""
    evidence = draw(st.lists(draw_evidence(), min_size=1, max_size=5))
    repeated = " ".join(found.sentence for found in evidence)
    return Claim(draw(st.sampled_from(["It is so.", repeated])), tuple(evidence))


@settings(max_examples=200, deadline=None)
@given(
    claims=st.lists(draw_claim(), max_size=6),
    nearest=st.lists(draw_evidence(), max_size=4),
    is_model=st.booleans(),
    limit=st.integers(0, 70),
)
def test_no_message_holds_a_sentence_beyond_the_limit_or_one_that_may_not_be_quoted(
    claims: list[Claim], nearest: list[Evidence], limit: int, *, is_model: bool
) -> None:
    answer = Answer(
        "answered" if claims else "not_found",
        "model" if is_model else "passages",
        tuple(claims),
        TIMES,
        nearest=tuple(nearest),
    )
    blocks, text = read_both(build_answer(answer, quote_characters=limit))
    given_evidence = [*nearest, *(found for claim in claims for found in claim.evidence)]
    for found in given_evidence:
        if found.classification != "quote" or len(found.sentence) > limit:
            assert found.sentence not in blocks
            assert found.sentence not in text
        assert (found.sentence in blocks) is (found.sentence in text)
    assert not set(SECRETS) & set(blocks + text)
    assert "Board paper" not in blocks + text


def build_quotation(**changes: Any) -> Answer:
    """Two stored sentences given as one quotation."""
    first, second = (
        build_evidence(sentence="We make pumps.", **changes),
        build_evidence(sentence="We sell them."),
    )
    claim = Claim("We make pumps. We sell them.", (first, replace(second, sentence_id="d:1:0:9")))
    return Answer("answered", "passages", (claim,), TIMES)


def test_quotation_of_several_sentences_is_shown_as_one_piece_with_one_number() -> None:
    reply = build_answer(build_quotation())
    assert "We make pumps. We sell them." in read_blocks(reply)
    assert "“We make pumps. We sell them.”" in reply.text
    assert "[1]" in reply.text
    assert "[2]" not in reply.text


def test_quotation_of_several_sentences_is_whole_or_only_linked() -> None:
    for reply in (
        build_answer(build_quotation(), quote_characters=20),
        build_answer(build_quotation(classification="link_only")),
    ):
        for text in (reply.text, read_blocks(reply)):
            assert "pumps" not in text
            assert "sell" not in text
            assert "read" in text


def test_quotation_of_more_sentences_than_are_listed_as_proof_loses_none() -> None:
    sentences = [f"Sentence number {place}." for place in range(7)]
    evidence = tuple(
        build_evidence(sentence=one, sentence_id=f"d:1:0:{place}") for place, one in enumerate(sentences)
    )
    claim = Claim(" ".join(sentences), evidence)
    reply = build_answer(Answer("answered", "passages", (claim,), TIMES))
    assert claim.text in read_blocks(reply)


def test_last_day_of_use_stands_with_the_source() -> None:
    reply = build_answer(build_passages_answer(build_evidence(valid_until=date(2027, 1, 31))))
    assert "valid until 2027-01-31" in reply.text
    assert "valid until 2027-01-31" in read_blocks(reply)
