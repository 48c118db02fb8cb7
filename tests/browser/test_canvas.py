"""The drawing canvas in a real browser: what one draws, sees and gets read."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from kernels.patience import Limit
from tools.jupyter import SECONDS, run

from .conftest import NOTHING, ONE, SETUP, ZERO, Pad, alpha_of

VIEWPORT = {"width": 1280, "height": 1000}

# Holds the kernel until a file lies beside the notebook.
HOLD = """
import pathlib, time
while not pathlib.Path("go").exists():
    time.sleep(0.02)
"""


def pytest_generate_tests(metafunc):
    """Try in both ways only what depends on how messages reach the kernel."""
    if "lab" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_ways")
        ways = ["perCommTarget", "disabled"] if both else ["perCommTarget"]
        if "only_pad" in metafunc.fixturenames:  # one page, hence one worker
            group = pytest.mark.xdist_group
            ways = [pytest.param(way, marks=group(f"canvas, {way}")) for way in ways]
        metafunc.parametrize("lab", ways, indirect=True, scope="module")


@pytest.fixture(scope="module")
def lab(request, server):
    before, server.comms = server.comms, request.param
    yield server
    server.comms = before
    server.clean()


@pytest.fixture(scope="module")
def only_pad(lab, browser):
    """One page for all tests that leave it as they found it."""
    context = browser.new_context(viewport=VIEWPORT, has_touch=True)
    yield Pad(context.new_page(), lab)
    context.close()
    lab.stop_kernels()


@pytest.fixture
def pad(only_pad):
    only_pad.clear()
    yield only_pad
    assert only_pad.errors == []


@pytest.fixture
def open_pad(lab, browser, context):
    """Open pages of their own."""
    fine, pads = [], []

    def open_pad(*, scale=1, **options):
        if scale != 1:
            fine.append(browser.new_context(device_scale_factor=scale, viewport=VIEWPORT))
        pads.append(Pad((fine[-1] if scale != 1 else context).new_page(), lab, **options))
        return pads[-1]

    yield open_pad
    for own in fine:
        own.close()
    lab.stop_kernels()
    assert [pad.errors for pad in pads] == [[] for _ in pads]


@pytest.mark.both_ways
def test_ink_is_that_of_draw_strokes_and_the_network_reads_it(pad):
    pad.draw(ZERO)
    pad.says("0, ")
    assert pad.shows(ZERO)
    (stroke,) = pad.strokes()
    assert np.abs(np.array(stroke)[[0, -1]] - np.array(ZERO)[[0, -1]]).max() < 0.01


@pytest.mark.both_ways
def test_network_reads_while_the_pen_is_down(pad):
    pad.draw(ZERO, lift=False)
    pad.says("0, ")
    pad.page.mouse.up()


def test_bars_and_pictures_show_what_the_network_gets(pad):
    pad.draw(ZERO)
    pad.says("0, ")
    assert pad.root.locator(".bars .best").inner_text().startswith("0")
    pad.settle()
    digit = pad.execute("", "[round(255 * float(v)) for v in pad.digit.ravel()]")
    assert alpha_of(pad.root.locator(".final canvas")).ravel().tolist() == digit
    sizes = pad.root.locator(".steps canvas").evaluate_all("all => all.map(c => c.width)")
    assert sizes == [48, 20, 28]


def test_screen_readers_get_one_sentence_when_the_drawing_rests(pad):
    pad.draw(ZERO)
    pad.says("0, ", of=".announce")
    assert pad.root.locator(".announce").get_attribute("aria-live") == "polite"
    assert pad.root.locator(".announce").inner_text() == pad.root.locator(".verdict").inner_text()


@pytest.mark.both_ways
def test_undo_takes_back_a_stroke_and_clear_all(pad):
    pad.draw(ZERO)
    pad.draw(ONE)
    assert pad.shows(ZERO, ONE)
    pad.root.locator(".undo").click()
    assert pad.shows(ZERO)
    pad.says("0, ")
    pad.draw(ONE)
    pad.root.locator(".clear").click()
    assert pad.shows()
    pad.says(NOTHING)
    pad.root.locator(".undo").click()
    assert pad.strokes() == []


def test_keys_draw_and_are_no_shortcuts_of_the_notebook(pad):
    cells = pad.page.locator(".jp-Cell").count()
    pad.ink.focus()
    keys = pad.page.keyboard
    for _ in range(12):
        keys.press("ArrowUp")
    assert pad.root.locator(".cursor").is_visible()
    assert pad.shows()
    keys.press("Space")
    for _ in range(24):
        keys.press("ArrowDown")
    keys.press("Space")
    keys.press("ArrowRight")
    pad.says("1, ")
    assert pad.shows([(0.5, 0.2), (0.5, 0.8)])
    for key in ["d", "d", "a", "x", "c", "v", "Enter", "Shift+M"]:
        keys.press(key)
    assert pad.page.locator(".jp-Cell").count() == cells
    assert pad.shows([(0.5, 0.2), (0.5, 0.8)])
    keys.press("Backspace")
    pad.says(NOTHING)


def test_tab_leads_from_the_canvas_to_the_buttons(pad):
    pad.ink.focus()
    pad.page.keyboard.press("Tab")
    expect(pad.root.locator(".undo")).to_be_focused()
    pad.page.keyboard.press("Tab")
    expect(pad.root.locator(".clear")).to_be_focused()


def test_finger_draws_and_does_not_scroll(pad):
    before = pad.ink.bounding_box()
    pad.touch(ZERO)
    pad.says("0, ")
    assert pad.shows(ZERO)
    assert pad.ink.bounding_box() == before


def test_stroke_that_the_system_takes_away_is_dropped(pad):
    pad.draw(ONE)
    pad.touch(ZERO, last="touchCancel")
    assert pad.shows(ONE)
    pad.says("1, ")


def test_pen_draws(pad):
    pad.pen(ZERO)
    pad.says("0, ")
    assert pad.shows(ZERO)


def test_pen_lifted_outside_ends_the_stroke(pad):
    pad.draw([(0.5, 0.2), (0.5, 0.9), (0.5, 1.2)])
    for spot in pad.spots([(0.1, 0.5), (0.9, 0.5)]):
        pad.page.mouse.move(*spot)
    assert pad.shows([(0.5, 0.2), (0.5, 1)])
    pad.says("1, ")


def test_stroke_at_the_very_edge_stays_on_the_canvas(pad):
    pad.draw([(0.5, 0.5), (-0.1, 0.5), (-0.1, 1.1), (1.1, 1.1)])
    ((*_, last),) = pad.strokes()
    assert last == [1, 1]
    assert pad.shows([(0.5, 0.5), (0, 0.5), (0, 1), (1, 1)])


def test_click_is_a_dot(pad):
    pad.draw([(0.5, 0.5)])
    assert pad.shows([(0.5, 0.5)])
    pad.says("%")


def test_other_buttons_of_the_mouse_do_not_draw(pad):
    start, end = pad.spots([(0.5, 0.5), (0.7, 0.7)])
    pad.page.mouse.move(*start)
    pad.page.mouse.down(button="right")
    pad.page.mouse.move(*end)
    pad.page.mouse.up(button="right")
    assert pad.shows()


@pytest.mark.both_ways
def test_fifty_strokes_in_a_row_all_arrive(pad):
    for i in range(50):
        pad.draw([(0.1 + 0.016 * i, 0.2), (0.1 + 0.016 * i, 0.8)])
    assert len(pad.strokes()) == 50


@pytest.mark.both_ways
def test_kernel_can_draw_undo_and_clear(pad):
    pad.execute("pad.strokes = [[(.5, .1), (.5, .9)], [(.2, .5), (.8, .5)]]")
    pad.says("%")
    assert pad.shows([(0.5, 0.1), (0.5, 0.9)], [(0.2, 0.5), (0.8, 0.5)])
    pad.execute("pad.undo()")
    pad.says("1, ")
    assert pad.shows([(0.5, 0.1), (0.5, 0.9)])
    pad.execute("pad.clear()")
    pad.says(NOTHING)
    assert pad.shows()


def test_ink_is_dark_on_light_and_in_the_dark_theme_light_on_dark(pad):
    def colors():
        picture = Image.open(io.BytesIO(pad.ink.screenshot())).convert("L")
        width, height = picture.size
        return picture.getpixel((width // 2, height // 2)), picture.getpixel((20, height // 2))

    def change(theme, is_right):
        run(pad.page, "apputils:change-theme", theme=theme)
        limit = Limit(SECONDS)
        while not is_right(*colors()):
            if limit.left() < 0:
                return False
            pad.page.wait_for_timeout(100)
        return True

    pad.draw(ONE)
    assert change("JupyterLab Light", lambda ink, paper: ink < 40 and paper > 220)
    assert change("JupyterLab Dark", lambda ink, paper: ink > 220 and paper < 40)
    assert change("JupyterLab Light", lambda ink, paper: ink < 40 and paper > 220)


@pytest.fixture
def held(pad, lab):
    """A cell that holds the kernel, until what this returns is called."""
    go = lab.root / "go"
    pad.execute("pad.clear()")  # by a cell, just before
    pad.settle()
    pad.execute(HOLD, wait=False)
    yield go.touch
    go.touch()
    pad.page.wait_for_function("!window.pending")
    go.unlink()


@pytest.mark.both_ways
def test_drawing_goes_on_while_a_cell_holds_the_kernel(pad, held):
    pad.draw(ONE)
    assert pad.shows(ONE)
    assert pad.page.evaluate("window.pending")
    held()
    pad.says("1, ")


@pytest.mark.both_ways
def test_network_reads_while_a_cell_sleeps_where_jupyter_allows_it(pad, lab, held):
    pad.draw(ONE)
    if lab.comms == "disabled":
        pad.says("Waiting for the kernel", of=".waiting")
        expect(pad.root.locator(".verdict")).not_to_contain_text("1, ")
        held()
    pad.says("1, ")
    assert pad.page.evaluate("window.pending") == (lab.comms == "perCommTarget")


@pytest.mark.both_ways
def test_prediction_that_takes_long_is_waited_for(pad):
    pad.execute(
        "fast = pad._predict; pad._predict = lambda d: time.sleep(2) or fast(d)\nimport time"
    )
    try:
        pad.draw(ONE)
        pad.says("Waiting for the kernel", of=".waiting")
        pad.draw([(0.3, 0.85), (0.7, 0.85)])
        assert pad.shows(ONE, [(0.3, 0.85), (0.7, 0.85)])
        pad.says("%")
        expect(pad.root.locator(".waiting")).to_be_empty(timeout=15_000)
    finally:
        pad.execute("pad._predict = fast")
    assert len(pad.strokes()) == 2


@pytest.mark.both_ways
def test_error_in_predict_is_shown_and_drawing_goes_on(pad):
    pad.execute("right = pad._predict; pad._predict = lambda digit: 1 / 0")
    try:
        pad.draw(ONE)
        pad.says("ZeroDivisionError: division by zero", of=".problem")
        assert pad.shows(ONE)
    finally:
        pad.execute("pad._predict = right")
    pad.draw([(0.5, 0.3), (0.5, 0.7)])
    pad.says("1, ")
    expect(pad.root.locator(".problem")).to_be_empty()


@pytest.mark.both_ways
def test_damaged_message_keeps_the_drawing(pad):
    pad.draw(ONE)
    pad.says("1, ")
    pad.settle()  # the end of the stroke may still be on its way
    pad.execute("pad.set_state({'_drawing': b'broken'})")
    pad.says("got lost", of=".problem")
    assert len(pad.strokes()) == 1
    pad.draw([(0.5, 0.3), (0.5, 0.7)])
    expect(pad.root.locator(".problem")).to_be_empty()
    assert len(pad.strokes()) == 2


def test_all_views_of_a_canvas_show_the_same_drawing(open_pad):
    pad = open_pad(cells=[SETUP, "pad", "pad"])
    pad.draw(ZERO)
    pad.find(1)
    pad.says("0, ")
    assert pad.shows(ZERO)
    pad.draw(ONE)
    pad.find(0)
    assert pad.shows(ZERO, ONE)


@pytest.mark.both_ways
def test_drawing_survives_a_reload_of_the_page(open_pad):
    pad = open_pad()
    pad.draw(ZERO)
    pad.says("0, ")
    run(pad.page, "docmanager:save")
    pad.page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
    pad.page.reload()
    pad.find()
    pad.says("0, ")
    assert pad.shows(ZERO)
    pad.draw(ONE)
    assert pad.shows(ZERO, ONE)
    pad.page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext?.isReady")
    assert len(pad.strokes()) == 2


def test_saved_notebook_shows_the_drawing_with_no_kernel(open_pad, lab):
    pad = open_pad()
    pad.draw(ZERO)
    pad.says("0, ")
    pad.settle()
    run(pad.page, "docmanager:save")
    pad.page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
    lab.stop_kernels()
    pad.page.reload()
    pad.find()
    pad.says("0, ")
    assert pad.shows(ZERO)


@pytest.mark.both_ways
def test_drawing_goes_on_after_the_kernel_died(open_pad):
    pad = open_pad()
    pad.draw(ZERO)
    pad.says("0, ")
    pad.execute("import os; os._exit(1)", wait=False)
    dialog = pad.page.locator(".jp-Dialog")
    dialog.wait_for()
    dialog.locator("button.jp-mod-accept").click()
    pad.draw(ONE)
    assert pad.shows(ZERO, ONE)
    pad.says("Waiting for the kernel", of=".waiting")


def test_ink_is_sharp_on_fine_screens(open_pad):
    pad = open_pad(scale=2)
    pad.draw(ZERO)
    assert pad.pixels().shape == (560, 560)
    assert pad.shows(ZERO)


def test_nothing_is_fetched_from_elsewhere(open_pad, lab):
    pad = open_pad()
    urls = pad.page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert urls
    assert [url for url in urls if not url.startswith((lab.url, "data:", "blob:"))] == []
