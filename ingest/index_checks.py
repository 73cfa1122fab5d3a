"""Looks whether a new index may answer: counts against the ledger, passages that must be found. Called by reindex.py.

Golden questions are compared by whoever can score them (admin), through `CompareGolden`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.access import LOCAL_OWNER
from core.documents import STATUSES
from core.index_builds import IndexBuilds
from core.ledger import IndexTask
from index.assembly import Index
from index.passage_store import Scope
from index.search import FoundPassage, PassageSearch
from ingest.restore_passages import cut_document, cut_revision
from ingest.write_passages import CutPassage

SAMPLED_PASSAGES = 50
FIRST_RESULTS = 10
LEAST_RECALL = 0.95
# A question is no longer than this: more words of the passage would only make it easier.
ASKED_CHARACTERS = 400
NAMED_DOCUMENTS = 10


@dataclass(frozen=True, slots=True)
class CountCheck:
    """`wrong` names documents whose passages are not all there; `changed` are numbers that the ledger has to learn."""

    documents: int
    passages: int
    orphans: int
    wrong: tuple[str, ...]
    changed: Mapping[tuple[str, int], int]

    def reasons(self) -> list[str]:
        """Why the index may not answer; nothing when it may."""
        reasons = [f"{self.orphans} passage(s) belong to no document"] if self.orphans else []
        if self.wrong:
            named = ", ".join(self.wrong[:NAMED_DOCUMENTS])
            reasons.append(f"{len(self.wrong)} document(s) have not all their passages: {named}")
        return reasons


@dataclass(frozen=True, slots=True)
class RecallCheck:
    """Stored passages that were asked for by their own words; found among the first results, freely and filtered.

    `before` is how many of them the index finds that answers now; None where it cannot be asked.
    """

    asked: int
    found: int
    filtered: int
    before: int | None

    def reasons(self) -> list[str]:
        """Why the index may not answer. What the old one does not find either is no fault of the new one."""
        needed = self.asked * LEAST_RECALL
        least = needed if self.before is None else min(needed, self.before)
        return [
            f"of {self.asked} stored passages {found} were found by their own words{how}, {least:.0f} are needed"
            for how, found in (("", self.found), (" under filters", self.filtered))
            if found < least
        ]


@dataclass(frozen=True, slots=True)
class GoldenCheck:
    """Share of golden questions whose passage is among the first five, before and after, and what was lost."""

    questions: int
    before: float | None
    after: float
    lost: tuple[Mapping[str, Any], ...]

    def reasons(self, most_drop: float) -> list[str]:
        """Why the index may not answer."""
        drop = 0.0 if self.before is None else self.before - self.after
        if drop <= most_drop + 1e-9:
            return []
        fell = f"hit@5 fell from {self.before:.3f} to {self.after:.3f}, by more than {most_drop:.3f}"
        return [f"golden questions: {fell} (ONBRAND_REINDEX_MOST_DROP); {len(self.lost)} question(s) lost"]


CompareGolden = Callable[[PassageSearch | None, PassageSearch], GoldenCheck]
"""Asks both searches (None: the old one cannot be asked) all golden questions."""


def check_counts(beside: Index, builds: IndexBuilds) -> CountCheck:
    """Compare every document's number of passages with the ledger's."""
    known, tasks = beside.ledger.count_all_passages(), beside.ledger.list_tasks()
    wrong: dict[str, str] = {}
    changed: dict[tuple[str, int], int] = {}
    passages = 0
    for task in tasks:
        found = beside.store.count(task.document_id)
        passages += found
        if found != sum(known.get((task.document_id, number), 0) for number in task.facts):
            counts = _recount(beside, task)
            changed |= counts
            if sum(counts.values()) != found:
                wrong[task.document_id] = task.path
    orphans = beside.store.count() - passages
    # What has changed meanwhile is not wrong, it is written again before the switch.
    behind = builds.find_behind(beside.number)
    late = behind.changed.keys() | behind.gone
    named = tuple(path for document_id, path in wrong.items() if document_id not in late)
    return CountCheck(len(tasks), passages, 0 if late else orphans, named, changed)


def check_recall(beside: Index, before: PassageSearch | None) -> RecallCheck:
    """Ask for stored passages of documents all over the ledger."""
    sample = _choose_sample(beside)
    found = filtered = old = 0
    for passage in sample:
        everything = Scope(LOCAL_OWNER, None, statuses=STATUSES)
        narrow = replace(
            everything,
            statuses=(passage.facts.status,),
            kinds=(passage.facts.kind,),
            sources=(passage.source,),
            on=passage.facts.validity.valid_until,
        )
        found += _is_found(beside.search, passage, everything)
        filtered += _is_found(beside.search, passage, narrow)
        old += before is not None and _is_found(before, passage, everything)
    return RecallCheck(len(sample), found, filtered, None if before is None else old)


def _recount(beside: Index, task: IndexTask) -> dict[tuple[str, int], int]:
    return {(task.document_id, number): len(cut_revision(beside, task, number)) for number in task.facts}


def _choose_sample(beside: Index) -> Sequence[CutPassage]:
    """One passage of each of so many documents, evenly spread over their ids: the same every time."""
    tasks = beside.ledger.list_tasks()
    step = max(1, len(tasks) // SAMPLED_PASSAGES)
    chosen = {task.document_id: task for task in tasks[::step][:SAMPLED_PASSAGES]}
    answering = beside.ledger.find_answering(chosen)
    sample: list[CutPassage] = []
    for number, (document_id, task) in enumerate(chosen.items()):
        document = answering.get(document_id)
        if document is not None and document.is_settled:
            cut = [one for one in cut_document(beside, task) if one.revision == document.revision]
            sample += cut[number % len(cut) :][:1] if cut else []
    return sample


def _is_found(search: PassageSearch, wanted: CutPassage, scope: Scope) -> bool:
    words = wanted.passage.text[:ASKED_CHARACTERS]
    return any(_holds(one, wanted) for one in search.find(words, scope, limit=FIRST_RESULTS))


def _holds(found: FoundPassage, wanted: CutPassage) -> bool:
    # The same words may stand in several documents: each of them will do.
    return wanted.passage.text in (found.text, *(one.text for one in found.window), found.passage.text)
