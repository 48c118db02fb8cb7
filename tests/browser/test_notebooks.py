"""The notebooks in a real JupyterLab and browser: run from top to bottom, then played with."""

import re

import nbformat
import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

from checks.notebook import load
from checks.series import reason_to_skip
from kernels.patience import Limit, factor
from tools import NOTEBOOKS, PROJECT
from tools.jupyter import SECONDS, Server, run

from .conftest import SETUP, ZERO

VIEW = "application/vnd.jupyter.widget-view+json"

# Seconds that a quiet machine may take for the longest cell, as nbval may.
LONGEST = 300

# From the page's model of the notebook, for not every cell needs to be on the page.
CODE_CELLS = """window.jupyterapp.shell.currentWidget.content.widgets
    .map((cell, position) => [position, cell.model])
    .filter(([_, model]) => model.type === "code")
    .map(([position, model]) => ({
        position,
        count: model.executionCount,
        running: model.executionState !== "idle",
        outputs: model.outputs.toJSON(),
    }))"""

# Runs all cells, and notes in the page when that is over or the kernel gone.
RUN_ALL = """() => {
    const { sessionContext } = window.jupyterapp.shell.currentWidget;
    window.over = window.gone = null;
    sessionContext.statusChanged.connect((_, status) => {
        if (["dead", "restarting", "autorestarting"].includes(status)) window.gone ??= status;
    });
    window.jupyterapp.commands.execute("notebook:run-all-cells").then(
        () => (window.over = "done"),
        error => (window.over = String(error)),
    );
}"""

# Something has happened since there were so many cells that have been run.
NEWS = """before => {
    const { widgets } = window.jupyterapp.shell.currentWidget.content;
    const done = widgets.filter(({ model }) =>
        model.type === "code" && model.executionCount && model.executionState === "idle").length;
    const { over, gone } = window;
    return (done !== before || over || gone) && { done, over, gone };
}"""

# All in the box of a picture but text, the picture, and uploads, which have tests of their own.
NO_CONTROLS = ".widget-label, .widget-html, .widget-upload, .access, :has([type=file])"
CONTROLS = f"> .widget-vbox > :not({NO_CONTROLS})"
PICTURE = "({ view }) => view.querySelector('.widget-html-content img')?.src"

# Notebook 7.6 stumbles over its own shortcuts while it starts, whatever notebook is opened.
STUMBLE = "Cannot read properties of undefined (reading 'schema')"


@pytest.fixture
def notebook_7(tmp_path_factory, browser_type_launch_args, kernel_env):
    server = Server("notebook", tmp_path_factory.mktemp("notebook"), env=kernel_env)
    yield server
    server.stop()


@pytest.fixture
def complaints(page):
    """Collect what the page writes to the console as errors."""
    seen = []
    page.on("console", lambda message: message.type == "error" and seen.append(message.text))
    return seen


@pytest.fixture(params=[path.stem for path in PROJECT.notebooks()])
def notebook(request, lab, page, errors):
    """One of the notebooks, open without its stored outputs and not yet run."""
    return open_notebook(request.param, lab, page)


@pytest.fixture
def notebook_in_firefox(lab, firefox):
    """The notebook with the canvas and the upload, in Firefox."""
    context = firefox.new_context(viewport={"width": 1280, "height": 1000})
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield open_notebook("07_prediction", lab, page)
    context.close()
    assert errors == []


def open_notebook(stem, lab, page):
    """Open a notebook in the page without its stored outputs."""
    stored = load(NOTEBOOKS / f"{stem}.ipynb", PROJECT)
    copy, reason = stored.notebook, reason_to_skip(stored)
    if reason:
        pytest.skip(reason)
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(copy, lab.root / f"{stem}.ipynb")
    lab.open(page, f"{stem}.ipynb")
    return Notebook(page)


