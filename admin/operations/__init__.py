"""What commands do, as functions of an open world: the same whether run in this process or by its owner's socket."""

from collections.abc import Callable, Mapping
from typing import Any

from admin.operations.asking import ask, search
from admin.operations.documents import (
    approve_documents,
    list_documents,
    retire_documents,
    set_documents,
    show_document,
)
from admin.operations.evaluating import eval_retrieval
from admin.operations.health import ping, read_health
from admin.operations.people import (
    add_person,
    change_group,
    explain_access,
    import_people,
    list_people,
    set_active,
    set_role,
)
from admin.operations.sources import add_source, list_sources, remove_source
from admin.operations.syncing import sync
from admin.world import World
from core.errors import UsageError
from core.local_socket import Report

Operation = Callable[[World, Mapping[str, Any], Report], Any]

OPERATIONS: Mapping[str, Operation] = {
    "ask": ask,
    "search": search,
    "eval retrieval": eval_retrieval,
    "sync": sync,
    "source add": add_source,
    "source list": list_sources,
    "source remove": remove_source,
    "documents list": list_documents,
    "documents show": show_document,
    "documents approve": approve_documents,
    "documents retire": retire_documents,
    "documents set": set_documents,
    "people list": list_people,
    "people add": add_person,
    "people group": change_group,
    "people role": set_role,
    "people active": set_active,
    "people import": import_people,
    "people explain": explain_access,
    "health": read_health,
    "ping": ping,
}


def run_operation(world: World, name: str, arguments: Mapping[str, Any], report: Report) -> Any:
    """Run one by name; the result is JSON-ready. Raises UsageError when an argument holds what is no text."""
    if name not in OPERATIONS:
        raise UsageError(
            f"the running onbrand does not know {name!r}; it may be of another version: restart it"
        )
    try:
        return OPERATIONS[name](world, arguments, report)
    except UnicodeEncodeError as error:
        # Lone surrogates: bytes of another encoding on the command line, or half a character in JSON.
        raise UsageError(
            f"what was given holds {error.object[error.start : error.end]!r}, which is not a character; "
            "give it as UTF-8 text"
        ) from error
