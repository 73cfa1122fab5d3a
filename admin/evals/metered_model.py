"""A ChatModel that counts what another one is asked and gives. Used by admin/operations/eval_answers.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.llm import ChatModel, Completion, ModelUnavailable, Prompt


@dataclass(frozen=True, slots=True)
class Usage:
    """What one answer cost. Tokens are None when any of its completions came without a count."""

    completions: int = 0
    failures: tuple[str, ...] = ()
    prompt_tokens: int | None = 0
    completion_tokens: int | None = 0
    served_models: tuple[str, ...] = ()


class MeteredModel:
    """Asks the other and keeps count; one question at a time."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self._completions: list[Completion] = []
        self._failures: list[str] = []

    @property
    def context_tokens(self) -> int | None:
        """The other's."""
        return self._model.context_tokens

    def complete_json(self, prompt: Prompt, *, schema: Mapping[str, Any], **options: Any) -> Completion:
        """The other's completion or failure, counted."""
        try:
            completion = self._model.complete_json(prompt, schema=schema, **options)
        except ModelUnavailable as failure:
            self._failures.append(str(failure))
            raise
        self._completions.append(completion)
        return completion

    def take_usage(self) -> Usage:
        """What was counted since the last time."""
        done, failures = self._completions, self._failures
        self._completions, self._failures = [], []
        return Usage(
            completions=len(done),
            failures=tuple(failures),
            prompt_tokens=_add_up([one.prompt_tokens for one in done]),
            completion_tokens=_add_up([one.completion_tokens for one in done]),
            served_models=tuple(dict.fromkeys(one.served_model for one in done)),
        )


def _add_up(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
