"""Lists a source: everything, or what has changed since a snapshot. Used by connector.py."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.access import AccessList, join_clauses
from ingest.connectors.confluence.access import AccessReader, Clause
from ingest.connectors.confluence.includes import collect_includes, find_includes
from ingest.connectors.confluence.references import (
    Described,
    build_attachment_reference,
    build_page_reference,
)
from ingest.connectors.confluence.site import Attachment, Contents, Page
from ingest.connectors.confluence.snapshot import Seen, Snapshot, mark_page
from ingest.connectors.confluence.survey import Scope, Survey, survey
from ingest.connectors.connector import FileReference, Listing
from ingest.connectors.web_client import RequestRefused, SourceBusy

_OUT_OF_SIGHT = (403, 404, 410)
Direct = Mapping[str, tuple[str, ...]]
"""Page id -> the pages that it includes itself."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One page of a listing: its files, and what the next listing needs to know of it."""

    files: tuple[FileReference, ...]
    seen: Seen


@dataclass(frozen=True, slots=True)
class Lister:
    """One listing of one source; made anew for each."""

    contents: Contents
    access: AccessReader
    scope: Scope
    max_bytes: int

    def list_all(self) -> Listing:
        """Everything that the source holds."""
        return self._list_whole(survey(self.contents, self.access, self.scope))

    def list_since(self, last: Snapshot) -> Listing:
        """What has changed, moved or gone. Everything, where the readers of a space are others than before."""
        now = survey(self.contents, self.access, self.scope)
        if now.rules != last.rules:
            return self._list_whole(now)
        recent = self._list_recent(now, last.newest)
        gone = set(last.pages) - now.chosen
        self._confirm_gone(gone - now.pages.keys(), now)
        changed = _find_changed(now, last, recent)
        direct = self._read_includes(now, last, changed)
        changed |= _find_including(now, last, direct=direct, changed=changed)
        entries = self._describe(now, changed, direct)
        pages = {key: one for key, one in last.pages.items() if key in now.chosen}
        pages.update({key: one.seen for key, one in entries.items()})
        snapshot = Snapshot(
            pages, {**last.groups, **self.access.groups}, now.rules, _find_newest(recent, last.newest)
        )
        return Listing(
            files=tuple(file for one in entries.values() for file in one.files),
            is_complete=False,
            removed=frozenset(_list_removed(last, gone, entries)),
            cursor=snapshot.write(),
        )

    def _list_whole(self, now: Survey) -> Listing:
        # Before the crawl: what is added while it runs is later than this, and is listed next time.
        recent = self._list_recent(now, None)
        direct = self._read_includes(now, None, set(now.chosen))
        entries = self._describe(now, now.chosen, direct)
        newest = _find_newest(recent, None) or _find_newest_file(entries.values())
        seen = {key: one.seen for key, one in entries.items()}
        snapshot = Snapshot(seen, dict(self.access.groups), now.rules, newest)
        return Listing(tuple(file for one in entries.values() for file in one.files), cursor=snapshot.write())

    def _list_recent(self, now: Survey, since: datetime | None) -> tuple[Attachment, ...]:
        if not self.scope.with_attachments or not now.spaces:
            return ()
        return self.contents.list_recent_attachments(since, now.keys)

    def _confirm_gone(self, missing: Collection[str], now: Survey) -> None:
        """A page that a listing does not hold is asked for by itself: listings may shift while they are read."""
        for page_id in sorted(missing):
            if not self.contents.is_gone(page_id, now.keys):
                raise SourceBusy(
                    f"the page {page_id} is there, but was not listed; the listing is tried again later"
                )

    def _read_includes(self, now: Survey, last: Snapshot | None, changed: Collection[str]) -> Direct:
        """Targets by page. Texts are read of pages that include something, as far as they are new to us."""
        if not now.spaces:
            return {}
        direct: dict[str, tuple[str, ...]] = {}
        for page_id in sorted(self.contents.list_includers(now.keys) & now.pages.keys()):
            known = last.pages.get(page_id) if last is not None and page_id not in changed else None
            if known is not None and known.includes:
                direct[page_id] = tuple(one for one in known.includes if one in now.pages)
            else:
                direct[page_id] = self._read_targets(now.pages[page_id], now)
        return direct

    def _read_targets(self, page: Page, now: Survey) -> tuple[str, ...]:
        try:
            text = self.contents.fetch_body(page.id).page.text
        except RequestRefused as error:
            if error.status in _OUT_OF_SIGHT:
                return ()
            raise
        targets = (now.by_title.get(key) for key in find_includes(text, space=page.space))
        return tuple(one for one in targets if one is not None and one != page.id)

    def _describe(self, now: Survey, ids: Iterable[str], direct: Direct) -> dict[str, _Entry]:
        entries: dict[str, _Entry] = {}
        for key in sorted(ids, key=lambda one: (len(one), one)):
            try:
                entries[key] = self._describe_page(now.pages[key], now, direct)
            except RequestRefused as error:
                # A listing of a large site takes its time: what was removed meanwhile is no fault of it.
                if error.status not in _OUT_OF_SIGHT or not self.contents.is_gone(key, now.keys):
                    raise
        return entries

    def _describe_page(self, page: Page, now: Survey, direct: Direct) -> _Entry:
        seen = Seen(mark_page(page), includes=direct.get(page.id, ()))
        marks = self.contents.read_marks(page)
        if not self.scope.takes(marks.labels):
            return _Entry((), seen)
        clauses = self.access.read_page(page)
        access, includes = self._join(page, clauses, now=now, direct=direct)
        one = Described(
            page,
            marks,
            access,
            owner=self.access.people.find_email(page.author) if page.author else None,
            includes=includes,
            is_retired=now.is_retired(page),
            note=_write_note(page, clauses),
        )
        found = self.contents.list_attachments(page) if self.scope.with_attachments else ()
        # The page's own readers, not those of what it includes.
        bare = replace(one, access=join_clauses([level.principals for level in clauses]))
        files = [
            build_attachment_reference(bare, attachment, max_bytes=self.max_bytes) for attachment in found
        ]
        kept = replace(seen, attachments={attachment.id: attachment.version for attachment in found})
        return _Entry((build_page_reference(one), *files), kept)

    def _join(
        self, page: Page, clauses: tuple[Clause, ...], *, now: Survey, direct: Direct
    ) -> tuple[AccessList, tuple[Page, ...]]:
        """Who may read the page with what it includes.

        What nobody may read stays a link, and so does what would make one level more than can be kept.
        """
        taken: list[Page] = []
        levels = [one.principals for one in clauses]
        for target_id in collect_includes(page.id, direct):
            target = now.pages[target_id]
            more = [one.principals for one in self.access.read_page(target)]
            if all(more) and join_clauses([*levels, *more]) != AccessList():
                taken.append(target)
                levels += more
        return join_clauses(levels), tuple(taken)


