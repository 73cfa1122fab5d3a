"""Misspelt words of a question are put right, and nothing else is touched."""

from dataclasses import dataclass

import pytest

from index.spelling import Spelling

WORDS = frozenset(
    ["weaknesses", "savings", "shorten", "shorter", "security", "cloud.gov", "pelmarrow", "record", "quote"]
)


@dataclass
class FixedWords:
    words: frozenset[str] = WORDS
    reads: int = 0

    def count(self) -> int:
        return len(self.words)

    def read(self) -> frozenset[str]:
        self.reads += 1
        return self.words


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("weaknesess of them??", "weaknesses of them??"),
        ("any savins?", "any savings?"),
        ("Pelmarow secuirty", "pelmarrow security"),
        ("on clod.gov plz", "on cloud.gov plz"),
        ("shorten it", "shorten it"),
        ("recolor the logo", "recolor the logo"),
        ("e.g. U.S. don't", "e.g. U.S. don't"),
        ("qote", "quote"),
        ("zzzzzz Übung 日本語 😀 v2.1 #FF0044", "zzzzzz Übung 日本語 😀 v2.1 #FF0044"),
        ("", ""),
    ],
)
def test_only_words_one_or_two_slips_away_are_put_right(asked: str, read: str) -> None:
    assert Spelling(FixedWords()).correct(asked) == read


def test_words_are_read_again_only_when_there_are_new_ones() -> None:
    words = FixedWords()
    spelling = Spelling(words)
    assert spelling.correct("obrendda") == "obrendda"
    assert spelling.correct("savins") == "savings"
    assert words.reads == 1
    words.words |= {"obrenda"}
    assert spelling.correct("obrendda") == "obrenda"
    assert words.reads == 2
