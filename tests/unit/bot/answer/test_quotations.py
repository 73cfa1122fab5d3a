"""Promises of bot/answer/quotations.py and what it reads with: stored words whole, with speaker, consent obeyed."""

from collections.abc import Sequence
from datetime import date

import pytest

from bot.answer.cells import is_refused, read_cells, read_days
from bot.answer.evidence import reads_as_stored
from bot.answer.quotation_wishes import QuotationWish, asks_for_quotation
from bot.answer.quotations import list_candidates, pick_quotations, to_same_words
from bot.answer.quoted_speech import list_quotations
from core.answers import Claim
from core.documents import Validity
from index.search import FoundPassage
from tests.fakes.answer_world import DAY, build_found

QUOTED = "“It took nine days. We did it between other jobs.”"
FOOTER = "Sigrid Tveitane, IT Manager, Tveit Marine Parts"


def build_row(
    quote: str, *, speaker: str = "Ada Brook", topic: str = "Speed", more: str = "Consent: Written"
) -> str:
    return f"Quote: {quote} · Speaker: {speaker} · Role: Buyer · Company: Norrell · Topic: {topic} · {more}"


def pick(
    question: str, *found: FoundPassage, withdrawn: Sequence[str] = (), on: date = DAY
) -> tuple[Claim, ...]:
    wish = asks_for_quotation(question)
    assert wish is not None
    candidates = list_candidates(wish, [(one.document, one.passage) for one in found])
    return pick_quotations(
        wish, candidates, on=on, is_withdrawn=lambda one: to_same_words(one.quotation) in withdrawn
    )


@pytest.mark.parametrize(
    ("sentences", "speaker"),
    [
        ((QUOTED, FOOTER), FOOTER),
        ((QUOTED, f"– {FOOTER}"), FOOTER),
        ((QUOTED, "— Quinn Abel, CEO"), "Quinn Abel, CEO"),
        ((f"{QUOTED} – {FOOTER}",), FOOTER),
        (("“It took nine days,” said Sigrid Tveitane.",), "Sigrid Tveitane"),
        (("“It took nine days,” Sigrid Tveitane says.",), "Sigrid Tveitane"),
        (("Sigrid Tveitane said: “It took nine days.”",), "Sigrid Tveitane"),
        (("As Tveitane put it: “It took nine days.”",), "Tveitane"),
        (
            ("Deputy CIO Wei Tveitane signed.", "“It took nine days,” said Tveitane."),
            "Deputy CIO Wei Tveitane",
        ),
        ((QUOTED, "– Sigrid Tveitane, IT Manager,", "Tveit Marine Parts"), FOOTER),
        (("“It took nine days.", "We did it between other jobs.”", FOOTER), FOOTER),
    ],
)
def test_speaker_is_found_by_the_line_that_names_them(sentences: tuple[str, ...], speaker: str) -> None:
    (quotation,) = list_quotations(build_found(*sentences).passage)
    assert quotation.speaker == speaker


@pytest.mark.parametrize(
    "sentences",
    [
        ("Write “34 days”, not “in no time”.",),
        ("He continued: “It took nine days.”",),
        (QUOTED, "Results vary with approval rules."),
        ('Expand "MORE" to add "tags"', "Click NEXT, then NEXT again"),
        ("“It never closes.", FOOTER),
    ],
)
def test_quoted_words_without_a_named_speaker_are_no_quotation(sentences: tuple[str, ...]) -> None:
    assert list_quotations(build_found(*sentences).passage) == ()


def test_quotation_is_the_whole_stored_slice_and_its_evidence_all_of_its_sentences() -> None:
    found = build_found("Tveit ships shafts.", QUOTED, FOOTER, "It went well.")
    (claim,) = pick("quote from Tveit", found)
    assert claim.text == f"{QUOTED} {FOOTER}"
    assert claim.text in found.passage.text
    assert [one.sentence_id for one in claim.evidence] == ["doc-1:1:0:1", "doc-1:1:0:2"]
    assert claim.speaker == FOOTER
    assert reads_as_stored(claim.text, [one.sentence for one in claim.evidence])


def test_row_is_given_whole_with_speaker_role_company_and_days() -> None:
    row = build_row("Fast.", more="Consent: Written · Consent until: 2027-01-31")
    (claim,) = pick("quote about speed", build_found(row))
    assert (claim.text, claim.speaker) == (row, "Ada Brook, Buyer, Norrell")
    assert claim.evidence[0].valid_until == date(2027, 1, 31)


@pytest.mark.parametrize(
    "more",
    [
        "Consent: Verbal only",
        "Consent: Withdrawn",
        "Consent: refused",
        "Consent: not yet",
        "Consent: Written · Consent until: 2026-10-14",
        "Consent: Written · Consent until: 14 October 2026",
        "Consent: Written · Status: draft",
    ],
)
def test_quote_without_standing_consent_is_never_given(more: str) -> None:
    assert pick("quote about speed", build_found(build_row("Fast.", more=more))) == ()


