"""The Web API of the fake keeps Slack's promises to a real slack_sdk client."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.signature import SignatureVerifier

from tests.fakes import slack_events as events
from tests.fakes.slack_server import Channel, FakeSlack, User

ASKER = "U1"
SAFE: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none"}


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        fake.add(User(ASKER, "Ada", email="ada@home.example"))
        fake.add_channel("C1", ASKER)
        yield fake


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.url, timeout=5)


def post_answer(client: WebClient, text: str = "An answer", **extra: Any) -> str:
    return str(client.chat_postMessage(channel="C1", text=text, **SAFE, **extra)["ts"])


def test_request_cut_off_by_the_death_of_its_client_is_no_call(slack: FakeSlack) -> None:
    with socket.create_connection(("127.0.0.1", slack.port)) as dying:
        dying.sendall(
            b"POST /api/assistant.threads.setStatus HTTP/1.1\r\nHost: slack\r\n"
            b"Content-Type: application/json\r\nContent-Length: 40\r\n\r\n"
        )
        dying.shutdown(socket.SHUT_WR)
        assert dying.recv(100) == b""
    assert slack.calls() == []
    assert slack.violations == []


def test_post_is_kept_and_found_in_its_thread_with_metadata(slack: FakeSlack, client: WebClient) -> None:
    event = events.build_mention(ASKER, "C1", "hello")
    slack.deliver(event)
    metadata = {"event_type": "answer", "event_payload": {"answer_id": "a1"}}
    ts = post_answer(client, f"<@{ASKER}> An answer", thread_ts=event["ts"], metadata=metadata)
    plain = client.conversations_replies(channel="C1", ts=event["ts"])["messages"]
    full = client.conversations_replies(channel="C1", ts=event["ts"], include_all_metadata=True)["messages"]
    assert [message["ts"] for message in plain] == [event["ts"], ts]
    assert "metadata" not in plain[1] and full[1]["metadata"] == metadata
    assert slack.posts(thread_ts=event["ts"])[0]["text"] == f"<@{ASKER}> An answer"
    assert slack.violations == []


def test_mention_of_somebody_who_did_not_ask_is_a_violation(slack: FakeSlack, client: WebClient) -> None:
    slack.deliver(events.build_mention(ASKER, "C1", "hello"))
    post_answer(client, "<@U2> look")
    assert len(slack.violations) == 1


def test_message_can_be_updated_and_shown_to_one_person(slack: FakeSlack, client: WebClient) -> None:
    ts = post_answer(client)
    client.chat_update(channel="C1", ts=ts, text="Another answer")
    assert client.conversations_history(channel="C1")["messages"][0]["text"] == "Another answer"
    assert client.chat_postEphemeral(channel="C1", user=ASKER, text="Only you")["ok"]
    with pytest.raises(SlackApiError, match="message_not_found"):
        client.chat_update(channel="C1", ts="1.000000", text="x")


def test_people_and_channels_are_described_as_seeded(slack: FakeSlack, client: WebClient) -> None:
    slack.add(User("U9", "Guest", is_ultra_restricted=True, team_id="T9"))
    slack.add(Channel("C9", "shared", is_ext_shared=True, members=("U9", ASKER, "U3")))
    assert client.users_info(user=ASKER)["user"]["profile"]["email"] == "ada@home.example"
    guest = client.users_info(user="U9")["user"]
    assert (guest["is_ultra_restricted"], guest["team_id"]) == (True, "T9")
    assert client.conversations_info(channel="C9")["channel"]["is_ext_shared"]
    pages = [page["members"] for page in client.conversations_members(channel="C9", limit=2)]
    assert pages == [["U9", ASKER], ["U3"]]
    body = events.build_body(events.build_message("U9", "C9", "x"), is_ext_shared=True)
    assert body["is_ext_shared_channel"]


def test_direct_post_to_a_user_opens_the_conversation(slack: FakeSlack, client: WebClient) -> None:
    assert client.chat_postMessage(channel=ASKER, text="Hello", **SAFE)["channel"] == f"D{ASKER}"


def test_views_are_published_and_opened_by_a_fresh_trigger_only(slack: FakeSlack, client: WebClient) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    client.views_publish(user_id=ASKER, view=home)
    command = events.build_command(ASKER, "C1", "/onbrand")
    slack.deliver(command)
    title = {"type": "plain_text", "text": "Proof"}
    modal = {"type": "modal", "title": title, "blocks": []}
    view = client.views_open(trigger_id=command["trigger_id"], view=modal)["view"]
    client.views_update(view_id=view["id"], view=modal)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        client.views_open(trigger_id=command["trigger_id"], view=modal)
    assert slack.workspace.homes[ASKER]["blocks"] == home["blocks"]
    assert slack.violations == []


def test_assistant_calls_are_kept(slack: FakeSlack, client: WebClient) -> None:
    client.assistant_threads_setStatus(channel_id="D1", thread_ts="1.0", status="is searching")
    client.assistant_threads_setSuggestedPrompts(channel_id="D1", prompts=[{"title": "a", "message": "b"}])
    assert slack.workspace.statuses == {("D1", "1.0"): "is searching"}
    assert slack.workspace.prompts["D1"]["prompts"] == [{"title": "a", "message": "b"}]
    assert slack.violations == []


def test_unknown_method_fails_loudly(slack: FakeSlack, client: WebClient) -> None:
    with pytest.raises(SlackApiError, match="unknown_method"):
        client.api_call("chat.shout", json={})
    assert slack.violations == ["chat.shout: unknown method"]


def test_missing_argument_wrong_token_and_foreign_channel_are_refused(
    slack: FakeSlack, client: WebClient
) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        client.api_call("chat.update", json={"text": "x"})
    with pytest.raises(SlackApiError, match="invalid_auth"):
        WebClient(token="xoxb-wrong", base_url=slack.url).auth_test()
    slack.add(Channel("C2", members=(ASKER,)))
    with pytest.raises(SlackApiError, match="not_in_channel"):
        client.chat_postMessage(channel="C2", text="x", **SAFE)
    assert slack.posts() == []


def test_form_encoded_and_json_bodies_mean_the_same(slack: FakeSlack, client: WebClient) -> None:
    arguments = {"channel": "C1", "text": "x", **SAFE, "blocks": [{"type": "divider"}]}
    encoded = {
        key: json.dumps(value) if not isinstance(value, str) else value for key, value in arguments.items()
    }
    client.api_call("chat.postMessage", json=arguments)
    client.api_call("chat.postMessage", data=encoded)
    first, second = slack.calls("chat.postMessage")
    assert first.arguments == second.arguments == arguments


def test_rate_limited_call_is_repeated_after_the_named_second(slack: FakeSlack, client: WebClient) -> None:
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=2))
    slack.fail_next("chat.postMessage", status=429, retry_after=1)
    post_answer(client)
    refused, accepted = slack.calls("chat.postMessage")
    assert (refused.status, accepted.status) == (429, 200)
    assert accepted.at - refused.at >= 1
    assert len(slack.posts()) == 1


def test_rate_limit_may_come_with_an_empty_body(slack: FakeSlack, client: WebClient) -> None:
    slack.fail_next("chat.postMessage", empty_body=True)
    with pytest.raises(SlackApiError) as caught:
        post_answer(client)
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert post_answer(client)


def test_hanging_post_is_accepted_but_never_answered(slack: FakeSlack, client: WebClient) -> None:
    slack.hang_next("chat.postMessage")
    client.timeout = 0.2  # type: ignore[assignment]
    with pytest.raises(TimeoutError):
        post_answer(client)
    assert len(slack.posts()) == 1
    assert client.conversations_history(channel="C1")["messages"][0]["text"] == "An answer"


def test_hung_calls_can_be_let_go(slack: FakeSlack, client: WebClient) -> None:
    slack.hang_next("chat.postMessage", after=False)
    threading.Timer(0.1, slack.release_hung).start()
    client.retry_handlers.clear()
    with pytest.raises((ConnectionError, OSError)):
        post_answer(client)
    assert slack.posts() == []


def test_server_error_can_strike_before_or_after_acceptance(slack: FakeSlack, client: WebClient) -> None:
    slack.fail_next("chat.postMessage", status=500)
    slack.fail_next("chat.postMessage", status=503, after=True)
    for _ in range(2):
        with pytest.raises(SlackApiError):
            post_answer(client)
    assert [call.accepted for call in slack.calls("chat.postMessage")] == [False, True]
    assert len(slack.posts()) == 1


def test_scripted_error_code_is_answered_once(slack: FakeSlack, client: WebClient) -> None:
    slack.fail_next("chat.postMessage", error="is_archived")
    with pytest.raises(SlackApiError, match="is_archived"):
        post_answer(client)
    assert post_answer(client)


def test_rate_tiers_hold_per_channel_when_switched_on(client: WebClient, slack: FakeSlack) -> None:
    slack.desk.enforce_rates = True
    slack.add_channel("C2", ASKER)
    for _ in range(3):
        post_answer(client)
    with pytest.raises(SlackApiError, match="ratelimited"):
        post_answer(client)
    assert client.chat_postMessage(channel="C2", text="x", **SAFE)["ok"]


def test_crawler_fetches_addresses_unless_both_switches_are_off(slack: FakeSlack, client: WebClient) -> None:
    link = "<https://home.example/guide|Guide>"
    post_answer(client, link)
    assert slack.crawls == [] and slack.list_urls() == ("https://home.example/guide",)
    client.chat_postMessage(channel="C1", text=link)
    assert [crawl.urls for crawl in slack.crawls] == [("https://home.example/guide",)]
    assert len(slack.violations) == 3


def test_scopes_needed_so_far_are_compared_with_the_manifest(slack: FakeSlack, client: WebClient) -> None:
    slack.deliver(events.build_mention(ASKER, "C1", "hello"))
    client.users_info(user=ASKER)
    slack.add_channel("G1", kind="group")
    client.conversations_info(channel="G1")
    manifest = ["users:read", "users:read.email", "files:read"]
    assert slack.missing_scopes(manifest) == {"app_mentions:read", "groups:read"}
    assert slack.unused_scopes(manifest) == {"files:read"}


def test_call_without_granted_scope_is_refused(slack: FakeSlack, client: WebClient) -> None:
    slack.desk.granted_scopes = frozenset({"users:read"})
    assert "email" not in client.users_info(user=ASKER)["user"]["profile"]
    with pytest.raises(SlackApiError, match="missing_scope"):
        post_answer(client)


def test_mention_comes_as_two_events_with_one_time_stamp() -> None:
    mention, message = events.build_mention_pair(ASKER, "C1", "hello")
    assert (mention["type"], message["type"]) == ("app_mention", "message")
    assert mention["ts"] == message["ts"] and mention["client_msg_id"] == message["client_msg_id"]
    assert events.build_body(mention)["event_id"] != events.build_body(message)["event_id"]


def test_time_stamps_only_grow() -> None:
    stamps = [float(events.next_ts()) for _ in range(50)]
    assert stamps == sorted(set(stamps))


class SignedReceiver(BaseHTTPRequestHandler):
    """Answers 200 to a rightly signed body and 401 to anything else, with the retry number as body."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        good = SignatureVerifier("secret").is_valid_request(body, headers)
        self.send_response(200 if good else 401)
        self.end_headers()
        self.wfile.write(headers.get("x-slack-retry-num", "first").encode())

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def test_event_over_http_carries_a_signature_and_the_retry_number(slack: FakeSlack) -> None:
    event = events.build_mention(ASKER, "C1", "hello")
    with HTTPServer(("127.0.0.1", 0), SignedReceiver) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/slack/events"
        assert slack.deliver_http(url, event, "secret") == (200, "first")
        assert slack.deliver_http(url, event, "secret", retry=1) == (200, "1")
        assert slack.deliver_http(url, event, "forged")[0] == 401
        assert slack.deliver_http(url, event, "secret", age_seconds=600)[0] == 401
        server.shutdown()


def test_http_delivery_is_signed_as_slack_signs() -> None:
    headers = events.sign_body(b'{"a":1}', "secret", timestamp=int(time.time()))
    assert SignatureVerifier("secret").is_valid_request(b'{"a":1}', headers)
    stale = events.sign_body(b'{"a":1}', "secret", timestamp=int(time.time()) - 600)
    assert not SignatureVerifier("secret").is_valid_request(b'{"a":1}', stale)
