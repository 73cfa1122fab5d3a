"""What holds for every test: a skip must be one of those that are waited for, and nothing leaves this machine."""

from collections.abc import Iterator

import pytest

from tests.network_guard import watch_network

# These wait for something that a machine may well not have; every other skip means that `make setup` is incomplete.
AWAITED = ("ONBRAND_TEST_QDRANT_URL", "ONBRAND_TEST_CORPUS")


def pytest_configure(config: pytest.Config) -> None:
    watch_network(config)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--strict-skips", action="store_true", help="fail when a test is skipped for another reason"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if item.config.getoption("--strict-skips") and report.skipped:  # type: ignore[attr-defined]
        reason = str(report.longrepr)  # type: ignore[attr-defined]
        if not any(name in reason for name in AWAITED):
            report.outcome = "failed"  # type: ignore[attr-defined]
            report.longrepr = f"skipped, but this machine should be able to run it: {reason}"  # type: ignore[attr-defined]
    return report
