"""Brings one generation of the index up to the ledger, from stored text. Called by ingest/reindex.py.

What it holds is written down after each batch, so a build that was killed goes on where it was.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import TransientError
from core.index_builds import IndexBuilds
from core.ledger import IndexTask
from index.assembly import Index
from index.generations import Generation
from index.unit_vectors import EmbeddingsUnusable
from ingest.restore_passages import cut_document, restore_passages
from ingest.write_passages import CutPassage, write_passages

BATCH_PASSAGES = 256
DOCUMENTS_PER_QUERY = 128

ReportProgress = Callable[[Mapping[str, Any]], None]
"""Takes `{"done": documents, "total": documents, "document": path}`."""


class ReindexCancelled(TransientError):
    """Somebody asked for an end; what is written stays for the next time."""


@dataclass(slots=True)
class BuildUnderWay:
    """A generation beside the one that answers. `written` documents have been written by this run."""

    index: Index
    generation: Generation
    builds: IndexBuilds
    report_progress: ReportProgress
    is_cancelled: Callable[[], bool]
    written: int = 0
    unusable: dict[str, str] = field(default_factory=dict)
    """Path -> why its text cannot be embedded."""

    @property
    def beside(self) -> Index:
        """What writes to the new generation."""
        return self.index.narrow(self.generation)

    def bring_up(self) -> None:
        """Write what differs from the ledger, again and again until nothing does. Raises ReindexCancelled."""
        while behind := self.builds.find_behind(self.generation.number):
            self._remove(sorted(behind.gone))
            done = 0
            for batch in self._list_batches(behind.changed):
                self._refuse_when_cancelled()
                self.report_progress(
                    {"done": done, "total": len(behind.changed), "document": batch[0][0].path}
                )
                self._write(batch, behind.changed)
                done += len(batch)

    def sweep(self) -> None:
        """After the switch: remove what the ledger has not any more. A removal may have met the index before."""
        gone = sorted(self.builds.find_behind(self.generation.number).gone)
        self._remove(gone)
        for task in self.index.ledger.list_tasks(gone):
            # It came back at this very moment.
            restore_passages(self.beside, task)

    def _list_batches(self, changed: Mapping[str, str]) -> Iterator[list[tuple[IndexTask, list[CutPassage]]]]:
        ids = list(changed)
        batch: list[tuple[IndexTask, list[CutPassage]]] = []
        passages = 0
        for start in range(0, len(ids), DOCUMENTS_PER_QUERY):
            for task in self.index.ledger.list_tasks(ids[start : start + DOCUMENTS_PER_QUERY]):
                cut = cut_document(self.index, task)
                batch.append((task, cut))
                passages += len(cut)
                if passages >= BATCH_PASSAGES or len(batch) >= DOCUMENTS_PER_QUERY:
                    yield batch
                    batch, passages = [], 0
        if batch:
            yield batch

    def _write(self, batch: Sequence[tuple[IndexTask, list[CutPassage]]], marks: Mapping[str, str]) -> None:
        ids = [task.document_id for task, _ in batch]
        # A build that was killed here may have left passages of another moment.
        self.generation.store.remove_documents(ids)
        try:
            write_passages([one for _, cut in batch for one in cut], self.beside)
        except EmbeddingsUnusable as error:
            if len(batch) > 1:
                # One text that the model cannot take fails its own document, not the neighbours.
                for one in batch:
                    self._write([one], marks)
                return
            self.unusable[batch[0][0].path] = str(error)
        # The marks are older than the text that was read: what has changed in between differs, and comes again.
        self.builds.record(self.generation.number, {one: marks[one] for one in ids})
        self.written += len(ids)

    def _remove(self, gone: Sequence[str]) -> None:
        if gone:
            self.generation.store.remove_documents(gone)
            self.builds.forget(self.generation.number, gone)

    def _refuse_when_cancelled(self) -> None:
        if self.is_cancelled():
            raise ReindexCancelled("the re-index was cancelled; `onbrand reindex` goes on where it was")
