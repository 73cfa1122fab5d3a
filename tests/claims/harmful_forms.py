"""Forms in which a harmful edit is put: said otherwise, cited among others, joined. Called by harmful_edits.py."""

import re
from collections.abc import Sequence
from random import Random

from tests.claims.unseen_text import ONES, TENS, is_statement, read_word, spell_number
from tests.claims.unseen_words import COMPANIES, REWORDINGS

MOST_SHARED = 0.5
"""Share of the claim's words above which another sentence may say what the claim says."""
STARTS = (
    "In short: ",
    "Yes: ",
    "Note that ",
    "As the guide says, ",
    "To be clear, ",
    "According to the page, ",
)
ENDS = (", as the page says.", ", according to the guide.", " (see the source).")
_REASON = re.compile(r"^(?P<said>[^,;:·]+), (?:because|since|as) (?P<reason>[^,;:·]+)\.$")
_CONDITION = re.compile(
    r"^(?P<word>If|When|Where|On|In|With|At|After|Below) (?P<condition>[^,;·]+), (?P<said>[a-z][^;:·]+)\.$"
)
_DIGITS = re.compile(r"(?<![\w.,/:#€+-])\d{1,2}(?= [a-z]{3,})(?! (?:px|mm|and \d))")
_WORDS = re.compile(rf"\b(?:{'|'.join((*ONES[2:], *TENS[2:]))})\b(?!-)")
_OPENERS = re.compile(
    r"(?:An?|The|It|They|This|That|These|Those|Each|Every|No|If|When|Where|On|In|At|With|After|Below|Our|We|You|There) "
)
_ORDERS = re.compile(
    r"^(?:Do not|Never|Always|You|Use|Write|Please|It is|Even|Not|Nobody|Need|If you|Unless|Except)\b"
)


def is_near(sentence: str, claim: str) -> bool:
    """True when the sentence may say what the claim says, so that the claim could be right beside it."""
    own, other = _list_words(claim), _list_words(sentence)
    return len(own & other) >= MOST_SHARED * min(len(own), len(other)) if own and other else False


def reword_claim(claim: str, random: Random) -> str:
    """The same in slightly other words: contractions, synonyms, number words, clause order, a start or an end."""
    for pattern, replacement in REWORDINGS:
        if random.random() < 0.7:
            claim = re.sub(pattern, replacement, claim)
    change = random.choice((_spell_numbers, _turn_clauses, _add_start, _add_end, _say_digits))
    return change(claim, random)


def shorten_row(claim: str, original: str) -> str:
    """Of a table's row: what it is of, and the fields in which the claim differs, as a person would say it."""
    fields, stored = claim.split(" · "), original.split(" · ")
    if len(fields) < 3 or len(fields) != len(stored):
        return claim
    places = [place for place, field in enumerate(fields) if field != stored[place]]
    rest = places if places != [0] else [0, 1]
    name = fields[0].split(": ", 1)[-1].rstrip(".")
    said = ", ".join(_say_field(fields[place]) for place in rest if place)
    return f"{name}: {said}." if said else claim


def pick_beside(place: int, sentences: Sequence[str], claim: str, *, random: Random) -> tuple[str, ...]:
    """One to three sentences to cite beside: neighbours or others, none that could prove the claim."""
    near = [*sentences[max(0, place - 2) : place], *sentences[place + 1 : place + 3]]
    pool = near if random.random() < 0.7 else random.sample(list(sentences), 4)
    fit = [one for one in pool if is_statement(one) and not is_near(one, claim)]
    random.shuffle(fit)
    return tuple(fit[: random.randint(1, 3)])


def join_sentence(claim: str, other: str, random: Random) -> str:
    """Two sentences as one claim, the edit first or last."""
    first, last = (claim, other) if random.random() < 0.5 else (other, claim)
    joint = random.choice((". ", "; ", ", and ", ". Also, "))
    tail = _lower_opener(last) if joint != ". " else last
    return f"{first.rstrip('.')}{joint}{tail}"


def _spell_numbers(claim: str, _: Random) -> str:
    return _DIGITS.sub(lambda hit: spell_number(int(hit[0])) if hit[0][0] != "0" else hit[0], claim)


def _say_digits(claim: str, _: Random) -> str:
    return _WORDS.sub(lambda hit: f"{read_word(hit[0])}", claim)


def _turn_clauses(claim: str, random: Random) -> str:
    reason, condition = _REASON.match(claim), _CONDITION.match(claim)
    if reason:
        return f"Because {reason['reason']}, {_lower_opener(reason['said'])}."
    if condition:
        said = condition["said"][0].upper() + condition["said"][1:]
        return f"{said} {condition['word'].lower()} {condition['condition']}."
    return _add_start(claim, random)


def _add_start(claim: str, random: Random) -> str:
    start = random.choice(STARTS[:2] if _ORDERS.match(claim) else STARTS)
    return start + (claim if start.endswith(": ") else _lower_opener(claim))


def _add_end(claim: str, random: Random) -> str:
    if claim[-1:] != "." or claim.count(".") > 1:
        return _add_start(claim, random)
    return claim[:-1] + random.choice(ENDS)


def _say_field(field: str) -> str:
    name, _, value = field.partition(": ")
    shown = name if name.split()[0] in (*COMPANIES, "CTA") else name[0].lower() + name[1:]
    return f"{shown} is {value}" if value else name


def _lower_opener(text: str) -> str:
    return text[0].lower() + text[1:] if _OPENERS.match(text) else text


def _list_words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[\w-]+", text.lower()) if len(word) > 3)
