"""What the answer walk needs of the parts around it. Bound together by bot/assembly.py, replaced by fakes in tests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.answers import Answer, Evidence, Question
from core.documents import AnsweringDocument
from index.passage_store import Scope
from index.search import Found, FoundPassage


class AnswerSearch(Protocol):
    """What the walk needs of index.search.PassageSearch."""

    def find_by_any_leg(self, text: str, scope: Scope, *, limit: int = 10) -> Found:
        """Best passages first, all readable by the asker, and which legs looked for them."""

    def find_hidden(self, text: str, scope: Scope, *, limit: int = 10) -> tuple[FoundPassage, ...]:
        """The same without status, dates and access; only to say why nothing was found."""

    def confirm(
        self, documents: Iterable[AnsweringDocument], scope: Scope
    ) -> Mapping[str, AnsweringDocument]:
        """Those documents that still answer for this scope, by id, as they are now."""


class FindsOfficial(Protocol):
    """What the walk needs of bot.answer.official_serving.OfficialDesk."""

    def find(self, text: str, scope: Scope) -> Answer | None:
        """The official answer to this question for this asker, or None."""

    def still_stands(self, shown: Answer, scope: Scope) -> bool:
        """Is this official answer still served?"""


class RecordsGaps(Protocol):
    """What the walk needs of bot.answer.gap_joining.GapRecorder."""

    def record(self, question: Question, answer: Answer) -> None:
        """Keep the question if it is a gap; returns at once and never raises."""


class KeepsReceipts(Protocol):
    """What the walk needs of bot.answer.receipt_keeping.ReceiptKeeper."""

    def keep(self, question: Question, answer: Answer) -> str:
        """Keep how this answer came about; gives the receipt's id."""


class FindsListing(Protocol):
    """What the walk needs of bot.answer.listing_desk.ListingDesk."""

    def find(self, text: str, scope: Scope) -> Answer | None:
        """All that runs, if the question asks for that."""

    def confirm(
        self, text: str, documents: Iterable[AnsweringDocument], scope: Scope
    ) -> Mapping[str, AnsweringDocument]:
        """As `AnswerSearch.confirm`, for the days that the question names."""


class FindsQuotation(Protocol):
    """What the walk needs of bot.answer.quotation_desk.QuotationDesk."""

    def find(self, text: str, passages: Sequence[FoundPassage], scope: Scope) -> Answer | None:
        """Stored words, whole, if the question asks for a quotation."""

    def list_unusable(self, evidence: Iterable[Evidence], scope: Scope) -> frozenset[str]:
        """Ids of sentences whose consent is missing or over."""


@dataclass(frozen=True, slots=True)
class Desks:
    """Those who answer some questions without a model and without the ordinary search; each may be missing."""

    official: FindsOfficial | None = None
    listings: FindsListing | None = None
    quotations: FindsQuotation | None = None
