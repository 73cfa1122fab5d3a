"""An embedder behind an OpenAI-compatible `/v1/embeddings` endpoint. Opened by index/embedders.py."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import NoReturn

import httpx2
import numpy as np
import openai
from numpy.typing import NDArray

from core.clock import pause
from core.deadline import cut_off_at
from core.openai_wire import open_client
from index.embedder import NO_PREFIXES, EmbedderUnavailable, Prefixes
from index.model_endpoint import ModelEndpoint, list_batches, make_readable, read_indexed, read_retry_after
from index.unit_vectors import EmbeddingsUnusable, make_unit_vectors

CONNECT_SECONDS = 4.0
FIRST_CLIENT_ERROR, FIRST_SERVER_ERROR = 400, 500
BUSY = (408, 409, 425, 429)
# These say that the endpoint is not set up for us; every other 4xx speaks of the texts that were sent.
NOT_SET_UP = {
    401: "it refused our key; check ONBRAND_EMBEDDER_KEY",
    403: "it refused our key; check ONBRAND_EMBEDDER_KEY",
    404: "there is no such address or model; check ONBRAND_EMBEDDER_URL and ONBRAND_EMBEDDER_MODEL",
    405: "it embeds nothing at this address; check ONBRAND_EMBEDDER_URL",
}

_log = logging.getLogger(__name__)


class EmbeddingEndpointUnavailable(EmbedderUnavailable):
    """The endpoint gave no answer in time, or turned us away. No text and no key is ever in the message."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(
            f"the embedding endpoint at {host!r} cannot be used: {reason}. "
            "See `onbrand doctor`; the call may be repeated"
        )


@dataclass(frozen=True, slots=True)
class EndpointLimits:
    """Sizes of requests and bounds of patience. Seconds of `deadline` and `question` include all attempts."""

    batch_texts: int = 64
    batch_characters: int = 100_000
    attempts: int = 4
    first_wait_seconds: float = 0.5
    request_seconds: float = 60.0
    deadline_seconds: float = 180.0
    question_seconds: float = 10.0


DEFAULT_LIMITS = EndpointLimits()
ASKER_LIMITS = EndpointLimits(attempts=2, first_wait_seconds=0.2, deadline_seconds=4.0, question_seconds=3.0)
"""For those who wait for an answer: the same question by its words alone is better than a late one."""


class _WorthRetrying(Exception):
    """One attempt failed; another may not. `wait_seconds` is what the endpoint asked for."""

    def __init__(self, reason: str, wait_seconds: float | None = None) -> None:
        self.wait_seconds = wait_seconds
        super().__init__(reason)


