"""Let pytest run the notebooks with all that `checks/` adds to nbval, all of them or some steps."""

import re
from pathlib import Path

import pytest

pytest_plugins = ["checks.plugin"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Let --dist loadgroup keep together what shares a kernel, a page of the browser or a file.

    Its own way, to write the mark xdist_group into the names of tests, is lost on pytest 9.2: there
    each test is a group, and the cells of a notebook end up in the kernels of several workers.
    """
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Scheduler(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file, _, test = nodeid.partition("::")
            # A page is shared by the tests with the same parameters.
            return file + test[test.find("[") :] if "tests/browser/" in file else file

    config.option.loadscopereorder = False  # by size; ours are in order of their length
    return Scheduler(config, log)


def pytest_addoption(parser):
    """Add the choice of steps."""
    parser.addoption(
        "--step", default="", help='Only what is about these steps, such as --step "7 9".'
    )


def pytest_collection_modifyitems(config, items):
    """Leave out what is not about the steps that are asked for."""
    words = re.findall(r"[^\s,]+", config.option.step)
    if not words:
        return
    wrong = [word for word in words if not word.isdecimal()]
    if wrong:
        raise pytest.UsageError(f"--step takes numbers of steps, not {wrong[0]!r}")
    steps = {int(word) for word in words}
    chosen = [item for item in items if _steps_of(item) & steps]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen


def _steps_of(item):
    """Return the steps that a test is about: those of its notebook, or of its parameters."""
    if item.path.suffix == ".ipynb":
        return _steps_in(item.path)
    callspec = getattr(item, "callspec", None)
    return set().union(*map(_steps_in, callspec.params.values())) if callspec else set()


def _steps_in(value):
    """Return the steps that a parameter names: "07_prediction", its path, "7.2", or with these."""
    if isinstance(value, tuple | list):
        return set().union(*map(_steps_in, value))
    name = value.name if isinstance(value, Path) else value
    # Tasks and kinds of tampering say it in an attribute.
    for attribute in ("number", "step"):
        name = name if isinstance(name, str) else getattr(value, attribute, "")
    found = re.match(r"0*(\d+)(_[a-z]|\.\d+$)", name) if isinstance(name, str) else None
    return {int(found[1])} if found else set()
