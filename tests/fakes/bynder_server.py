"""A stateful Bynder over real HTTP: API v4 with its paging, filters, trash, OAuth and permanent tokens, and faults.

Every reply is checked against tests/fakes/dam_fields.py as it is sent.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes import dam_fields
from tests.fakes.dam_fields import Fields, find_violations
from tests.fakes.dam_server import DamServer, FileServer, Reply, Request, refuse, send_json

PERMANENT_TOKEN = "permanent-token-5c1d"
CLIENT_ID, CLIENT_SECRET = "client-7a", "client-secret-91e0"
JsonObject = dict[str, Any]


def build_id(number: int) -> str:
    """An id in Bynder's form: four blocks, not five."""
    return f"{number:08X}-1A2B-4C3D-{number:016X}"


@dataclass
class BynderServer(DamServer):
    """Assets, brands, collections and metaproperties of one portal. `page_size` caps what one page holds."""

    page_size: int = 2
    lists_archived: bool = True
    """False: archived assets are listed only where they are asked for."""
    shows_trash: bool = True
    assets: dict[str, JsonObject] = field(default_factory=dict)
    trash: dict[str, JsonObject] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    file_host: FileServer | None = None
    """Where download links lead; None: to the portal itself."""
    brands: list[JsonObject] = field(default_factory=list)
    metaproperties: dict[str, JsonObject] = field(default_factory=dict)
    collections: dict[str, JsonObject] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=lambda: {PERMANENT_TOKEN})
    issued: int = 0
    made: int = 0
    is_blocked: bool = False
    asked_while_blocked: int = 0

    # What a person does in the portal.

    def add_asset(self, name: str, *, content: bytes | None = None, **values: Any) -> str:
        """Upload an asset; `content` is its original."""
        self.made += 1
        item_id = build_id(self.made)
        now = self.tick().isoformat().replace("+00:00", "Z")
        extension = values.get("extension", ["png"])
        asset: JsonObject = {
            "id": item_id,
            "name": name,
            "type": "image",
            "dateCreated": now,
            "dateModified": now,
            "datePublished": now,
            "archive": 0,
            "limited": 0,
            "isPublic": 0,
            "watermarked": 0,
            "tags": [],
            "extension": extension,
            "description": "",
            "copyright": "",
            "fileSize": len(content or b""),
            "propertyOptions": [],
            "mediaItems": [{"fileName": f"{name}.{extension[0]}", "type": "original", "active": 1}],
        }
        self.assets[item_id] = asset | values
        if content is not None:
            self.files[item_id] = content
        return item_id

    def fill(self, count: int = 5) -> list[str]:
        """So many images."""
        return [self.add_asset(f"Asset {number}") for number in range(count)]

    def edit(self, item_id: str, *, moves_date: bool = True, **values: Any) -> None:
        """Change fields of an asset."""
        self.assets[item_id] |= values
        if moves_date:
            self.assets[item_id]["dateModified"] = self._now()

    def throw_away(self, item_id: str) -> None:
        """Move an asset to the trash."""
        self.trash[item_id] = {**self.assets.pop(item_id), "dateRemoved": self._now()}

    def restore(self, item_id: str) -> None:
        """Bring an asset back from the trash; its dates stay what they were."""
        asset = self.trash.pop(item_id)
        asset.pop("dateRemoved")
        self.assets[item_id] = asset

    def purge(self, item_id: str) -> None:
        """Empty the trash of an asset: nothing speaks of it any more."""
        self.trash.pop(item_id)

    def add_property(self, name: str, label: str, options: Mapping[str, str] | None = None) -> None:
        """A metaproperty; `options` are name -> label."""
        found = [{"id": f"option-{key}", "name": key, "label": text} for key, text in (options or {}).items()]
        self.metaproperties[name] = {
            "id": f"property-{name}",
            "name": name,
            "label": label,
            "type": "select" if options else "date",
            "isFilterable": True,
            "options": found,
        }

    def add_collection(self, name: str, *item_ids: str) -> str:
        """A collection with these assets."""
        key = build_id(9000 + len(self.collections))
        self.members[key] = list(item_ids)
        self.collections[key] = {
            "id": key,
            "name": name,
            "dateModified": self._now(),
            "collectionCount": len(item_ids),
            "isPublic": True,
        }
        return key

    def put_into(self, collection: str, item_id: str) -> None:
        """Add an asset to a collection; the asset itself does not change."""
        self.members[collection].append(item_id)
        self.collections[collection] |= {
            "dateModified": self._now(),
            "collectionCount": len(self.members[collection]),
        }

    def expire_tokens(self) -> None:
        """Every token given so far has ended."""
        self.tokens.clear()

    def expire_tokens_after(self, requests: int) -> None:
        """The same, between two later requests."""
        self.run_after(requests, self.expire_tokens)

    # What the portal answers.

    def answer(self, request: Request) -> Reply:
        if self.is_blocked:
            self.asked_while_blocked += 1
            return Reply(429, b"")
        if request.path == "/v6/authentication/oauth2/token":
            return self._give_token(request)
        if request.path.startswith("/files/"):
            return self._give_file(request.path.removeprefix("/files/"))
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return refuse(401, "Unauthorized")
        return self._answer_api(request)

    def _answer_api(self, request: Request) -> Reply:
        path = request.path.rstrip("/").removeprefix("/api/")
        plain = {
            "v4/media": self._list_media,
            "trash/media": self._list_trash,
            "v4/metaproperties": self._list_properties,
            "v4/collections": self._list_collections,
        }
        if path in plain:
            return plain[path](request)
        if path == "v4/brands":
            return self._send("brand", dam_fields.BYNDER_BRAND, self.brands)
        _, kind, item_id, *rest = path.split("/")
        if kind == "collections" and rest == ["media"]:
            return self._list_members(item_id)
        if item_id not in self.assets:
            return refuse(404, "Asset not found")
        if rest == ["download"]:
            return self._give_link(item_id)
        return self._send("asset", dam_fields.BYNDER_ASSET, self.assets[item_id])

    def _list_media(self, request: Request) -> Reply:
        params = request.params
        found = sorted(
            filter(_Filter(self, params).matches, self.assets.values()), key=lambda one: one["dateCreated"]
        )
        page = self._cut(found, params, most=1000)
        if params.get("includeMediaItems") != "1":
            page = [{name: value for name, value in one.items() if name != "mediaItems"} for one in page]
        self._check("asset", dam_fields.BYNDER_ASSET, page)
        for one in page:
            self._check("media item", dam_fields.BYNDER_ITEM, one.get("mediaItems", []))
        if params.get("total") != "1":
            return send_json(page)
        total = {"count": len(found)}
        self._check("total", dam_fields.BYNDER_TOTAL, total)
        return send_json({"total": total, "media": page})

    def _list_trash(self, request: Request) -> Reply:
        if not self.shows_trash:
            return refuse(403, "Forbidden")
        names = ("id", "name", "dateRemoved", "dateCreated")
        found = [{name: one[name] for name in names} for one in self.trash.values()]
        found.sort(key=lambda one: str(one["dateRemoved"]), reverse=request.params.get("order") == "desc")
        return self._send("trashed", dam_fields.BYNDER_TRASHED, self._cut(found, request.params, most=1000))

    def _list_properties(self, _request: Request) -> Reply:
        for one in self.metaproperties.values():
            self._check("metaproperty", dam_fields.BYNDER_METAPROPERTY, one)
            self._check("option", dam_fields.BYNDER_OPTION, one["options"])
        return send_json(self.metaproperties)

    def _list_collections(self, request: Request) -> Reply:
        found = self._cut(list(self.collections.values()), request.params, most=1000)
        return self._send("collection", dam_fields.BYNDER_COLLECTION, found)

    def _list_members(self, collection: str) -> Reply:
        if collection not in self.members:
            return refuse(404, "Collection not found")
        return send_json(self.members[collection])

    def _give_link(self, item_id: str) -> Reply:
        if item_id not in self.files:
            return refuse(404, "Original file not available")
        host = self.file_host.url if self.file_host else self.url
        if self.file_host:
            self.file_host.files[f"/files/{item_id}"] = self.files[item_id]
        return self._send(
            "download", dam_fields.BYNDER_DOWNLOAD, {"s3_file": f"{host}/files/{item_id}?Signature=abc"}
        )

    def _give_file(self, item_id: str) -> Reply:
        content = self.files.get(item_id)
        return refuse(404, "no such file") if content is None else Reply(200, content)

    def _give_token(self, request: Request) -> Reply:
        form = request.form
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return send_json(
                {"error": "invalid_client", "error_description": "Client authentication failed"}, status=401
            )
        self.issued += 1
        self.tokens.add(f"access-{self.issued}")
        token = {"token_type": "bearer", "expires_in": 3600, "access_token": f"access-{self.issued}"}
        return self._send("token", dam_fields.BYNDER_TOKEN, token)

    def _cut(self, found: list[JsonObject], params: Mapping[str, str], *, most: int) -> list[JsonObject]:
        size = min(int(params.get("limit", "50")), most, self.page_size)
        start = (int(params.get("page", "1")) - 1) * size
        return found[start : start + size]

    def _send(self, kind: str, fields: Fields, value: Any) -> Reply:
        self._check(kind, fields, value)
        return send_json(value)

    def _check(self, kind: str, fields: Fields, value: Any) -> None:
        if value:
            self.checked.add(kind)
        self.violations += find_violations(fields, json.loads(json.dumps(value)), where=kind)

    def _now(self) -> str:
        return self.tick().isoformat().replace("+00:00", "Z")


@dataclass
class _Filter:
    """What a listing asks for."""

    server: BynderServer
    params: Mapping[str, str]

    def matches(self, asset: JsonObject) -> bool:
        return self._matches_state(asset) and self._matches_place(asset) and self._matches_properties(asset)

    def _matches_state(self, asset: JsonObject) -> bool:
        wanted = self.params.get("archive")
        if wanted is None:
            return self.server.lists_archived or not asset["archive"]
        return bool(asset["archive"]) == (wanted == "1")

    def _matches_place(self, asset: JsonObject) -> bool:
        collection = self.params.get("collectionId")
        return (
            self.params.get("brandId") in (None, asset.get("brandId"))
            and (collection is None or asset["id"] in self.server.members.get(collection, ()))
            and bool(asset["dateModified"] >= self.params.get("dateModified", ""))
        )

    def _matches_properties(self, asset: JsonObject) -> bool:
        wanted = {name: value for name, value in self.params.items() if name.startswith("property_")}
        return all(value in asset.get(name, ()) for name, value in wanted.items())
