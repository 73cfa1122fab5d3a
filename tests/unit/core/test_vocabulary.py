"""The words that questions can be corrected to."""

from core.database import Database
from core.vocabulary import Vocabulary, list_words


def test_words_of_a_text_are_those_worth_correcting_to() -> None:
    text = "Cloud.gov's well-known Übung costs $3.50; v2.1, the END. www.x " + "y" * 80
    assert list_words(text) == {"cloud.gov", "well-known", "übung", "costs", "www.x"}


def test_words_are_kept_once_however_often_they_come(database: Database) -> None:
    vocabulary = Vocabulary(database)
    vocabulary.add(["alpha beta", "beta gamma"])
    Vocabulary(database).add(["Gamma delta"])
    assert vocabulary.read() == {"alpha", "beta", "gamma", "delta"}
    assert vocabulary.count() == 4


def test_nothing_to_add_is_no_write(database: Database) -> None:
    Vocabulary(database).add(["a an the", ""])
    assert Vocabulary(database).count() == 0
