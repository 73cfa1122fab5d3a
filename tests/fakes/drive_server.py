"""A stateful Drive over HTTP on the loopback: real paging, masks and rights, with faults by a script.

Every request and reply is checked against the description that google-api-python-client ships; see `violations`.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fakes.drive_fields import DEFAULT_MASKS, Mask, QueryRefused, apply_mask, read_mask
from tests.fakes.drive_oauth import GROUP_SCOPE, TokenOffice
from tests.fakes.drive_replies import Call, DriveReplies, Refusal
from tests.fakes.drive_schema import DIRECTORY, DRIVE, ApiDescription, Method, load_api
from tests.fakes.drive_world import DriveWorld
from tests.fakes.endpoint_server import EndpointHandler, serve_endpoint

TOKEN = "token"
_MASKS: dict[tuple[str, str], Mask] = {}


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next `times` requests of one method ("": any but for a token, TOKEN: for one)."""

    times: int
    on: str
    status: int = 0
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_cut: bool = False
    is_incomplete: bool = False
    act: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came."""

    id: str
    params: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(eq=False)
class DriveServer:
    """The fake and what it has seen. `violations` holds every breach of the API's own description, by either side."""

    world: DriveWorld = field(default_factory=DriveWorld)
    url: str = ""
    stopping: threading.Event = field(default_factory=threading.Event)
    requests: list[Any] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.replies = DriveReplies(self.world)
        self.office = TokenOffice(self.world)
        self.lock = threading.Lock()
        self._token_lasts: int | None = None

    @property
    def base(self) -> str:
        """The address to give as `api-url`."""
        return self.url.removesuffix("/v1")

    def take(self, world: DriveWorld) -> None:
        """Serve another world from now on; tokens that were given out stay good."""
        self.world = self.replies.world = self.office.world = world
        self.requests.clear()

    def fail_next(
        self, times: int, *, status: int, reason: str = "backendError", on: str = "", retry_after: str = ""
    ) -> None:
        """The next requests are refused."""
        headers = {"Retry-After": retry_after} if retry_after else {}
        self.faults.append(Fault(times, on, status, reason, headers))

    def cut_next(self, times: int, *, on: str) -> None:
        """The next replies break off in the middle."""
        self.faults.append(Fault(times, on, is_cut=True))

    def leave_out_next(self, times: int) -> None:
        """The next searches say that they are incomplete."""
        self.faults.append(Fault(times, "drive.files.list", is_incomplete=True))

    def act_before(self, on: str, act: Callable[[], None]) -> None:
        """Change the world just before the next request of a method is answered."""
        self.faults.append(Fault(1, on, act=act))

    def expire_token_after(self, requests: int) -> None:
        """After so many further requests every bearer token is refused until a new one is fetched."""
        self._token_lasts = requests

    def count(self, id_: str) -> int:
        """How often a method was asked for."""
        return sum(seen.id == id_ for seen in self.requests)

    def take_fault(self, id_: str) -> Fault:
        """The fault that is due for this request, if any."""
        for fault in self.faults:
            if fault.times and (fault.on == id_ or (not fault.on and id_ != TOKEN)):
                fault.times -= 1
                return fault
        return Fault(0, "")

    def check_token(self, header: str, scopes: frozenset[str]) -> None:
        """Raise Refusal unless the bearer token is good and covers one of the scopes."""
        if self._token_lasts is not None:
            self._token_lasts -= 1
            if self._token_lasts < 0:
                self._token_lasts = None
                self.office.expire_all()
        bearer = self.office.tokens.get(header.removeprefix("Bearer "))
        if bearer is None:
            raise Refusal(401, "authError", "Invalid Credentials")
        if not bearer.scopes & scopes:
            raise Refusal(403, "insufficientPermissions", "Request had insufficient authentication scopes.")
        if GROUP_SCOPE in scopes and bearer.account not in self.world.directory_readers:
            raise Refusal(403, "forbidden", "Not Authorized to access this resource/api")


