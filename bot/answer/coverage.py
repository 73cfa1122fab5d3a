"""The question's words held against found passages: which are there, and how telling each is.

Pure; used by bot/answer/refusal.py and bot/answer/passages.py.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

from rapidfuzz.distance import OSA

from bot.answer.word_lists import FRAME_WORDS, MEANING_OF
from bot.answer.words import list_content_words, list_meaning_words, read_stem
from index.search import FoundPassage

ALMOST = 0.9
FRAME_WEIGHT = 0.4
SHORTEST_FUZZY, SHORTEST_PREFIX, SHORTEST_SOUND = 4, 5, 7
LONG_NUMBER = 3
SHOUTED_SHARE = 0.6
"""Where more of the words than this begin with a capital letter, capitals say nothing about names."""

_SAME_SOUND = str.maketrans("eiouyz", "aaaaas")
_COLOUR_NAME = re.compile(
    r"\b(?:red|blue|green|yellow|orange|purple|violet|pink|brown|black|white|gr[ae]y|teal|amber|navy|turquoise|beige"
    r"|gold|silver|cyan|magenta|maroon|olive|indigo)\b|#[0-9a-f]{3,8}\b",
    re.IGNORECASE,
)
_COLOUR_STEMS = frozenset(list_content_words("colour"))
_WORD = re.compile(r"[A-Za-z0-9#][\w'’&.-]*")


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A found passage as stems: of its title and headings, and of each sentence of its window in reading order."""

    found: FoundPassage
    headings: frozenset[str]
    sentences: tuple[str, ...]
    words: tuple[frozenset[str], ...]

    @property
    def everything(self) -> frozenset[str]:
        """All stems of the passage."""
        return self.headings.union(*self.words)


@dataclass(frozen=True, slots=True)
class AskedWord:
    """One meaning word of a question: the stems that count as it (none when no passage has it), and its weight."""

    forms: frozenset[str]
    credit: float
    weight: float
    is_name: bool


def read_passage(found: FoundPassage) -> ReadPassage:
    """Split a found passage into sentences and stems."""
    sentences = _list_sentences(found)
    headings = frozenset(list_content_words(_join_headings(found)))
    return ReadPassage(found, headings, sentences, tuple(map(_read_sentence, sentences)))


# The same sentences are found for every question, and each is read several times on the way to an answer.
@lru_cache(maxsize=8192)
def _read_sentence(sentence: str) -> frozenset[str]:
    return frozenset(list_content_words(sentence)) | _name_attributes(sentence)


def _name_attributes(sentence: str) -> frozenset[str]:
    """What a value is a value of: "painted teal" speaks of a colour without the word."""
    return _COLOUR_STEMS if _COLOUR_NAME.search(sentence) else frozenset()


def read_question(question: str, passages: Sequence[ReadPassage]) -> tuple[AskedWord, ...]:
    """The question's meaning words; one that fewer of the passages have weighs more, one that none has most."""
    texts = [passage.everything for passage in passages]
    vocabulary = frozenset().union(*texts)
    names = {read_stem(word) for word in _list_names(question)}
    # Each stem once; it asks for little only when it is written as one of the frame words.
    written = {read_stem(word): word for word in reversed(list_meaning_words(question))}
    asked = []
    for stem in list_content_words(question):
        forms = _list_forms(stem, vocabulary)
        having = sum(not forms.isdisjoint(text) for text in texts)
        weight = sqrt(log(1 + max(1, len(texts)) / (0.5 + having)))
        weight *= FRAME_WEIGHT if written[stem] in FRAME_WORDS else 1.0
        asked.append(AskedWord(forms, 1.0 if stem in vocabulary else ALMOST, weight, stem in names))
    return tuple(asked)


def share_covered(asked: Sequence[AskedWord], words: frozenset[str]) -> float:
    """The share (0 to 1, by weight) of the asked words that are among `words`."""
    whole = sum(word.weight for word in asked)
    found = sum(word.weight * word.credit for word in asked if not word.forms.isdisjoint(words))
    return found / whole if whole else 0.0


def correct_words(question: str, passages: Iterable[FoundPassage]) -> str:
    """The question with its misspelled words written as the passages write them; names are left alone."""
    vocabulary = frozenset(MEANING_OF).union(*map(_list_written, passages))
    names = _list_names(question)
    for word in list_meaning_words(question):
        if word in vocabulary or word in names or not word.isalpha():
            continue
        meant = _find_meant(word, vocabulary)
        if meant is not None:
            question = re.sub(rf"(?<!\w){word}(?!\w)", meant, question, flags=re.IGNORECASE)
    return question


def _list_forms(stem: str, vocabulary: frozenset[str]) -> frozenset[str]:
    if stem in vocabulary:
        return frozenset((stem,))
    if len(stem) < SHORTEST_PREFIX or any(character.isdigit() for character in stem):
        return frozenset()
    return frozenset(other for other in vocabulary if _is_form(stem, other))


def _is_form(one: str, other: str) -> bool:
    return len(other) >= SHORTEST_PREFIX and (other.startswith(one) or one.startswith(other))


def _find_meant(word: str, vocabulary: frozenset[str]) -> str | None:
    """The word of the vocabulary that this one was meant to be; the first in the alphabet when there are several."""
    return min((other for other in vocabulary if _is_misspelled(word, other)), default=None)


def _is_misspelled(word: str, other: str) -> bool:
    """One letter lost, doubled or swapped inside. Another letter in a place makes another word: price, prize."""
    if min(len(word), len(other)) < SHORTEST_FUZZY or word[0] != other[0] or word[-1] != other[-1]:
        return False
    if abs(len(word) - len(other)) > 1:
        return False
    if len(word) >= SHORTEST_SOUND and word.translate(_SAME_SOUND) == other.translate(_SAME_SOUND):
        return True
    is_likely = len(word) != len(other) or sorted(word) == sorted(other)
    return is_likely and OSA.distance(word, other, score_cutoff=1) == 1


def _list_names(question: str) -> frozenset[str]:
    """Words that begin with a capital letter inside the question, and long ones with digits: never misspellings."""
    words = _WORD.findall(question)
    if sum(word[0].isupper() for word in words) > SHOUTED_SHARE * len(words):
        return frozenset()
    names = [
        word
        for place, word in enumerate(words)
        if (place and word[0].isupper() and word.split("'")[0] != "I")
        or (word[0].isdigit() and len(word) >= LONG_NUMBER)
    ]
    return frozenset(list_meaning_words(" ".join(names)))


def _list_written(found: FoundPassage) -> tuple[str, ...]:
    texts = (_join_headings(found), *_list_sentences(found))
    return tuple(word for text in texts for word in list_meaning_words(text))


def _list_sentences(found: FoundPassage) -> tuple[str, ...]:
    passages = found.window or (found.passage,)
    return tuple(sentence for passage in passages for sentence in passage.sentence_texts())


def _join_headings(found: FoundPassage) -> str:
    return "\n".join((found.document.title, *found.passage.heading_path))
