"""`undo`: takes acts back by their number in the audit, or a whole batch."""

from collections.abc import Mapping
from typing import Any

from admin.world import World
from core.errors import UsageError
from core.local_socket import Report


def undo(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Arguments: numbers, batch, reason, as. Result: `undone`, the subjects; `hints` what has to follow."""
    numbers, batch = arguments.get("numbers") or [], arguments.get("batch")
    if bool(numbers) == bool(batch):
        raise UsageError("name acts by their numbers, or a batch with --batch; one of both")
    chosen = world.undo_acts.find_batch(str(batch)) if batch else [int(number) for number in numbers]
    subjects = world.undo_acts.undo(
        chosen, by=world.identify(arguments.get("as")), reason=str(arguments.get("reason") or "")
    )
    names = [name for kind, _, name in (subject.partition(" ") for subject in subjects) if kind == "source"]
    hints = [f"onbrand sync {name}" for name in names]
    hints += ["onbrand sync"] if any(subject.startswith("trust ") for subject in subjects) else []
    return {"undone": list(subjects), "hints": hints}
