"""The commands on people, as an admin types them: a file, who may read and why, what matches nobody."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.integration.commands import Commands, QuickCommands, write

SHEET = "email,name,role,groups,desk\nada@home.example,Ada,,sales-emea;brand,4\nbo@home.example,Bo,curator,brand,5\n"
SALES = "group:sales,user:zed@home.example"


@pytest.fixture(scope="module")
def world(memory: Path) -> Commands:
    """A source that group sales and one unknown e-mail may read, and two people of a file."""
    home = memory / uuid4().hex[:8]
    home.mkdir()
    commands = QuickCommands(home)
    write(home / "kit", "a.md", "# Colour\n\nOur main colour is teal.\n")
    write(home, "people.csv", SHEET)
    commands.run("source", "add", "folder", "kit", "--path", "kit", "--status", "approved", "--access", SALES)
    commands.run("sync", "kit")
    commands.run("people", "import", "people.csv")
    commands.run("people", "group", "sales", "--add", "group:sales-emea")
    return commands


def test_file_is_a_whole_listing_and_the_report_says_what_it_changed(quick: Commands) -> None:
    write(quick.home, "people.csv", SHEET)
    first = quick.run("people", "import", "people.csv", "--json").json
    assert (first["new_people"], first["unknown_columns"]) == (
        ["ada@home.example", "bo@home.example"],
        ["desk"],
    )
    quick.run("people", "group", "brand", "--add", "bo@home.example")
    write(quick.home, "people.csv", "email,groups\nada@home.example,brand\n")
    told = quick.run("people", "import", "people.csv").out
    assert "Memberships ended: 2: user:bo@home.example in brand, user:ada@home.example in sales-emea" in told
    removed = quick.run("people", "group", "brand", "--remove", "ada@home.example").out
    assert "user:ada@home.example remains a member by CSV" in removed
    groups = quick.run("people", "list", "--json").json["origins"]
    assert groups == {"brand": {"user:ada@home.example": ["CSV"], "user:bo@home.example": ["by hand"]}}
    # Without the column nothing is said about groups; with empty fields in it, that there are none.
    write(quick.home, "people.csv", "email,name\nada@home.example,Ada L.\n")
    assert "no membership was changed" in quick.run("people", "import", "people.csv").out
    write(quick.home, "people.csv", "email,groups\nada@home.example,\n")
    assert quick.run("people", "import", "people.csv", "--json").json["ended"] == [
        {"group": "brand", "member": "user:ada@home.example"}
    ]


def test_damaged_file_changes_nothing(world: Commands) -> None:
    before = world.run("people", "list", "--json").json
    write(world.home, "damaged.csv", SHEET[:-20])
    assert "the file is damaged or cut off" in world.run("people", "import", "damaged.csv", code=2).err
    assert world.run("people", "list", "--json").json == before


def test_explaining_names_the_way_and_what_is_in_the_way(world: Commands) -> None:
    told = world.run("people", "explain", "ada@home.example", "a.md").out
    assert "by group:sales ← group:sales-emea ← by CSV" in told
    assert "It answers them today." in told
    explained = world.run("people", "explain", "bo@home.example", "a.md", "--json").json
    assert (explained["may_read"], explained["answers_today"]) == (False, False)
    assert explained["in_the_way"] == [
        "none of what they are is named in: group:sales or user:zed@home.example"
    ]
    # Named, but nobody has added them: that is open to all at most.
    stranger = world.run("people", "explain", "zed@home.example", "a.md", "--json").json
    assert stranger["in_the_way"] == ["nobody added this e-mail, so it reads only what is open to all"]
    found = world.run("search", "main colour", "--as", "zed@home.example", "--json").json
    assert found["results"] == []


def test_document_that_is_over_is_readable_and_does_not_answer(world: Commands) -> None:
    later = world.run("people", "readers", "a.md", "--json", ONBRAND_TODAY="2027-01-01").json
    assert [one["email"] for one in later["readers"]] == ["ada@home.example"]
    world.run("documents", "set", "a.md", "--field", "valid_until=2026-12-31")
    over = world.run(
        "people", "explain", "ada@home.example", "a.md", "--json", ONBRAND_TODAY="2027-01-01"
    ).json
    assert (over["may_read"], over["answers_today"]) == (True, False)
    assert over["in_the_way"] == ["it was valid until 2026-12-31"]


def test_names_that_match_nobody_are_listed(world: Commands) -> None:
    world.run("people", "add", "cy@home.example", "--role", "auditor")
    world.run("people", "deactivate", "cy@home.example")
    found = world.run("people", "match", "--json").json
    assert found["unknown_users"] == [
        {"principal": "user:zed@home.example", "named_in": ["document kit:a.md", "source kit"]}
    ]
    assert found["groups_without_people"] == []
    assert found["people_without_group"] == ["cy@home.example"]
    assert found["deactivated_with_role"] == [
        {"email": "cy@home.example", "role": "auditor", "brand_roles": {}}
    ]
    assert (
        "Deactivated people who still have a role:\n  cy@home.example: auditor"
        in world.run("people", "match").out
    )


def test_alias_brand_role_and_new_name_of_a_group(quick: Commands) -> None:
    quick.run("people", "add", "ada@home.example", "--group", "sales")
    quick.run("people", "alias", "ada@home.example", "--add", "a.l@home.example")
    shown = quick.run("people", "role", "ada@home.example", "curator", "--brand", "Pel", "--json").json
    assert (shown["role"], shown["brand_roles"], shown["aliases"]) == (
        None,
        {"Pel": "curator"},
        ["a.l@home.example"],
    )
    assert (
        "is another address of ada@home.example" in quick.run("people", "add", "a.l@home.example", code=2).err
    )
    quick.run("people", "rename-group", "sales", "revenue")
    (row,) = quick.run("people", "list", "--json").json["people"]
    assert (row["groups"], row["brand_roles"]) == (["revenue"], {"Pel": "curator"})
    listed = quick.run("people", "list").out
    assert "group sales: group:revenue (by renaming)" in listed
    assert "(curator for Pel)" in listed
