"""What a network learns while nbval runs a notebook is loaded by later tests, and nbval trains."""

import contextlib
import json
import os
import subprocess
import sys
import time

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbformat.v4 import new_code_cell, new_notebook

from checks.notebook import METADATA
from checks.project import open_project
from kernels import trained
from tools import ROOT

SETTINGS = """
[tool.pytest.ini_options]
[tool.notebook_checks]
trained = ["data"]
"""

# Imports Keras and trains in the same cell. `train_step` runs only where there is a training.
TRAIN = """
import time

import keras
import numpy as np


class Watched(keras.Sequential):
    def train_step(self, data):
        with open("trained.txt", "a") as file:
            file.write("x")
        return super().train_step(data)


class Note(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        noted.append([epoch, logs["loss"], logs["val_loss"]])
        time.sleep(0.2)  # what is done sooner is not worth keeping


noted = []
keras.utils.set_random_seed(1)
X = np.random.default_rng(0).normal(size=(600, 4))
model = Watched([
    keras.Input((4,)), keras.layers.Dense(8), keras.layers.BatchNormalization(),
    keras.layers.Dropout(0.2), keras.layers.Dense(1),
])
model.compile(loss="mse", optimizer="adam", metrics=["mae"])
half = {"validation_data": (X[300:], X[300:, :1]), "batch_size": 32, "verbose": 0}
history = model.fit(X[:300], X[:300, :1], epochs=3, callbacks=[Note()], **half)
again = model.fit(X[:300], X[:300, :1], epochs=3, callbacks=[Note()], **half)
"""

TELL = """
import json
from pathlib import Path

told = {
    "predicted": model.predict(X[:20], verbose=0).tolist(),
    "weights": [weight.tolist() for weight in model.get_weights()],
    "optimizer": [np.asarray(variable).tolist() for variable in model.optimizer.variables],
    "history": [history.history, again.history, history.epoch, again.params],
    "noted": noted,
    "random": [np.random.random(), np.asarray(keras.random.normal((2,))).tolist()],
    "initial": np.asarray(keras.initializers.GlorotUniform()((2, 2))).tolist(),
}
_ = Path("told.json").write_text(json.dumps(told))
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A repository whose notebook nbval has run, and where its trainings are."""
    root = tmp_path_factory.mktemp("repository")
    (root / "pyproject.toml").write_text(SETTINGS)
    (root / "data").mkdir()
    (root / "data" / "numbers.txt").write_text("1 2 3")
    cells = [new_code_cell(source.strip()) for source in ("limit = 3", TRAIN, TELL)]
    for count, cell in enumerate(cells, start=1):
        cell.execution_count = count
    nbformat.write(new_notebook(cells=cells, metadata=METADATA), root / "small.ipynb")
    compare(root)
    return root


def compare(root):
    """Run the notebook with nbval."""
    command = [sys.executable, "-m", "pytest", "-p", "checks.plugin", "--nbval", "-q", "-x"]
    done = subprocess.run(
        [*command, "small.ipynb", "-k", "cell"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@contextlib.contextmanager
def kernel(root, folder):
    """Yield a function that runs code as a cell, in a kernel that loads what is kept."""
    kept = root / ".pytest_cache" / "d" / "trained"
    env = trained.prepare(folder, project=open_project(root), kept=kept, replay=True)
    manager, client = start_new_kernel(env={**os.environ, **env}, cwd=str(root))

    def run(code):
        reply = client.execute_interactive(code, output_hook=lambda _: None)
        assert reply["content"]["status"] == "ok", reply["content"]

    try:
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def trainings_while(root, action):
    """Return whether there was any training while `action` was done."""
    (root / "trained.txt").unlink(missing_ok=True)
    action()
    return (root / "trained.txt").exists()


def run_all(root, folder, first="limit = 3"):
    with kernel(root, folder) as run:
        for code in (first, "", TRAIN, TELL):  # JupyterLab leaves out empty cells, others do not
            run(code)
    return json.loads((root / "told.json").read_text())


def test_what_nbval_trained_is_loaded_and_all_is_as_if_trained(recorded, tmp_path):
    before = json.loads((recorded / "told.json").read_text())
    told = {}
    assert not trainings_while(recorded, lambda: told.update(run_all(recorded, tmp_path)))
    assert told == before


def test_another_cell_above_trains_anew(recorded, tmp_path):
    assert trainings_while(recorded, lambda: run_all(recorded, tmp_path, first="limit = 4"))


def test_other_data_train_anew(recorded, tmp_path):
    file = recorded / "data" / "numbers.txt"
    before = file.read_text()
    file.write_text("1 2 4")
    try:
        assert trainings_while(recorded, lambda: run_all(recorded, tmp_path))
    finally:
        file.write_text(before)


def test_nbval_always_trains(recorded):
    assert trainings_while(recorded, lambda: compare(recorded))


def test_trainings_that_nobody_asks_for_are_kept_for_a_week(tmp_path):
    day = 24 * 3600
    for days in (6, 8):
        (tmp_path / f"{days} days").touch()
        os.utime(tmp_path / f"{days} days", 2 * (time.time() - days * day,))
    trained.forget(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["6 days"]
