"""Who may find what, as a filter: the one place that makes filters, for both stores. Pure.

The rule itself is core.access.may_read; a property test in tests/contracts keeps the two equal.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from core.access import Person
from index.passage_store import Scope
from index.payload import ACCESS_FIELDS, UNRESTRICTED, number_day

StoreFilter = TypeVar("StoreFilter")


@dataclass(frozen=True, slots=True)
class MatchAny:
    """The field holds, or its list contains, one of the values. No value at all matches nothing."""

    field: str
    values: tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IntegerRange:
    """The field lies between the ends, both inclusive; None is open."""

    field: str
    gte: int | None = None
    lte: int | None = None


Condition = MatchAny | IntegerRange


@dataclass(frozen=True, slots=True)
class PassageFilter:
    """All of `must` hold and none of `must_not`."""

    must: tuple[Condition, ...]
    must_not: tuple[MatchAny, ...] = ()

    @property
    def matches_nothing(self) -> bool:
        """True when no passage can pass, so that the store need not be asked."""
        return any(isinstance(condition, MatchAny) and not condition.values for condition in self.must)


@dataclass(frozen=True, slots=True)
class FilterWords(Generic[StoreFilter]):
    """One store's own constructors. Both clients name the arguments alike, so the translation exists once."""

    filter: Callable[..., StoreFilter]
    field_condition: Callable[..., object]
    match_any: Callable[..., object]
    range: Callable[..., object]


def build_scope_filter(scope: Scope) -> PassageFilter:
    """The filter of every leg of a search: access, status, validity, brand, kinds, sources."""
    conditions: list[Condition] = [*_build_access_conditions(scope.asker), MatchAny("status", scope.statuses)]
    if scope.on is not None:
        conditions += _build_validity_conditions(scope.on)
    if scope.brand is not None:
        conditions.append(MatchAny("brand", (scope.brand, UNRESTRICTED)))
    if scope.kinds:
        conditions.append(MatchAny("kind", scope.kinds))
    if scope.sources:
        conditions.append(MatchAny("source", scope.sources))
    return PassageFilter(tuple(conditions))


def build_document_filter(document_id: str, *, keep_revisions: Collection[int] = ()) -> PassageFilter:
    """Every passage of a document, but those of the kept revisions."""
    kept = (MatchAny("revision", tuple(sorted(keep_revisions))),) if keep_revisions else ()
    return PassageFilter((MatchAny("document_id", (document_id,)),), kept)


def build_revision_filter(document_id: str, revision: int) -> PassageFilter:
    """Every passage of one revision of a document."""
    return PassageFilter((MatchAny("document_id", (document_id,)), MatchAny("revision", (revision,))))


def translate_filter(wanted: PassageFilter, words: FilterWords[StoreFilter]) -> StoreFilter:
    """The same filter in a store's own words."""
    return words.filter(
        must=[_translate_condition(condition, words) for condition in wanted.must],
        must_not=[_translate_condition(condition, words) for condition in wanted.must_not],
    )


def _translate_condition(condition: Condition, words: FilterWords[StoreFilter]) -> object:
    if isinstance(condition, MatchAny):
        return words.field_condition(key=condition.field, match=words.match_any(any=list(condition.values)))
    return words.field_condition(key=condition.field, range=words.range(gte=condition.gte, lte=condition.lte))


def _build_access_conditions(asker: Person) -> tuple[Condition, ...]:
    """One condition for each clause. Without principals nothing matches, marker or not."""
    if asker.is_owner:
        return ()
    principals = tuple(sorted(asker.principals))
    # The first clause always exists, so the marker is no way in there.
    first, *others = ACCESS_FIELDS
    rest = (MatchAny(field, (*principals, UNRESTRICTED)) for field in others)
    return (MatchAny(first, principals), *rest)


def _build_validity_conditions(day: date) -> tuple[Condition, ...]:
    today = number_day(day)
    return (IntegerRange("valid_from", lte=today), IntegerRange("valid_until", gte=today))
