"""Bent digits, strokes that people elsewhere add, and what a bold pen fills."""

import numpy as np
import pytest

from helpers.augment import bold_pen, other_hands, warp

STILL = {"bend": 0, "shift": 0, "stretch": 0, "turn": 0}


def written(digit, count):
    """Return plain digits of straight strokes, 3 pixels wide."""
    image = np.zeros((28, 28), np.float32)
    if digit == 1:
        image[4:24, 13:16] = 1
    if digit == 7:
        image[4:7, 6:20] = 1
        image[4:24, 17:20] = 1
    if digit == 9:
        image[4:14, 9:19] = 1
        image[7:11, 12:16] = 0
        image[4:24, 16:19] = 1
    return np.repeat(image[None], count, axis=0), np.full(count, digit)


def gained(digit, count=1000):
    """Return where ink was added in those images that have changed."""
    images, labels = written(digit, count)
    added = other_hands(images, labels, np.random.default_rng(0)) - images
    assert added.min() >= 0
    return added[(added > 0).any(axis=(1, 2))]


def blob(count):
    """Return images of the same soft spot in the middle, whose ink has a center and a width."""
    away = np.arange(28) - 13.5
    image = np.exp(-(away**2 + away[:, None] ** 2) / 18).astype(np.float32)
    return np.repeat(image[None], count, axis=0)


def center_and_spread(images):
    """Return the center of the ink (n, row and column) and its covariance (n, 2, 2)."""
    places = np.indices((28, 28)).reshape(2, -1).astype(float)
    ink = images.reshape(len(images), -1) / images.sum(axis=(1, 2))[:, None]
    centers = ink @ places.T
    away = places[None] - centers[:, :, None]
    return centers, np.einsum("nik,njk,nk->nij", away, away, ink)


def test_warp_without_strength_changes_nothing():
    images = written(7, 3)[0]
    assert (warp(images, np.random.default_rng(0), **STILL) == images).all()


def test_warp_shifts_by_pixels():
    images = blob(2000)
    centers, _ = center_and_spread(warp(images, np.random.default_rng(0), **{**STILL, "shift": 1}))
    np.testing.assert_allclose(centers.mean(axis=0), 13.5, atol=0.1)
    np.testing.assert_allclose(centers.std(axis=0), 1, atol=0.05)
    assert abs(np.corrcoef(centers.T)[0, 1]) < 0.1


def test_warp_stretches_height_and_width_each_by_itself():
    images, rng = blob(500), np.random.default_rng(0)
    centers, spread = center_and_spread(warp(images, rng, **{**STILL, "stretch": 0.1}))
    np.testing.assert_allclose(centers, 13.5, atol=0.05)
    sizes = np.sqrt(spread[:, [0, 1], [0, 1]] / center_and_spread(images)[1][0, 0, 0])
    np.testing.assert_allclose(sizes.std(axis=0), 0.1, atol=0.02)
    np.testing.assert_allclose(spread[:, 0, 1], 0, atol=0.05)


def test_warp_turns_and_slants_round_the_middle():
    images, rng = written(1, 500)[0], np.random.default_rng(0)
    _, spread = center_and_spread(warp(images, rng, **{**STILL, "turn": 0.1}))
    # How far the stem leans: columns for each row.
    np.testing.assert_allclose((spread[:, 0, 1] / spread[:, 0, 0]).std(), 0.1, atol=0.02)


def test_warp_bends_what_was_straight():
    images = written(1, 200)[0]
    straight, bent = (
        warp(images, np.random.default_rng(0), **{**STILL, "bend": bend}) for bend in (0.05, 1)
    )
    # The column of the ink in each row of the stem, beside the straight line through them.
    for warped, low, high in ((straight, 0.001, 0.05), (bent, 0.1, 1)):
        rows = warped[:, 9:19]
        columns = (rows * np.arange(28)).sum(axis=2) / rows.sum(axis=2)
        away = [np.polyval(np.polyfit(range(10), c, 1), range(10)) - c for c in columns]
        assert low < np.std(away) < high


def test_warp_draws_each_image_anew_and_the_same_from_a_seed():
    images = blob(250)  # more than are warped at once
    before = images.copy()
    first, second, other = (warp(images, np.random.default_rng(seed), 0.4) for seed in (3, 3, 4))
    assert (images == before).all()
    assert (first == second).all()
    assert (first != other).any()
    assert len(np.unique(first.reshape(250, -1), axis=0)) == 250
    assert first.dtype == np.float32
    assert first.min() >= 0
    assert first.max() <= 1
    assert warp(images[:0], np.random.default_rng(0), 0.4).shape == (0, 28, 28)


def test_warp_refuses_images_of_another_size():
    with pytest.raises(ValueError, match=r"shape \(n, 28, 28\), not \(3, 20, 20\)"):
        warp(np.zeros((3, 20, 20), np.float32), np.random.default_rng(0), 0.4)


