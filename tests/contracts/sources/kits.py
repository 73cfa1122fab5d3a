"""The kit of each type of the registry; a name begins with its type."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.contracts.sources.bynder_kit import BynderKit
from tests.contracts.sources.confluence_kit import CloudKit, DataCenterKit
from tests.contracts.sources.drive_kit import DriveKit
from tests.contracts.sources.folder_kit import FolderKit
from tests.contracts.sources.kit import SourceKit
from tests.contracts.sources.llamahub_kit import LlamahubKit
from tests.contracts.sources.resourcespace_kit import ResourceSpaceKit

KITS: Mapping[str, Callable[[Path], SourceKit]] = {
    "bynder": BynderKit,
    "confluence": CloudKit,
    "confluence of one's own": DataCenterKit,
    "drive": DriveKit,
    "folder": FolderKit,
    "llamahub": LlamahubKit,
    "resourcespace": ResourceSpaceKit,
}
GAPS: Mapping[str, Mapping[str, str]] = {
    "bynder": BynderKit.LACKS,
    "confluence": CloudKit.LACKS,
    "confluence of one's own": DataCenterKit.LACKS,
    "drive": DriveKit.LACKS,
    "folder": FolderKit.LACKS,
    "llamahub": LlamahubKit.LACKS,
    "resourcespace": ResourceSpaceKit.LACKS,
}
"""What a type cannot do, with the reason."""
