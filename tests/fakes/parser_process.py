"""A process that parses, as bad as a test wants it: it does what the content of the file says."""

import sys
from pathlib import Path

_SCRIPT = """\
import json, os, signal, sys, time
def take(): return sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(8), "big"))
def announce(length): sys.stdout.buffer.write(length.to_bytes(8, "big")); sys.stdout.buffer.flush()
def say(text): announce(len(text)); sys.stdout.buffer.write(text); sys.stdout.buffer.flush()
say(b"no walls")
asked = 0
while take():
    wish, _, rest = take().decode().partition(" ")
    asked += 1
    if wish == "die" or (wish == "tire" and asked > 1): os.kill(os.getpid(), int(rest))
    if wish == "end": sys.exit(int(rest))
    if wish == "announce": announce(int(rest)); time.sleep(60)
    if wish == "sleep" or (wish == "fork" and os.fork() == 0): time.sleep(60)
    reply = {"documents": [], "unreadable": f"was asked {asked}", "out_of_memory": False, "is_worn": False}
    say((rest if wish == "say" else json.dumps(reply)).encode())
"""


def write_bad_interpreter(folder: Path, script: str = _SCRIPT) -> str:
    """The path of a program to start in place of the interpreter."""
    program = folder / "interpreter"
    program.write_text(f"#!{sys.executable} -ISB\n{script}", encoding="utf-8")
    program.chmod(0o755)
    return str(program)
