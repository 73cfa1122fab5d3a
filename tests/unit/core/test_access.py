"""The access rule: who may read what."""

import pytest

from core.access import (
    ANYONE,
    LOCAL_OWNER,
    MAX_CLAUSES,
    OPEN_TO_ALL,
    OWNER_ACCESS,
    AccessList,
    Person,
    may_read,
    parse_access,
)
from core.errors import UsageError

MARA = Person("mara@pelmarrow.example", role="reader", groups=frozenset({"marketing"}))


def clauses(*groups: str) -> AccessList:
    """One clause for each word of principals joined by commas."""
    return AccessList(tuple(frozenset(group.split(",")) for group in groups))


def test_open_document_is_read_by_everybody_even_unknown() -> None:
    assert may_read(ANYONE, OPEN_TO_ALL)
    assert may_read(MARA, OPEN_TO_ALL)


def test_one_principal_of_a_clause_is_enough() -> None:
    assert may_read(MARA, clauses("group:sales,group:marketing"))
    assert may_read(MARA, clauses("user:mara@pelmarrow.example"))


def test_every_clause_must_match() -> None:
    assert may_read(MARA, clauses("all", "group:marketing"))
    assert not may_read(MARA, clauses("group:marketing", "group:legal"))
    assert not may_read(MARA, clauses("group:legal", "all"))


def test_person_without_the_group_reads_nothing_of_it() -> None:
    assert not may_read(ANYONE, clauses("group:marketing"))
    assert not may_read(Person("rhys@pelmarrow.example"), clauses("group:marketing"))


def test_group_and_person_of_the_same_name_are_not_confused() -> None:
    assert not may_read(Person("marketing"), clauses("group:marketing"))
    assert not may_read(
        Person("x", groups=frozenset({"mara@pelmarrow.example"})), clauses("user:mara@pelmarrow.example")
    )


def test_deactivated_person_reads_nothing_not_even_what_is_open() -> None:
    gone = Person("mara@pelmarrow.example", role="admin", groups=frozenset({"marketing"}), active=False)
    assert gone.principals == frozenset()
    assert not may_read(gone, OPEN_TO_ALL)
    assert not may_read(gone, clauses("user:mara@pelmarrow.example"))


def test_owner_reads_everything() -> None:
    assert may_read(LOCAL_OWNER, OWNER_ACCESS)
    assert may_read(LOCAL_OWNER, AccessList(()))
    assert may_read(LOCAL_OWNER, clauses("group:legal"))


@pytest.mark.parametrize("name", ["owner", "user:owner", "group:owner"])
def test_nobody_but_the_owner_is_ever_named_by_the_owner_principal(name: str) -> None:
    impostor = Person(name, role="admin", groups=frozenset({name}))
    assert not may_read(impostor, OWNER_ACCESS)


@pytest.mark.parametrize("access", [AccessList(()), AccessList((frozenset(),)), clauses("all", "group:none")])
def test_list_without_clause_or_with_an_empty_one_is_for_nobody(access: AccessList) -> None:
    assert not may_read(MARA, access)
    assert not access.is_open


def test_access_words_are_read_with_their_spaces_and_capitals() -> None:
    assert parse_access("all") == OPEN_TO_ALL
    assert parse_access(" group:Brand Team , user:Mara@Pelmarrow.Example ,") == clauses(
        "group:Brand Team,user:mara@pelmarrow.example"
    )
    assert parse_access(["group:a", "group:b"]) == clauses("group:a,group:b")


def test_access_of_the_source_is_what_the_source_gives() -> None:
    assert parse_access("source", of_source=OPEN_TO_ALL) == OPEN_TO_ALL
    assert parse_access("source") == OWNER_ACCESS


def test_no_word_at_all_is_for_nobody() -> None:
    assert not may_read(MARA, parse_access(" , "))


@pytest.mark.parametrize(
    "word", ["ALL", "owner", "group:", "user: ", "marketing", "source,all", "role:admin"]
)
def test_unknown_access_word_is_refused_with_what_is_allowed(word: str) -> None:
    with pytest.raises(UsageError, match=r"is not understood; allowed: all, source, group:NAME, user:EMAIL"):
        parse_access(word)


def test_more_levels_than_the_index_holds_are_refused_not_cut() -> None:
    AccessList((frozenset({"all"}),) * MAX_CLAUSES)
    with pytest.raises(UsageError, match=r"has 9 levels; at most 8"):
        AccessList((frozenset({"all"}),) * (MAX_CLAUSES + 1))


def test_access_is_described_in_words() -> None:
    assert OPEN_TO_ALL.describe() == "all"
    assert (
        clauses("group:b,group:a", "user:x@y.example").describe() == "group:a or group:b and user:x@y.example"
    )
    assert AccessList(()).describe() == "nobody"
    assert AccessList((frozenset(),)).describe() == "nobody"


def test_labels_name_the_person_for_the_audit() -> None:
    assert (LOCAL_OWNER.label(), ANYONE.label(), MARA.label()) == (
        "local owner",
        "everyone",
        "mara@pelmarrow.example",
    )
