"""A JupyterLab or Notebook 7 on a loopback port, and the browser to open it with."""

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
from nbformat.v4 import new_code_cell, new_notebook

from kernels import trained
from kernels.patience import Limit, factor
from tools import PROJECT

# Of each kind its programs on the path, and where else it may be.
_BROWSERS = {
    "chromium": (
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
        [
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "C:/Program Files/Google/Chrome/Application/chrome.exe",
        ],
    ),
    "firefox": (
        ["firefox-esr", "firefox"],
        [
            "/Applications/Firefox.app/Contents/MacOS/firefox",
            "C:/Program Files/Mozilla Firefox/firefox.exe",
        ],
    ),
    # WebKit's program that is told what to do, and the screen that it needs.
    "webkit": (["WebKitWebDriver"], []),
    "screen": (["Xvfb"], []),
}

# Seconds that a quiet machine may take at most for what is usually there at once.
SECONDS = 60

# Holds in a page as soon as the notebook in it is open, and its kernel waits for what is to be run.
READY = """() => {
    const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
    const kernel = context?.session?.kernel;
    return context?.isReady && kernel?.connectionStatus === "connected" &&
        kernel.status === "idle";
}"""

KERNELS = "@jupyterlab/apputils-extension/kernels-settings"


def find_browser(kind="chromium"):
    """Return the path of an installed browser of a kind, or None; a "chromium" may be Chrome."""
    names, places = _BROWSERS[kind]
    found = [path for path in map(shutil.which, names) if path]
    return next(iter(found + [place for place in places if os.path.exists(place)]), None)


def run(page, command, **arguments):
    """Run one of JupyterLab's own commands in the page."""
    page.evaluate(
        "([command, arguments]) => void window.jupyterapp.commands.execute(command, arguments)",
        [command, arguments],
    )


class Server:
    """A Jupyter server with an empty folder and settings of its own.

    Parameters
    ----------
    app : str
        ``lab`` or ``notebook``.
    folder : Path
        Where its notebooks and settings go.
    comms : str
        JupyterLab's setting ``commsOverSubshells``: ``perCommTarget`` or ``disabled``. It may be
        set again later, and then holds for notebooks that are opened from then on.
    env : dict of str to str, optional
        What kernels find in their environment in addition, such as what `kernels.trained.prepare`
        returns. Without it they start with the settings of IPython that everybody has.

    Raises
    ------
    RuntimeError
        If it does not start.
    """

    def __init__(self, app, folder, comms="perCommTarget", *, env=None):
        self.app, self.root, self.token = app, folder / "root", "check"
        self.scratch = folder / "scratch"  # for what notebooks save
        self._user, settings = folder / "user", folder / "settings"
        for new in (self.root, self.scratch, settings):
            new.mkdir(parents=True)
        # As in `make lab`, but for the one setting.
        shutil.copy(Path(sys.prefix, "share/jupyter/lab/settings/overrides.json"), settings)
        self.comms = comms
        app_name = {"lab": "LabApp", "notebook": "JupyterNotebookApp"}[app]
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter", app, "--no-browser", "--allow-root"),
                *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
                f"--IdentityProvider.token={self.token}",
                f"--ServerApp.root_dir={self.root}",
                f"--{app_name}.expose_app_in_browser=True",
                f"--{app_name}.app_settings_dir={settings}",
                f"--{app_name}.user_settings_dir={self._user}",
                f"--{app_name}.workspaces_dir={folder / 'workspaces'}",
            ],
            env={
                **os.environ,
                **(trained.prepare(folder / "ipython") if env is None else env),
                "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
                PROJECT.scratch: str(self.scratch),
            },
            stdout=subprocess.DEVNULL,
            stderr=(folder / "log").open("w"),
            start_new_session=True,
        )
        self.url = self._wait(folder)

    @property
    def comms(self):
        """JupyterLab's setting ``commsOverSubshells``."""
        return self._comms

    @comms.setter
    def comms(self, comms):
        self._comms = comms
        # The user's settings are read for each page, others only when the server starts.
        file = self._user / f"{KERNELS}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"commsOverSubshells": comms}))

    def _wait(self, folder):
        limit = Limit(SECONDS)
        while limit.left() > 0 and self.process.poll() is None:
            for file in (folder / "runtime").glob("jpserver-*.json"):
                try:
                    url = json.loads(file.read_text())["url"]
                    urllib.request.urlopen(f"{url}api?token={self.token}", timeout=5).close()
                except (ValueError, OSError):  # not yet written, not yet listening
                    continue
                return url
            time.sleep(0.1)
        self.stop()
        raise RuntimeError("Jupyter does not start:\n" + (folder / "log").read_text())

    def write(self, name, cells):
        """Write a notebook of code cells."""
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, self.root / name)

    def address(self, name):
        """Return where a browser finds the notebook `name`."""
        way = "lab/tree" if self.app == "lab" else "notebooks"
        return f"{self.url}{way}/{name}?token={self.token}&reset"

    def open(self, page, name):
        """Open the notebook `name` in the browser, without what earlier pages had open."""
        page.set_default_timeout(1000 * SECONDS * factor())
        page.goto(self.address(name))
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_function(READY, polling=100)

    def kernels(self):
        """Return the ids of all running kernels."""
        answer = urllib.request.urlopen(f"{self.url}api/kernels?token={self.token}")
        return [kernel["id"] for kernel in json.load(answer)]

    def stop_kernels(self):
        """Stop all kernels, so that they take no memory from the next test."""
        for kernel in self.kernels():
            url = f"{self.url}api/kernels/{kernel}?token={self.token}"
            urllib.request.urlopen(urllib.request.Request(url, method="DELETE")).close()

    def clean(self):
        """Stop all kernels and remove all files, as if the server had just been started."""
        self.stop_kernels()
        for folder in (self.root, self.scratch):
            for path in folder.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def stop(self):
        """Stop the server and all that it started."""
        if sys.platform == "win32":
            self.process.terminate()
        elif self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
