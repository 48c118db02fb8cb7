"""The digits, their checks and their split."""

import os
from pathlib import Path

import numpy as np
import pytest

from helpers import data, load_data, split_data
from tools import ROOT
from tools.make_digits import make_digits


@pytest.fixture(scope="module")
def digits():
    return load_data()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty data folder in place of the project's."""
    monkeypatch.setattr(data, "DATA", tmp_path)
    return tmp_path


def test_digits_are_as_promised(digits):
    X, y = digits
    assert X.shape == (5000, 400)
    assert X.dtype == np.float32
    assert (X.min(), X.max()) == (0, 1)
    assert y.dtype == np.int64
    np.testing.assert_array_equal(y, np.repeat(range(10), 500))


def test_image_1015_is_an_upright_two(digits):
    X, y = digits
    assert y[1015] == 2
    image = X[1015].reshape(20, 20)
    # Its foot is at the bottom: wider there than in the middle.
    assert (image[15] > 0.3).sum() > (image[8] > 0.3).sum()


def test_tool_makes_the_same_arrays_again(digits, made):
    images, labels = made
    with np.load(data.DATA / "digits.npz", allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["images"], images)
        np.testing.assert_array_equal(archive["labels"], labels)


def test_data_card_names_the_checksum():
    with np.load(data.DATA / "digits.npz", allow_pickle=False) as archive:
        checksum = data.checksum(archive["images"], archive["labels"])
    assert checksum in (data.DATA / "README.md").read_text(encoding="utf-8")


def test_load_data_works_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(load_data()[0]) == 5000


def test_missing_file_is_said_to_be_missing(folder):
    with pytest.raises(FileNotFoundError, match=r"missing.*git checkout -- data/digits.npz"):
        load_data()


@pytest.mark.parametrize("size", [0, 10, 300_000, 638_900])
def test_truncated_file_is_said_to_be_damaged(folder, size):
    whole = (ROOT / "data" / "digits.npz").read_bytes()
    (folder / "digits.npz").write_bytes(whole[:size])
    with pytest.raises(ValueError, match=r"damaged.*git checkout"):
        load_data()


@pytest.fixture(scope="module")
def made():
    """What the tool makes, which takes seconds."""
    return make_digits()


@pytest.mark.parametrize(
    "change",
    [
        lambda images, labels: {"images": images ^ 1, "labels": labels},
        lambda images, labels: {"images": images, "labels": labels[::-1]},
        lambda images, labels: {"images": images[:10], "labels": labels[:10]},
        lambda images, labels: {"images": images.reshape(5000, 400), "labels": labels},
        lambda images, labels: {"images": images.astype(float), "labels": labels},
    ],
    ids=["pixels", "labels", "fewer", "shape", "dtype"],
)
def test_edited_file_is_refused(folder, made, change):
    np.savez(folder / "digits.npz", **change(*made))
    with pytest.raises(ValueError, match="not the one that belongs to the series"):
        load_data()


@pytest.mark.parametrize(
    ("load", "name"), [(load_data, "digits.npz"), (data.load_mnist, "mnist.npz")]
)
def test_a_file_that_may_not_be_read_is_not_called_damaged(load, name, folder, monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied")

    (folder / name).touch()
    monkeypatch.setattr(data, "CACHE", folder)
    monkeypatch.setattr(np, "load", forbidden)
    with pytest.raises(PermissionError, match=rf"{name} cannot be opened: check its permissions"):
        load()


def test_file_without_images_is_refused(folder):
    np.savez(folder / "digits.npz", labels=np.zeros(3))
    with pytest.raises(ValueError, match="damaged"):
        load_data()


def test_pickled_content_is_never_unpickled(folder, tmp_path):
    class Bomb:
        def __reduce__(self):
            return (open, (str(tmp_path / "exploded"), "w"))

    bombs = np.array([Bomb()], dtype=object)
    np.savez(folder / "digits.npz", images=bombs, labels=bombs)
    with pytest.raises(ValueError, match="damaged"):
        load_data()
    assert not (tmp_path / "exploded").exists()


def test_split_sizes_and_shares(digits):
    sets = split_data(*digits)
    assert [len(X) for X, y in sets] == [3500, 500, 1000]
    for (_, y), share in zip(sets, [350, 50, 100], strict=True):
        assert np.bincount(y).tolist() == [share] * 10


def test_split_uses_every_image_once_and_keeps_its_label(digits):
    X, y = digits
    numbered = np.hstack([np.arange(5000)[:, None] / 5000, X[:, 1:]])
    parts = split_data(numbered, y)
    numbers = np.concatenate([np.round(part[:, 0] * 5000).astype(int) for part, _ in parts])
    np.testing.assert_array_equal(np.sort(numbers), range(5000))
    np.testing.assert_array_equal(y[numbers], np.concatenate([labels for _, labels in parts]))


def test_split_is_always_the_same(digits):
    (_, first), *_ = split_data(*digits)
    (_, again), *_ = split_data(*digits)
    np.testing.assert_array_equal(first, again)
    # Fixed for good: published numbers depend on it.
    assert first[:12].tolist() == [3, 7, 3, 9, 2, 1, 0, 9, 5, 1, 3, 0]


def test_split_never_shares_an_identical_image_between_sets(digits):
    rows = [{row.tobytes() for row in X} for X, _ in split_data(*digits)]
    assert not rows[0] & rows[1]
    assert not rows[0] & rows[2]
    assert not rows[1] & rows[2]


GOOD = np.zeros((100, 400)), np.arange(100) % 10


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (GOOD[0][:99], GOOD[1], "99 images but y has 100 labels"),
        (GOOD[0].ravel(), GOOD[1], r"shape \(n, 400\)"),
        (GOOD[0][:, :399], GOOD[1], r"shape \(n, 400\)"),
        (GOOD[0][:0], GOOD[1], "no image"),
        (GOOD[0] + np.nan, GOOD[1], "NaN"),
        (GOOD[0] + np.inf, GOOD[1], "NaN or infinite"),
        (GOOD[0] + 255, GOOD[1], "divided by 255"),
        (GOOD[0] - 1, GOOD[1], "from 0 "),
        (GOOD[0] - np.eye(100, 400), GOOD[1], "go from -1 to 0"),
        (GOOD[0].astype(str), GOOD[1], "must hold numbers"),
        (GOOD[0].astype(object), GOOD[1], "must hold numbers"),
        (GOOD[0], GOOD[1].astype(float), "integers from 0 to 9"),
        (GOOD[0], GOOD[1] + 1, "integers from 0 to 9"),
        (GOOD[0], GOOD[1] - 1, "integers from 0 to 9"),
        (GOOD[0], GOOD[1][:, None], r"shape \(n,\)"),
        (GOOD[0], np.array([], dtype=int), r"shape \(n,\)"),
        (GOOD[0][:98], GOOD[1][:98], "only 9 images of the digit 8: a split needs at least 10"),
    ],
)
def test_split_says_what_is_wrong(X, y, message):
    with pytest.raises(ValueError, match=message):
        split_data(X, y)


@pytest.mark.parametrize("shape", [(3, 400), (3, 20, 20)])
def test_images_may_be_rows_or_squares(shape):
    assert data.check_images(np.zeros(shape)).shape == (3, 20, 20)


def test_tests_keep_what_they_make_apart():
    assert data.CACHE == Path(os.environ["DIGITS_CACHE"]) != data.DATA
