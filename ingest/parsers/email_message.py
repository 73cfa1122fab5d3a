"""Mails: who wrote when, the body as its reader sees it, attachments by name. Loaded by the registry."""

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import cast

from core.documents import Block, ParsedDocument
from ingest.parsers.clean_text import (
    CELL_JOIN,
    build_block,
    build_document,
    clean_line,
    decode_bytes,
    join_cells,
)
from ingest.parsers.html import parse_html
from ingest.parsers.parser import FileUnreadable, RowMapping
from ingest.parsers.plain_text import parse_plain_text

_HEADERS = ("From", "To", "Subject", "Date")
_SEALED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_UTF8_MARK = b"\xef\xbb\xbf"


def parse_mail(content: bytes, *, rows: RowMapping) -> tuple[ParsedDocument, ...]:
    """One document; its title is the subject."""
    mail = BytesParser(policy=policy.default).parsebytes(content.lstrip())
    if not any(mail.get(name) for name in _HEADERS):
        raise FileUnreadable("has no headers of a mail (From, To, Subject, Date)")
    if mail.get_content_type() in _SEALED:
        raise FileUnreadable("is an encrypted or sealed mail; save its text instead")
    body = _read_body(mail, rows)
    blocks = [*_read_headers(mail), *body.blocks, *_name_attachments(mail)]
    subject = clean_line(str(mail.get("Subject") or ""))
    return (build_document(blocks, title=subject, hidden=body.hidden),)


def _read_headers(mail: EmailMessage) -> Iterator[Block]:
    sender, sent = clean_line(str(mail.get("From") or "")), mail.get("Date")
    moment = getattr(sent, "datetime", None)
    day = clean_line(str(sent or "")) if moment is None else moment.date().isoformat()
    yield build_block("table_row", join_cells(("From", "Date"), (sender, day)))


def _read_body(mail: EmailMessage, rows: RowMapping) -> ParsedDocument:
    """HTML before plain text: it is what a mail program shows, while the other may say something else."""
    part = mail.get_body(preferencelist=("html", "plain"))
    text = "" if part is None else _decode_part(cast(EmailMessage, part))
    if part is None or not any(map(str.isalnum, text)):
        raise FileUnreadable("is a mail without text")
    parse = parse_html if part.get_content_subtype() == "html" else parse_plain_text
    # With its mark, no `charset` inside the page says otherwise.
    (document,) = parse(_UTF8_MARK + text.encode("utf-8", "replace"), rows=rows)
    return document


def _decode_part(part: EmailMessage) -> str:
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    try:
        return content.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError):
        return decode_bytes(content)


def _name_attachments(mail: EmailMessage) -> Iterator[Block]:
    parts = mail.iter_attachments() if mail.is_multipart() else iter(())
    names = (clean_line(part.get_filename() or "") for part in parts)
    kept = [name for name in names if name]
    if kept:
        yield build_block("paragraph", f"Attached: {CELL_JOIN.join(kept)}")
