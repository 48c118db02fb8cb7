"""No test changes the environment that it runs in; and what several files of tests need."""

import sysconfig
import zipfile
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


@pytest.fixture(scope="session")
def handout(tmp_path_factory):
    """The unpacked handout of a class."""
    # Not above: what it imports looks at once where things are kept, which is not set by then.
    from tools.classroom import hand_out

    folder = tmp_path_factory.mktemp("handout")
    hand_out(folder / "handout.zip")
    with zipfile.ZipFile(folder / "handout.zip") as archive:
        archive.extractall(folder)
    return folder / "digits"
