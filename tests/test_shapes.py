import numpy as np
import pytest

from helpers.shapes import draw_letters, draw_shapes


def test_each_digit_is_drawn_as_often_as_asked():
    drawings, labels = draw_shapes(3, np.random.default_rng(0))
    assert np.array_equal(np.bincount(labels), [3] * 10)
    assert np.array_equal(labels, np.sort(labels))
    assert len(drawings) == 30
    assert all(d.shape == (280, 280) and d.dtype == np.uint8 for d in drawings)


def test_no_two_drawings_are_the_same():
    drawings, _ = draw_shapes(5, np.random.default_rng(0))
    assert len({drawing.tobytes() for drawing in drawings}) == 50


def test_the_longer_side_takes_what_is_said_and_nothing_is_cut():
    drawings, _ = draw_shapes(20, np.random.default_rng(1))
    for drawing in drawings:
        rows, columns = np.flatnonzero(drawing.any(axis=1)), np.flatnonzero(drawing.any(axis=0))
        side = max(np.ptp(rows), np.ptp(columns)) / 280
        pen = 0.1  # the stroke has a width of its own
        assert 0.4 <= side <= 0.8 + pen
        assert rows[0] > 0
        assert rows[-1] < 279
        assert columns[0] > 0
        assert columns[-1] < 279


def test_the_same_seed_gives_the_same_drawings():
    one, other = (draw_shapes(1, np.random.default_rng(7))[0] for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_no_drawings_are_refused():
    with pytest.raises(ValueError, match="at least one drawing of each digit, not 0"):
        draw_shapes(0, np.random.default_rng(0))


def test_letters_come_in_three_fonts():
    pages = draw_letters("AW")
    assert len({page.tobytes() for page in pages}) == len(pages) == 6
    assert all(page.shape == (280, 280) and page.dtype == np.uint8 for page in pages)
    # A W is wider than an A in a font whose letters differ in width.
    width = [np.ptp(np.flatnonzero(page.any(axis=0))) for page in pages]
    assert width[1] > width[0]
    middles = [np.flatnonzero(page.any(axis=0)).mean() for page in pages]
    np.testing.assert_allclose(middles, 139.5, atol=3)
