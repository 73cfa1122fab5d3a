"""Somebody who searches all the time while workers are killed, and notes whatever nobody may ever see."""

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Self

from sqlalchemy import select

from core.clock import pause
from core.database import Database
from core.errors import OnbrandError
from core.tables import documents
from tests.faults.crash_corpus import SAID

READER = "reader@pelmarrow.example"
MOST = 40

Search = Callable[[dict[str, Any]], dict[str, Any]]


class Reader:
    """Searches for the words of documents until it is stopped. `wrong` says in words what was seen and when."""

    def __init__(self, database: Database, search: Search, words: Sequence[str], seed: int) -> None:
        self.wrong: list[str] = []
        self.asked = self.whole = self.nothing = self.unanswered = 0
        self._database, self._search, self._words = database, search, words
        self._random = Random(seed)
        self._editions: defaultdict[str, int] = defaultdict(int)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._read_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._thread.join(30)

    def __str__(self) -> str:
        return (
            f"{self.asked} searches: {self.whole} saw a whole revision, {self.nothing} nothing of it, "
            f"{self.unanswered} found nobody; {len(self.wrong)} saw what they may not"
        )

    def _read_on(self) -> None:
        while not self._stopping.is_set():
            try:
                self._look(self._random.choice(self._words))
            except OnbrandError:
                self.unanswered += 1
            except Exception as error:  # noqa: BLE001 - whatever it is, nobody who searches may see it
                self.wrong.append(f"a search broke: {error!r}")

            # Others want the interpreter too: all but a moment of the time is spent asking.
            pause(0.002)

    def _look(self, word: str) -> None:
        was_silent = self._is_silent(word)
        arguments = {"question": word, "limit": MOST, "as": READER}
        texts = "\n".join(one["text"] for one in self._search(arguments)["results"])
        self.asked += 1
        seen = {found for found in SAID.findall(texts) if found[0] == word}
        if not seen:
            self.nothing += 1
            return
        editions = {int(edition) for *_, edition in seen}
        if was_silent and self._is_silent(word):
            self.wrong.append(f"{word} was removed or narrowed, and was seen: {sorted(seen)}")
        elif len(editions) > 1 or len(seen) != int(next(iter(seen))[2]):
            self.wrong.append(f"{word} was seen in part or mixed: {sorted(seen)}")
        elif max(editions) < self._editions[word]:
            self.wrong.append(f"{word} was seen in edition {editions} after {self._editions[word]}")
        else:
            self.whole += 1
        self._editions[word] = max(*editions, self._editions[word])

    def _is_silent(self, word: str) -> bool:
        query = select(documents).where(documents.c.title == f"About {word}")
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return bool(rows) and all(
            row.removed_at is not None or row.access == [["group:sales"]] for row in rows
        )
