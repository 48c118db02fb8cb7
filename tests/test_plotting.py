"""The pictures of the series show what they are given."""

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from helpers import load_data, plotting
from helpers.data import load_scoreboard


@pytest.fixture(scope="module")
def X():
    return load_data()[0]


@pytest.fixture(autouse=True)
def _as_in_the_notebooks():
    with plt.style.context("helpers.series"):
        yield
    plt.close("all")


def drawn(ax):
    """Return the array that is drawn in some axes."""
    return np.asarray(ax.images[0].get_array())


@pytest.mark.parametrize("shape", [(5, 400), (5, 20, 20)])
def test_show_digits_draws_each_image(X, shape):
    fig = plotting.show_digits(X[:5].reshape(shape), titles=list("abcde"), columns=2)
    assert isinstance(fig, Figure)
    for ax, image, title in zip(fig.axes, X, "abcde", strict=False):
        np.testing.assert_array_equal(drawn(ax), image.reshape(20, 20))
        assert ax.get_title() == title
    assert len(fig.axes) == 6
    assert not fig.axes[5].images
    assert [ax.axison for ax in fig.axes] == [True] * 5 + [False]


def test_digits_are_dark_on_light(X):
    fig = plotting.show_digits(X[:1])
    picture = fig.axes[0].images[0]
    assert picture.to_rgba(np.array([[1.0]]))[0, 0, :3].max() == 0
    assert picture.to_rgba(np.array([[0.0]]))[0, 0, :3].min() == 1


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros(400), "single image"),
        (np.zeros((2, 399)), "square image"),
        (np.zeros((2, 20, 21)), "square image"),
        (np.full((2, 400), np.nan), "NaN"),
        (np.full((2, 400), 255), "divided by 255"),
        (np.zeros((0, 400)), "no image"),
        ([["a"] * 400], "numbers"),
    ],
)
def test_show_digits_says_what_is_wrong(images, message):
    with pytest.raises(ValueError, match=message):
        plotting.show_digits(images)


def test_titles_leave_the_images_as_large_as_they_are_without(X):
    widths = []
    for titles in (None, "abcdefghijkl"):
        fig = plotting.show_digits(X[:12], titles=titles, columns=6)
        fig.canvas.draw()
        widths.append(fig.axes[0].get_window_extent().width)
    assert widths[1] > 0.9 * widths[0]


def test_show_digits_needs_a_title_for_each(X):
    with pytest.raises(ValueError, match="3 images but 2 titles"):
        plotting.show_digits(X[:3], titles=["a", "b"])


def test_show_pixels_writes_values_in_hundredths():
    image = np.zeros((20, 20))
    image[3, 4], image[5, 6] = 1, 0.25
    fig = plotting.show_pixels(image)
    texts = {text.get_position(): text.get_text() for text in fig.axes[0].texts}
    assert texts == {(4, 3): "100", (6, 5): "25"}
    assert [text.get_color() for text in fig.axes[0].texts] == ["white", "black"]


@pytest.mark.parametrize("image", [np.zeros(399), np.zeros((20, 10)), np.full((20, 20), 2.0)])
def test_show_pixels_says_what_is_wrong(image):
    with pytest.raises(ValueError, match=r"[Ii]mage must"):
        plotting.show_pixels(image)


def test_show_numbers_shows_each_value_and_each_weight():
    layers = [np.array([1.0, 0.5]), np.array([-0.25, -0.0]), np.array([3.0])]
    weights = [np.array([[0.5, -1], [1, 0.6]]), np.array([[2.0], [0.125]])]
    fig = plotting.show_numbers(layers, weights, names=["pixels", "hidden", "logit"])
    said = [text.get_text() for text in fig.axes[0].texts]
    for text in ["1.00", "0.50", "−0.25", "0.00", "3.00", "−1", "0.6", "0.125", "hidden"]:
        assert said.count(text) == 1
    arrows = [
        plotting.show_numbers(layers, weights, names="abc", slopes=slopes).axes[0].texts[0]
        for slopes in (False, True)
    ]
    assert [(arrow.xyann[0], arrow.xy[0]) for arrow in arrows] == [(0, 1), (1, 0)]
    with pytest.raises(ValueError, match="the shapes"):
        plotting.show_numbers(layers, weights[::-1], names=["a", "b", "c"])
    with pytest.raises(ValueError, match="More than four"):
        plotting.show_numbers([np.ones(5), np.ones(1)], [np.ones((5, 1))], names=["a", "b"])


def test_show_weights_shows_each_neuron_in_the_order_of_the_pixels():
    W = np.zeros((16, 3))
    W[1, 2] = -2.0
    fig = plotting.show_weights(W, columns=2, limit=2)
    pictures = [ax.images[0] for ax in fig.axes if ax.images]
    assert len(pictures) == 3
    assert pictures[2].get_array()[0, 1] == -2
    low, middle, high = (pictures[2].to_rgba(value)[:3] for value in (-2, 0, 2))
    assert low[0] > low[2]  # orange is negative
    assert high[2] > high[0]  # purple is positive
    assert min(middle) > 0.9
    with pytest.raises(ValueError, match=r"shape \(15, 3\)"):
        plotting.show_weights(W[:15])


