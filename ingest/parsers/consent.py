"""Reads the cell of a register that says whether somebody may be quoted. Pure; called by sheet_rows.py."""

import re
from dataclasses import dataclass
from datetime import date

_YES_WORDS = """
yes y true approved agreed given granted obtained confirmed signed written ok ja schriftlich erteilt oui sí si ✓ ✔
"""
# How a consent was given, never whether.
_BESIDE_WORDS = "consent permission release in by writing email e-mail mail form contract the was is has been"
_YES, _BESIDE = frozenset(_YES_WORDS.split()), frozenset(_BESIDE_WORDS.split())
_WORD = re.compile(r"[^\s,;:.()/]+")
_UNTIL = re.compile(
    r"(?P<before>.*?)\b(?:valid |expires |ends )?(?:until|till|through|expires|ends|bis)[: ]+"
    r"(?P<day>\d{4}-\d{2}-\d{2})\W*",
    re.IGNORECASE | re.DOTALL,
)
_MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Consent:
    """What a cell says. Whatever is not understood is no consent; `why` then says so, in one sentence."""

    is_given: bool
    until: date | None = None
    why: str = ""


def read_consent(text: str, day: date | None = None) -> Consent:
    """`text` is what the cell shows, `day` the day that it holds (the last one of the consent)."""
    if day is not None:
        return Consent(is_given=True, until=day)
    if not text.strip():
        return Consent(is_given=False, why="rows without a consent stay drafts")
    found = _UNTIL.fullmatch(text.strip())
    said, until = (found["before"], _read_day(found["day"])) if found else (text, None)
    is_only_day = until is not None and not said.strip(" ,;:(")
    if (is_only_day or _says_yes(said)) and (found is None or until is not None):
        return Consent(is_given=True, until=until)
    return Consent(
        is_given=False,
        why=f"rows whose consent is {text.strip()[:_MOST_SHOWN]!r} stay drafts; "
        "a consent is yes, approved, written, true, or its last day (YYYY-MM-DD)",
    )


def _says_yes(text: str) -> bool:
    words = {word.casefold() for word in _WORD.findall(text)}
    return bool(words & _YES) and words <= _YES | _BESIDE


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
