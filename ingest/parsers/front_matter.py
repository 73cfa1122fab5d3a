"""YAML between two `---` lines at the top of a text file. Used by the Markdown parser."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from ingest.parsers.clean_text import clean_line

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


class _PlainLoader(yaml.SafeLoader):
    """SafeLoader without aliases: nested ones grow without bound once somebody prints the value."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


def split_front_matter(text: str) -> tuple[Mapping[str, object], str]:
    """(metadata, body). Front matter that is not a YAML mapping stays in the body as a paragraph."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    body = text[match.end() :]
    metadata = _load_mapping(match[1])
    if metadata is None:
        # Left between its dashes, Markdown would read the whole block as one heading.
        return {}, f"{match[1]}\n\n{body}"
    return metadata, body


def _load_mapping(source: str) -> dict[str, object] | None:
    try:
        loaded = yaml.load(source, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader, made stricter
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError):
        return None
    if loaded is None:
        return {}
    return (
        {clean_line(str(key)): _clean(value) for key, value in loaded.items()}
        if isinstance(loaded, dict)
        else None
    )


def _clean(value: object) -> object:
    """YAML has its own way to write what nobody sees, so that it comes in after the text was cleaned."""
    if isinstance(value, str):
        return clean_line(value)
    return [_clean(one) for one in value] if isinstance(value, list) else value