class Notebook:
    """A notebook that is open in the page."""

    def __init__(self, page):
        self.page, self.lost = page, []
        page.on("requestfailed", self._note_lost)

    def _note_lost(self, request):
        # The page itself changed its mind, as Chromium and Firefox say it.
        if request.failure not in ("net::ERR_ABORTED", "NS_BINDING_ABORTED"):
            self.lost.append(f"{request.method} {request.url}: {request.failure}")

    def run_all(self):
        """Run all cells and wait until all have been run, or one has failed."""
        self.page.evaluate(RUN_ALL)
        news = {"done": 0, "over": None}
        limit = Limit(LONGEST)
        while not news["over"]:
            try:
                # A second at a time, so that what is lost is noticed.
                found = self.page.wait_for_function(
                    NEWS, arg=news["done"], polling=100, timeout=1000
                )
            except PlaywrightTimeoutError:
                if limit.left() < 0:
                    pytest.fail(f"after {news['done']} cells, the next does not come to an end")
            else:
                news, limit = found.json_value(), Limit(LONGEST)
            if news.get("gone"):
                pytest.fail(f"the kernel is {news['gone']} after {news['done']} cells")
            if self.lost:
                pytest.fail(f"a request failed: {self.lost[0]}")
        assert news["over"] == "done"

    def code_cells(self):
        """Return the position, the execution count and the outputs of each code cell."""
        return self.page.evaluate(CODE_CELLS)

    def views(self):
        """Yield each widget in the outputs, from top to bottom, scrolled into view."""
        for cell in self.code_cells():
            for i, output in enumerate(cell["outputs"]):
                if VIEW in output.get("data", {}):
                    self.page.evaluate(
                        "i => window.jupyterapp.shell.currentWidget.content.scrollToItem(i)",
                        cell["position"],
                    )
                    place = f'.jp-Cell[data-windowed-list-index="{cell["position"]}"]'
                    view = self.page.locator(f"{place} .jp-OutputArea-output").nth(i)
                    view.scroll_into_view_if_needed()
                    yield view


def wait(page, condition, problem, *, arg=None):
    """Wait until a condition holds in the page; if it never does, say what the problem is."""
    seconds = SECONDS * factor()
    try:
        page.wait_for_function(condition, arg=arg, timeout=1000 * seconds, polling=50)
    except PlaywrightTimeoutError:
        pytest.fail(f"{problem}, not in {seconds:.0f} s")


def expect_alive(view):
    """Wait until a widget is there, and not a sentence that it cannot be shown."""
    expect(view.locator("> .lm-Widget")).to_be_visible()
    expect(view).not_to_contain_text(re.compile("Loading widget|Error (displaying|creating)"))


