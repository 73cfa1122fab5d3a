"""BM25 vectors of passages and questions, made offline. Called by ingest and by index/search.py."""

from qdrant_edge import Bm25, Bm25Config, SparseVector

from core.errors import UsageError
from index.passage_store import KeywordVector


class KeywordVectors:
    """Turns text into BM25 vectors of one language. Passages carry term weights, questions 1.0 per word.

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
        """Weights grow with a word's count and shrink with the passage's length."""
        return _read_vector(self._model.embed_document(text))

    def of_question(self, text: str) -> KeywordVector:
        """Empty when the text holds only stop words or signs; such a question has no keyword leg."""
        return _read_vector(self._model.embed_query(text))


def _read_vector(vector: SparseVector) -> KeywordVector:
    return KeywordVector(indices=tuple(vector.indices), values=tuple(vector.values))
