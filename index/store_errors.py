"""What can go wrong with a passage store, named after the situation. Raised by both stores."""

from pathlib import Path

from core.errors import PermanentError, TransientError


class IndexInUse(PermanentError):
    """Another process owns the index folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"the index at {str(folder)!r} is in use by another process; one process at a time may own it. "
            "Stop that process, or ask through its socket, or set another ONBRAND_HOME"
        )


class IndexDamaged(PermanentError):
    """The index folder cannot be read."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        super().__init__(
            f"the index at {str(folder)!r} is damaged: {reason}. Nothing was changed. "
            "Restore the folder from a backup, or move it away and run `onbrand reindex`"
        )


class IndexFailed(TransientError):
    """The engine refused a call on an open index; a full disk is the usual cause."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        super().__init__(
            f"the index at {str(folder)!r} failed: {reason}. Check free disk space and `onbrand doctor`; "
            "the call may be repeated"
        )


class WrongDimension(PermanentError):
    """A vector, or the stored index, has another length than the embedding model gives."""

    def __init__(self, received: int, expected: int, *, what: str) -> None:
        super().__init__(
            f"{what} has {received} dimensions; {expected} are expected. "
            "The embedding model has changed: run `onbrand reindex`, or set the model back"
        )


class VectorNotFinite(PermanentError):
    """A vector holds NaN or infinity: the engine would take it and never find the passage again."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} holds NaN or infinite values; only finite numbers are allowed. Nothing was written. "
            "Check the embedding model with `onbrand doctor`"
        )


class IndexUnreachable(TransientError):
    """The Qdrant server gave no usable answer."""

    def __init__(self, host: str, reason: str) -> None:
        self.host = host
        super().__init__(
            f"the Qdrant server at {host!r} gave no usable answer: {reason}. "
            "Check that it runs and that ONBRAND_QDRANT_URL is right; the call may be repeated"
        )


class IndexRefused(PermanentError):
    """The Qdrant server turned the request down: the key is wrong, or it does not understand us."""

    def __init__(self, host: str, status: int, reason: str) -> None:
        self.host = host
        self.status = status
        remedy = (
            "Set ONBRAND_QDRANT_KEY to a key that may read and write"
            if status in (401, 403)
            else "Somebody may have changed the collection on the server; see `onbrand doctor`"
        )
        super().__init__(
            f"the Qdrant server at {host!r} refused the request with status {status}: {reason}. {remedy}"
        )


class ServerIsOpen(PermanentError):
    """The Qdrant server lets everybody in: whoever reaches it reads every passage, past all access lists."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(
            f"the Qdrant server at {host!r} answers without a key; only one that asks for a key is used. "
            "Set QDRANT__SERVICE__API_KEY there and ONBRAND_QDRANT_KEY here, or, on a network of its own, "
            "ONBRAND_QDRANT_ALLOW_OPEN=true"
        )


class ServerTooOld(PermanentError):
    """The Qdrant server is of a version without what searches need."""

    def __init__(self, host: str, version: str, oldest: str) -> None:
        self.host = host
        super().__init__(
            f"the Qdrant server at {host!r} is of version {version!r}; {oldest} or newer is needed. Update the "
            "server, or check that ONBRAND_QDRANT_URL leads to Qdrant"
        )


class NameTaken(PermanentError):
    """A collection has the name that the alias needs."""

    def __init__(self, host: str, alias: str) -> None:
        self.host = host
        super().__init__(
            f"the Qdrant server at {host!r} has a collection named {alias!r}; that name must be free for an alias. "
            "An older version made it: delete that collection, start again and run `onbrand sync --full`"
        )


class CertificateUnusable(PermanentError):
    """The file of trusted certificates cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"the certificates in {str(path)!r} cannot be used: {reason}; a PEM file is needed. "
            "Set ONBRAND_QDRANT_CA to the file of your certificate authority"
        )
