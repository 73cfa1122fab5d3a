"""Nobody reads more through the Confluence connector than the site's own rule says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.confluence_server import Edition, FakeConfluence, serve_confluence
from tests.fakes.confluence_state import ConfluenceState, Content, Principal
from tests.integration.sources.confluence_setup import Wiki, connect, find_file, is_readable, list_readers
from tests.integration.sources.confluence_setup import cloud as cloud  # noqa: PLC0414 - a fixture
from tests.integration.sources.confluence_setup import wiki as wiki  # noqa: PLC0414

PEOPLE, GROUPS = ("Ann Ash", "Ben Birk", "Cleo Cole", "Dan Dorn"), ("one", "two", "three")


def test_hidden_address_is_filled_by_the_file_of_accounts(wiki: Wiki, tmp_path: Path) -> None:
    wiki.ben.hides_email = True
    wiki.fake.state.restrict(wiki.logo, ("user", wiki.ben.key), ("group", "editors"))
    assert list_readers(wiki, wiki.connect(), wiki.logo) == {"Ann Ash"}
    listed = tmp_path / "accounts.csv"
    listed.write_text(f"accountId,e-mail\n{wiki.ben.key},Ben.Birk@Example.com\n", encoding="utf-8")
    assert list_readers(wiki, wiki.connect(accounts=str(listed)), wiki.logo) == {"Ann Ash", "Ben Birk"}


def test_who_has_left_reads_nothing(wiki: Wiki) -> None:
    wiki.ben.is_active = False
    wiki.fake.state.restrict(wiki.logo, ("user", wiki.ben.key), ("group", "brand team"))
    assert list_readers(wiki, wiki.connect(), wiki.logo) == {"Ann Ash"}


def test_role_that_holds_the_permission_opens_the_space_to_its_members(cloud: Wiki) -> None:
    space = cloud.fake.state.spaces["MKT"]
    space.has_roles = True
    space.readers = [("group", "editors"), ("user", cloud.cleo.key)]
    assert list_readers(cloud, cloud.connect(), cloud.logo) == {"Ann Ash", "Cleo Cole"}


def test_licensed_users_are_whom_the_option_names(cloud: Wiki) -> None:
    space = cloud.fake.state.spaces["MKT"]
    space.has_roles, space.readers = True, [("class", "all-licensed-users")]
    assert list_readers(cloud, cloud.connect(), cloud.logo) == set()
    opened = cloud.connect(licensed_users="domain:example.com")
    assert list_readers(cloud, opened, cloud.logo) == {"Ann Ash", "Ben Birk", "Cleo Cole"}


@pytest.mark.parametrize("is_open", [False, True])
def test_space_is_open_to_all_only_when_a_stranger_sees_it(wiki: Wiki, is_open: bool) -> None:
    space = wiki.fake.state.spaces["MKT"]
    space.has_roles, space.readers = True, [("anonymous", "")]
    wiki.fake.state.is_open_to_anonymous = is_open
    file = find_file(wiki.connect().list_changes(None), wiki.logo)
    assert is_readable(None, file, None) == is_open


def test_page_below_more_restrictions_than_can_be_kept_is_read_by_nobody(wiki: Wiki) -> None:
    above = wiki.logo
    for number in range(9):
        name = f"level {number}"
        wiki.fake.state.add_group(name, wiki.ann)
        above = wiki.fake.state.add_page("MKT", name, under=above)
        wiki.fake.state.restrict(above, ("group", name))
    assert list_readers(wiki, wiki.connect(), above) == set()


def principals() -> st.SearchStrategy[Principal]:
    users = st.sampled_from([("user", f"acc-{name.lower().replace(' ', '-')}") for name in PEOPLE])
    return st.one_of(users, st.sampled_from([("group", name) for name in GROUPS]))


@st.composite
def states(draw: st.DrawFn) -> ConfluenceState:
    """A few people in overlapping groups, one or two spaces, pages in a tree with restrictions and includes."""
    state = ConfluenceState(is_open_to_anonymous=draw(st.booleans()))
    flags = st.integers(0, 3).map(lambda one: one == 0)
    users = [state.add_user(name, hides_email=draw(flags)) for name in PEOPLE]
    for user in users:
        user.is_active = not draw(flags)
    for name in GROUPS:
        state.add_group(name, *[user for user in users if draw(st.booleans())])
    others: list[Principal] = [("anonymous", ""), ("class", "all-licensed-users")]
    for key in ("A", "B")[: draw(st.integers(1, 2))]:
        readers = draw(st.lists(st.one_of(principals(), principals(), st.sampled_from(others)), max_size=3))
        state.add_space(key, *readers).has_roles = draw(st.booleans())
    pages: list[Content] = []
    for number in range(draw(st.integers(2, 6))):
        space = draw(st.sampled_from(["A", "A", *sorted(state.spaces)]))
        same = [one for one in pages if one.space == space]
        # Mostly one long line: what stands far above is what others forget.
        page = state.add_page(space, f"Page {number}", under=draw(st.sampled_from([*same[-1:] * 3, None])))
        page.restricted = draw(st.lists(principals(), max_size=2)) or None
        page.is_hidden = page.restricted is not None and draw(flags)
        pages.append(page)
        if draw(st.booleans()):
            included = draw(st.sampled_from(pages))
            page.body = (
                '<ac:structured-macro ac:name="include"><ri:page '
                f'ri:space-key="{included.space}" ri:content-title="{included.title}"/></ac:structured-macro>'
            )
    return state


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[Edition, FakeConfluence]]:
    """One server of each edition for all cases; each case brings its own state."""
    with serve_confluence("cloud") as first, serve_confluence("datacenter") as second:
        yield {"cloud": first, "datacenter": second}


def check_no_over_grant(site: FakeConfluence, state: ConfluenceState) -> None:
    site.take(state)
    site.faults.has_rest_permissions = len(state.contents) % 2 == 0
    connector = connect(site, {"edition": site.edition})
    listing = connector.list_changes(None)
    groups = connector.list_groups()
    assert site.violations == []
    for file in listing.files:
        shown = [state.contents[file.item_id]]
        shown += [state.contents[part.partition(":")[0]] for part in file.version.split("+")[1:]]
        for user in (None, *state.users.values()):
            if is_readable(user, file, groups):
                assert all(state.may_read(user, one) for one in shown), (user, file)
            elif user is not None and is_plain(state) and len(shown) == 1:
                assert not state.may_read(user, shown[0]), (user, file)


def is_plain(state: ConfluenceState) -> bool:
    """Nothing here makes us deny what the site allows."""
    readers = [kind for space in state.spaces.values() for kind, _ in space.readers]
    return (
        not {"anonymous", "class"} & set(readers)
        and not any(one.hides_email for one in state.users.values())
        and not any(one.is_hidden for one in state.contents.values())
    )


COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


@settings(max_examples=200, derandomize=True, **COMMON)  # type: ignore[arg-type]
@given(state=states(), edition=st.sampled_from(["cloud", "datacenter"]))
def test_nobody_reads_more_than_the_site_says(
    sites: dict[Edition, FakeConfluence], state: ConfluenceState, edition: Edition
) -> None:
    check_no_over_grant(sites[edition], state)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, **COMMON)  # type: ignore[arg-type]
@given(state=states(), edition=st.sampled_from(["cloud", "datacenter"]))
def test_nobody_reads_more_than_the_site_says_in_ten_thousand_cases(
    sites: dict[Edition, FakeConfluence], state: ConfluenceState, edition: Edition
) -> None:
    check_no_over_grant(sites[edition], state)
