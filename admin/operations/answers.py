"""`answers add`, `list`, `show`, `retire`: official answers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from admin.world import World
from bot.answer.as_json import evidence_as_json
from bot.answer.official_evidence import choose_sentence, list_closest
from bot.answer.official_serving import explain_silence
from core.access import Person, may_read
from core.acts import AUDITORS, CURATORS
from core.answers import Evidence
from core.documents import AnsweringDocument
from core.errors import NotAllowed, UsageError
from core.local_socket import Report
from core.official_acts import OfficialDraft, check_draft
from core.official_answers import OfficialAnswer, OfficialEvidence
from core.people_acts import check_email
from index.passage_store import Scope


def add_answer(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """Arguments: questions, text, evidence, brand, until, owner, gap, reason.

    Evidence is `DOCUMENT#words of the sentence` or `PATH::the whole sentence`.
    """
    by = world.identify(arguments.get("as"))
    text, brand = str(arguments.get("text") or ""), arguments.get("brand") or None
    scope = Scope(by, world.clock.today(), brand)
    given = [str(one) for one in arguments.get("evidence") or ()]
    # Who may read a document may see its sentences in an error; whether they may add is for the act to say.
    evidence = [_find_evidence(world, one, text, scope) for one in given]
    draft = OfficialDraft(
        questions=tuple(str(one) for one in arguments.get("questions") or ()),
        text=text,
        evidence=tuple(dict.fromkeys(_keep(one) for one in evidence)),
        brand=brand,
        until=_read_until(arguments.get("until"), world.clock.today()),
        owner=_read_owner(arguments.get("owner"), by),
    )
    check_draft(draft)
    gap, reason = arguments.get("gap") or None, str(arguments.get("reason") or "")
    answer_id = world.official_acts.add(draft, by=by, reason=reason, gap_id=gap)
    return show_answer(world, {"answer": answer_id, "as": arguments.get("as")}, _report)


def list_answers(world: World, arguments: Mapping[str, Any], _report: Report) -> list[dict[str, Any]]:
    """Official answers that this person may see, oldest first; retired ones only when `all` is set."""
    by = world.identify(arguments.get("as"))
    stored = world.answering.official_answers
    found = stored.list_all() if arguments.get("all") else stored.list_standing()
    seen = [one for one in found if _may_see(by, one.brand)]
    if not seen:
        _require_any_curator(by)
    return [_describe(world, one) for one in seen]


def show_answer(world: World, arguments: Mapping[str, Any], _report: Report) -> dict[str, Any]:
    """One official answer with its sentences as they stand now."""
    answer_id, by = str(arguments["answer"]), world.identify(arguments.get("as"))
    answer = world.answering.official_answers.find(answer_id)
    if answer is None or not _may_see(by, answer.brand):
        raise UsageError(
            f"no official answer {answer_id!r} that {by.label()} may see; see `onbrand answers list`"
        )
    scope = Scope(by, world.clock.today(), answer.brand)
    now = world.answering.official_desk.read_evidence(answer, scope).evidence
    stored = [{"document_id": one.document_id, "sentence": one.sentence} for one in answer.evidence]
    return {**_describe(world, answer), "evidence": [evidence_as_json(one) for one in now] or stored}


def retire_answer(world: World, arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """It is not served any more."""
    by, reason = world.identify(arguments.get("as")), str(arguments.get("reason") or "")
    world.official_acts.retire(str(arguments["answer"]), by=by, reason=reason)
    return show_answer(world, arguments, report)


def _find_evidence(world: World, given: str, text: str, scope: Scope) -> Evidence:
    """The one stored sentence that is meant, of a document that answers now and that the curator may read."""
    name, words = _split_evidence(given)
    rows = world.ledger.find_documents([name])[name]
    documents = [row.document for row in rows if may_read(scope.asker, row.document.facts.access)]
    if not documents:
        raise UsageError(
            f"no document {name!r}; name it by id or path as `onbrand documents list` shows them"
        )
    sentences = _list_sentences(world, documents, scope)
    if not sentences:
        reasons = "; ".join(explain_silence(one, scope) for one in documents[:3])
        raise UsageError(f"{name!r} cannot be evidence: {reasons}")
    found = choose_sentence(words, sentences) if words else None
    if found is None:
        raise UsageError(_explain_unfound(name, words, list_closest(words or text, sentences)))
    return found


def _split_evidence(given: str) -> tuple[str, str]:
    for sign in ("::", "#"):
        name, found, words = given.partition(sign)
        if found:
            return name.strip(), words.strip()
    return given.strip(), ""


def _list_sentences(world: World, documents: Sequence[AnsweringDocument], scope: Scope) -> list[Evidence]:
    confirmed = world.index.search.confirm(documents, scope)
    finder = world.answering.official_desk.sentences
    return [
        sentence for document in confirmed.values() for sentence in finder.list_sentences(document, scope)
    ]


def _explain_unfound(name: str, words: str, closest: Sequence[Evidence]) -> str:
    said = f"no single sentence of {name!r} holds {words!r}" if words else f"name a sentence of {name!r}"
    lines = "\n".join(f"  {name}::{one.sentence}" for one in closest)
    return f"{said}; give it whole, or words that stand in no other. The closest:\n{lines}"


def _keep(evidence: Evidence) -> OfficialEvidence:
    ordinal = int(evidence.sentence_id.rsplit(":", 2)[1])
    return OfficialEvidence(evidence.document_id, evidence.revision, evidence.sentence, ordinal)


def _read_until(given: str | None, today: date) -> date | None:
    if not given:
        return None
    try:
        until = date.fromisoformat(given)
    except ValueError:
        raise UsageError(f"day {given!r} is not understood; allowed: YYYY-MM-DD") from None
    if until < today:
        raise UsageError(f"the last day {given} is over already; today is {today}")
    return until


def _read_owner(given: str | None, by: Person) -> str | None:
    return check_email(given) if given else by.email


def _describe(world: World, answer: OfficialAnswer) -> dict[str, Any]:
    stale = ""
    if answer.retired_at is None:
        scope = Scope(world.identify(None), world.clock.today(), answer.brand)
        stale = world.answering.official_desk.explain_staleness(answer, scope)
    state = "retired" if answer.retired_at else "stale" if stale else "served"
    return {
        "answer_id": answer.answer_id,
        "questions": list(answer.questions),
        "text": answer.text,
        "state": state,
        "stale": stale or None,
        "brand": answer.brand,
        "until": answer.until.isoformat() if answer.until else None,
        "owner": answer.owner,
        "added_at": answer.added_at.isoformat(timespec="seconds"),
        "retired_at": answer.retired_at.isoformat(timespec="seconds") if answer.retired_at else None,
        "documents": sorted({one.document_id for one in answer.evidence}),
    }


def _may_see(person: Person, brand: str | None) -> bool:
    return person.has_role(CURATORS | AUDITORS, brand=brand)


def _require_any_curator(person: Person) -> None:
    roles = CURATORS | AUDITORS
    if not (person.has_role(roles) or any(role in roles for _, role in person.brand_roles)):
        raise NotAllowed(
            f"{person.label()} may not list official answers (role: {person.role or 'none'}); "
            "it takes curator or admin"
        )
