"""The drawing canvas in a real browser: what one draws, sees and gets read."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from helpers import draw_strokes
from helpers.ink import digit_steps
from kernels.patience import Limit
from tools.jupyter import SECONDS, run

from .conftest import NOTHING, ONE, SETUP, ZERO, Pad, alpha_of, either

VIEWPORT = {"width": 1280, "height": 1000}

# Holds the kernel until a file lies beside the notebook.
HOLD = """
import pathlib, time
while not pathlib.Path("go").exists():
    time.sleep(0.02)
"""

# What each row of the bars shows: its text, and how much of its room the bar takes.
BARS = """rows => rows.map((row) => {
    const bar = row.querySelector("i");
    const { width, height } = bar.getBoundingClientRect();
    const room = bar.parentElement.getBoundingClientRect().width;
    const color = getComputedStyle(bar).backgroundColor;
    const text = row.innerText.trim().replace(/\\s+/g, " ");
    return { text, share: width / room, room, height, color };
})"""

# Keeps what is announced from now on.
LISTEN = """element => {
    window.heard = [];
    const hear = () => window.heard.push(element.textContent);
    new MutationObserver(hear).observe(element, { childList: true });
}"""


# Twenty answers in quick succession, as while one draws.
ANSWERS = """
import time
for i in range(20):
    pad._answer = {**pad._answer, "text": f"answer {i}"}
    time.sleep(0.01)