def test_consent_holds_on_its_last_day() -> None:
    row = build_row("Fast.", more="Consent: Written · Consent until: 2026-10-15")
    assert pick("quote about speed", build_found(row), on=date(2026, 10, 15))
    assert not pick("quote about speed", build_found(row), on=date(2026, 10, 16))


def test_story_quotation_that_a_register_has_withdrawn_is_not_given() -> None:
    found = build_found(QUOTED, FOOTER)
    words = "it took nine days. we did it between other jobs"
    assert pick("quote from Tveit", found)
    assert pick("quote from Tveit", found, withdrawn=[words]) == ()


def test_same_words_are_given_once_and_from_the_register() -> None:
    row = build_row("It took nine days. We did it between other jobs.", speaker="Sigrid Tveitane")
    story = build_found(QUOTED, FOOTER, document_id="story")
    (claim,) = pick("quote from Sigrid Tveitane", story, build_found(row))
    assert claim.text == row


def test_nobody_elses_words_are_given_for_a_named_speaker_or_company() -> None:
    found = build_found(build_row("Fast."))
    assert pick("quote from Fennimark about speed", found) == ()
    assert pick("Fennimark quote", found) == ()
    assert pick("what did Norrell say about speed?", found)


def test_role_is_known_by_its_initials_and_chance_letters_are_not() -> None:
    row = build_row("We found them.").replace("Buyer", "Chief Financial Officer")
    assert pick("quote from a CFO", build_found(row))
    assert pick("quote from a COO", build_found(row)) == ()


def test_topic_that_the_quotation_does_not_have_gives_nothing() -> None:
    assert pick("quote about data security", build_found(build_row("Fast."))) == ()


LINES = (
    "When you publish: A saving · Add this line: Results vary.",
    "When you publish: Anything about future features · Add this line: Plans may change.",
)


def test_disclaimer_is_the_row_for_what_is_published() -> None:
    found = build_found(*LINES, heading=("Claims", "Required disclaimers"))
    assert [one.text for one in pick("what's the disclaimer for future features?", found)] == [LINES[1]]
    assert [one.text for one in pick("what disclaimers are there", found)] == list(LINES)


def test_boilerplate_of_several_sentences_stays_whole_and_press_contact_is_none() -> None:
    short = build_found("We make pumps.", "We sell them.", title="Boilerplate", heading=("20 words",))
    contact = build_found("Call Ada.", title="Boilerplate", heading=("Press contact",), ordinal=1)
    (claim,) = pick("give me the boilerplate", short, contact)
    assert claim.text == "We make pumps. We sell them."
    assert [one.text for one in pick("boilerplate for the press contact", contact)] == ["Call Ada."]


def test_claim_line_comes_with_its_condition_and_rejected_ones_never() -> None:
    allowed = build_found(
        '"You hold the keys."', "Only where the plan is named.", heading=("Claims without figures",)
    )
    rejected = build_found(
        '"The best keys": rejected.', heading=("Claims that were rejected",), document_id="no"
    )
    assert [one.text for one in pick("approved claim about keys", rejected, allowed)] == [
        '"You hold the keys." Only where the plan is named.'
    ]


def test_tagline_is_given_with_what_is_said_about_it() -> None:
    found = build_found('The tagline is "Decide in time."', "It has a full stop.", heading=("Tagline",))
    assert [one.text for one in pick("our tagline?", found)] == [found.passage.text]


def test_nothing_of_the_kind_gives_nothing() -> None:
    for kind in ("quote", "claim", "disclaimer", "boilerplate", "tagline"):
        wish = QuotationWish(kind)
        found = build_found("Keep clear space around the logo.")
        assert list_candidates(wish, [(found.document, found.passage)]) == ()


def test_row_is_read_as_cells_and_a_sentence_is_none() -> None:
    assert read_cells("Page: Home · CTA: Start: now · later") == {"Page": "Home", "CTA": "Start: now · later"}
    assert read_cells("The tagline is: Decide in time.") == {}
    assert read_days(read_cells("Live from: 2026-01-02 · Live until: 31 March 2026")) == Validity(
        date(2026, 1, 2), date(2026, 3, 31)
    )
    assert read_days(read_cells("Live from: soon · Live until: 99 March 2026")) == Validity()


def test_note_on_something_else_is_no_refusal() -> None:
    assert not is_refused({"Consent": "Written", "Topic": "No surprises", "Status": "approved"})


@pytest.mark.parametrize(
    ("text", "sentences", "is_stored"),
    [
        ("One. Two.", ("One.", "Two."), True),
        ("One.\n\nTwo.", ("One.", "Two."), True),
        ("One. […] Three.", ("One.", "Three."), False),
        ("Two. One.", ("One.", "Two."), False),
        ("One. Two. Three.", ("One.", "Two."), False),
        ("", (), False),
    ],
)
def test_only_stored_sentences_in_their_order_with_nothing_between_read_as_stored(
    text: str, sentences: tuple[str, ...], is_stored: bool
) -> None:
    assert reads_as_stored(text, sentences) is is_stored
