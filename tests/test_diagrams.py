"""The drawings of units and layers show the numbers that they are given."""

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from tensorflow import keras

from helpers.diagrams import NEGATIVE, POSITIVE, draw_strip, show_flow, show_layers
from helpers.plotting import QUIET

plt.style.use("helpers.series")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def texts(fig):
    return [text.get_text() for text in fig.axes[0].texts]


def test_a_flow_shows_values_weights_titles_and_notes():
    fig = show_flow(
        [[1, 0.5], ["a"]], [[[2], [-3]]], titles=["inputs", "neuron"], notes=[[], ["+ b"]]
    )
    assert sorted(texts(fig)) == sorted(["1", "0.5", "a", "2", "−3", "inputs", "neuron", "+ b"])


def test_the_sign_of_a_weight_is_seen_without_its_color():
    fig = show_flow([[1, 1, 1, 1], [0]], [[[2], [-3], [0], ["w"]]], titles=["in", "out"])
    lines = [(to_hex(one.get_color()).upper(), one.get_linestyle()) for one in fig.axes[0].lines]
    assert lines == [(POSITIVE, "-"), (NEGATIVE, "--"), (QUIET, "-"), (QUIET, "-")]


@pytest.mark.parametrize(
    ("values", "weights", "titles"),
    [
        ([[1, 2], [3]], [[[1]]], ["a", "b"]),
        ([[1, 2], [3]], [[[1], [1, 2]]], ["a", "b"]),
        ([[1, 2], [3]], [], ["a", "b"]),
        ([[1, 2], [3]], [[[1], [2]]], ["a"]),
    ],
)
def test_what_does_not_belong_together_is_refused(values, weights, titles):
    with pytest.raises(ValueError, match="a row of weights for each unit on the left"):
        show_flow(values, weights, titles=titles)


def test_layers_show_their_shapes_and_activations():
    dense = keras.layers.Dense
    layers = [dense(5, activation="relu", name="first"), dense(2, name="last")]
    shown = texts(show_layers(keras.Sequential([keras.Input((7,)), *layers])))
    assert "first\n7×5 weights\n5 biases\nrelu" in shown
    assert "last\n5×2 weights\n2 biases\nlinear" in shown
    assert [text for text in shown if text.isdigit()] == ["7", "5", "2"]


def test_a_strip_goes_from_white_for_0_to_black_for_the_largest():
    _, ax = plt.subplots()
    draw_strip(ax, np.array([0, 2.0, 1.0]))
    (image,) = ax.images
    assert image.to_rgba(np.array([[0, 2.0]]))[0, :, 0].tolist() == [1, 0]
    assert image.get_array().ravel().tolist() == [0, 2, 1]
    assert all(spine.get_visible() for spine in ax.spines.values())


@pytest.mark.parametrize("values", [[[1.0]], [], [1.0, -1.0], [float("nan")]])
def test_a_strip_refuses_what_it_cannot_show(values):
    with pytest.raises(ValueError, match="a row of numbers from 0 up"):
        draw_strip(plt.subplots()[1], values)


def test_no_text_is_smaller_than_8_points():
    model = keras.Sequential([keras.Input((7,)), keras.layers.Dense(5)])
    flow = show_flow([[1], [2]], [[[3]]], titles=["a", "b"], notes=[["c"], ["d"]])
    for fig in (flow, show_layers(model)):
        assert min(text.get_fontsize() for text in fig.axes[0].texts) >= 8
