"""The table of fields that keeps the stand-in for Confluence honest can tell right from wrong."""

from typing import Any

import pytest

from tests.fakes.confluence_checks import check_reply, check_request, find_call
from tests.fakes.confluence_fields import CLOUD_CALLS, DC_CALLS, Call

FOLDERS = "/wiki/api/v2/folders/7"
FOLDER = {"id": "7", "type": "folder", "status": "current", "title": "Campaigns", "_links": {}}


def find(method: str, path: str) -> Call:
    found = find_call(CLOUD_CALLS, method, path) or find_call(DC_CALLS, method, path)
    assert found is not None
    return found


def test_reply_with_its_fields_is_right() -> None:
    assert check_reply(find("GET", FOLDERS), FOLDER) == []


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"id": 7}, "is no text"),
        ({"id": None}, "lacks 'id'"),
        ({"colour": "red"}, "unknown field 'colour'"),
        ({"_links": []}, "list instead of an object"),
        ({"parentId": 3}, "is no text?"),
    ],
)
def test_reply_with_another_field_or_type_is_wrong(change: dict[str, Any], wrong: str) -> None:
    assert wrong in " ".join(check_reply(find("GET", FOLDERS), {**FOLDER, **change}))


def test_truth_is_no_number() -> None:
    call = Call("GET", "/x", {}, {"size": "number"})
    assert check_reply(call, {"size": True}) != []
    assert check_reply(call, {"size": 1}) == []


def test_every_item_of_a_list_is_looked_at() -> None:
    call = Call("GET", "/x", {}, [{"id": "text"}])
    assert check_reply(call, [{"id": "1"}, {}]) == ["/x[1]: lacks 'id'"]
    assert check_reply(call, {}) == ["/x: dict instead of a list"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/wiki/api/v2/spaces/1/pages", {"limit": ["999"]}),
        ("/wiki/api/v2/spaces/1/pages", {"status": ["current,archived"]}),
        ("/wiki/api/v2/spaces/1/pages", {"start": ["0"]}),
        ("/confluence/rest/api/content", {"cursor": ["x"]}),
        ("/wiki/rest/api/content/1/restriction/byOperation/read", {"expand": ["ancestors"]}),
    ],
)
def test_request_with_another_parameter_or_value_is_wrong(path: str, query: dict[str, list[str]]) -> None:
    assert check_request(find("GET", path), query) != []


@pytest.mark.parametrize(
    "path", ["/wiki/wiki/api/v2/spaces", "/wiki/rest/api/space", "/wiki/api/v2/pages/1/footer-comments"]
)
def test_call_that_is_not_ours_is_not_in_the_table(path: str) -> None:
    assert find_call(CLOUD_CALLS, "GET", path) is None
