"""Syncs a kit's source in a process of its own, which the contract kills. Says `ready` when the sync begins."""

import json
import sys
from pathlib import Path

from core.access import OPEN_TO_ALL, OWNER_ACCESS
from core.sources import Source
from tests.contracts.sources.kit import open_kit_connector
from tests.contracts.sources.kit_world import open_kit_world


def main() -> None:
    """Arguments: the folder of the world, the source and its secrets as JSON."""
    home, said = Path(sys.argv[1]), json.loads(sys.argv[2])
    source = Source(
        said["name"],
        said["type"],
        said["options"],
        status=said["status"],
        access=OPEN_TO_ALL if said["open"] else OWNER_ACCESS,
        on_change="auto_approve",
    )
    with open_kit_world(source, open_kit_connector(source, said["secrets"]), home) as world:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        world.sync()


if __name__ == "__main__":
    main()
