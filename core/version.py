"""Which onbrand this is, and which one last opened a world. Used by admin/world.py and by backups."""

from importlib.metadata import version

from core.database import Database
from core.world_facts import read_fact, write_fact

ONBRAND_VERSION = "onbrand_version"


def read_version() -> str:
    """The version that is installed."""
    return version("onbrand")


def record_version(database: Database) -> None:
    """Note in the world that this version has opened it."""
    if read_fact(database, ONBRAND_VERSION) != read_version():
        write_fact(database, ONBRAND_VERSION, read_version())
