"""A folder of small documents whose every passage says which document, part and edition it is. For tests of crashes."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprst" for vowel in "aou"]
SAID = re.compile(r"(\w+) part (\d) of (\d), edition (\d+)")
NARROW = "---\naccess: group:sales\n---\n"


@dataclass(frozen=True)
class Written:
    """One document as it lies in the folder."""

    word: str
    path: str
    edition: int = 1
    is_narrow: bool = False

    def render(self) -> str:
        parts = 3 if self.edition % 2 else 2
        sections = [
            f"## {name}\n\nThe {self.word} part {part} of {parts}, edition {self.edition}. We keep our promise.\n"
            for part, name in enumerate(("Promise", "Reason", "Proof")[:parts], start=1)
        ]
        return (NARROW if self.is_narrow else "") + f"# About {self.word}\n\n" + "\n".join(sections)


@dataclass
class Corpus:
    """The folder; its rounds of changes come from the seed alone, so that two folders go the same way."""

    folder: Path
    count: int = 300
    documents: list[Written] = field(default_factory=list)
    touched: int = 0
    """Files whose bytes or path were changed by the last round and that are still there."""

    def fill(self) -> None:
        """Write every document in its first edition."""
        self.documents = [
            Written(word, f"part{n % 7}/{word}.md") for n, word in enumerate(name_words(self.count))
        ]
        for one in self.documents:
            self._write(one)
        self.touched = self.count

    def change(self, seed: int) -> None:
        """One in three gets a new edition, and a few each are removed, moved and narrowed (or opened again)."""
        random = Random(seed)
        chosen = random.sample(range(len(self.documents)), len(self.documents) // 3 + 24)
        removed, moved, narrowed, changed = chosen[:8], chosen[8:16], chosen[16:24], chosen[24:]
        for place in moved:
            old = self.documents[place]
            self._remove(old)
            self._put(place, replace(old, path=f"moved{seed}/{old.word}.md"))
        for place in narrowed:
            self._put(place, replace(self.documents[place], is_narrow=not self.documents[place].is_narrow))
        for place in changed:
            self._put(place, replace(self.documents[place], edition=self.documents[place].edition + 1))
        for place in removed:
            self._remove(self.documents[place])
        self.documents = [one for place, one in enumerate(self.documents) if place not in set(removed)]
        self.touched = len(moved) + len(narrowed) + len(changed)

    def _put(self, place: int, document: Written) -> None:
        self.documents[place] = document
        self._write(document)

    def _write(self, document: Written) -> None:
        path = self.folder / document.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document.render())

    def _remove(self, document: Written) -> None:
        (self.folder / document.path).unlink()


def name_words(count: int) -> list[str]:
    """So many words that resemble each other little and that no stemmer shortens."""
    size = len(SYLLABLES)
    places = [(7 * n) % size**3 for n in range(1, count + 1)]
    return [
        "zx" + "".join(SYLLABLES[(place // size**digit) % size] for digit in range(3)) + "x"
        for place in places
    ]
