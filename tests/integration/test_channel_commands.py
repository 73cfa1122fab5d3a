"""`onbrand channel` as a person at a terminal meets it."""

from tests.integration.commands import Commands

CHANNEL = "C0123ABCD"


def test_limit_of_a_channel_is_set_shown_and_removed(quick: Commands) -> None:
    set_to = quick.run("channel", "set", CHANNEL, "--quote-characters", "0", "--reason", "guests").out
    assert f"{CHANNEL}: link only" in set_to
    shown = quick.run("channel", "show", CHANNEL, "--json").json
    assert shown == {
        "setting": 1000,
        "channels": [{"team": "", "channel": CHANNEL, "quote_characters": 0, "in_force": 0}],
    }
    removed = quick.run("channel", "set", CHANNEL, "--quote-characters", "default").out
    assert removed == "elsewhere: sentences of up to 1000 characters are quoted\n"
    assert (
        "click the channel's name"
        in quick.run("channel", "set", "#general", "--quote-characters", "0", code=2).err
    )
    wrong = quick.run("channel", "set", CHANNEL, "--quote-characters", "many", code=2).err
    assert "quote characters 'many' are not understood; allowed: a number" in wrong
