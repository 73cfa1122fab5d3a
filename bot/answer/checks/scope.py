"""Are words that limit (only, at least, most, except, if) neither dropped nor added? Pure."""

from collections.abc import Mapping, Sequence

from bot.answer.checks.copies import GENERAL, Repeats
from bot.answer.checks.language import fold_marks
from bot.answer.checks.reading import TURNING, Clause, Reading
from bot.answer.tokens import MONTH_NAMES
from bot.answer.words import stem_word

MONTHS = frozenset(stem_word(fold_marks(name)) for name in MONTH_NAMES)
KEPT = frozenset(
    {"only", "most", "some", "usually", "rarely", "atleast", "atmost", "over", "under", "about", "near"}
)
"""Left out, they make more of a statement than it is."""
BOUNDS = frozenset({"atleast", "atmost", "over", "under", "about", "near"})
TIMES = frozenset({"before", "after", "until", "from", "by"})
REPEATED = KEPT | TIMES - {"by"}
ADDED = KEPT | TIMES | {"many", "all", "except", "limited"}
"""Put in, they say what nobody said."""
FREELY_ADDED = frozenset({"all", "over", "under"})
"""The same for a claim in words of its own, where "only" and "except" may be said in many ways."""
ALIKE: Mapping[str, frozenset[str]] = {
    "only": frozenset({"limited"}),
    "limited": frozenset({"only", "atmost", "not"}),
    "atmost": frozenset({"limited", "under"}),
    "under": frozenset({"atmost"}),
    "all": frozenset({"any", "general"}),
    "except": frozenset(TURNING),
    "after": frozenset({"when", "from"}),
    "from": frozenset({"range", "after", "starts", "asof"}),
    "until": frozenset({"range", "ends", "by"}),
    "by": frozenset({"range", "ends", "until", "before"}),
    "most": frozenset({"usually"}),
    "usually": frozenset({"most"}),
    "atleast": frozenset({"least", "upfrom"}),
}
"""What else may say the same."""
CONDITIONS = frozenset({"except", "if"})
ENOUGH = 0.6
"""Share of a clause's words by which the claim says what the clause says."""
SOME = 0.34


def list_scope_failures(claim: Reading, sentences: Sequence[Reading], repeats: Repeats) -> frozenset[str]:
    """`scope`, `condition`, both or nothing. Where the claim repeats, every limit counts."""
    stored = frozenset().union(*(one.operators for one in sentences))
    if any(set(one.clauses[0].forms[:1]) & GENERAL for one in sentences if one.clauses):
        stored |= {"general"}
    limits = claim.operators
    # Of a row every word counts, and prose that is made of one has an order of its own.
    are_rows = all(clause.is_row for one in sentences for clause in one.clauses)
    added = frozenset().union(
        *(
            _list_limits(one) & (ADDED if are_rows or repeats.hold(one) else _list_freely(one))
            for one in claim.clauses
        )
    )
    failed = set() if all(_is_said(one, stored) for one in added) else {"scope"}
    words = frozenset(claim.words)
    for number, reading in enumerate(sentences):
        is_repeated = number in repeats.sentences or all(one.is_row for one in reading.clauses)
        for place, clause in enumerate(reading.clauses):
            kept = _list_limits(clause) & (REPEATED if is_repeated else frozenset())
            is_lost = not all(_is_said(one, limits) for one in kept)
            if is_lost and len(clause.words) > 1 and cover(clause, words) >= ENOUGH:
                failed.add("scope")
            is_condition = (is_repeated or number in repeats.alike) and clause.operators & CONDITIONS
            if is_condition and not _keeps_condition(claim, words, reading, place):
                failed.add("condition")
    return frozenset(failed)


def _list_freely(clause: Clause) -> frozenset[str]:
    """Said with a "not", "everyone" makes nothing general: it says no more than "do not call people citizens"."""
    return FREELY_ADDED - {"all"} if clause.is_turned else FREELY_ADDED


def _is_said(limit: str, limits: frozenset[str]) -> bool:
    return bool(({limit} | ALIKE.get(limit, frozenset())) & limits)


def _list_limits(clause: Clause) -> frozenset[str]:
    """Its operators; words of time and of size count where a number or a date stands beside them."""
    has_number = any(word.replace(".", "").isdigit() or word in MONTHS for word in clause.words)
    return frozenset(clause.operators) - (frozenset() if has_number else TIMES | BOUNDS)


def cover(clause: Clause, words: frozenset[str]) -> float:
    """Share of the clause's words that are among these; 0 for a clause without words."""
    return sum(word in words for word in clause.words) / len(clause.words) if clause.words else 0.0


def _keeps_condition(claim: Reading, words: frozenset[str], reading: Reading, place: int) -> bool:
    condition = reading.clauses[place]
    beside = [
        one
        for one in reading.clauses[max(0, place - 1) : place + 2]
        if one is not condition and one.sentence == condition.sentence
    ]
    if max((cover(one, words) for one in beside), default=0.0) < ENOUGH:
        return True
    # "Whenever you publish a PDF" is "if you choose to present content in PDF".
    asks = any(
        one.operators & {"if", "when"} and set(one.words) & set(condition.words) for one in claim.clauses
    )
    if not asks and cover(condition, words) < SOME:
        return False
    return "except" not in condition.operators or bool(claim.operators & (TURNING | {"except", "only"}))
