"""A real JupyterLab on a loopback port and a real browser to use it with."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

_BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
_PLACES = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
]


def find_browser():
    """Return the path of an installed Chromium or Chrome, or None."""
    found = [path for path in map(shutil.which, _BROWSERS) if path]
    return next(iter(found + [place for place in _PLACES if os.path.exists(place)]), None)


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


class Server:
    """A Jupyter server with an empty folder and settings of its own.

    Parameters
    ----------
    app : str
        ``lab`` or ``notebook``.
    folder : Path
        Where its notebooks and settings go.
    comms : str
        JupyterLab's setting ``commsOverSubshells``.
    """

    def __init__(self, app, folder, comms="perCommTarget"):
        self.app, self.root, self.comms = app, folder / "root", comms
        settings = folder / "settings"
        self.root.mkdir(parents=True)
        settings.mkdir()
        # As in `make lab`, but for the one setting.
        installed = Path(sys.prefix, "share", "jupyter", "lab", "settings", "overrides.json")
        overrides = json.loads(installed.read_text())
        overrides["@jupyterlab/apputils-extension:kernels-settings"] = {"commsOverSubshells": comms}
        (settings / "overrides.json").write_text(json.dumps(overrides))
        app_name = {"lab": "LabApp", "notebook": "JupyterNotebookApp"}[app]
        self.token = "check"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter", app, "--no-browser", "--allow-root"),
                *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
                f"--IdentityProvider.token={self.token}",
                f"--ServerApp.root_dir={self.root}",
                f"--{app_name}.expose_app_in_browser=True",
                f"--{app_name}.app_settings_dir={settings}",
                f"--{app_name}.user_settings_dir={folder / 'user'}",
                f"--{app_name}.workspaces_dir={folder / 'workspaces'}",
            ],
            env={**os.environ, "JUPYTER_RUNTIME_DIR": str(folder / "runtime")},
            stdout=subprocess.DEVNULL,
            stderr=(folder / "log").open("w"),
            start_new_session=True,
        )
        self.url = self._wait(folder)

    def _wait(self, folder):
        for _ in range(600):
            if self.process.poll() is not None:
                break
            for file in (folder / "runtime").glob("jpserver-*.json"):
                try:
                    url = json.loads(file.read_text())["url"]
                    urllib.request.urlopen(f"{url}api?token={self.token}", timeout=5).close()
                except (ValueError, OSError):  # not yet written, not yet listening
                    continue
                return url
            time.sleep(0.1)
        pytest.fail("Jupyter does not start:\n" + (folder / "log").read_text())

    def write(self, name, cells):
        """Write a notebook of code cells."""
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, self.root / name)

    def open(self, page, name):
        """Open the notebook `name` in the browser, without what earlier pages had open."""
        way = "lab/tree" if self.app == "lab" else "notebooks"
        page.goto(f"{self.url}{way}/{name}?token={self.token}&reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_function(
            """() => {
                const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
                const kernel = context?.session?.kernel;
                return context?.isReady && kernel?.connectionStatus === "connected" &&
                    kernel.status === "idle";
            }"""
        )

    def kernels(self):
        """Return the ids of all running kernels."""
        answer = urllib.request.urlopen(f"{self.url}api/kernels?token={self.token}")
        return [kernel["id"] for kernel in json.load(answer)]

    def stop_kernels(self):
        """Stop all kernels, so that they take no memory from the next test."""
        for kernel in self.kernels():
            url = f"{self.url}api/kernels/{kernel}?token={self.token}"
            urllib.request.urlopen(urllib.request.Request(url, method="DELETE")).close()

    def stop(self):
        """Stop the server and all that it started."""
        if sys.platform == "win32":
            self.process.terminate()
        else:
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run(page, command, **arguments):
    """Run one of JupyterLab's own commands in the page."""
    page.evaluate(
        "([command, arguments]) => void window.jupyterapp.commands.execute(command, arguments)",
        [command, arguments],
    )


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
