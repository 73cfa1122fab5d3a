"""What commands do, as functions of an open world: the same whether run in this process or by its owner's socket."""

from collections.abc import Callable, Mapping
from typing import Any

from admin.operations.answers import add_answer, list_answers, retire_answer, show_answer
from admin.operations.asking import ask, search
from admin.operations.audit import export_audit, list_audit, verify_audit
from admin.operations.backup import back_up
from admin.operations.channels import set_channel, show_channels
from admin.operations.documents import (
    approve_documents,
    compare_revisions,
    extend_documents,
    list_documents,
    list_reviews,
    retire_documents,
    set_documents,
    show_document,
)
from admin.operations.eval_answers import eval_answers, list_golden
from admin.operations.evaluating import eval_retrieval
from admin.operations.gaps import close_gap, list_gaps, reopen_gap, show_gap
from admin.operations.health import ping, read_health
from admin.operations.jobs import cancel_job, list_jobs, read_jobs_health, resume_job, retry_failed, show_job
from admin.operations.mapping import map_source, preview_mapping, show_mapping
from admin.operations.people import (
    add_person,
    change_aliases,
    change_group,
    import_people,
    list_people,
    rename_group,
    set_active,
    set_role,
)
from admin.operations.people_access import explain_access, list_document_readers, list_mismatches
from admin.operations.recall import recall_document
from admin.operations.receipts import show_receipt, verify_receipts
from admin.operations.reindexing import reindex, rollback_index, show_index
from admin.operations.retention import (
    erase_person,
    export_person,
    hold,
    release,
    run_retention,
    show_retention,
)
from admin.operations.sources import add_source, list_sources, remove_source, set_source
from admin.operations.syncing import sync
from admin.operations.trust import list_trusts, trust_source, untrust_source
from admin.operations.undoing import undo
from admin.world import World
from core.errors import UsageError
from core.local_socket import Report

Operation = Callable[[World, Mapping[str, Any], Report], Any]

OPERATIONS: Mapping[str, Operation] = {
    "ask": ask,
    "search": search,
    "eval answers": eval_answers,
    "eval golden": list_golden,
    "eval retrieval": eval_retrieval,
    "sync": sync,
    "jobs list": list_jobs,
    "jobs show": show_job,
    "jobs health": read_jobs_health,
    "jobs cancel": cancel_job,
    "jobs resume": resume_job,
    "jobs retry-failed": retry_failed,
    "source add": add_source,
    "source list": list_sources,
    "source set": set_source,
    "source remove": remove_source,
    "source trust": trust_source,
    "source untrust": untrust_source,
    "source trusts": list_trusts,
    "source map": map_source,
    "source map preview": preview_mapping,
    "source mapping": show_mapping,
    "documents list": list_documents,
    "documents show": show_document,
    "documents diff": compare_revisions,
    "documents review": list_reviews,
    "documents approve": approve_documents,
    "documents extend": extend_documents,
    "documents retire": retire_documents,
    "documents set": set_documents,
    "people list": list_people,
    "people add": add_person,
    "people group": change_group,
    "people role": set_role,
    "people active": set_active,
    "people import": import_people,
    "people rename-group": rename_group,
    "people alias": change_aliases,
    "people explain": explain_access,
    "people readers": list_document_readers,
    "people match": list_mismatches,
    "channel set": set_channel,
    "channel show": show_channels,
    "people export": export_person,
    "people erase": erase_person,
    "audit list": list_audit,
    "audit verify": verify_audit,
    "audit export": export_audit,
    "receipt show": show_receipt,
    "receipt verify": verify_receipts,
    "recall": recall_document,
    "backup": back_up,
    "reindex": reindex,
    "index rollback": rollback_index,
    "index show": show_index,
    "retention show": show_retention,
    "retention run": run_retention,
    "retention hold": hold,
    "retention release": release,
    "undo": undo,
    "answers add": add_answer,
    "answers list": list_answers,
    "answers show": show_answer,
    "answers retire": retire_answer,
    "gaps list": list_gaps,
    "gaps show": show_gap,
    "gaps close": close_gap,
    "gaps reopen": reopen_gap,
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
