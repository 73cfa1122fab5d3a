"""The two halves of a mapping rule: conditions on signals, and values with `{signal}` in them. Pure.

Used by core/mapping.py.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import product

from core.errors import UsageError

_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Condition:
    """What must match: a path, the title, or any value of a signal, by any of these globs. `key` is folded."""

    key: str
    globs: tuple[str, ...]
    key_as_typed: str

    def holds(self, values: Sequence[str]) -> bool:
        """True when any value is what any glob says; case and runs of blanks do not matter, `*` stands for any text."""
        return any(_compile(glob).fullmatch(_fold(value)) for glob in self.globs for value in values)

    def as_json(self) -> str | list[str]:
        """As it is typed and stored."""
        return self.globs[0] if len(self.globs) == 1 else list(self.globs)


@dataclass(frozen=True, slots=True)
class Template:
    """A value for a field: one text, or several words of access. `{signal}` stands for what the file has there."""

    field: str
    texts: tuple[str, ...]
    is_list: bool = False

    @property
    def is_plain(self) -> bool:
        """True when it is the same for every file."""
        return not any(_PLACE.search(text) for text in self.texts)

    def fill(self, signals: Mapping[str, Sequence[str]]) -> str | list[str] | None:
        """The value for a file; None when it lacks a signal that is named.

        Several values of a signal are joined by commas, so that a field which takes one word cannot use them; in a
        list of readers each of them stands for itself.
        """
        if not self.is_list:
            return _fill_text(self.texts[0], signals)
        filled = [word for text in self.texts for word in _fill_word(text, signals)]
        return filled or None

    def as_json(self) -> str | list[str]:
        """As it is typed and stored."""
        return list(self.texts) if self.is_list else self.texts[0]


def read_condition(key: object, value: object) -> Condition:
    """A condition as typed; raises UsageError."""
    name = str(key).strip()
    if not isinstance(key, str) or not name:
        raise UsageError(
            f"`when` has the key {key!r}; allowed: path, title, or a signal's name such as label"
        )
    values = value if isinstance(value, list) else [value]
    if not values:
        raise UsageError(f"`when` {name} is empty; give a word or a glob")
    globs = tuple(_read_text(f"`when` {name}", one) for one in values)
    folded = name.casefold()
    if folded == "path":
        for glob in globs:
            _check_path_glob(glob)
    return Condition(folded, globs, name)


def read_template(name: str, value: object) -> Template:
    """A value as typed; raises UsageError. Readers are always a list: a signal's value is one of them, whole."""
    if isinstance(value, list) and name != "access":
        raise UsageError(f"{name} must be one word or text, received a list")
    listed = value if isinstance(value, list) else [value]
    texts = tuple(_read_text(name, one) for one in listed)
    for text in texts:
        rest = _PLACE.sub("", text)
        empty = [found for found in _PLACE.findall(text) if not found.strip()]
        if empty or "{" in rest or "}" in rest:
            raise UsageError(
                f"{name} {text!r} has a brace that is not closed or empty; allowed: '{{property:Owner}}'"
            )
    if name == "access":
        words = tuple(word.strip() for text in texts for word in text.split(",") if word.strip())
        if not words:
            raise UsageError(f"access {value!r} names nobody; allowed: all, group:NAME, user:EMAIL")
        return Template(name, words, is_list=True)
    return Template(name, texts)


def _read_text(what: str, value: object) -> str:
    if isinstance(value, bool):
        # YAML reads yes, no, on and off as such, which is never what a label is called.
        raise UsageError(f"{what} reads as {str(value).lower()}; put the word in quotation marks")
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str | int | float):
        raise UsageError(f"{what} must be a word, a day or a list of words, received {type(value).__name__}")
    if not str(value).strip():
        raise UsageError(f"{what} is empty; leave it out, or give a value")
    return str(value).strip()


def _check_path_glob(glob: str) -> None:
    if glob.startswith("/") or ".." in glob.split("/") or "\\" in glob:
        raise UsageError(
            f"path {glob!r} leads out of the source; give it relative to the source, for example 'Battlecards/**'"
        )
    if "***" in glob or re.search(r"\{[^{}]*,[^{}]*\}", glob):
        raise UsageError(
            f"path {glob!r} is no glob; allowed: * inside a folder, ** for any folders, ? for one letter, "
            "and a list of several globs"
        )


def _fill_text(text: str, signals: Mapping[str, Sequence[str]]) -> str | None:
    named = [_fold(name) for name in _PLACE.findall(text)]
    if not all(signals.get(name) for name in named):
        return None
    return _PLACE.sub(lambda place: ", ".join(signals[_fold(place[1])]), text)


def _fill_word(text: str, signals: Mapping[str, Sequence[str]]) -> list[str]:
    """One word for each value of the signal that is named; none without a value."""
    pieces = [
        signals.get(_fold(piece), ()) if number % 2 else (piece,)
        for number, piece in enumerate(_PLACE.split(text))
    ]
    return ["".join(chosen) for chosen in product(*pieces)]


@cache
def _compile(glob: str) -> re.Pattern[str]:
    pieces = {"*": ".*", "?": "."}
    tokens = re.split(r"([*?])", _fold(glob))
    return re.compile("".join(pieces.get(token, re.escape(token)) for token in tokens), re.DOTALL)


@lru_cache(maxsize=4096)
def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
