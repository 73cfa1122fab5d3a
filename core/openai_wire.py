"""Talks to an OpenAI-compatible endpoint through the `openai` client, and turns every failure into a plain reason.

Used by core/openai_model.py, core/model_preflight.py and, for its client, index/endpoint_embedder.py.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import openai

from core.deadline import Line, hand_over_line, requests_on
from core.llm import ModelDown, ModelUnavailable, ServedModel
from core.model_gate import TOO_BUSY, TOOK_TOO_LONG, Patience
from core.model_memory import RequestRefused
from core.model_stream import ReceivedAnswer

# A server that is down should be known quickly, however long its answers may take.
CONNECT_SECONDS = 4.0
RETRIES_OF_BROKEN_CONNECTION = 1
FIRST_SERVER_ERROR = 500
BROKE_OFF = "the connection broke off"
# The two ways in which a server says that it does not like what it was sent.
_REFUSALS = (openai.BadRequestError, openai.UnprocessableEntityError)

_log = logging.getLogger(__name__)
# At DEBUG the client logs whole requests, prompt and all: documents do not belong into logs.
logging.getLogger("openai").setLevel(logging.WARNING)


class NoSuchModel(ModelUnavailable):
    """The server knows the path or the model no more."""


class _BrokenConnection(Exception):
    """The connection was reset, refused or cut before the answer was whole: worth one fresh request."""


def open_client(*, url: str, key: str | None) -> openai.OpenAI:
    """A client that talks to `url` and nowhere else: no proxy or organisation of the environment, no redirect."""
    direct = {"http://": None, "https://": None, "all://": None}
    http_client = openai.DefaultHttpxClient(
        follow_redirects=False, mounts=direct, event_hooks={"request": [hand_over_line]}
    )
    # One connection per answer: none is left half dead in a pool, and cutting one off never hits another's.
    headers = {"Connection": "close"}
    # The client insists on a key; an endpoint without one ignores this word.
    client = openai.OpenAI(
        base_url=url, api_key=key or "none", max_retries=0, http_client=http_client, default_headers=headers
    )
    client.organization = None
    client.project = None
    return client


def stream_answer(
    client: openai.OpenAI,
    body: Mapping[str, Any],
    patience: Patience,
    *,
    is_enough: Callable[[ReceivedAnswer], bool] = lambda _received: False,
) -> ReceivedAnswer:
    """One streamed request, repeated once when its connection breaks; it is ended early once `is_enough`.

    Raises RequestRefused when the server finds the request itself wrong, ModelUnavailable otherwise.
    """
    reason = ""
    for attempt in range(RETRIES_OF_BROKEN_CONNECTION + 1):
        try:
            with _plain_failures(patience), _on_a_line(patience):
                return _stream_once(client, body, patience, is_enough)
        except _BrokenConnection as broken:
            _log.warning("model request failed (%s), attempt %d", broken, attempt + 1)
            reason = str(broken)
    raise ModelDown(reason)


def list_served_models(client: openai.OpenAI, patience: Patience) -> tuple[ServedModel, ...]:
    """The models that the endpoint lists, in its order. Raises ModelUnavailable."""
    try:
        with _plain_failures(patience), _on_a_line(patience):
            listed = client.models.list(timeout=_build_timeout(patience)).data
            return tuple(ServedModel(one.id, _context_tokens(one)) for one in listed or [])
    except _BrokenConnection as broken:
        raise ModelDown(str(broken)) from None
    except RequestRefused:
        raise ModelUnavailable("it does not say which models it serves") from None


def probe_endpoint(*, url: str, key: str | None, timeout_seconds: float) -> tuple[ServedModel, ...]:
    """What the endpoint at `url` serves right now, for `doctor`. Raises ModelUnavailable with a plain reason."""
    return list_served_models(open_client(url=url, key=key), Patience(timeout_seconds))


def answers_without_key(*, url: str, body: Mapping[str, Any], timeout_seconds: float) -> bool:
    """Whether `/invocations`, beside the OpenAI paths, runs the model for whoever asks, as vLLM's does."""
    parts = urlsplit(url)
    root = parts._replace(path=parts.path.rstrip("/").removesuffix("/v1"), query="").geturl()
    patience = Patience(timeout_seconds)
    client = open_client(url=root, key=None)
    try:
        with _plain_failures(patience), _on_a_line(patience):
            options: Any = {"timeout": _build_timeout(patience)}
            answer = client.post("/invocations", body=dict(body), cast_to=object, options=options)
    except (ModelUnavailable, RequestRefused, _BrokenConnection):
        return False
    # Some servers answer every path with a page: only the model's own answer counts.
    return isinstance(answer, Mapping) and "choices" in answer


def _stream_once(
    client: openai.OpenAI,
    body: Mapping[str, Any],
    patience: Patience,
    is_enough: Callable[[ReceivedAnswer], bool],
) -> ReceivedAnswer:
    received = ReceivedAnswer()
    with client.chat.completions.create(**body, timeout=_build_timeout(patience)) as chunks:
        for chunk in chunks:
            received.add(chunk)
            patience.seconds_left()
            if is_enough(received):
                return received
    patience.seconds_left()
    if received.is_cut:
        raise _BrokenConnection(BROKE_OFF)
    return received


@contextmanager
def _on_a_line(patience: Patience) -> Iterator[None]:
    """Requests of the block end at the deadline, and at once when the question is withdrawn."""
    line = Line()
    with line.cut_at(patience.deadline), patience.withdrawal.waking(line.cut), requests_on(line):
        yield


@contextmanager
def _plain_failures(patience: Patience) -> Iterator[None]:
    """Turn what the client raises into reasons for people, and a refused request into RequestRefused."""
    try:
        yield
    except openai.APITimeoutError:
        patience.refuse_withdrawn()
        raise ModelDown(TOOK_TOO_LONG) from None
    except _REFUSALS as error:
        raise RequestRefused(f"{error.code} {error.type} {error.message}") from None
    except openai.APIStatusError as error:
        raise _explain_status(error.status_code) from None
    except openai.APIConnectionError as error:
        patience.seconds_left()
        raise _BrokenConnection(_explain_connection(error)) from None
    except (openai.OpenAIError, ValueError, TypeError, AttributeError):
        # The client reads what the server sends without mistrust: garbage surfaces as any of these.
        patience.seconds_left()
        raise ModelUnavailable("it sent something that is not an answer") from None


def _explain_status(status_code: int) -> ModelUnavailable:
    if status_code >= FIRST_SERVER_ERROR:
        return ModelDown(f"it failed with HTTP {status_code}")
    known = {
        401: ModelUnavailable("it refused our key"),
        403: ModelUnavailable("it refused our key"),
        404: NoSuchModel("there is no such model at its address"),
        429: ModelUnavailable(TOO_BUSY),
    }
    return known.get(status_code) or ModelUnavailable(f"it failed with HTTP {status_code}")


def _explain_connection(error: openai.APIConnectionError) -> str:
    # The client wraps every network failure in one class; only the wrapped one tells "never there" from "cut".
    return "it cannot be reached" if type(error.__cause__).__name__ == "ConnectError" else BROKE_OFF


def _build_timeout(patience: Patience) -> openai.Timeout:
    seconds = patience.seconds_left()
    return openai.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))


def _context_tokens(listed: Any) -> int | None:
    value = getattr(listed, "max_model_len", None) or (getattr(listed, "meta", None) or {}).get("n_ctx")
    return value if isinstance(value, int) and value > 0 else None
