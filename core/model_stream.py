"""Collects one streamed answer, whatever the server leaves out of it. Used by core/openai_model.py."""

from dataclasses import dataclass, field
from typing import Any, Literal

from core.llm import Completion, FormatLevel, ModelUnavailable, find_json_object

MAX_CHARACTERS = 200_000

ReasoningField = Literal["reasoning", "reasoning_content"]
REASONING_FIELDS: tuple[ReasoningField, ...] = ("reasoning", "reasoning_content")


class OnlyThought(ModelUnavailable):
    """Thoughts came, and no answer beside them. What stands in the thoughts is never taken for one.

    `at_limit`: they used up all the tokens that they and the answer had together.
    """

    def __init__(self, *, at_limit: bool) -> None:
        self.at_limit = at_limit
        super().__init__("it only thought and gave no answer")


@dataclass(slots=True)
class ReceivedAnswer:
    """What has arrived so far. Chunks are read defensively: servers differ in what they leave out."""

    texts: list[str] = field(default_factory=list)
    characters: int = 0
    reasoning_field: ReasoningField | None = None
    served_model: str = ""
    finish_reason: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None

    def add(self, chunk: Any) -> None:
        """Take one chunk in; raises ModelUnavailable when the answer grows beyond all reason."""
        self.served_model = getattr(chunk, "model", None) or self.served_model
        usage = getattr(chunk, "usage", None)
        if usage is not None:
            self.prompt_tokens, self.completion_tokens = usage.prompt_tokens, usage.completion_tokens
        for choice in (getattr(chunk, "choices", None) or [])[:1]:
            self.finish_reason = choice.finish_reason or self.finish_reason
            self._add_delta(choice.delta)

    @property
    def text(self) -> str:
        """The answer without its thoughts."""
        return "".join(self.texts)

    @property
    def is_cut(self) -> bool:
        """True when the stream ended in the middle: no word that it is finished, and no whole object either."""
        return bool(self.text) and self.finish_reason is None and find_json_object(self.text) is None

    def to_completion(self, *, requested_model: str, thinking: bool, level: FormatLevel) -> Completion:
        """The whole answer, if it is one: finished, not empty, and a JSON object."""
        self._refuse_useless()
        return Completion(
            text=self.text,
            served_model=self.served_model or requested_model,
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens,
            thinking=thinking or self.reasoning_field is not None,
            format_level=level,
        )

    def _refuse_useless(self) -> None:
        if not self.text.strip() and self.reasoning_field is not None:
            raise OnlyThought(at_limit=self.finish_reason == "length")
        if self.finish_reason == "length":
            raise ModelUnavailable("its answer was cut off at the length limit")
        if not self.text.strip():
            raise ModelUnavailable("its answer was empty")
        if find_json_object(self.text) is None:
            raise ModelUnavailable("its answer was not in the form asked for")

    def _add_delta(self, delta: Any) -> None:
        text = getattr(delta, "content", None) or ""
        # Thoughts are counted and thrown away: they may hold anything, and nothing of ours reads them.
        for name in REASONING_FIELDS:
            thought = getattr(delta, name, None) or ""
            if thought:
                self.reasoning_field = self.reasoning_field or name
                self.characters += len(thought)
        self.characters += len(text)
        if self.characters > MAX_CHARACTERS:
            raise ModelUnavailable("its answer did not end")
        self.texts.append(text)
