"""A claim that nearly repeats a sentence may not differ from it in a word that matters. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import Match, SequenceMatcher

from bot.answer.checks.copies import FEWEST_HELD, GENERAL, NEARLY, Comparison, Copy, Spelled, list_operators
from bot.answer.checks.language import Language, fold_marks
from bot.answer.checks.reading import BINDING
from bot.answer.checks.units import UNITS
from bot.answer.tokens import MONTH_NAMES
from bot.answer.words import stem_word

WE = frozenset({"we", "our", "us", "wir", "unser", "unsere", "nous", "notre", "nos", "nosotros", "nuestro"})
HELD = 0.85
"""A sentence that stands in the claim to this share."""
EDGE_WORDS, MOST_STRAY = 3, 2
MOST_EXCHANGED = 3
"""More words with a meaning are a part of their own, left out or put in as a whole."""
CONDITIONS = frozenset({"only", "if", "when", "until", "before", "after", "except"})
DECISIVE = (
    CONDITIONS
    | BINDING
    | {"not", "would", "all", "some", "most", "many", "atleast", "atmost", "over", "under", "rarely"}
)
WEAKENED = frozenset({"must", "should", "can", "all"})
"""Left out, a rule is said plainly."""


def are_copies_changed(copies: Sequence["Copy"]) -> bool:
    """True when a part repeats a sentence with something else in the place of its own words."""
    best: dict[int, float] = {}
    for one in copies:
        best[one.part] = max(best.get(one.part, 0.0), one.share)
    return any(
        _differs(one.matcher, one.comparison, is_whole=one.share >= NEARLY)
        for one in copies
        if one.share == best[one.part] >= NEARLY
        or (one.held >= HELD and len(one.comparison.copied.forms) >= FEWEST_HELD)
    )


_COUNTING = frozenset(UNITS.values()) | frozenset(stem_word(fold_marks(name)) for name in MONTH_NAMES)


def _leave_strays(blocks: Sequence[Match]) -> Sequence[Match]:
    """Without single words at either end that stand far from the rest: they are no part of what is repeated."""
    while len(blocks) > 1 and blocks[0].size <= MOST_STRAY and _lies_far(blocks[0], blocks[1]):
        blocks = blocks[1:]
    while len(blocks) > 1 and blocks[-1].size <= MOST_STRAY and _lies_far(blocks[-2], blocks[-1]):
        blocks = blocks[:-1]
    return blocks


def _lies_far(one: Match, other: Match) -> bool:
    return other.a - (one.a + one.size) > EDGE_WORDS + other.b - (one.b + one.size)


def _keep_inner(
    changes: Sequence[tuple[int, int, int, int]], matcher: SequenceMatcher[str], comparison: Comparison
) -> list[tuple[int, int, int, int]]:
    """Changes between repeated words, and of the repeated text's edges as far as something stood there before."""
    found = [block for block in matcher.get_matching_blocks() if block.size]
    blocks = _leave_strays(found)
    own, joining = comparison.own.forms, comparison.language.joining
    start, end = blocks[0].a, blocks[-1].a + blocks[-1].size
    ahead, behind = blocks[0], blocks[-1]
    kept = []
    if found[0] is not ahead:
        kept.append((max(0, start - EDGE_WORDS), start, 0, ahead.b))
    if found[-1] is not behind:
        kept.append(
            (end, min(len(own), end + EDGE_WORDS), behind.b + behind.size, len(comparison.copied.forms))
        )
    for i1, i2, j1, j2 in changes:
        if start <= i1 < end:
            kept.append((i1, i2, j1, j2))
        elif i2 == start and j1 < j2:
            kept.append((max(i1, start - EDGE_WORDS), i2, j1, j2))
        elif i1 == end and i1 < i2 and j1 < j2:
            kept.append((i1, i1 if own[i1] in joining else min(i2, end + EDGE_WORDS), j1, j2))
    return kept


