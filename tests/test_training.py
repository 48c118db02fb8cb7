"""Live curves, progress, and the trained model that steps share."""

import os
import signal
import stat
import subprocess
import sys
import textwrap

import keras
import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers import data, training

X, Y = np.random.default_rng(0).random((64, 400)), np.arange(64) % 10


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder for what is saved."""
    monkeypatch.setattr(data, "CACHE", tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def displayed(monkeypatch):
    """What has been displayed, newest last."""
    shown = []
    monkeypatch.setattr("helpers.training.display", shown.append)
    for module in ("helpers.training", "helpers.widgets"):
        monkeypatch.setattr(f"{module}.show_live", lambda widget, stored: shown.append(widget))
    return shown


def small_model():
    return keras.Sequential([keras.Input((400,)), keras.layers.Dense(10)])


def trained_model(callbacks=()):
    keras.utils.set_random_seed(0)
    model = small_model()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(loss=loss, optimizer="adam")
    model.fit(X, Y, epochs=3, verbose=0, callbacks=list(callbacks))
    return model


def never(callbacks):
    raise AssertionError("trained although there was a model")


def sentence(displayed):
    """The sentence at the end of the newest widget."""
    widget = displayed[-1]
    return widget.value if hasattr(widget, "value") else widget.children[-1].value


def test_live_curves_follow_keras(displayed):
    curves = training.LiveCurves(3, alt="falls")
    model = trained_model([curves])
    assert len(curves.curves["loss"]) == 3
    bar, picture = displayed
    assert bar.children[0].value.startswith("epoch 3 of 3")
    assert picture.alt == "falls"
    assert picture.data.startswith(b"\x89PNG")
    assert model.count_params() == 4010


def test_live_curves_do_not_change_the_training():
    plain, watched = trained_model(), trained_model([training.LiveCurves(3)])
    for a, b in zip(plain.get_weights(), watched.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_live_curves_need_an_epoch():
    with pytest.raises(ValueError, match="at least one epoch"):
        training.LiveCurves(0)


def test_curves_are_drawn_on_a_log_axis_with_a_label_each():
    ax = plt.figure().subplots()
    curves = {"loss": [1, 0.1], "val_loss": [1, 0.5], "accuracy": [0.5, 0.9]}
    training.draw_curves(ax, curves, epochs=2)
    assert ax.get_yscale() == "log"
    assert [text.get_text() for text in ax.texts] == ["training images", "unseen images"]
    assert [list(line.get_ydata()) for line in ax.lines] == [[1, 0.1], [1, 0.5]]
    plt.close("all")


def test_progress_yields_everything_and_says_how_long_it_took(displayed):
    assert list(training.progress("abc", "spelling")) == ["a", "b", "c"]
    assert sentence(displayed).startswith("spelling 3 of 3, ")


def test_model_is_trained_once_and_then_loaded(folder, displayed):
    first = training.shared_model("net", trained_model)
    assert "trained now" in sentence(displayed)
    again = training.shared_model("net", never)
    assert "Loaded" in sentence(displayed)
    np.testing.assert_array_equal(first(X), again(X))
    assert os.listdir(folder) == ["net.keras"]


def test_saved_model_is_loaded_by_later_steps(displayed):
    model = trained_model()
    training.save_model(model, "net")
    assert "Saved as" in sentence(displayed)
    np.testing.assert_array_equal(training.shared_model("net", never)(X), model(X))


@pytest.mark.parametrize("keep", [0, 100, -100])
def test_damaged_model_is_trained_anew_and_left_alone(folder, displayed, keep):
    training.save_model(trained_model(), "net")
    path = folder / "net.keras"
    damaged = path.read_bytes()[:keep]
    path.write_bytes(damaged)
    model = training.shared_model("net", trained_model)
    assert model.count_params() == 4010
    assert "is damaged or another network" in sentence(displayed)
    assert path.read_bytes() == damaged


@pytest.mark.parametrize("sizes", [(784, 10), (400, 5)])
def test_model_of_another_shape_is_not_used_and_left_alone(folder, displayed, sizes):
    other = keras.Sequential([keras.Input(sizes[:1]), keras.layers.Dense(sizes[1])])
    other.save(folder / "net.keras")
    before = (folder / "net.keras").read_bytes()
    assert training.shared_model("net", trained_model).count_params() == 4010
    assert "is damaged or another network" in sentence(displayed)
    assert (folder / "net.keras").read_bytes() == before
    two = keras.Input((400,))
    keras.Model(two, [keras.layers.Dense(10)(two), keras.layers.Dense(10)(two)]).save(
        folder / "net.keras"
    )
    assert training.shared_model("net", trained_model).count_params() == 4010


def test_where_nothing_can_be_saved_it_says_so_and_goes_on(folder, displayed):
    (folder / "missing").mkdir()
    data.CACHE = folder / "missing" / "too"
    model = training.shared_model("net", trained_model)
    assert model.count_params() == 4010
    assert "cannot be saved" in sentence(displayed)
    training.save_model(model, "net")
    assert "cannot be saved" in sentence(displayed)


@pytest.mark.skipif(os.name == "nt", reason="Windows ignores the mode of folders")
def test_read_only_folder_is_said_to_be_read_only(folder, displayed):
    model = trained_model()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    was_root = os.geteuid() == 0
    if was_root:  # who may write anywhere
        os.seteuid(65534)
    try:
        training.save_model(model, "net")
    finally:
        if was_root:
            os.seteuid(0)
        folder.chmod(stat.S_IRWXU)
    assert "cannot be saved" in sentence(displayed)
    assert "Permission denied" in sentence(displayed)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_while_saving_leaves_the_old_model(folder, displayed):
    training.save_model(trained_model(), "net")
    before = (folder / "net.keras").read_bytes()
    program = textwrap.dedent("""
        import time

        import keras

        from helpers.training import save_model

        def slow(self, *arguments, real=keras.Model.save, **options):
            real(self, *arguments, **options)
            print("written", flush=True)
            time.sleep(60)

        keras.Model.save = slow
        save_model(keras.Sequential([keras.Input((400,)), keras.layers.Dense(10)]), "net")
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DIGITS_CACHE": str(folder)},
    )
    assert process.stdout.readline() == "written\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (folder / "net.keras").read_bytes() == before
    training.shared_model("net", never)
