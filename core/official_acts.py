"""Acts on official answers: add (also from a gap) and retire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select, update

from core.access import Person
from core.acts import CURATORS, ActRequest, AuditedActs
from core.clock import Clock
from core.errors import UsageError
from core.gap_acts import ANSWERED, change_state, read_gap_brand
from core.official_answers import OfficialEvidence, dump_evidence
from core.tables import official_answers

MOST_CHARACTERS = 2000
MOST_QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class OfficialDraft:
    """What is to become an official answer. Its evidence has been found in the documents that answer now."""

    questions: tuple[str, ...]
    text: str
    evidence: tuple[OfficialEvidence, ...]
    brand: str | None = None
    until: date | None = None
    owner: str | None = None


class OfficialActs:
    """Adds and retires official answers; each act is one audit row."""

    def __init__(self, acts: AuditedActs, clock: Clock) -> None:
        self._acts = acts
        self._clock = clock

    def add(self, draft: OfficialDraft, *, by: Person, reason: str, gap_id: str | None = None) -> str:
        """Serve this text from now on; gives its id. The gap that it came from counts as answered."""
        check_draft(draft)
        answer_id, batch = uuid4().hex[:12], uuid4().hex[:12] if gap_id else None

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            values = _dump(draft, added_at=self._clock.now())
            connection.execute(insert(official_answers).values(answer_id=answer_id, **_load(values)))
            return {}, values

        def read_brands(connection: Connection) -> tuple[str | None, ...]:
            return (draft.brand, *((read_gap_brand(connection, gap_id),) if gap_id else ()))

        act = ActRequest("add official answer", f"official {answer_id}", by, reason, CURATORS, batch)
        self._acts.perform(act, change, read_brands=read_brands)
        if gap_id:
            note = f"official answer {answer_id}"
            self._acts.perform(
                ActRequest("answer gap", f"gap {gap_id}", by, reason, CURATORS, batch),
                lambda connection: change_state(connection, gap_id, state=ANSWERED, note=note),
                read_brands=read_brands,
            )
        return answer_id

    def retire(self, answer_id: str, *, by: Person, reason: str) -> None:
        """It is not served any more."""

        def change(connection: Connection) -> tuple[dict[str, Any], dict[str, Any]]:
            before = _read(connection, answer_id)
            if before["retired_at"]:
                raise UsageError(f"official answer {answer_id!r} is retired already")
            retired = {"retired_at": self._clock.now().isoformat()}
            _write(connection, answer_id, {**before, **retired})
            return {"retired_at": None}, retired

        act = ActRequest("retire official answer", f"official {answer_id}", by, reason, CURATORS)
        self._acts.perform(act, change, read_brands=lambda one: (_read(one, answer_id)["brand"],))


def check_draft(draft: OfficialDraft) -> None:
    """Raises UsageError when a part is missing or too long."""
    if not draft.questions or not all(question.strip() for question in draft.questions):
        raise UsageError(
            "an official answer needs its question; give --question, several for several phrasings"
        )
    if len(draft.questions) > MOST_QUESTIONS:
        raise UsageError(f"{len(draft.questions)} phrasings are too many; at most {MOST_QUESTIONS} are kept")
    if not draft.text.strip():
        raise UsageError("an official answer needs its text; give --text")
    longest = max(len(draft.text), *(len(question) for question in draft.questions))
    if longest > MOST_CHARACTERS:
        raise UsageError(f"a text of {longest} characters is too long; at most {MOST_CHARACTERS} are kept")
    if not draft.evidence:
        raise UsageError("an official answer needs at least one approved sentence; give --evidence")


def restore_official(
    connection: Connection, answer_id: str, *, current: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    """Bring an official answer from the state that an act left to the one before it (`{}`: it did not exist)."""
    now = _read(connection, answer_id, must_exist=False)
    changed = [name for name, value in current.items() if now.get(name) != value]
    if changed or (now and not current):
        raise UsageError(
            f"{', '.join(changed) or 'state'} of official answer {answer_id} changed after that act; "
            "undo the later act first"
        )
    if not wanted:
        connection.execute(delete(official_answers).where(official_answers.c.answer_id == answer_id))
    elif now:
        _write(connection, answer_id, {**now, **wanted})
    else:
        connection.execute(insert(official_answers).values(answer_id=answer_id, **_load(wanted)))


def _read(connection: Connection, answer_id: str, *, must_exist: bool = True) -> dict[str, Any]:
    query = select(official_answers).where(official_answers.c.answer_id == answer_id).with_for_update()
    row = connection.execute(query).mappings().first()
    if row is None:
        if must_exist:
            raise UsageError(f"no official answer {answer_id!r}; see `onbrand answers list`")
        return {}
    return {name: _dump_value(value) for name, value in row.items() if name != "answer_id"}


def _write(connection: Connection, answer_id: str, values: Mapping[str, Any]) -> None:
    where = official_answers.c.answer_id == answer_id
    connection.execute(update(official_answers).where(where).values(**_load(values)))


def _dump(draft: OfficialDraft, *, added_at: datetime) -> dict[str, Any]:
    """The columns of a new one, JSON-ready; they are what is undone and restored."""
    return {
        "questions": [question.strip() for question in draft.questions],
        "text": draft.text,
        "evidence": [dump_evidence(one) for one in draft.evidence],
        "brand": draft.brand,
        "valid_until": _dump_value(draft.until),
        "owner": draft.owner,
        "added_at": _dump_value(added_at),
        "retired_at": None,
    }


def _dump_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _load(values: Mapping[str, Any]) -> dict[str, Any]:
    read = {
        "valid_until": date.fromisoformat,
        "added_at": datetime.fromisoformat,
        "retired_at": datetime.fromisoformat,
    }
    return {name: read[name](value) if name in read and value else value for name, value in values.items()}
