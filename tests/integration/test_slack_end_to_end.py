"""`onbrand up` in a process of its own, against a fake Slack: from a typed question to the message with sources."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.delivery import ASK_IN_PRIVATE
from bot.manifest import METHODS_WITHOUT_SCOPE, SCOPES
from tests.fakes import slack_events as events
from tests.fakes.bot_process import BotProcess, build_environment
from tests.fakes.slack_server import Channel, FakeSlack, User

ASKER = "U1"
DIRECT = f"D{ASKER}"
ONBRAND = (sys.executable, "-m", "admin.cli")
QUESTION = "What is our positioning on data security?"
SENTENCE = "We encrypt every customer record at rest & keep it inside the customer's own region."
SECRET = "The renewal discount for shipyards is fourteen percent."
SIDECAR = """
files:
  "security.md":
    title: Security messaging
    status: approved
    access: all
    owner: brand@home.example
    url: https://brand.example/security?a=1&b=2
  "discounts.md": {title: Discounts, status: approved, access: "user:ada@home.example"}
"""


@dataclass(frozen=True, slots=True)
class World:
    """A workspace and a running onbrand."""

    slack: FakeSlack
    bot: BotProcess

    def ask(self, channel: str, text: str) -> dict[str, Any]:
        """Ask as the one member and return the only message of the thread."""
        build = events.build_message if channel == DIRECT else events.build_mention
        event = build(ASKER, channel, text)
        assert self.slack.deliver(event).wait_for_ack()
        [post] = self.slack.wait_for_posts(1, thread_ts=event["ts"])
        assert post["channel"] == channel
        return post


def write_documents(folder: Path) -> None:
    """One document that is open to all and one for the asker alone."""
    folder.mkdir()
    (folder / "security.md").write_text(f"# Messaging\n\n## Our positioning on data security\n\n{SENTENCE}\n")
    (folder / "discounts.md").write_text(f"# Discounts\n\n## Shipyards\n\n{SECRET}\n")
    (folder / "onbrand.yaml").write_text(SIDECAR)


def run_onbrand(home: Path, *arguments: str) -> None:
    """Run one command and require its success."""
    command = (*ONBRAND, *arguments)
    done = subprocess.run(command, cwd=home, env=build_environment(home), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("home")
    write_documents(home / "documents")
    run_onbrand(home, "source", "add", "folder", "company", "--path", str(home / "documents"))
    run_onbrand(home, "sync")
    scopes = [scope.name for scope in SCOPES]
    with FakeSlack(granted_scopes=scopes) as slack:
        slack.add(User(ASKER, "Ada", email="ada@home.example"))
        slack.add(Channel(DIRECT, kind="im", members=(ASKER, events.BOT_USER_ID)))
        slack.add_channel("C1", ASKER)
        bot = BotProcess(home, list_secrets(slack), command=(*ONBRAND, "up")).start()
        try:
            assert slack.wait_for_connections(1, timeout=30), bot.read_log()
            yield World(slack, bot)
        finally:
            bot.kill()
        assert slack.violations == []
        assert slack.crawls == [] or all(not crawl.urls for crawl in slack.crawls)


def list_secrets(slack: FakeSlack) -> dict[str, str]:
    """What `onbrand up` needs to talk to the fake."""
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.url,
        "ONBRAND_ADMINS": "ada@home.example",
    }


def list_quotations(post: dict[str, Any]) -> list[str]:
    """The text of each quotation block, as sent."""
    elements = [element for block in post["blocks"] for element in block.get("elements", ())]
    quotes = [element for element in elements if element["type"] == "rich_text_quote"]
    return ["".join(part["text"] for part in quote["elements"]) for quote in quotes]


def list_mrkdwn(post: dict[str, Any]) -> str:
    """All mrkdwn of a message: verdict, notes and source lines."""
    own = [block["text"]["text"] for block in post["blocks"] if block["type"] == "section"]
    elements = [item for block in post["blocks"] if block["type"] == "context" for item in block["elements"]]
    return "\n".join([*own, *(item["text"] for item in elements)])


@pytest.mark.parametrize("channel", ["C1", DIRECT])
def test_question_is_answered_in_its_thread_with_the_sentence_and_its_source(
    world: World, channel: str
) -> None:
    post = world.ask(channel, QUESTION)
    shown = list_mrkdwn(post)
    assert shown.startswith("*Closest approved passages*")
    assert list_quotations(post)[0] == SENTENCE
    assert "<https://brand.example/security?a=1&amp;b=2|Security messaging>" in shown
    assert "positioning on data security · approved · owner brand@" in shown
    assert " · last change 20" in shown
    assert "keep it inside the customer's own region" in post["text"]
    assert "Security messaging · " in post["text"]


def test_message_has_every_switch_off_and_names_its_event(world: World) -> None:
    post = world.ask("C1", QUESTION)
    switches = {key: post[key] for key in ("unfurl_links", "unfurl_media", "link_names", "parse")}
    assert switches == {"unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none"}
    key = f"{events.TEAM_ID}:C1:{post['thread_ts']}"
    assert post["metadata"] == {"event_type": "onbrand_answer", "event_payload": {"event_key": key}}


def test_status_is_shown_before_the_answer_and_none_after_it(world: World) -> None:
    post = world.ask("C1", QUESTION)
    calls = [
        call
        for call in world.slack.calls()
        if post["thread_ts"] in (call.arguments.get("thread_ts"), call.arguments.get("ts"))
    ]
    assert calls[0].method == "assistant.threads.setStatus"
    assert calls[-1].method == "chat.postMessage"


def test_answer_inside_a_thread_stays_in_that_thread(world: World) -> None:
    root = events.build_message(ASKER, "C1", "A talk among people")
    world.slack.workspace.remember_event(root)
    event = events.build_mention(ASKER, "C1", QUESTION, thread_ts=root["ts"])
    world.slack.deliver(event)
    [post] = world.slack.wait_for_posts(1, thread_ts=root["ts"])
    assert list_quotations(post)[0] == SENTENCE


def test_what_only_the_asker_may_read_is_told_in_private_and_not_in_a_channel(world: World) -> None:
    question = "What is the renewal discount for shipyards?"
    in_private = world.ask(DIRECT, question)
    in_channel = world.ask("C1", question)
    assert list_quotations(in_private)[0] == SECRET
    assert SECRET not in str(in_channel)
    assert "Discounts" not in str(in_channel)
    assert ASK_IN_PRIVATE in in_channel["text"]


def test_mention_without_a_question_gets_three_examples(world: World) -> None:
    post = world.ask("C1", " ")
    assert post["text"].count("•") == 3


def test_question_that_is_too_long_gets_one_helpful_sentence(world: World) -> None:
    post = world.ask(DIRECT, "why " * 1500)
    assert "Please ask it in a shorter way" in post["text"]
    assert len(post["text"]) < 200


def test_every_scope_of_the_manifest_is_enough_and_every_method_is_listed(world: World) -> None:
    world.ask("C1", QUESTION)
    names = [scope.name for scope in SCOPES]
    listed = {method for scope in SCOPES for method in scope.methods} | {*METHODS_WITHOUT_SCOPE}
    assert world.slack.missing_scopes(names) == frozenset()
    assert {call.method for call in world.slack.calls()} <= listed | {"apps.connections.open"}


def test_log_holds_no_question(world: World) -> None:
    world.ask(DIRECT, "canary-4711, and what of data security?")
    assert "canary-4711" not in world.bot.read_log()


def test_one_answer_over_four_deliveries_a_crash_and_a_restart(world: World) -> None:
    event = events.build_mention(ASKER, "C1", QUESTION)
    for number in range(4):
        assert world.slack.deliver(event, retry=number).wait_for_ack()
    assert world.slack.wait_for_posts(1, thread_ts=event["ts"])
    world.bot.kill()
    opened = world.slack.hub.opened
    world.bot.start()
    assert world.slack.wait_for_connections(1, opened=opened + 1, timeout=30), world.bot.read_log()
    assert world.slack.deliver(event, retry=3).wait_for_ack()
    world.ask("C1", QUESTION)
    assert len(world.slack.posts(thread_ts=event["ts"])) == 1


def test_question_claimed_just_before_a_crash_is_answered_after_the_restart(world: World) -> None:
    event = events.build_message(ASKER, DIRECT, QUESTION)
    assert world.slack.deliver(event).wait_for_ack()
    world.bot.kill()
    opened = world.slack.hub.opened
    world.bot.start()
    assert world.slack.wait_for_connections(1, opened=opened + 1, timeout=30), world.bot.read_log()
    assert world.slack.wait_for_posts(1, thread_ts=event["ts"])
    world.ask(DIRECT, QUESTION)
    assert len(world.slack.posts(thread_ts=event["ts"])) == 1