def test_a_one_gets_a_flag_to_the_left_of_its_top_and_some_a_foot():
    added = gained(1)
    # 60 % are chosen; of these, 90 % get a flag or 40 % a foot.
    assert 500 < len(added) < 620
    flag, foot = added[:, :18], added[:, 20:]
    with_flag = (flag > 0.5).any(axis=(1, 2))
    assert 0.8 < with_flag.mean() < 1
    assert flag[:, :, 16:].max() < 0.2
    with_foot = (foot > 0.5).any(axis=(1, 2))
    assert 0.3 < with_foot.mean() < 0.55
    both_sides = [(foot[with_foot][:, :, side] > 0.2).any() for side in (slice(13), slice(16, 28))]
    assert all(both_sides)


def test_a_one_with_a_flag_stays():
    images, labels = written(1, 300)
    images[:, 4:12, 7:13] = np.eye(8, 6, dtype=np.float32)[:, ::-1]
    images[:, 4:7, 8:13] = 1
    assert (other_hands(images, labels, np.random.default_rng(0)) == images).all()


def test_a_seven_gets_a_bar_across_its_stem():
    added = gained(7)
    assert 430 < len(added) < 570
    middle = added[:, 9:21]
    assert (middle[:, :, :17] > 0.5).any(axis=(1, 2)).mean() > 0.9
    assert (middle[:, :, 20:] > 0.5).any(axis=(1, 2)).mean() > 0.9
    assert added[:, :8].max() == 0
    assert added[:, 23:].max() == 0


def test_a_nine_gets_a_hook_at_its_foot():
    added = gained(9)
    assert 330 < len(added) < 470
    assert (added[:, 16:, :16] > 0.5).any(axis=(1, 2)).mean() > 0.9
    assert added[:, :, 20:].max() < 0.5


@pytest.mark.parametrize("digit", [1, 7, 9])
def test_the_stroke_of_an_image_does_not_depend_on_the_other_images(digit):
    images, labels = written(digit, 40)
    expected = other_hands(images, labels, np.random.default_rng(0))[20:]
    assert (expected != images[20:]).any()
    for row in range(28):
        images[:20, row] = np.roll(images[:20, row], (14 - row) // 3, axis=1)
    images[:20] = 0.9 * np.roll(images[:20], -2, axis=1)
    result = other_hands(images, labels, np.random.default_rng(0))[20:]
    np.testing.assert_array_equal(result, expected)


def test_other_digits_and_the_input_stay():
    images = np.random.default_rng(0).random((40, 28, 28), dtype=np.float32)
    labels = np.arange(40) % 10
    before = images.copy()
    result = other_hands(images, labels, np.random.default_rng(0))
    assert (images == before).all()
    others = ~np.isin(labels, [1, 7, 9])
    assert (result[others] == images[others]).all()
    assert result.dtype == np.float32
    assert result.max() <= 1
    assert other_hands(images[:0], labels[:0], np.random.default_rng(0)).shape == (0, 28, 28)


def test_the_same_seed_gives_the_same_strokes():
    images, labels = written(1, 50)
    first, second, other = (
        other_hands(images, labels, np.random.default_rng(seed)) for seed in (3, 3, 4)
    )
    assert (first == second).all()
    assert (first != other).any()


@pytest.mark.parametrize(("shape", "count"), [((3, 784), 3), ((3, 20, 20), 3), ((3, 28, 28), 2)])
def test_shapes_that_do_not_match_are_refused(shape, count):
    with pytest.raises(ValueError, match=r"shape \(n, 28, 28\) and n labels"):
        other_hands(np.zeros(shape, np.float32), np.zeros(count, int), np.random.default_rng(0))


def test_a_bold_pen_fills_gaps_by_their_width():
    image = np.zeros((28, 28), np.float32)
    image[5:20, 5:20] = 1
    image[12, 12] = 0  # one pixel
    image[8:10, 8:10] = 0  # two by two
    images = np.repeat(image[None], 2000, axis=0)
    result = bold_pen(images, np.random.default_rng(0))
    assert (images == image).all()
    small, large = result[:, 12, 12] == 1, (result[:, 8:10, 8:10] == 1).all(axis=(1, 2))
    assert 0.26 < small.mean() < 0.34
    assert small[large].all()
    outside = image == 0
    outside[5:20, 5:20] = False
    assert (result[:, outside] == 0).all()


def test_a_bold_pen_takes_two_rounds_for_wider_gaps():
    image = np.zeros((28, 28), np.float32)
    image[6:22, [8, 9, 13, 14]] = 1  # three columns of paper between two stems
    image[6:8, 8:15] = image[20:22, 8:15] = 1
    result = bold_pen(np.repeat(image[None], 2000, axis=0), np.random.default_rng(0))
    filled = result[:, 13, 11] == 1
    assert 0.12 < filled.mean() < 0.18
