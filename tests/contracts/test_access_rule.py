"""The access rule exists twice, in Python and as a filter: on every store the two find the same."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import (
    ANYONE,
    EVERYONE,
    LOCAL_OWNER,
    MAX_CLAUSES,
    OPEN_TO_ALL,
    OWNER_ONLY,
    AccessList,
    Person,
    may_read,
)
from core.documents import Facts, Validity
from index.passage_store import PassageStore, Scope
from index.payload import UNRESTRICTED
from tests.contracts.stored_passages import (
    EAST,
    MARA,
    TODAY,
    WORDS,
    build_passage,
    names,
    to_vector,
)

DAY = timedelta(days=1)
PRINCIPALS = ["user:mara@example.com", "user:tilo@example.com", "group:a", "group:b"]
CLAUSES = st.frozensets(st.sampled_from([*PRINCIPALS, EVERYONE, OWNER_ONLY, UNRESTRICTED]), max_size=3)
ACCESS_LISTS = st.one_of(
    st.just(OPEN_TO_ALL), st.builds(AccessList, st.lists(CLAUSES, max_size=MAX_CLAUSES).map(tuple))
)
DAYS = st.sampled_from([TODAY - DAY, TODAY, TODAY + DAY])
BRANDS = st.sampled_from(["acme", "other", None])
FACTS = st.builds(
    Facts,
    status=st.sampled_from(["approved", "approved", "draft", "retired"]),
    access=ACCESS_LISTS,
    validity=st.builds(Validity, DAYS | st.none(), DAYS | st.none()),
    brand=BRANDS,
)
PEOPLE = st.one_of(
    st.sampled_from([LOCAL_OWNER, ANYONE, replace(MARA, active=False)]),
    st.builds(
        Person,
        st.sampled_from(["mara@example.com", "tilo@example.com", None]),
        groups=st.frozensets(st.sampled_from(["a", "b", "all", "*"])),
    ),
)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    facts=st.lists(FACTS, min_size=8, max_size=8),
    scopes=st.lists(
        st.builds(Scope, asker=PEOPLE, on=DAYS | st.none(), brand=BRANDS), min_size=4, max_size=6
    ),
)
def test_what_is_found_is_exactly_what_the_access_rule_allows(
    fresh_store: PassageStore, facts: list[Facts], scopes: list[Scope]
) -> None:
    documents = {f"document {number}": given_facts for number, given_facts in enumerate(facts)}
    fresh_store.upsert([build_passage(name, facts=given_facts) for name, given_facts in documents.items()])
    for scope in scopes:
        expected = {name for name, given_facts in documents.items() if may_be_found(given_facts, scope)}
        assert (
            names(fresh_store.find(to_vector(EAST), WORDS.of_question("security"), scope=scope, depth=50))
            == expected
        )


def may_be_found(facts: Facts, scope: Scope) -> bool:
    """The rule in plain words, apart from any filter."""
    return (
        may_read(scope.asker, facts.access)
        and facts.status in scope.statuses
        and (scope.on is None or facts.validity.contains(scope.on))
        and (scope.brand is None or facts.brand in (None, scope.brand))
    )
