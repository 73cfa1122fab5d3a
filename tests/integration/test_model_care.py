"""How an endpoint is treated: left alone while down, never asked too often at once, let go when nobody waits."""

import threading
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import pytest

from core.clock import pause
from core.llm import ModelDown, QuestionWithdrawn
from core.model_gate import Patience
from core.withdrawal import Withdrawal
from tests.fakes.llm_endpoint import EMPTY_ANSWER, LlmEndpoint, serve_llm
from tests.integration.model_calls import PROMPT, SCHEMA, connect, fail

WAIT_SECONDS = 5.0


@pytest.fixture
def endpoint() -> Iterator[LlmEndpoint]:
    with serve_llm() as running:
        yield running
        running.going_on.set()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = monotonic() + WAIT_SECONDS
    while not is_so():
        assert monotonic() < deadline
        pause(0.005)


# --- Left alone while it is down ---


def test_endpoint_that_failed_three_times_in_a_row_is_left_alone_and_says_so(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "status_503"
    model = connect(endpoint, rest_seconds=20.0)
    assert [fail(model) for _ in range(3)] == ["it failed with HTTP 503"] * 3
    assert fail(model) == "it did not answer just now and is left alone for 20 s"
    assert model.context_tokens is None
    assert (len(endpoint.requests), endpoint.listings) == (3, 0)


def test_context_that_is_known_is_no_sign_of_life(endpoint: LlmEndpoint) -> None:
    model = connect(endpoint, model=None, failures_before_rest=2)
    assert model.context_tokens == 131072
    endpoint.fault = "status_503"
    for _ in range(2):
        assert fail(model) == "it failed with HTTP 503"
        assert model.context_tokens == 131072
    assert "left alone" in fail(model)
    assert model.context_tokens == 131072


def test_one_try_after_the_rest_opens_it_for_all_again(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "cut_mid_stream"
    endpoint.write = lambda _body: '{"x": "' + "y" * 80 + '"}'
    model = connect(endpoint, failures_before_rest=1, rest_seconds=0.1)
    assert fail(model) == "the connection broke off"
    assert "left alone" in fail(model)
    endpoint.fault = "none"
    pause(0.12)
    endpoint.going_on.clear()
    answers: list[str] = []
    first = threading.Thread(
        target=lambda: answers.append(model.complete_json(PROMPT, schema=SCHEMA).served_model)
    )
    first.start()
    wait_until(lambda: endpoint.in_flight == 1)
    assert "left alone" in fail(model)
    endpoint.going_on.set()
    first.join(WAIT_SECONDS)
    assert answers == ["deepseek-v4-flash"]
    assert model.complete_json(PROMPT, schema=SCHEMA).text


def test_try_that_fails_begins_a_new_rest(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "status_503"
    model = connect(endpoint, failures_before_rest=2, rest_seconds=0.1)
    fail(model)
    fail(model)
    pause(0.12)
    assert fail(model) == "it failed with HTTP 503"
    assert "left alone" in fail(model)
    assert len(endpoint.requests) == 3


@pytest.mark.parametrize(
    "fault", ["status_401", "status_429", "not_json", "context_too_long", "null_content"]
)
def test_endpoint_that_answers_is_not_left_alone_however_bad_its_answer(
    endpoint: LlmEndpoint, fault: Any
) -> None:
    endpoint.fault = fault
    model = connect(endpoint, failures_before_rest=1)
    assert fail(model) == fail(model)
    endpoint.fault = "none"
    assert model.complete_json(PROMPT, schema=SCHEMA).text == EMPTY_ANSWER


def test_endpoint_that_was_given_its_time_and_hung_is_left_alone(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "hang"
    model = connect(endpoint, failures_before_rest=1, timeout_seconds=0.2)
    assert fail(model) == "it took too long"
    assert "left alone" in fail(model)


def test_time_that_a_question_spent_in_our_own_queue_is_not_held_against_the_endpoint(
    endpoint: LlmEndpoint,
) -> None:
    endpoint.fault = "hang"
    model = connect(endpoint, failures_before_rest=1, in_flight=1, timeout_seconds=0.6)
    reasons: list[str] = []
    with model._gate.take_place(Patience(WAIT_SECONDS)):
        waiting = threading.Thread(target=lambda: reasons.append(fail(model)))
        waiting.start()
        pause(0.4)
    waiting.join(WAIT_SECONDS)
    assert (reasons, len(endpoint.requests)) == (["it took too long"], 1)
    endpoint.fault = "none"
    assert model.complete_json(PROMPT, schema=SCHEMA).text == EMPTY_ANSWER


def test_withdrawn_question_is_no_failure_of_the_endpoint(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "hang"
    model = connect(endpoint, failures_before_rest=1, timeout_seconds=WAIT_SECONDS)
    withdrawal = Withdrawal()
    timer = threading.Timer(0.1, withdrawal.withdraw)
    timer.start()
    assert fail(model, withdrawal=withdrawal) == "the question was withdrawn"
    endpoint.fault = "none"
    assert model.complete_json(PROMPT, schema=SCHEMA).text == EMPTY_ANSWER


def test_reasons_of_a_resting_endpoint_are_those_of_one_that_is_down(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "status_503"
    model = connect(endpoint, failures_before_rest=1)
    fail(model)
    with pytest.raises(ModelDown):
        model.complete_json(PROMPT, schema=SCHEMA)


# --- No more than so many at once ---


def test_no_more_requests_than_allowed_are_in_flight_and_the_others_get_their_turn(
    endpoint: LlmEndpoint,
) -> None:
    endpoint.fault = "slow_first_token"
    model = connect(endpoint, in_flight=3)
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda: answers.append(model.complete_json(PROMPT, schema=SCHEMA).text))
        for _ in range(9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    assert answers == [EMPTY_ANSWER] * 9
    assert endpoint.most_in_flight == 3


def test_question_withdrawn_while_it_waits_for_its_turn_ends_at_once_and_is_never_sent(
    endpoint: LlmEndpoint,
) -> None:
    endpoint.going_on.clear()
    model = connect(endpoint, in_flight=1, timeout_seconds=0.8, failures_before_rest=1)
    reasons: list[str] = []
    first = threading.Thread(target=lambda: reasons.append(fail(model)))
    first.start()
    wait_until(lambda: endpoint.in_flight == 1)
    withdrawal = Withdrawal()
    second = threading.Thread(target=lambda: reasons.append(fail(model, withdrawal=withdrawal)))
    second.start()
    withdrawal.withdraw()
    second.join(WAIT_SECONDS)
    assert reasons == ["the question was withdrawn"]
    first.join(WAIT_SECONDS)
    assert reasons[1:] == ["it took too long"]
    assert len(endpoint.requests) == 1


def test_question_that_gets_no_turn_in_time_hears_that_the_model_is_busy(endpoint: LlmEndpoint) -> None:
    endpoint.going_on.clear()
    patient, hasty = connect(endpoint, in_flight=1, timeout_seconds=WAIT_SECONDS), 0.2
    first = threading.Thread(target=lambda: patient.complete_json(PROMPT, schema=SCHEMA))
    first.start()
    wait_until(lambda: endpoint.in_flight == 1)
    patient._timeout_seconds = hasty
    started = monotonic()
    assert fail(patient) == "it is too busy"
    assert hasty <= monotonic() - started < hasty + 1.0
    endpoint.going_on.set()
    first.join(WAIT_SECONDS)


# --- Withdrawn ---


@pytest.mark.parametrize("fault", ["hang", "drip", "silent"])
def test_withdrawn_question_ends_at_once_and_its_connection_is_closed(
    endpoint: LlmEndpoint, fault: Any
) -> None:
    endpoint.fault = fault
    withdrawal = Withdrawal()
    waiter = threading.Thread(target=withdraw_once_asked, args=(endpoint, withdrawal))
    waiter.start()
    started = monotonic()
    with pytest.raises(QuestionWithdrawn, match=r"^the question was withdrawn$"):
        connect(endpoint, timeout_seconds=60.0).complete_json(PROMPT, schema=SCHEMA, withdrawal=withdrawal)
    assert monotonic() - started < 2.0
    assert endpoint.closed_early.wait(3.0)
    assert len(endpoint.requests) == 1
    waiter.join(WAIT_SECONDS)


def withdraw_once_asked(endpoint: LlmEndpoint, withdrawal: Withdrawal) -> None:
    wait_until(lambda: endpoint.in_flight == 1)
    withdrawal.withdraw()


def test_question_that_was_withdrawn_before_is_never_sent(endpoint: LlmEndpoint) -> None:
    withdrawal = Withdrawal()
    withdrawal.withdraw()
    assert fail(connect(endpoint), withdrawal=withdrawal) == "the question was withdrawn"
    assert endpoint.requests == []


def test_server_that_sends_no_head_is_cut_at_the_deadline(endpoint: LlmEndpoint) -> None:
    endpoint.fault = "silent"
    assert fail(connect(endpoint, timeout_seconds=0.3)) == "it took too long"
    assert endpoint.closed_early.wait(3.0)
