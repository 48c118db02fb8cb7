"""A page with the drawing canvas, and the ways to draw on it and to look at it."""

import ast
import base64
import io

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from helpers import draw_strokes
from tools.jupyter import run

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
NOTHING = "Draw a digit."

# Nothing hides a corner of the canvas.
IN_VIEW = """canvas => {
    const { left, right, top, bottom } = canvas.getBoundingClientRect();
    return [[left + 1, top + 1], [right - 1, bottom - 1]].every(
        ([x, y]) => canvas.parentElement.contains(document.elementFromPoint(x, y)));
}"""


def alpha_of(canvas):
    """Return how opaque each pixel of a canvas on the page is: uint8 (side, side)."""
    data = canvas.evaluate("canvas => canvas.toDataURL()").split(",")[1]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))[:, :, 3]


class Pad:
    """A page with a canvas, and the ways to use it."""

    def __init__(self, page, server, *, cells=(SETUP, "pad")):
        server.write("pad.ipynb", cells)
        self.page, self.errors = page, []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        server.open(self.page, "pad.ipynb")
        run(self.page, "notebook:run-all-cells")
        self.find()

    def find(self, number=0):
        """Use the view with this number."""
        self.root = self.page.locator(".digit-canvas").nth(number)
        self.ink = self.root.locator(".ink")
        self.ink.scroll_into_view_if_needed()

    def spots(self, points):
        """Return where points of the canvas are on the page."""
        # To scroll takes two frames, which is much where many strokes follow each other.
        if not self.ink.evaluate(IN_VIEW):
            self.ink.scroll_into_view_if_needed()
        box = self.ink.bounding_box()
        return [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in points]

    def draw(self, points, *, lift=True):
        """Draw a stroke with the mouse, the points as shares of the canvas's side."""
        mouse = self.page.mouse
        first, *others = self.spots(points)
        mouse.move(*first)
        mouse.down()
        for spot in others:
            mouse.move(*spot)
        if lift:
            mouse.up()

    def touch(self, points, *, last="touchEnd"):
        """Draw a stroke with a finger."""
        session = self.page.context.new_cdp_session(self.page)
        for i, (x, y) in enumerate(self.spots(points)):
            kind = "touchMove" if i else "touchStart"
            arguments = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
            session.send("Input.dispatchTouchEvent", arguments)
        session.send("Input.dispatchTouchEvent", {"type": last, "touchPoints": []})

    def pen(self, points):
        """Draw a stroke with a pen."""
        session = self.page.context.new_cdp_session(self.page)
        spots = self.spots(points)
        kinds = ["mousePressed"] + ["mouseMoved"] * (len(spots) - 1) + ["mouseReleased"]
        for kind, (x, y) in zip(kinds, [*spots, spots[-1]], strict=True):
            arguments = {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1}
            arguments |= {"pointerType": "pen", "clickCount": 1}
            session.send("Input.dispatchMouseEvent", arguments)

    def pixels(self):
        """Return the ink on the screen: uint8 (side, side), 255 is ink."""
        return alpha_of(self.ink)

    def shows(self, *strokes):
        """Return whether the ink on the screen is that of these strokes."""
        pixels = self.pixels()
        drawn = draw_strokes(strokes, len(pixels))
        if not strokes:
            return not pixels.any()
        both, any_ = (pixels > 127) & (drawn > 127), (pixels > 127) | (drawn > 127)
        return both.sum() / any_.sum() > 0.95

    def says(self, text, *, of=".verdict"):
        """Wait until the network, or another part of the widget, says `text`."""
        expect(self.root.locator(of)).to_contain_text(text)

    def execute(self, code, value="None", *, wait=True):
        """Run code in the kernel, as no cell of the notebook, and return the value of `value`."""
        result = self.page.evaluate(
            """async ([code, value, wait]) => {
                const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
                const request = { code, user_expressions: { value } };
                const { done } = kernel.requestExecute(request);
                window.pending = true;
                done.catch(() => {}).finally(() => (window.pending = false));
                return wait ? (await done).content : null;
            }""",
            [code, value, wait],
        )
        return result and ast.literal_eval(
            result["user_expressions"]["value"]["data"]["text/plain"]
        )

    def settle(self):
        """Wait until the network has read the whole drawing."""
        expect(self.root).to_have_attribute("aria-busy", "false")

    def strokes(self):
        """Return the strokes that the kernel has."""
        self.settle()
        return self.execute("", "[stroke.tolist() for stroke in pad.strokes]")

    def clear(self):
        """Take all ink away."""
        self.root.locator(".clear").click()
        self.says(NOTHING)
        self.settle()
