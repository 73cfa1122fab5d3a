"""Mails: headers, the body that a reader sees, attachments by name."""

from email.message import EmailMessage

import pytest

from core.documents import Block, ParsedDocument
from ingest.parsers.parser import FileUnreadable
from ingest.parsers.registry import parse_file


def _write(body: str = "Use the new mark.", subtype: str = "plain") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ada Byrne <ada@example.com>", "team@example.com"
    mail["Subject"], mail["Date"] = "Logo rules", "Mon, 02 Feb 2026 09:00:00 +0000"
    mail.set_content(body, subtype=subtype)
    return mail


def _parse(mail: EmailMessage | bytes) -> ParsedDocument:
    content = mail if isinstance(mail, bytes) else mail.as_bytes()
    (document,) = parse_file("a.eml", content)
    return document


def test_title_is_the_subject_and_the_first_block_says_who_and_when() -> None:
    document = _parse(_write())
    assert document.title == "Logo rules"
    assert document.blocks == (
        Block("table_row", "From: Ada Byrne <ada@example.com> · Date: 2026-02-02"),
        Block("paragraph", "Use the new mark."),
    )


def test_headers_are_no_metadata_so_that_a_sender_approves_nothing() -> None:
    mail = _write()
    mail["Status"] = "approved"
    assert _parse(mail).metadata == {}


def test_html_body_keeps_headings_lists_and_tables() -> None:
    table = "<table><thead><tr><th>A</th></tr></thead><tr><td>b</td></tr></table>"
    html = f"<h2>Marks</h2><ul><li>One<ul><li>Two</li></ul></li></ul>{table}"
    assert _parse(_write(html, "html")).blocks[1:] == (
        Block("heading", "Marks", 2),
        Block("list_item", "One", 1),
        Block("list_item", "Two", 2),
        Block("table_row", "A: b"),
    )


def test_what_the_mail_program_shows_is_read_and_not_the_other_version() -> None:
    mail = _write("The price list is public.")
    mail.add_alternative("<p>The price list is secret.</p>", subtype="html")
    texts = [block.text for block in _parse(mail).blocks]
    assert "The price list is secret." in texts
    assert "The price list is public." not in texts


def test_hidden_text_of_an_html_mail_is_left_out_and_counted() -> None:
    document = _parse(_write('<p>Seen.</p><p style="display:none">Unseen words</p>', "html"))
    assert "Unseen" not in str(document.blocks)
    assert document.hidden == len("Unseen words")


def test_attachments_are_named_and_not_read() -> None:
    mail = _write()
    mail.add_attachment(b"secret content", maintype="application", subtype="pdf", filename="Guide.pdf")
    mail.add_attachment("words", filename="notes.txt")
    document = _parse(mail)
    assert document.blocks[-1] == Block("paragraph", "Attached: Guide.pdf · notes.txt")
    assert "secret" not in str(document.blocks)


def test_encoded_words_and_other_code_pages_are_decoded() -> None:
    raw = (
        b"From: =?utf-8?q?J=C3=B6rg?= <j@example.com>\r\nSubject: =?iso-8859-1?q?M=E4rz?=\r\n"
        b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nF\xfcr alle.\r\n"
    )
    document = _parse(raw)
    assert (document.title, document.blocks[-1].text) == ("März", "Für alle.")
    assert document.blocks[0].text == "From: Jörg <j@example.com>"


@pytest.mark.parametrize("charset", [b"x-unknown", b"ascii"])
def test_unknown_or_wrong_charset_does_not_lose_the_text(charset: bytes) -> None:
    raw = b"Subject: A\r\nContent-Type: text/plain; charset=" + charset + "\r\n\r\nFür alle.\r\n".encode()
    assert _parse(raw).blocks[-1].text == "Für alle."


def test_charset_written_into_the_page_does_not_spoil_what_the_mail_declares() -> None:
    html = '<html><head><meta charset="iso-8859-1"></head><body><p>Für alle</p></body></html>'
    assert _parse(_write(html, "html")).blocks[-1].text == "Für alle"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"only some words\nand more", "no headers of a mail"),
        (b"Subject: A\r\n\r\n", "a mail without text"),
        (
            b"Subject: A\r\nContent-Type: multipart/encrypted; boundary=b\r\n\r\n--b--\r\n",
            "encrypted or sealed",
        ),
        (b"Subject: A\r\nContent-Type: application/pkcs7-mime\r\n\r\nTUlJ\r\n", "encrypted or sealed"),
    ],
)
def test_mail_that_says_nothing_is_refused_by_name(raw: bytes, words: str) -> None:
    with pytest.raises(FileUnreadable, match=words):
        _parse(raw)
