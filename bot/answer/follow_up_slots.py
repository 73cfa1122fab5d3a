"""Puts the part that a follow-up names into the question before it. Pure; called by bot/answer/follow_up.py."""

import re

from bot.answer.follow_up_forms import ACT, ANOTHER_ACT, COUNTED_THINGS, QUOTED, SUBJECT, WORD
from bot.answer.follow_up_parts import (
    DETERMINERS,
    ENDS_A_PART,
    Part,
    is_alike,
    list_parts,
    list_words,
    read_part,
)
from bot.answer.follow_up_words import (
    ASK_WORDS,
    ATTRIBUTES,
    AUDIENCES,
    GERMAN,
    HELPERS,
    PAGE_ENDS,
    PLAN_ENDS,
    PREPOSITION_CLASSES,
    PREPOSITIONS,
    SORTS,
    split_list,
)

_MANY = re.compile(r"\w+[^\W\ds]s")
_RIVAL = PREPOSITION_CLASSES[0]
_FOR = PREPOSITION_CLASSES[1]
_TOPIC = PREPOSITION_CLASSES[2]
_ADVERBS = split_list("online abroad worldwide globally overseas offline today tomorrow")
_HEAD = re.compile(
    r"^(?P<lead>(?:(?:what|which|where|who)(?:'s|\s+is|\s+are|\s+was)\s+)?(?:the\s+|our\s+)?)"
    r"(?P<head>[\w'’-]+(?:\s+[\w'’-]+){0,2}?)(?P<rest>\s+(?:for|of|in|on|against|vs)\s.+)?$",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r"[\s?!.,;]*(?:\b(?:too|as well|please|then|instead|auch|aussi|también)\b[\s?!.]*)*$", re.IGNORECASE
)


def fit_part(fragment: str, last: str) -> str:
    """The last question asked of the part that the fragment names, by exchange where it can be, else added."""
    asked = _ENDING.sub("", last)
    new = read_part(_ENDING.sub("", fragment).strip())
    for find in (
        _find_same_sort,
        _find_name,
        _find_same_preposition,
        _find_subject_matter,
        _find_counted,
        _find_audience,
    ):
        old = find(new, asked)
        if old is not None:
            return f"{_exchange(asked, old, new)}?"
    return f"{_exchange_head(asked, new) or _add(asked, new)}?"


def fit_kind(kind: str, last: str) -> str | None:
    """The last question asked of another kind of the same thing: "a light one" after "a dark background"."""
    found = list(re.finditer(r"\b(an?|the)\s+([\w-]+)(?=\s+[\w-]+)", last, re.IGNORECASE))
    if not found:
        return None
    start, end = found[-1].span(2)
    return f"{_ENDING.sub('', last[:start] + kind + last[end:])}?"


def fit_act(body: str, last: str) -> str | None:
    """Another act on the same thing: "and rotate it?" after "can I crop the logo?"."""
    act, other = ACT.match(last.rstrip("?!. ")), ANOTHER_ACT.fullmatch(body.strip("?!. "))
    if act is None or other is None or other["act"].lower() in HELPERS | ASK_WORDS:
        return None
    return f"{act['ask']}{other['act']} {act['thing']}{other['rest']}?"


def may_stand_in(fragment: str, last: str) -> bool:
    """Is there something of the same known sort, or a name for a name, in the last question?"""
    new = read_part(_ENDING.sub("", fragment).strip())
    is_name = new.sort == "name" and new.named[:1].isupper()
    return _find_same_sort(new, last) is not None or (is_name and _find_name(new, last) is not None)


def _find_same_sort(new: Part, asked: str) -> Part | None:
    """The last part of the same known sort; a name has its own ways."""
    if new.sort in (None, "name"):
        return None
    parts = list_parts(asked)
    same = [part for part in parts if part.sort == new.sort]
    same = [part for part in same if is_alike(part.preposition, new.preposition)] or same
    if same or (new.preposition and new.sort != "time"):
        return same[-1] if same else None
    return _find_word(asked, str(new.sort))


def _find_word(asked: str, sort: str) -> Part | None:
    """A word of that sort outside of any part that a preposition leads."""
    if sort == "wording":
        quoted = list(QUOTED.finditer(asked))
        return Part(quoted[-1].start(), quoted[-1].end(), "", quoted[-1][0], sort) if quoted else None
    ends = {"page": PAGE_ENDS, "plan": PLAN_ENDS}.get(sort)
    for found in reversed(list(WORD.finditer(asked))):
        if ends is not None and found[0].lower() in ends:
            return _widen(asked, found.start(), found.end(), sort)
        # At the start of a question "may" asks, and names no month.
        if ends is None and found.start() and found[0].lower() in SORTS.get(sort, ()):
            return _take_which(asked, found, sort)
    return None


def _take_which(asked: str, found: re.Match[str], sort: str) -> Part:
    """A word with the one that says which of them: "this month"."""
    which = re.search(r"\b(?:this|next|last)\s+$", asked[: found.start()], re.IGNORECASE)
    start = which.start() if which else found.start()
    return Part(start, found.end(), "", asked[start : found.end()], sort)


def _widen(asked: str, start: int, end: int, sort: str) -> Part:
    """A page or plan with the words that say which."""
    for found in reversed(list(WORD.finditer(asked, 0, start))):
        if found[0].lower() in PREPOSITIONS | ENDS_A_PART | DETERMINERS:
            break
        start = found.start()
    return Part(start, end, "", asked[start:end], sort)


