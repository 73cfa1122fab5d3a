"""Resources of a ResourceSpace: each with its metadata as one asset file (asset_file.py), over its signed API."""

import json
from collections.abc import Mapping
from hashlib import sha256

from core.access import AccessList
from ingest.connectors.asset_calls import write_asset_file
from ingest.connectors.asset_file import (
    Asset,
    build_asset_file,
    digest_asset,
    explain_unread,
    name_asset_file,
    state_facts,
)
from ingest.connectors.connector import FileReference, FileWithdrawn, GroupListing, Listing
from ingest.connectors.options import Option, SourceSetup, SourceType
from ingest.connectors.resourcespace.asset_words import (
    RETIRED,
    Reading,
    digest_row,
    find_access,
    find_title,
    read_asset,
    read_moment,
    read_number,
    read_signals,
)
from ingest.connectors.resourcespace.installation import Installation, Row


class ResourceSpaceConnector:
    """One installation, or the collections or the search that the options name."""

    def __init__(self, setup: SourceSetup) -> None:
        self._installation = Installation(setup)
        self._max_bytes = setup.max_bytes
        self._searches = [f"!collection{one}" for one in setup.list_words("collections")] or [
            setup.get("search")
        ]
        self._options = setup
        self._types: Mapping[str, str] | None = None

    def check_credentials(self) -> None:
        """One small search."""
        self._installation.check_search()

    def list_changes(self, since: str | None) -> Listing:
        """Every row is listed each time, which is cheap; the fields of a resource are asked for where its row changed.

        The cursor holds a digest of each row. What stood there and is not listed any more is gone: deleted, or out
        of the reach of this user.
        """
        self._types = self._installation.list_types()
        rows: dict[str, Row] = {}
        for search in self._searches:
            rows |= self._installation.list_resources(search)
        digests = {ref: digest_row(row) for ref, row in rows.items()}
        # A user who may not search any more finds nothing, without an error: such a listing is whole, so that an
        # empty source is asked about before anything is removed.
        known = self._read_cursor(since) if rows else None
        changed = [row for ref, row in rows.items() if known is None or known.get(ref) != digests[ref]]
        return Listing(
            tuple(self._build_reference(row) for row in changed),
            is_complete=known is None,
            removed=frozenset() if known is None else frozenset(known.keys() - rows.keys()),
            cursor=json.dumps({"of": self._digest_reading(), "rows": digests}),
        )

    def fetch(self, file: FileReference) -> bytes:
        """The asset file as of now."""
        if file.access is not None:
            # Nobody may read it, and this user may not even see it: its name is all there is.
            return build_asset_file(Asset(file.item_id, file.handle.get("name", ""), ""))
        row = self._installation.get_resource(file.item_id)
        fields = self._installation.list_fields(file.item_id)
        if row is None or fields is None:
            raise FileWithdrawn("is not in ResourceSpace any more, or not for this user")
        asset = self._read_asset(row, fields)
        return write_asset_file(
            asset,
            lambda: self._installation.find_download(file.item_id, str(row.get("file_extension") or "")),
            self._installation.client,
            max_bytes=self._max_bytes,
        )

    def list_groups(self) -> GroupListing | None:
        """ResourceSpace's rights are coarse: the admin maps types, fields or collections to readers."""
        return None

    def _build_reference(self, row: Row) -> FileReference:
        is_open = find_access(row) is None
        fields = self._installation.list_fields(str(row["ref"])) if is_open else None
        if fields is None:
            return self._build_closed(row)
        asset = self._read_asset(row, fields)
        return FileReference(
            path=name_asset_file(asset),
            size=asset.original.size if asset.original else 0,
            updated=read_moment(row.get("modified")),
            item_id=asset.item_id,
            version=digest_asset(asset),
            stated=state_facts(asset),
            signals=read_signals(row, fields, self._reading()),
            note=explain_unread(asset.original, max_bytes=self._max_bytes),
        )

    def _build_closed(self, row: Row) -> FileReference:
        """A resource that nobody may read here: confidential, for single groups, or not even shown to this user."""
        asset = Asset(
            str(row["ref"]), find_title(row), self._reading().types.get(str(row.get("resource_type")), "")
        )
        return FileReference(
            path=name_asset_file(asset),
            size=0,
            updated=read_moment(row.get("modified")),
            item_id=asset.item_id,
            version=digest_asset(asset),
            stated=state_facts(asset),
            access=AccessList(()),
            signals=read_signals(row, (), self._reading()),
            handle={"name": asset.name},
        )

    def _read_asset(self, row: Row, fields: list[Row]) -> Asset:
        is_retired = read_number(row, "archive") in RETIRED
        log = self._installation.list_log(str(row["ref"])) if is_retired else ()
        return read_asset(row, fields, self._reading(), log=log)

    def _reading(self) -> Reading:
        if self._types is None:
            self._types = self._installation.list_types()
        return Reading(
            url=self._installation.url,
            types=self._types,
            ends=self._options.get("ends-field"),
            rights=self._options.list_words("rights-fields"),
            active_is_approved=self._options.get("active-is-approved") == "yes",
        )

    def _digest_reading(self) -> str:
        # Read with other options, everything may read otherwise.
        return sha256(repr((self._searches, self._reading())).encode()).hexdigest()[:16]

    def _read_cursor(self, since: str | None) -> Mapping[str, str] | None:
        try:
            said = json.loads(since or "")
            rows = dict(said["rows"])
        except (ValueError, TypeError, KeyError):
            return None
        return rows if said.get("of") == self._digest_reading() else None


TYPE = SourceType(
    name="resourcespace",
    title="ResourceSpace",
    options=(
        Option("url", "address of the installation, https://dam.example.com", is_required=True),
        Option("user", "user in whose name resources are read", is_required=True),
        Option("key", "private API key of that user", is_secret=True),
        Option("collections", "only these collections (numbers, joined by commas)"),
        Option("search", "only what this search finds, in ResourceSpace's own way of writing"),
        Option("active-is-approved", "are active resources approved?", default="no", choices=("yes", "no")),
        Option("ends-field", "short name of the field with the last day of use; without it the expiry date"),
        Option(
            "rights-fields",
            "short names of the fields that tell rights",
            default="credit,copyright,usagerights",
        ),
        Option(
            "asset-hosts",
            "hosts that originals are downloaded from, beside the installation, joined by commas",
        ),
    ),
    open=ResourceSpaceConnector,
)
