"""95 % intervals of shares and means. Pure; called by score_retrieval.py and cross_validation.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

Z = 1.959963984540054
RESAMPLES = 2000
SEED = 20261015


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share or mean with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


def estimate_share(hits: int, count: int) -> Estimate:
    """Wilson's interval, which stays honest at 0, at 1 and for few questions. Nothing counted: 0 to 1."""
    if count == 0:
        return Estimate(0.0, 0.0, 1.0)
    share = hits / count
    stretch = 1 + Z**2 / count
    middle = (share + Z**2 / (2 * count)) / stretch
    half = Z / stretch * sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half))


def estimate_mean(values: Sequence[float]) -> Estimate:
    """Bootstrap over the values, always with the same seed. Nothing given: all 0."""
    if not values:
        return Estimate(0.0, 0.0, 0.0)
    given = np.asarray(values, dtype=np.float64)
    drawn = np.random.default_rng(SEED).integers(0, len(given), size=(RESAMPLES, len(given)))
    low, high = np.percentile(given[drawn].mean(axis=1), (2.5, 97.5))
    return Estimate(float(given.mean()), float(low), float(high))
