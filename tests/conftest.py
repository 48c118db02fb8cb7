"""No test changes the environment that it runs in; and what several files of tests need."""

import sysconfig
import zipfile
from pathlib import Path

import pytest

# The files of tests that take longest, by their measured times: xdist would begin with those that
# hold most tests, and leave a worker alone with these at the end.
LONGEST = (
    "test_workers.py",
    "test_exercises.py",
    "test_trained.py",
    "test_checks_run.py",
    "test_plugin.py",
    "test_series.py",
    "test_proof.py",
    "test_open_answers.py",
    "test_open_tasks.py",
    "test_random_answers.py",
    "test_environment.py",
)


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no worker has it left at the end."""
    # Sorting is stable: the tests of a file stay together.
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


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
