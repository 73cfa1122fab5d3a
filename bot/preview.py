"""Shows a conversation as Slack would, as one self-contained HTML page: no script, no outside asset.

Called by `onbrand demo` and by tests that look at what the bot would post.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from string import Template
from typing import Any

from bot.preview_blocks import render_blocks
from bot.preview_style import PAGE_STYLE
from bot.preview_text import render_mrkdwn

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>$title</title>
<style>$style</style>
</head>
<body>
<main>
<h1>$title</h1>
<ol class="thread">
$messages
</ol>
</main>
</body>
</html>
""")
_MESSAGE = Template("""<li class="message$kind">
<div class="avatar hue$hue" aria-hidden="true">$initials</div>
<article>
<p class="by"><b>$author</b>$badge<time>$at</time></p>
$content
</article>
</li>""")


@dataclass(frozen=True, slots=True)
class PreviewMessage:
    """One message: `text` is mrkdwn and shown when there are no `blocks`; `at` is printed as it is."""

    author: str
    is_app: bool
    text: str
    blocks: Sequence[Mapping[str, Any]] = ()
    at: str = ""


def render_preview(messages: Sequence[PreviewMessage], *, title: str) -> str:
    """Render a page; the first message opens the thread, the others reply. Everything is escaped."""
    parts = [_render_message(message, is_reply=number > 0) for number, message in enumerate(messages)]
    if len(parts) > 1:
        count = len(parts) - 1
        parts.insert(1, f'<li class="replies">{count} {"reply" if count == 1 else "replies"}</li>')
    return _PAGE.substitute(title=escape(title), style=PAGE_STYLE, messages="\n".join(parts))


def _render_message(message: PreviewMessage, *, is_reply: bool) -> str:
    plain = f'<div class="text">{render_mrkdwn(message.text)}</div>'
    content = render_blocks(message.blocks) if message.blocks else plain
    return _MESSAGE.substitute(
        kind=" reply" if is_reply else "",
        hue="app" if message.is_app else str(sum(map(ord, message.author)) % 5),
        initials=escape(_build_initials(message.author)),
        author=escape(message.author),
        badge=' <span class="badge">APP</span>' if message.is_app else "",
        at=escape(message.at),
        content=content,
    )


def _build_initials(author: str) -> str:
    words = author.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"
