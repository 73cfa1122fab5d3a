"""What one file may cost to read. Used on both sides of the pipe."""

import json
from dataclasses import asdict, dataclass

EXIT_OUT_OF_MEMORY = 77
"""How the process that parses ends when not even a reply fits into what it may use."""


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """A file that needs more of any of these is not read, and the reason says which.

    `seconds`: by the clock on the wall. `memory_megabytes`: of the whole process that reads. `most_blocks`: headings,
    paragraphs, rows and so on of all documents of the file. `most_block_characters`: of one of them; what comes after
    cuts it into sentences. `most_output_megabytes`: what all of them take as JSON.
    """

    seconds: float = 60.0
    memory_megabytes: int = 1024
    most_pages: int = 2000
    most_blocks: int = 200_000
    most_block_characters: int = 500_000
    most_output_megabytes: int = 64
    ocr_languages: str = "eng"
    """Of scanned pages, as Tesseract names them; empty: they are not read."""

    def pack(self) -> str:
        """As one argument of the process that reads."""
        return json.dumps(asdict(self))

    @classmethod
    def unpack(cls, packed: str) -> "ParseLimits":
        """The inverse of pack."""
        return cls(**json.loads(packed))


DEFAULT_LIMITS = ParseLimits()
