"""A folder behind the contract of connectors."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import yaml

from core.access import OPEN_TO_ALL
from core.sources import Source

_NO_REQUESTS = "a folder is read, not asked"


@dataclass(slots=True)
class FolderKit:
    """Readers stand in a sidecar; the trash is a folder beside."""

    LACKS: ClassVar[Mapping[str, str]] = {
        "expire": _NO_REQUESTS,
        "lose_page": _NO_REQUESTS,
        "storm": _NO_REQUESTS,
    }
    home: Path
    source: Source = field(init=False)
    secrets: Mapping[str, str] = field(default_factory=dict)
    _narrowed: set[str] = field(default_factory=set)
    _moved: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        (self.home / "kit").mkdir(parents=True)
        self.source = Source(
            "kit",
            "folder",
            {"path": str(self.home / "kit")},
            status="approved",
            access=OPEN_TO_ALL,
            on_change="auto_approve",
        )

    def add(self, name: str, words: str) -> None:
        self._find(name).write_text(f"# {name}\n\n{words}\n")

    change = add

    def move(self, name: str) -> None:
        old = self._find(name)
        self._moved.add(name)
        self._find(name).parent.mkdir(exist_ok=True)
        old.rename(self._find(name))

    def rename(self, name: str, new: str) -> None:
        self._find(name).rename(self._find(new))

    def remove(self, name: str) -> None:
        shutil.move(self._find(name), self.home / f"{name}.md")

    def restore(self, name: str) -> None:
        shutil.move(self.home / f"{name}.md", self._find(name))

    def narrow(self, name: str) -> None:
        self._narrowed.add(name)
        self._write_sidecar()

    def widen(self, name: str) -> None:
        self._narrowed.discard(name)
        self._write_sidecar()

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

    def _find(self, name: str) -> Path:
        folder = self.home / "kit" / "moved" if name in self._moved else self.home / "kit"
        return folder / f"{name}.md"

    def _write_sidecar(self) -> None:
        files = {f"{name}.md": {"access": "user:ann@pelmarrow.example"} for name in sorted(self._narrowed)}
        (self.home / "kit" / "onbrand.yaml").write_text(yaml.safe_dump({"files": files}))
