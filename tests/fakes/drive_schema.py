"""What Drive and the Directory say of themselves: which requests there are and what a reply holds.

Read from the description that google-api-python-client ships. Used by the fake Drive and by the test of its requests.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

DRIVE, DIRECTORY = "drive.v3", "admin.directory_v1"
_INT64 = re.compile(r"-?\d{1,19}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Method:
    """One request that the API knows. `reply` is its schema's name, or "" for bytes."""

    id: str
    verb: str
    pattern: re.Pattern[str]
    parameters: Mapping[str, Mapping[str, Any]]
    scopes: frozenset[str]
    reply: str

    def find_problems(self, params: Mapping[str, list[str]]) -> Iterator[str]:
        """What is wrong with a query: unknown names, wrong types, missing ones."""
        for name, values in params.items():
            if name not in self.parameters or self.parameters[name]["location"] != "query":
                yield f"{self.id} knows no parameter {name!r}"
            elif len(values) != 1 or not _fits_parameter(self.parameters[name], values[0]):
                yield f"{self.id}: {name}={values!r} is not a {self.parameters[name]['type']}"
        for name, described in self.parameters.items():
            if described.get("required") and described["location"] == "query" and name not in params:
                yield f"{self.id} needs {name!r}"


@dataclass(frozen=True, slots=True)
class ApiDescription:
    """One API: its requests and the schemas of its replies."""

    methods: tuple[Method, ...]
    schemas: Mapping[str, Mapping[str, Any]]

    def find_method(self, verb: str, path: str) -> tuple[Method, Mapping[str, str]] | None:
        """The request of that verb and path, with the values in its path."""
        for method in self.methods:
            found = method.pattern.fullmatch(path)
            if found and method.verb == verb:
                return method, found.groupdict()
        return None

    def find_reply_problems(self, schema: str, reply: Any) -> list[str]:
        """Fields that the schema does not know, and values of another JSON type than it promises."""
        return list(self._compare({"$ref": schema}, reply, schema))

    def describe_field(self, schema: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
        """The description of one field; None where there is none of that name."""
        described = self.resolve(schema)
        if described.get("type") == "array":
            described = self.resolve(described["items"])
        extra: Mapping[str, Any] | None = described.get("additionalProperties")
        found: Mapping[str, Any] | None = described.get("properties", {}).get(name, extra)
        return found

    def resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The schema itself, where another is named."""
        return self.schemas[schema["$ref"]] if "$ref" in schema else schema

    def _compare(self, schema: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
        described = self.resolve(schema)
        kind = described.get("type", "object")
        if not _has_type(described, value):
            yield f"{where} is {value!r}, not {kind} {described.get('format', '')}"
        elif kind == "array":
            for number, part in enumerate(value):
                yield from self._compare(described["items"], part, f"{where}[{number}]")
        elif kind == "object":
            for name, part in value.items():
                inner = self.describe_field(described, name)
                if inner is None:
                    yield f"{where} has no field {name!r}"
                else:
                    yield from self._compare(inner, part, f"{where}.{name}")


@cache
def load_api(name: str) -> ApiDescription:
    """One API's description; raises LookupError where google-api-python-client is not installed."""
    found = find_spec("googleapiclient")
    if found is None or not found.submodule_search_locations:
        raise LookupError("google-api-python-client is not installed; run `make setup`")
    folder = Path(found.submodule_search_locations[0]) / "discovery_cache" / "documents"
    document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    methods = tuple(
        Method(
            id=method["id"],
            verb=method["httpMethod"],
            pattern=_compile_path(f"/{document['servicePath']}{method['path']}"),
            parameters={**document["parameters"], **method.get("parameters", {})},
            scopes=frozenset(method.get("scopes", ())),
            reply=method.get("response", {}).get("$ref", ""),
        )
        for method in _list_methods(document)
    )
    return ApiDescription(methods, document["schemas"])


def _list_methods(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from part.get("methods", {}).values()
    for inner in part.get("resources", {}).values():
        yield from _list_methods(inner)


def _compile_path(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\})", template)
    return re.compile(
        "".join(f"(?P<{part[1:-1]}>[^/]+)" if part.startswith("{") else re.escape(part) for part in parts)
    )


def _fits_parameter(described: Mapping[str, Any], value: str) -> bool:
    if "enum" in described and value not in described["enum"]:
        return False
    if described["type"] == "boolean":
        return value in ("true", "false")
    return described["type"] != "integer" or value.isdigit()


def _has_type(described: Mapping[str, Any], value: Any) -> bool:
    kind, form = described.get("type", "object"), described.get("format", "")
    if kind == "any":
        return True
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "string":
        return isinstance(value, str) and _fits_format(form, value)
    types: Mapping[str, Any] = {"boolean": bool, "number": (int, float), "array": list, "object": dict}
    return isinstance(value, types[kind])


def _fits_format(form: str, value: str) -> bool:
    patterns = {"int64": _INT64, "date-time": _MOMENT, "google-datetime": _MOMENT}
    return form not in patterns or bool(patterns[form].fullmatch(value))
