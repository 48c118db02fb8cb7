"""Which browser opens a JupyterLab of the tests; tests/browser/ starts one."""

import subprocess
import sys

import pytest

from tools import jupyter


@pytest.mark.parametrize(
    ("commands", "places", "found"),
    [
        (["chrome", "google-chrome"], ["b"], "/bin/google-chrome"),
        ([], ["b", "c"], "b"),
        ([], [], None),
    ],
)
def test_the_browser_is_a_command_or_in_one_of_the_usual_places(
    commands, places, found, monkeypatch
):
    monkeypatch.setattr(jupyter, "_PLACES", ["a", "b", "c"])
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}" if name in commands else None)
    monkeypatch.setattr("os.path.exists", lambda place: place in places)
    assert jupyter.find_browser() == found


def test_a_server_that_does_not_start_says_why(tmp_path, monkeypatch):
    def start(command, *, stderr, **_):
        return real([sys.executable, "-c", "exit('no such app')"], stderr=stderr)

    real = subprocess.Popen
    monkeypatch.setattr("subprocess.Popen", start)
    with pytest.raises(RuntimeError, match=r"Jupyter does not start:\nno such app"):
        jupyter.Server("lab", tmp_path, env={})
