"""The moving picture on the README's first screen: it moves, is small, and is of today's canvas."""

import re

import numpy as np
import pytest
from PIL import Image

from tools import ROOT
from tools.make_canvas_picture import DIGITS, PATH, STEP, path_of, sign


@pytest.fixture(scope="module")
def picture():
    with Image.open(PATH) as picture:
        yield picture


def test_the_readme_begins_with_it():
    first = re.search(r"!\[[^\]]+\]\((.+?)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert ROOT / first[1] == PATH


def test_it_moves_for_six_to_ten_seconds_again_and_again(picture):
    seconds = 0
    for i in range(picture.n_frames):
        picture.seek(i)
        seconds += picture.info["duration"] / 1000
    assert picture.n_frames > 50
    assert 6 <= seconds <= 10
    assert picture.info["loop"] == 0  # without an end


def test_it_is_small_and_fits_a_page(picture):
    assert PATH.stat().st_size < 1_000_000
    assert picture.width <= 1100


def test_it_is_light_so_that_black_ink_is_seen_on_dark_pages_too(picture):
    picture.seek(0)
    assert picture.convert("RGBA").getpixel((1, picture.height - 2)) == (255, 255, 255, 255)


def test_it_shows_the_canvas_as_it_looks_now(picture):
    picture.seek(0)
    remedy = "the canvas looks different; run python -m tools.make_canvas_picture"
    assert picture.info["comment"].decode() == sign(), remedy


def test_a_newcomer_finds_how_it_is_made():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "`.github/canvas.gif`" in text
    assert "`python -m tools.make_canvas_picture`" in text


@pytest.mark.parametrize("digit", DIGITS)
def test_the_pen_stays_on_the_canvas_and_moves_evenly(digit):
    for stroke in DIGITS[digit]:
        points = path_of(stroke)
        assert 0.05 < points.min() < points.max() < 0.95
        assert np.hypot(*np.diff(points, axis=0).T).max() < 2 * STEP