"""


def style_of(part, property):
    """Return how a part of the page looks, by a property of CSS."""
    return part.evaluate("(part, name) => getComputedStyle(part)[name]", property)


def pytest_generate_tests(metafunc):
    """Try in both ways only what depends on how messages reach the kernel; and in two browsers."""
    if "lab" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker
        ways = ["perCommTarget", "disabled"] if marked("both_ways") else ["perCommTarget"]
        if "only_pad" not in metafunc.fixturenames:
            metafunc.parametrize("lab", ways, indirect=True, scope="module")
            return
        pairs = [(way, "chromium") for way in ways]
        if not marked("chromium"):
            pairs.append((ways[0], "firefox"))
        # One page, hence one worker.
        pages = [
            pytest.param(*pair, marks=pytest.mark.xdist_group(", ".join(["canvas", *pair])))
            for pair in pairs
        ]
        metafunc.parametrize(("lab", "engine"), pages, indirect=True, scope="module")


@pytest.fixture(scope="module")
def lab(request, server):
    before, server.comms = server.comms, request.param
    yield server
    server.comms = before
    server.clean()


@pytest.fixture(scope="module")
def engine(request, browser):
    return either(request, browser)


@pytest.fixture(scope="module")
def only_pad(lab, engine):
    """One page for all tests that leave it as they found it."""
    context = engine.new_context(viewport=VIEWPORT, has_touch=True)
    yield Pad(context.new_page(), lab)
    context.close()
    lab.stop_kernels()


@pytest.fixture
def pad(only_pad):
    only_pad.clear()
    yield only_pad
    assert only_pad.errors == []


@pytest.fixture
def keys(pad):
    """The keyboard, where the canvas is as if just shown: its cursor is in the middle."""
    pad.root.evaluate("root => root.classList.add('before')")
    pad.page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    run(pad.page, "notebook:run-cell")
    expect(pad.page.locator(".digit-canvas.before")).to_have_count(0)
    expect(pad.page.locator(".digit-canvas")).to_have_count(1)
    pad.settle()
    pad.ink.focus()
    return pad.page.keyboard


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


def test_pictures_show_what_the_network_gets(pad):
    pad.draw(ZERO)
    pad.says("0, ")
    pad.settle()
    steps = digit_steps(draw_strokes([np.array(stroke) for stroke in pad.strokes()]))
    final, small = pad.root.locator(".final canvas"), pad.root.locator(".steps canvas")
    assert np.array_equal(alpha_of(final), steps["final"])
    assert [alpha_of(small.nth(i)).shape for i in range(3)] == [(48, 48), (20, 20), (28, 28)]
    assert np.array_equal(alpha_of(small.nth(1)), steps["stretched"])
    assert np.array_equal(alpha_of(small.nth(2)), steps["centered"])
    captions = pad.root.locator("figcaption").all_inner_texts()
    assert captions == ["what the network gets", "cut out", "20 × 20", "centered"]
    drawn = {style_of(picture, "image-rendering") for picture in [final, *small.all()]}
    assert drawn == {"pixelated"}
    pad.clear()
    assert not alpha_of(final).any()
    expect(small).to_have_count(0)


SHARES = [0.25, 0.5, 0.004, 0, 0.1, 0, 0.146, 0, 0, 0]


@pytest.fixture
def known(pad):
    """A network that always answers the same."""
    pad.execute(f"network = pad._predict; pad._predict = lambda digit: np.array({SHARES})")
    yield SHARES
    pad.execute("pad._predict = network")


def test_bars_are_as_long_as_the_digits_are_probable(pad, known):
    pad.draw(ONE)
    pad.says("1, 50 %")
    bars = pad.root.locator(".bars > div").evaluate_all(BARS)
    assert [bar["text"] for bar in bars] == [
        f"{digit} {round(100 * share)} %" for digit, share in enumerate(known)
    ]
    assert [bar["share"] for bar in bars] == pytest.approx(known, abs=0.005)
    assert min(bar["room"] for bar in bars) > 50
    assert min(bar["height"] for bar in bars) > 5
    colors = [bar["color"] for bar in bars]
    assert [color == colors[1] for color in colors] == [digit == 1 for digit in range(10)]
    pad.clear()
    bars = pad.root.locator(".bars > div").evaluate_all(BARS)
    assert [(bar["text"], bar["share"]) for bar in bars] == [(str(d), 0) for d in range(10)]


def test_screen_readers_get_one_sentence_when_the_drawing_rests(pad, known):
    pad.draw(ONE)
    pad.says("1, 50 %", of=".announce")
    pad.root.locator(".announce").evaluate(LISTEN)
    pad.execute(ANSWERS)
    pad.says("answer 19", of=".announce")
    assert len(pad.page.evaluate("window.heard")) < 10
    pad.clear()
    pad.says(NOTHING, of=".announce")


# What a screen reader finds. The bars and pictures are left out, for the sentence says it all.
TREE = """
- group "Draw a digit":
  - /children: equal
  - application /Draw a digit with mouse, finger or pen.*arrow keys.*Backspace.*Delete clears/
  - button "Undo"
  - button "Clear"
  - text: 1, 50 % The pen is up
  - alert: /ValueError/
  - text: Waiting for the kernel
