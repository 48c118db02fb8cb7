"""Live curves, progress, and the trained model that steps share."""

import base64
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


@pytest.fixture
def clock(monkeypatch):
    """The seconds that have passed, as a list of one; a test moves them on."""
    seconds = [100.0]
    monkeypatch.setattr("time.perf_counter", lambda: seconds[0])
    return seconds


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


def watch(curves, losses):
    """Let a training of one's own show these losses."""
    curves.on_train_begin()
    for epoch, loss in enumerate(losses):
        curves.on_epoch_end(epoch, {"loss": loss})
    curves.on_train_end()


def test_nothing_of_an_earlier_training_is_in_the_picture_of_the_next(displayed):
    again = training.LiveCurves(2)
    watch(again, [9, 0.5])
    watch(again, [0.4, 0.03])
    watch(training.LiveCurves(2), [0.4, 0.03])
    first, second, fresh = displayed[1::2]
    assert first.data != second.data
    assert second.data == fresh.data
    assert displayed[0] is not displayed[2], "the second training has a bar of its own"


def test_a_training_that_blows_up_is_told(displayed, capsys):
    watch(training.LiveCurves(4, alt="falls"), [2.3, 9.0, np.nan, np.nan])
    assert displayed[-1].alt.startswith("In epoch 3 the loss is not a finite number")
    assert "A smaller learning rate may help." in capsys.readouterr().out
    watch(training.LiveCurves(2, alt="falls"), [np.inf, np.nan])
    assert displayed[-1].alt.startswith("In epoch 1 ")


def test_the_name_of_a_curve_stands_at_its_last_finite_value():
    _, ax = plt.subplots()
    curves = {"loss": [2.3, 9.0, np.nan], "val_loss": [2.0, 3.0, 4.0]}
    training.draw_curves(ax, curves, epochs=3)
    names = [(text.get_text(), text.xy) for text in ax.texts]
    assert names == [("training images", (2, 9.0)), ("unseen images", (3, 4.0))]
    plt.close()


def test_curves_of_different_lengths_are_drawn(displayed):
    curves = training.LiveCurves(2, alt="falls")
    curves.on_train_begin()
    curves.on_epoch_end(0, {"loss": 2.0})
    curves.on_epoch_end(1, {"loss": 1.0, "val_loss": 1.5})
    curves.on_train_end()
    assert displayed[-1].alt == "falls"


def test_stopping_early_is_not_told_as_more(displayed, monkeypatch):
    stored = []
    monkeypatch.setattr(
        "helpers.widgets.show_live",
        lambda widget, line: stored.append(line) or displayed.append(widget),
    )
    watch(training.LiveCurves(40), [2.3, 1.0])
    assert stored == ["Training, 40 epochs at most."]
    assert displayed[0].children[0].value.startswith("epoch 2 of 40")


INTERRUPTED = """
from helpers.training import LiveCurves
curves = LiveCurves(40, alt="falls")
curves.on_train_begin()
curves.on_epoch_end(0, {"loss": 2.0})
curves.on_epoch_end(1, {"loss": 1.0})
raise KeyboardInterrupt
"""


def test_an_interrupt_leaves_the_picture_and_says_so(displayed):
    from IPython.testing.globalipapp import start_ipython
    from IPython.utils.capture import capture_output

    shell = start_ipython()
    try:
        with capture_output() as captured:
            shell.run_cell(INTERRUPTED)
        assert "The training was stopped after 2 of 40 epochs." in captured.stdout
        assert displayed[-1].alt.endswith("The loss until then.")
        with capture_output() as captured:
            shell.run_cell("1")
        assert "stopped" not in captured.stdout, "a later cell says nothing more"
    finally:
        shell.reset()


@pytest.mark.parametrize(
    ("losses", "lowest"), [([0.32, 0.31, 0.3], 3), ([0.5, 0.4, 0.2], 3), ([2.3, 0.1, 0.03], 2)]
)
def test_the_axis_of_the_loss_has_numbers(losses, lowest):
    fig = plt.figure()
    ax = fig.subplots()
    training.draw_curves(ax, {"loss": losses}, epochs=3)
    fig.draw_without_rendering()
    low, high = ax.get_ylim()
    labels = zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
    assert sum(low <= tick <= high and label.get_text() != "" for tick, label in labels) >= lowest


def test_an_axis_with_limits_counts_by_tens_from_one_to_the_other():
    fig = plt.figure()
    ax = fig.subplots()
    training.draw_curves(ax, {"loss": [0.5, 0.3]}, epochs=2, limits=(0.03, 30))
    fig.draw_without_rendering()
    labels = zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
    assert ax.get_ylim() == (0.03, 30)
    shown = [label.get_text() for tick, label in labels if 0.03 <= tick <= 30]
    assert shown == ["0.1", "1", "10"]
    plt.close("all")


@pytest.mark.parametrize("losses", [[np.nan, np.nan], [0.0], []])
def test_a_picture_without_a_number_says_so(losses):
    ax = plt.figure().subplots()
    training.draw_curves(ax, {"loss": losses}, epochs=3)
    assert ax.texts[-1].get_text() == "no loss is a number that can be drawn"


