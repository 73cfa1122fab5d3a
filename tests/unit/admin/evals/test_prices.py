from pathlib import Path

import pytest

from admin.evals.prices import Price, compute_cost, find_price, read_prices
from core.errors import UsageError

CSV = "model,input_per_million,output_per_million,currency\nflash*,1.5,3,EUR\n*,10,20,EUR\n"
EXAMPLE = Path(__file__).parents[4] / "docs" / "prices.example.json"


def test_a_table_is_read_from_csv_and_json_alike() -> None:
    json_text = '[{"model":"flash*","input_per_million":1.5,"output_per_million":3,"currency":"EUR"}]'
    assert read_prices(f"\ufeff{CSV}")[:1] == read_prices(json_text) == (Price("flash*", 1.5, 3.0, "EUR"),)


def test_first_row_that_fits_the_served_model_counts() -> None:
    prices = read_prices(CSV)
    assert find_price(prices, "Flash-0731", "pro") == prices[0]
    assert find_price(prices[:1], "pro", "flash") == prices[0]
    assert find_price(prices[:1], "pro", None) is None


def test_cost_is_tokens_by_the_million() -> None:
    price = Price("*", 2.0, 10.0, "EUR")
    assert compute_cost(price, prompt_tokens=500_000, completion_tokens=100_000) == 2.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[{]", "is not understood"),
        ('{"rows": []}', "is not understood"),
        ("model,currency\nflash,EUR\n", "input_per_million None in row 1"),
        (CSV.replace("1.5", "-1"), "input_per_million '-1' in row 1"),
        (CSV.replace("1.5", "nan"), "input_per_million 'nan' in row 1"),
        (CSV.replace("flash*", ""), "row 1 of the price table lacks model or currency"),
        (CSV.replace("20,EUR", "20,USD"), "['EUR', 'USD']"),
        ("[]", "the currencies []"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_prices(text)
    assert said in str(refused.value)


def test_the_example_can_be_read_and_names_no_real_model() -> None:
    prices = read_prices(EXAMPLE.read_text(encoding="utf-8"))
    assert {price.pattern for price in prices} == {"example-small-*", "example-large-*"}
