"""How the claim checks judge harmful and faithful claims, kind by kind. Run by `python -m benchmarks claims`."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from admin.evals.intervals import estimate_share
from benchmarks.figures import Figure, Options
from bot.answer.claim_checks import list_failed_checks
from tests.claims.harmful_edits import generate_harmful_edits
from tests.claims.sample_sentences import list_sample_sentences
from tests.claims.unseen_edits import generate_unseen_edits

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "claims"
SEED, PER_KIND, UNSEEN = 1, 1100, 10_000
LEAST_SURVIVING = 0.9
ALL = "all"


@dataclass(frozen=True, slots=True)
class Judged:
    """One claim: its kind, and the checks that it failed."""

    kind: str
    failed: tuple[str, ...]


def measure_claims(_: Options) -> list[Figure]:
    """Both generators, then what was written by hand: harmful, and faithful with the checks that reject it."""
    sentences = list_sample_sentences()
    edits = generate_harmful_edits(sentences, seed=SEED, per_kind=PER_KIND)
    unseen = generate_unseen_edits(sentences, seed=SEED, count=UNSEEN)
    ours = [_judge(one.kind, one.claim, one.sentences, quote=one.quote) for one in edits]
    others = [_judge(one.kind, one.claim, one.sentences) for one in unseen]
    faithful = _judge_file(FOLDER / "faithful.jsonl")
    return [
        *_count_passing("harmful", ours, aim=True),
        *_count_passing("second generator", others, aim=True),
        *_count_passing("by hand", _judge_file(FOLDER / "free_harmful.jsonl"), aim=False),
        *_count_surviving(faithful),
        *_count_rejections(faithful),
    ]


def _judge(kind: str, claim: str, sentences: Sequence[str], *, quote: str = "") -> Judged:
    return Judged(kind, list_failed_checks(claim, sentences, quote=quote))


def _judge_file(path: Path) -> list[Judged]:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        _judge(line["kind"], line["claim"], line["sentences"], quote=line.get("quote", "")) for line in lines
    ]


def _count_passing(name: str, judged: Sequence[Judged], *, aim: bool) -> list[Figure]:
    """A line per kind and one for all. Without an aim they are reported as they are."""
    figures = []
    for kind, group in _group(judged):
        passed = sum(not one.failed for one in group)
        shown = f"{passed} of {len(group)} pass"
        figures.append(
            Figure(f"{name}: {kind}", shown, "0", passed == 0) if aim else _report(name, kind, passed, group)
        )
    return figures


def _count_surviving(judged: Sequence[Judged]) -> list[Figure]:
    figures = []
    for kind, group in _group(judged):
        passed = sum(not one.failed for one in group)
        shown = _report("faithful", kind, passed, group)
        if kind == ALL:
            met = passed >= LEAST_SURVIVING * len(group)
            shown = Figure(shown.name, shown.measured, f"≥ {LEAST_SURVIVING:.2f}", met)
        figures.append(shown)
    return figures


def _count_rejections(judged: Sequence[Judged]) -> list[Figure]:
    """Each check that rejected a faithful claim, and how many by that check alone."""
    rejected = [one.failed for one in judged if one.failed]
    named = Counter(name for failed in rejected for name in failed)
    alone = Counter(failed[0] for failed in rejected if len(failed) == 1)
    return [
        Figure(f"faithful rejected by: {name}", f"{count}, by it alone {alone[name]}")
        for name, count in named.most_common()
    ]


def _report(name: str, kind: str, passed: int, group: Sequence[Judged]) -> Figure:
    share = estimate_share(passed, len(group))
    return Figure(f"{name}: {kind}", f"{passed} of {len(group)} pass ({share.low:.2f}–{share.high:.2f})")


def _group(judged: Sequence[Judged]) -> Iterable[tuple[str, Sequence[Judged]]]:
    """By kind in the order of their first, then all."""
    kinds = dict.fromkeys(one.kind for one in judged)
    yield from ((kind, [one for one in judged if one.kind == kind]) for kind in kinds)
    yield ALL, judged
