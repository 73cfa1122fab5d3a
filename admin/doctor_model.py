"""Says in words what the look at the model endpoint has shown. Pure; called by admin/doctor.py."""

from collections.abc import Sequence

from core.llm import Dialect, ServedModel
from core.model_preflight import Preflight, Seen

OPEN_DOOR = (
    "the endpoint answers at /invocations without the key: --api-key closes the OpenAI paths only; "
    "put the server into a network that only onbrand reaches"
)


def describe_served(served: Sequence[ServedModel]) -> str:
    """The served ids, each with its context where the endpoint says so."""
    return ", ".join(
        one.model_id if one.max_tokens is None else f"{one.model_id} ({one.max_tokens} tokens)"
        for one in served
    )


def judge_dialect(preflight: Preflight, configured: Dialect) -> tuple[bool, str]:
    """Whether ONBRAND_LLM_DIALECT can stay, and the sentence that says why."""
    if configured in preflight.right:
        return True, f"{configured} is right: {_describe_switch(preflight, configured)}"
    if preflight.right:
        better = preflight.right[0]
        found = _describe_switch(preflight, better)
        return False, f"ONBRAND_LLM_DIALECT is {configured}, but {found}; set ONBRAND_LLM_DIALECT={better}"
    if preflight.thinks_unasked:
        return False, _describe_unasked(preflight)
    if _is_refused(preflight, configured):
        return (
            False,
            f"the endpoint refuses the thinking switch of {configured}; set ONBRAND_LLM_DIALECT=openai",
        )
    return True, f"{configured} can stay: the model thinks by no switch, so --thinking changes nothing"


def _describe_switch(preflight: Preflight, dialect: Dialect) -> str:
    if dialect == "openai":
        return "the endpoint refuses every thinking switch"
    seen = _find_seen(preflight, dialect)
    toggle = "thinking" if dialect == "deepseek" else "chat_template_kwargs"
    return f"thinking goes on and off by {toggle!r} and arrives in {seen.on!r}"


def _describe_unasked(preflight: Preflight) -> str:
    places = {place for seen in preflight.seen.values() for place in (seen.on, seen.off)}
    if "inside the answer" in places:
        return "thoughts arrive inside the answer; start the server with the reasoning parser of its model"
    return "the model thinks whatever is asked; answers take longer, and --thinking changes nothing"


def _is_refused(preflight: Preflight, configured: Dialect) -> bool:
    seen = _find_seen(preflight, configured)
    return configured != "openai" and "refused" in (seen.on, seen.off)


def _find_seen(preflight: Preflight, dialect: Dialect) -> Seen:
    return preflight.seen["field" if dialect == "deepseek" else "template"]
