"""Reads the YAML of mapping rules, with the line of each rule. Used by core/mapping.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import UsageError

MOST_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class RuleLines:
    """On which line of the text each rule begins; empty for rules that come from no text."""

    lines: tuple[int, ...] = ()

    def name(self, number: int) -> str:
        """How an error names a rule, counted from 1."""
        return f"rule {number} (line {self.lines[number - 1]})" if self.lines else f"rule {number}"


def load_rules(text: str) -> tuple[Sequence[Mapping[str, Any]], RuleLines]:
    """The list under `rules:`, unchecked. Raises UsageError with the line of a mistake."""
    # Imported when rules are typed: the stored ones need no YAML.
    import yaml

    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"the mapping has {len(text)} characters; at most {MOST_CHARACTERS} are read")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        _refuse_repeated(node, set())
        loaded = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        where = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise UsageError(f"the mapping is not valid YAML{where}: {error.problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # ValueError: a day that no calendar has.
        raise UsageError(f"the mapping is not valid YAML: {' '.join(str(error).split())}") from None
    if loaded is None or loaded == {"rules": None}:
        return (), RuleLines()
    if not isinstance(loaded, dict) or set(loaded) != {"rules"} or not isinstance(loaded["rules"], list):
        raise UsageError("the mapping must hold one key `rules` with a list below it: `- when: … set: …`")
    return loaded["rules"], RuleLines(_find_lines(node))


def _refuse_repeated(node: Any, seen: set[int]) -> None:
    """YAML keeps the last of two equal keys and says nothing: a condition would be lost."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    children = node.value if isinstance(node.value, list) else []
    keys: set[str] = set()
    for child in children:
        pair = child if isinstance(child, tuple) else (child,)
        name = pair[0].value if len(pair) > 1 else None
        if isinstance(name, str):
            if name in keys:
                line = pair[0].start_mark.line + 1
                raise UsageError(
                    f"the mapping says {name!r} twice, line {line}; put several words into a list"
                )
            keys.add(name)
        for one in pair:
            _refuse_repeated(one, seen)


def _find_lines(node: Any) -> tuple[int, ...]:
    """Line of each rule, from 1."""
    rules = next(value for key, value in node.value if key.value == "rules")
    return tuple(rule.start_mark.line + 1 for rule in rules.value)
