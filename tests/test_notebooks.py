"""What is stored in the notebooks, looked at without running them; nbval does the running."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
STEPS = [
    "01_packages",
    "02_activations",
    "03_dataset",
    "04_architecture",
    "05_model",
    "06_training",
    "07_prediction",
    "08_error_analysis",
]


@pytest.fixture(params=STEPS, scope="module")
def step(request):
    return request.param


@pytest.fixture(scope="module")
def notebook(step):
    return nbformat.read(ROOT / "notebooks" / f"{step}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def prose(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def test_there_are_these_notebooks_and_no_others():
    assert sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")) == STEPS


def test_cells_have_been_run_in_order(code):
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))


def test_every_picture_has_alt_text(code):
    for cell in code:
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                alt = output.metadata.get("image/png", {}).get("alt", "")
                assert len(alt) > 30, cell.source


def test_outputs_hold_no_errors_widget_views_or_progress_characters(code):
    for cell in code:
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr", output.text
            assert not [mime for mime in output.get("data", {}) if "widget" in mime]
            assert "\r" not in output.get("text", "")


def test_metadata_is_normalized(notebook):
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"alt"}


def test_no_path_of_a_machine_is_stored(step):
    text = (ROOT / "notebooks" / f"{step}.ipynb").read_text(encoding="utf-8")
    assert not re.search(r"/home/|/root/|/work/|/tmp/|\\\\Users", text)


def test_notebook_is_small(step):
    assert (ROOT / "notebooks" / f"{step}.ipynb").stat().st_size < 1_000_000


def test_notebook_opens_and_closes_as_the_series_does(step, prose):
    assert prose[0].startswith(f"# Step {int(step[:2])} · ")
    for part in ("**You will**", "**You will learn**", "**You need**"):
        assert part in prose[0]
    assert prose[-1].startswith("## What you now know")
    assert "**Further reading.**" in prose[-1]


def test_notebook_leads_to_its_neighbors(step, prose):
    position = STEPS.index(step)
    for neighbor in STEPS[max(0, position - 1) : position] + STEPS[position + 1 : position + 2]:
        assert f"]({neighbor}.ipynb)" in prose[0]


def test_links_to_files_lead_somewhere(prose):
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", "\n".join(prose)):
        assert (ROOT / "notebooks" / target).exists(), target


# The lines of the original tutorial, each in the step that explains it.
ORIGINAL = [
    ("01_packages", "import numpy as np"),
    ("01_packages", "import matplotlib.pyplot as plt"),
    ("01_packages", "import tensorflow as tf"),
    ("01_packages", "from tensorflow.keras.layers import Dense"),
    ("01_packages", "from tensorflow.keras.models import Sequential"),
    ("02_activations", "a = max(0, z)"),
    ("03_dataset", "X, y = load_data()"),
    ("05_model", "model = Sequential(["),
    ("05_model", "tf.keras.Input(shape=(400,)),"),
    ("05_model", 'Dense(25, activation="relu", name="layer1"),'),
    ("05_model", 'Dense(15, activation="relu", name="layer2"),'),
    ("05_model", 'Dense(10, activation="linear", name="layer3"),'),
    ("06_training", "loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),"),
    ("06_training", "optimizer=tf.keras.optimizers.Adam(0.001),"),
    ("06_training", "model.fit(X, y, epochs=40,"),
    ("07_prediction", "model.predict(X[1015].reshape(1, 400),"),
    ("07_prediction", "prediction_p = tf.nn.softmax(prediction)"),
    ("07_prediction", "yhat = np.argmax(prediction_p)"),
]


@pytest.mark.parametrize(("where", "line"), ORIGINAL)
def test_every_line_of_the_original_is_there(where, line):
    notebook = nbformat.read(ROOT / "notebooks" / f"{where}.ipynb", as_version=4)
    assert any(line in cell.source for cell in notebook.cells if cell.cell_type == "code")
