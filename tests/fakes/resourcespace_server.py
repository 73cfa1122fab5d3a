"""A stateful ResourceSpace over real HTTP: its signed API with search, field data, log, paths, downloads, and faults.

Every reply is checked against tests/fakes/dam_fields.py as it is sent.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes import dam_fields
from tests.fakes.dam_fields import Fields, find_violations
from tests.fakes.dam_server import DamServer, FileServer, Reply, Request, send_json

USER, KEY = "onbrand", "private-key-83fb"
TITLE_FIELD = 8
ACTIVE, DELETED, CONFIDENTIAL = 0, 3, 2
JsonObject = dict[str, Any]
NAMES = {
    "title": (TITLE_FIELD, "Title", 0),
    "caption": (18, "Caption", 1),
    "keywords": (1, "Keywords - Other", 9),
    "credit": (10, "Credit", 0),
    "accessibilityalttext": (86, "Accessibility - Alt Text", 0),
    "expirydate": (90, "Expiry date", 6),
}


@dataclass
class ResourceSpaceServer(DamServer):
    """Resources of one installation. `page_size` caps what one page holds."""

    page_size: int = 2
    key: str = KEY
    may_search: bool = True
    """False: the user has lost the right to search; every search is then empty, and no error."""
    gives_text_numbers: bool = False
    """True: numbers come as text, as older drivers give them."""
    is_old: bool = False
    """True: before 10.3, where a search knows no pages and no total."""
    resources: dict[int, JsonObject] = field(default_factory=dict)
    fields: dict[int, dict[str, str]] = field(default_factory=dict)
    logs: dict[int, list[JsonObject]] = field(default_factory=dict)
    files: dict[int, bytes] = field(default_factory=dict)
    file_host: FileServer | None = None
    collections: dict[int, list[int]] = field(default_factory=dict)
    names: dict[str, tuple[int, str, int]] = field(default_factory=lambda: dict(NAMES))
    made: int = 0

    # What a person does there.

    def add_resource(
        self,
        *,
        content: bytes = b"",
        extension: str = "png",
        archive: int = ACTIVE,
        access: int = 0,
        **texts: str,
    ) -> int:
        """Upload a resource; `texts` are its fields by their short names."""
        self.made += 1
        now = self._now()
        self.resources[self.made] = {
            "ref": self.made,
            "resource_type": 2 if extension in ("pdf", "docx", "md") else 1,
            "archive": archive,
            "access": access,
            "creation_date": now,
            "modified": now,
            "file_modified": now,
            "file_extension": extension,
            "file_checksum": hashlib.md5(content, usedforsecurity=False).hexdigest(),
            "file_size": len(content),
            "has_image": 1,
            "hit_count": 0,
        }
        self.fields[self.made] = dict(texts)
        self.files[self.made] = content
        self._log(self.made, "c", "")
        return self.made

    def fill(self, count: int = 5) -> list[int]:
        """So many images."""
        return [self.add_resource(title=f"Resource {number}") for number in range(count)]

    def edit(self, ref: int, **texts: str) -> None:
        """Change fields of a resource."""
        self.fields[ref] |= texts
        self.resources[ref]["modified"] = self._now()
        self._log(ref, "e", "")

    def replace_file(self, ref: int, content: bytes) -> None:
        """Upload another original."""
        self.files[ref] = content
        checksum = hashlib.md5(content, usedforsecurity=False).hexdigest()
        now = self._now()
        self.resources[ref] |= {
            "file_checksum": checksum,
            "file_size": len(content),
            "file_modified": now,
            "modified": now,
        }

    def set_archive(self, ref: int, state: int) -> None:
        """Move a resource to another workflow state."""
        self.resources[ref]["archive"] = state
        self._log(ref, "s", f"moved to state {state}")

    def set_access(self, ref: int, access: int) -> None:
        """Open, restrict or close a resource."""
        self.resources[ref]["access"] = access

    def purge(self, ref: int) -> None:
        """Remove a resource for good."""
        self.resources.pop(ref)

    # What the installation answers.

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/filestore/"):
            return self._give_file(int(request.path.split("/")[2]))
        query, _, sign = request.query.rpartition("&sign=")
        if (
            request.params.get("user") != USER
            or sign != hashlib.sha256(f"{self.key}{query}".encode()).hexdigest()
        ):
            return Reply(401, b"Invalid signature", {"Content-Type": "application/json"})
        calls: Mapping[str, Callable[[Mapping[str, str]], Any]] = {
            "do_search": self._search,
            "search_get_previews": self._search,
            "get_resource_data": self._get_data,
            "get_resource_field_data": self._get_fields,
            "get_resource_log": self._get_log,
            "get_resource_path": self._get_path,
            "get_resource_types": self._get_types,
        }
        params = request.params
        if params["function"] not in calls:
            return send_json(
                {"status": "fail", "data": {"message": "Call to undefined function"}}, status=400
            )
        return send_json(self._as_sent(calls[params["function"]](params)))

    def _search(self, params: Mapping[str, str]) -> Any:
        states = {int(one) for one in params["param4"].split(",")}
        found = [
            self._row(ref)
            for ref, one in sorted(self.resources.items())
            if one["archive"] in states and self._matches(ref, params["param1"])
        ]
        if not self.may_search:
            found = []
        if self.is_old:
            self._check("row", dam_fields.RESOURCE_ROW, found)
            return found
        start, rows = (int(one) for one in params["param5"].split(","))
        page = {"total": len(found), "data": found[start : start + min(rows, self.page_size)]}
        self._check("page", dam_fields.RESOURCE_PAGE, page)
        self._check("row", dam_fields.RESOURCE_ROW, page["data"])
        return page

    def _matches(self, ref: int, search: str) -> bool:
        if not search:
            return True
        if search.startswith("!collection"):
            return ref in self.collections.get(int(search.removeprefix("!collection")), ())
        return search.lower() in " ".join(self.fields[ref].values()).lower()

    def _row(self, ref: int) -> JsonObject:
        return {**self.resources[ref], f"field{TITLE_FIELD}": self.fields[ref].get("title", "")}

    def _get_data(self, params: Mapping[str, str]) -> Any:
        ref = int(params["param1"])
        if not self._may_see(ref):
            return False
        self.resources[ref]["hit_count"] += 1
        return self._checked("row", dam_fields.RESOURCE_ROW, self._row(ref))

    def _get_fields(self, params: Mapping[str, str]) -> Any:
        ref = int(params["param1"])
        if not self._may_see(ref):
            return False
        found = [self._field(ref, name) for name in self.names]
        return self._checked("field", dam_fields.RESOURCE_FIELD, found)

    def _field(self, ref: int, name: str) -> JsonObject:
        number, title, kind = self.names[name]
        return {
            "ref": number,
            "name": name,
            "title": title,
            "type": kind,
            "value": self.fields[ref].get(name, ""),
        }

    def _get_log(self, params: Mapping[str, str]) -> Any:
        return self._checked("log", dam_fields.RESOURCE_LOG, self.logs[int(params["param1"])][::-1])

    def _get_path(self, params: Mapping[str, str]) -> Any:
        ref = int(params["param1"])
        if not self._may_see(ref) or self.resources[ref]["access"]:
            return ""
        path = f"/filestore/{ref}/file.{params['param5']}"
        if self.file_host:
            self.file_host.files[path] = self.files[ref]
        return f"{self.file_host.url if self.file_host else self.url}{path}?v=2026"

    def _get_types(self, _params: Mapping[str, str]) -> Any:
        found = [{"ref": 1, "name": "Photo", "order_by": 10}, {"ref": 2, "name": "Document", "order_by": 20}]
        return self._checked("type", dam_fields.RESOURCE_TYPE, found)

    def _give_file(self, ref: int) -> Reply:
        content = self.files.get(ref)
        return Reply(404, b"") if content is None or ref not in self.resources else Reply(200, content)

    def _may_see(self, ref: int) -> bool:
        return ref in self.resources and self.resources[ref]["access"] != CONFIDENTIAL

    def _log(self, ref: int, kind: str, notes: str) -> None:
        rows = self.logs.setdefault(ref, [])
        rows.append(
            {"ref": len(rows) + 1, "date": self._now(), "type": kind, "username": "editor", "notes": notes}
        )

    def _now(self) -> str:
        return self.tick().strftime("%Y-%m-%d %H:%M:%S")

    def _as_sent(self, value: Any) -> Any:
        if not self.gives_text_numbers or not isinstance(value, dict) or "data" not in value:
            return value
        rows = [
            {name: str(one) if isinstance(one, int) else one for name, one in row.items()}
            for row in value["data"]
        ]
        return {**value, "data": rows}

    def _checked(self, kind: str, fields: Fields, value: Any) -> Any:
        self._check(kind, fields, value)
        return value

    def _check(self, kind: str, fields: Fields, value: Any) -> None:
        if value:
            self.checked.add(kind)
        self.violations += find_violations(fields, json.loads(json.dumps(value)), where=kind)
