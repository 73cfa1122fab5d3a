"""Finds out how an endpoint spells thinking: one request a toggle, and a look where the text arrives. For `doctor`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.llm import Dialect, Prompt
from core.model_gate import Patience
from core.model_memory import RequestRefused
from core.model_request import build_messages, build_toggle
from core.model_stream import REASONING_FIELDS, ReceivedAnswer
from core.openai_wire import answers_without_key, open_client, stream_answer

Place = Literal["content", "reasoning", "reasoning_content", "inside the answer", "refused", "nowhere"]
Toggle = Literal["template", "field"]

PROBE = Prompt(system="You answer in one word.", user="Which colour is the sky on a clear day?")
PROBE_TOKENS = 64
# Long enough to tell an answer from a thought that is written into it.
TELLING_CHARACTERS = 16
INLINE_MARK = "<think>"
# vLLM and SGLang share one toggle and differ in the field that thoughts arrive in.
TOGGLES: Mapping[Toggle, Dialect] = {"template": "vllm", "field": "deepseek"}
_THOUGHTS: tuple[Place, ...] = (*REASONING_FIELDS, "inside the answer")


@dataclass(frozen=True, slots=True)
class Seen:
    """Where the first text arrived with one toggle switched on, and with it switched off."""

    on: Place
    off: Place

    @property
    def switches(self) -> bool:
        """True when the toggle did what it says, and thoughts were kept apart from the answer."""
        return self.on in REASONING_FIELDS and self.off not in _THOUGHTS and self.off != "refused"


@dataclass(frozen=True, slots=True)
class Preflight:
    """What one endpoint showed. `right` are the dialects that it speaks; none when no toggle changes anything."""

    seen: Mapping[Toggle, Seen]
    right: tuple[Dialect, ...]

    @property
    def thinks_unasked(self) -> bool:
        """True when thoughts come though they were switched off, or come inside the answer."""
        places = [place for seen in self.seen.values() for place in (seen.on, seen.off)]
        return not self.right and any(place in _THOUGHTS for place in places)


def look_at_dialect(*, url: str, key: str | None, model: str, timeout_seconds: float) -> Preflight:
    """Four short requests, each within the time limit. Raises ModelUnavailable."""
    client = open_client(url=url, key=key)

    def look(dialect: Dialect, *, thinking: bool) -> Place:
        body = _build_probe(model) | {"extra_body": build_toggle(dialect, thinking=thinking)}
        try:
            received = stream_answer(client, body, Patience(timeout_seconds), is_enough=_is_telling)
        except RequestRefused:
            return "refused"
        return _find_place(received)

    seen = {
        toggle: Seen(on=look(dialect, thinking=True), off=look(dialect, thinking=False))
        for toggle, dialect in TOGGLES.items()
    }
    return Preflight(seen, choose_dialects(seen))


def choose_dialects(seen: Mapping[Toggle, Seen]) -> tuple[Dialect, ...]:
    """The dialects that fit what was seen, the likeliest first. Pure."""
    fitting: list[Dialect] = []
    if seen["template"].switches:
        fitting.append("vllm" if seen["template"].on == "reasoning" else "sglang")
    if seen["field"].switches:
        fitting.append("deepseek")
    if all(one.on == one.off == "refused" for one in seen.values()):
        fitting.append("openai")
    return tuple(fitting)


def has_open_door(*, url: str, model: str, timeout_seconds: float) -> bool:
    """Whether the server runs the model at `/invocations` for somebody without a key."""
    body = {**_build_probe(model), "stream": False, "max_tokens": 1}
    return answers_without_key(url=url, body=body, timeout_seconds=timeout_seconds)


def _build_probe(model: str) -> dict[str, Any]:
    messages = build_messages(PROBE)
    return {"model": model, "messages": messages, "stream": True, "max_tokens": PROBE_TOKENS}


def _is_telling(received: ReceivedAnswer) -> bool:
    return received.reasoning_field is not None or len(received.text) >= TELLING_CHARACTERS


def _find_place(received: ReceivedAnswer) -> Place:
    if received.reasoning_field is not None:
        return received.reasoning_field
    if received.text.lstrip().startswith(INLINE_MARK):
        return "inside the answer"
    return "content" if received.text.strip() else "nowhere"
