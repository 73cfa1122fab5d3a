"""XML of files that strangers wrote: no entities, no network, no huge trees. Used by several parsers."""

import zipfile

from lxml import etree
from lxml.etree import _Element as XmlElement

from ingest.parsers.parser import FileUnreadable

_MOST_BYTES = 100 * 1024 * 1024


def parse_xml(content: bytes) -> XmlElement:
    """The root element. Raises FileUnreadable on declared entities, etree.XMLSyntaxError on damage."""
    head = content.replace(b"\x00", b"")
    if b"<!ENTITY" in head:
        raise FileUnreadable("declares XML entities; it was not read")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(content, parser=parser)


def read_part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """The bytes of one part; None when the archive has none of that name."""
    try:
        part = archive.getinfo(name)
    except KeyError:
        return None
    if part.file_size > _MOST_BYTES:
        raise FileUnreadable(
            f"holds a part of {part.file_size // 2**20} MB; the limit is {_MOST_BYTES // 2**20} MB"
        )
    if part.flag_bits & 1:
        raise FileUnreadable("is password-protected; save it without a password")
    return archive.read(part)


def get_name(element: XmlElement) -> str:
    """The element's name without its namespace; empty for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def get_value(element: XmlElement, name: str) -> str:
    """The attribute of that name, whatever its namespace; empty when there is none."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""
