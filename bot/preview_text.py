"""Slack's mrkdwn and markdown as safe HTML for the preview. Called by preview.py and preview_blocks.py."""

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Final

EMOJI: Final = {
    "white_check_mark": "✅",
    "heavy_check_mark": "✔️",
    "x": "❌",
    "warning": "⚠️",
    "no_entry": "⛔",
    "mag": "🔍",
    "bulb": "💡",
    "lock": "🔒",
    "link": "🔗",
    "page_facing_up": "📄",
    "speech_balloon": "💬",
    "hourglass_flowing_sand": "⏳",
    "thumbsup": "👍",
    "+1": "👍",
    "thumbsdown": "👎",
    "-1": "👎",
    "large_green_circle": "🟢",
    "large_yellow_circle": "🟡",
    "red_circle": "🔴",
    "information_source": "ℹ️",
    "pencil2": "✏️",
    "wave": "👋",
    "shield": "🛡️",
}
_ENTITIES: Final = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_FENCE: Final = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_CODE: Final = re.compile(r"`([^`\n]+)`")
_TOKEN: Final = re.compile(r"<([^<>]+)>")
_EMOJI: Final = re.compile(r":([a-z0-9_+-]+):")
_MARKDOWN_LINK: Final = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
_MARKDOWN_HEADING: Final = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
_MARKDOWN_BULLET: Final = re.compile(r"^( *)[-*] +", re.MULTILINE)
_SLOT: Final = re.compile("\ue000(\\d+)\ue001")


class _Slots:
    """Finished pieces of HTML, out of reach of the later steps until they are put back."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def keep(self, piece: str) -> str:
        self._pieces.append(piece)
        return f"\ue000{len(self._pieces) - 1}\ue001"

    def restore(self, text: str) -> str:
        while _SLOT.search(text):
            text = _SLOT.sub(lambda match: self._pieces[int(match[1])], text)
        return text


def unescape_mrkdwn(text: str) -> str:
    """Undo Slack's three escapes, once."""
    return re.sub("&(?:amp|lt|gt);", lambda match: _ENTITIES[match[0]], text)


def render_link(url: str, label: str) -> str:
    """Render an anchor for an https address; anything else stays plain text. Both arguments are raw text."""
    if not url.startswith("https://"):
        return escape(label)
    return f'<a href="{escape(url)}" rel="noreferrer">{escape(label)}</a>'


def render_plain(text: str) -> str:
    """Render plain text: escaped, with emoji and line breaks."""
    return _render_emoji(escape(text)).replace("\n", "<br>")


def render_mrkdwn(text: str) -> str:
    """Render Slack's mrkdwn."""
    return _render(text, _render_slack_inline)


def render_markdown(text: str) -> str:
    """Render the small part of Markdown that a markdown block is likely to hold."""
    return _render(text, _render_markdown_inline)


def render_style(text: str, style: Mapping[str, object]) -> str:
    """Wrap finished HTML in the styles of a rich text part."""
    for name, tag in (("code", "code"), ("strike", "s"), ("italic", "em"), ("bold", "b")):
        if style.get(name):
            text = f"<{tag}>{text}</{tag}>"
    return text


def _render(text: str, render_inline: Callable[[str, _Slots], str]) -> str:
    # Three private characters mark slots and quoted lines: they may not come from outside.
    text = re.sub("[\ue000-\ue002]", "", text)
    slots = _Slots()
    text = _FENCE.sub(lambda match: slots.keep(f"<pre>{_escape(match[1])}</pre>"), text)
    text = _CODE.sub(lambda match: slots.keep(f"<code>{_escape(match[1])}</code>"), text)
    text = render_inline(text, slots)
    return slots.restore(_render_lines(text))


def _escape(text: str) -> str:
    return escape(unescape_mrkdwn(text))


def _render_slack_inline(text: str, slots: _Slots) -> str:
    text = _TOKEN.sub(lambda match: slots.keep(_render_token(match[1])), text)
    return _render_marks(text, (("*", "b"), ("_", "em"), ("~", "s")))


def _render_markdown_inline(text: str, slots: _Slots) -> str:
    text = _MARKDOWN_LINK.sub(lambda match: slots.keep(render_link(match[2], match[1])), text)
    text = _MARKDOWN_BULLET.sub(r"\1• ", text)
    text = _MARKDOWN_HEADING.sub(r"**\1**", text)
    return _render_marks(text, (("**", "b"), ("*", "em"), ("_", "em"), ("~~", "s")))


def _render_marks(text: str, marks: tuple[tuple[str, str], ...]) -> str:
    """Escape text and turn paired marks at word edges into tags."""
    # Slack reads the quote mark at the start of a line in both forms, raw and escaped.
    text = re.sub(r"^(?:>|&gt;)", "\ue002", text, flags=re.MULTILINE)
    text = _escape(text)
    for mark, tag in marks:
        sign = re.escape(mark)
        pattern = rf"(?<![\w{sign}]){sign}(?=\S)([^\n]*?\S){sign}(?![\w{sign}])"
        text = re.sub(pattern, rf"<{tag}>\1</{tag}>", text)
    return _render_emoji(text)


def _render_token(token: str) -> str:
    target, _, label = token.partition("|")
    target, label = unescape_mrkdwn(target), unescape_mrkdwn(label)
    if target.startswith(("@", "#", "!")):
        shown = label or target[1:].partition("^")[0]
        sign = "#" if target.startswith("#") else "" if target.startswith("!date") else "@"
        return f'<span class="mention">{sign}{escape(shown)}</span>'
    return render_link(target, label or target)


def _render_emoji(text: str) -> str:
    return _EMOJI.sub(lambda match: EMOJI.get(match[1], match[0]), text)


def _render_lines(text: str) -> str:
    """Join lines with breaks and gather neighbouring quoted lines in one quotation."""
    parts: list[str] = []
    quoted: list[str] = []
    for line in [*text.split("\n"), None]:
        if line is not None and line.startswith("\ue002"):
            quoted.append(line[1:].lstrip())
            continue
        if quoted:
            parts.append(f"<blockquote>{'<br>'.join(quoted)}</blockquote>")
            quoted = []
        if line is not None:
            parts.append(line)
    return re.sub(r"<br>(?=<blockquote>)|(?<=</blockquote>)<br>", "", "<br>".join(parts))
