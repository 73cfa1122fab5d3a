"""A ChatModel over the `openai` client: vLLM, SGLang, DeepSeek's API. Imported only where an endpoint is set."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

import openai

from core.deadline import cut_off_at
from core.llm import (
    Completion,
    Dialect,
    ModelUnavailable,
    Prompt,
    PromptTooLong,
    ServedModel,
    find_json_object,
)
from core.model_request import FORMAT_LEVELS, FormatLevel, build_format, build_request

# A server that is down should be known quickly, however long its answers may take.
CONNECT_SECONDS = 4.0
MAX_CHARACTERS = 200_000
RETRIES_OF_BROKEN_CONNECTION = 1
BROKE_OFF = "the connection broke off"

_log = logging.getLogger(__name__)
# At DEBUG the client logs whole requests, prompt and all: documents do not belong into logs.
logging.getLogger("openai").setLevel(logging.WARNING)


class _BrokenConnection(Exception):
    """The connection was reset, refused or cut before the answer was whole: worth one fresh request."""


class OpenAiChatModel:
    """One endpoint. Thread-safe; remembers the strictest answer format that the endpoint accepted."""

    def __init__(
        self, *, url: str, model: str | None, key: str | None, dialect: Dialect, timeout_seconds: float
    ) -> None:
        self._client = open_client(url=url, key=key)
        self._model = model
        self._dialect = dialect
        self._timeout_seconds = timeout_seconds
        self._level: FormatLevel = FORMAT_LEVELS[0]
        self._lock = Lock()

    def complete_json(
        self, prompt: Prompt, *, schema: Mapping[str, Any], thinking: bool = False
    ) -> Completion:
        """One streamed request within the time limit, falling back from strict to loose answer formats."""
        deadline = monotonic() + self._timeout_seconds
        model = self._choose_model(deadline)
        body = build_request(prompt, model=model, dialect=self._dialect, thinking=thinking)
        for level in FORMAT_LEVELS[FORMAT_LEVELS.index(self._level) :]:
            try:
                received = self._request({**body, **build_format(level, schema)}, deadline)
            except openai.BadRequestError as error:
                _refuse_or_step_down(error, level)
                continue
            self._level = level
            return received.to_completion(requested_model=model)
        raise ModelUnavailable("it refused the request")

    def _choose_model(self, deadline: float) -> str:
        with self._lock:
            if self._model is None:
                served = list_served_models(self._client, timeout_seconds=_remaining(deadline))
                if not served:
                    raise ModelUnavailable("it serves no model")
                self._model = served[0].model_id
            return self._model

    def _request(self, body: Mapping[str, Any], deadline: float) -> "_Received":
        reason = ""
        for attempt in range(RETRIES_OF_BROKEN_CONNECTION + 1):
            try:
                with _plain_failures(deadline):
                    return self._stream(body, deadline)
            except _BrokenConnection as broken:
                _log.warning("model request failed (%s), attempt %d", broken, attempt + 1)
                reason = str(broken)
        raise ModelUnavailable(reason)

    def _stream(self, body: Mapping[str, Any], deadline: float) -> "_Received":
        timeout = openai.Timeout(_remaining(deadline), connect=min(CONNECT_SECONDS, _remaining(deadline)))
        received = _Received()
        create = self._client.chat.completions.create
        with create(**body, timeout=timeout) as chunks, cut_off_at(deadline, chunks.response):
            for chunk in chunks:
                received.add(chunk)
                _remaining(deadline)
        _remaining(deadline)
        if received.is_cut:
            raise _BrokenConnection(BROKE_OFF)
        return received


@dataclass(slots=True)
class _Received:
    """What has arrived of one streamed answer. Chunks are read defensively: servers differ in what they leave out."""

    texts: list[str] = field(default_factory=list)
    characters: int = 0
    has_reasoning: bool = False
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

    def _add_delta(self, delta: Any) -> None:
        text = getattr(delta, "content", None) or ""
        reasoning = getattr(delta, "reasoning", None) or getattr(delta, "reasoning_content", None)
        self.has_reasoning = self.has_reasoning or bool(reasoning)
        self.characters += len(text)
        if self.characters > MAX_CHARACTERS:
            raise ModelUnavailable("its answer did not end")
        self.texts.append(text)

    @property
    def is_cut(self) -> bool:
        """True when the stream ended in the middle: no word that it is finished, and no whole object either."""
        text = "".join(self.texts)
        return bool(text) and self.finish_reason is None and find_json_object(text) is None

    def to_completion(self, *, requested_model: str) -> Completion:
        """The whole answer, if it is one: finished, not empty, and a JSON object."""
        text = "".join(self.texts)
        if self.finish_reason == "length":
            raise ModelUnavailable("its answer was cut off at the length limit")
        if not text.strip():
            raise ModelUnavailable(
                "it only thought and gave no answer" if self.has_reasoning else "its answer was empty"
            )
        if find_json_object(text) is None:
            raise ModelUnavailable("its answer was not in the form asked for")
        return Completion(
            text=text,
            served_model=self.served_model or requested_model,
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens,
        )


def open_client(*, url: str, key: str | None) -> openai.OpenAI:
    """A client that talks to `url` and nowhere else: no proxy or organisation of the environment, no redirect."""
    direct = {"http://": None, "https://": None, "all://": None}
    http_client = openai.DefaultHttpxClient(follow_redirects=False, mounts=direct)
    # One connection per answer: none is left half dead in a pool, and cutting one off never hits another's.
    headers = {"Connection": "close"}
    # The client insists on a key; an endpoint without one ignores this word.
    client = openai.OpenAI(
        base_url=url, api_key=key or "none", max_retries=0, http_client=http_client, default_headers=headers
    )
    client.organization = None
    client.project = None
    return client


def probe_endpoint(*, url: str, key: str | None, timeout_seconds: float) -> tuple[ServedModel, ...]:
    """What the endpoint at `url` serves right now, for `doctor`. Raises ModelUnavailable with a plain reason."""
    return list_served_models(open_client(url=url, key=key), timeout_seconds=timeout_seconds)


def list_served_models(client: openai.OpenAI, *, timeout_seconds: float) -> tuple[ServedModel, ...]:
    """The models that the endpoint lists, in its order. Raises ModelUnavailable."""
    timeout = openai.Timeout(timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds))
    try:
        with _plain_failures(monotonic() + timeout_seconds):
            listed = client.models.list(timeout=timeout).data
            return tuple(ServedModel(one.id, _context_tokens(one)) for one in listed or [])
    except _BrokenConnection as broken:
        raise ModelUnavailable(str(broken)) from None
    except openai.BadRequestError:
        raise ModelUnavailable("it does not say which models it serves") from None


def _refuse_or_step_down(error: openai.BadRequestError, level: FormatLevel) -> None:
    """Only a complaint about length ends the fallback early; its text is read here and never passed on."""
    complaint = f"{error.code} {error.type} {error.message}".lower()
    if "context" in complaint and any(
        word in complaint for word in ("length", "exceed", "size", "longer", "maximum")
    ):
        raise PromptTooLong("the question and its passages are too long for it") from None
    _log.warning("model endpoint answered 400 at answer format %s", level)


@contextmanager
def _plain_failures(deadline: float) -> Iterator[None]:
    """Turn what the client raises into reasons for people; 400 passes, because it may mean the answer format."""
    try:
        yield
    except openai.APITimeoutError:
        raise ModelUnavailable("it took too long") from None
    except openai.BadRequestError:
        raise
    except openai.APIStatusError as error:
        raise ModelUnavailable(_explain_status(error.status_code)) from None
    except openai.APIConnectionError as error:
        _remaining(deadline)
        raise _BrokenConnection(_explain_connection(error)) from None
    except (openai.OpenAIError, ValueError, TypeError, AttributeError):
        # The client reads what the server sends without mistrust: garbage surfaces as any of these.
        _remaining(deadline)
        raise ModelUnavailable("it sent something that is not an answer") from None


def _explain_status(status_code: int) -> str:
    known = {
        401: "it refused our key",
        403: "it refused our key",
        404: "there is no such model at its address",
        429: "it is too busy",
    }
    return known.get(status_code, f"it failed with HTTP {status_code}")


def _explain_connection(error: openai.APIConnectionError) -> str:
    # The client wraps every network failure in one class; only the wrapped one tells "never there" from "cut".
    return "it cannot be reached" if type(error.__cause__).__name__ == "ConnectError" else BROKE_OFF


def _remaining(deadline: float) -> float:
    seconds = deadline - monotonic()
    if seconds <= 0:
        raise ModelUnavailable("it took too long")
    return seconds


def _context_tokens(listed: Any) -> int | None:
    value = getattr(listed, "max_model_len", None) or (getattr(listed, "meta", None) or {}).get("n_ctx")
    return value if isinstance(value, int) else None
