"""A LlamaIndex reader behind the contract of connectors; its material is a JSON file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from core.access import OPEN_TO_ALL
from core.sources import Source

_NO_REQUESTS = "how a reader asks its service is its own affair; what it raises ends the listing"
_NO_READERS = "a reader tells of texts, never of who may read them"


class LlamahubKit:
    """Documents have ids of their own; a reader that fails gives no listing."""

    LACKS: ClassVar[Mapping[str, str]] = {
        "narrow": _NO_READERS,
        "expire": _NO_REQUESTS,
        "lose_page": _NO_REQUESTS,
        "storm": _NO_REQUESTS,
    }

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True)
        self._place = home / "stored.json"
        self._documents: dict[str, dict[str, Any]] = {}
        self._removed: dict[str, dict[str, Any]] = {}
        options = {
            "reader": "tests.fakes.sample_reader:StoredReader",
            "arguments": json.dumps({"place": str(self._place)}),
        }
        self.secrets: Mapping[str, str] = {}
        self.source = Source(
            "kit", "llamahub", options, status="approved", access=OPEN_TO_ALL, on_change="auto_approve"
        )

    def add(self, name: str, words: str) -> None:
        metadata = {"file_path": f"{name}.md"}
        self._documents[name] = {
            "id": f"id of {name}",
            "text": f"# {name}\n\n{words}\n",
            "metadata": metadata,
        }
        self._store()

    def change(self, name: str, words: str) -> None:
        self._documents[name]["text"] = f"# {name}\n\n{words}\n"
        self._store()

    def move(self, name: str) -> None:
        self._documents[name]["metadata"] = {"file_path": f"moved/{name}.md"}
        self._store()

    def rename(self, name: str, new: str) -> None:
        self._documents[new] = self._documents.pop(name)
        self._documents[new]["metadata"] = {"file_path": f"{new}.md"}
        self._store()

    def remove(self, name: str) -> None:
        self._removed[name] = self._documents.pop(name)
        self._store()

    def restore(self, name: str) -> None:
        self._documents[name] = self._removed.pop(name)
        self._store()

    def narrow(self, name: str) -> None:
        raise NotImplementedError

    def widen(self, name: str) -> None:
        raise NotImplementedError

    def expire(self, after: int) -> None:
        raise NotImplementedError

    def lose_page(self) -> None:
        raise NotImplementedError

    def storm(self) -> None:
        raise NotImplementedError

    def mend(self) -> None:
        """Nothing breaks."""

    def count_fetches(self) -> int:
        return 0

    def close(self) -> None:
        """Nothing runs."""

    def _store(self) -> None:
        self._place.write_text(json.dumps(list(self._documents.values())), encoding="utf-8")