class EndpointEmbedder:
    """One model of one endpoint. Thread-safe. Raises EmbeddingEndpointUnavailable and EmbeddingsUnusable."""

    def __init__(
        self,
        endpoint: ModelEndpoint,
        *,
        prefixes: Prefixes = NO_PREFIXES,
        limits: EndpointLimits = DEFAULT_LIMITS,
    ) -> None:
        self._client = open_client(url=endpoint.url, key=endpoint.key)
        self._host = endpoint.host
        self._model = endpoint.model
        self._prefixes = prefixes
        self._limits = limits
        self._dimension: int | None = None
        self._probing = Lock()

    @property
    def dimension(self) -> int:
        """Numbers in one vector: asked once, with one short text, unless it is known."""
        with self._probing:
            if self._dimension is None:
                self._dimension = int(
                    self._request_in_time(["dimension"], self._limits.question_seconds).shape[1]
                )
            return self._dimension

    @property
    def fingerprint(self) -> str:
        """Model and prefixes. Which weights the endpoint serves under that name, it does not say."""
        return f"endpoint:{self._model}:{self._prefixes.name()}"

    def expect_dimension(self, dimension: int) -> None:
        """Say what is known of the index built with this very model: opening it then asks nobody."""
        self._dimension = dimension

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """[n, dimension], unit length; every batch or none."""
        dimension, prefix = self.dimension, self._prefixes.passage or ""
        batches = list_batches(
            [make_readable(prefix + text) for text in texts],
            most_texts=self._limits.batch_texts,
            most_characters=self._limits.batch_characters,
        )
        embedded = [self._request_in_time(batch, self._limits.deadline_seconds) for batch in batches]
        return np.concatenate([np.empty((0, dimension), dtype=np.float32), *embedded])

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """[dimension], unit length. An asker waits: the time limit is a short one."""
        asked = [make_readable((self._prefixes.question or "") + text)]
        vector: NDArray[np.float32] = self._request_in_time(asked, self._limits.question_seconds)[0]
        return vector

    def warm_up(self) -> None:
        """Ask for one vector, so that a wrong address is known before the first text."""
        self.embed_question("warm up")

    def _request_in_time(self, texts: Sequence[str], seconds: float) -> NDArray[np.float32]:
        """Unit vectors of one request, tried again with growing waits while that can help."""
        deadline = monotonic() + seconds
        for attempt in range(1, self._limits.attempts + 1):
            try:
                return self._request(texts, deadline)
            except _WorthRetrying as failed:
                wait = failed.wait_seconds or self._limits.first_wait_seconds * 2 ** (attempt - 1)
                if attempt == self._limits.attempts or monotonic() + wait >= deadline:
                    raise EmbeddingEndpointUnavailable(self._host, f"{failed} ({attempt} attempts)") from None
                _log.warning(
                    "embedding request failed (%s), attempt %d, next in %.1f s", failed, attempt, wait
                )
                pause(wait)
        raise AssertionError("the last attempt returns or raises")

    def _request(self, texts: Sequence[str], deadline: float) -> NDArray[np.float32]:
        seconds = max(0.001, min(self._limits.request_seconds, deadline - monotonic()))
        timeout = openai.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
        create = self._client.embeddings.with_streaming_response.create
        with (
            self._naming_failures(),
            create(
                input=list(texts), model=self._model, encoding_format="float", timeout=timeout
            ) as response,
            cut_off_at(monotonic() + seconds, response.http_response),
        ):
            answer = response.read()
        try:
            rows = read_indexed(answer, "data", "embedding", expected=len(texts))
        except ValueError as error:
            raise EmbeddingsUnusable(self._model, str(error)) from None
        return make_unit_vectors(rows, model=self._model, texts=len(texts), dimension=self._dimension)

    @contextmanager
    def _naming_failures(self) -> Iterator[None]:
        """What the client raises, sorted into: try again, not set up, and texts that the endpoint will not take."""
        try:
            yield
        except openai.APITimeoutError:
            raise _WorthRetrying("it took too long") from None
        except openai.APIStatusError as error:
            self._name_status(error)
        except openai.APIConnectionError as error:
            is_absent = type(error.__cause__).__name__ == "ConnectError"
            raise _WorthRetrying(
                "it cannot be reached" if is_absent else "the connection broke off"
            ) from None
        except (openai.OpenAIError, httpx2.HTTPError):
            # The body is read by us, outside the client: its failures come bare.
            raise _WorthRetrying("the connection broke off") from None

    def _name_status(self, error: openai.APIStatusError) -> NoReturn:
        status = error.status_code
        if status in BUSY or status >= FIRST_SERVER_ERROR:
            wait = read_retry_after(error.response.headers.get("retry-after"))
            raise _WorthRetrying(f"it answered with HTTP {status}", wait) from None
        if status in NOT_SET_UP or status < FIRST_CLIENT_ERROR:
            reason = NOT_SET_UP.get(status, "it points to another address; no redirect is followed")
            raise EmbeddingEndpointUnavailable(self._host, f"{reason} (HTTP {status})") from None
        raise EmbeddingsUnusable(
            self._model, f"the endpoint refused the texts with HTTP {status}; one may be longer than it reads"
        ) from None
