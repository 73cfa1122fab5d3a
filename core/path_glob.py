"""Globs over paths inside a source: the one reading of `*` and `**`, for sidecars and for trust rules. Pure."""

import re
from functools import cache
from pathlib import PurePosixPath


def matches(glob: str, path: str) -> bool:
    """`*` stays inside a folder, `**` does not; a glob without a slash matches a file name in any folder."""
    subject = path if "/" in glob else PurePosixPath(path).name
    return _compile(glob).fullmatch(subject) is not None


@cache
def _compile(glob: str) -> re.Pattern[str]:
    pieces = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    tokens = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    return re.compile("".join(pieces.get(token, re.escape(token)) for token in tokens))
