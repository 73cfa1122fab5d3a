"""Limits of quotation of Slack channels: who may set them, what the audit keeps, and what holds where."""

from typing import Any

import pytest

from core.access import LOCAL_OWNER, Person
from core.channel_acts import ChannelActs, build_channel_key, restore_channel
from core.channel_settings import ChannelSetting, ChannelSettings
from core.database import Database
from core.errors import NotAllowed, UsageError
from tests.unit.core.core_world import CURATOR, READER, CoreWorld

CHANNEL, TEAM, SETTING = "C0123ABCD", "T0123ABCD", 1000


@pytest.fixture
def channel_acts(world: CoreWorld) -> ChannelActs:
    return ChannelActs(world.acts, most=SETTING)


@pytest.fixture
def channels(database: Database) -> ChannelSettings:
    return ChannelSettings(database, quote_characters=SETTING)


def restore(world: CoreWorld, current: dict[str, Any], wanted: dict[str, Any]) -> None:
    with world.database.write() as connection:
        restore_channel(connection, f"/{CHANNEL}", current=current, wanted=wanted)


def test_channel_without_a_limit_follows_the_setting(channels: ChannelSettings) -> None:
    assert channels.find_quote_characters(team_id=TEAM, channel_id=CHANNEL) == SETTING


def test_limit_set_by_a_curator_holds_and_is_one_audit_row(
    world: CoreWorld, channel_acts: ChannelActs, channels: ChannelSettings
) -> None:
    channel_acts.set_quote_characters(CHANNEL, 0, by=CURATOR, reason="customers read along")
    channel_acts.set_quote_characters(CHANNEL, 80, by=CURATOR)
    assert channels.find_quote_characters(team_id=TEAM, channel_id=CHANNEL) == 80
    assert channels.find_quote_characters(team_id=TEAM, channel_id="C0123ABCE") == SETTING
    first, second = world.read_audit()[-2:]
    assert (first.act, first.subject, first.reason) == (
        "set channel",
        f"channel /{CHANNEL}",
        "customers read along",
    )
    assert (first.before, first.after) == ({}, {"quote_characters": 0})
    assert (second.before, second.after) == ({"quote_characters": 0}, {"quote_characters": 80})


def test_limit_for_one_workspace_goes_before_the_one_for_any(
    channel_acts: ChannelActs, channels: ChannelSettings
) -> None:
    channel_acts.set_quote_characters(CHANNEL, 10, by=LOCAL_OWNER)
    channel_acts.set_quote_characters(CHANNEL, 20, by=LOCAL_OWNER, team_id=TEAM)
    assert channels.find_quote_characters(team_id=TEAM, channel_id=CHANNEL) == 20
    assert channels.find_quote_characters(team_id="T0OTHER", channel_id=CHANNEL) == 10
    assert channels.list_channels() == (ChannelSetting("", CHANNEL, 10), ChannelSetting(TEAM, CHANNEL, 20))


def test_removed_limit_gives_way_to_the_setting_and_cannot_be_removed_twice(
    channel_acts: ChannelActs, channels: ChannelSettings
) -> None:
    channel_acts.set_quote_characters(CHANNEL, 10, by=LOCAL_OWNER)
    channel_acts.set_quote_characters(CHANNEL, None, by=LOCAL_OWNER)
    assert channels.find_quote_characters(team_id=TEAM, channel_id=CHANNEL) == SETTING
    assert channels.list_channels() == ()
    with pytest.raises(UsageError, match=f"channel '/{CHANNEL}' has no limit of its own"):
        channel_acts.set_quote_characters(CHANNEL, None, by=LOCAL_OWNER)


def test_channel_never_exceeds_the_setting_even_when_that_is_lowered_later(
    database: Database, channel_acts: ChannelActs
) -> None:
    channel_acts.set_quote_characters(CHANNEL, SETTING, by=LOCAL_OWNER)
    lowered = ChannelSettings(database, quote_characters=200)
    assert lowered.find_quote_characters(team_id=TEAM, channel_id=CHANNEL) == 200


@pytest.mark.parametrize("characters", [-1, SETTING + 1])
def test_limit_outside_of_the_setting_is_refused(channel_acts: ChannelActs, characters: int) -> None:
    with pytest.raises(UsageError, match=f"{characters} cannot be set; allowed: 0 to {SETTING}"):
        channel_acts.set_quote_characters(CHANNEL, characters, by=LOCAL_OWNER)


@pytest.mark.parametrize("by", [READER, Person("ada@pelmarrow.example", role="auditor")])
def test_reader_and_auditor_may_not_and_the_attempt_is_recorded(
    world: CoreWorld, channel_acts: ChannelActs, channels: ChannelSettings, by: Person
) -> None:
    with pytest.raises(NotAllowed, match="it takes admin or curator"):
        channel_acts.set_quote_characters(CHANNEL, 10, by=by)
    assert channels.list_channels() == ()
    assert world.read_audit()[-1].after == {"refused": by.role}


@pytest.mark.parametrize(
    ("team_id", "channel_id", "message"),
    [
        ("", "#general", "click the channel's name"),
        ("", "general", "not the id of a channel"),
        ("", "GENERAL", "not the id of a channel"),
        ("", "c0123abcd", "not the id of a channel"),
        ("", "C0123ABCD\n", "not the id of a channel"),
        ("", "C٠١٢٣ABCD", "not the id of a channel"),
        ("", "", "not the id of a channel"),
        ("", "D0123ABCD", "ONBRAND_QUOTE_CHARACTERS holds"),
        ("home", CHANNEL, "'home' is not the id of a workspace"),
    ],
)
def test_what_is_no_id_is_refused_with_how_to_find_it(team_id: str, channel_id: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        build_channel_key(team_id, channel_id)


@pytest.mark.parametrize("before", [{}, {"quote_characters": 0}, {"quote_characters": 50}])
@pytest.mark.parametrize("after", [{}, {"quote_characters": 0}, {"quote_characters": 70}])
def test_act_is_undone_and_its_undoing_too(
    world: CoreWorld, channels: ChannelSettings, before: dict[str, Any], after: dict[str, Any]
) -> None:
    restore(world, {}, after)
    restore(world, after, before)
    assert [one.quote_characters for one in channels.list_channels()] == list(before.values())
    restore(world, before, after)
    assert [one.quote_characters for one in channels.list_channels()] == list(after.values())


def test_channel_that_was_changed_since_is_not_restored(
    world: CoreWorld, channel_acts: ChannelActs, channels: ChannelSettings
) -> None:
    channel_acts.set_quote_characters(CHANNEL, 30, by=LOCAL_OWNER)
    for current in ({"quote_characters": 10}, {}):
        with pytest.raises(UsageError, match="was changed since: its limit of quotation is now 30"):
            restore(world, current, {"quote_characters": 5})
    assert channels.find_quote_characters(team_id="", channel_id=CHANNEL) == 30