def test_show_network_names_sizes_and_activations():
    fig = plotting.show_network((400, 25, 15, 10), activations=("in", "ReLU", "ReLU", "out"))
    texts = [text.get_text() for text in fig.axes[0].texts]
    assert [t for t in texts if t.isdigit()] == ["400", "25", "15", "10"]
    assert texts.count("⋮") == 2
    for sizes in ((400, 10, 10), (400, 0)):
        with pytest.raises(ValueError, match="at least one unit"):
            plotting.show_network(sizes, activations=("in", "out"))


def test_probabilities_mark_guess_and_truth():
    ax = plt.figure().subplots()
    plotting.draw_probabilities(ax, np.eye(10)[3] * 0.91 + 0.009, truth=5)
    assert [text.get_text() for text in ax.texts] == ["92 %"]
    assert [label.get_text() for label in ax.get_xticklabels()][5] == "5\n▲"
    assert ax.patches[3].get_facecolor()[:3] == plt.matplotlib.colors.to_rgb(plotting.WRONG)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (np.ones(9) / 9, r"shape \(10,\)"),
        (np.ones((1, 10)) / 10, r"shape \(10,\)"),
        (np.array(["a"] * 10), "must be numbers"),
        (np.full(10, np.nan), "from 0 to 1"),
        (np.arange(10), "Softmax"),
        (-np.ones(10), "Softmax"),
    ],
)
def test_probabilities_must_be_ten_from_0_to_1(wrong, message):
    with pytest.raises(ValueError, match=message):
        plotting.draw_probabilities(plt.figure().subplots(), wrong)


@pytest.mark.parametrize("image", [np.zeros(399), np.full((20, 20), np.nan), np.full(400, 255)])
def test_draw_digit_says_what_is_wrong(image):
    with pytest.raises(ValueError, match=r"[Ii]mage "):
        plotting.draw_digit(plt.figure().subplots(), image)


def test_more_images_than_one_can_see_are_refused(X):
    with pytest.raises(ValueError, match=r"5000 images are too many.*X\[:100\]"):
        plotting.show_digits(X)


def test_show_digits_needs_a_column(X):
    with pytest.raises(ValueError, match="at least one image per row"):
        plotting.show_digits(X[:3], columns=0)


def test_predictions_name_guess_and_label_where_they_differ(X):
    fig = plotting.show_predictions(X[:2], np.eye(10)[[0, 4]], np.array([0, 9]))
    assert [ax.get_title() for ax in fig.axes] == ["0, 100 %", "4, 100 %\nlabel 9"]


def test_a_single_prediction_is_drawn_too(X):
    (ax,) = plotting.show_predictions(X[:1], np.eye(10)[[3]], np.array([0])).axes
    np.testing.assert_array_equal(drawn(ax), X[0].reshape(20, 20))
    assert ax.get_title() == "3, 100 %\nlabel 0"


def test_predictions_need_not_fill_their_rows(X):
    axes = plotting.show_predictions(X[:3], np.eye(10)[:3], np.zeros(3, int), columns=2).axes
    assert [ax.get_title() for ax in axes[:2]] == ["0, 100 %", "1, 100 %\nlabel 0"]
    assert [ax.axison for ax in axes] == [True, True, True, False]


def test_what_is_refused_leaves_no_empty_picture(X):
    for images, labels in ((X[:2] * 255, [0, 9]), (X[:2], [0, 19]), (X[:2], [0])):
        with pytest.raises(ValueError, match=r"255|integers|one label"):
            plotting.show_predictions(images, np.eye(10)[:2], np.array(labels))
    for wrong in ({"columns": 0}, {"titles": ["a"]}):
        with pytest.raises(ValueError, match=r"per row|1 titles"):
            plotting.show_digits(X[:2], **wrong)
    assert plt.get_fignums() == []


def test_predictions_must_belong_together(X):
    for images, probabilities, message in [
        (X[:3], np.eye(10)[:2], "each of the 3 images"),
        (X[:2], np.eye(10)[:3], r"shape \(2, 10\)"),
        (X[:2], np.eye(10)[:2] * 7, "Softmax"),
    ]:
        with pytest.raises(ValueError, match=message):
            plotting.show_predictions(images, probabilities, np.array([0, 9]))


def test_no_predictions_say_none():
    fig = plotting.show_predictions(np.zeros((0, 400)), np.zeros((0, 10)), np.array([], dtype=int))
    assert fig.axes[0].get_title() == "none"


def test_numbers_are_written_by_row_and_column_and_colored_by_sign():
    _, ax = plt.subplots()
    plotting.draw_numbers(ax, np.array([[1.5, -0.0], [-2, 0.126]]), title="product", limit=3)
    assert [(t.get_position(), t.get_text()) for t in ax.texts] == [
        ((0, 0), "1.50"),
        ((1, 0), "0.00"),
        ((0, 1), "-2.00"),
        ((1, 1), "0.13"),
    ]
    assert ax.get_title(loc="left") == "product"
    assert ax.images[0].norm.vmin == -3
    assert ax.images[0].norm.vmax == 3
    (more, _), (less, _) = ax.images[0].to_rgba(drawn(ax))
    assert more[2] > more[0] > more[1]  # purple
    assert less[0] > less[2]  # orange


