"""The door to parsing: a file goes to a process behind limits and comes back as documents. Called by read_file."""

import atexit
import os
import signal
from contextlib import suppress
from threading import Lock

from core.documents import ParsedDocument
from ingest.parsers.parser import FileSaysNothing, FileUnreadable, RowMapping
from ingest.sandbox.limits import DEFAULT_LIMITS, EXIT_OUT_OF_MEMORY, ParseLimits
from ingest.sandbox.running_child import ChildLost, ParserUnavailable, RunningChild
from ingest.sandbox.wire import FrameTooLong, Reply, ReplyInvalid, pack_request, unpack_reply

_NO_ROWS = RowMapping()
_PATIENCE_SECONDS = 2.0  # for a process that is about to end, so that its exit code says why
_CLOSED = "the process that reads files was closed: this program is ending"


class ParserProcess:
    """One process that parses, one file at a time, for all threads; a fresh one after it has died or is worn.

    A file that the fresh process cannot read either is unreadable: nothing that it did reaches the next one.
    """

    def __init__(self, limits: ParseLimits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self._lock = Lock()
        self._child: RunningChild | None = None
        self._is_closed = False

    @property
    def walls(self) -> tuple[str, ...]:
        """What holds around the running process, in words; empty before its first file."""
        return self._child.walls if self._child else ()

    def parse(self, name: str, content: bytes, *, rows: RowMapping = _NO_ROWS) -> tuple[ParsedDocument, ...]:
        """As ingest.parsers.registry.parse_file. Raises FileUnreadable, or ParserUnavailable for no fault of it."""
        header = pack_request(name, rows)
        with self._lock:
            reply = self._ask(header, content)
        if reply.out_of_memory:
            raise FileUnreadable(self._explain_memory())
        if reply.unreadable:
            raise (FileSaysNothing if reply.says_nothing else FileUnreadable)(reply.unreadable)
        return reply.documents

    def close(self) -> None:
        """End the process, in the middle of a file too. A later parse raises ParserUnavailable."""
        self._is_closed = True
        child = self._child
        if child is not None:
            child.kill()
        if self._lock.acquire(timeout=1):
            self._drop()
            self._lock.release()

    def forget(self) -> None:
        """After a fork: leave the process to whoever started it."""
        if self._child is not None:
            self._child.forget()

    def _ask(self, header: bytes, content: bytes) -> Reply:
        """Once more by a fresh process where one that had read other files before did not make it."""
        child = self._take_child()
        is_fresh = child.files == 0
        try:
            reply = self._ask_once(child, header, content)
            if not (reply.out_of_memory and not is_fresh):
                return reply
        except FileUnreadable:
            if is_fresh or child.is_late:
                raise
        return self._ask_once(self._take_child(), header, content)

    def _ask_once(self, child: RunningChild, header: bytes, content: bytes) -> Reply:
        is_kept = False
        try:
            reply = unpack_reply(child.exchange(header, content))
            # It may have been stopped for being late just after it had replied.
            is_kept = not reply.is_worn and not child.is_late
        except ChildLost:
            raise self._explain_loss(child, child.stop(patience=_PATIENCE_SECONDS)) from None
        except FrameTooLong:
            raise FileUnreadable(
                f"gives more than {self.limits.most_output_megabytes} MB of text; split it"
            ) from None
        except ReplyInvalid as error:
            raise FileUnreadable(
                f"made the program that reads it give back what is no document ({error})"
            ) from error
        finally:
            if not is_kept:
                self._drop()
        return reply

    def _take_child(self) -> RunningChild:
        if self._is_closed:
            raise ParserUnavailable(_CLOSED)
        if self._child is None:
            self._child = RunningChild(self.limits)
        return self._child

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None and not child.is_stopped:
            child.stop()

    def _explain_loss(self, child: RunningChild, code: int) -> FileUnreadable | ParserUnavailable:
        if self._is_closed:
            return ParserUnavailable(_CLOSED)
        if child.is_late or code == -getattr(signal, "SIGXCPU", 0):
            return FileUnreadable(
                f"took longer than {self.limits.seconds:g} s to read and was stopped (ONBRAND_PARSE_SECONDS)"
            )
        if code == EXIT_OUT_OF_MEMORY:
            return FileUnreadable(self._explain_memory())
        if code == -getattr(signal, "SIGKILL", 9):
            return FileUnreadable(
                "was being read when the system stopped that, most likely for want of memory"
            )
        return FileUnreadable(
            f"made the program that reads it crash ({_name_end(code)}): it is damaged, or needs more than "
            f"{self.limits.memory_megabytes:,} MB of memory (ONBRAND_PARSE_MEGABYTES)"
        )

    def _explain_memory(self) -> str:
        return (
            f"needed more than {self.limits.memory_megabytes:,} MB of memory to read and was stopped "
            "(ONBRAND_PARSE_MEGABYTES)"
        )


def _name_end(code: int) -> str:
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"exit code {code}"


class _SharedParser:
    """The one of this operating-system process, made when it is first needed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._limits = DEFAULT_LIMITS
        self._parser: ParserProcess | None = None

    def get(self) -> ParserProcess:
        with self._lock:
            if self._parser is None:
                self._parser = ParserProcess(self._limits)
            return self._parser

    def set_limits(self, limits: ParseLimits) -> None:
        with self._lock:
            before, self._limits = self._parser, limits
            if before is not None and before.limits != limits:
                self._parser = None
                before.close()

    def close(self) -> None:
        if self._parser is not None:
            self._parser.close()

    def start_anew(self) -> None:
        """In a forked process, where a lock may be held by a thread that does not exist there."""
        self._lock = Lock()
        before, self._parser = self._parser, None
        if before is not None:
            before.forget()


_shared = _SharedParser()
atexit.register(_shared.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_shared.start_anew)


def parse_apart(name: str, content: bytes, *, rows: RowMapping = _NO_ROWS) -> tuple[ParsedDocument, ...]:
    """Parse one file by the process that all threads share. Raises as ParserProcess.parse does."""
    return _shared.get().parse(name, content, rows=rows)


def set_parse_limits(limits: ParseLimits) -> None:
    """What holds for parse_apart from now on; called once, by whoever has read the settings."""
    _shared.set_limits(limits)