def _find_name(new: Part, asked: str) -> Part | None:
    """A rival for a rival first, then who did it, then the last other name."""
    if new.sort != "name":
        return None
    parts = [part for part in list_parts(asked) if part.sort in ("name", None)]
    rivals = [part for part in parts if part.preposition.lower() in _RIVAL]
    if rivals and (not new.preposition or new.preposition.lower() in _RIVAL):
        return _keep_name_only(rivals[-1])
    if new.preposition:
        same = [part for part in parts if is_alike(part.preposition, new.preposition)]
        # "Same for Mirrivo" after "against Vorsquill" means the rival.
        return same[-1] if same else rivals[-1] if rivals and new.preposition.lower() in _FOR else None
    subject = SUBJECT.search(asked)
    if subject:
        return Part(subject.start("name"), subject.end("name"), "", subject["name"], "name")
    return None if GERMAN.intersection(list_words(asked)) else _find_capitals(asked)


def _keep_name_only(part: Part) -> Part:
    """Of "Vorsquill's negotiating assistant" only the name."""
    found = re.match(r"(?:the\s+)?([\w-]+)(?=['’]s\b)", part.named)
    if found is None:
        return part
    return Part(part.end - len(part.named), part.end - len(part.named) + found.end(), "", found[0], "name")


def _find_capitals(asked: str) -> Part | None:
    names = [
        found
        for found in re.finditer(r"(?<=\w[ ,])\(?([A-Z][\w-]*[a-z][\w-]*(?: [A-Z][\w-]*[a-z][\w-]*)*)", asked)
        if not any(found[1].lower() in members for members in SORTS.values())
    ]
    return Part(names[-1].start(1), names[-1].end(1), "", names[-1][1], "name") if names else None


def _find_same_preposition(new: Part, asked: str) -> Part | None:
    """What stood behind the same preposition, unless it is of a sort that the new part cannot replace."""
    if not new.preposition:
        return None
    for part in reversed(list_parts(asked)):
        is_free = part.sort in (None, "name", new.sort) or (
            new.sort in (None, "name") and part.sort in AUDIENCES
        )
        if is_free and is_alike(part.preposition, new.preposition):
            return part
    return None


def _find_subject_matter(new: Part, asked: str) -> Part | None:
    """Without a preposition a thing of no known sort takes the place of what the question was about."""
    if new.preposition or new.sort is not None or list_words(new.named)[:1] in (["the"], ["our"]):
        return None
    parts = [part for part in list_parts(asked) if part.preposition.lower() in _TOPIC and part.sort is None]
    return parts[-1] if parts else None


def _find_counted(new: Part, asked: str) -> Part | None:
    """Other things of which the same is asked: "and hashtags?" after "how many emojis are allowed"."""
    found = COUNTED_THINGS.match(asked)
    if found is None or new.preposition or new.sort is not None or not _MANY.fullmatch(new.named):
        return None
    return Part(found.start("head"), found.end("head"), "", found["head"], None)


def _find_audience(new: Part, asked: str) -> Part | None:
    """Many of them for many others: "and schools?" after "for hospitals"."""
    if new.preposition or new.sort is not None or not _MANY.fullmatch(new.named):
        return None
    parts = [
        part for part in list_parts(asked) if part.sort in ("industry", "role") and part.named.endswith("s")
    ]
    return parts[-1] if parts else None


def _exchange(asked: str, old: Part, new: Part) -> str:
    """Put the new part where the old one stood, with a preposition of its own if it brought one."""
    if not old.preposition:
        named = f"{new.preposition} {new.named}".strip()
        # "the teal" for "amber" in "the amber colour".
        if list_words(asked[: old.start])[-1:] and list_words(asked[: old.start])[-1] in DETERMINERS:
            named = re.sub(r"^(?:the|our|a|an)\s+", "", named, flags=re.IGNORECASE)
        return f"{asked[: old.start]}{named}{asked[old.end :]}"
    is_rival = old.preposition.lower() in _RIVAL and new.preposition.lower() in _FOR
    preposition = old.preposition if is_rival else new.preposition or old.preposition
    led = new.named if new.named.lower() in _ADVERBS else f"{preposition} {new.named}"
    return f"{asked[: old.start]}{led}{asked[old.end :]}"


def _exchange_head(asked: str, new: Part) -> str | None:
    """Another thing of the same: "and the subheading?" after "the headline for the Renew page"."""
    if new.preposition or list_words(new.named)[:1] not in (["the"], ["our"]):
        return None
    act = ACT.match(asked)
    if act is not None:
        return f"{act['ask']}{act['act']}{new.named}{act['rest'] or ''}"
    found = _HEAD.match(asked)
    if found is None:
        return None
    of_what = re.match(r"\s+of\s+(?:the|our)\s+[\w-]+", found["rest"] or "", re.IGNORECASE)
    asks_attribute = found["head"].split()[-1].lower() in ATTRIBUTES
    is_attribute = list_words(new.named)[-1] in ATTRIBUTES or list_words(new.named)[-1].endswith("est")
    if of_what and asks_attribute and not is_attribute:
        return f"{found['lead']}{found['head']} of {new.named}{found['rest'][of_what.end() :]}"
    bare = new.named.split(" ", 1)[1] if found["lead"].strip().lower().endswith(("the", "our")) else new.named
    return f"{found['lead']}{bare}{found['rest'] or ''}"


def _add(asked: str, new: Part) -> str:
    return f"{asked} {new.preposition} {new.named}" if new.preposition else f"{asked}: {new.named}"