@pytest.mark.parametrize("shape", [(3,), (2, 7), (1, 2, 2)])
def test_numbers_that_are_no_small_table_are_refused(shape):
    with pytest.raises(ValueError, match="a table with at most six columns"):
        plotting.draw_numbers(plt.subplots()[1], np.zeros(shape))


def test_confusion_matrix_writes_counts_by_row_and_column():
    matrix = np.diag(np.full(10, 90))
    matrix[4, 9] = 7
    ax = plt.figure().subplots()
    plotting.draw_confusion(ax, matrix)
    texts = {text.get_position(): text.get_text() for text in ax.texts}
    assert texts[9, 4] == "7"
    assert texts[0, 0] == "90"
    for axis, name in ((ax.xaxis, "predicted"), (ax.yaxis, "true digit")):
        assert axis.get_label_text() == name
        assert [label.get_text() for label in axis.get_ticklabels()] == list("0123456789")
    for wrong in (np.zeros((9, 10), dtype=int), np.eye(10), -matrix):
        with pytest.raises(ValueError, match="integers from 0 up"):
            plotting.draw_confusion(ax, wrong)


def test_scoreboard_shows_each_network_with_its_numbers():
    rows = [
        {"name": "small", "errors": 18.04, "images": 5000, "parameters": 7840, "seconds": 0.4},
        {"name": "large", "errors": 0.4, "images": 60_000, "parameters": 76_546, "seconds": 61.2},
    ]
    ax = plotting.show_scoreboard(rows).axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["small", "large"]
    points = ax.lines[0].get_xydata()
    np.testing.assert_allclose(points, [[18.04, 0], [0.4, 1]])
    texts = [text.get_text() for text in ax.texts]
    assert texts == [
        *["errors", "18.04 %", "0.40 %", "images", "5,000", "60,000"],
        *["parameters", "7,840", "76,546", "seconds", "0", "61"],
    ]


@pytest.mark.parametrize("step", [9, 10, 11])
def test_the_scoreboard_shows_all_networks_from_the_worst_to_the_best(step):
    rows = load_scoreboard(step)
    fig = plotting.show_scoreboard(rows)
    ax = fig.axes[0]
    fig.canvas.draw()
    points = ax.transData.transform(ax.lines[0].get_xydata())
    assert len(points) == len(rows)
    assert all(ax.bbox.contains(*point) for point in points)
    texts = [*ax.texts, *ax.get_yticklabels()]
    assert len(texts) == 4 + 5 * len(rows)
    for text in texts:
        box = text.get_window_extent()
        assert fig.bbox.contains(*box.min), text
        assert fig.bbox.contains(*box.max), text


CERTIFICATE = [
    ("9.1", "Nine", "2026-03-01"),
    ("9.2", "Nine again", None),
    ("10.1", "Ten", "2026-02-28"),
    ("10.2", "Ten again", "2025-12-31"),
    ("10.3", "Once more", None),
]


def test_the_certificate_tells_what_is_solved_and_the_last_day():
    ax = plotting.show_certificate(CERTIFICATE).axes[0]
    assert ax.get_title(loc="left") == "3 of 5 exercises solved, the last on 2026-03-01"
    places = {text.get_position(): text.get_text() for text in ax.texts}
    fields = {(1, 0): "9.1", (2, 0): "9.2", (1, 1): "10.1", (2, 1): "10.2", (3, 1): "10.3"}
    assert places == {(0.4, 0): "step 9", (0.4, 1): "step 10", **fields}
    right = plt.matplotlib.colors.to_rgba(plotting.RIGHT)
    filled = {}
    for patch in ax.patches:
        center = patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2
        filled[fields[tuple(np.round(center, 6))]] = patch.get_facecolor() == right
    assert filled == {number: bool(day) for number, _, day in CERTIFICATE}


def test_a_certificate_shows_all_its_fields_step_below_step():
    fig = plotting.show_certificate(CERTIFICATE)
    ax = fig.axes[0]
    fig.canvas.draw()
    assert all(fig.bbox.contains(*text.get_window_extent().min) for text in ax.texts)
    for patch in ax.patches:
        box = patch.get_window_extent()
        assert ax.bbox.contains(*box.min)
        assert ax.bbox.contains(*box.max)
    heights = {text.get_text(): text.get_window_extent().y0 for text in ax.texts}
    assert heights["step 9"] > heights["step 10"]


def test_a_certificate_of_nothing_solved_names_no_day():
    blank = [(number, title, None) for number, title, _ in CERTIFICATE]
    ax = plotting.show_certificate(blank).axes[0]
    assert ax.get_title(loc="left") == "0 of 5 exercises solved"
