"""Quotations and lists over the sample company: complete, in date, byte for byte, and only what the asker may read."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from admin.sample_company import DAY, FOLDER
from bot.answer.evidence import list_evidence
from bot.answer.listing_desk import ListingDesk
from bot.answer.quotation_desk import QuotationDesk
from bot.answer.register import Register
from core.access import ANYONE, LOCAL_OWNER, OWNER_ACCESS, Person
from core.answers import Answer
from core.documents import STATUSES
from core.running_documents import RunningDocuments
from index.edge_store import EdgePassageStore
from index.passage_store import PassageKey, Scope
from tests.fakes.hash_embedder import HashEmbedder
from tests.integration.small_world import SmallWorld, build_source, open_small_database

MARKETER = Person("mara.ellison@pelmarrow.example", groups=frozenset({"marketing"}))
IN_NEW_YEAR = date(2027, 2, 15)
ALL_LISTS = [
    "list all active CTAs",
    "which campaigns are running now",
    "which quotes may we still use",
    "which claims are still approved",
    "which battlecards are current",
    "which photos may we still use",
]
ALL_QUOTATIONS = [
    "give me a customer quote",
    "quote about implementation time",
    "quote from Norbeck Fibre",
    "quote from Kessamo Packaging",
    "the Stolzmar quote about savings",
    "what did Dalmoor say about renewals?",
    "give me the boilerplate",
    "what disclaimers are there",
    "our tagline",
    "approved claim about uptime",
]


class Desks:
    """The sample company, its desks, and a folder that tests may add to."""

    def __init__(self, world: SmallWorld) -> None:
        self.world = world
        register = Register(RunningDocuments(world.database), world.store)
        self.listings = ListingDesk(register, world.index.search)
        self.quotations = QuotationDesk(register)

    def ask_list(self, question: str, *, asker: Person = MARKETER, on: date = DAY) -> Answer | None:
        return self.listings.find(question, Scope(asker, on))

    def ask_quote(self, question: str, *, asker: Person = MARKETER, on: date = DAY) -> Answer | None:
        scope = Scope(asker, on)
        found = self.world.index.search.find(question, scope, limit=24)
        return self.quotations.find(question, found, scope)

    def name_all(self, question: str, *, asker: Person = MARKETER, on: date = DAY) -> list[str]:
        """Titles of what is listed, in order."""
        answer = self.ask_list(question, asker=asker, on=on)
        return [claim.evidence[0].title for claim in answer.claims] if answer else []

    def speakers(self, question: str, *, on: date = DAY) -> list[str]:
        """First names of those who are quoted."""
        answer = self.ask_quote(question, on=on)
        return [claim.speaker.split(",")[0] for claim in answer.claims] if answer else []


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    home = tmp_path_factory.mktemp("desks")
    folder = home / "company"
    shutil.copytree(FOLDER / "company", folder)
    add_stories(folder)
    embedder = HashEmbedder()
    store = EdgePassageStore(home / "index", embedder.dimension)
    source = replace(build_source(folder), name="pelmarrow", status="draft", access=OWNER_ACCESS)
    world = SmallWorld(folder, open_small_database(home), store, embedder, source)
    assert not world.sync().failed
    yield Desks(world)
    store.close()
    world.database.close()


def add_stories(folder: Path) -> None:
    """Beside the samples: a story that still quotes what the register has withdrawn, and a restricted register."""
    head = "---\nbrand: Pelmarrow\nkind: case_study\nstatus: approved\naccess: all\n---\n"
    story = "# Dalmoor\n\n“We sleep better since the contracts have owners.”\n\n– Fergus Dalmoor, Dalmoor Textiles\n"
    (folder / "customer-stories" / "dalmoor.md").write_text(head + story, encoding="utf-8")
    secret = "CTA,Page,Live from\nJoin the secret beta,Enterprise landing page,2026-01-01\n"
    (folder / "campaigns" / "secret.csv").write_text(secret, encoding="utf-8")
    with (folder / "onbrand.yaml").open("a", encoding="utf-8") as sidecar:
        sidecar.write(
            '  "campaigns/secret.csv": {kind: campaign_brief, status: approved, access: "group:executives",'
            ' rows: {title: "CTA", valid_from: "Live from"}}\n'
        )


@pytest.mark.parametrize(
    ("question", "names"),
    [
        (
            "What are the active CTAs for the enterprise landing page?",
            [
                "Book a 30-minute security walkthrough",
                "Get the enterprise go-live plan",
                "Talk to an Enterprise specialist",
            ],
        ),
        (
            "which CTAs run on the Renew page at the moment",
            ["Count your renewals", "Get the renewal calendar"],
        ),
        ("what's the button on the pricing page", ["Request a price for your plants"]),
        ("which CTA runs on the careers page", []),
        ("active CTAs for CFOs", ["Count your renewals"]),
        (
            "which campaigns are running now",
            [
                "Campaign brief: Renewal season",
                "Campaign brief: Keep your keys",
                "Campaign brief: Always-on stories",
            ],
        ),
        ("campaigns as of 3 March", ["Campaign brief: Always-on stories"]),
        (
            "which campaigns ran in March?",
            ["Campaign brief: Spring release tour", "Campaign brief: Always-on stories"],
        ),
        (
            "which campaigns ran in the second quarter of 2026",
            [
                "Campaign brief: Spring release tour",
                "Campaign brief: Rotterdam roundtable",
                "Campaign brief: Always-on stories",
            ],
        ),
        ("which campaigns run in December", ["Campaign brief: Always-on stories"]),
        ("which photos may we still use for print", ["Photo series Foundry Morning"]),
    ],
)
def test_everything_that_runs_on_the_day_of_the_demo_is_listed_and_nothing_else(
    desks: Desks, question: str, names: list[str]
) -> None:
    assert desks.name_all(question) == names


def test_another_day_has_another_list(desks: Desks) -> None:
    assert desks.name_all("active CTAs for the enterprise landing page", on=date(2026, 11, 20)) == [
        "Book a 30-minute security walkthrough",
        "Get the enterprise go-live plan",
        "Reserve your 2027 planning session",
        "Talk to an Enterprise specialist",
    ]
    assert desks.name_all("current campaigns", on=IN_NEW_YEAR) == ["Campaign brief: Always-on stories"]
    assert desks.name_all("which quotes may we still use", on=IN_NEW_YEAR) == [
        *("Duarte Meireles", "Gareth Pemberlow", "Rosalind Okafor-Dean", "Ingrid Haldorsen"),
        *("Annelies Verhoef", "Sigrid Tveitane", "Sigrid Tveitane"),
    ]


def test_list_says_that_it_is_whole_and_gives_the_days_of_each(desks: Desks) -> None:
    answer = desks.ask_list("which CTAs run on the Renew page at the moment")
    assert answer is not None
    assert (answer.verdict, answer.mode, answer.why) == (
        "answered",
        "passages",
        "All 2 that run on 2026-10-15.",
    )
    evidence = answer.claims[0].evidence[0]
    assert (evidence.valid_from, evidence.valid_until) == (date(2026, 8, 24), date(2026, 11, 20))


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        (
            "Find an approved customer quote about implementation time",
            {"Ingrid Haldorsen", "Gareth Pemberlow"},
        ),
        ("quote from a CFO about contracts nobody knew about", {"Duarte Meireles"}),
        ("savings quote we may use right now", {"Duarte Meireles"}),
        ("what did Lunaro say about adoption?", {"Chiara Bonvento"}),
        ("got a quote from a haulage firm about seeing who approved what?", {"Benedikt Asmuth"}),
        ("approved quote from Norbeck Fibre", set()),
        ("quote from Kessamo Packaging", set()),
        ("the Stolzmar quote about savings", set()),
        ("approved customer quote from Fennimark Steel about implementation time", set()),
    ],
)
def test_quotation_is_given_with_its_speaker_and_none_whose_consent_is_over(
    desks: Desks, question: str, speakers: set[str]
) -> None:
    assert set(desks.speakers(question)) == speakers


def test_quote_whose_consent_ends_is_given_on_its_last_day_and_not_after(desks: Desks) -> None:
    question = "quote from Norbeck Fibre"
    assert desks.speakers(question, on=date(2026, 6, 30)) == ["Pauli Norbeck"]
    assert desks.speakers(question, on=date(2026, 7, 1)) == []


def test_withdrawn_consent_of_a_register_also_closes_the_story(desks: Desks) -> None:
    said = desks.world.find("sleep better since the contracts have owners", asker=MARKETER)
    assert any("sleep better" in one.passage.text for one in said)
    assert desks.speakers("what did Dalmoor say about contracts?") == []


def test_sentence_of_the_ordinary_way_without_consent_is_named(desks: Desks) -> None:
    found = desks.world.find("sleep better since the contracts have owners", asker=MARKETER)
    evidence = [one for passage in found for one in list_evidence(passage)]
    refused = desks.quotations.list_unusable(evidence, Scope(MARKETER, DAY))
    assert {one.sentence for one in evidence if one.sentence_id in refused} == {
        "“We sleep better since the contracts have owners.”"
    }
    assert desks.quotations.list_unusable([], Scope(MARKETER, DAY)) == frozenset()


def test_words_to_copy_are_whole(desks: Desks) -> None:
    boilerplate = desks.ask_quote("give me the boilerplate for a press release")
    assert boilerplate is not None
    (claim,) = boilerplate.claims
    assert claim.text.startswith("Pelmarrow is the supplier operations platform")
    assert claim.text.endswith("More at www.pelmarrow.example.")
    tagline = desks.ask_quote("our tagline, and does it have a full stop")
    assert tagline is not None
    assert tagline.claims[0].text.startswith('The tagline is "Decide in time." It has a full stop')
    disclaimer = desks.ask_quote("what's the disclaimer for future features?")
    assert disclaimer is not None
    assert [one.text.split(": ")[-1] for one in disclaimer.claims] == [
        "Plans may change. Please decide on what is available today."
    ]


def test_every_claim_is_a_slice_of_its_stored_passage_and_in_date(desks: Desks) -> None:
    answers = [desks.ask_list(one) for one in ALL_LISTS] + [desks.ask_quote(one) for one in ALL_QUOTATIONS]
    claims = [claim for answer in answers if answer for claim in answer.claims]
    assert len(claims) > 25
    for claim in claims:
        first, *_ = claim.evidence
        ordinal = int(first.sentence_id.split(":")[-2])
        key = PassageKey(first.source, first.document_id, first.revision, ordinal)
        passage = desks.world.store.read([key], scope=Scope(LOCAL_OWNER, None, statuses=STATUSES))[key]
        assert claim.text in passage.text
        assert claim.text.startswith(first.sentence)
        assert claim.text.endswith(claim.evidence[-1].sentence)
        assert first.valid_from is None or first.valid_from <= DAY
        assert first.valid_until is None or first.valid_until >= DAY


def test_who_may_not_read_gets_no_hint_of_the_rest(desks: Desks) -> None:
    executive = Person("helen.ostrow@pelmarrow.example", groups=frozenset({"executives"}))
    question = "active CTAs for the enterprise landing page"
    own, others = desks.ask_list(question), desks.ask_list(question, asker=executive)
    assert own is not None
    assert others is not None
    assert "Join the secret beta" in desks.name_all(question, asker=executive)
    assert others.why == "All 4 that run on 2026-10-15."
    assert own.why == "All 3 that run on 2026-10-15."
    assert desks.ask_list("which battlecards are current", asker=ANYONE) is None
    assert len(desks.name_all("which battlecards are current")) == 4


def test_what_ran_in_a_month_is_still_confirmed_when_it_is_posted(desks: Desks) -> None:
    question, scope = "which campaigns ran in March?", Scope(MARKETER, DAY)
    answer = desks.ask_list(question)
    assert answer is not None
    cited = [claim.evidence[0].document_id for claim in answer.claims]
    documents = desks.world.ledger.find_answering(cited).values()
    assert set(desks.listings.confirm(question, documents, scope)) == set(cited)
    assert len(desks.listings.confirm("what ran?", documents, scope)) == 1
    assert (
        desks.listings.confirm(question, documents, replace(scope, asker=Person(None, reads="nothing"))) == {}
    )


@pytest.mark.parametrize(
    "question", ["how much clear space does the logo need?", "may we say 'the leading platform'?"]
)
def test_every_other_question_is_left_to_the_ordinary_way(desks: Desks, question: str) -> None:
    assert desks.ask_list(question) is None
    assert desks.ask_quote(question) is None
