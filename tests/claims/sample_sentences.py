"""The stored sentences of samples/company, read as a sync reads them. Used by the tests and benchmark of claims."""

from functools import cache
from pathlib import Path

from ingest.chunk import split_into_passages
from ingest.connectors.folder import FolderConnector
from ingest.parsers.registry import parse_file

FOLDER = Path(__file__).resolve().parents[2] / "samples" / "company"
MOST_BYTES = 50_000_000


@cache
def list_sample_sentences() -> tuple[str, ...]:
    """Each stored sentence once, in reading order, files by path. Cached: reading all files costs seconds."""
    connector = FolderConnector(FOLDER, MOST_BYTES)
    found: dict[str, None] = {}
    for file in connector.list_changes().files:
        for document in parse_file(Path(file.path).name, connector.fetch(file), rows=file.rows):
            for passage in split_into_passages(document):
                found |= dict.fromkeys(passage.sentence_texts())
    return tuple(found)
