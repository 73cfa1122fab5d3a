"""Makes pages of storage format for the tests of their parser, and reads them."""

from collections.abc import Sequence
from html import escape

from core.documents import ParsedDocument
from ingest.connectors.confluence.page_file import BodyForm, PageBody, PageFile, build_page_file
from ingest.parsers.confluence_storage import parse_confluence
from ingest.parsers.parser import RowMapping

Row = tuple[str, str, int]


def page_body(
    text: str, *, title: str = "Logo rules", space: str = "MKT", form: BodyForm = "storage"
) -> PageBody:
    return PageBody(id=title, space=space, title=title, text=text, form=form)


def parse_page(
    page: PageBody | str, *includes: PageBody, users: Sequence[tuple[str, str]] = ()
) -> ParsedDocument:
    body = page_body(page) if isinstance(page, str) else page
    content = build_page_file(PageFile(body, includes, users))
    (document,) = parse_confluence(content, rows=RowMapping())
    return document


def parse_rows(page: str, **columns: str) -> tuple[ParsedDocument, ...]:
    """The page's documents where columns of its tables are mapped."""
    content = build_page_file(PageFile(page_body(page)))
    return parse_confluence(content, rows=RowMapping(columns))


def list_blocks(
    page: PageBody | str, *includes: PageBody, users: Sequence[tuple[str, str]] = ()
) -> list[Row]:
    return [(one.kind, one.text, one.level) for one in parse_page(page, *includes, users=users).blocks]


def read_text(page: PageBody | str, *includes: PageBody, users: Sequence[tuple[str, str]] = ()) -> str:
    return "\n".join(text for _, text, _ in list_blocks(page, *includes, users=users))


def macro(name: str, body: str = "", /, *, plain: str = "", **parameters: str) -> str:
    stated = "".join(
        f'<ac:parameter ac:name="{key.replace("_", "-")}">{escape(value)}</ac:parameter>'
        for key, value in parameters.items()
    )
    rich = f"<ac:rich-text-body>{body}</ac:rich-text-body>" if body else ""
    text = f"<ac:plain-text-body><![CDATA[{plain}]]></ac:plain-text-body>" if plain else ""
    return (
        f'<ac:structured-macro ac:name="{name}" ac:macro-id="m-1">{stated}{rich}{text}</ac:structured-macro>'
    )


def include(name: str, title: str, *, space: str = "", excerpt: str = "", nopanel: bool = True) -> str:
    key = f' ri:space-key="{space}"' if space else ""
    named = f'<ac:parameter ac:name="name">{excerpt}</ac:parameter>' if excerpt else ""
    panel = '<ac:parameter ac:name="nopanel">true</ac:parameter>' if nopanel else ""
    return (
        f'<ac:structured-macro ac:name="{name}"><ac:parameter ac:name=""><ac:link>'
        f'<ri:page ri:content-title="{title}"{key}/></ac:link></ac:parameter>{named}{panel}</ac:structured-macro>'
    )


def status(title: str) -> str:
    return macro("status", title=title, colour="Green")


def link(inside: str) -> str:
    return f"<ac:link>{inside}</ac:link>"


def page_link(title: str, *, space: str = "MKT") -> str:
    return link(f'<ri:page ri:content-title="{title}" ri:space-key="{space}"/>')


def mention(key: str, value: str) -> str:
    return link(f'<ri:user {key}="{value}"/>')


def table(*rows: str) -> str:
    lines = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table class='wrapped'><colgroup><col/></colgroup><tbody>{lines}</tbody></table>"
