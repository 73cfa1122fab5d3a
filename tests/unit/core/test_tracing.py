"""Spans hold numbers and our own words; without a tracer there are none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import pytest

from core.tracing import WITHHELD, Fact, open_span, span, trace_into


@dataclass
class Kept:
    """One span as the tracer saw it."""

    name: str
    parent: "Kept | None"
    facts: Mapping[str, Fact] = field(default_factory=dict)
    failure: str | None = None
    ends: int = 0


class KeepingTracer:
    """Keeps every span in the order of their beginnings."""

    def __init__(self) -> None:
        self.spans: list[Kept] = []

    def begin(self, name: str, parent: Any) -> Kept:
        self.spans.append(Kept(name, parent))
        return self.spans[-1]

    def end(self, kept: Kept, facts: Mapping[str, Fact], failure: str | None) -> None:
        kept.facts, kept.failure, kept.ends = facts, failure, kept.ends + 1


@pytest.fixture
def tracer() -> Iterator[KeepingTracer]:
    made = KeepingTracer()
    with trace_into(made):
        yield made


def test_without_a_tracer_a_span_is_nothing_and_errors_go_on() -> None:
    with span("answer", turns=1) as opened:
        opened.note(verdict="answered")
    with pytest.raises(KeyError), span("answer"):
        raise KeyError("x")
    open_span("answer").end()


def test_span_inside_another_is_its_part_and_the_next_one_is_not(tracer: KeepingTracer) -> None:
    with span("batch", files=32), span("embed"):
        pass
    with span("batch"):
        pass
    batch, embed, second = tracer.spans
    assert (batch.parent, embed.parent, second.parent) == (None, batch, None)
    assert (batch.facts, batch.ends, embed.ends) == ({"files": 32}, 1, 1)


def test_another_thread_begins_a_trace_of_its_own(tracer: KeepingTracer) -> None:
    def work() -> None:
        with span("other"):
            pass

    with span("answer"):
        thread = Thread(target=work)
        thread.start()
        thread.join()
    assert [one.parent for one in tracer.spans] == [None, None]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("partial", "partial"),
        ("r-0123456789", "r-0123456789"),
        ("T1:C2:171.0001", "T1:C2:171.0001"),
        ("What does Kestrel cost?", WITHHELD),
        ("mara@pelmarrow.example", WITHHELD),
        ("two words", WITHHELD),
        ("line\n", WITHHELD),
        ("é", WITHHELD),
        ("x" * 81, WITHHELD),
        (3, 3),
        (True, True),
    ],
)
def test_what_is_no_word_of_ours_is_withheld(tracer: KeepingTracer, given: Fact, kept: Fact) -> None:
    with span("answer", fact=given) as opened:
        opened.note(noted=given)
    assert tracer.spans[0].facts == {"fact": kept, "noted": kept}


def test_error_leaves_its_class_and_not_its_words(tracer: KeepingTracer) -> None:
    with pytest.raises(ValueError, match="Kestrel"), span("answer"):
        raise ValueError("cannot answer: what does Kestrel cost?")
    assert tracer.spans[0].failure == "ValueError"
    assert "Kestrel" not in repr(tracer.spans)


def test_opened_span_ends_once_and_holds_only_what_is_worked_within_it(tracer: KeepingTracer) -> None:
    walk = open_span("answer")
    with span("beside"):
        pass
    with walk.working(), span("search"):
        pass
    walk.end()
    walk.end()
    answer, beside, search = tracer.spans
    assert (beside.parent, search.parent, answer.ends) == (None, answer, 1)
