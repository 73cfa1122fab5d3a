"""What one endpoint has taught us about itself since we started. Used by core/openai_model.py."""

import logging
from collections.abc import Mapping
from typing import Any

from core.llm import FORMAT_LEVELS, FormatLevel, ModelUnavailable, PromptTooLong

_SIZE_WORDS = ("length", "exceed", "size", "longer", "maximum")

_log = logging.getLogger(__name__)


class RequestRefused(Exception):
    """The server calls the request itself wrong. Its complaint may quote the prompt: read here, never passed on."""

    def __init__(self, complaint: str) -> None:
        self.complaint = complaint.lower()
        super().__init__("it refused the request")


class EndpointMemory:
    """The strictest answer format that was accepted, with and without thinking, and the extras that were refused.

    Thread-safe: each fact is one value, and two threads that learn at once learn the same.
    """

    def __init__(self) -> None:
        self._levels: dict[bool, FormatLevel] = {}
        self._refused: frozenset[str] = frozenset()

    def first_level(self, *, thinking: bool) -> FormatLevel:
        """The answer format to begin with."""
        return self._levels.get(thinking, FORMAT_LEVELS[0])

    def remember_level(self, level: FormatLevel, *, thinking: bool) -> None:
        """The endpoint has accepted this answer format."""
        self._levels[thinking] = level

    def remember_lost_answer(self) -> None:
        """It thought and gave no answer: some servers put what the format shapes among the thoughts (vllm#41132)."""
        self._levels[True] = FORMAT_LEVELS[-1]

    def keep_accepted(self, extras: Mapping[str, Any]) -> dict[str, Any]:
        """Those extras that the endpoint has not refused."""
        return {name: value for name, value in extras.items() if name not in self._refused}

    def learn_refusal(
        self, refusal: RequestRefused, extras: Mapping[str, Any], level: FormatLevel
    ) -> FormatLevel:
        """The answer format to try next, perhaps with fewer extras. Raises when there is nothing left to try."""
        complaint = refusal.complaint
        if "context" in complaint and any(word in complaint for word in _SIZE_WORDS):
            raise PromptTooLong("the question and its passages are too long for it") from None
        named = [name for name in extras if name in complaint or name.replace("_", " ") in complaint]
        if named:
            self._refused |= set(named)
            _log.warning("model endpoint refuses %s: not sent any more", ", ".join(named))
            return level
        _log.warning("model endpoint refused a request at answer format %s", level)
        looser = FORMAT_LEVELS[FORMAT_LEVELS.index(level) + 1 :]
        if not looser:
            raise ModelUnavailable(str(refusal)) from None
        return looser[0]
