"""The drawing canvas in a real browser: what one draws, sees and gets read."""

import numpy as np
import pytest

from helpers import draw_strokes

from .conftest import Server, run

# A network that needs no TensorFlow: how near is the average image of each digit?
SETUP = """
import numpy as np
from helpers import DigitCanvas, load_data

X, y = load_data()
averages = np.array([X[y == digit].mean(axis=0) for digit in range(10)])


def predict(digit):
    nearness = -np.sum((averages - digit.ravel()) ** 2, axis=1)
    nearness = np.exp(nearness - nearness.max())
    return nearness / nearness.sum()


pad = DigitCanvas(predict)
"""

ZERO = [(0.5 + 0.22 * np.sin(a), 0.5 - 0.35 * np.cos(a)) for a in np.linspace(0, 6.3, 40)]
ONE = [(0.5, 0.15), (0.5, 0.4), (0.5, 0.85)]


@pytest.fixture(scope="module", params=["perCommTarget", "disabled"])
def lab(request, tmp_path_factory, browser_type_launch_args):
    server = Server("lab", tmp_path_factory.mktemp("lab"), comms=request.param)
    yield server
    server.stop()


@pytest.fixture
def pad(lab, page, errors):
    lab.write("pad.ipynb", [SETUP, "pad"])
    yield Pad(page, lab)
    lab.stop_kernels()


class Pad:
    """A page with a canvas, and the ways to use it."""

    def __init__(self, page, server, *, name="pad.ipynb"):
        self.page = page
        server.open(page, name)
        run(page, "notebook:run-all-cells")
        self.root = page.locator(".digit-canvas").first
        self.ink = self.root.locator(".ink")
        self.verdict = self.root.locator(".verdict")
        self.ink.wait_for()
        self.ink.scroll_into_view_if_needed()

    def draw(self, points, *, lift=True):
        """Draw a stroke with the mouse, the points as shares of the canvas's side."""
        mouse, box = self.page.mouse, self.ink.bounding_box()
        spots = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in points]
        mouse.move(*spots[0])
        mouse.down()
        for spot in spots[1:]:
            mouse.move(*spot)
        if lift:
            mouse.up()

    def pixels(self):
        """Return the ink on the screen: uint8 (side, side), 255 is ink."""
        side, alpha = self.ink.evaluate(
            """canvas => {
                const image = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                return [canvas.width, Array.from(image.data.filter((_, i) => i % 4 === 3))];
            }"""
        )
        return np.array(alpha, dtype=np.uint8).reshape(side, side)

    def says(self, text, **options):
        """Wait until the network says `text`."""
        self.page.wait_for_function(
            "([root, text]) => root.querySelector('.verdict').textContent.startsWith(text)",
            arg=[self.root.element_handle(), text],
            timeout=10_000,
        )

    def value(self, expression):
        """Return what an expression is in the kernel, run as a cell of its own, as text."""
        run(self.page, "notebook:insert-cell-below")
        self.page.evaluate(
            """source => window.jupyterapp.shell.currentWidget.content
                .activeCell.model.sharedModel.setSource(source)""",
            f"print('<<', {expression}, '>>')",
        )
        run(self.page, "notebook:run-cell")
        output = self.page.locator(".jp-OutputArea-output pre", has_text="<<").last
        output.wait_for()
        text = output.inner_text()
        run(self.page, "notebook:delete-cell")
        return text.removeprefix("<< ").removesuffix(" >>")


def agreement(a, b):
    """Return the intersection over union of two pictures."""
    a, b = a > 127, b > 127
    return (a & b).sum() / (a | b).sum()


def test_stroke_is_drawn_and_read(pad):
    pad.draw(ZERO)
    pad.says("0, ")
    pad.page.screenshot(path="/tmp/shots/pad.png")
    assert agreement(pad.pixels(), draw_strokes([ZERO], pad.pixels().shape[0])) > 0.95