def _find_changed(now: Survey, last: Snapshot, recent: Iterable[Attachment]) -> set[str]:
    changed = {
        key
        for key in now.chosen
        if key not in last.pages or last.pages[key].mark != mark_page(now.pages[key])
    }
    for one in recent:
        known = last.pages.get(one.page_id)
        if one.page_id in now.chosen and known is not None and known.attachments.get(one.id) != one.version:
            changed.add(one.page_id)
    return changed


def _find_including(now: Survey, last: Snapshot, *, direct: Direct, changed: Collection[str]) -> set[str]:
    """Pages that include what has changed, or other pages than before."""
    found: set[str] = set()
    for key in now.chosen:
        known = last.pages.get(key)
        is_other = known is not None and known.includes != direct.get(key, ())
        if is_other or not set(changed).isdisjoint(collect_includes(key, direct)):
            found.add(key)
    return found


def _list_removed(last: Snapshot, gone: Collection[str], entries: Mapping[str, _Entry]) -> Iterable[str]:
    for key in gone:
        yield key
        yield from last.pages[key].attachments
    for key, entry in entries.items():
        known = last.pages.get(key)
        if known is None:
            continue
        listed = {file.item_id for file in entry.files}
        yield from ({key, *known.attachments} - listed)


def _find_newest(recent: Iterable[Attachment], otherwise: datetime | None) -> datetime | None:
    times = [one.updated for one in recent if one.updated is not None]
    return max([*times, *([otherwise] if otherwise else [])], default=None)


def _find_newest_file(entries: Iterable[_Entry]) -> datetime | None:
    times = [file.updated for one in entries for file in one.files if file.updated is not None]
    return max(times, default=None)


def _write_note(page: Page, clauses: Iterable[Clause]) -> str:
    if page.above is None:
        return "a page above it cannot be read, so nobody may read it here"
    unknown = sum(one.unknown for one in clauses)
    return f"names {unknown} reader(s) whose address is not known" if unknown else ""
