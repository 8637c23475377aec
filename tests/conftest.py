# SPDX-License-Identifier: Apache-2.0
"""The MicroPython fixtures, the target that the recorder's test files run on, and the rule that CI skips nothing."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sealsim import interpreter

if TYPE_CHECKING:
    from tests.targets import CortexM3, Unix

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--target", choices=("unix", "qemu"), default="unix", help="where the recorder's test files run; with qemu nothing else runs"
    )


@pytest.fixture(scope="session")
def micropython() -> Path:
    """The interpreter that runs the recorder's code."""
    return interpreter.find().path


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> "Unix | CortexM3":
    """Runs test files of the recorder's code."""
    from tests.targets import CortexM3, Unix

    return CortexM3() if request.config.getoption("target") == "qemu" else Unix()


def pytest_report_header(config: pytest.Config) -> list[str]:
    return [f"not on the Cortex-M3: {path}: {reason}" for path, reason in _left_out(config).items()]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("target") != "qemu":
        return
    here = [item for item in items if "target" in getattr(item, "fixturenames", ()) and _path(item) not in _left_out(config)]
    config.hook.pytest_deselected(items=[item for item in items if item not in here])
    items[:] = here


def _left_out(config: pytest.Config) -> dict[str, str]:
    """Test files that the target cannot run, with the reasons."""
    if config.getoption("target") != "qemu":
        return {}
    from tests.targets import NOT_ON_QEMU

    return NOT_ON_QEMU


def _path(item: pytest.Item) -> str | None:
    call = getattr(item, "callspec", None)
    return call.params.get("path") if call else None


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
