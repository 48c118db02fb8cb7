"""The wide canvas in a real browser: what one writes, sees and gets read."""

import numpy as np
import pytest
from playwright.sync_api import expect

from helpers import draw_strokes, to_digits

from .conftest import SETUP, Pad, alpha_of

VIEWPORT = {"width": 1280, "height": 1000}
WIDE = SETUP.replace("DigitCanvas(predict)", "DigitCanvas(predict, wide=True)")
ONE, OTHER = ([(x, 0.2), (x, 0.5), (x, 0.85)] for x in (0.2, 0.7))
ZERO = [(0.45 + 0.07 * np.sin(a), 0.5 - 0.33 * np.cos(a)) for a in np.linspace(0, 6.3, 40)]


class WidePad(Pad):
    nothing = "Write a number."


@pytest.fixture(scope="module")
def only_pad(server, browser):
    context = browser.new_context(viewport=VIEWPORT, has_touch=True)
    yield WidePad(context.new_page(), server, cells=(WIDE, "pad"))
    context.close()
    server.stop_kernels()
    server.clean()


@pytest.fixture
def pad(only_pad):
    only_pad.clear()
    yield only_pad
    assert only_pad.errors == []


pytestmark = pytest.mark.xdist_group("wide canvas")


def test_a_number_is_read_digit_by_digit(pad):
    pad.draw(OTHER)
    pad.draw(ZERO)
    pad.draw(ONE)
    pad.says("101 (")
    assert pad.shows(ONE, ZERO, OTHER)
    height, width = pad.pixels().shape
    assert (height, width) == (200, 600)
    digits = to_digits(draw_strokes([np.array(s) for s in pad.strokes()], wide=True))
    shown = pad.root.locator(".steps canvas")
    expect(shown).to_have_count(3)
    for i, digit in enumerate(digits):
        assert np.array_equal(alpha_of(shown.nth(i)), np.round(255 * digit))
    captions = pad.root.locator(".steps figcaption").all_inner_texts()
    assert [caption[:3] for caption in captions] == ["1, ", "0, ", "1, "]
    assert all(caption.endswith(" %") for caption in captions)
    expect(pad.root.locator(".reading")).to_be_hidden()


def test_undo_clear_and_the_keyboard(pad):
    pad.draw(ONE)
    pad.draw(ZERO)
    pad.says("10 (")
    pad.root.get_by_role("button", name="Undo").click()
    pad.says("1 (")
    assert pad.shows(ONE)
    pad.ink.focus()
    pad.page.keyboard.press("Delete")
    pad.says(pad.nothing)
    expect(pad.root.locator(".steps canvas")).to_have_count(0)
    pad.page.keyboard.press("Space")
    for _ in range(4):
        pad.page.keyboard.press("ArrowRight")
    for _ in range(4):
        pad.page.keyboard.press("ArrowDown")
    pad.page.keyboard.press("Space")
    # As far to the right as down, on a paper three times as wide as high.
    ((start, *_, end),) = pad.strokes()
    assert np.subtract(end, start) == pytest.approx([0.1 / 3, 0.1], abs=0.001)
    assert pad.shows([start, (end[0], start[1]), end])


def test_fingers_and_pens_write(pad):
    pad.touch(ZERO)
    pad.says("0 (")
    pad.pen(OTHER)
    pad.says("01 (")
    assert pad.shows(ZERO, OTHER)


def test_screen_readers_get_the_number_and_names(pad):
    pad.draw(ONE)
    pad.draw(ZERO)
    pad.says("10 (", of=".announce")
    expect(pad.root).to_match_aria_snapshot(
        """
- group "Write a number":
  - application /Write a number with mouse, finger or pen.*arrow keys.*Delete clears/
  - button "Undo"
  - button "Clear"
  - text: /10 .*%/
"""
    )


def test_what_touches_is_named(pad):
    pad.draw([(0.3 + 0.09 * np.sin(a), 0.5 - 0.3 * np.cos(a)) for a in np.linspace(0, 6.3, 40)])
    pad.draw([(0.46 + 0.09 * np.sin(a), 0.5 - 0.3 * np.cos(a)) for a in np.linspace(0, 6.3, 40)])
    pad.says("looks like digits that touch", of=".problem")


def test_it_fits_a_narrow_page(pad):
    pad.draw(ONE)
    pad.draw(ZERO)
    pad.draw(OTHER)
    pad.root.evaluate("root => (root.style.width = '320px')")
    try:
        assert pad.root.evaluate("root => root.scrollWidth <= root.clientWidth")
        box = pad.ink.bounding_box()
        assert box["width"] == pytest.approx(3 * box["height"], abs=2)
        assert pad.shows(ONE, ZERO, OTHER)
    finally:
        pad.root.evaluate("root => (root.style.width = '')")


def test_two_digits_on_a_canvas_for_one_are_said_to_be_two(server, context):
    pad = Pad(context.new_page(), server)
    pad.draw([(0.3, 0.2), (0.3, 0.8)])
    pad.says("1, ")
    pad.draw([(0.7, 0.2), (0.7, 0.8)])
    pad.says("This looks like 2 digits", of=".problem")
    assert pad.errors == []
    server.stop_kernels()
    server.clean()
