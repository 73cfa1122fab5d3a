"""BM25 vectors of passages and questions, made offline. Called by ingest and by index/search.py."""

import re
from zlib import crc32

from qdrant_edge import Bm25, Bm25Config, SparseVector

from core.errors import UsageError
from index.passage_store import KeywordVector
from index.synonyms import find_synonyms

# Measured from 0 to 1: from 0.55 on questions find rules in other words; docs/decisions/0015.
SYNONYM_WEIGHT = 0.55
AROUND = "\"“”„«»‘()[]{}<>,;:!?·|*_`'"
APOSTROPHES = str.maketrans({"’": "'"})
# No longer than a code or an abbreviation: a web address is none.
TERM = re.compile(r"[\w#%.&+'/-]{2,30}")


class KeywordVectors:
    """Turns text into BM25 vectors of one language. Passages carry term weights, questions 1.0 for a word asked.

    The rarity of a word (IDF) is not in here: the index applies it, over all its passages.
    """

    def __init__(self, language: str = "english", *, average_words: float = 256) -> None:
        """`average_words` is the usual passage length. An unknown language raises UsageError."""
        self.language = language
        try:
            # Folding lets a question without accents find a passage with them.
            config = Bm25Config(language=language, avg_len=average_words, ascii_folding=True)
            self._model = Bm25(config)
        except ValueError as error:
            raise UsageError(
                f"keyword search does not know the language {language!r} ({error}); "
                "use an English language name in lower case, such as 'english' or 'german'"
            ) from error

    def of_passage(self, text: str) -> KeywordVector:
        """Weights grow with a word's count and shrink with the passage's length; exact terms weigh one."""
        return _read_vector(self._model.embed_document(text), find_exact_terms(text))

    def of_question(self, text: str) -> KeywordVector:
        """Empty when the text holds only stop words or signs; such a question has no keyword leg.

        In English, other words for what it names are in it too, at SYNONYM_WEIGHT.
        """
        asked = _read_vector(self._model.embed_query(text), find_exact_terms(text))
        also = " ".join(find_synonyms(text)) if self.language == "english" else ""
        if not also:
            return asked
        other = _read_vector(self._model.embed_query(also), find_exact_terms(also))
        weights = dict.fromkeys(other.indices, SYNONYM_WEIGHT) | dict(
            zip(asked.indices, asked.values, strict=True)
        )
        return KeywordVector(indices=tuple(weights), values=tuple(weights.values()))


def find_exact_terms(text: str) -> frozenset[str]:
    """Terms that a word splitter takes apart or drops: `e.g.`, `v2.1`, `#FF0044`, `38%`, `don't`, `C++`, `24/7`."""
    tokens = (token.strip(AROUND).lower() for token in text.translate(APOSTROPHES).split())
    terms = (token[:-1] if token.endswith(".") and token.count(".") == 1 else token for token in tokens)
    return frozenset(term for term in terms if TERM.fullmatch(term) and _is_mixed(term))


def _is_mixed(term: str) -> bool:
    """Letters or digits together with something else; the words and numbers alone are BM25's own business."""
    return any(one.isalnum() for one in term) and not term.isalpha() and not term.isdigit()


def _read_vector(vector: SparseVector, terms: frozenset[str]) -> KeywordVector:
    weights = dict(zip(vector.indices, vector.values, strict=True))
    weights |= {crc32(f"term {term}".encode()): 1.0 for term in terms}
    return KeywordVector(indices=tuple(weights), values=tuple(weights.values()))
