"""Which revision answers: each rule as a story, and any history against a small model of its own."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access import OWNER_ACCESS
from core.documents import ON_CHANGE, STATUSES, Facts, OnChange, Status
from core.revisions import KnownDocument, RevisionDecision, decide_revision, status_of_revision

APPROVED_ONCE = KnownDocument(
    document_id="d",
    path="voice.md",
    part="",
    content_hash="c",
    text_hash="first",
    latest_revision=1,
    answering_revision=1,
    declared_status="approved",
    curated={},
    facts=Facts("approved", OWNER_ACCESS),
    is_settled=True,
    was_approved=True,
    is_removed=False,
)
NEVER_APPROVED = replace(
    APPROVED_ONCE,
    answering_revision=None,
    declared_status="draft",
    facts=Facts("draft", OWNER_ACCESS),
    was_approved=False,
)


def decide(
    known: KnownDocument | None,
    text: str,
    declared: Status = "approved",
    on_change: OnChange = "keep_approved",
) -> RevisionDecision:
    return decide_revision(known, text_hash=text, declared=declared, on_change=on_change)


@pytest.mark.parametrize("on_change", ON_CHANGE)
def test_new_document_answers_only_when_its_source_says_approved(on_change: OnChange) -> None:
    assert decide(None, "first", "approved", on_change) == RevisionDecision(1, True, 1, "approved")
    assert decide(None, "first", "draft", on_change) == RevisionDecision(1, True, None, "draft")
    assert decide(None, "first", "retired", on_change) == RevisionDecision(1, True, None, "retired")


@pytest.mark.parametrize("on_change", ON_CHANGE)
def test_unchanged_document_stays_as_it_is(on_change: OnChange) -> None:
    assert decide(APPROVED_ONCE, "first", "approved", on_change) == RevisionDecision(1, False, 1, "approved")
    assert decide(NEVER_APPROVED, "first", "draft", on_change) == RevisionDecision(1, False, None, "draft")


def test_new_text_of_an_approved_document_waits_and_the_old_text_answers_on() -> None:
    decision = decide(APPROVED_ONCE, "second")
    assert decision == RevisionDecision(2, True, 1, "approved")
    assert decision.kept == {1, 2}
    assert (decision.status_of(1), decision.status_of(2)) == ("approved", "draft")


def test_third_text_leaves_the_second_and_keeps_the_approved_first() -> None:
    waiting = replace(APPROVED_ONCE, text_hash="second", latest_revision=2)
    assert decide(waiting, "third").kept == {1, 3}


def test_new_text_on_hold_silences_the_document() -> None:
    decision = decide(APPROVED_ONCE, "second", on_change="hold")
    assert decision == RevisionDecision(2, True, None, "draft")
    assert decision.kept == {2}


def test_new_text_of_a_trusted_source_answers_at_once() -> None:
    assert decide(APPROVED_ONCE, "second", on_change="auto_approve") == RevisionDecision(
        2, True, 2, "approved"
    )


def test_new_text_answers_at_once_when_a_curator_approved_a_trusted_source() -> None:
    known = replace(APPROVED_ONCE, declared_status="draft", curated={"status": "approved"})
    assert decide(known, "second", "draft", "auto_approve").answering == 2


@pytest.mark.parametrize("on_change", ON_CHANGE)
def test_new_text_of_a_draft_stays_a_draft(on_change: OnChange) -> None:
    assert decide(NEVER_APPROVED, "second", "draft", on_change) == RevisionDecision(2, True, None, "draft")


@pytest.mark.parametrize("on_change", ON_CHANGE)
def test_source_that_withdraws_is_believed(on_change: OnChange) -> None:
    assert decide(APPROVED_ONCE, "first", "draft", on_change) == RevisionDecision(1, False, None, "draft")
    assert decide(APPROVED_ONCE, "first", "retired", on_change) == RevisionDecision(1, False, None, "retired")


@pytest.mark.parametrize("on_change", ON_CHANGE)
def test_withdrawn_document_stays_silent_when_its_text_changes(on_change: OnChange) -> None:
    withdrawn = replace(APPROVED_ONCE, answering_revision=None, declared_status="draft")
    assert decide(withdrawn, "second", "draft", on_change).answering is None


@pytest.mark.parametrize("on_change", ON_CHANGE)
def test_source_that_approves_is_believed(on_change: OnChange) -> None:
    assert decide(NEVER_APPROVED, "first", "approved", on_change) == RevisionDecision(1, False, 1, "approved")
    assert decide(NEVER_APPROVED, "second", "approved", on_change) == RevisionDecision(2, True, 2, "approved")


@pytest.mark.parametrize("on_change", ON_CHANGE)
def test_retired_by_a_curator_stays_silent_whatever_the_source_says(on_change: OnChange) -> None:
    retired = replace(APPROVED_ONCE, answering_revision=None, curated={"status": "retired"})
    for declared in STATUSES:
        for text in ("first", "second"):
            decision = decide(retired, text, declared, on_change)
            assert (decision.answering, decision.status) == (None, "retired")


@pytest.mark.parametrize("on_change", ON_CHANGE)
def test_approved_by_a_curator_answers_on_when_the_source_withdraws(on_change: OnChange) -> None:
    approved = replace(APPROVED_ONCE, curated={"status": "approved"})
    assert decide(approved, "first", "draft", on_change).answering == 1


def test_revision_that_does_not_answer_is_never_approved() -> None:
    assert status_of_revision(2, answering=1, status="approved") == "draft"
    assert status_of_revision(1, answering=1, status="approved") == "approved"
    assert status_of_revision(2, answering=None, status="retired") == "retired"


@dataclass(frozen=True)
class Seen:
    """A sync sees this text under this status."""

    text: str
    declared: Status


EVENT = st.one_of(
    st.builds(Seen, st.sampled_from(["a", "b", "c"]), st.sampled_from(STATUSES)),
    st.sampled_from(["approve", "retire"]),
)


@dataclass
class Model:
    """What people and source have said, without a word on how it is decided."""

    text: str = ""
    latest: int = 0
    declared: Status | None = None
    act: Status | None = None
    vouched: frozenset[int] = frozenset()
    """Revisions that somebody approved: a curator, or the source when it said so anew."""

    def see(self, event: Seen) -> None:
        self.latest += event.text != self.text
        if event.declared == "approved" != self.declared:
            self.vouched |= {self.latest}
        self.text, self.declared = event.text, event.declared

    def act_upon(self, status: Status) -> None:
        self.act = status
        self.vouched |= {self.latest} if status == "approved" else set()


def apply_sync(known: KnownDocument | None, event: Seen, on_change: OnChange) -> KnownDocument:
    """What the ledger would hold after the sync."""
    decision = decide(known, event.text, event.declared, on_change)
    assert decision.kept == {decision.number} | ({decision.answering} - {None})
    assert (decision.status == "approved") == (decision.answering is not None)
    return replace(
        known or NEVER_APPROVED,
        text_hash=event.text,
        latest_revision=decision.number,
        answering_revision=decision.answering,
        declared_status=event.declared,
        was_approved=(known is not None and known.was_approved) or decision.answering is not None,
    )


def apply_act(known: KnownDocument, act: str) -> KnownDocument:
    """What the ledger would hold after the act."""
    if act == "retire":
        return replace(known, answering_revision=None, curated={"status": "retired"})
    approved = {"status": "approved"}
    return replace(known, answering_revision=known.latest_revision, curated=approved, was_approved=True)


def check(known: KnownDocument, model: Model, on_change: OnChange) -> None:
    answering = known.answering_revision
    assert known.latest_revision == model.latest
    if model.act == "retired" or "approved" not in (model.act, model.declared):
        assert answering is None
    if on_change != "auto_approve":
        assert answering is None or answering in model.vouched
    if on_change != "keep_approved":
        assert answering in (None, model.latest)


@settings(max_examples=300, deadline=None)
@given(
    first=st.builds(Seen, st.just("a"), st.sampled_from(STATUSES)),
    events=st.lists(EVENT, max_size=10),
    on_change=st.sampled_from(ON_CHANGE),
)
def test_no_history_lets_text_answer_that_nobody_approved(
    first: Seen, events: list[Seen | str], on_change: OnChange
) -> None:
    model = Model()
    model.see(first)
    known = apply_sync(None, first, on_change)
    check(known, model, on_change)
    for event in events:
        if isinstance(event, Seen):
            model.see(event)
            known = apply_sync(known, event, on_change)
        else:
            model.act_upon("approved" if event == "approve" else "retired")
            known = apply_act(known, event)
        check(known, model, on_change)


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=6))
def test_kept_approval_outlives_any_number_of_changes(texts: list[str]) -> None:
    known = apply_act(apply_sync(None, Seen("a", "draft"), "keep_approved"), "approve")
    for text in texts:
        known = apply_sync(known, Seen(text, "draft"), "keep_approved")
        assert known.answering_revision == 1