def moves(control):
    """Return where to press which keys: each leads to another picture, the last one back."""
    handle, buttons = control.locator(".noUi-handle"), control.locator(".widget-toggle-button")
    if handle.count():
        keys = ["ArrowRight", "ArrowLeft"]
        if handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax"):
            keys.reverse()
        return [(handle, key) for key in keys]
    if buttons.count():
        start, last = pressed(control), buttons.count() - 1
        others = sorted({0, last // 2, last} - {start})
        return [(buttons.nth(i), "Space") for i in [*others, start]]
    pytest.fail(f"no key is known that moves this: {control.get_attribute('class')}")


def pressed(control):
    """Return which toggle button looks pressed, the only one."""
    active = control.locator(".widget-toggle-button.mod-active")
    expect(active, "exactly one button should look pressed").to_have_count(1)
    return int(active.get_attribute("value"))


def move(control, view):
    """Move a control by keyboard, and wait each time until the picture in its view follows."""
    page, arg = view.page, {"view": view.element_handle()}
    *there, back = moves(control)
    name = control.locator(".widget-label").inner_text()
    arg["start"] = arg["before"] = page.evaluate(PICTURE, arg)
    for target, key in there:
        target.press(key)
        problem = f"{key} on {name!r} does not change the picture"
        wait(page, f"arg => ![arg.before, undefined].includes(({PICTURE})(arg))", problem, arg=arg)
        arg["before"] = page.evaluate(PICTURE, arg)
        if key == "Space":
            assert pressed(control) == int(target.get_attribute("value"))
    target, key = back
    target.press(key)
    problem = f"{key} on {name!r} does not bring the picture back"
    wait(page, f"arg => ({PICTURE})(arg) === arg.start", problem, arg=arg)


def expect_grid(buttons):
    """Expect ten rows of ten buttons: each says its row and column, and what it counts."""
    found = buttons.evaluate_all(
        """all => all.map((button) => {
            const { x, y, width } = button.getBoundingClientRect();
            const text = button.innerText.replaceAll("\u200b", "");
            return { x, y, title: button.title, text, fits: button.scrollWidth <= width };
        })"""
    )
    assert [button["title"] for button in found] == [
        f"{row} read as {column}" for row in range(10) for column in range(10)
    ]
    lefts, tops = ([button[side] for button in found] for side in "xy")
    columns, rows = sorted(set(lefts)), sorted(set(tops))
    assert [(rows.index(y), columns.index(x)) for x, y in zip(lefts, tops, strict=True)] == [
        divmod(i, 10) for i in range(100)
    ]
    counts = [int(button["text"].replace("·", "0")) for button in found]
    assert min(counts[::11]) > sum(counts) / 20  # the diagonal
    assert all(button["fits"] for button in found)


def draw_zero(canvas):
    """Clear a canvas, narrow or wide, draw a zero with the mouse and wait until it is read."""
    verdict, ink, mouse = canvas.locator(".verdict"), canvas.locator(".ink"), canvas.page.mouse
    canvas.locator(".clear").click()
    expect(verdict).to_have_text(re.compile(r"^(Draw a digit|Write a number)\.$"))
    ink.scroll_into_view_if_needed()
    box = ink.bounding_box()
    spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in ZERO]
    mouse.move(*spots[0])
    mouse.down()
    for spot in spots[1:]:
        mouse.move(*spot)
    mouse.up()
    expect(verdict).to_have_text(re.compile(r"^(\d, \d+ %|\d+ \(\d+ %\))$"))


def test_notebook_runs_and_what_is_interactive_reacts(notebook, complaints):
    expect_all_to_work(notebook)
    assert complaints == []


def test_step_7_works_in_firefox(notebook_in_firefox):
    expect_all_to_work(notebook_in_firefox)


def expect_all_to_work(notebook):
    """Run a notebook and use all that is interactive in it."""
    notebook.run_all()
    cells = notebook.code_cells()
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert [output for output in outputs if output.get("name") == "stderr"] == []
    assert [cell["count"] for cell in cells] == list(range(1, len(cells) + 1))
    for view in notebook.views():
        expect_alive(view)
        for control in view.locator(CONTROLS).all():
            move(control, view)
            buttons = control.locator(".widget-toggle-button")
            if buttons.count() == 100:
                expect_grid(buttons)
        # Where digits are collected, nobody reads them, and this one is not to be kept.
        for canvas in view.locator(":not(.digit-canvas-alone) > .digit-canvas").all():
            draw_zero(canvas)


def test_canvas_works_in_notebook_7(notebook_7, page, errors, complaints):
    notebook_7.write("pad.ipynb", [SETUP, "pad"])
    notebook_7.open(page, "pad.ipynb")
    run(page, "notebook:run-all-cells")
    canvas = page.locator(".digit-canvas")
    canvas.wait_for()
    draw_zero(canvas)
    verdict = canvas.locator(".verdict")
    expect(verdict).to_have_text(re.compile(r"^0, \d+ %$"))
    canvas.locator(".clear").click()
    expect(verdict).to_have_text("Draw a digit.")
    assert complaints == []
    errors[:] = [error for error in errors if error != STUMBLE]
