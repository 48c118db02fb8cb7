"""A real JupyterLab on a loopback port and a real browser to use it with."""

import ast
import base64
import io
import os
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from checks.notebook import load
from checks.plugin import trainings
from checks.series import seconds_of
from helpers import draw_strokes
from helpers.ink import BRUSH
from kernels import patience, trained
from tools import PROJECT
from tools.jupyter import SECONDS, Server, find_browser, run


def installed(kind, name):
    """Return the path of a browser; without it, its tests are skipped, or fail where required."""
    path = find_browser(kind)
    if path is None:
        problem = f"there is no {name} on this machine"
        if os.environ.get("BROWSER_TESTS") == "required":
            pytest.fail(problem)
        pytest.skip(problem)
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = installed("chromium", "Chromium and no Chrome")
    # No sandbox: in a container there is none to be had.
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}


@contextmanager
def launched_firefox(playwright, **settings):
    """Yield a Firefox with these settings, such as those of about:config."""
    path = installed("firefox", "Firefox")
    browser = playwright.firefox.launch(executable_path=path, channel="moz-firefox", **settings)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def firefox(playwright):
    with launched_firefox(playwright) as browser:
        yield browser


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def reader(request, browser):
    """A browser of each kind."""
    return either(request, browser)


def either(request, browser):
    """Return Chromium or Firefox, as a fixture's parameter says.

    The fixture must name `browser` itself: pytest-playwright begins with another one whenever a
    test that does not ask for it comes next.
    """
    return browser if request.param == "chromium" else request.getfixturevalue("firefox")


@pytest.fixture(scope="session")
def kernel_env(request, tmp_path_factory):
    """What kernels start with: they load what has been trained before, by nbval or here."""
    folder, kept = tmp_path_factory.mktemp("ipython"), trainings(request.config)
    return trained.prepare(folder, project=PROJECT, kept=kept, replay=True)


@pytest.fixture(scope="session")
def server(tmp_path_factory, browser_type_launch_args, kernel_env):
    """A JupyterLab for all tests, which it takes five seconds to start."""
    server = Server("lab", tmp_path_factory.mktemp("lab"), env=kernel_env)
    yield server
    server.stop()


@pytest.fixture
def lab(server):
    """The JupyterLab, left as it was found."""
    yield server
    server.clean()


@pytest.fixture(scope="session")
def shared_context(browser):
    """One profile of the browser for all pages, which then find JupyterLab in its cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    yield context
    context.close()


@pytest.fixture
def context(shared_context):
    """What `page` of pytest-playwright opens its page in."""
    before = set(shared_context.pages)
    yield shared_context
    for page in set(shared_context.pages) - before:
        page.close()


@pytest.fixture(autouse=True)
def be_patient():
    """Wait for what is expected on a page the longer, the slower the machine is."""
    expect.set_options(timeout=1000 * SECONDS * patience.factor())


@pytest.fixture
def errors(page):
    """Collect the errors of the page; a test fails if there are any at its end."""
    seen = []
    page.on("pageerror", lambda error: seen.append(str(error)))
    yield seen
    assert seen == []


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no worker has it left at the end."""
    seconds = {path.stem: seconds_of(load(path, PROJECT)) for path in PROJECT.notebooks()}
    ours = [i for i, item in enumerate(items) if item.path.parent == Path(__file__).parent]
    # Sorting is stable: what shares a page stays together.
    ordered = sorted((items[i] for i in ours), key=lambda item: -_seconds(item, seconds))
    for i, item in zip(ours, ordered, strict=True):
        items[i] = item


def _seconds(item, seconds):
    if item.get_closest_marker("xdist_group"):
        return 60  # many tests on one page, which no two workers can share
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return seconds.get(parameters.get("notebook"), 0)


# A page with the drawing canvas, and the ways to draw on it and to look at it.

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


def execute(page, code, value="None", *, wait=True):
    """Run code in the kernel, as no cell of the notebook, and return the value of `value`."""
    result = page.evaluate(
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
    return result and ast.literal_eval(result["user_expressions"]["value"]["data"]["text/plain"])


class Pad:
    """A page with a canvas, and the ways to use it."""

    nothing = NOTHING

    def __init__(self, page, server, *, cells=(SETUP, "pad")):
        server.write("pad.ipynb", cells)
        self.page, self.errors = page, []
        self.engine = page.context.browser.browser_type.name
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
        """Draw a stroke with the mouse, the points as shares of the canvas's width and height."""
        mouse = self.page.mouse
        first, *others = self.spots(points)
        mouse.move(*first)
        mouse.down()
        for spot in others:
            mouse.move(*spot)
        if lift:
            mouse.up()

    def touch(self, points, *, last="End"):
        """Draw a stroke with a finger, which ends or, with "Cancel", is taken away."""
        if self.engine != "chromium":
            self._dispatch("touch", points, "pointerup" if last == "End" else "pointercancel")
            return
        session = self.page.context.new_cdp_session(self.page)
        for i, (x, y) in enumerate(self.spots(points)):
            kind = "touchMove" if i else "touchStart"
            arguments = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
            session.send("Input.dispatchTouchEvent", arguments)
        session.send("Input.dispatchTouchEvent", {"type": f"touch{last}", "touchPoints": []})

    def pen(self, points):
        """Draw a stroke with a pen."""
        if self.engine != "chromium":
            self._dispatch("pen", points, "pointerup")
            return
        session = self.page.context.new_cdp_session(self.page)
        spots = self.spots(points)
        kinds = ["mousePressed"] + ["mouseMoved"] * (len(spots) - 1) + ["mouseReleased"]
        for kind, (x, y) in zip(kinds, [*spots, spots[-1]], strict=True):
            arguments = {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1}
            arguments |= {"pointerType": "pen", "clickCount": 1}
            session.send("Input.dispatchMouseEvent", arguments)

    def _dispatch(self, kind, points, last):
        """Make the page believe in a finger or pen, where no protocol of the browser has one."""
        self.ink.evaluate(
            """(ink, [pointerType, spots, last]) => {
                const capture = ink.setPointerCapture;
                ink.setPointerCapture = () => {};  // the browser knows of no such pointer
                const send = (type, [clientX, clientY], button) => ink.dispatchEvent(
                    new PointerEvent(type, { bubbles: true, cancelable: true, isPrimary: true,
                        pointerId: 77, pointerType, clientX, clientY, button, buttons: 1 }));
                send("pointerdown", spots[0], 0);
                for (const spot of spots.slice(1)) send("pointermove", spot, -1);
                send(last, spots.at(-1), 0);
                ink.setPointerCapture = capture;
            }""",
            [kind, self.spots(points), last],
        )

    def pixels(self):
        """Return the ink on the screen: uint8 (side, side), 255 is ink."""
        return alpha_of(self.ink)

    def shows(self, *strokes):
        """Return whether the ink on the screen is that of these strokes."""
        pixels = self.pixels()
        height, width = pixels.shape
        drawn = draw_strokes(strokes, height, wide=width > height, pen=BRUSH)
        if not strokes:
            return not pixels.any()
        both, any_ = (pixels > 127) & (drawn > 127), (pixels > 127) | (drawn > 127)
        return both.sum() / any_.sum() > 0.95

    def says(self, text, *, of=".verdict"):
        """Wait until the network, or another part of the widget, says `text`."""
        expect(self.root.locator(of)).to_contain_text(text)

    def execute(self, code, value="None", *, wait=True):
        """Run code in the kernel, as no cell of the notebook, and return the value of `value`."""
        return execute(self.page, code, value, wait=wait)

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
        self.says(self.nothing)
        self.settle()
