"""A LlamaIndex reader whose material is a JSON file, and some that go wrong. Named by tests as a source's `reader`."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from llama_index.core.readers.base import BaseReader
from llama_index.core.schema import Document


class StoredReader(BaseReader):
    """Gives what stands in the file `place`: a list of objects with `text`, `metadata` and perhaps `id`."""

    def __init__(self, place: str, token: str = "") -> None:
        self._place, self._token = Path(place), token

    def lazy_load_data(self, *_: Any, **load: Any) -> Iterable[Document]:
        loads = self._place.with_suffix(".loads")
        loads.write_text(loads.read_text() + "x" if loads.exists() else "x")
        stored = json.loads(self._place.read_text(encoding="utf-8"))
        if stored == "fail":
            raise RuntimeError(f"the service refused the token {self._token}")
        for one in stored[: load.get("most")]:
            more = {"id_": one["id"]} if "id" in one else {}
            yield Document(text=one["text"], metadata=one.get("metadata", {}), **more)


class RefusingReader(BaseReader):
    """Cannot be made."""

    def __init__(self, token: str) -> None:
        raise PermissionError(f"{token} is not allowed here")


class LeavingReader(BaseReader):
    """Would end the whole process."""

    def load_data(self, *_: Any, **__: Any) -> list[Document]:
        raise SystemExit("bye")


class CarelessReader(BaseReader):
    """Gives something else than Documents."""

    def load_data(self, *_: Any, **__: Any) -> list[Document]:
        return [{"text": "no document"}]  # type: ignore[list-item]


class NoReader:
    """Is none, whatever its name."""
