"""Block Kit blocks as HTML for the preview. Called by preview.py; unknown blocks are named, not dropped."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Final

from bot.preview_text import (
    EMOJI,
    render_link,
    render_markdown,
    render_mrkdwn,
    render_plain,
    render_style,
)

Block = Mapping[str, Any]


def render_blocks(blocks: Sequence[Block]) -> str:
    """Render blocks in order."""
    return "\n".join(_render_block(block) for block in blocks)


def _render_block(block: Block) -> str:
    kind = str(block.get("type", ""))
    render = _RENDERERS.get(kind)
    return render(block) if render else f'<p class="unknown">[{escape(kind)} block]</p>'


def _render_text(text: Block | None) -> str:
    if not text:
        return ""
    render = render_mrkdwn if text.get("type") == "mrkdwn" else render_plain
    return render(str(text.get("text", "")))


def _render_section(block: Block) -> str:
    body = f'<div class="text">{_render_text(block["text"])}</div>' if block.get("text") else ""
    if fields := block.get("fields"):
        cells = "".join(f"<div>{_render_text(field)}</div>" for field in fields)
        body += f'<div class="fields">{cells}</div>'
    if accessory := block.get("accessory"):
        return f'<div class="section"><div>{body}</div>{_render_element(accessory)}</div>'
    return body


def _render_header(block: Block) -> str:
    return f"<h2>{_render_text(block.get('text'))}</h2>"


def _render_context(block: Block) -> str:
    parts = (
        _render_element(element)
        if element.get("type") == "image"
        else f"<span>{_render_text(element)}</span>"
        for element in block.get("elements", ())
    )
    return f'<div class="context">{" ".join(parts)}</div>'


def _render_actions(block: Block) -> str:
    return f'<div class="actions">{"".join(map(_render_element, block.get("elements", ())))}</div>'


def _render_element(element: Block) -> str:
    kind = element.get("type")
    if kind == "image":
        return f'<span class="image">🖼 {escape(str(element.get("alt_text", "")))}</span>'
    if kind == "feedback_buttons":
        pair = (element.get("positive_button", {}), element.get("negative_button", {}))
        return "".join(_render_button(_render_text(button.get("text")), "") for button in pair)
    if kind == "overflow":
        return _render_button("⋯", "")
    if kind in {"button", "icon_button"}:
        return _render_button(_render_text(element.get("text")), str(element.get("style", "")))
    return _render_button(_render_text(element.get("placeholder")) or escape(str(kind)), "")


def _render_button(label: str, style: str) -> str:
    known = f" {style}" if style in ("primary", "danger") else ""
    return f'<span class="button{known}">{label}</span>'


def _render_image(block: Block) -> str:
    title = _render_text(block.get("title"))
    caption = f"<figcaption>{title}</figcaption>" if title else ""
    return f'<figure>{caption}<span class="image">🖼 {escape(str(block.get("alt_text", "")))}</span></figure>'


def _render_markdown(block: Block) -> str:
    return f'<div class="text">{render_markdown(str(block.get("text", "")))}</div>'


def _render_table(block: Block) -> str:
    rows = [[_render_cell(cell) for cell in row] for row in block.get("rows", ())]
    columns = [str((setting or {}).get("align", "left")) for setting in block.get("column_settings", ())]
    lines = []
    for number, row in enumerate(rows):
        tag = "td" if number else "th"
        cells = (f"<{tag}{_align(columns, place)}>{cell}</{tag}>" for place, cell in enumerate(row))
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f'<div class="table"><table>{"".join(lines)}</table></div>'


def _align(columns: Sequence[str], place: int) -> str:
    side = columns[place] if place < len(columns) else "left"
    return f' class="{side}"' if side in ("center", "right") else ""


def _render_cell(cell: Block) -> str:
    if cell.get("type") == "rich_text":
        return _render_rich_text(cell)
    return render_plain(str(cell.get("text", "")))


def _render_rich_text(block: Block) -> str:
    """Render rich text; a deeper list that follows a list is set in by its own indent."""
    return "".join(_render_rich(element) for element in block.get("elements", ()))


def _render_rich(element: Block) -> str:
    kind, parts = element.get("type"), element.get("elements", ())
    if kind == "rich_text_list":
        items = "".join(f"<li>{_render_parts(item.get('elements', ()))}</li>" for item in parts)
        tag = "ol" if element.get("style") == "ordered" else "ul"
        indent = min(int(element.get("indent", 0)), 8)
        return f'<{tag} class="indent{indent}">{items}</{tag}>'
    tag = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}.get(str(kind), "p")
    return f"<{tag}>{_render_parts(parts)}</{tag}>"


def _render_parts(parts: Sequence[Block]) -> str:
    return "".join(render_style(_render_part(part), part.get("style") or {}) for part in parts)


def _render_part(part: Block) -> str:
    kind = part.get("type")
    if kind == "text":
        return escape(str(part.get("text", ""))).replace("\n", "<br>")
    if kind == "link":
        url = str(part.get("url", ""))
        return render_link(url, str(part.get("text") or url))
    if kind == "emoji":
        name = str(part.get("name", ""))
        return EMOJI.get(name, f":{escape(name)}:")
    shown = part.get("user_id") or part.get("channel_id") or part.get("range") or part.get("fallback") or kind
    return f'<span class="mention">@{escape(str(shown))}</span>'


def _render_alert(block: Block) -> str:
    return f'<div class="alert">{_render_text(block.get("text"))}</div>'


_RENDERERS: Final[dict[str, Callable[[Block], str]]] = {
    "section": _render_section,
    "header": _render_header,
    "context": _render_context,
    "divider": lambda _: "<hr>",
    "actions": _render_actions,
    "context_actions": _render_actions,
    "image": _render_image,
    "markdown": _render_markdown,
    "table": _render_table,
    "rich_text": _render_rich_text,
    "alert": _render_alert,
}
