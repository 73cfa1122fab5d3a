"""Do the words of the claim come from the sentences, and none of them from the other side? Pure."""

from collections.abc import Sequence

from bot.answer.checks.language import Language
from bot.answer.checks.reading import TURNING, Reading

TURNED = TURNING | {"only", "except"}
FEW = 3
MOST_NEW = 0.5
"""Share of the claim's meaning words that may stand in none of the sentences."""


def list_support_failures(claim: Reading, sentences: Sequence[Reading], language: Language) -> frozenset[str]:
    """`rivals`, `overlap`, both or nothing."""
    known = frozenset(word for one in sentences for word in one.words)
    forms = frozenset(form for one in sentences for form in one.forms)
    clauses = (*claim.clauses, *(clause for one in sentences for clause in one.clauses))
    failed: set[str] = set()
    # Where something is turned, an opposite may be right: list_stance_failures looks at each clause.
    if not any(clause.operators & TURNED for clause in clauses) and _has_rival(claim, forms, language):
        failed.add("rivals")
    new = [word for word in claim.words if word not in known]
    # Of two or three words one half proves nothing: "Stretching the logo is fine".
    most = MOST_NEW * len(claim.words) if len(claim.words) > FEW else (len(claim.words) - 1) // 2
    if not claim.words or len(new) > most:
        failed.add("overlap")
    return frozenset(failed)


def _has_rival(claim: Reading, forms: frozenset[str], language: Language) -> bool:
    """A word of the claim is new, and what it must not be taken for stands in the sentences and not in the claim."""
    return any(
        form not in forms and (language.rivals.get(form, frozenset()) & forms) - claim.forms
        for form in claim.forms
    )
