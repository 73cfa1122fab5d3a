"""`make bench`: prints each figure beside its aim. `python -m benchmarks NAME` runs one part."""

from collections.abc import Callable, Mapping
from pathlib import Path

from core.egress import silence_libraries

silence_libraries()

import click  # noqa: E402 - telemetry is switched off first

from benchmarks.answers import measure_answers  # noqa: E402
from benchmarks.claims import measure_claims  # noqa: E402
from benchmarks.figures import Figure, Options, calibrate, render_figure  # noqa: E402
from benchmarks.ingest import measure_ingest  # noqa: E402
from benchmarks.jobs import measure_jobs  # noqa: E402
from benchmarks.memory import measure_memory  # noqa: E402
from benchmarks.search import measure_search  # noqa: E402
from benchmarks.stall import measure_stall  # noqa: E402
from benchmarks.structure import measure_structure  # noqa: E402
from benchmarks.structure_formats import measure_formats  # noqa: E402
from benchmarks.waiting import measure_waiting  # noqa: E402

# `waiting` stands first: the memory that it prints is that of a process which did nothing before.
PARTS: Mapping[str, Callable[[Options], list[Figure]]] = {
    "waiting": measure_waiting,
    "memory": measure_memory,
    "ingest": measure_ingest,
    "search": measure_search,
    "stall": measure_stall,
    "answers": measure_answers,
    "claims": measure_claims,
    "jobs": measure_jobs,
    "structure": measure_structure,
    "formats": measure_formats,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(PARTS)))
@click.option(
    "--documents",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Markdown files to ingest, instead of generated ones.",
)
@click.option("--large", is_flag=True, help="Search 200,000 passages too.")
def main(names: tuple[str, ...], documents: Path | None, *, large: bool) -> None:
    """Measure all parts, or those named, and print a table."""
    options = Options(documents.resolve() if documents else None, large)
    click.echo(render_figure(Figure("figure", "measured", "aim")) + "       met")
    for name in names or PARTS:
        click.echo(f"\n{name}")
        for figure in (*PARTS[name](options), calibrate()):
            click.echo(render_figure(figure))


if __name__ == "__main__":
    main()
