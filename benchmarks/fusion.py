"""Judges fusion settings on questions with known answers: python -m benchmarks.fusion --questions FILE."""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from core.egress import silence_libraries

silence_libraries()

import click  # noqa: E402 - telemetry is switched off first
import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from admin.evals.cross_validation import (  # noqa: E402
    FOLDS,
    REPETITIONS,
    CrossValidation,
    cross_validate,
    rank_settings,
)
from admin.evals.questions import EvalQuestion, read_questions  # noqa: E402
from admin.evals.score_retrieval import Retrieved, invert_rank, is_hit, score_question  # noqa: E402
from admin.operations.evaluating import build_scope, describe_found  # noqa: E402
from admin.owner import own_world  # noqa: E402
from admin.world import World  # noqa: E402
from core.documents import Passage  # noqa: E402
from core.settings import Settings  # noqa: E402
from index.fusion import SHIPPED, FusionSettings  # noqa: E402
from index.passage_store import KeywordVector, Legs, PassageKey, PassageStore, Scope  # noqa: E402
from index.search import PassageSearch  # noqa: E402

SHOWN = 10
WORST_DROP = 0.02
DEEPEST = 100
ALONE = (
    FusionSettings(method="scores", dense_weight=1.0, bm25_weight=0.0),
    FusionSettings(method="scores", dense_weight=0.0, bm25_weight=1.0),
)
# Only the ratio of both weights counts: they add up to one.
GRID = (
    *ALONE,
    *(
        FusionSettings(method="scores", dense_weight=weight, bm25_weight=round(1 - weight, 1), depth=depth)
        for weight in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
        for depth in (30, 60, DEEPEST)
    ),
    *(
        FusionSettings(method="ranks", dense_weight=weight, bm25_weight=round(1 - weight, 1), depth=60, k=k)
        for k in (1.0, 5.0, 10.0, 20.0, 60.0)
        for weight in (0.3, 0.4, 0.5, 0.6, 0.7)
    ),
)
SETTINGS = (SHIPPED, *(one for one in GRID if one != SHIPPED))
"""The shipped setting stands first: of equals, it is chosen."""


class RememberingStore:
    """Asks the store once for each question, as deep as any setting reads, and once for each passage."""

    def __init__(self, store: PassageStore) -> None:
        self._store = store
        self._legs: dict[tuple[bytes, KeywordVector, Scope], Legs] = {}
        self._passages: dict[tuple[Scope, PassageKey], Passage | None] = {}

    def find(self, vector: NDArray[np.float32], keywords: KeywordVector, *, scope: Scope, depth: int) -> Legs:
        """As the store does: a shorter list is the beginning of a longer one."""
        question = (vector.tobytes(), keywords, scope)
        if question not in self._legs:
            self._legs[question] = self._store.find(vector, keywords, scope=scope, depth=DEEPEST)
        legs = self._legs[question]
        return Legs(dense=legs.dense[:depth], bm25=legs.bm25[:depth])

    def read(self, keys: Collection[PassageKey], *, scope: Scope) -> Mapping[PassageKey, Passage]:
        """As the store does."""
        missing = [key for key in keys if (scope, key) not in self._passages]
        read = self._store.read(missing, scope=scope)
        self._passages |= {(scope, key): read.get(key) for key in missing}
        found = {key: self._passages[scope, key] for key in keys}
        return {key: passage for key, passage in found.items() if passage is not None}

    def __getattr__(self, name: str) -> Any:
        """Everything else is the store's own."""
        return getattr(self._store, name)


def rank_gold(search: PassageSearch, question: EvalQuestion, scope: Scope) -> int | None:
    """Rank of the first passage that holds the gold, counted from 1, as the product searches."""
    found = search.find(question.text, scope)
    passages = tuple(describe_found(one, one.text) for one in found)
    return score_question(question, Retrieved(passages, ())).passage_rank


def rank_everything(
    world: World, questions: Sequence[EvalQuestion], arguments: Mapping[str, Any]
) -> list[list[int | None]]:
    """Rank of the gold by setting and question. Each question is embedded and searched once."""
    scopes = [build_scope(world, question, arguments) for question in questions]
    store: Any = RememberingStore(world.index.store)
    generations = world.index.generations
    if generations is None or generations.current is None:
        raise SystemExit("the index is not open")
    now = generations.current.search
    embedder = copy(now.embedder)
    embedder.embed_question = cache(embedder.embed_question)  # type: ignore[method-assign]
    search = replace(now, store=store, embedder=embedder)
    return [
        [
            rank_gold(replace(search, fusion=settings), question, scope)
            for question, scope in zip(questions, scopes, strict=True)
        ]
        for settings in SETTINGS
    ]


def report_settings(ranks: Sequence[Sequence[int | None]]) -> list[str]:
    """The best settings, the shipped one's place, and each leg alone."""
    order = rank_settings(ranks)
    named = (0, *(SETTINGS.index(one) for one in ALONE))

    def show(number: int) -> str:
        return _show(order.index(number) + 1, ranks[number], SETTINGS[number])

    return [
        f"{'place':>5}  {'hit@1':>6} {'hit@5':>6} {'MRR':>6}  setting",
        *map(show, order[:SHOWN]),
        "",
        "The shipped setting, and each leg alone",
        *map(show, named),
    ]


def report_luck(judged: CrossValidation) -> list[str]:
    """What the choice loses on questions it was not made on."""
    drop, verdict = judged.drop, "within" if judged.drop.value <= WORST_DROP else "ABOVE"
    return [
        f"Cross-validation, {FOLDS} folds, {REPETITIONS} repetitions",
        f"  passage hit@5 of the best setting on all questions: {judged.seen:.3f}",
        f"  passage hit@5 on unseen questions: {judged.unseen:.3f}",
        f"  mean drop: {drop.value:.3f}, 95 % interval {drop.low:.3f} to {drop.high:.3f}, {verdict} {WORST_DROP}",
        f"  drop of single repetitions: {min(judged.drops):.3f} to {max(judged.drops):.3f}",
    ]


def _show(place: int, ranks: Sequence[int | None], settings: FusionSettings) -> str:
    count = len(ranks)
    first, fifth = (sum(is_hit(rank, depth) for rank in ranks) / count for depth in (1, 5))
    mrr = sum(map(invert_rank, ranks)) / count
    weights = f"dense {settings.dense_weight:g}, bm25 {settings.bm25_weight:g}"
    how = f"ranks, k {settings.k:g}" if settings.method == "ranks" else "scores"
    return f"{place:5}  {first:6.3f} {fifth:6.3f} {mrr:6.3f}  {how}, {weights}, depth {settings.depth}"


@click.command()
@click.option("--questions", "file", required=True, type=click.Path(path_type=Path), metavar="FILE")
@click.option("--as", "as_email", metavar="EMAIL")
@click.option("--on", metavar="DATE")
@click.option("--brand")
def main(file: Path, as_email: str | None, on: str | None, brand: str | None) -> None:
    """Judge a grid of fusion settings on the world of ONBRAND_HOME, which nobody else may own meanwhile."""
    questions = [one for one in read_questions(file.read_text(encoding="utf-8-sig")) if one.gold]
    arguments = {"as": as_email, "on": on, "brand": brand}
    with own_world(Settings.from_environment()) as world:
        ranks = rank_everything(world, questions, arguments)
    click.echo(f"{len(SETTINGS)} settings, {len(questions)} questions\n")
    click.echo("\n".join([*report_settings(ranks), "", *report_luck(cross_validate(ranks))]))


if __name__ == "__main__":
    main()
