"""Does each clause of the claim say yes or no, and bind as strongly, as the clause it comes from? Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.answer.checks.copies import Repeats
from bot.answer.checks.language import Language
from bot.answer.checks.reading import TURNING, Clause, Reading

# Of the clauses that a claim's clause could come from, all count that share nearly as much with it as the best.
ALMOST_BEST = 0.9
CONDITIONS = frozenset({"if", "when", "except"})
SMALL_WEIGHT = 0.05
KNOWN = 0.6

PERMITTED: Mapping[str, frozenset[str]] = {
    "must": frozenset({"must", "plain"}),
    "should": frozenset({"should", "plain"}),
    "may": frozenset({"may", "can"}),
    "can": frozenset({"can", "may", "plain"}),
    "plain": frozenset({"plain", "may", "can", "should", "must"}),
    "unneeded": frozenset({"unneeded"}),
    "prohibited": frozenset({"prohibited", "no"}),
    "discouraged": frozenset({"discouraged", "no"}),
    "no": frozenset({"no", "prohibited", "discouraged"}),
}
"""How a stored clause binds -> how a claim may say it: as strongly, or plainly."""


TURNED_SOMEHOW = TURNING | {"except", "replacing", "unneeded", "only", "limited", "under", "atmost", "rarely"}
"""Operators of which one may say what another text says with "not"."""
FREELY: Mapping[str, frozenset[str]] = {
    "should": frozenset({"must", "can"}),
    "must": frozenset({"should"}),
    "may": frozenset({"plain"}),
    "can": frozenset({"should"}),
    "discouraged": frozenset({"prohibited"}),
    "prohibited": frozenset({"discouraged"}),
}
"""What else a claim in words of its own may say: "we suggest" is `should` to one reader and `may` to another."""


def list_stance_failures(
    claim: Reading, sentences: Sequence[Reading], language: Language, repeats: Repeats | None = None
) -> frozenset[str]:
    """`polarity`, `modality`, `rivals`. A clause that repeats one is held to it; others are compared freely."""
    stored = [clause for reading in sentences for clause in reading.clauses]
    weights = _weigh(stored)
    failed: set[str] = set()
    for clause in claim.clauses:
        origins = find_origins(clause, stored, weights)
        if repeats is None or repeats.hold(clause):
            failed |= _compare_strictly(clause, origins, stored, language)
        elif origins:
            failed |= _compare_freely(clause, origins, claim, sentences)
    if _says_what_is_denied(claim, stored):
        failed.add("polarity")
    return frozenset(failed)


def _compare_strictly(
    clause: Clause, origins: Sequence[Clause], stored: Sequence[Clause], language: Language
) -> set[str]:
    if not origins:
        is_new = clause.is_turned and clause.words and not any(one.is_turned for one in stored)
        return {"polarity"} if is_new else set()
    alike = [one for one in origins if _turns_alike(one, clause, language)]
    if not alike and clause.is_turned:
        # "X must not be used in print": what is denied counts more than what it is denied of.
        alike = [one for one in stored if one.is_turned and _denies_the_same(one, clause, origins)]
    if not alike:
        return {"rivals" if all(one.is_turned == clause.is_turned for one in origins) else "polarity"}
    is_bound = clause.operators & CONDITIONS or any(_binds_alike(one, clause) for one in alike)
    return set() if is_bound else {"modality"}


def _compare_freely(
    clause: Clause, origins: Sequence[Clause], claim: Reading, sentences: Sequence[Reading]
) -> set[str]:
    """In words of its own a claim may turn another word than the sentence does; something must turn on both sides."""
    turned = [one.is_turned for one in origins]
    homes = [one for one in sentences if any(origin in one.clauses for origin in origins)]
    if clause.is_turned and not any(turned) and not any(one.operators & TURNED_SOMEHOW for one in homes):
        # With words of its own beside it, "not" may stand for one of them: "could not cope", "more than it could do".
        known = {word for one in origins for word in one.words}
        return (
            {"polarity"}
            if sum(word in known for word in clause.words) >= KNOWN * len(clause.words)
            else set()
        )
    is_hedged = any(one.operators & (TURNED_SOMEHOW - TURNING | {"without"} | CONDITIONS) for one in homes)
    if all(turned) and "may" in clause.operators and not clause.is_turned and not is_hedged:
        return set() if clause.operators & (CONDITIONS | {"only", "unneeded"}) else {"polarity"}
    is_denied = all(one.operators & (TURNING - {"lacking"}) for one in origins)
    if not clause.is_turned and is_denied and not claim.operators & TURNED_SOMEHOW:
        return {"polarity"}
    # What binds may stand in the next clause of the same sentence: "it is there, so you need not install it".
    beside = [one for home in homes for one in home.clauses if set(one.words) & set(clause.words)]
    wanted = list_stances(clause) & {"unneeded"}
    return set() if wanted & _sum_stances(beside) or _binds_freely(clause, origins) else {"modality"}


def _sum_stances(clauses: Sequence[Clause]) -> frozenset[str]:
    return frozenset().union(*map(list_stances, clauses))


def _binds_freely(clause: Clause, origins: Sequence[Clause]) -> bool:
    operators = frozenset().union(*(one.operators for one in origins))
    wanted, found = list_stances(clause), frozenset().union(*map(list_stances, origins))
    if (
        operators & {"only", "must"}
        and clause.operators & {"must", "only"}
        and "only" in operators | clause.operators
    ) or "atmost" in operators & clause.operators:
        return True
    if found == {"unneeded"} and clause.is_turned and "without" not in clause.operators:
        return False
    is_other_way = clause.is_turned != any(one.is_turned for one in origins)
    permitted = frozenset().union(*(PERMITTED[one] | FREELY.get(one, frozenset()) for one in found))
    return is_other_way or bool(clause.operators & CONDITIONS or wanted & permitted)


def _denies_the_same(stored: Clause, clause: Clause, origins: Sequence[Clause]) -> bool:
    denied = set(clause.words[clause.turned_at :]) - {word for one in origins for word in one.words}
    return bool(denied & set(stored.words))


def _says_what_is_denied(claim: Reading, stored: Sequence[Clause]) -> bool:
    """The claim turns nothing, and has a word that the sentences have in turned clauses only."""
    if claim.operators & (TURNING | {"except", "replacing", "unneeded"}):
        return False
    said = {word for one in stored if not one.is_turned for word in one.words}
    denied = {
        word for one in stored if one.operators & {"not", "never", "without"} for word in one.words
    } - said
    return bool(denied & set(claim.words)) and not claim.operators & {"only", "must"}


def find_origins(clause: Clause, stored: Sequence[Clause], weights: Mapping[str, float]) -> list[Clause]:
    """The stored clauses that share most with this one; none when nothing is shared."""
    wanted = set(clause.words[clause.lead :]) or set(clause.words)
    shared = [
        sum(weights[word] for word in wanted & set(one.words)) and _share(clause, one, weights)
        for one in stored
    ]
    best = max(shared, default=0.0)
    return [one for one, share in zip(stored, shared, strict=True) if best and share >= ALMOST_BEST * best]


def _share(clause: Clause, other: Clause, weights: Mapping[str, float]) -> float:
    """Meanings that both have, the rarer the more; small words that both have decide between equals."""
    meanings = sum(weights[word] for word in set(clause.words) & set(other.words))
    return meanings + SMALL_WEIGHT * len(set(clause.forms) & set(other.forms))


def list_stances(clause: Clause) -> frozenset[str]:
    """Keys of PERMITTED: how it binds, in each way in which it may be read."""
    operators = clause.operators
    if "unneeded" in operators:
        return frozenset({"unneeded"})
    if "discouraged" in operators or ("should" in operators and operators & {"not", "never"}):
        return frozenset({"discouraged"})
    if clause.is_turned:
        if operators & {"never", "must", "may"}:
            return frozenset({"prohibited"})
        return frozenset({"prohibited", "no"} if "can" in operators else {"no"})
    return frozenset(operators & {"must", "should", "may", "can"}) or frozenset({"plain"})


def _turns_alike(stored: Clause, clause: Clause, language: Language) -> bool:
    """Both say yes or both no; "not in capitals" and "in lower case" are alike too."""
    if {"replacing", "except"} & (stored.operators | clause.operators):
        return True
    is_opposite = any(
        form not in stored.forms
        and (language.rivals.get(form, frozenset()) & set(stored.forms)) - set(clause.forms)
        for form in clause.forms
    )
    return (stored.is_turned == clause.is_turned) != is_opposite


def _binds_alike(stored: Clause, clause: Clause) -> bool:
    if stored.is_turned != clause.is_turned:
        return True
    wanted = list_stances(clause)
    if "only" in stored.operators & clause.operators and "plain" in wanted:
        return True
    return any(wanted & PERMITTED[one] for one in list_stances(stored))


def _weigh(stored: Sequence[Clause]) -> Mapping[str, float]:
    counts = Counter(word for clause in stored for word in set(clause.words))
    return {word: 1 / count for word, count in counts.items()}
