"""Random histories of documents and people, and the plain model of what must hold after each step. For tests."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from hypothesis import strategies as st

from core.documents import Status
from tests.integration.small_world import DAY

BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
OWNER = "owner of the machine"
READER, SELLER, STRANGER = (
    "reader@pelmarrow.example",
    "seller@pelmarrow.example",
    "stranger@elsewhere.example",
)
PEOPLE = (READER, SELLER, STRANGER, OWNER)
KNOWN = (READER, SELLER)
GROUPS = ("sales", "emea", "marketing")
ACCESSES = ("", "all", "all", "group:sales", "user:reader@pelmarrow.example", "group:sales,group:marketing")
PERIODS = (
    (None, None),
    (None, None),
    (DAY, None),
    (None, DAY),
    (AFTER, None),
    (None, BEFORE),
    (BEFORE, AFTER),
)
STATUSES: tuple[Status, ...] = ("approved", "approved", "draft", "retired")

Period = tuple[date | None, date | None]


@dataclass(frozen=True)
class Edit:
    """A file is written anew; `new_words` False changes its facts alone."""

    status: Status
    access: str
    period: Period
    new_words: bool


@dataclass(frozen=True)
class ChangeAccess:
    """An admin says who may read; a curator (`narrows`) who of those that the source lets read."""

    access: str
    narrows: bool


@dataclass(frozen=True)
class EndOn:
    """A curator says until when it holds; None opens the end."""

    day: date | None


@dataclass(frozen=True)
class ChangeMember:
    """A member (an e-mail, or `group:NAME`) enters a group or leaves it."""

    group: str
    member: str
    enters: bool


@dataclass(frozen=True)
class Rename:
    """A group gets another name; access lists go on naming it by the old one."""

    group: str


@dataclass(frozen=True)
class ChangePerson:
    """Somebody is deactivated or comes back, or gets another role: a role opens no document."""

    email: str
    role: str | None
    switches: bool


Act = ChangeAccess | EndOn | Literal["approve", "retire"]
Step = Edit | Act | ChangeMember | Rename | ChangePerson | Literal["delete", "move", "undo"]

edits = st.builds(
    Edit, st.sampled_from(STATUSES), st.sampled_from(ACCESSES), st.sampled_from(PERIODS), st.booleans()
)
acts = st.one_of(
    st.sampled_from(("approve", "approve", "retire")),
    st.builds(ChangeAccess, st.sampled_from(ACCESSES[1:]), st.booleans()),
    st.builds(EndOn, st.sampled_from((None, BEFORE, DAY))),
)
members = st.sampled_from((*KNOWN, *(f"group:{name}" for name in GROUPS)))
of_people = st.one_of(
    st.builds(ChangeMember, st.sampled_from(GROUPS), members, st.sampled_from((True, True, False))),
    st.builds(Rename, st.sampled_from(GROUPS)),
    st.builds(
        ChangePerson, st.sampled_from(KNOWN), st.sampled_from((None, "curator", "admin")), st.booleans()
    ),
)
steps: st.SearchStrategy[Step] = st.one_of(
    edits, edits, acts, acts, of_people, st.sampled_from(("delete", "move", "undo", "undo"))
)
# Most steps meet a document that is there.
later = st.lists(st.tuples(st.sampled_from((0, 0, 0, 1)), steps), min_size=1, max_size=7)
histories = st.builds(lambda first, rest: [(0, first), *rest], edits, later)
views = st.tuples(st.sampled_from((READER, SELLER, *PEOPLE)), st.sampled_from((BEFORE, DAY, DAY, AFTER)))


@dataclass
class Curated:
    """What acts have made of a document; an undone act brings the one before back."""

    answers_with: str | None = None
    was_approved: bool = False
    act: Literal["approved", "retired"] | None = None
    access: str | None = None
    narrowed: str | None = None
    until: tuple[date | None] | None = None


@dataclass
class ExpectedPeople:
    """Who is in which group and active, as sets of pairs and nothing more."""

    edges: set[tuple[str, str]] = field(default_factory=lambda: {(READER, "marketing"), (SELLER, "sales")})
    inactive: set[str] = field(default_factory=set)

    def follow(self, step: ChangeMember | Rename | ChangePerson) -> None:
        """Take one step that the product has taken."""
        if isinstance(step, ChangeMember):
            edge = (step.member, step.group)
            self.edges = self.edges | {edge} if step.enters else self.edges - {edge}
        elif isinstance(step, Rename):
            old, new = step.group, f"{step.group}-new"
            self.edges = {
                (f"group:{new}" if member == f"group:{old}" else member, new if group == old else group)
                for member, group in self.edges
            } | {(f"group:{new}", old)}
        elif step.switches:
            self.inactive ^= {step.email}

    def may_read(self, email: str, access: str) -> bool:
        """By following every edge until nothing new comes."""
        if email == OWNER:
            return True
        if email in self.inactive:
            return False
        own = {"all", f"user:{email}", *self._list_groups(email)}
        return bool(own & set(access.split(",")))

    def _list_groups(self, email: str) -> Iterator[str]:
        reached, grown = {email}, True
        while grown:
            more = {f"group:{group}" for member, group in self.edges if member in reached} - reached
            reached, grown = reached | more, bool(more)
        yield from reached


@dataclass
class Expected:
    """What must hold of one document, kept by the plain rules of the design."""

    words: list[str] = field(default_factory=list)
    declared: Edit | None = None
    now: Curated = field(default_factory=Curated)
    done: list[tuple[int, Act, Curated]] = field(default_factory=list)
    """Acts that may be taken back: their numbers in the audit, what they were, and what held before each."""
    exists: bool = False

    def follow_edit(self, edit: Edit, word: str) -> None:
        """Approval belongs to the text: new text waits, unless the source changes its own mind."""
        is_first, is_new = self.declared is None, not self.words or word != self.words[-1]
        has_new_mind = (
            self.declared is not None and self.now.act is None and edit.status != self.declared.status
        )
        if is_new:
            self.words.append(word)
        if self.now.act == "retired":
            self.now.answers_with = None
        elif is_first or has_new_mind or (is_new and not self.now.was_approved):
            self.now.answers_with = word if edit.status == "approved" else None
        self.now.was_approved |= self.now.answers_with is not None
        self.declared, self.exists = edit, True

    def follow_act(self, step: Act, number: int) -> None:
        """Acts stand above everything. `number` is that of the act in the audit."""
        self.done.append((number, step, replace(self.now)))
        if step == "approve":
            self.now.act, self.now.answers_with, self.now.was_approved = "approved", self.words[-1], True
        elif step == "retire":
            self.now.act, self.now.answers_with = "retired", None
        elif isinstance(step, ChangeAccess) and step.narrows:
            self.now.narrowed = step.access
        elif isinstance(step, ChangeAccess):
            self.now.access, self.now.narrowed = step.access, None
        elif isinstance(step, EndOn):
            self.now.until = (step.day,)

    def follow_undo(self) -> None:
        """What the last act changed is as before it; what the source has said since stays said."""
        _, step, before = self.done.pop()
        if isinstance(step, EndOn):
            self.now.until = before.until
        elif isinstance(step, ChangeAccess):
            self.now.access, self.now.narrowed = before.access, before.narrowed
        else:
            self.now = replace(
                before, until=self.now.until, access=self.now.access, narrowed=self.now.narrowed
            )

    def word_for(self, email: str, on: date, people: ExpectedPeople) -> str | None:
        """The word that this asker must find, None for silence."""
        if not self.exists or self.declared is None:
            return None
        start, end = self.declared.period[0], self.now.until[0] if self.now.until else self.declared.period[1]
        is_valid = (start is None or start <= on) and (end is None or on <= end)
        given = self.declared.access if self.now.access is None else self.now.access
        levels = [given] if self.now.narrowed is None else [given, self.now.narrowed]
        is_open = all(people.may_read(email, access) for access in levels)
        return self.now.answers_with if is_valid and is_open else None
