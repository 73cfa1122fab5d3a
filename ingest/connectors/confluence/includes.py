"""Which pages a page includes and whom it mentions. Pure; used by listing.py and connector.py."""

import re
from collections.abc import Iterable, Mapping
from html import unescape

Key = tuple[str, str]
"""Space key and title."""
_CODE = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_MACRO = re.compile(
    r"""<ac:structured-macro\b[^>]*\bac:name=["'](?:include|excerpt-include)["'][^>]*>(.*?)</ac:structured-macro>""",
    re.DOTALL,
)
_TARGET = re.compile(r"<ri:page\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""ri:(space-key|content-title)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_MENTION = re.compile(r"""<ri:user\b[^>]*\bri:(?:account-id|userkey|username)\s*=\s*["']([^"']+)["']""")
# A page that includes a page that includes a page …: beyond this it stays a link.
MOST_INCLUDES = 20


def find_includes(storage: str, *, space: str) -> tuple[Key, ...]:
    """Targets of `include` and `excerpt-include` in the order of the page; `space` is the page's own."""
    found: dict[Key, None] = {}
    for inside in _MACRO.findall(_CODE.sub("", storage)):
        target = _TARGET.search(inside)
        if target is None:
            continue
        values = {name: unescape(one or other) for name, one, other in _ATTRIBUTE.findall(target[1])}
        if values.get("content-title"):
            found[values.get("space-key") or space, values["content-title"]] = None
    return tuple(found)


def find_mentions(bodies: Iterable[str]) -> tuple[str, ...]:
    """Ids of the people that are mentioned, each once."""
    found: dict[str, None] = {}
    for body in bodies:
        found.update(dict.fromkeys(unescape(one) for one in _MENTION.findall(_CODE.sub("", body))))
    return tuple(found)


def collect_includes(page_id: str, direct: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Everything that a page includes, itself or through what it includes, without the page."""
    found: list[str] = []
    waiting = list(direct.get(page_id, ()))
    while waiting and len(found) < MOST_INCLUDES:
        one = waiting.pop(0)
        if one != page_id and one not in found:
            found.append(one)
            waiting += direct.get(one, ())
    return tuple(sorted(found))
