"""Text of our own making, the same in every run: markdown files for ingest, short texts and questions for search."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

EVERYDAY = (
    "the of and to a in is for that with on as are by this be it from or at an can has not all we have "
    "which more our their when each one new they must will may use also its other time first only after "
    "before between under over same every most any these where than into about no if so but both such "
    "then how what long small large high low open clear plain short full next last good right early late"
)
SUBJECTS = (
    "team brand page market customer product price launch story quote source claim rule word image colour "
    "logo campaign report review partner region office contract service support release version update "
    "account budget channel message headline footer banner email webinar event booth flyer invoice order "
    "delivery storage backup network security privacy consent audit ticket meeting plan target quarter "
    "season supplier warehouse machine sensor battery window garden bridge river harbour engine sample"
)
ACTIONS = (
    "approve publish translate measure compare describe replace remove extend shorten confirm "
    "announce deliver collect protect explain improve prepare adjust record follow check"
)
ENDINGS = ("", "s", "ing", "er", "ed", "able", "less", "ful", "like", "wise")
FORENAMES = ("Nor", "Vel", "Tam", "Ost", "Kir", "Bel", "Dra", "Sul", "Pim", "Hax")
SURNAMES = ("rova", "tide", "mark", "quill", "stone", "field", "wick", "dell", "gate", "loom")


class TextMaker:
    """Draws words by rank, as languages do: few words often, many words seldom. About 1.35 tokens a word."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._words = _list_words()
        weights = 1 / np.arange(2, len(self._words) + 2) ** 0.9
        self._weights = np.cumsum(weights / weights.sum())

    def make_words(self, count: int) -> list[str]:
        """`count` words."""
        places = np.searchsorted(self._weights, self._random.random(count))
        return [self._words[min(place, len(self._words) - 1)] for place in places]

    def make_paragraph(self, words: int) -> str:
        """Sentences of 6 to 24 words, `words` in all."""
        sentences = []
        while words > 0:
            size = min(words, self.draw(6, 25))
            sentences.append(" ".join(self.make_words(size)).capitalize() + ".")
            words -= size
        return " ".join(sentences)

    def make_document(self, words: int) -> str:
        """Markdown with a title, sections of varied length, and a list here and there."""
        return "\n\n".join(self._make_blocks(words))

    def draw(self, low: int, high: int) -> int:
        """A number, `high` excluded."""
        return int(self._random.integers(low, high))

    def _make_blocks(self, words: int) -> Iterator[str]:
        yield f"# {self._make_heading()}"
        while words > 0:
            yield f"## {self._make_heading()}"
            for _ in range(self.draw(1, 4)):
                size = min(self.draw(25, 140), max(words, 10))
                yield self.make_paragraph(size)
                words -= size
            if self.draw(0, 6) == 0:
                yield "\n".join(f"- {self.make_paragraph(12)}" for _ in range(4))
                words -= 48

    def _make_heading(self) -> str:
        return " ".join(self.make_words(self.draw(2, 6))).capitalize()


def write_documents(folder: Path, *, files: int, words: int, seed: int = 7) -> None:
    """Markdown files of varied length (a quarter to seven quarters of the mean), about `words` words in all."""
    maker = TextMaker(seed)
    mean = words // files
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        text = maker.make_document(maker.draw(mean // 4, mean * 7 // 4))
        (folder / f"document-{number:04}.md").write_text(text, encoding="utf-8")


def _list_words() -> list[str]:
    # Everyday words stand at the frequent end; the seldom end grows by endings and invented names.
    stems = [f"{stem}{ending}" for ending in ENDINGS for stem in f"{SUBJECTS} {ACTIONS}".split()]
    names = [first + last for first in FORENAMES for last in SURNAMES]
    figures = [f"{number} %" if number % 2 else str(number * 10) for number in range(1, 60)]
    return [*EVERYDAY.split(), *stems, *names, *figures]
