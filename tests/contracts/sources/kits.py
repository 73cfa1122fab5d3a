"""The kit of each type of the registry."""

from collections.abc import Mapping

from tests.contracts.sources.folder_kit import FolderKit

KITS: Mapping[str, type[FolderKit]] = {
    "folder": FolderKit,
}
