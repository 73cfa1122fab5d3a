"""The house's rules on size, kept for the product's code: a long function is the best warning light there is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "index", "ingest", "bot", "admin", "benchmarks", "tools")
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "versions" not in path.parts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_and_its_functions_are_short_enough_to_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    too_long = [name for name, lines in measure_functions(text) if lines > LONGEST_FUNCTION]
    assert not too_long


def measure_functions(text: str) -> Iterator[tuple[str, int]]:
    """Name and number of body lines, docstring left out, of every function."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield node.name, (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_measure_sees_a_function_that_is_too_long() -> None:
    lines = "\n".join(f"    x = {number}" for number in range(LONGEST_FUNCTION + 1))
    assert dict(measure_functions(f"def f():\n    '''Doc.'''\n{lines}\n")) == {"f": LONGEST_FUNCTION + 1}
