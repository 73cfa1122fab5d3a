"""A table of what models cost, which the admin keeps. Pure; called by admin/operations/eval_answers.py."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from io import StringIO
from math import isfinite
from typing import Any

from core.errors import UsageError

MILLION = 1_000_000
FIELDS = ("model", "input_per_million", "output_per_million", "currency")
_FORM = f"JSON (a list of objects) or CSV (with a header line) with {', '.join(FIELDS)}"


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost at models whose id fits `pattern` (`*` stands for anything)."""

    pattern: str
    input_per_million: float
    output_per_million: float
    currency: str


def read_prices(text: str) -> tuple[Price, ...]:
    """Every row, in its order. Raises UsageError that names the first row which cannot be used."""
    rows = _read_rows(text.removeprefix("\ufeff"))
    prices = tuple(_read_price(row, number) for number, row in enumerate(rows, start=1))
    currencies = sorted({price.currency for price in prices})
    if len(currencies) != 1:
        raise UsageError(
            f"the price table has the currencies {currencies}; allowed: one, or costs cannot be compared"
        )
    return prices


def find_price(prices: Sequence[Price], *models: str | None) -> Price | None:
    """The first row that fits one of these model ids, the first id before the others; None: the price is unknown."""
    for model in models:
        for price in prices:
            if model and fnmatchcase(model.casefold(), price.pattern.casefold()):
                return price
    return None


def compute_cost(price: Price, *, prompt_tokens: int, completion_tokens: int) -> float:
    """In the currency of the price."""
    return (prompt_tokens * price.input_per_million + completion_tokens * price.output_per_million) / MILLION


def _read_rows(text: str) -> Sequence[Mapping[str, Any]]:
    if text.lstrip()[:1] not in ("[", "{"):
        return list(csv.DictReader(StringIO(text)))
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the price table is not understood: {error}; allowed: {_FORM}") from None
    rows = value.get("prices") if isinstance(value, dict) else value
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"the price table is not understood; allowed: {_FORM}")
    return rows


def _read_price(row: Mapping[str, Any], number: int) -> Price:
    model, currency = (str(row.get(name) or "").strip() for name in ("model", "currency"))
    if not model or not currency:
        raise UsageError(f"row {number} of the price table lacks model or currency; allowed: {_FORM}")
    amounts = [_read_amount(row.get(name), name, number) for name in FIELDS[1:3]]
    return Price(model, amounts[0], amounts[1], currency)


def _read_amount(given: Any, name: str, number: int) -> float:
    try:
        amount = float(given)
    except (TypeError, ValueError):
        amount = -1.0
    if isinstance(given, bool) or not isfinite(amount) or amount < 0:
        raise UsageError(
            f"{name} {given!r} in row {number} of the price table is not understood; allowed: 0 or more"
        )
    return amount
