"""Promises of bot/answer/answer_kinds.py: what a question asks for, and which sentences hold it."""

import pytest

from bot.answer.answer_kinds import STRICT_KINDS, AnswerKind, holds_kind, list_asked_kinds

ASKED: dict[str, set[str]] = {
    "how many plants went live": {"number"},
    "win rate in the north": {"number"},
    "how much does the pilot cost": {"amount"},
    "budget of the autumn campaign?": {"amount"},
    "when does the campaign end": {"date"},
    "how long are backups kept": {"duration"},
    "hex for the teal?": {"colour"},
    "who runs the campaign": {"person"},
    "which firm tests our software": {"name"},
    "a customer quote about support": {"quote"},
    "can I rotate the logo": {"rule"},
    "logo file for slides": {"file"},
    "when I write to customers, which tone": set(),
    "when should I use exclamation marks": {"rule"},
    "our tagline": set(),
}


@pytest.mark.parametrize(("question", "kinds"), ASKED.items())
def test_question_names_the_kind_of_thing_it_asks_for(question: str, kinds: set[str]) -> None:
    assert list_asked_kinds(question) == kinds


@pytest.mark.parametrize(
    ("kind", "sentence", "question", "holds"),
    [
        ("number", "Nine sites went live.", "how many sites", True),
        ("number", "Sites went live.", "how many sites", False),
        ("number", "In 2026 sites went live.", "how many sites in 2026", False),
        ("amount", "It costs €9 a month.", "what does it cost", True),
        ("amount", "It costs a lot.", "what does it cost", False),
        ("date", "It ends on 3 March.", "when does it end", True),
        ("date", "It will end.", "when does it end", False),
        ("duration", "They are kept for 35 days.", "how long", True),
        ("duration", "They are kept.", "how long", False),
        ("colour", "Marrow Teal is #1F8A8C.", "hex of the teal", True),
        ("colour", "Marrow Teal is a colour.", "hex of the teal", False),
        ("person", "Mara Ellison owns it.", "who owns it", True),
        ("person", "Mara Ellison is here.", "who is Mara Ellison", False),
        ("person", "It is owned.", "who owns it", False),
        ("name", "Data is stored in Frankfurt.", "in which region", True),
        ("name", "An outside firm runs the tests.", "which firm runs the tests", False),
        ("name", "The region is with Vorsquill.", "which region has Vorsquill", False),
        ("quote", "“We went live in 23 days,” she said.", "a quote", True),
        ("quote", "They went live in 23 days.", "a quote", False),
        ("rule", "Never rotate the mark.", "can I rotate it", True),
        ("rule", "The mark is teal.", "can I rotate it", False),
        ("file", "Use pelmarrow-logo.svg.", "logo file", True),
        ("file", "Use the logo.", "logo file", False),
    ],
)
def test_sentence_holds_the_kind_only_with_something_new(
    kind: AnswerKind, sentence: str, question: str, holds: bool
) -> None:
    assert holds_kind(kind, sentence, question) is holds


def test_rules_and_files_are_no_reason_to_refuse() -> None:
    assert not STRICT_KINDS & {"rule", "file"}
