"""May we, or may we not? A ruling is given only where a cited sentence rules on what is asked. Pure."""

import re
from collections.abc import Sequence

from bot.answer.checks.languages import find_language
from bot.answer.checks.reading import Clause, read_text
from bot.answer.checks.stance import list_stances
from core.answers import Claim, Ruling

# A ruling answers a question for permission, nothing else: a document cannot make the bot rule.
_ASKS = re.compile(
    r"^(?:so |and |but |ok(?:ay)?,? )?(?:may|can|could|should|must|are|is|do|does|am|would|shall)\b"
    r"|\b(?:allowed|permitted|ok(?:ay)? to|fine to|may (?:we|i|you|they|our|a|the|partners?|customers?)"
    r"|can (?:we|i|you|they|partners?|customers?)|should (?:we|i)|are we|am i|have to|need to|approved to|off limits)\b"
    r"|\b(?:dürfen|darf|können|kann|erlaubt|peut-on|pouvons-nous|puis-je|podemos|puedo|se puede)\b",
    re.IGNORECASE,
)
SPEAKS_OF_IT = 0.5
"""Share of the question's words by which a sentence speaks of what is asked."""
LIMITS = frozenset(
    {"only", "if", "except", "limited", "atleast", "atmost", "when", "before", "after", "until"}
)
_CONSENT = re.compile(
    r"\b(?:with|upon|after|on)\b[^.;]{0,40}\b(?:approval|consent|permission|agreement|sign-off)\b",
    re.IGNORECASE,
)
# First words of a sentence that tells to do something: what is told to be done is allowed.
_ORDERS = frozenset(
    ("use", "write", "say", "put", "keep", "set", "choose", "show", "place", "leave", "spell", "send", "ask")
)


def asks_for_ruling(question: str) -> bool:
    """Is this "may we …?", "can I use …?", "is … allowed?"?"""
    return bool(_ASKS.search(question.strip()))


def bind_ruling(question: str, ruling: Ruling | None, claims: Sequence[Claim]) -> Ruling | None:
    """The model's ruling if a cited sentence rules so on the words of the question, else None."""
    if ruling is None or not asks_for_ruling(question):
        return None
    sentences = [one.sentence for claim in claims for one in claim.evidence]
    return ruling if any(ruling in list_rulings(question, sentence) for sentence in sentences) else None


def list_rulings(question: str, sentence: str) -> frozenset[Ruling]:
    """How a sentence rules on what is asked; empty when it does not speak of it."""
    language = find_language([sentence])
    if language is None:
        return frozenset()
    asked = frozenset(read_text(question, language).words)
    read = read_text(sentence, language)
    share = len(asked & set(read.words)) / len(asked) if asked else 0.0
    if share < SPEAKS_OF_IT:
        return frozenset()
    if _CONSENT.search(sentence):
        return frozenset({"conditional"})
    about = [one for one in read.clauses if asked & set(one.words) or one.operators]
    found = frozenset(_rule(read.clauses, one) for one in about)
    # Only what permits in so many words, or orders all that was asked, allows it: to be is not to be allowed.
    orders = share == 1 and bool(read.clauses) and bool(set(read.clauses[0].forms[:1]) & _ORDERS)
    permits = orders or any(one.operators & {"may", "can", "unneeded"} for one in about)
    return found if permits else found - {"allowed"}


def _rule(clauses: Sequence[Clause], clause: Clause) -> Ruling:
    limits = frozenset().union(*(one.operators for one in clauses if one.sentence == clause.sentence))
    if limits & LIMITS:
        return "conditional"
    if clause.is_turned and "unneeded" not in list_stances(clause):
        return "not_allowed"
    return "allowed"