@dataclass(frozen=True, slots=True)
class _Change:
    """Words that stand on one side only: those with a meaning, what they limit, and whether they are a phrase."""

    content: tuple[str, ...]
    forms: tuple[str, ...]
    limits: frozenset[str]
    is_phrase: bool


def _differs(matcher: SequenceMatcher[str], comparison: Comparison, *, is_whole: bool) -> bool:
    """`is_whole`: the text says nothing else; otherwise only what lies between repeated words is compared."""
    changes = [change[1:] for change in matcher.get_opcodes() if change[0] != "equal"]
    if not is_whole:
        changes = _keep_inner(changes, matcher, comparison)
    language = comparison.language
    lost, got, left, come = _read_changes(changes, comparison)
    foreign: list[str] = []
    for place, (new, old) in enumerate(zip(got, lost, strict=True)):
        beside = {
            word
            for one in (place - 1, place + 1)
            if 0 <= one < len(got) and not got[one].content
            for word in lost[one].content
        }
        came = [word for word in new.content if word not in old.content and word not in beside]
        came = [] if _stands_for(came, new, old) else came
        if _changes_limits(*_leave_moved(new, old, left, come), came, comparison) or _has_rival(
            new, old, language
        ):
            return True
        if came and not _is_moved_phrase(new, came, lost):
            gone = [word for word in old.content if word not in comparison.own.meanings]
            i1, _, j1, _ = changes[place]
            is_counted = bool(old.content) and j1 > 0 and _is_number(comparison.copied.meanings[j1 - 1])
            is_subject = all(one in language.small_words for one in comparison.own.forms[:i1])
            if old.content and (is_counted or _is_guarded(came, gone, comparison, is_subject=is_subject)):
                return True
            foreign += came
    return bool(comparison.names & set(foreign)) and _are_names_moved(comparison)


def _read_changes(
    changes: Sequence[tuple[int, int, int, int]], comparison: Comparison
) -> tuple[list[_Change], list[_Change], frozenset[str], frozenset[str]]:
    """What is lost and what is new in each change, and what limits in all that is lost, and in all that is new."""
    language = comparison.language
    lost = [
        _leave_said(_read_change(comparison.copied, j1, j2, language), comparison) for _, _, j1, j2 in changes
    ]
    got = [_read_change(comparison.own, i1, i2, language) for i1, i2, _, _ in changes]
    operators = list_operators(comparison.copied.forms, language)
    if "all" in operators or ("not" in operators and "not" in comparison.whole.operators):
        # "Never", "always" and "do not" bind as "must" does.
        is_open = any(one.limits & {"may", "can"} for one in lost)
        lost, got = (
            (lost, got) if is_open else ([_drop_must(one) for one in lost], [_drop_must(one) for one in got])
        )
    if "atmost" in operators & comparison.whole.operators or operators & {"may", "can"}:
        got = [replace(one, limits=one.limits - {"may", "can"}) for one in got]
    if "only" in operators - comparison.whole.operators and "must" in comparison.whole.operators:
        # "Only with consent" is "consent is required".
        lost = [replace(one, limits=one.limits - {"only"}) for one in lost]
        got = [_drop_must(one) for one in got]
    got = [
        replace(new, limits=new.limits - {"all"}) if "any" in list_operators(old.forms, language) else new
        for new, old in zip(got, lost, strict=True)
    ]
    return (
        lost,
        got,
        _sum_limits(lost) | _find_general(comparison),
        _sum_limits(got) | comparison.whole.operators & CONDITIONS,
    )


def _find_general(comparison: Comparison) -> frozenset[str]:
    """A sentence about "a heading" speaks of every heading."""
    return frozenset({"all"}) if set(comparison.copied.forms[:1]) & GENERAL else frozenset()


def _are_names_moved(comparison: Comparison) -> bool:
    """Names that both have stand in another order: "Renew without Intake", "Intake without Renew"."""
    own, copied = comparison.own.meanings, comparison.copied.meanings
    both = comparison.names & set(own) & set(copied)
    return list(dict.fromkeys(one for one in own if one in both)) != list(
        dict.fromkeys(one for one in copied if one in both)
    )


