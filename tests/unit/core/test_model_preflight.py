"""Promises of the look at a model endpoint: which dialect fits what was seen, and what a person reads about it."""

import pytest

from admin.doctor_model import describe_served, judge_dialect
from core.llm import Dialect, ServedModel
from core.model_preflight import Place, Preflight, Seen, Toggle, choose_dialects

PLAIN = ("content", "content")
REFUSED = ("refused", "refused")


def look(template: tuple[Place, Place], field: tuple[Place, Place]) -> Preflight:
    """Each pair: where text arrived with the toggle on, and with it off."""
    seen: dict[Toggle, Seen] = {"template": Seen(*template), "field": Seen(*field)}
    return Preflight(seen, choose_dialects(seen))


@pytest.mark.parametrize(
    ("template", "field", "right"),
    [
        (("reasoning", "content"), PLAIN, ("vllm",)),
        (("reasoning_content", "content"), PLAIN, ("sglang",)),
        (("reasoning_content", "reasoning_content"), ("reasoning_content", "content"), ("deepseek",)),
        (("reasoning", "content"), ("reasoning", "content"), ("vllm", "deepseek")),
        (REFUSED, REFUSED, ("openai",)),
        (REFUSED, ("reasoning_content", "content"), ("deepseek",)),
        (PLAIN, PLAIN, ()),
        (("reasoning", "reasoning"), ("reasoning", "reasoning"), ()),
        (("inside the answer", "content"), PLAIN, ()),
        (("reasoning", "refused"), PLAIN, ()),
        (("nowhere", "nowhere"), REFUSED, ()),
    ],
)
def test_dialect_is_told_by_where_the_text_arrives(
    template: tuple[Place, Place], field: tuple[Place, Place], right: tuple[Dialect, ...]
) -> None:
    assert look(template, field).right == right


@pytest.mark.parametrize(
    ("template", "field", "configured", "is_right", "words"),
    [
        (("reasoning", "content"), PLAIN, "vllm", True, "vllm is right"),
        (("reasoning", "content"), PLAIN, "deepseek", False, "set ONBRAND_LLM_DIALECT=vllm"),
        (("reasoning_content", "content"), PLAIN, "vllm", False, "set ONBRAND_LLM_DIALECT=sglang"),
        (REFUSED, REFUSED, "openai", True, "openai is right"),
        (REFUSED, REFUSED, "sglang", False, "set ONBRAND_LLM_DIALECT=openai"),
        (REFUSED, PLAIN, "vllm", False, "set ONBRAND_LLM_DIALECT=openai"),
        (PLAIN, PLAIN, "vllm", True, "--thinking changes nothing"),
        (PLAIN, PLAIN, "openai", True, "--thinking changes nothing"),
        (("inside the answer", "content"), PLAIN, "vllm", False, "reasoning parser"),
        (("reasoning", "reasoning"), ("reasoning", "reasoning"), "vllm", False, "whatever is asked"),
    ],
)
def test_person_reads_whether_the_setting_can_stay_and_what_to_set(
    template: tuple[Place, Place],
    field: tuple[Place, Place],
    configured: Dialect,
    *,
    is_right: bool,
    words: str,
) -> None:
    stays, sentence = judge_dialect(look(template, field), configured)
    assert stays is is_right
    assert words in sentence


def test_served_models_are_named_with_their_context_where_it_is_known() -> None:
    assert describe_served([ServedModel("a", 4096), ServedModel("b")]) == "a (4096 tokens), b"
