"""Fetches the bytes of one file, and gets round the limit of 10 MB that Drive puts on exports. Used by connector.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from core.clock import pause
from core.errors import PermanentError
from ingest.connectors.connector import CredentialsRefused, FileGone, FileReference, FileWithdrawn
from ingest.connectors.drive.calls import (
    ACCOUNT_REASONS,
    API,
    FORBIDDEN,
    GONE,
    NOT_FOUND,
    explain_refusal,
    name_reason,
)
from ingest.connectors.web_client import RequestRefused, WebClient

TOO_LARGE = "exportSizeLimitExceeded"
# The file is still ours to see; only its bytes are not given.
_KEPT_REASONS: Mapping[str, str] = {
    TOO_LARGE: "its export is above Drive's limit of 10 MB",
    "cannotDownloadFile": "may not be downloaded: its owner or the shared drive restricts that",
    "cannotExportFile": "may not be exported: its owner or the shared drive restricts that",
    "fileNotDownloadable": "Drive has no bytes of it to download",
    "fileNotExportable": "Drive has no export of it",
    "cannotDownloadAbusiveFile": "Drive holds it for malware or abuse",
    "downloadQuotaExceeded": "was downloaded too often lately; Drive gives it again later",
}
POLLS, FIRST_POLL_SECONDS, LONGEST_POLL_SECONDS = 60, 1.0, 10.0


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Asks for bytes; never more than `max_bytes`."""

    web: WebClient
    max_bytes: int
    first_poll_seconds: float = FIRST_POLL_SECONDS

    def fetch(self, file: FileReference) -> bytes:
        """The bytes, or the export that the listing chose. Raises FileGone, FileWithdrawn, CredentialsRefused."""
        keys = file.handle.get("keys", "")
        headers = {"X-Goog-Drive-Resource-Keys": keys} if keys else {}
        export = file.handle.get("export", "")
        try:
            if not export:
                params = {"alt": "media", "supportsAllDrives": True}
                return self._get(_name_path(file), params, headers)
            return self._get(f"{_name_path(file)}/export", {"mimeType": export}, headers)
        except RequestRefused as refused:
            if name_reason(refused) == TOO_LARGE:
                return self._fetch_large(file, export, headers)
            raise _explain(refused) from None

    def _get(self, path: str, params: Mapping[str, Any] | None, headers: Mapping[str, str]) -> bytes:
        return self.web.get_bytes(path, params, max_bytes=self.max_bytes, headers=headers)

    def _fetch_large(self, file: FileReference, export: str, headers: Mapping[str, str]) -> bytes:
        """First by a long-running download, then by the export link of a browser."""
        tries: tuple[Callable[[], str], ...] = (
            lambda: self._prepare_download(file, export),
            lambda: self._find_link(file, export, headers),
        )
        reasons: list[str] = []
        for find_address in tries:
            try:
                return self._get(find_address(), None, {})
            except CredentialsRefused:
                raise
            except PermanentError as refused:
                reasons.append(str(refused).rstrip("."))
        raise FileGone(f"{_KEPT_REASONS[TOO_LARGE]}, and it is not to be had otherwise: {'; '.join(reasons)}")

    def _prepare_download(self, file: FileReference, export: str) -> str:
        """Waits until Drive has the download ready; gives its address."""
        state = self.web.post_json(f"{_name_path(file)}/download", {}, params={"mimeType": export})
        wait = self.first_poll_seconds
        for _ in range(POLLS):
            if not isinstance(state, dict) or state.get("error"):
                raise FileGone("Drive could not prepare the download")
            if state.get("done"):
                return _need_address((state.get("response") or {}).get("downloadUri"), "the download")
            pause(wait)
            wait = min(wait * 1.5, LONGEST_POLL_SECONDS)
            name = quote(str(state.get("name", "")).removeprefix("operations/"), safe="")
            state = self.web.get_json(f"{API}/operations/{name}")
        raise FileGone("Drive did not get the download ready in time")

    def _find_link(self, file: FileReference, export: str, headers: Mapping[str, str]) -> str:
        params: Mapping[str, str | bool] = {"fields": "exportLinks", "supportsAllDrives": True}
        item = self.web.get_json(_name_path(file), params, headers=headers)
        links = (item.get("exportLinks") if isinstance(item, dict) else None) or {}
        return _need_address(links.get(export), "the export link")


def _name_path(file: FileReference) -> str:
    return f"{API}/files/{quote(file.item_id, safe='')}"


def _need_address(address: object, what: str) -> str:
    if not isinstance(address, str) or "://" not in address:
        raise FileGone(f"{what} has no address")
    return address


def _explain(refused: RequestRefused) -> PermanentError:
    reason = name_reason(refused)
    if reason in ACCOUNT_REASONS:
        return explain_refusal(refused)
    if reason in _KEPT_REASONS:
        return FileGone(_KEPT_REASONS[reason])
    if refused.status in (FORBIDDEN, NOT_FOUND, GONE):
        return FileWithdrawn("is not there (any more), or no longer shared with this account")
    return FileGone(f"Drive does not give it ({refused.reason or f'HTTP {refused.status}'})")
