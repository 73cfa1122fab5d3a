"""The legal brief from code: every connection that the product can make, and whether these settings switch it on."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from core.egress import CONNECTIONS, SILENCE, Connection
from core.settings import Settings


def list_connections(settings: Settings, sources: Iterable[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Each connection with `is_on` and the address that settings and added sources give it."""
    embeds_elsewhere = settings.embedder == "endpoint"
    is_postgres = (settings.database_url or "").startswith("postgresql")
    addresses = {
        "Slack": _without_secrets(settings.slack_api_url) if settings.slack_bot_token else None,
        "Language model": _without_secrets(settings.llm_url),
        "Embedding endpoint": _without_secrets(settings.embedder_url) if embeds_elsewhere else None,
        "Reranker endpoint": _without_secrets(settings.reranker_url),
        "Qdrant server": _without_secrets(settings.qdrant_url),
        "PostgreSQL": _without_secrets(settings.database_url) if is_postgres else None,
        "Sources": _list_addresses(sources),
        "Trace collector": _without_secrets(settings.otlp_url),
        "Local socket": str(settings.home),
    }
    return [_describe(connection, addresses[connection.name]) for connection in CONNECTIONS]


def _list_addresses(sources: Iterable[Mapping[str, Any]]) -> str | None:
    """`wiki at https://…`, joined; None where every source is a folder."""
    elsewhere = [one for one in sources if one["type"] != "folder"]
    said = [f"{one['name']} at {_find_address(one)}" for one in elsewhere]
    return ", ".join(said) or None


def _find_address(source: Mapping[str, Any]) -> str:
    address = _without_secrets(source.get("api-url") or source.get("url"))
    return address or str(source.get("reader") or "https://www.googleapis.com")


def render_data_flow(connections: list[dict[str, Any]]) -> str:
    """The brief as text."""
    lines = ["Every connection that onbrand can make. Anything else is a defect.", ""]
    for one in connections:
        state = f"ON, {one['address']}" if one["is_on"] else "off"
        lines += [
            f"{one['name']}: {state}",
            f"  to      {one['destination']}",
            f"  data    {one['data']}",
            f"  why     {one['reason']}",
            f"  switch  {one['switch']}",
            f"  leaves the company: {'yes' if one['leaves_company'] else 'no'}",
            "",
        ]
    switches = ", ".join(f"{name}={value}" for name, value in SILENCE.items())
    return "\n".join([*lines, f"Telemetry of libraries is switched off before they are imported: {switches}"])


def _describe(connection: Connection, address: str | None) -> dict[str, Any]:
    return {
        "name": connection.name,
        "is_on": address is not None,
        "address": address,
        "destination": connection.destination,
        "data": connection.data,
        "reason": connection.reason,
        "switch": connection.switch,
        "leaves_company": connection.leaves_company,
    }


def _without_secrets(url: str | None) -> str | None:
    """Scheme, host, port and path: credentials and what follows a `?` are left out."""
    if url is None:
        return None
    parts = urlsplit(url)
    hidden = "…@" if "@" in parts.netloc else ""
    return f"{parts.scheme}://{hidden}{parts.netloc.rpartition('@')[2]}{parts.path}"
