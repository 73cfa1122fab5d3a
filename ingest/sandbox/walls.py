"""What the process that parses may not do: limits, no network, no new rights. Raised once by ingest/sandbox/child.py.

Walls hold whatever code runs in the process: limits of memory and files, refused system calls, a network namespace. The
audit hook is a tripwire: it stops Python code with a clear error, native code can go around it. Linux has them all;
macOS has limits of files and the tripwire, Windows the tripwire alone; time is kept by the asking process everywhere.
"""

import contextlib
import ctypes
import os
import select
import struct
import sys
from pathlib import Path
from threading import Thread
from typing import Any

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # with EACCES
# By processor: its number among system call interfaces, then socket, connect, ptrace, process_vm_readv, _writev.
_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 101, 310, 311)),
    "aarch64": (0xC00000B7, (198, 203, 117, 270, 271)),
}
_SAME_EVERYWHERE = (425, 438)  # io_uring_setup, which opens sockets too, and pidfd_getfd, which borrows them
_X32 = 0x40000000  # the same calls under other numbers
_MOST_OPEN_FILES = 128
# Libraries map files and reserve room for threads beside the memory that they use.
_ADDRESS_ROOM_BYTES = 4 * 2**30
_REFUSED_EVENTS = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "socket.getnameinfo",
        "socket.sendto",
        "socket.sendmsg",
    }
)


def raise_walls(*, memory_megabytes: int) -> tuple[str, ...]:
    """Those that stand now, in words; what a system lacks or refuses is left out. Call before any thread starts."""
    _offer_for_memory()
    built = (
        ("memory", _limit_memory(memory_megabytes * 2**20)),
        ("files", _limit_files()),
        ("network namespace", _leave_network()),
        ("no sockets", _refuse_calls()),
    )
    sys.addaudithook(_refuse_network)
    _end_with_parent()
    return (*(name for name, stands in built if stands), "tripwire")


def limit_processor(seconds: float) -> None:
    """From now on so much processor time: the second line, for when nobody is there to stop this process."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # POSIX only

        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime + seconds) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _offer_for_memory() -> None:
    """When the machine runs out of memory, this process goes first."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _limit_memory(limit: int) -> bool:
    """What the process writes to is counted; what it maps or reserves beside, with much more room."""
    used, mapped = _set_limit("RLIMIT_DATA", limit), _set_limit("RLIMIT_AS", limit + _ADDRESS_ROOM_BYTES)
    return sys.platform == "linux" and used and mapped


def _limit_files() -> bool:
    """None is written, few are open, no image of the memory is left. Processes are not counted: that limit is of a
    user, and would hit others.
    """
    limits = (("RLIMIT_FSIZE", 0), ("RLIMIT_NOFILE", _MOST_OPEN_FILES), ("RLIMIT_CORE", 0))
    stand = [_set_limit(name, value) for name, value in limits]
    return all(stand)


def _set_limit(name: str, value: int) -> bool:
    try:
        import resource  # POSIX only

        which = getattr(resource, name)
        hard = resource.getrlimit(which)[1]
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (lowest, lowest))
    except (ImportError, ValueError, OSError):
        return False
    return True


def _leave_network() -> bool:
    """A network of its own, without any door. Root needs no user namespace, others get one where they may."""
    if sys.platform != "linux":
        return False
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    return any(unshare(spaces) == 0 for spaces in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def _refuse_calls() -> bool:
    """No socket is made or borrowed and no other process is looked into, by native code or programs started."""
    known = _CALLS.get(os.uname().machine) if sys.platform == "linux" and sys.maxsize > 2**32 else None
    if known is None:
        return False
    prctl: Any = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    program = _build_filter(known[0], (*known[1], *_SAME_EVERYWHERE))
    code = ctypes.create_string_buffer(program)
    header = ctypes.create_string_buffer(struct.pack("HL", len(program) // 8, ctypes.addressof(code)))
    place = ctypes.addressof(header)
    steps = ((_NO_NEW_PRIVS, 1, 0, 0, 0), (_SET_SECCOMP, _FILTER_MODE, place, 0, 0))
    return all(prctl(*step) == 0 for step in steps)


def _build_filter(interface: int, refused: tuple[int, ...]) -> bytes:
    """The kernel's small programs: eight bytes a step, jumps count steps to skip."""
    steps = [
        (0x20, 0, 0, 4),  # load the interface
        (0x15, 0, len(refused) + 3, interface),  # another one: to the refusal
        (0x20, 0, 0, 0),  # load the number of the call
        (0x35, len(refused) + 1, 0, _X32),
        *((0x15, len(refused) - place, 0, number) for place, number in enumerate(refused)),
        (0x06, 0, 0, _ALLOW),
        (0x06, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _refuse_network(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _REFUSED_EVENTS:
        raise PermissionError(f"{event}: a file is read without network")


def _end_with_parent() -> None:
    """The signal that Linux offers for this comes when the thread ends that started us, not the process."""
    with contextlib.suppress(OSError, AttributeError):
        parent = os.pidfd_open(os.getppid())
        Thread(target=_wait_and_end, args=(parent,), daemon=True).start()


def _wait_and_end(parent: int) -> None:
    select.select([parent], [], [])
    os._exit(1)
