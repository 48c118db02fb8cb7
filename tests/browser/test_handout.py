"""The notebooks that are handed out run in the folder that is handed out.

Here, since what they would train has been trained by nbval before, and is loaded.
"""

import os

import nbformat
import pytest
from nbclient import NotebookClient

from checks.notebook import load
from checks.series import reason_to_skip
from tools import PROJECT


@pytest.mark.parametrize("step", ["01_packages", "09_mnist", "10_dropout", "11_cnn", "13_inside"])
def test_a_notebook_of_the_handout_runs(step, handout, kernel_env, tmp_path):
    stored = load(PROJECT.folder / f"{step}.ipynb", PROJECT)
    if reason_to_skip(stored):
        pytest.skip(reason_to_skip(stored))
    mnist = PROJECT.root / "data" / "mnist.npz"
    if mnist.exists():
        (tmp_path / mnist.name).symlink_to(mnist)
    path = handout / "notebooks" / f"{step}.ipynb"
    client = NotebookClient(
        nbformat.read(path, as_version=4),
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": path.parent}},
    )
    more = {"PYTHONPATH": str(handout / "src"), "DIGITS_CACHE": str(tmp_path)}
    client.execute(env={**os.environ, **kernel_env, **more})
