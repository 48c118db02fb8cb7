"""A real JupyterLab on a loopback port and a real browser to use it with."""

import os

import pytest

from tools.jupyter import Server, find_browser


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


@pytest.fixture(scope="module")
def lab(tmp_path_factory, browser_type_launch_args):
    """A JupyterLab for all tests of a file."""
    server = Server("lab", tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture
def errors(page):
    """Collect the errors of the page; a test fails if there are any at its end."""
    seen = []
    page.on("pageerror", lambda error: seen.append(str(error)))
    yield seen
    assert seen == []
