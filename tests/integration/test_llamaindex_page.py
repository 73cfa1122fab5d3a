"""The example of docs/llamaindex.md, run as it stands."""

import re
import subprocess
import sys

from tests.integration.commands import ROOT, Commands, write

PAGE = (ROOT / "docs/llamaindex.md").read_text(encoding="utf-8")
SPACE = "Keep 24 mm of clear space around the logo."


def test_example_of_the_page_retrieves_and_answers_for_its_asker_only(empty: Commands) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    assert len([line for line in example.splitlines() if line]) <= 12
    write(empty.home / "open", "guide.md", f"# Logo\n\n{SPACE}")
    write(empty.home / "closed", "plan.md", "# Logo\n\nThe clear space around the logo will shrink in May.")
    for name, access in (("open", "all"), ("closed", "group:board")):
        path = str(empty.home / name)
        empty.run(
            *("source", "add", "folder", name, "--path", path, "--status", "approved", "--access", access)
        )
    empty.run("sync", "--wait")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        env=empty._environment({}),
        cwd=empty.home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == [f"guide.md {SPACE}", f"{SPACE} [1]"]
    assert "shrink" not in done.stdout
