"""`people explain`, `readers`, `match`: who may read what and why, and which names match nobody."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from admin.world import World
from core.access import EVERYONE, OWNER_ONLY, AccessList, Person, may_read
from core.documents import AnsweringDocument
from core.errors import UsageError
from core.known_people import Membership
from core.local_socket import Report
from core.people_matching import ClauseMatch, explain_clauses, list_readers, match_people

Arguments = Mapping[str, Any]
SHOWN_IDS = 5


def explain_access(world: World, arguments: Arguments, _report: Report) -> dict[str, Any]:
    """May this person read this document, by what, and does it answer them today; if not, what is in the way."""
    known = world.people.read_all()
    email = str(arguments["email"]).strip().lower()
    person = known.identify(email)
    document = _find_document(world, str(arguments["document"]))
    matches = explain_clauses(known, person, document.facts.access)
    may = may_read(person, document.facts.access)
    states = _list_states(world, document)
    return {
        "email": person.email,
        "active": person.active,
        "groups": sorted(person.groups),
        **_describe_document(document),
        "may_read": may,
        "because_of": sorted({principal for match in matches for principal in match.met_by}),
        "clauses": _describe_matches(matches),
        "answers_today": may and not states,
        "in_the_way": [*_list_refusals(person, matches), *states],
    }


def list_document_readers(world: World, arguments: Arguments, _report: Report) -> dict[str, Any]:
    """The known people who may read a document, each with how."""
    document = _find_document(world, str(arguments["document"]))
    readers = list_readers(world.people.read_all(), document.facts.access)
    return {
        **_describe_document(document),
        "open_to_all": document.facts.access.is_open,
        "readers": [
            {"email": row.email, "name": row.name, "clauses": _describe_matches(matches)}
            for row, matches in readers
        ],
        "in_the_way": _list_states(world, document),
    }


def list_mismatches(world: World, _arguments: Arguments, _report: Report) -> dict[str, Any]:
    """Names in access lists, groups and roles that match nobody."""
    found = match_people(world.people.read_all(), _list_named(world))
    return {
        "unknown_users": _describe_places(found.unknown_users),
        "groups_without_people": _describe_places(found.empty_groups),
        "people_without_group": list(found.people_without_group),
        "unknown_members": [_describe_membership(one) for one in found.unknown_members],
        "deactivated_with_role": [
            {"email": row.email, "role": row.role, "brand_roles": dict(row.brand_roles)}
            for row in found.deactivated_with_role
        ],
    }


def _find_document(world: World, word: str) -> AnsweringDocument:
    found = [row.document for row in world.ledger.find_documents([word])[word]]
    if not found:
        raise UsageError(f"no document {word!r}; see `onbrand documents list`")
    # Rows of a sheet share its path; as long as the same holds for all, any one of them speaks for all.
    if len({(one.facts.access, one.facts.status, one.facts.validity, one.is_settled) for one in found}) > 1:
        ids = ", ".join(one.document_id for one in found[:SHOWN_IDS])
        raise UsageError(
            f"{len(found)} documents are named {word!r} and not the same holds for all; "
            f"name one by its id ({ids}, …; see `onbrand documents list`)"
        )
    return found[0]


def _describe_document(document: AnsweringDocument) -> dict[str, Any]:
    return {
        "document": document.path,
        "document_id": document.document_id,
        "source": document.source,
        "title": document.title,
        "access": document.facts.access.describe(),
    }


def _describe_matches(matches: Sequence[ClauseMatch]) -> list[dict[str, Any]]:
    return [{"wanted": list(match.principals), "met_by": dict(match.met_by)} for match in matches]


def _list_refusals(person: Person, matches: Sequence[ClauseMatch]) -> list[str]:
    if matches and all(match.met_by for match in matches):
        return []
    reads = "only what is open to all" if person.principals else "nothing"
    if not person.active:
        return [f"deactivated, so they read {reads}"]
    if person.reads != "named":
        return [f"nobody added this e-mail, so it reads {reads}"]
    missing = [f"none of what they are is named in: {_name_clause(one)}" for one in matches if not one.met_by]
    return missing or ["its access list names nobody"]


def _name_clause(match: ClauseMatch) -> str:
    if match.principals == (OWNER_ONLY,):
        return "the local owner only (its source gives no access)"
    return " or ".join(match.principals) or "nobody"


def _list_states(world: World, document: AnsweringDocument) -> list[str]:
    """Why the document answers nobody today."""
    facts, today = document.facts, world.clock.today()
    first, last = facts.validity.valid_from, facts.validity.valid_until
    lines = [] if facts.status == "approved" else [f"it is {facts.status}, not approved"]
    if first and today < first:
        lines.append(f"it is valid only from {first}")
    if last and last < today:
        lines.append(f"it was valid until {last}")
    if not document.is_settled:
        lines.append("the index has not caught up with its last change; it is silent until then")
    return lines


def _list_named(world: World) -> Mapping[str, list[str]]:
    places: dict[str, list[str]] = defaultdict(list)
    for source in world.sources.list_sources():
        for principal in _list_principals(source.access):
            places[principal].append(f"source {source.name}")
    for row in world.ledger.list_documents():
        for principal in _list_principals(row.document.facts.access):
            places[principal].append(f"document {row.document.source}:{row.document.path}")
    return places


def _list_principals(access: AccessList) -> Iterable[str]:
    return sorted(frozenset().union(*access.clauses) - {EVERYONE, OWNER_ONLY})


def _describe_places(places: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    return [{"principal": principal, "named_in": list(where)} for principal, where in places.items()]


def _describe_membership(one: Membership) -> dict[str, str]:
    return {"group": one.group, "member": one.member, "origin": one.origin}
