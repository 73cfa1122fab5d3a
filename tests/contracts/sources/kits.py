"""The kit of each type of the registry."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.contracts.sources.dam_kits import BynderKit, ResourceSpaceKit
from tests.contracts.sources.drive_kit import DriveKit
from tests.contracts.sources.folder_kit import FolderKit
from tests.contracts.sources.kit import SourceKit

KITS: Mapping[str, Callable[[Path], SourceKit]] = {
    "bynder": BynderKit,
    "drive": DriveKit,
    "folder": FolderKit,
    "resourcespace": ResourceSpaceKit,
}
GAPS: Mapping[str, Mapping[str, str]] = {
    "bynder": BynderKit.LACKS,
    "drive": DriveKit.LACKS,
    "folder": FolderKit.LACKS,
    "resourcespace": ResourceSpaceKit.LACKS,
}
"""What a type cannot do, with the reason."""
