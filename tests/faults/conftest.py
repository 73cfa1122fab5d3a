"""A fake workspace and a bot process for it, for the fault tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.conftest import memory_folder
from tests.fakes.bot_process import BotProcess
from tests.fakes.slack_server import Channel, FakeSlack, User

__all__ = ["memory_folder"]

ASKER = "U1"
DIRECT = f"D{ASKER}"


def build_workspace() -> FakeSlack:
    """One member, one guest, one stranger, one channel of our own and one shared with another company."""
    slack = FakeSlack()
    slack.add(
        User(ASKER, "Ada", email="ada@home.example"),
        User("U2", "Guest", email="guest@home.example", is_restricted=True),
        User("U3", "Single-channel guest", is_ultra_restricted=True),
        User("U4", "Stranger", team_id="T0OTHER"),
        User("U5", "Gone", deleted=True),
        User("U6", "Machine", is_bot=True),
    )
    slack.add_channel("C1", ASKER, "U2", "U3", "U4", "U5", "U6")
    slack.add_channel("C2", ASKER, is_ext_shared=True)
    slack.add(Channel(DIRECT, kind="im", members=(ASKER, "U0ONBRAND")))
    return slack


def build_environment(slack: FakeSlack) -> dict[str, str]:
    """What a bot needs to talk to the fake."""
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.url,
        "ONBRAND_ADMINS": "ada@home.example",
    }


@pytest.fixture(scope="module")
def slack() -> Iterator[FakeSlack]:
    """Every call of the module is checked; the module fails when one broke a rule."""
    with build_workspace() as fake:
        yield fake
        assert fake.violations == []


@pytest.fixture(scope="module")
def bot(slack: FakeSlack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """A bot that is connected."""
    home: Path = tmp_path_factory.mktemp("bot")
    process = BotProcess(home, build_environment(slack)).start()
    try:
        assert slack.wait_for_connections(1, timeout=20), process.read_log()
        yield process
    finally:
        process.kill()