def test_one_epoch_is_a_point():
    ax = plt.figure().subplots()
    training.draw_curves(ax, {"loss": [0.5]}, epochs=3)
    assert ax.lines[0].get_marker() == "o"


def test_while_it_trains_the_curves_are_drawn_once_a_second(displayed, clock):
    curves = training.LiveCurves(9)
    curves.on_train_begin()
    pictures = []
    for epoch, seconds in enumerate([0.5, 0.6, 0.5, 0.6]):
        clock[0] += seconds
        curves.on_epoch_end(epoch, {"loss": 1 / (epoch + 1)})
        pictures.append(displayed[0].children[1].value)
    assert pictures[0] == ""
    assert pictures[1] == pictures[2] != pictures[3]
    assert base64.b64encode(curves._render()).decode() in pictures[3]


def test_the_axis_reaches_to_the_last_epoch_from_the_first_on():
    ax = plt.figure().subplots()
    training.draw_curves(ax, {"loss": [1, 0.5]}, epochs=40)
    assert ax.get_xlim() == (0, 40)
    assert list(ax.lines[0].get_xdata()) == [1, 2]
    assert [text.get_text() for text in ax.texts] == [""]
    plt.close("all")


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


def test_the_bar_of_progress_moves_with_each_item_and_tells_the_time_since_its_start(
    displayed, clock
):
    seen = []
    for _ in training.progress("abcd", "spelling"):
        bar, text = displayed[0].children[0].children
        seen.append((bar.value, bar.max, text.value))
        clock[0] += 10
    assert seen == [(n, 4, f"spelling {n} of 4, {10 * n:.1f} s") for n in range(4)]
    assert sentence(displayed) == "spelling 4 of 4, 40.0 s"


@pytest.mark.parametrize("seconds", [[5, 2], [2, 5]])
def test_of_the_two_times_of_each_way_the_shorter_one_is_shown(seconds, displayed, clock):
    left = [*seconds, 0.25, 0.75]

    def way():
        clock[0] += left.pop(0)

    training.time_ways({"slow & sure": way, "fast": way})
    assert left == []
    assert sentence(displayed) == (
        "<table><tr><td>slow &amp; sure</td><td>2.00 s</td></tr>"
        "<tr><td>fast</td><td>0.25 s</td></tr></table>"
    )


def test_of_many_digits_the_milliseconds_of_one_are_shown(displayed, clock):
    def way():
        clock[0] += 0.05

    training.time_ways({"fast": way}, digits=20)
    assert sentence(displayed) == "<table><tr><td>fast</td><td>2.50 ms a digit</td></tr></table>"


def test_the_bar_of_a_network_that_is_trained_moves_with_its_epochs(displayed, clock):
    seen = []

    def train(callbacks):
        for epoch in range(3):
            for callback in callbacks:
                callback.set_params({"epochs": 3})
                clock[0] += 10
                callback.on_epoch_end(epoch)
            bar, text = displayed[0].children[0].children
            seen.append((bar.value, bar.max, text.value))
        return small_model()

    training.shared_model("net", train)
    assert seen == [(n, 3, f"epoch {n} of 3, {10 * n:.1f} s") for n in (1, 2, 3)]


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


def test_what_a_model_was_trained_on_lies_beside_it(folder, displayed):
    training.save_model(trained_model(), "net", about="Taught 3 drawings – of mine.")
    assert (folder / "net.txt").read_text(encoding="utf-8") == "Taught 3 drawings – of mine.\n"
    assert sorted(os.listdir(folder)) == ["net.keras", "net.txt"]


def test_a_model_that_cannot_be_saved_leaves_no_note(folder, displayed):
    model = trained_model()
    training.save_model(model, "net", about="The first.")
    (folder / "net.keras").unlink()
    (folder / "net.keras").mkdir()  # which no file replaces
    training.save_model(model, "net", about="The second.")
    assert "cannot be saved" in sentence(displayed)
    assert (folder / "net.txt").read_text(encoding="utf-8") == "The first.\n"
    assert sorted(os.listdir(folder)) == ["net.keras", "net.txt"]


@pytest.mark.parametrize("keep", [0, 100, -100])
def test_damaged_model_is_trained_anew_and_left_alone(folder, displayed, keep):
    training.save_model(trained_model(), "net")
    path = folder / "net.keras"
    damaged = path.read_bytes()[:keep]
    path.write_bytes(damaged)
    model = training.shared_model("net", trained_model)
    assert model.count_params() == 4010
    assert "is damaged or holds another network" in sentence(displayed)
    assert path.read_bytes() == damaged


@pytest.mark.parametrize("sizes", [(784, 10), (400, 5)])
def test_model_of_another_shape_is_not_used_and_left_alone(folder, displayed, sizes):
    other = keras.Sequential([keras.Input(sizes[:1]), keras.layers.Dense(sizes[1])])
    other.save(folder / "net.keras")
    before = (folder / "net.keras").read_bytes()
    assert training.shared_model("net", trained_model).count_params() == 4010
    assert "is damaged or holds another network" in sentence(displayed)
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
