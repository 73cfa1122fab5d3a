"""Who gets an answer: full, living, human members of the home team, and nobody else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.people import KnowsPeople, SlackPeople, read_profile
from core.access import Person
from core.clock import Clock
from tests.fakes.slack_answers import describe_user
from tests.fakes.slack_events import TEAM_ID
from tests.fakes.slack_server import FakeSlack, User


@dataclass(frozen=True, slots=True)
class HandClock(Clock):
    passed: list[timedelta] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 11, 2, tzinfo=UTC) + sum(self.passed, timedelta())


class Directory:
    """Knows nobody, and gives back the e-mail it was asked for."""

    def identify(self, email: str | None) -> Person:
        return Person(email=email, name="known")


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        fake.add(User("U1", "Ada", email="ada@home.example"), User("U2", "Guest", is_restricted=True))
        yield fake
        assert fake.violations == []


@pytest.fixture
def clock() -> HandClock:
    return HandClock(ZoneInfo("UTC"))


@pytest.fixture
def people(slack: FakeSlack, clock: HandClock) -> SlackPeople:
    client = WebClient(token=slack.bot_token, base_url=slack.url, timeout=5, retry_handlers=[])
    return SlackPeople(client, Directory(), clock)


def test_member_becomes_the_person_of_their_email(people: SlackPeople) -> None:
    assert people.identify_asker("U1", home_team=TEAM_ID) == Person("ada@home.example", "known")


def test_slack_is_asked_again_only_after_some_minutes(
    slack: FakeSlack, people: SlackPeople, clock: HandClock
) -> None:
    for _ in range(3):
        people.identify_asker("U1", home_team=TEAM_ID)
    assert len(slack.calls("users.info")) == 1
    clock.passed.append(timedelta(minutes=5))
    slack.add(User("U1", "Ada", email="ada@home.example", deleted=True))
    assert people.identify_asker("U1", home_team=TEAM_ID) is None
    assert len(slack.calls("users.info")) == 2


def test_guest_and_unknown_user_are_nobody(people: SlackPeople) -> None:
    assert people.identify_asker("U2", home_team=TEAM_ID) is None
    assert people.identify_asker("U0NOBODY", home_team=TEAM_ID) is None


def open_to_guests(slack: FakeSlack, clock: HandClock, known: KnowsPeople) -> SlackPeople:
    client = WebClient(token=slack.bot_token, base_url=slack.url, timeout=5, retry_handlers=[])
    return SlackPeople(client, known, clock, guests="open")


def test_guest_reads_only_what_is_open_where_so_set(slack: FakeSlack, clock: HandClock) -> None:
    slack.add(User("U4", "Lodger", email="ada@home.example", is_ultra_restricted=True))
    found = open_to_guests(slack, clock, Directory()).identify_asker("U4", home_team=TEAM_ID)
    assert found is not None
    assert (found.principals, found.role, found.email) == (frozenset({"all"}), None, "ada@home.example")


def test_guest_who_was_deactivated_reads_nothing(slack: FakeSlack, clock: HandClock) -> None:
    class Deactivated:
        def identify(self, email: str | None) -> Person:
            return Person(email, active=False)

    found = open_to_guests(slack, clock, Deactivated()).identify_asker("U2", home_team=TEAM_ID)
    assert found is not None
    assert found.principals == frozenset()


@pytest.mark.parametrize(
    "changes", [{"deleted": True}, {"is_bot": True}, {"is_stranger": True}, {"team_id": "T0OTHER"}]
)
def test_stranger_bot_and_deleted_user_are_no_guests(changes: dict[str, Any]) -> None:
    guest = {**describe_user(User("U2", "Guest", is_restricted=True)), "is_restricted": True}
    assert read_profile(guest, TEAM_ID).is_guest is True
    assert read_profile({**guest, **changes}, TEAM_ID).is_guest is False


def test_failing_slack_is_an_error_and_not_a_member(slack: FakeSlack, people: SlackPeople) -> None:
    slack.fail_next("users.info", status=500)
    with pytest.raises(SlackApiError):
        people.identify_asker("U1", home_team=TEAM_ID)
    assert people.identify_asker("U1", home_team=TEAM_ID) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"deleted": True},
        {"is_bot": True},
        {"is_workflow_bot": True},
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"is_stranger": True},
        {"team_id": "T0OTHER"},
        {"team_id": None},
    ],
)
def test_one_wrong_flag_is_enough_to_be_refused(changes: dict[str, Any]) -> None:
    user = {**describe_user(User("U1", "Ada", email="ada@home.example")), **changes}
    assert read_profile(user, TEAM_ID).is_member is False


def test_member_of_the_organisation_who_is_in_the_home_team_is_a_member() -> None:
    user = {**describe_user(User("U1", "Ada")), "team_id": "T0ORG", "enterprise_user": {"teams": [TEAM_ID]}}
    assert read_profile(user, TEAM_ID).is_member is True


def test_member_without_email_is_asked_about_by_no_email(slack: FakeSlack, people: SlackPeople) -> None:
    slack.add(User("U3", "Bo"))
    assert people.identify_asker("U3", home_team=TEAM_ID) == Person(None, "known")
