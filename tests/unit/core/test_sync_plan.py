"""What a sync plans for one document, before anything is written."""

from dataclasses import replace
from datetime import date

import pytest

from core.access import OPEN_TO_ALL, OWNER_ACCESS
from core.documents import Facts, Validity
from core.metadata import Declared
from core.revisions import KnownDocument
from core.sync_plan import DocumentPlan, plan_document
from tests.unit.core.core_world import APPROVED, DRAFT, make_incoming

INCOMING = make_incoming("voice.md", "We say we.")
KNOWN = KnownDocument(
    document_id="d",
    path="voice.md",
    part="",
    content_hash=INCOMING.content_hash,
    text_hash=INCOMING.text_hash,
    latest_revision=1,
    answering_revision=1,
    declared_status="approved",
    curated={},
    facts=Facts("approved", OWNER_ACCESS),
    is_settled=True,
    was_approved=True,
    is_removed=False,
)


def plan(
    known: KnownDocument | None, text: str = "We say we.", declared: Declared = APPROVED
) -> DocumentPlan:
    incoming = make_incoming("voice.md", text, declared)
    return plan_document(incoming, known, new_id="new", on_change="keep_approved")


def test_new_document_gets_its_id_and_its_passages() -> None:
    made = plan(None)
    assert (made.document_id, made.needs_passages, made.needs_refacting) == ("new", True, False)
    assert made.facts == Facts("approved", OWNER_ACCESS)


def test_unchanged_document_needs_nothing() -> None:
    made = plan(KNOWN)
    assert (made.document_id, made.needs_passages, made.needs_refacting) == ("d", False, False)


def test_newer_draft_needs_passages_while_the_approved_ones_stay_as_they_are() -> None:
    made = plan(KNOWN, "We say us.")
    assert (made.needs_passages, made.needs_refacting) == (True, False)
    assert made.facts.status == "draft"
    assert made.values["status"] == "approved"


@pytest.mark.parametrize(
    "declared",
    [
        replace(APPROVED, access=OPEN_TO_ALL),
        replace(APPROVED, validity=Validity(None, date(2026, 12, 31))),
        replace(APPROVED, kind="messaging"),
        replace(APPROVED, brand="Pelmarrow"),
        DRAFT,
    ],
)
def test_change_of_any_fact_needs_the_index_to_follow(declared: Declared) -> None:
    made = plan(KNOWN, declared=declared)
    assert (made.needs_passages, made.needs_refacting) == (False, True)


@pytest.mark.parametrize(
    "declared",
    [
        replace(APPROVED, title="Voice"),
        replace(APPROVED, owner="Ops"),
        replace(APPROVED, url="https://x.example/"),
        replace(APPROVED, classification="never"),
    ],
)
def test_change_of_what_only_a_citation_shows_does_not_concern_the_index(declared: Declared) -> None:
    assert not plan(KNOWN, declared=declared).needs_refacting


def test_new_text_with_new_facts_concerns_the_approved_passages_that_stay() -> None:
    assert plan(KNOWN, "We say us.", replace(APPROVED, access=OPEN_TO_ALL)).needs_refacting


def test_new_text_of_a_draft_leaves_no_passages_that_could_be_stale() -> None:
    draft = replace(KNOWN, answering_revision=None, declared_status="draft", was_approved=False)
    assert not plan(draft, "We say us.", replace(DRAFT, access=OPEN_TO_ALL)).needs_refacting


def test_document_the_index_has_not_followed_yet_stays_unsettled() -> None:
    assert plan(replace(KNOWN, is_settled=False)).needs_refacting


def test_removed_document_that_is_back_needs_its_passages_again() -> None:
    made = plan(replace(KNOWN, is_removed=True))
    assert (made.needs_passages, made.needs_refacting) == (True, False)
    assert made.values["removed_at"] is None


def test_acts_stand_above_what_the_source_declares() -> None:
    curated = {
        "brand": None,
        "valid_until": "2026-12-31",
        "access": [["all"]],
        "title": "Voice",
        "status": "approved",
    }
    declared = replace(
        APPROVED, brand="Other", validity=Validity(date(2026, 1, 1), date(2026, 6, 30)), owner="Ops"
    )
    values = plan(replace(KNOWN, curated=curated), declared=declared).values
    assert (values["brand"], values["title"], values["access"]) == (None, "Voice", [["all"]])
    assert (values["valid_from"], values["valid_until"]) == (date(2026, 1, 1), date(2026, 12, 31))
    assert values["owner"] == "Ops"


def test_end_date_opened_by_an_act_stays_open() -> None:
    declared = replace(APPROVED, validity=Validity(None, date(2026, 6, 30)))
    assert (
        plan(replace(KNOWN, curated={"valid_until": None}), declared=declared).values["valid_until"] is None
    )
