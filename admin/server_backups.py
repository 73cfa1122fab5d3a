"""Says how a world on servers is backed up: those copies are their own tools' business. Used by backup and restore."""

from sqlalchemy.engine import make_url

from core.errors import UsageError
from core.settings import Settings
from index.assembly import COLLECTION


class NotOursToCopy(UsageError):
    """Ledger or index lie on a server."""


def refuse_servers(settings: Settings) -> None:
    """Raise NotOursToCopy, with the commands to use instead, when a part of the world lies on a server."""
    steps = _list_steps(settings, is_back=False), _list_steps(settings, is_back=True)
    if any(steps):
        first, second = ("\n".join(f"  {step}" for step in one) for one in steps)
        raise NotOursToCopy(
            "this world lies on servers, whose own tools copy them while they run. To back up:\n"
            f"{first}\nTo put back:\n{second}\n"
            "The two copies are of two moments: after putting them back run `onbrand reindex`, which writes the "
            "index anew from the stored text. Nothing was changed"
        )


def _list_steps(settings: Settings, *, is_back: bool) -> list[str]:
    url = make_url(settings.database_url or "sqlite://")
    is_postgres, qdrant = url.get_backend_name() == "postgresql", settings.qdrant_url
    if not is_postgres and qdrant is None:
        return []
    if is_postgres:
        # The password stays out: pg_dump asks for it, or reads PGPASSWORD or ~/.pgpass.
        shown = url.set(drivername="postgresql")._replace(password=None).render_as_string()
        verb = "pg_restore --clean --if-exists" if is_back else "pg_dump --format=custom --file=onbrand.dump"
        ledger = f"{verb} --no-owner --dbname={shown!r}{' onbrand.dump' if is_back else ''}"
    else:
        file = url.database or str(settings.home / "onbrand.sqlite3")
        ledger = f"cp onbrand.copy {file!r}" if is_back else f"sqlite3 {file!r} '.backup onbrand.copy'"
    return [ledger, _name_snapshot(qdrant, is_back=is_back)]


def _name_snapshot(qdrant: str | None, *, is_back: bool) -> str:
    if qdrant is None:
        return "the index in its folder needs no copy: it is built anew from the ledger at the next start"
    if is_back:
        return "the snapshots as Qdrant's own documentation says; or none: a re-index needs only the ledger"
    address = f"{qdrant.rstrip('/')}/collections/{COLLECTION}/snapshots"
    return f'curl -H "api-key: $ONBRAND_QDRANT_KEY" -X POST {address}   (at each node of a cluster)'
