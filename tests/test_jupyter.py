"""Which browser opens a JupyterLab of the tests; tests/browser/ starts one."""

import subprocess
import sys

import pytest

from tools import jupyter


@pytest.mark.parametrize(
    ("kind", "commands", "places", "found"),
    [
        ("chromium", ["chrome", "google-chrome"], ["b"], "/bin/google-chrome"),
        ("chromium", [], ["b", "c"], "b"),
        ("chromium", [], [], None),
        ("firefox", ["chrome", "firefox"], [], "/bin/firefox"),
        ("firefox", ["chrome"], ["b"], None),
    ],
)
def test_the_browser_is_a_command_or_in_one_of_the_usual_places(
    kind, commands, places, found, monkeypatch
):
    names, _ = jupyter._BROWSERS["chromium"]
    monkeypatch.setitem(jupyter._BROWSERS, "chromium", (names, ["a", "b", "c"]))
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}" if name in commands else None)
    monkeypatch.setattr("os.path.exists", lambda place: place in places)
    assert jupyter.find_browser(kind) == found


def test_a_server_that_does_not_start_says_why(tmp_path, monkeypatch):
    def start(command, *, stderr, **_):
        return real([sys.executable, "-c", "exit('no such app')"], stderr=stderr)

    real = subprocess.Popen
    monkeypatch.setattr("subprocess.Popen", start)
    with pytest.raises(RuntimeError, match=r"Jupyter does not start:\nno such app"):
        jupyter.Server("lab", tmp_path, env={})
