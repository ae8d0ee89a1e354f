"""Tests that need a program of the operating system say so with a marker, and are skipped by name where it is missing.

With `CI_DEMANDS_ALL` set, as in `.ci/run`, a missing program fails its tests, and so does any other skip the whole run.
"""

import os
import shutil

import pytest

PROGRAMS_OF_MARKER = {"browser": ("chromium",), "libreoffice": ("soffice", "pdfinfo")}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, or fail where everything is demanded, a test whose program is not on the path."""
    for marker, programs in PROGRAMS_OF_MARKER.items():
        missing = [program for program in programs if not shutil.which(program)]
        if item.get_closest_marker(marker) and missing:
            reason = f"{missing[0]} is not installed; whoever may install packages runs: make packages"
            if _all_demanded():
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that skipped something is not a whole run: its exit status says so where everything is demanded."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if _all_demanded() and reporter and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _all_demanded() -> bool:
    return bool(os.environ.get("CI_DEMANDS_ALL"))
