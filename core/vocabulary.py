"""The words of all passages: added to by every sync, read to correct a question. Never shown to anybody."""

import re
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from core.database import Database
from core.tables import vocabulary

# Letters with dots or hyphens inside: "cloud.gov" is a word that may be misspelt.
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[.-](?=[^\W\d_]))*")
SHORTEST, LONGEST = 4, 40


def list_words(text: str) -> set[str]:
    """The words of a text that are worth correcting to, in lower case."""
    return {word for word in (one.lower() for one in WORD.findall(text)) if SHORTEST <= len(word) <= LONGEST}


class Vocabulary:
    """Remembers words. Words of removed documents stay: they only help to read a question."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: set[str] = set()

    def add(self, texts: Iterable[str]) -> None:
        """Add the words of passages that have been indexed."""
        words = set().union(*(list_words(text) for text in texts)) - self._known
        if not words:
            return
        with self._database.write() as connection:
            insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            connection.execute(
                insert(vocabulary).on_conflict_do_nothing(), [{"word": word} for word in sorted(words)]
            )
        self._known |= words

    def count(self) -> int:
        """How many words there are: a cheap sign that there are new ones."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(vocabulary)).scalar_one()

    def read(self) -> frozenset[str]:
        """All words."""
        with self._database.read() as connection:
            return frozenset(connection.execute(select(vocabulary.c.word)).scalars())
