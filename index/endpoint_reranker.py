"""A reranker behind a `/rerank` endpoint. Opened by index/reranker.py."""

from collections.abc import Sequence
from time import monotonic
from typing import Any

import httpx2
import numpy as np
from numpy.typing import NDArray

from core.deadline import cut_off_at
from core.errors import TransientError
from index.model_endpoint import ModelEndpoint, make_readable, read_indexed
from index.scores import ScoresUnusable, check_scores

# An asker waits, and the fused order is there already.
CONNECT_SECONDS, MOST_SECONDS = 1.0, 4.0
OK = 200


class RerankerUnavailable(TransientError):
    """The endpoint gave no answer in time, or turned us away. No text and no key is ever in the message."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"the reranker at {host!r} cannot be used: {reason}. See `onbrand doctor`")


class EndpointReranker:
    """One model behind `POST {url}/rerank`, as Cohere and vLLM speak it. One attempt, seconds at most. Thread-safe."""

    def __init__(self, endpoint: ModelEndpoint, *, seconds: float = MOST_SECONDS) -> None:
        self._endpoint = endpoint
        self._seconds = seconds
        # One connection a request: none is left half dead in a pool, and cutting one off never hits another's.
        headers = {"Connection": "close"}
        headers |= {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
        timeout = httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
        # Neither proxy nor key of the environment, and no redirect: it talks to this address and nowhere else.
        self._client = httpx2.Client(
            headers=headers, timeout=timeout, trust_env=False, follow_redirects=False
        )

    def rerank(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """See Reranker. Raises RerankerUnavailable and ScoresUnusable."""
        body = {
            "model": self._endpoint.model,
            "query": make_readable(question),
            "documents": [make_readable(text) for text in texts],
            "top_n": len(texts),
        }
        try:
            scores = read_indexed(self._post(body), "results", "relevance_score", expected=len(texts))
        except ValueError as error:
            raise ScoresUnusable(self._endpoint.model, str(error)) from None
        return check_scores(scores, model=self._endpoint.model, texts=len(texts))

    def _post(self, body: dict[str, Any]) -> bytes:
        deadline, url = monotonic() + self._seconds, f"{self._endpoint.url.rstrip('/')}/rerank"
        try:
            with self._client.stream("POST", url, json=body) as response, cut_off_at(deadline, response):
                content = response.read()
        except httpx2.TimeoutException:
            raise RerankerUnavailable(self._endpoint.host, "it took too long") from None
        except httpx2.HTTPError as error:
            is_absent = isinstance(error, httpx2.ConnectError)
            reason = "it cannot be reached" if is_absent else "the connection broke off"
            raise RerankerUnavailable(self._endpoint.host, reason) from None
        if response.status_code != OK:
            raise RerankerUnavailable(self._endpoint.host, f"it answered with HTTP {response.status_code}")
        return content
