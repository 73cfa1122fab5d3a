"""A ChatModel that answers from a script. For tests of bot/answer and of everything built on it."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.llm import Completion, ModelUnavailable, Prompt, QuestionWithdrawn
from core.withdrawal import Withdrawal

Reply = str | Mapping[str, Any] | ModelUnavailable
Script = Callable[[Prompt, Mapping[str, Any]], Reply]

SERVED_MODEL = "scripted-model-1"


@dataclass(frozen=True, slots=True)
class Asked:
    """What one call gave along beside prompt and schema."""

    thinking: bool
    cache_salt: str | None


class ScriptedModel:
    """Replies in order (the last one again and again), or by a function of prompt and schema. Keeps what was asked."""

    def __init__(self, *replies: Reply | Script, context_tokens: int | None = None) -> None:
        self._replies = list(replies)
        self.context_tokens = context_tokens
        self.prompts: list[Prompt] = []
        self.asked: list[Asked] = []

    def complete_json(
        self,
        prompt: Prompt,
        *,
        schema: Mapping[str, Any],
        thinking: bool = False,
        cache_salt: str | None = None,
        withdrawal: Withdrawal | None = None,
    ) -> Completion:
        """The next reply; a failure in the script is raised."""
        self.prompts.append(prompt)
        self.asked.append(Asked(thinking, cache_salt))
        if withdrawal is not None and withdrawal.is_withdrawn:
            raise QuestionWithdrawn
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        value = reply(prompt, schema) if callable(reply) else reply
        if isinstance(value, ModelUnavailable):
            raise value
        text = value if isinstance(value, str) else json.dumps(value)
        return Completion(
            text=text,
            served_model=SERVED_MODEL,
            prompt_tokens=len(prompt.user) // 4,
            thinking=thinking,
            format_level="json_schema",
        )


def write_answer(*claims: Mapping[str, Any], found: bool = True, ruling: str = "none") -> dict[str, Any]:
    """The JSON that a well-behaved model gives."""
    return {"found": found, "ruling": ruling, "claims": [{"quote": "", **claim} for claim in claims]}


def find_id(prompt: Prompt, words: str) -> str:
    """The id under which the prompt shows the first sentence that holds `words`."""
    found = re.search(rf"\[(S\d+)\][^\n]*{re.escape(words)}", prompt.user)
    if found is None:
        raise AssertionError(f"no sentence of the prompt holds {words!r}")
    return found[1]
