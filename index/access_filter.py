"""Who may find what, as a filter: the one place that makes filters, for both stores. Pure.

The rule itself is core.access.may_read; a property test in tests/contracts keeps the two equal.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
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


@dataclass(frozen=True, slots=True)
class HasId:
    """The point is one of these."""

    point_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Either:
    """`first` holds, or all of `others` do."""

    first: MatchAny
    others: tuple[MatchAny, ...]


Condition = MatchAny | IntegerRange | HasId | Either


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
    has_id: Callable[[frozenset[str]], object]


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


def build_document_filter(
    document_id: str, *, keep_revisions: Collection[int] = (), up_to: int | None = None
) -> PassageFilter:
    """Every passage of a document, but those of the kept revisions and of any after `up_to`."""
    kept = (MatchAny("revision", tuple(sorted(keep_revisions))),) if keep_revisions else ()
    bound = (IntegerRange("revision", lte=up_to),) if up_to is not None else ()
    return PassageFilter((MatchAny("document_id", (document_id,)), *bound), kept)


def build_revision_filter(document_id: str, revision: int) -> PassageFilter:
    """Every passage of one revision of a document."""
    return PassageFilter((MatchAny("document_id", (document_id,)), MatchAny("revision", (revision,))))


def build_reading_filter(allowed: PassageFilter, point_ids: Collection[str]) -> PassageFilter:
    """The same filter for certain points only: a point that was closed after it was found is not read."""
    return PassageFilter((HasId(frozenset(point_ids)), *allowed.must), allowed.must_not)


def translate_filter(wanted: PassageFilter, words: FilterWords[StoreFilter]) -> StoreFilter:
    """The same filter in a store's own words."""
    return words.filter(
        must=[_translate_condition(condition, words) for condition in wanted.must],
        must_not=[_translate_condition(condition, words) for condition in wanted.must_not],
    )


def _translate_condition(condition: Condition, words: FilterWords[StoreFilter]) -> object:
    if isinstance(condition, HasId):
        return words.has_id(condition.point_ids)
    return _translate_usual(condition, words)


# One answer asks five times and more under the filter of one asker and day.
@lru_cache(maxsize=1024)
def _translate_usual(condition: MatchAny | IntegerRange | Either, words: FilterWords[StoreFilter]) -> object:
    if isinstance(condition, MatchAny):
        return words.field_condition(key=condition.field, match=words.match_any(any=list(condition.values)))
    if isinstance(condition, IntegerRange):
        between = words.range(gte=condition.gte, lte=condition.lte)
        return words.field_condition(key=condition.field, range=between)
    others = [_translate_usual(other, words) for other in condition.others]
    return words.filter(should=[_translate_usual(condition.first, words), words.filter(must=others)])


def _build_access_conditions(asker: Person) -> tuple[Condition, ...]:
    """One condition for each clause. Without principals nothing matches, marker or not."""
    if asker.is_owner:
        return ()
    principals = tuple(sorted(asker.principals))
    # The first clause always exists, so the marker is no way in there.
    first, second, *_ = ACCESS_FIELDS
    rest = tuple(MatchAny(field, (*principals, UNRESTRICTED)) for field in ACCESS_FIELDS[1:])
    # Clauses are stored from the first on, so the marker in the second field means that there is only one: the
    # usual case, which spares the engine seven comparisons a passage (a third of the time of a search).
    return (MatchAny(first, principals), Either(MatchAny(second, (UNRESTRICTED,)), rest))


def _build_validity_conditions(day: date) -> tuple[Condition, ...]:
    today = number_day(day)
    return (IntegerRange("valid_from", lte=today), IntegerRange("valid_until", gte=today))
