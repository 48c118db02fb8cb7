"""The notebooks in a real JupyterLab and browser: run from top to bottom, then played with."""

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

from .conftest import Server, run
from .test_canvas import SETUP, ZERO

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
VIEW = "application/vnd.jupyter.widget-view+json"

# From the page's model: a cell out of view need not be on the page.
CODE_CELLS = """window.jupyterapp.shell.currentWidget.content.widgets
    .map((cell, position) => [position, cell.model])
    .filter(([_, model]) => model.type === "code")
    .map(([position, model]) => ({
        position,
        count: model.executionCount,
        running: model.executionState !== "idle",
        outputs: model.outputs.toJSON(),
    }))"""

# All cells have been run, or one has failed and the others are not run anymore.
FINISHED = f"""() => {{
    const cells = {CODE_CELLS};
    const failed = cells.some(cell => cell.outputs.some(output => output.output_type === "error"));
    const session = window.jupyterapp.shell.currentWidget.sessionContext.session;
    return (failed || cells.every(cell => cell.count)) && !cells.some(cell => cell.running) &&
        session.kernel.status === "idle";
}}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory, browser_type_launch_args):
    server = Server("lab", tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture
def notebook_7(tmp_path_factory, browser_type_launch_args):
    server = Server("notebook", tmp_path_factory.mktemp("notebook"))
    yield server
    server.stop()


@pytest.fixture
def complaints(page):
    """Collect what the page writes to the console as errors."""
    seen = []
    page.on("console", lambda message: message.type == "error" and seen.append(message.text))
    return seen


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request, lab, page, errors):
    """One of the notebooks, opened without its stored outputs and not yet run."""
    copy = nbformat.read(request.param, as_version=4)
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(copy, lab.root / request.param.name)
    lab.open(page, request.param.name)
    yield Notebook(page)
    lab.stop_kernels()


class Notebook:
    """A notebook that is open in the page."""

    def __init__(self, page):
        self.page = page

    def run_all(self):
        """Run all cells and wait until that is over."""
        run(self.page, "notebook:run-all-cells")
        wait(self.page, FINISHED, "the notebook does not come to its end", seconds=240)

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


def wait(page, condition, problem, *, arg=None, seconds=60):
    """Wait until a condition holds in the page; if it never does, say what the problem is."""
    try:
        page.wait_for_function(condition, arg=arg, timeout=1000 * seconds)
    except PlaywrightTimeoutError:
        pytest.fail(f"{problem}, not in {seconds} s")


def keys_of(control):
    """Return where to press which keys: each leads to another picture, the last one back."""
    if control.locator(".noUi-handle").count():
        handle = control.locator(".noUi-handle")
        there, back = "ArrowRight", "ArrowLeft"
        if handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax"):
            there, back = back, there
        return [(handle, there), (handle, back)]
    if control.locator(".widget-toggle-button").count():
        buttons = control.locator(".widget-toggle-button")
        pressed = [
            "mod-active" in button.get_attribute("class").split() for button in buttons.all()
        ].index(True)
        n = buttons.count()
        others = [i for i in (0, n // 2, n - 1) if i != pressed]
        return [(buttons.nth(i), "Space") for i in (*others, pressed)]
    pytest.fail(f"this test cannot move a control yet: {control.get_attribute('class')}")


def move(page, control, view):
    """Move a control by keyboard and wait each time until the picture in the view follows."""
    picture = view.element_handle()
    source = "view => view.querySelector('.widget-html-content img')?.src"
    start = before = picture.evaluate(source)
    name = control.locator(".widget-label").first.inner_text()
    *there, back = keys_of(control)
    for target, key in there:
        target.press(key)
        wait(
            page,
            f"([view, before]) => ![before, undefined].includes(({source})(view))",
            f"{key} on {name!r} changes nothing in the picture",
            arg=[picture, before],
        )
        before = picture.evaluate(source)
    target, key = back
    target.press(key)
    wait(
        page,
        f"([view, start]) => ({source})(view) === start",
        f"{key} on {name!r} does not bring the picture back",
        arg=[picture, start],
    )


def draw_zero(canvas):
    """Clear a drawing canvas and draw a zero on it with the mouse."""
    verdict, ink, mouse = canvas.locator(".verdict"), canvas.locator(".ink"), canvas.page.mouse
    canvas.locator(".clear").click()
    expect(verdict).to_have_text("Draw a digit.", timeout=60_000)
    ink.scroll_into_view_if_needed()
    box = ink.bounding_box()
    for i, (x, y) in enumerate(ZERO):
        mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        if i == 0:
            mouse.down()
    mouse.up()
    expect(verdict).to_have_text(re.compile(r"^\d, \d+ %$"), timeout=60_000)


def test_notebook_runs_and_what_is_interactive_reacts(notebook, page, complaints):
    notebook.run_all()
    cells = notebook.code_cells()
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert [output for output in outputs if output.get("name") == "stderr"] == []
    assert [cell["count"] for cell in cells] == list(range(1, len(cells) + 1))
    for view in notebook.views():
        expect(view.locator("> .jupyter-widgets")).to_be_visible(timeout=60_000)
        expect(view).not_to_contain_text(re.compile("Error (displaying|creating) widget"))
        if view.locator(".widget-html-content img").count():
            for control in view.locator(
                "> .widget-vbox > :not(.widget-html, .widget-upload)"
            ).all():
                move(page, control, view)
        for canvas in view.locator(".digit-canvas").all():
            draw_zero(canvas)
    assert complaints == []


def test_canvas_works_in_notebook_7(notebook_7, page, errors, complaints):
    notebook_7.write("pad.ipynb", [SETUP, "pad"])
    notebook_7.open(page, "pad.ipynb")
    run(page, "notebook:run-all-cells")
    canvas = page.locator(".digit-canvas")
    draw_zero(canvas)
    expect(canvas.locator(".verdict")).to_have_text(re.compile(r"^0, \d+ %$"))
    canvas.locator(".clear").click()
    expect(canvas.locator(".verdict")).to_have_text("Draw a digit.")
    assert complaints == []
