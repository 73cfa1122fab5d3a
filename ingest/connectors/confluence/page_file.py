"""Builds the page file: what `fetch` gives for a page, and what the parser of `.confluence` files reads.

Its form is described at `build_page_file`; the parser needs nothing else, and asks nobody anything.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lxml import etree

BodyForm = Literal["storage", "view"]
# XML 1.0 holds no other control characters; a page that was made through the API may.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class PageBody:
    """One page with its text. `form` is view where the site could not give the storage form."""

    id: str
    space: str
    title: str
    text: str
    form: BodyForm = "storage"


@dataclass(frozen=True, slots=True)
class PageFile:
    """A page, what it includes (their access already joined into the page's own), and the people it mentions.

    `users` maps what `ri:user` holds (ri:account-id on Cloud, ri:userkey or ri:username on Data Center) to a name.
    """

    page: PageBody
    includes: Sequence[PageBody] = ()
    users: Sequence[tuple[str, str]] = ()


def build_page_file(file: PageFile) -> bytes:
    """The page file as UTF-8 XML.

    Its form (attributes always there unless said otherwise; all bodies are *escaped text*, so `element.text` is the
    body exactly as the site gave it, HTML entities and undeclared `ac:`/`ri:` prefixes included)::

        <onbrand-page format="1" id="4711" space="MKT" title="Page title" body="storage">
          <body>&lt;p&gt;Storage XHTML&lt;/p&gt;</body>   exactly 1
          <include key="MKT/Target title" id="4712" space="MKT" title="Target title" body="storage">
            <body>…</body>                               0 or more: whole bodies of included pages
          </include>
          <user id="557058:abc" name="Display name"/>    0 or more
        </onbrand-page>

    - `body` is "storage" or "view" (rendered HTML, where storage could not be given), of the page and of each include.
    - `key` is SPACE/TITLE. An `include` or `excerpt-include` macro (parameter "" holding `ac:link` > `ri:page`) is
      found by `ri:space-key` and `ri:content-title`; without `ri:space-key` it means the space of the page *that holds
      the macro*, so a macro inside an included body counts from that include's `space`.
    - One include serves both macros: `include` takes the whole body, `excerpt-include` what its `excerpt` macro holds
      (the one that the macro's parameter `name` names, where it has one).
    - A macro whose key has no include stays a link with the target's title: the target is out of reach, or gone.
    - Includes may include each other, also in a circle; each body is there once.
    """
    root = etree.Element("onbrand-page", {"format": "1", **_describe(file.page)})
    etree.SubElement(root, "body").text = _clean(file.page.text)
    for target in file.includes:
        key = f"{target.space}/{target.title}"
        include = etree.SubElement(root, "include", {"key": _clean(key), **_describe(target)})
        etree.SubElement(include, "body").text = _clean(target.text)
    for user_id, name in file.users:
        etree.SubElement(root, "user", id=_clean(user_id), name=_clean(name))
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _describe(page: PageBody) -> dict[str, str]:
    return {
        "id": page.id,
        "space": _clean(page.space),
        "title": _clean(page.title),
        "body": page.form,
    }


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)
