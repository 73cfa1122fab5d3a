"""Which fields Bynder and ResourceSpace answer with, written down by us, and a check of any reply against it.

Bynder: its published OpenAPI 3.1 files for assets, trash, metaproperties, brands, collections and download, and the
models of its own C# SDK (counts, media items, flags that come as 0 or 1), as of 2026-11-22.
ResourceSpace: api_bindings.php, do_search.php and the table definitions of its trunk (10.x), and its API pages in the
knowledge base, as of 2026-11-22. MySQL gives numbers as numbers or as text, by its driver.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Types = type | tuple[type, ...]
FLAG = (int, bool)
NUMBER = (int, str)
MAYBE = (str, type(None))


@dataclass(frozen=True)
class Fields:
    """Fields of one object. `required` are always there; a name that ends in `*` stands for all that begin so."""

    required: Mapping[str, Types]
    optional: Mapping[str, Types]

    def find_violations(self, where: str, value: Any) -> list[str]:
        """What is not as it should be, one line each."""
        if not isinstance(value, dict):
            return [f"{where}: {type(value).__name__} where an object is expected"]
        missing = [f"{where}: {name} is missing" for name in self.required if name not in value]
        return missing + [
            f"{where}: {name} is {type(one).__name__}"
            for name, one in value.items()
            if not self._is_allowed(name, one)
        ]

    def _is_allowed(self, name: str, value: Any) -> bool:
        known = {**self.required, **self.optional}
        types = known.get(name) or next(
            (one for key, one in known.items() if key.endswith("*") and name.startswith(key[:-1])), None
        )
        return types is not None and isinstance(value, types)


BYNDER_ITEM = Fields(
    {"fileName": str, "type": str},
    {
        "id": str,
        "version": int,
        "dateCreated": str,
        "size": int,
        "width": int,
        "height": int,
        "active": FLAG,
        "publicUrl": str,
        "thumbnails": dict,
    },
)
BYNDER_ASSET = Fields(
    {
        "id": str,
        "name": str,
        "type": str,
        "dateCreated": str,
        "dateModified": str,
        "archive": FLAG,
        "limited": FLAG,
        "isPublic": FLAG,
        "tags": list,
        "extension": list,
    },
    {
        "description": str,
        "copyright": str,
        "datePublished": str,
        "brandId": str,
        "subBrandId": str,
        "propertyOptions": list,
        "fileSize": int,
        "width": int,
        "height": int,
        "idHash": str,
        "orientation": str,
        "userCreated": str,
        "watermarked": FLAG,
        "activeVersion": int,
        "thumbnails": dict,
        "transformBaseUrl": str,
        "videoPreviewURLs": list,
        "original": str,
        "mediaItems": list,
        "property_*": (str, list),
    },
)
BYNDER_TRASHED = Fields(
    {"id": str, "name": str, "dateRemoved": str, "dateCreated": str},
    {"username": str, "userId": str, "S3_filepointer": str},
)
BYNDER_METAPROPERTY = Fields(
    {"id": str, "name": str, "label": str, "type": str},
    {"options": list, "zindex": int, "is*": bool, "show*": bool, "useDependencies": bool},
)
BYNDER_OPTION = Fields(
    {"id": str, "name": str, "label": str},
    {"displayLabel": str, "active": bool, "zindex": int, "isSelectable": bool},
)
BYNDER_BRAND = Fields({"id": str, "name": str}, {"description": MAYBE, "image": MAYBE, "subBrands": list})
BYNDER_COLLECTION = Fields(
    {"id": str, "name": str, "dateModified": str, "collectionCount": int},
    {
        "userId": str,
        "filename": str,
        "dateCreated": str,
        "cover": dict,
        "user": dict,
        "description": str,
        "isPublic": bool,
    },
)
BYNDER_DOWNLOAD = Fields({"s3_file": str}, {"disclaimer": str})
BYNDER_TOKEN = Fields(
    {"token_type": str, "expires_in": int, "access_token": str}, {"scope": str, "refresh_token": str}
)
BYNDER_TOTAL = Fields({"count": int}, {})
RESOURCE_ROW = Fields(
    {
        "ref": NUMBER,
        "resource_type": NUMBER,
        "archive": NUMBER,
        "access": NUMBER,
        "creation_date": MAYBE,
        "file_extension": MAYBE,
        "file_checksum": MAYBE,
        "file_modified": MAYBE,
        "modified": MAYBE,
        "file_size": (int, str, type(None)),
    },
    {
        "has_image": NUMBER,
        "created_by": NUMBER,
        "resultant_access": NUMBER,
        "group_access": (int, type(None)),
        "user_access": (int, type(None)),
        "hit_count": NUMBER,
        "request_count": NUMBER,
        "score": NUMBER,
        "order_by": NUMBER,
        "field*": MAYBE,
        "url_*": str,
    },
)
RESOURCE_PAGE = Fields({"total": int, "data": list}, {})
RESOURCE_FIELD = Fields(
    {"ref": NUMBER, "name": str, "title": str, "type": NUMBER, "value": MAYBE},
    {"fref": NUMBER, "resource_type_field": NUMBER, "resource": NUMBER, "order_by": NUMBER, "tab": NUMBER},
)
RESOURCE_LOG = Fields(
    {"ref": NUMBER, "date": str, "type": str},
    {"username": MAYBE, "fullname": MAYBE, "title": MAYBE, "notes": MAYBE, "diff": MAYBE},
)
RESOURCE_TYPE = Fields({"ref": NUMBER, "name": str}, {"order_by": NUMBER, "allowed_extensions": MAYBE})


def find_violations(fields: Fields, value: Any, *, where: str) -> list[str]:
    """Violations of one object, or of each object of a list."""
    if isinstance(value, list):
        return [
            line
            for number, one in enumerate(value)
            for line in fields.find_violations(f"{where}[{number}]", one)
        ]
    return fields.find_violations(where, value)
