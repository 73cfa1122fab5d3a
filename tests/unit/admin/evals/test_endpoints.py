from dataclasses import asdict

import pytest

from admin.evals.endpoints import Endpoint, read_endpoints, read_sent_endpoints
from core.errors import UsageError

URL = "https://llm.pelmarrow.example/v1"


def test_name_address_and_model_are_read_and_a_dialect_if_given() -> None:
    given = (f"flash={URL},deepseek-ai/DeepSeek-V4-Flash", f"pro = {URL}?a=b, pro-1 ,deepseek")
    flash, pro = read_endpoints(given)
    assert flash == Endpoint("flash", URL, "deepseek-ai/DeepSeek-V4-Flash")
    assert pro == Endpoint("pro", f"{URL}?a=b", "pro-1", "deepseek")


def test_an_endpoint_survives_the_way_through_json_and_never_shows_its_key() -> None:
    endpoint = Endpoint("flash", URL, "flash-1", "vllm", "sesame")
    assert read_sent_endpoints([asdict(endpoint)]) == (endpoint,)
    assert "sesame" not in repr(endpoint)


@pytest.mark.parametrize(
    "given",
    [
        ("flash",),
        (f"={URL},m",),
        (f"flash={URL}",),
        (f"flash={URL},",),
        (f"flash={URL},m,vllm,more",),
        (f"flash={URL},m,french",),
        ("flash=llm.example/v1,m",),
        (f"fl ash={URL},m",),
        (f"passages={URL},m",),
        (f"flash={URL},m", f"Flash={URL},n"),
    ],
)
def test_what_is_not_understood_or_named_twice_is_refused(given: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="allowed: "):
        read_endpoints(given)
