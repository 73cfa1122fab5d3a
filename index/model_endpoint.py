"""An endpoint that serves one model, and how its answers are read. Used by endpoint_embedder.py and reranker.py."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class ModelEndpoint:
    """Address, model id and key; the key never shows."""

    url: str
    model: str
    key: str | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """Host and port, for messages: an address may hold a password."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


def list_batches(texts: Sequence[str], *, most_texts: int, most_characters: int) -> Iterator[list[str]]:
    """The texts in order, cut into batches; a text longer than `most_characters` is a batch of its own."""
    batch: list[str] = []
    characters = 0
    for text in texts:
        if batch and (len(batch) == most_texts or characters + len(text) > most_characters):
            yield batch
            batch, characters = [], 0
        batch.append(text)
        characters += len(text)
    if batch:
        yield batch


def make_readable(text: str) -> str:
    """Half a surrogate pair, as broken exports hold it, cannot be sent: it becomes "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")


def read_indexed(content: bytes, list_name: str, value_name: str, *, expected: int) -> list[Any]:
    """Values of `{list_name: [{"index": i, value_name: …}, …]}` in the order of `index`.

    Raises ValueError with a reason when they are not exactly `expected` ones, each index once.
    """
    values: dict[int, Any] = {}
    items = _read_items(content, list_name)
    for item in items:
        index = item.get("index") if isinstance(item, Mapping) else None
        if not isinstance(index, int) or isinstance(index, bool) or value_name not in item:
            raise ValueError(f"an item without `index` or `{value_name}`")
        values[index] = item[value_name]
    if len(items) != expected:
        raise ValueError(f"{len(items)} items for {expected} texts")
    if values.keys() != set(range(expected)):
        raise ValueError("an index is missing, twice or out of range: what belongs to which text is unknown")
    return [values[index] for index in range(expected)]


def read_retry_after(header: str | None) -> float | None:
    """Seconds of a Retry-After header; None when there is none, or one that names a moment."""
    try:
        seconds = float(header or "")
    except ValueError:
        return None
    return seconds if 0 < seconds < float("inf") else None


def _read_items(content: bytes, list_name: str) -> list[Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("an answer that is not JSON") from None
    items = answer.get(list_name) if isinstance(answer, Mapping) else None
    if not isinstance(items, list):
        raise ValueError(f"an answer without a list `{list_name}`")  # noqa: TRY004 - one kind of failure
    return items
