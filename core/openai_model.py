"""A ChatModel over any OpenAI-compatible endpoint: vLLM, SGLang, DeepSeek's API. Imported only where one is set."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from core.circuit import Circuit, Outcome, Resting
from core.llm import Completion, Dialect, ModelDown, ModelUnavailable, Prompt, ServedModel
from core.model_gate import DEFAULT_USE, TOOK_TOO_LONG, EndpointUse, InFlightGate, Patience
from core.model_memory import EndpointMemory, RequestRefused
from core.model_request import Wanted, build_extras, build_request
from core.model_stream import OnlyThought
from core.openai_wire import NoSuchModel, list_served_models, open_client, stream_answer
from core.withdrawal import Withdrawal

# A context that is not known only means fewer passages: nobody waits long for it.
CONTEXT_SECONDS = 3.0


class OpenAiChatModel:
    """One endpoint. Thread-safe; learns what it accepts, asks it from a few threads at once, leaves it alone when down.

    Every wait counts against one time limit: for a place, for the connection, for each word of the answer.
    """

    def __init__(  # noqa: PLR0913 - what names one endpoint, and how it is used
        self,
        *,
        url: str,
        model: str | None,
        key: str | None,
        dialect: Dialect,
        timeout_seconds: float,
        use: EndpointUse = DEFAULT_USE,
    ) -> None:
        self._client = open_client(url=url, key=key)
        self._model = model
        self._dialect = dialect
        self._timeout_seconds = timeout_seconds
        self._priority = use.priority
        self._memory = EndpointMemory()
        self._gate = InFlightGate(use.in_flight)
        self._circuit = Circuit(failures=use.failures_before_rest, rest_seconds=use.rest_seconds)
        self._served: tuple[ServedModel, ...] | None = None
        self._tells_context = True
        self._listing = Lock()

    @property
    def is_resting(self) -> bool:
        """True from the failure that was one too many until a request works."""
        return self._circuit.is_open

    @property
    def context_tokens(self) -> int | None:
        """Tokens that prompt and answer may have together; None when unknown. Asked once it answers, then kept."""
        # What is known already is no sign of life: only a real request passes the circuit.
        served = self._served if self._served is not None else self._ask_for_served()
        known = {one.model_id: one.max_tokens for one in served}
        return known.get(self._model or next(iter(known), ""))

    def complete_json(
        self,
        prompt: Prompt,
        *,
        schema: Mapping[str, Any],
        thinking: bool = False,
        cache_salt: str | None = None,
        withdrawal: Withdrawal | None = None,
    ) -> Completion:
        """One streamed request within the time limit, falling back from strict to loose answer formats.

        Thoughts that come without an answer are asked once more without thinking.
        """
        patience = Patience(self._timeout_seconds, withdrawal)
        self._refuse_while_resting()
        with self._gate.take_place(patience), self._leaving_alone(patience):
            try:
                return self._ask(Wanted(prompt, schema, thinking, cache_salt), patience)
            except OnlyThought as lost:
                if not thinking:
                    raise
                if not lost.at_limit:
                    self._memory.remember_lost_answer()
                return self._ask(Wanted(prompt, schema, thinking=False, cache_salt=cache_salt), patience)

    def _ask_for_served(self) -> tuple[ServedModel, ...]:
        if not self._tells_context:
            return ()
        patience = Patience(min(CONTEXT_SECONDS, self._timeout_seconds))
        try:
            with self._leaving_alone(patience):
                return self._list_served(patience)
        except ModelDown:
            return ()
        except ModelUnavailable:
            # It answered, and does not say: asking before every question would only make them slower.
            self._tells_context = False
            return ()

    def _ask(self, wanted: Wanted, patience: Patience) -> Completion:
        model = self._choose_model(patience)
        offered = build_extras(self._dialect, priority=self._priority, cache_salt=wanted.cache_salt)
        level = self._memory.first_level(thinking=wanted.thinking)
        while True:
            extras = self._memory.keep_accepted(offered)
            body = build_request(wanted, model=model, dialect=self._dialect, level=level, extras=extras)
            try:
                received = stream_answer(self._client, body, patience)
            except RequestRefused as refusal:
                level = self._memory.learn_refusal(refusal, extras, level)
            except NoSuchModel:
                # It may have been started anew with another model: whatever it serves is looked up again.
                self._served, self._tells_context = None, True
                raise
            else:
                break
        self._memory.remember_level(level, thinking=wanted.thinking)
        has_toggle = wanted.thinking and self._dialect != "openai"
        return received.to_completion(requested_model=model, thinking=has_toggle, level=level)

    def _choose_model(self, patience: Patience) -> str:
        if self._model is not None:
            return self._model
        served = self._list_served(patience)
        if not served:
            self._served = None
            raise ModelUnavailable("it serves no model")
        return served[0].model_id

    def _list_served(self, patience: Patience) -> tuple[ServedModel, ...]:
        if not self._listing.acquire(timeout=patience.seconds_left()):
            raise ModelDown(TOOK_TOO_LONG)
        try:
            if self._served is None:
                self._served = list_served_models(self._client, patience)
            return self._served
        finally:
            self._listing.release()

    def _refuse_while_resting(self) -> None:
        with _plain_resting():
            self._circuit.refuse_while_resting()

    @contextmanager
    def _leaving_alone(self, patience: Patience) -> Iterator[None]:
        """Watch whether it is up. Seconds that were spent waiting for a place are no fault of the endpoint."""
        had_time = patience.seconds_left() >= patience.seconds / 2

        def judge(error: BaseException) -> Outcome:
            if isinstance(error, ModelDown):
                return "is down" if had_time else "says nothing"
            # A question that was withdrawn, or a defect of ours, tells nothing about the endpoint.
            return "works" if isinstance(error, ModelUnavailable) else "says nothing"

        with _plain_resting(), self._circuit.watch(judge):
            yield


@contextmanager
def _plain_resting() -> Iterator[None]:
    try:
        yield
    except Resting as resting:
        seconds = f"{resting.seconds:.0f}"
        raise ModelDown(f"it did not answer just now and is left alone for {seconds} s") from None
