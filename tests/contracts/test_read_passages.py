"""What every store promises about reading passages by name: the neighbours of a found one."""

from datetime import timedelta

from core.access import AccessList
from index.passage_store import IndexedPassage, PassageKey, PassageStore
from tests.contracts.stored_passages import MARA, TILO, TODAY, build_facts, build_passage, build_scope


def key_of(indexed: IndexedPassage) -> PassageKey:
    return PassageKey(indexed.source, indexed.document_id, indexed.revision, indexed.passage.ordinal)


def test_passages_come_back_by_name_and_missing_ones_are_left_out(store: PassageStore) -> None:
    first, second = build_passage("guide", ordinal=0), build_passage("guide", ordinal=1)
    store.upsert([first, second])
    missing = PassageKey(first.source, first.document_id, first.revision, 99)
    read = store.read([key_of(first), key_of(second), missing], scope=build_scope())
    assert read == {key_of(first): first.passage, key_of(second): second.passage}


def test_what_a_search_may_not_find_may_not_be_read_by_name(store: PassageStore) -> None:
    launch = AccessList((frozenset({f"user:{TILO.email}"}),))
    hidden = [
        build_passage("restricted", facts=build_facts(access=launch)),
        build_passage("draft", facts=build_facts(status="draft")),
        build_passage("over", facts=build_facts(valid=(None, TODAY - timedelta(days=1)))),
    ]
    store.upsert(hidden)
    assert store.read([key_of(one) for one in hidden], scope=build_scope(MARA)) == {}
    assert store.read([key_of(hidden[0])], scope=build_scope(TILO)) != {}


def test_nothing_asked_is_nothing_read(store: PassageStore) -> None:
    store.upsert([build_passage("guide")])
    assert store.read([], scope=build_scope()) == {}
