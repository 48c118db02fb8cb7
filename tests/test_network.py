"""The network that comes with the series, and that it was made by code of steps 11 and 13."""

import json
import os
import re
import shutil

import keras
import nbformat
import numpy as np
import pytest

from helpers import data, load_data
from helpers.data import find_mnist, load_mnist, load_scoreboard
from helpers.training import load_network
from tools import NOTEBOOKS
from tools.make_network import fingerprint, recipe
from tools.sources import source_of

CARD = json.loads((data.DATA / "cnn.json").read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the network and its card."""
    for name in ("cnn.keras", "cnn.json"):
        shutil.copy(data.DATA / name, tmp_path)
    monkeypatch.setattr(data, "DATA", tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def code():
    """What steps 11 and 13 define for making the network."""
    return recipe()


def test_it_was_made_by_the_code_of_the_steps():
    assert CARD["recipe"] == fingerprint(), (
        "steps 11 and 13 or helpers/augment.py now make another network; run tools/make_network.py"
    )


def test_its_layers_are_those_of_step_11(code):
    ours, built = load_network(), code["build"](deeper=code["settings"]["deeper"])
    assert ours.count_params() == built.count_params() <= 100_000
    assert [type(layer) for layer in ours.layers] == [type(layer) for layer in built.layers]
    for a, b in zip(ours.get_weights(), built.get_weights(), strict=True):
        assert a.shape == b.shape


def test_the_code_of_step_11_learns(code, monkeypatch):
    monkeypatch.setitem(code, "progress", lambda items, label: items)
    X, y = load_data()
    images = np.pad((255 * X).astype(np.uint8).reshape(-1, 20, 20), ((0, 0), (4, 4), (4, 4)))
    rng = np.random.default_rng(0).permutation(len(y))
    seen, unseen = rng[:1500], rng[-500:]
    model = code["train"](images[seen], y[seen], 5, elsewhere=True)
    # So short a training leaves the running averages behind; those of the batch do as well here.
    logits = model(images[unseen][..., None] / np.float32(255), training=True).numpy()
    assert (logits.argmax(axis=1) == y[unseen]).mean() > 0.9


def measured(name):
    """Return on which images a notebook measures, as its code calls them."""
    cells = nbformat.read(NOTEBOOKS / name, as_version=4).cells
    calls = re.findall(r"percent_right\((.+?)\)", "\n".join(cell.source for cell in cells))
    return {call.split(", ")[1] for call in calls}


def test_networks_are_measured_on_images_that_nothing_was_trained_on():
    # Results of step 11 have a tolerance, within which those on training images would pass.
    assert measured("11_cnn.ipynb") == {
        "images",  # the definition
        "test_images",
        "pictures[-10_000:]",  # of the training images, which those of this cell did not learn from
    }
    # Made of test images, but for the definition.
    assert measured("13_inside.ipynb") == {"pictures", "plain", "added"}


@pytest.mark.skipif(find_mnist() is None, reason="needs MNIST: make mnist")
def test_it_is_as_good_as_the_scoreboard_says():
    _, (images, labels) = load_mnist()
    logits = load_network().predict(images[..., None] / np.float32(255), 500, verbose=0)
    errors = 100 * (logits.argmax(axis=1) != labels).mean()
    assert errors <= 0.4
    assert errors == pytest.approx(load_scoreboard()[-1]["errors"], abs=0.011)


def test_a_missing_network_is_said_to_be_missing(folder):
    (folder / "cnn.keras").unlink()
    with pytest.raises(FileNotFoundError, match="network is missing"):
        load_network()


def cut(path):
    path.write_bytes(path.read_bytes()[:1000])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def empty(path):
    path.write_bytes(b"")


def other_shape(path):
    keras.Sequential([keras.Input((400,)), keras.layers.Dense(10)]).save(path)


@pytest.mark.parametrize("damage", [cut, flip, empty, other_shape])
def test_a_damaged_or_another_network_is_refused(folder, damage):
    damage(folder / "cnn.keras")
    with pytest.raises(ValueError, match="damaged, or is not the network of the series") as error:
        load_network()
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", ["", "{", "{}", "[]", "null", None])
def test_without_its_card_the_network_is_not_used(folder, content):
    if content is None:
        os.remove(folder / "cnn.json")
    else:
        (folder / "cnn.json").write_text(content)
    with pytest.raises(ValueError, match="cannot be checked"):
        load_network()


def test_the_source_of_a_name_is_all_that_it_needs(tmp_path):
    cells = [
        "import math\nimport os\nscale = 2\nscale = scale * 3\nunused = os.name",
        "def area(r):\n    unused = 1\n    return math.pi * square(r) * scale",
        "def square(r, *, half=lambda x: x / 2):\n    return r * r",
        "print(area(1))\nfor square in range(3):\n    pass",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    exercise = nbformat.v4.new_code_cell("def square(r):\n    return ...")
    exercise.metadata["tags"] = ["exercise"]
    notebook.cells.append(exercise)
    nbformat.write(notebook, tmp_path / "n.ipynb")
    source = source_of(tmp_path / "n.ipynb", ["area"])
    names = {}
    exec(source, names)
    assert names["area"](1) == pytest.approx(6 * np.pi)
    assert "unused = os" not in source
    assert "print" not in source
    with pytest.raises(ValueError, match="does not define 'volume'"):
        source_of(tmp_path / "n.ipynb", ["volume"])


def test_the_scoreboard_grows_from_step_to_step():
    through = {step: load_scoreboard(step) for step in (8, 9, 10, 13)}
    assert through[8] == []
    assert through[9] == through[13][: len(through[9])]
    assert 0 < len(through[9]) < len(through[10]) < len(through[13])
    for row in through[13]:
        assert row["errors"] > 0
        assert {"name", "images", "parameters", "seconds"} < set(row)
    # A new step need not have a network of its own, but no row may name a step that is not there.
    steps = {int(path.name[:2]) for path in NOTEBOOKS.glob("*.ipynb")}
    assert {row["step"] for row in load_scoreboard()} <= steps