class DriveHandler(EndpointHandler):
    """Finds the method, its right and its reply."""

    endpoint: DriveServer
    # Head and body leave together: a delayed acknowledgement costs 40 ms a reply.
    disable_nagle_algorithm = True
    wbufsize = 65536

    def do_POST(self) -> None:  # noqa: N802 - the base class names it so
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        if urlsplit(self.path).path != "/token":
            self._answer("POST")
            return
        form = {name: values[0] for name, values in parse_qs(body).items()}
        fault = self.endpoint.take_fault(TOKEN)
        status, reply = (fault.status, {}) if fault.status else self.endpoint.office.answer(form)
        self.send_text(status, json.dumps(reply))

    def answer_get(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith(("/downloads/", "/exports/")):
            self._send_linked(path)
        else:
            self._answer("GET")

    def _send_linked(self, path: str) -> None:
        kind, id_ = path.strip("/").split("/")
        query = parse_qs(urlsplit(self.path).query)
        self.endpoint.requests.append(Seen(kind, {}, dict(self.headers)))
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.endpoint.office.tokens:
            self.send_text(401, "{}")
            return
        replies = self.endpoint.replies
        wanted = replies.find_operation(id_) if kind == "downloads" else (id_, query["format"][0])
        self.send_text(200, replies.give_bytes(*wanted), {"Content-Type": "application/octet-stream"})

    def _answer(self, verb: str) -> None:
        with self.endpoint.lock:
            try:
                content, fault = self._find_reply(verb)
            except Refusal as refusal:
                error = {"domain": "global", "reason": refusal.reason, "message": str(refusal)}
                body = {"error": {"code": refusal.status, "message": str(refusal), "errors": [error]}}
                self.send_text(refusal.status, json.dumps(body), refusal.headers)
                return
        self._send(content, fault)

    def _send(self, content: bytes, fault: Fault) -> None:
        if not fault.is_cut:
            self.send_text(HTTPStatus.OK, content)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])
        self.close_connection = True

    def _find_reply(self, verb: str) -> tuple[bytes, Fault]:
        split = urlsplit(self.path)
        api = load_api(DIRECTORY if split.path.startswith("/admin/") else DRIVE)
        found = api.find_method(verb, split.path)
        if found is None:
            self.endpoint.violations.append(f"there is no request {verb} {split.path}")
            raise Refusal(404, "notFound", "Not Found")
        method, values = found
        query = parse_qs(split.query, keep_blank_values=True)
        self._check_query(method, query)
        params = {name: unquote(value) for name, value in values.items()} | {
            name: given[0] for name, given in query.items()
        }
        self.endpoint.requests.append(Seen(method.id, params, dict(self.headers)))
        fault = self._meet_fault(method)
        self.endpoint.check_token(self.headers.get("Authorization", ""), method.scopes)
        reply = self.endpoint.replies.answer(Call(method.id, params, self._read_keys()))
        if isinstance(reply, bytes):
            return reply, fault
        if fault.is_incomplete:
            reply["incompleteSearch"] = True
        return json.dumps(self._mask(api, method, reply, params.get("fields"))).encode(), fault

    def _check_query(self, method: Method, query: Mapping[str, list[str]]) -> None:
        problems = list(method.find_problems(query))
        if problems:
            self.endpoint.violations.extend(problems)
            raise Refusal(400, "badRequest", problems[0])

    def _meet_fault(self, method: Method) -> Fault:
        fault = self.endpoint.take_fault(method.id)
        if fault.act is not None:
            fault.act()
        if fault.status:
            raise Refusal(fault.status, fault.reason, headers=fault.headers)
        return fault

    def _mask(self, api: ApiDescription, method: Method, reply: dict[str, Any], fields: str | None) -> Any:
        asked = fields or DEFAULT_MASKS.get(method.reply, "*")
        try:
            mask = _MASKS.get((asked, method.id)) or read_mask(asked, api, method.reply)
            _MASKS[asked, method.id] = mask
        except QueryRefused as problem:
            self.endpoint.violations.append(str(problem))
            raise Refusal(400, "invalidParameter", str(problem)) from None
        self.endpoint.violations.extend(api.find_reply_problems(method.reply, reply))
        return apply_mask(mask, reply)

    def _read_keys(self) -> dict[str, str]:
        header = self.headers.get("X-Goog-Drive-Resource-Keys", "")
        return dict(pair.split("/", 1) for pair in header.split(",") if "/" in pair)


@contextmanager
def serve_drive(world: DriveWorld | None = None) -> Iterator[DriveServer]:
    """Run a fake Drive on a free port of the loopback until the block ends."""
    with serve_endpoint(DriveServer(world or DriveWorld()), DriveHandler) as server:
        server.replies.url = server.base
        yield server
