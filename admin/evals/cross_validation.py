"""How much of a tuned setting is luck: it is chosen on some questions and judged on others. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from admin.evals.intervals import SEED, Estimate, estimate_mean
from admin.evals.score_retrieval import invert_rank, is_hit

FOLDS = 5
REPETITIONS = 20
DEPTH = 5

Ranks = Sequence[Sequence[int | None]]
"""ranks[setting][question]: the rank of the gold, counted from 1; None where it was not found."""


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """`best` is the index of the best setting on all questions, `seen` its hit rate on them.

    `unseen` is the mean hit rate on held-out folds; `drop` is seen minus unseen, its interval over questions;
    `drops` holds each repetition's.
    """

    best: int
    seen: float
    unseen: float
    drop: Estimate
    drops: tuple[float, ...]


def cross_validate(
    ranks: Ranks, *, folds: int = FOLDS, repetitions: int = REPETITIONS, depth: int = DEPTH
) -> CrossValidation:
    """Choose on all folds but one, judge on that one, for every fold; again with other folds. Fixed seed.

    Raises ValueError when there is no setting, or fewer questions than folds.
    """
    hits, inverse = _build_tables(ranks, depth)
    count = hits.shape[1]
    if count < folds:
        raise ValueError(f"{count} questions cannot be parted into {folds} folds; give at least {folds}")
    best = choose_best(hits, inverse)
    random = np.random.default_rng(SEED)
    unseen = np.empty((repetitions, count))
    for repetition in range(repetitions):
        for held_out in np.array_split(random.permutation(count), folds):
            seen = np.setdiff1d(np.arange(count), held_out)
            unseen[repetition, held_out] = hits[choose_best(hits[:, seen], inverse[:, seen]), held_out]
    drops = hits[best] - unseen
    return CrossValidation(
        best=best,
        seen=float(hits[best].mean()),
        unseen=float(unseen.mean()),
        drop=estimate_mean(drops.mean(axis=0).tolist()),
        drops=tuple(drops.mean(axis=1).tolist()),
    )


def rank_settings(ranks: Ranks, *, depth: int = DEPTH) -> list[int]:
    """Indexes of the settings, best first: by hit rate, then by mean reciprocal rank, then in the given order."""
    hits, inverse = _build_tables(ranks, depth)
    keys = _build_keys(hits, inverse)
    return sorted(range(len(keys)), key=lambda index: (-keys[index], index))


def choose_best(hits: NDArray[np.float64], inverse: NDArray[np.float64]) -> int:
    """Index of the best setting; the first of several that are equal."""
    return int(np.argmax(_build_keys(hits, inverse)))


def _build_keys(hits: NDArray[np.float64], inverse: NDArray[np.float64]) -> NDArray[np.float64]:
    # The reciprocal ranks of all questions together weigh less than one hit: they only part equals.
    keys: NDArray[np.float64] = hits.sum(axis=1) + inverse.mean(axis=1) / 2
    return np.round(keys, 9)


def _build_tables(ranks: Ranks, depth: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if not ranks or not ranks[0]:
        raise ValueError("there is nothing to choose from; give at least one setting and one question")
    hits = [[float(is_hit(rank, depth)) for rank in row] for row in ranks]
    return np.array(hits), np.array([[invert_rank(rank) for rank in row] for row in ranks])
