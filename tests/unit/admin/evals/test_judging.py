import pytest

from admin.evals.judging import has_words, judge_answer
from admin.evals.questions import Gold
from core.answers import Verdict
from tests.unit.admin.evals.answers import GOLD, QUOTE, ask_for, build_answer, build_claim, build_evidence
from tests.unit.admin.evals.results import RULE

SAID = Gold("story.pdf", QUOTE, speaker="Ingrid Haldorsen")


@pytest.mark.parametrize("verdict", ["answered", "partial", "conflict"])
def test_any_verdict_with_an_answer_is_right_where_there_is_one(verdict: Verdict) -> None:
    answer = build_answer(build_claim(RULE), verdict=verdict)
    assert "verdict" in judge_answer(ask_for(GOLD), answer).right
    assert judge_answer(ask_for(), answer).wrong == ("verdict",)


def test_abstaining_is_right_only_where_there_is_no_answer() -> None:
    judged = judge_answer(ask_for(), build_answer())
    assert (judged.right, judged.wrong, judged.is_abstention) == (("verdict",), (), True)
    assert judge_answer(ask_for(GOLD), build_answer()).wrong == ("verdict", "gold")


@pytest.mark.parametrize(
    ("path", "sentence", "is_cited"),
    [
        ("guide.md", RULE, True),
        ("copy.md", f"**{RULE}** It is so everywhere.", True),
        ("other.md", RULE, False),
        ("guide.md", "Headings are written in sentence case", True),
        ("guide.md", "sentence case", False),
        (
            "guide.md",
            "sentence case and never end in a full stop. Captions do, as every other one does.",
            True,
        ),
        ("guide.md", "Captions are written in small letters and seldom end in a full stop, I hear.", False),
    ],
)
def test_gold_is_cited_by_a_sentence_of_its_document_that_holds_or_overlaps_it(
    path: str, sentence: str, *, is_cited: bool
) -> None:
    judged = judge_answer(ask_for(GOLD), build_answer(build_claim(sentence, build_evidence(sentence, path))))
    assert ("gold" in judged.right) is is_cited


def test_gold_that_spans_two_cited_sentences_is_cited() -> None:
    gold = Gold("guide.md", "Write it out. Do so always.")
    answer = build_answer(build_claim("Write it out."), build_claim("Do so always."))
    assert "gold" in judge_answer(ask_for(gold), answer).right
    assert "gold" in judge_answer(ask_for(gold), build_answer(build_claim("Write it out."))).wrong


def test_only_five_sentences_count_as_shown_in_passages_mode() -> None:
    claims = [build_claim(f"Sentence number {number} says nothing.") for number in range(5)]
    late = build_answer(*claims, build_claim(RULE))
    assert "gold" in judge_answer(ask_for(GOLD), late).wrong
    written = build_answer(*claims, build_claim(RULE), mode="model")
    assert "gold" in judge_answer(ask_for(GOLD), written).right


def test_reference_words_may_stand_in_the_claim_or_in_its_proof() -> None:
    question = ask_for(GOLD, must_contain=("sentence case|sentence-case", "small letters"))
    proved = build_answer(build_claim("Use small letters.", build_evidence(RULE)))
    assert "words" in judge_answer(question, proved).right
    assert "words" in judge_answer(question, build_answer(build_claim(RULE))).wrong


def test_forbidden_words_count_in_what_is_said_and_not_in_the_proof() -> None:
    question = ask_for(GOLD, must_not_contain=("full stop",))
    assert (
        "forbidden"
        in judge_answer(question, build_answer(build_claim("Sentence case.", build_evidence()))).right
    )
    assert "forbidden" in judge_answer(question, build_answer(build_claim(RULE))).wrong


@pytest.mark.parametrize(
    ("words", "text", "is_there"),
    [
        ("34 days", "It takes 34\u00a0days.", True),
        ("34", "It takes 1,340 days.", False),
        ("34", "It takes 340 days.", False),
        ("1.8", "It takes 1.85 days.", False),
        ("23", "It went live on day 23.", True),
        ("no", "We know.", False),
        ("region", "EU regions", True),
        ("#1F8A8C", "Teal is #1f8a8c", True),
        ("never|not", "It is not allowed.", True),
        ("log in", "Write **log in**.", True),
    ],
)
def test_words_are_found_as_words_and_numbers_as_whole_numbers(
    words: str, text: str, *, is_there: bool
) -> None:
    assert has_words(words, text) is is_there


@pytest.mark.parametrize(
    ("sentence", "heading", "is_right"),
    [
        (f"“{QUOTE}” – Ingrid Haldorsen", "", True),
        (f"“{QUOTE}”", "Ingrid Haldorsen", True),
        (f"“{QUOTE}”", "Head of Procurement", False),
        ("“We planned for a quarter and went\nlive in 23 days.” – Ingrid Haldorsen", "", True),
        ("“We planned for a quarter and went live in 24 days.” – Ingrid Haldorsen", "", False),
        ("“we planned for a quarter and went live in 23 days.” – Ingrid Haldorsen", "", False),
    ],
)
def test_a_quotation_is_right_byte_for_byte_and_with_its_speaker(
    sentence: str, heading: str, *, is_right: bool
) -> None:
    answer = build_answer(build_claim(sentence, build_evidence(sentence, "story.pdf", heading)))
    assert ("quotation" in judge_answer(ask_for(SAID, type="quote"), answer).right) is is_right


def test_a_claim_that_quotes_other_words_than_its_proof_is_no_exact_quotation() -> None:
    proof = build_evidence(f"“{QUOTE}” – Ingrid Haldorsen", "story.pdf")
    question = ask_for(SAID, type="quote")
    true = build_claim('Ingrid Haldorsen: "We planned for a quarter and went live in 23 days."', proof)
    false = build_claim('Ingrid Haldorsen: "We planned for a year and went live in 23 days."', proof)
    assert "quotation" in judge_answer(question, build_answer(true, mode="model")).right
    assert "quotation" in judge_answer(question, build_answer(false, mode="model")).wrong


def test_quotation_marks_and_markup_of_a_gold_snippet_are_not_its_words() -> None:
    snippet = '“Cloud checks the boxes"</span><span class="source">- Phil D.</span>'
    answer = build_answer(build_claim("x", build_evidence("He said: “Cloud checks the boxes”", "story.md")))
    assert "quotation" in judge_answer(ask_for(Gold("story.md", snippet), type="quote"), answer).right


def test_a_ruling_is_judged_where_the_question_has_one() -> None:
    question = ask_for(GOLD, ruling="conditional")
    assert "ruling" in judge_answer(question, build_answer(build_claim(RULE), ruling="conditional")).right
    assert "ruling" in judge_answer(question, build_answer(build_claim(RULE))).wrong
    plain = judge_answer(ask_for(GOLD), build_answer(build_claim(RULE), ruling="allowed"))
    assert "ruling" not in plain.right + plain.wrong
