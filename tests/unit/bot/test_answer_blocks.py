"""What people see of an answer, and that every message of it passes Slack's checks."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks.answer_blocks import PASSAGES_HEADING, Reply, build_answer, build_notice
from core.answers import Answer, Claim, Evidence, Milliseconds, Ruling, Verdict
from tests.fakes.bot_process import SENTENCE, build_evidence, build_passages_answer
from tests.fakes.slack_limits import check_call

TIMES = Milliseconds(1, 2, 3, 6)


def build_model_answer(*claims: Claim, verdict: Verdict = "answered", ruling: Ruling | None = None) -> Answer:
    return Answer(verdict, "model", claims, TIMES, ruling=ruling, model="deepseek-v4-flash")


def list_violations(reply: Reply) -> list[str]:
    arguments = {
        "channel": "C1",
        "text": reply.text,
        "blocks": [block.to_dict() for block in reply.blocks],
        "unfurl_links": False,
        "unfurl_media": False,
        "link_names": False,
        "parse": "none",
    }
    return check_call("chat.postMessage", arguments)


def list_lines(reply: Reply) -> list[str]:
    """Each block in one line: `> ` marks a quotation, `- ` a small line."""
    return [read_block(block.to_dict()) for block in reply.blocks]


def read_block(block: dict[str, Any]) -> str:
    if block["type"] == "section":
        return str(block["text"]["text"])
    [element] = block["elements"]
    if block["type"] == "context":
        return f"- {element['text']}"
    mark = "> " if element["type"] == "rich_text_quote" else ""
    return mark + "".join(part["text"] for part in element["elements"])


def test_passages_answer_shows_heading_quotation_and_source() -> None:
    evidence = build_evidence(
        owner="brand@home.example",
        updated=datetime(2026, 3, 1, tzinfo=UTC),
        newer_draft=True,
        is_overdue=True,
    )
    details = (
        "Data security · page 3 · approved · owner brand@home.\u200bexample"
        " · last change 2026-03-01 · newer draft waiting · review overdue"
    )
    reply = build_answer(build_passages_answer(evidence))
    assert list_lines(reply) == [
        "*Closest approved passages*",
        f"> {SENTENCE}",
        f"- [1] <https://brand.example/security?a=1&amp;b=2|Security messaging> · {details}",
    ]
    quotation = "“We encrypt &lt;every&gt; record &amp; keep it in your region.”"
    assert reply.text == f"Closest approved passages\n{quotation} [1] Security messaging · {details}"
    assert list_violations(reply) == []


def test_model_answer_shows_claims_with_marks_before_the_proof() -> None:
    one, two = (
        build_evidence(),
        build_evidence(sentence_id="d2:1:0:0", document_id="d2", title="Guide", url=None, sentence="Say so."),
    )
    claims = (Claim("Data stays in its region.", (one, two)), Claim("You may say so.", (two,)))
    reply = build_answer(build_model_answer(*claims, ruling="allowed"))
    assert list_lines(reply) == [
        "*Yes, allowed.*",
        "Data stays in its region. [1] [2]",
        "You may say so. [2]",
        "*Proof: the approved sentences*",
        f"> {SENTENCE}",
        "- [1] <https://brand.example/security?a=1&amp;b=2|Security messaging> · Data security · page 3 · approved",
        "> Say so.",
        "- [2] Guide · Data security · page 3 · approved",
        "- Worded by deepseek-v4-flash. Each sentence was checked against the quotations under Proof.",
    ]
    assert list_violations(reply) == []


@pytest.mark.parametrize(
    ("verdict", "ruling", "heading"),
    [
        ("answered", None, "*Answer*"),
        ("partial", None, "*Part of an answer*"),
        ("conflict", "allowed", "*The approved sources disagree*"),
        ("answered", "not_allowed", "*No, not allowed.*"),
        ("answered", "conditional", "*Only under conditions.*"),
    ],
)
def test_first_line_says_how_the_answer_stands(verdict: Verdict, ruling: Ruling | None, heading: str) -> None:
    answer = build_model_answer(Claim("So it is.", (build_evidence(),)), verdict=verdict, ruling=ruling)
    assert list_lines(build_answer(answer))[0] == heading


def test_two_sources_that_disagree_are_named_so_although_only_stored_sentences_are_shown() -> None:
    answer = replace(build_passages_answer(build_evidence()), verdict="conflict")
    assert list_lines(build_answer(answer))[0] == "*The approved sources disagree*"


def test_quotation_is_shown_byte_for_byte_although_it_holds_markup() -> None:
    sentence = "Visit https://brand.example/*now* & <!channel> _today_ :tada: <@U1>"
    reply = build_answer(build_passages_answer(build_evidence(sentence=sentence)))
    assert f"> {sentence}" in list_lines(reply)
    assert list_violations(reply) == []


def test_live_things_in_the_words_of_a_model_are_dead() -> None:
    words = "Click [here](https://evil.example), <https://evil.example|there> or evil.example <!channel>"
    reply = build_answer(build_model_answer(Claim(words, (build_evidence(url=None),))))
    shown = list_lines(reply)[1]
    assert "evil.example" not in shown
    assert "https://" not in shown + reply.text
    assert list_violations(reply) == []


def test_link_only_document_shows_title_and_link_and_none_of_its_words() -> None:
    evidence = build_evidence(classification="link_only")
    for answer in (
        build_passages_answer(evidence),
        build_model_answer(Claim("It is encrypted.", (evidence,))),
    ):
        reply = build_answer(answer)
        shown = "\n".join([*list_lines(reply), reply.text])
        assert "encrypt" not in shown
        assert (
            "|Security messaging> · Data security · page 3 · approved · may only be read at its source"
            in shown
        )


def test_document_classified_never_leaves_no_trace() -> None:
    never = build_evidence(classification="never", title="Board paper")
    other = build_evidence(sentence_id="d2:1:0:0", title="Open guide")
    reply = build_answer(build_model_answer(Claim("Secret.", (never, other)), Claim("Open.", (other,))))
    shown = "\n".join([*list_lines(reply), reply.text])
    assert "Secret" not in shown
    assert "Board paper" not in shown
    assert "Open. [1]" in shown


def test_answer_of_nothing_but_never_reads_like_no_answer() -> None:
    never = build_evidence(classification="never", title="Board paper")
    reply = build_answer(build_passages_answer(never))
    assert list_lines(reply) == [
        "*No approved answer found*",
        "I have nothing approved on this that I may show here. Try other words, or ask your brand team.",
    ]


def test_not_found_says_why_shows_what_is_nearest_and_gives_the_hint() -> None:
    nearest = tuple(build_evidence(sentence_id=f"d{n}:1:0:0", title=f"Guide {n}", url=None) for n in range(5))
    answer = Answer(
        "not_found", "passages", (), TIMES, why="It is a draft. Ask for approval.", nearest=nearest
    )
    lines = list_lines(build_answer(answer, hint="Ask me in private."))
    assert lines[:2] == ["*No approved answer found*", "It is a draft. Ask for approval."]
    assert sum(line.startswith("> ") for line in lines) == 3
    assert lines[-1] == "- Ask me in private."


def test_answer_that_does_not_fit_is_cut_between_claims_and_says_so() -> None:
    claims = [build_long_claim(number, 900) for number in range(20)]
    reply = build_answer(build_model_answer(*claims))
    quotations = [line for line in list_lines(reply) if line.startswith("> ")]
    assert all(len(quotation) == 902 for quotation in quotations)
    assert 0 < len(quotations) < 20
    assert f"{20 - len(quotations)} more did not fit here" in reply.text
    assert list_violations(reply) == []


def build_long_claim(number: int, length: int) -> Claim:
    return Claim(f"Claim {number}.", (build_evidence(sentence_id=f"d{number}:1:0:0", sentence="x" * length),))


def test_quotation_that_is_too_long_for_a_message_is_linked_and_not_cut() -> None:
    reply = build_answer(build_passages_answer(build_evidence(sentence="word " * 3000)))
    assert "word word" not in reply.text
    assert "too long to quote here; read it at its source" in reply.text
    assert list_violations(reply) == []


def test_notice_is_one_harmless_message() -> None:
    reply = build_notice("Line one & two\n• https://evil.example")
    assert list_lines(reply) == [reply.text]
    assert list_violations(reply) == []


def test_passages_heading_is_the_agreed_one() -> None:
    assert PASSAGES_HEADING == "Closest approved passages"


TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=400)


@st.composite
def draw_evidence(draw: st.DrawFn) -> Evidence:
    return build_evidence(
        sentence_id=draw(st.sampled_from([f"d{n}:1:0:0" for n in range(40)])),
        title=draw(TEXTS),
        heading=draw(TEXTS),
        owner=draw(TEXTS),
        url=draw(st.sampled_from([None, "https://brand.example/<x>|y", "http://plain.example", "https://e"])),
        sentence=draw(st.one_of(TEXTS, st.just("A long one. " * 150), st.just("&<>" * 600))),
        classification=draw(st.sampled_from(["quote", "quote", "link_only", "never"])),
    )


CLAIMS = st.builds(
    Claim,
    text=st.one_of(TEXTS, st.just("Long. " * 800)),
    evidence=st.lists(draw_evidence(), min_size=1, max_size=6).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(claims=st.lists(CLAIMS, max_size=25), is_model=st.booleans(), why=st.one_of(st.just(""), TEXTS))
def test_every_answer_whatever_its_texts_passes_the_payload_checks(
    claims: list[Claim], is_model: bool, why: str
) -> None:
    verdict: Verdict = "answered" if claims else "not_found"
    answer = Answer(verdict, "model" if is_model else "passages", tuple(claims), TIMES, why=why)
    assert list_violations(build_answer(answer, hint="A hint.")) == []


def test_sentences_of_one_place_stand_over_one_line_of_source() -> None:
    first, second = build_evidence(), build_evidence(sentence_id="d1:1:0:1", sentence="Say which region.")
    reply = build_answer(build_passages_answer(first, second))
    assert list_lines(reply)[1:] == [
        f"> {SENTENCE}",
        "> Say which region.",
        "- [1] [2] <https://brand.example/security?a=1&amp;b=2|Security messaging> · Data security · page 3 · approved",
    ]
