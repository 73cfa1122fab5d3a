"""Starts the product's command in a world of its own and reads how much memory it takes (Linux)."""

import os
import re
from pathlib import Path

from benchmarks.figures import TODAY


def build_environment(home: Path) -> dict[str, str]:
    """The environment without settings of ours, but for home and day."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ONBRAND_", "SLACK_"))}
    return {**kept, "ONBRAND_HOME": str(home), "ONBRAND_TODAY": str(TODAY)}


def read_memory(process_id: int | str, field: str) -> float:
    """Megabytes by the kernel's account: `VmRSS` is now, `VmHWM` the most so far."""
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    found = re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else float("nan")
