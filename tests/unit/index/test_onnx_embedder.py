"""Threads that embed passages stand back behind those that answer somebody. No model is loaded here."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import get_native_id

import pytest

from index.onnx_embedder import STEPS_BACK, _step_back

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts niceness by thread")


def read_niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, get_native_id())


def test_embedding_thread_stands_back_and_its_caller_does_not() -> None:
    before = read_niceness()
    with ThreadPoolExecutor(1, initializer=_step_back) as pool:
        assert pool.submit(read_niceness).result() == min(before + STEPS_BACK, 19)
    assert read_niceness() == before


def test_embedding_goes_on_where_standing_back_is_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    with ThreadPoolExecutor(1, initializer=_step_back) as pool:
        assert pool.submit(lambda: "embedded").result() == "embedded"
