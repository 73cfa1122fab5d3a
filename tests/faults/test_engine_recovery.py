"""What take-over rests on: DBOS's own recovery, which is not public, is there and moves what a dead worker was at."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from dbos import DBOS

FALLBACK: Final = (
    "DBOS has no _recover_pending_workflows any more. Take its public resume_workflow(id, queue_name=…) in "
    "JobEngine.recover (ingest/jobs.py) for each workflow that list_workflows(status='PENDING', executor_id=…) "
    "gives; it does not leave alone what has gone on already, so call it once for each worker that is called dead."
)
# Two lives of one program: `dead` is killed inside its only step, `alive` asks for what `dead` has left.
PROGRAM = """
import os, sys, threading
from dbos import DBOS, SetWorkflowID
name, path = sys.argv[1:]

@DBOS.step()
def work():
    if name == "dead":
        os._exit(9)
    return name

@DBOS.workflow(name="job")
def job():
    return work()

DBOS(config={"name": "onbrand", "system_database_url": f"sqlite:///{path}", "executor_id": name,
             "application_version": "1", "enable_otlp": False, "console_log_level": "ERROR"})
DBOS.launch()
DBOS.register_queue("jobs", polling_interval_sec=0.05)
if name == "dead":
    with SetWorkflowID("one"):
        DBOS.enqueue_workflow("jobs", job)
    threading.Event().wait()
before = DBOS.list_workflows(status="PENDING", executor_id="dead")
moved = DBOS._recover_pending_workflows(["dead"])
result = DBOS.retrieve_workflow("one").get_result(polling_interval_sec=0.05)
print([one.workflow_id for one in before], len(moved), result)
print(len(DBOS._recover_pending_workflows(["dead"])))
DBOS.destroy()
"""


def run(name: str, path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, name, str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_recovery_of_another_workers_runs_is_still_there() -> None:
    assert hasattr(DBOS, "_recover_pending_workflows"), FALLBACK


def test_recovery_moves_what_a_dead_worker_was_at_once(tmp_path: Path) -> None:
    assert run("dead", tmp_path / "jobs").returncode == 9
    alive = run("alive", tmp_path / "jobs")
    assert alive.stdout.split("\n")[:2] == ["['one'] 1 alive", "0"], (alive.stderr, FALLBACK)
