"""No test changes the environment that it runs in."""

import sysconfig
from pathlib import Path

import pytest


def installed():
    """Return the packages of this environment, each with the time when it was installed."""
    records = Path(sysconfig.get_path("purelib")).glob("*.dist-info/RECORD")
    return {path.parent.name: path.stat().st_mtime_ns for path in records}


@pytest.fixture(scope="session", autouse=True)
def environment_as_it_was():
    """Compare what is installed after the tests with what was before."""
    before = installed()
    assert before
    yield
    assert installed() == before
