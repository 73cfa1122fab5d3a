"""What integration tests share: a folder in memory and a stand-in for a Qdrant server, as the contracts use them."""

from tests.contracts.conftest import memory_folder, wire

__all__ = ["memory_folder", "wire"]
