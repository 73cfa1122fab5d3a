"""Every Python process of the tests loads a copy of this at its start: it refuses and notes whatever would leave here.

Copied and read back by tests/network_guard.py. Tiny and without imports: it costs every child its time.
"""

# pathlib would cost every child its import.
# ruff: noqa: PTH100, PTH112, PTH118, PTH119, PTH120

import os
import sys
from typing import Any

LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"})
LOCAL_ADDRESSES = frozenset({"", "::1", "::", "0.0.0.0"})
# TEST-NET-1: no network routes it. Tests that plant a connection take it, to see how the product refuses it.
PLANTED = "192.0.2."
LOOK_UPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
REVERSE = frozenset({"socket.gethostbyaddr", "socket.getnameinfo"})
TALK = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
NOTES = "network-guard-notes"
# Under this name a process finds the guard that it was started with.
MODULE = "network_guard_of_this_process"

_folders: list[str] = []


class LookUpRefused(OSError):
    """To the caller it looks as if there were no network."""


def install(folder: str) -> None:
    """From now on, for as long as this process lives, each refusal leaves an empty file below `folder`."""
    _folders.append(folder)
    if len(_folders) == 1:
        sys.modules[MODULE] = sys.modules[__name__]
        sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in LOOK_UPS:
        host = arguments[0]
        allowed = _is_local(host) or _is_number(host)
    elif event in REVERSE or event in TALK:
        host = _take_host(arguments[event in TALK])
        allowed = _is_local(host)
    else:
        return
    if not allowed:
        told = f"{event} of {_show(host)} by {_name_callers()}"
        _note(_folders[-1], told)
        raise LookUpRefused(f"the tests' network guard refuses {told}")


def _take_host(address: Any) -> Any:
    """The host of an address: None for sockets that are files and for families that know no hosts."""
    if not isinstance(address, tuple):
        # A reverse look-up names its host as it is; a path is a Unix socket's.
        return (
            None if address is None or "/" in _show(address) or _show(address)[:1] in ("\0", "@") else address
        )
    return address[0] if address and isinstance(address[0], str | bytes | bytearray) else None


def _is_local(host: Any) -> bool:
    if host is None:
        return True
    name = _show(host).lower().rstrip(".").partition("%")[0]
    if name in LOCAL_NAMES or name in LOCAL_ADDRESSES:
        return True
    return name.removeprefix("::ffff:").startswith(("127.", PLANTED)) and _is_number(name)


def _is_number(host: Any) -> bool:
    """A number needs no look-up."""
    import _socket  # whoever asks has it loaded already

    for family in (_socket.AF_INET, _socket.AF_INET6):
        try:
            _socket.inet_pton(family, _show(host).partition("%")[0])
        except (OSError, ValueError):
            continue
        return True
    return False


def _show(host: Any) -> str:
    return host.decode("utf-8", "replace") if isinstance(host, bytes | bytearray) else str(host)


def _name_callers() -> str:
    """The last few files on the way here, nearest first."""
    names: list[str] = []
    frame = sys._getframe(2)
    while frame is not None and len(names) < 4:
        file = os.path.basename(frame.f_code.co_filename)
        if file != "socket.py" and not (names and names[-1].startswith(f"{file} ")):
            names.append(f"{file} {frame.f_lineno}")
        frame = frame.f_back  # type: ignore[assignment]
    return " < ".join(names)


def _note(folder: str, told: str) -> None:
    # An empty file: processes that may not write a single byte can still leave one. Its name is the note.
    name = "".join(
        letter if letter.isprintable() and letter != "/" else "_" for letter in f"{os.getpid()} {told}"
    )
    try:
        os.close(os.open(os.path.join(folder, NOTES, name[:200]), os.O_CREAT | os.O_WRONLY))
    except OSError:
        return  # the tests have ended


def _load_hidden() -> None:
    """The sitecustomize that would have been loaded if no guard were before it."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    places = [place for place in sys.path if not os.path.isdir(os.path.join(place, NOTES))]
    spec = PathFinder.find_spec("sitecustomize", places)
    if spec is not None and spec.loader is not None:
        module = module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


if __name__ == "sitecustomize":
    install(os.path.dirname(os.path.abspath(__file__)))
    _load_hidden()