"""


def test_screen_readers_get_names_of_all_parts(pad, known):
    pad.draw(ONE)
    pad.says("1, 50 %", of=".announce")
    pad.settle()
    expect(pad.ink).to_have_attribute("aria-roledescription", "drawing area")
    for attempts in range(10, 0, -1):  # a later answer takes away what is put there
        pad.root.evaluate(
            """root => {
                root.querySelector(".pen").textContent = "The pen is up";
                root.querySelector(".problem").textContent = "ValueError: no";
                root.querySelector(".waiting").textContent = "Waiting for the kernel";
            }"""
        )
        try:
            expect(pad.root).to_match_aria_snapshot(TREE, timeout=2000)
            break
        except AssertionError:
            if attempts == 1:
                raise
    # Not as a status: where there is nothing to say, a screen reader would say "status bar".
    for name in ".announce", ".pen", ".waiting":
        assert pad.root.locator(name).get_attribute("aria-live") == "polite"
    for name in ".announce", ".pen":
        box = pad.root.locator(name).bounding_box()  # there, but not to be seen
        assert max(box["width"], box["height"]) <= 1


@pytest.mark.both_ways
def test_undo_takes_back_a_stroke_and_clear_all(pad):
    pad.draw(ZERO)
    pad.draw(ONE)
    assert pad.shows(ZERO, ONE)
    pad.root.get_by_role("button", name="Undo").click()
    assert pad.shows(ZERO)
    pad.says("0, ")
    pad.draw(ONE)
    pad.root.get_by_role("button", name="Clear").click()
    assert pad.shows()
    pad.says(NOTHING)
    pad.root.locator(".undo").click()
    assert pad.strokes() == []


def test_keys_draw_and_are_no_shortcuts_of_the_notebook(pad, keys):
    cells = pad.page.locator(".jp-Cell").count()
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


def test_cursor_of_the_keyboard_shows_where_the_pen_is_and_whether_it_is_down(pad, keys):
    cursor = pad.root.locator(".cursor")
    expect(cursor).to_be_hidden()
    pad.ink.evaluate("() => addEventListener('keydown', event => (window.last = event), true)")

    def place():
        outer, inner = pad.ink.bounding_box(), cursor.bounding_box()
        return [
            (inner[a] + inner[side] / 2 - outer[a]) / outer[side]
            for a, side in [("x", "width"), ("y", "height")]
        ]

    for key, *spot in [
        ("ArrowRight", 0.525, 0.5),
        ("ArrowDown", 0.525, 0.525),
        ("ArrowLeft", 0.5, 0.525),
        ("ArrowUp", 0.5, 0.5),
    ]:
        keys.press(key)
        assert place() == pytest.approx(spot, abs=0.005), key
        assert pad.page.evaluate("window.last.defaultPrevented")  # or the page would scroll
    assert pad.shows()
    up = style_of(cursor, "background-color")
    keys.down("Space")
    keys.down("Space")  # held
    keys.up("Space")
    assert style_of(cursor, "background-color") != up
    assert pad.shows([(0.5, 0.5)])
    for _ in range(25):
        keys.press("ArrowLeft")
    assert place() == pytest.approx([0, 0.5], abs=0.005)
    keys.press("Space")
    assert style_of(cursor, "background-color") == up
    assert pad.shows([(0.5, 0.5), (0, 0.5)])
    for _ in range(20):
        keys.press("ArrowRight")
    # The cursor does not keep the mouse from the paper, and the mouse takes over.
    pad.draw([(0.5, 0.5), (0.5, 0.9)])
    assert pad.shows([(0.5, 0.5), (0, 0.5)], [(0.5, 0.5), (0.5, 0.9)])
    expect(cursor).to_be_hidden()


def test_screen_readers_hear_where_the_pen_is_and_how_many_strokes_are_left(pad, keys):
    where = pad.root.locator(".pen")
    keys.press("ArrowRight")
    pad.says("The pen is up, 21 of 40 from the left and 20 of 40 from the top.", of=".pen")
    keys.press("Space")
    for _ in range(30):
        keys.press("ArrowUp")
    pad.says("The pen is down, 21 of 40 from the left and 0 of 40 from the top.", of=".pen")
    keys.press("Space")
    pad.says("The pen is up, 21 of 40", of=".pen")
    pad.draw(ZERO)  # of the mouse nothing is said
    pad.settle()
    expect(where).to_contain_text("The pen is up, 21 of 40")
    keys.press("Backspace")
    pad.says("There is one stroke.", of=".pen")
    pad.root.get_by_role("button", name="Clear").click()
    pad.says("There are no strokes.", of=".pen")


def test_backspace_takes_back_a_stroke_and_delete_all(pad, keys):
    pad.root.locator(".undo").focus()
    for stroke in [ZERO, ONE, [(0.2, 0.9), (0.8, 0.9)]]:
        pad.draw(stroke)
    keys.press("Backspace")  # the mouse has brought the keys to the canvas
    assert pad.shows(ZERO, ONE)
    keys.press("Space")
    keys.press("Delete")
    assert pad.shows()
    keys.press("ArrowDown")
    assert pad.shows()  # the pen has been lifted, too
    pad.says(NOTHING)
    pad.draw(ONE)
    pad.root.locator(".undo").focus()
    keys.press("Delete")
    keys.press("ArrowDown")
    assert pad.shows(ONE)
    keys.press("Space")
    assert pad.shows()


def test_pen_is_lifted_when_the_keys_go_elsewhere(pad, keys):
    keys.press("Space")
    keys.press("ArrowDown")
    keys.press("Tab")
    expect(pad.root.locator(".cursor")).to_be_hidden()
    pad.ink.focus()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    assert pad.shows([(0.5, 0.5), (0.5, 0.525)])
    pad.draw(ONE)
    assert pad.shows([(0.5, 0.5), (0.5, 0.525)], ONE)


def test_mouse_draws_although_the_pen_of_the_keyboard_is_down(pad, keys):
    keys.press("Space")
    pad.draw(ONE)
    assert pad.shows([(0.5, 0.5)], ONE)


def test_pen_is_lifted_when_the_system_takes_the_mouse(pad):
    pad.draw([(0.5, 0.2), (0.5, 0.5)], lift=False)
    pad.ink.evaluate(
        """canvas => {
            for (let id = 0; id < 100; id++)
                if (canvas.hasPointerCapture(id)) canvas.releasePointerCapture(id);
        }"""
    )
    for spot in pad.spots([(0.5, 0.5), (0.9, 0.5)]):
        pad.page.mouse.move(*spot)
    assert pad.shows([(0.5, 0.2), (0.5, 0.5)])
    pad.page.mouse.up()
    pad.draw(ONE)
    assert pad.shows([(0.5, 0.2), (0.5, 0.5)], ONE)


def test_tab_leads_from_the_canvas_to_the_buttons_and_a_frame_shows_where_one_is(pad):
    paper, undo, clear = (pad.root.locator(f".{name}") for name in ["paper", "undo", "clear"])

    def framed():
        return [style_of(part, "outline-style") != "none" for part in (paper, undo, clear)]

    assert framed() == [False, False, False]
    pad.ink.focus()
    assert framed() == [True, False, False]
    pad.page.keyboard.press("Tab")
    expect(undo).to_be_focused()
    assert framed() == [False, True, False]
    pad.page.keyboard.press("Tab")
    expect(clear).to_be_focused()
    assert framed() == [False, False, True]


def test_escape_and_shortcuts_with_control_lead_out_of_the_canvas(pad):
    pad.ink.focus()
    pad.page.evaluate(
        """() => {
            const reached = (window.reached = []);
            document.addEventListener("keydown", event => reached.push(event.key));
        }"""
    )
    for key in ["x", "Control+S", "Escape"]:
        pad.page.keyboard.press(key)
    assert pad.page.evaluate("window.reached") == ["Control", "S", "Escape"]


def test_finger_draws_and_does_not_scroll(pad):
    before = pad.ink.bounding_box()
    pad.touch(ZERO)
    pad.says("0, ")
    assert pad.shows(ZERO)
    assert pad.ink.bounding_box() == before


@pytest.mark.chromium
def test_a_tap_leaves_a_dot(pad):
    ((x, y),) = pad.spots([(0.5, 0.5)])
    pad.page.touchscreen.tap(x, y)
    ((dot,),) = [{tuple(np.round(point, 2)) for point in stroke} for stroke in pad.strokes()]
    assert np.allclose(dot, 0.5, atol=0.01)


@pytest.mark.chromium
def test_second_finger_changes_nothing(pad):
    a, b, c, *other = pad.spots([(0.3, 0.3), (0.3, 0.5), (0.3, 0.8), (0.7, 0.3), (0.7, 0.9)])
    session = pad.page.context.new_cdp_session(pad.page)

    def touch(kind, *spots):
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(spots)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", a)
    touch("touchStart", a, other[0])
    touch("touchMove", a, other[1])
    touch("touchMove", b, other[1])
    # Chromium's protocol lifts all fingers or none.
    pad.ink.evaluate("ink => ink.dispatchEvent(new PointerEvent('pointerup', { pointerId: 999 }))")
    touch("touchMove", c, other[1])
    touch("touchEnd")
    assert pad.shows([(0.3, 0.3), (0.3, 0.8)])


def test_stroke_follows_all_that_a_fast_pen_reports_at_once(pad):
    shares = [(0.2, 0.2), (0.8, 0.4), (0.2, 0.6), (0.8, 0.8)]
    pad.ink.evaluate(
        "ink => ink.addEventListener('pointerdown', e => (window.down = e), {once: 1})"
    )
    pad.draw(shares[:1], lift=False)
    pad.ink.evaluate(
        """(ink, spots) => {
            const events = spots.map(([x, y]) => new PointerEvent("pointermove", {
                pointerId: window.down.pointerId, clientX: x, clientY: y }));
            const last = { clientX: spots.at(-1)[0], clientY: spots.at(-1)[1] };
            ink.dispatchEvent(new PointerEvent("pointermove", {
                ...last, pointerId: window.down.pointerId, coalescedEvents: events }));
        }""",
        pad.spots(shares[1:]),
    )
    pad.page.mouse.move(*pad.spots(shares)[-1])
    pad.page.mouse.up()
    assert pad.shows(shares)


def test_stroke_that_the_system_takes_away_is_dropped(pad):
    pad.draw(ONE)
    pad.touch(ZERO, last="Cancel")
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


def test_other_buttons_of_the_mouse_do_not_draw_and_open_no_menu(pad):
    start, end = pad.spots([(0.5, 0.5), (0.7, 0.7)])
    pad.page.evaluate("() => addEventListener('contextmenu', e => (window.last = e), true)")
    pad.page.mouse.move(*start)
    pad.page.mouse.down(button="right")
    pad.page.mouse.move(*end)
    pad.page.mouse.up(button="right")
    assert pad.shows()
    assert pad.page.evaluate("window.last.defaultPrevented")
    expect(pad.page.locator(".lm-Menu")).to_have_count(0)


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


def test_all_can_be_seen_in_light_and_dark(pad, known):
    pad.draw(ONE)
    pad.says("1, 50 %")
    for theme in ("Dark", "Light"):
        check_theme(pad, theme)


def check_theme(pad, theme):
    """Switch to a theme of JupyterLab, and look at all parts of the canvas in it."""
    run(pad.page, "apputils:change-theme", theme=f"JupyterLab {theme}")
    pad.page.wait_for_function(
        "dark => document.body.dataset.jpThemeLight === String(!dark)", arg=theme == "Dark"
    )
    parts = [".ink", ".final canvas", ".steps canvas", ".verdict", ".undo", "figcaption"]
    limit = Limit(SECONDS)  # the style sheet of a theme comes after its name
    while not all(is_in_theme(pad.root.locator(part).first, theme) for part in parts):
        if limit.left() < 0:
            seen = {part: is_in_theme(pad.root.locator(part).first, theme) for part in parts}
            pytest.fail(f"in {theme} not to be seen: {seen}")
        pad.page.wait_for_timeout(50)
    background = np.array(Image.open(io.BytesIO(pad.root.screenshot())).convert("RGB"))[1, 1]
    for part, property in [(".bars .best i", "background-color"), (".cursor", "border-top-color")]:
        color = re.findall(r"\d+", style_of(pad.root.locator(part), property))
        assert contrast(np.array(color, dtype=float), background) > 4.5, part
    assert style_of(pad.root.locator(".paper"), "border-top-style") == "solid"
    assert style_of(pad.ink, "cursor") == "crosshair"
    undo = pad.root.locator(".undo")
    pad.page.mouse.move(0, 0)
    before = style_of(undo, "background-color")
    undo.hover()
    assert style_of(undo, "background-color") != before


def is_in_theme(part, theme):
    """Return whether a part of the page is dark on light, or in the dark theme light on dark."""
    values = np.asarray(Image.open(io.BytesIO(part.screenshot())).convert("L"), dtype=float)
    ground, ends = np.median(values), (values.min(), values.max())
    if theme == "Dark":
        return ground < 60 and ends[1] > 190
    return ground > 200 and ends[0] < 100


def contrast(color, other):
    """Return the contrast of two colors as the guidelines of the W3C define it."""

    def luminance(color):
        part = np.asarray(color) / 255
        return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4) @ [
            0.2126,
            0.7152,
            0.0722,
        ]

    dark, light = sorted([luminance(color), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_canvas_fits_a_zoomed_and_a_narrow_page(pad, known):
    pad.draw(ZERO)
    pad.says("1, 50 %")
    # A page that is zoomed looks like this to the canvas.
    pad.ink.evaluate("ink => (ink.style.width = ink.style.height = '420px')")
    expect(pad.ink).to_have_js_property("width", 420)
    assert pad.shows(ZERO)
    pad.ink.evaluate("ink => (ink.style.width = ink.style.height = '')")
    expect(pad.ink).to_have_js_property("width", 280)
    assert pad.shows(ZERO)
    desk, reader = pad.root.locator(".desk"), pad.root.locator(".reader")
    assert reader.bounding_box()["x"] > desk.bounding_box()["x"] + 280
    pad.root.evaluate("root => (root.style.width = '320px')")
    try:
        assert reader.bounding_box()["y"] > desk.bounding_box()["y"] + 280
        assert pad.root.evaluate("root => root.scrollWidth <= root.clientWidth")
    finally:
        pad.root.evaluate("root => (root.style.width = '')")


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
        expect(pad.root.locator(".waiting")).to_be_empty()
    finally:
        pad.execute("pad._predict = fast")
    assert len(pad.strokes()) == 2


@pytest.mark.both_ways
def test_error_in_predict_is_shown_and_drawing_goes_on(pad):
    pad.execute("right = pad._predict; pad._predict = lambda digit: 1 / 0")
    problem = pad.root.locator(".problem")
    sign = "e => getComputedStyle(e, '::before').content"
    try:
        pad.draw(ONE)
        pad.says("ZeroDivisionError: division by zero", of=".problem")
        assert "⚠" in problem.evaluate(sign)
        assert pad.shows(ONE)
        pad.execute("pad._predict = lambda digit: {}['x' * 500]")
        pad.draw([(0.2, 0.9), (0.8, 0.9)])
        pad.says("KeyError", of=".problem")
        assert pad.root.evaluate("root => root.scrollWidth <= root.clientWidth")
        details = pad.root.locator(".details pre")
        expect(details).to_be_hidden()
        pad.root.get_by_text("The whole message").click()
        expect(details).to_contain_text("x" * 500)
        pad.root.locator(".undo").click()
    finally:
        pad.execute("pad._predict = right")
    pad.draw([(0.5, 0.3), (0.5, 0.7)])
    pad.says("1, ")
    expect(problem).to_be_empty()
    expect(pad.root.locator(".details")).to_be_hidden()
    assert problem.evaluate(sign) == "none"


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
    # The view vanishes while one draws on it: the other draws on.
    pad.draw([(0.2, 0.9), (0.8, 0.9)], lift=False)
    pad.page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    run(pad.page, "notebook:clear-cell-output")
    expect(pad.page.locator(".digit-canvas")).to_have_count(1)
    pad.page.mouse.up()
    pad.find(0)
    pad.draw([(0.2, 0.1), (0.8, 0.1)])
    assert pad.shows(ZERO, ONE, [(0.2, 0.9), (0.8, 0.9)], [(0.2, 0.1), (0.8, 0.1)])


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
