"""A learner's digits are collected in a real JupyterLab and browser, and lie in a file."""

import pytest
from playwright.sync_api import expect

from .conftest import ONE, ZERO, Pad

# The file lies in the folder of the notebook, which is removed after each test.
SETUP = """
from pathlib import Path

from helpers.handwriting import Collector, Handwriting

store = Handwriting(Path("digits.json").absolute())
collector = Collector(store, count=3)
"""
SHOW = "collector"
KEPT = "[(drawing.label, len(drawing.strokes)) for drawing in store.drawings()]"


@pytest.fixture
def pad(lab, page):
    pad = Pad(page, lab, cells=(SETUP, SHOW))
    yield pad
    assert pad.errors == []


def press(pad, name):
    pad.page.get_by_role("button", name=name, exact=True).click()


def asked(pad):
    """Return what the page asks for, from the kernel."""
    return pad.execute("", "collector.prompt.value")


def sees(pad, text):
    expect(pad.page.get_by_text(text, exact=False).first).to_be_visible()


def empty(pad):
    """Wait until there is no ink left."""
    expect(pad.root).to_have_attribute("aria-busy", "false")
    pad.page.wait_for_function(
        "canvas => !canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)"
        ".data.some(value => value)",
        arg=pad.ink.element_handle(),
    )


def test_what_is_drawn_is_kept_taken_back_and_kept_again(pad):
    first = asked(pad)
    sees(pad, first)
    digit = int(first.split()[2].rstrip(","))
    pad.draw(ONE)
    pad.settle()
    press(pad, "Keep")
    sees(pad, f"Your {digit} has been kept.")
    empty(pad)
    assert pad.execute("", KEPT) == [(digit, 1)]
    press(pad, "Take back")
    sees(pad, "The last digit has been taken back.")
    assert pad.execute("", KEPT) == []
    assert asked(pad) == first
    # The network says nothing meanwhile, so that nobody writes for it.
    assert pad.root.locator(".verdict").inner_text().strip() == ""
    pad.draw(ZERO)
    pad.settle()
    press(pad, "Keep")
    sees(pad, "2 of 3")
    assert pad.execute("", KEPT) == [(digit, 1)]


def test_what_was_kept_is_there_after_the_kernel_died(pad, lab, page):
    pad.draw(ZERO)
    pad.settle()
    press(pad, "Keep")
    sees(pad, "2 of 3")
    kept, second = pad.execute("", KEPT), asked(pad)
    pad.execute("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", wait=False)
    again = Pad(page, lab, cells=(SETUP, SHOW))
    assert again.execute("", KEPT) == kept
    assert asked(again) == second


def test_skip_asks_for_another_digit_and_keeps_nothing(pad):
    first = asked(pad)
    pad.draw(ONE)
    pad.settle()
    press(pad, "Skip")
    empty(pad)
    assert asked(pad) != first
    assert pad.execute("", KEPT) == []
    press(pad, "Keep")
    sees(pad, "Draw the digit first.")