def _is_guarded(
    came: Sequence[str], gone: Sequence[str], comparison: Comparison, *, is_subject: bool
) -> bool:
    """A name, a number, a unit or a month was exchanged, or the subject of another sentence was put in."""
    elsewhere = comparison.everything - frozenset(comparison.copied.meanings)
    if is_subject and gone and any(word in elsewhere for word in came):
        return True
    exchanged = (*came, *gone) if len(gone) <= MOST_EXCHANGED else came
    return any(word in comparison.names or word in _COUNTING or _is_number(word) for word in exchanged)


def _stands_for(came: Sequence[str], new: _Change, old: _Change) -> bool:
    """A short form of the words in whose place it stands, or the name of those who say "we" there."""
    if len(came) != 1:
        return False
    initials = "".join(form[0] for form in old.forms)
    is_short = any(form.isalpha() and len(form) > 1 and initials.endswith(form) for form in new.forms)
    return is_short or (bool(WE & set(old.forms)) and not WE & set(new.forms))


def _is_number(word: str) -> bool:
    return any(map(str.isdigit, word))


def _has_rival(new: _Change, old: _Change, language: Language) -> bool:
    came = [form for form in new.forms if form not in old.forms]
    return any(language.rivals.get(form, frozenset()) & set(old.forms) for form in came)


def _leave_moved(
    new: _Change, old: _Change, left: frozenset[str], come: frozenset[str]
) -> tuple[_Change, _Change]:
    """Without what stands at another place of the other text, and without what only weakens by its absence."""
    both = new.limits & old.limits
    return (
        replace(new, limits=new.limits - left | both),
        replace(old, limits=old.limits - come - WEAKENED | both),
    )


def _sum_limits(changes: Sequence[_Change]) -> frozenset[str]:
    """What limits anywhere: a word that only stands at another place turns nothing."""
    return frozenset().union(*(change.limits for change in changes)) if changes else frozenset()


def _read_change(spelled: Spelled, start: int, end: int, language: Language) -> _Change:
    forms, meanings = spelled.forms[start:end], spelled.meanings[start:end]
    pairs = zip(forms, meanings, strict=True)
    content = tuple(meaning for form, meaning in pairs if form not in language.small_words)
    limits = list_operators(forms, language) & (DECISIVE if len(content) <= MOST_EXCHANGED else CONDITIONS)
    return _Change(content, forms, limits, bool(forms) and forms[0] in language.phrase_starts)


def _leave_said(change: _Change, comparison: Comparison) -> _Change:
    """A condition is not lost when another part of the claim says it in words of its own."""
    said = [word for word in change.content if word in comparison.whole.words]
    is_said = len(said) > MOST_EXCHANGED * len(change.content) / 5 and bool(said)
    return replace(change, limits=change.limits - CONDITIONS) if is_said else change


def _drop_must(change: _Change) -> _Change:
    return replace(change, limits=change.limits - {"must"})


def _changes_limits(new: _Change, old: _Change, foreign: Sequence[str], comparison: Comparison) -> bool:
    """A word that turns or limits is put in, or left out: alone, or with the condition that it opens."""
    if new.limits == old.limits:
        return False
    if (old.limits - new.limits) & CONDITIONS:
        return True
    # What another of the cited sentences says may be put in whole.
    is_elsewhere = bool(foreign) and all(
        word in comparison.everything and word not in comparison.copied.meanings for word in foreign
    )
    if new.limits - old.limits:
        return not is_elsewhere
    return not old.content


def _is_moved_phrase(new: _Change, foreign: Sequence[str], lost: Sequence[_Change]) -> bool:
    """A phrase such as "in 2026" that stands at another place as a whole."""
    size = len(foreign)
    return new.is_phrase and any(
        tuple(foreign) == one.content[start : start + size]
        for one in lost
        for start in range(len(one.content) - size + 1)
    )
