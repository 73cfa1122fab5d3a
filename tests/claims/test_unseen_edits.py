from tests.claims.unseen_edits import KINDS, generate_unseen_edits

SENTENCES = (
    "The tall tower opens at 09:00 CET on 4 May 2026 for 30 days.",
    "Vorsquill needs nine weeks, while Pelmarrow is live in 34 days.",
    "Orders fell from 31% to 4% within five months.",
    "Do not use the mark if the customer has not agreed.",
    "Every visitor may bring up to two guests.",
    "The budget is €64,000 and is kept by Mara Ellison.",
    "The spring campaign is led by Tomas Reyk in Ghent.",
    "“We waited for a year, we asked twice, and the answer came by letter.”",
    "– Ingrid Haldorsen, Head of Procurement, Hallgrim Pumps",
    "“I opened the door, and nobody was in the room.”",
    "– Duarte Meireles, Chief Financial Officer, Castrelo Foods",
)
SEEDS = range(5)


def test_same_seed_gives_the_same_edits() -> None:
    first, second = (list(generate_unseen_edits(SENTENCES, seed=7, count=60)) for _ in range(2))

    assert first == second
    assert len(first) == 60


def test_another_seed_gives_another_order() -> None:
    orders = {tuple(generate_unseen_edits(SENTENCES, seed=seed, count=60)) for seed in SEEDS}

    assert len(orders) == len(SEEDS)


def test_every_edit_differs_from_all_of_its_sentences() -> None:
    for seed in SEEDS:
        for edit in generate_unseen_edits(SENTENCES, seed=seed, count=400):
            assert edit.sentences
            assert set(edit.sentences) <= set(SENTENCES)
            assert all(edit.claim != sentence for sentence in SENTENCES)


def test_each_kind_of_edit_occurs() -> None:
    made = {edit.kind for edit in generate_unseen_edits(SENTENCES, seed=1, count=400)}

    assert made == set(KINDS)


def test_no_claim_is_made_twice() -> None:
    claims = [edit.claim for edit in generate_unseen_edits(SENTENCES, seed=2, count=400)]

    assert len(claims) == len(set(claims))
