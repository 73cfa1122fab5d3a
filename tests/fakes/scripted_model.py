"""A ChatModel that answers from a script. For tests of bot/answer and of everything built on it."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from core.llm import Completion, ModelUnavailable, Prompt

Reply = str | Mapping[str, Any] | ModelUnavailable
Script = Callable[[Prompt, Mapping[str, Any]], Reply]

SERVED_MODEL = "scripted-model-1"


class ScriptedModel:
    """Replies in order (the last one again and again), or by a function of prompt and schema. Keeps the prompts."""

    def __init__(self, *replies: Reply | Script) -> None:
        self._replies = list(replies)
        self.prompts: list[Prompt] = []

    def complete_json(
        self, prompt: Prompt, *, schema: Mapping[str, Any], thinking: bool = False
    ) -> Completion:
        """The next reply; a failure in the script is raised."""
        self.prompts.append(prompt)
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        value = reply(prompt, schema) if callable(reply) else reply
        if isinstance(value, ModelUnavailable):
            raise value
        text = value if isinstance(value, str) else json.dumps(value)
        return Completion(text=text, served_model=SERVED_MODEL, prompt_tokens=len(prompt.user) // 4)


def write_answer(*claims: Mapping[str, Any], found: bool = True, ruling: str = "none") -> dict[str, Any]:
    """The JSON that a well-behaved model gives."""
    return {"found": found, "ruling": ruling, "claims": [{"quote": "", **claim} for claim in claims]}


def find_id(prompt: Prompt, words: str) -> str:
    """The id under which the prompt shows the first sentence that holds `words`."""
    found = re.search(rf"\[(S\d+)\][^\n]*{re.escape(words)}", prompt.user)
    if found is None:
        raise AssertionError(f"no sentence of the prompt holds {words!r}")
    return found[1]
