# SPDX-License-Identifier: Apache-2.0
"""The MicroPython fixture, and the rule that CI skips nothing."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from sealsim import interpreter

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def micropython() -> Path:
    """The interpreter that runs the recorder's code."""
    return interpreter.find().path


# A missing tool skips with its reason on a person's machine. In CI it would hide a part that nobody tests.
# Only tests/hardware may skip there: no CI machine has a recorder on a port.


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _refuse_skip(report, item.path)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        _refuse_skip(report, collector.path)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport, path: Path) -> None:
    if os.environ.get("CI") != "true" or path.is_relative_to(ROOT / "tests" / "hardware"):
        return
    report.outcome = "failed"
    report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
