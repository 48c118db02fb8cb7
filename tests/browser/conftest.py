"""A real JupyterLab on a loopback port and a real browser to use it with."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from checks import patience, trained
from checks.notebook import load
from checks.plugin import trainings
from checks.series import seconds_of
from tools import PROJECT
from tools.jupyter import SECONDS, Server, find_browser


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = find_browser()
    if path is None:
        problem = "there is no Chromium and no Chrome on this machine"
        if os.environ.get("BROWSER_TESTS") == "required":
            pytest.fail(problem)
        pytest.skip(problem)
    # No sandbox: in a container there is none to be had.
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}


@pytest.fixture(scope="session")
def kernel_env(request, tmp_path_factory):
    """What kernels start with: they load what has been trained before, by nbval or here."""
    folder, kept = tmp_path_factory.mktemp("ipython"), trainings(request.config)
    return trained.prepare(folder, project=PROJECT, kept=kept, replay=True)


@pytest.fixture(scope="session")
def server(tmp_path_factory, browser_type_launch_args, kernel_env):
    """A JupyterLab for all tests, which it takes five seconds to start."""
    server = Server("lab", tmp_path_factory.mktemp("lab"), env=kernel_env)
    yield server
    server.stop()


@pytest.fixture
def lab(server):
    """The JupyterLab, left as it was found."""
    yield server
    server.clean()


@pytest.fixture(scope="session")
def shared_context(browser):
    """One profile of the browser for all pages, which then find JupyterLab in its cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    yield context
    context.close()


@pytest.fixture
def context(shared_context):
    """What `page` of pytest-playwright opens its page in."""
    before = set(shared_context.pages)
    yield shared_context
    for page in set(shared_context.pages) - before:
        page.close()


@pytest.fixture(autouse=True)
def be_patient():
    """Wait for what is expected on a page the longer, the slower the machine is."""
    expect.set_options(timeout=1000 * SECONDS * patience.factor())


@pytest.fixture
def errors(page):
    """Collect the errors of the page; a test fails if there are any at its end."""
    seen = []
    page.on("pageerror", lambda error: seen.append(str(error)))
    yield seen
    assert seen == []


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no worker has it left at the end."""
    seconds = {path.stem: seconds_of(load(path, PROJECT)) for path in PROJECT.notebooks()}
    ours = [i for i, item in enumerate(items) if item.path.parent == Path(__file__).parent]
    # Sorting is stable: what shares a page stays together.
    ordered = sorted((items[i] for i in ours), key=lambda item: -_seconds(item, seconds))
    for i, item in zip(ours, ordered, strict=True):
        items[i] = item


def _seconds(item, seconds):
    if item.get_closest_marker("xdist_group"):
        return 60  # many tests on one page, which no two workers can share
    return seconds.get(item.callspec.params.get("notebook"), 0)
