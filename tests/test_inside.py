"""The diagram of a network that is reading a digit."""

import itertools
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.patches import Circle

from helpers.inside import LESS, MORE, Diagram

# Four pixels, three neurons, two outputs. The second pixel is paper, so it carries nothing.
LAYERS = [np.array([1, 0, 0.5, 1]), np.array([0, 4, 1.0]), np.array([0.9, 0.1])]
WEIGHTS = [
    np.array([[3, 0.1, -2], [9, 9, 9], [0.2, -0.2, 0.2], [0.1, 0.3, -0.1]]),
    np.array([[50, -50], [1, -2], [0.1, 0.2]]),
]


def parts(diagram, name):
    """Return the parts of a diagram's SVG of one kind."""
    return ElementTree.fromstring(diagram.svg()).findall(f".//{name}")


def neurons(diagram):
    """Return the filled circles, by what they are called."""
    return {c.find("title").text: c for c in parts(diagram, "circle") if c.get("class") == "neuron"}


@pytest.fixture
def axes():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def test_each_neuron_is_a_circle_as_full_as_its_share_of_the_largest():
    circles = neurons(Diagram(LAYERS, WEIGHTS))
    filled = {name: float(circle.get("fill-opacity")) for name, circle in circles.items()}
    assert filled == {
        "layer 1, neuron 0: 0.00": 0,
        "layer 1, neuron 1: 4.00": 1,
        "layer 1, neuron 2: 1.00": 0.25,
        "layer 2, neuron 0: 0.90": 1,
        "layer 2, neuron 1: 0.10": 0.11,
    }


def test_a_layer_without_an_answer_is_empty():
    layers = [LAYERS[0], np.array([0, -2.0, 0]), LAYERS[2]]
    circles = neurons(Diagram(layers, WEIGHTS))
    empty = [c.get("fill-opacity") for name, c in circles.items() if name.startswith("layer 1")]
    assert empty == ["0.00"] * 3


def ends_of(diagram, circles):
    """Return each line as (what it leads to, class, width), the last drawn first."""
    places = {(c.get("cx"), c.get("cy")): name for name, c in circles.items()}
    return [
        (places[line.get("x2"), line.get("y2")][:17], line.get("class"), line.get("stroke-width"))
        for line in parts(diagram, "line")[::-1]
    ]


def test_lines_are_those_that_carry_most_by_value_times_weight():
    diagram = Diagram(LAYERS, WEIGHTS, strongest=2)
    # Not those with the largest weights: the values that go with these are 0.
    assert ends_of(diagram, neurons(diagram)) == [
        ("layer 2, neuron 1", "less", "3.00"),
        ("layer 2, neuron 0", "more", "1.70"),
        ("layer 1, neuron 0", "more", "3.00"),
        ("layer 1, neuron 2", "less", "2.13"),
    ]


def test_what_carries_nothing_has_no_line():
    assert len(parts(Diagram(LAYERS, WEIGHTS, strongest=99), "line")) == 3 * 3 + 2 * 2


def test_lines_begin_at_their_pixel():
    line = parts(Diagram(LAYERS, WEIGHTS, strongest=1), "line")[0]
    pixel = parts(Diagram(LAYERS, WEIGHTS), "rect")[1]  # behind the frame
    x, y, side = (float(pixel.get(name)) for name in ("x", "y", "width"))
    assert [float(line.get(name)) for name in ("x1", "y1")] == [x + side / 2, y + side / 2]


def test_paper_is_left_out_and_ink_drawn_by_its_darkness():
    _, *pixels = parts(Diagram(LAYERS, WEIGHTS), "rect")
    assert [pixel.get("fill-opacity") for pixel in pixels] == ["1.00", "0.50", "1.00"]


def test_it_says_what_there_is_to_see():
    diagram = Diagram(LAYERS, WEIGHTS)
    assert diagram.summary == (
        "Neurons that answer: 2 of 3, most of all number 1. Largest output: 0."
    )
    assert ElementTree.fromstring(diagram.svg()).get("aria-label") == diagram.summary


def test_the_largest_output_is_bold():
    texts = {text.text: text.get("class") for text in parts(Diagram(LAYERS, WEIGHTS), "text")}
    assert texts["0"] == "best"
    assert texts["1"] == texts["3 neurons"] == "name"


def test_the_still_picture_shows_the_same(axes):
    diagram = Diagram(LAYERS, WEIGHTS, strongest=2)
    diagram.draw(axes)
    lines = [(to_hex(line.get_color()), line.is_dashed()) for line in axes.lines]
    assert lines == [(LESS, True), (MORE, False), (MORE, False), (LESS, True)]
    circles = [patch for patch in axes.patches if isinstance(patch, Circle)]
    assert [round(circle.get_alpha(), 2) for circle in circles[1::2]] == [0, 1, 0.25, 1, 0.11]
    texts = {text.get_text(): text.get_fontweight() for text in axes.texts}
    assert texts["0"] == "bold"
    assert min(text.get_fontsize() for text in axes.texts) >= 8
    np.testing.assert_array_equal(axes.images[0].get_array(), LAYERS[0].reshape(2, 2))


def test_a_network_of_the_series_stays_small_on_its_way_to_the_browser():
    rng = np.random.default_rng(0)
    sizes = [400, 25, 15, 10]
    layers = [rng.random(size) for size in sizes]
    weights = [rng.normal(size=pair) for pair in itertools.pairwise(sizes)]
    svg = Diagram(layers, weights).svg()
    assert len(svg) < 60_000
    xs = [float(x) for x in re.findall(r' (?:cx|x|x1|x2)="([\d.]+)"', svg)]
    ys = [float(y) for y in re.findall(r' (?:cy|y|y1|y2)="([\d.]+)"', svg)]
    assert 0 <= min(xs) <= max(xs) <= 660
    assert 0 <= min(ys) <= max(ys) <= 340


@pytest.mark.parametrize(
    ("layers", "weights", "message"),
    [
        (LAYERS, WEIGHTS[::-1], "need weights of the shapes"),
        (LAYERS, WEIGHTS[:1], "need weights of the shapes"),
        ([LAYERS[0].reshape(2, 2), *LAYERS[1:]], WEIGHTS, "need weights of the shapes"),
        ([LAYERS[1], LAYERS[2], LAYERS[2]], [WEIGHTS[1], np.eye(2)], "must be a square picture"),
        ([LAYERS[0], LAYERS[1]], WEIGHTS[:1], "two layers at least"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(layers, weights, message):
    with pytest.raises(ValueError, match=message) as error:
        Diagram(layers, weights)
    assert "\n" not in str(error.value)
