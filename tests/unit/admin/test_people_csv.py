"""Reading a CSV of people: all of it or, with the line named, nothing."""

import pytest

from admin.operations.people_csv import read_people_csv
from core.errors import UsageError


@pytest.mark.parametrize(
    ("damaged", "message"),
    [
        ("", "no rows with a column `email`"),
        ("email,groups\n", "no rows with a column `email`"),
        ("email;groups\nada@home.example;brand\n", "no rows with a column `email`"),
        ("email,groups,groups\nada@home.example,brand,it\n", "a column twice"),
        ("email,name,groups\nada@home.example,Ada,brand\nbo@home.exa", "line 3 has 1 fields"),
        ("email,groups\nada@home.example,brand,it\n", "line 2 has 3 fields"),
        ('email,groups\n"ada@home.example,brand\n', "not a CSV"),
        ("email,groups\nada@home.example,brand\nbo,brand\n", "line 3: 'bo' is not an e-mail address"),
        ("email,role\nada@home.example,chief\n", "line 2: role 'chief' is not known"),
        (
            "email,role\nada@home.example,admin\nADA@home.example,reader\n",
            "line 3: ada@home.example has role",
        ),
    ],
)
def test_empty_or_damaged_file_is_refused_and_said_to_change_nothing(damaged: str, message: str) -> None:
    with pytest.raises(UsageError, match="nothing was changed") as refused:
        read_people_csv(damaged)
    assert message in str(refused.value)


def test_rows_of_one_person_are_joined_and_empty_fields_say_nothing() -> None:
    read = read_people_csv(
        "Email, Name,role,groups,desk\nada@home.example,Ada,,brand; it;,\n\nADA@home.example,,reader,it,4\n"
    )
    assert read.people == {"ada@home.example": {"name": "Ada", "role": "reader"}}
    assert read.groups is not None
    assert {name: set(members) for name, members in read.groups.items()} == {
        "brand": {"ada@home.example"},
        "it": {"ada@home.example"},
    }
    assert read.unknown_columns == ("desk",)


def test_file_without_the_column_says_nothing_about_groups() -> None:
    assert read_people_csv("email\nada@home.example\n").groups is None
    assert read_people_csv("email,groups\nada@home.example,\n").groups == {}
