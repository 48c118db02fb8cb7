"""The live parts of the book in real browsers, without the book: one draws, reads and trains."""

import gzip
import json
import re
import threading
from pathlib import Path

import pytest
from playwright.sync_api import expect

from book.live import assemble
from book.server import Handler, served
from helpers import draw_strokes
from helpers.ink import BRUSH

from .conftest import ONE, ZERO, alpha_of

PAGE = """<!doctype html>
<html lang="en" data-theme="{theme}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Live</title>
<link rel="icon" href="data:,">
<style>html[data-theme=dark] {{ color-scheme: dark }}</style>
<script defer src="_static/live/live.js"></script>
</head>
<body>
<div class="live-training"><p>The training, as a picture.</p></div>
<div class="live-canvas" data-network="{network}"><p>The canvas, as a picture.</p></div>
</body>
</html>"""


def read(path):
    """Return a file's bytes."""
    return Path(path).read_bytes()


class Changing(Handler):
    """Hold back, damage or refuse what `server.changes` says."""

    def content_of(self, path):
        change = self.server.changes.get(path.name, super().content_of)
        return change(path)

    def end_headers(self):
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with two pages, one for each network to begin with."""
    folder = tmp_path_factory.mktemp("book")
    assemble(folder / "_static" / "live")
    for network in ("dense", "cnn"):
        for theme in ("light", "dark"):
            page = PAGE.format(network=network, theme=theme)
            (folder / f"{network}-{theme}.html").write_text(page, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(folder):
    with served(folder, Changing) as server:
        server.changes = {}
        yield server


class Live:
    """A page with a live canvas, and the ways to use it."""

    def __init__(self, page, address):
        self.page, self.errors = page, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(address)
        self.root = page.locator(".live-canvas")
        self.ink = page.locator(".ink")
        self.verdict = page.locator(".verdict")
        self.note = self.root.locator(".live-note")
        self.go = page.locator(".live-go")
        self.state = page.locator(".live-state")

    def draw(self, points):
        """Draw a stroke with the mouse."""
        self.ink.scroll_into_view_if_needed()
        box = self.ink.bounding_box()
        spots = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in points]
        mouse = self.page.mouse
        mouse.move(*spots[0])
        mouse.down()
        for spot in spots[1:]:
            mouse.move(*spot)
        mouse.up()

    def says(self, start):
        expect(self.verdict).to_have_text(re.compile(f"^{start}"))

    def choose(self, name):
        self.page.get_by_label(name).check()

    def shows_still(self, yes):
        still = self.page.get_by_text("The canvas, as a picture.")
        expect(still).to_be_visible() if yes else expect(still).to_be_hidden()
        for part in (self.ink, self.page.get_by_text("Who reads?")):
            expect(part).to_be_hidden() if yes else expect(part).to_be_visible()

    def train(self):
        """Train to the end; return what the page says then."""
        self.go.click()
        expect(self.go).to_have_text("Train again")
        return self.state.inner_text()


@pytest.fixture
def open_live(server, browser, request):
    """Open pages of their own, in Chromium unless another browser is given."""
    server.changes.clear()
    server.sent.clear()
    opened = []

    def open_live(page="dense-light", *, of=None, address=None, **options):
        context = (of or browser).new_context(**options)
        address = address or server.address
        opened.append((context, Live(context.new_page(), f"{address}{page}.html")))
        return opened[-1][1]

    yield open_live
    for context, live in opened:
        context.close()
        assert live.errors == []


@pytest.fixture(params=["http", "folder"])
def address(request, server, folder):
    return f"{folder.as_uri()}/" if request.param == "folder" else server.address


def test_one_draws_and_trains_over_http_and_from_a_folder(open_live, reader, address):
    live = open_live(of=reader, address=address)
    live.draw(ZERO)
    live.says("0, ")
    live.shows_still(False)
    live.choose("the convolutional one")
    live.says("0, ")
    said = live.train()
    assert "loss 0.0335, wrong: 48 of 5,000" in said
    assert "That is the loss of step 6" in said
    expect(live.page.get_by_label("the one you have just trained")).to_be_checked()
    live.says("0, ")


def test_ink_is_that_of_draw_strokes(open_live):
    live = open_live()
    live.draw(ZERO)
    live.says("0, ")
    pixels = alpha_of(live.ink)
    drawn = draw_strokes([ZERO], len(pixels), pen=BRUSH)
    assert ((pixels > 127) & (drawn > 127)).sum() / ((pixels > 127) | (drawn > 127)).sum() > 0.95
    assert alpha_of(live.page.locator(".final canvas")).shape == (20, 20)
    live.choose("the convolutional one")
    expect(live.page.locator(".final canvas")).to_have_js_property("width", 28)


def test_undo_and_clear(open_live):
    live = open_live()
    live.draw(ZERO)
    live.draw(ONE)
    live.page.get_by_role("button", name="Undo").click()
    live.says("0, ")
    live.page.get_by_role("button", name="Clear").click()
    expect(live.verdict).to_have_text("Draw a digit.")
    assert not alpha_of(live.ink).any()


def test_several_digits_are_told(open_live):
    live = open_live()
    for left in (0.1, 0.55):
        live.draw([(left + 0.35 * x, y) for x, y in ZERO])
    expect(live.page.locator(".problem")).to_contain_text("This looks like 2 digits")


def test_keys_alone(open_live):
    live = open_live()
    keys = live.page.keyboard
    expect(live.ink).to_be_visible()
    expect(live.go).to_be_visible()
    live.says("Draw a digit.")
    # Three times as long as a drawing must rest: meanwhile a screen reader reads the page.
    live.page.wait_for_timeout(1000)
    assert live.page.locator(".announce").text_content() == ""
    for _ in range(10):
        keys.press("Tab")
        if live.page.evaluate("document.activeElement.className") == "ink":
            break
    for _ in range(14):
        keys.press("ArrowUp")
    keys.press(" ")
    for _ in range(28):
        keys.press("ArrowDown")
    keys.press(" ")
    live.says("1, ")
    expect(live.page.locator(".announce")).to_contain_text("1, ")
    keys.press("Shift+Tab")  # to the choice, where arrows choose
    keys.press("ArrowRight")
    expect(live.page.get_by_label("the convolutional one")).to_be_checked()
    live.says("1, ")


def test_a_finger_draws(open_live):
    live = open_live(has_touch=True)
    live.ink.scroll_into_view_if_needed()
    box = live.ink.bounding_box()
    session = live.page.context.new_cdp_session(live.page)
    for i, (x, y) in enumerate(ZERO):
        spot = {"x": box["x"] + box["width"] * x, "y": box["y"] + box["height"] * y}
        kind = "touchMove" if i else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [spot]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    live.says("0, ")


def test_a_drawing_is_read_once_the_network_is_there(open_live, server):
    arrived = threading.Event()

    def wait(path):
        arrived.wait(60)
        return read(path)

    server.changes["dense.pack"] = wait
    live = open_live()
    live.draw(ZERO)
    live.says("The network is loading")
    expect(live.root.locator(".digit-canvas")).to_have_attribute("aria-busy", "false")
    arrived.set()
    live.says("0, ")


def flipped(path):
    """Return a file with one bit changed, packed anew, so that only our checksum can notice."""
    content = bytearray(gzip.decompress(read(path)))
    content[-50] ^= 4
    return gzip.compress(bytes(content))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (flipped, "is damaged, or does not fit the program of this page"),
        (lambda path: read(path)[:-2000], "is damaged"),
        (lambda path: None, "could not be loaded"),
    ],
    ids=["flipped", "cut", "missing"],
)
def test_what_was_drawn_waits_behind_the_still_picture(open_live, server, change, problem):
    begun = threading.Event()
    server.changes["dense.pack"] = lambda path: begun.wait(60) and change(path)
    live = open_live()
    live.draw(ZERO)
    live.says("The network is loading")
    begun.set()
    expect(live.note).to_contain_text(f"The file of the network of the series {problem}.")
    live.shows_still(True)
    server.changes.clear()
    live.root.get_by_role("button", name="Try again").click()
    live.shows_still(False)
    live.says("0, ")


def test_the_network_before_goes_on_if_another_is_damaged(open_live, server):
    server.changes["cnn.pack"] = flipped
    live = open_live()
    live.draw(ZERO)
    live.says("0, ")
    live.page.get_by_label("the convolutional one").click()
    expect(live.note).to_contain_text("The file of the convolutional one is damaged")
    expect(live.page.get_by_label("the network of the series")).to_be_checked()
    live.says("0, ")
    live.shows_still(False)


def test_a_network_that_comes_late_does_not_take_the_place_of_the_one_chosen_since(
    open_live, server
):
    arrived = threading.Event()
    server.changes["cnn.pack"] = lambda path: arrived.wait(60) and read(path)
    live = open_live()
    live.draw(ZERO)
    live.says("0, ")
    sizes = "canvases => canvases.map((canvas) => canvas.width)"
    with_series = live.root.locator("canvas").evaluate_all(sizes)
    live.choose("the convolutional one")
    live.choose("the network of the series")
    with live.page.expect_response("**/cnn.pack") as response:
        arrived.set()
    response.value.finished()
    live.page.wait_for_timeout(500)
    assert live.root.locator("canvas").evaluate_all(sizes) == with_series
    live.choose("the convolutional one")
    expect(live.root.locator("canvas[width='28']")).not_to_have_count(0)


def test_a_missing_program_leaves_the_still_picture(open_live, server):
    server.changes["canvas-scripts.pack"] = lambda path: None
    live = open_live()
    expect(live.note).to_contain_text("could not be loaded")
    expect(live.page.get_by_text("The canvas, as a picture.")).to_be_visible()
    expect(live.go).to_be_visible()  # the training does not need it


@pytest.mark.parametrize(
    "lacking",
    [
        "delete HTMLScriptElement.prototype.noModule",
        "delete window.DecompressionStream",
    ],
)
def test_an_old_browser_shows_the_still_pictures(browser, server, lacking):
    server.changes.clear()
    context = browser.new_context()
    context.add_init_script(lacking)
    page = context.new_page()
    page.goto(f"{server.address}dense-light.html")
    expect(page.locator(".live-note")).to_have_count(2)
    expect(page.locator(".live-note").first).to_have_text(
        "To draw and to train here, you need a newer browser."
    )
    for still in ("The training, as a picture.", "The canvas, as a picture."):
        expect(page.get_by_text(still)).to_be_visible()
    context.close()


def test_without_javascript_the_still_pictures_are_there(open_live):
    live = open_live(java_script_enabled=False)
    expect(live.page.get_by_text("The canvas, as a picture.")).to_be_visible()
    expect(live.ink).to_have_count(0)


def test_a_training_can_be_paused_and_begun_anew(open_live):
    live = open_live()
    live.draw(ZERO)
    live.go.click()
    expect(live.state).to_contain_text("Epoch")
    live.go.click()
    expect(live.go).to_have_text("Continue")
    expect(live.page.get_by_label("the one you have just trained")).to_be_checked()
    live.page.wait_for_timeout(300)  # for the epoch that was under way
    paused = live.state.inner_text()
    live.page.wait_for_timeout(300)
    assert live.state.inner_text() == paused
    live.go.click()
    expect(live.go).to_have_text("Train again")
    expect(live.state).to_contain_text("loss 0.0335, wrong: 48 of 5,000")
    before = live.page.locator(".live-weights").evaluate("canvas => canvas.toDataURL()")
    live.page.get_by_role("button", name="Again with another seed").click()
    expect(live.page.get_by_label("Seed")).to_have_value("2")
    expect(live.state).to_contain_text("Epoch")
    live.page.get_by_label("Learning rate").select_option("0.003")
    expect(live.go).to_have_text("Train the network")
    live.go.click()
    expect(live.go).to_have_text("Train again")
    expect(live.state).to_contain_text("Seeds other than 1 are drawn by this page")
    assert live.page.locator(".live-weights").evaluate("canvas => canvas.toDataURL()") != before
    expect(live.page.get_by_label("the one you have just trained")).to_have_count(1)


# How many of the larger weights have the color of their sign, and of how many.
COLORED = """() => {
    const { W, shape } = window.trained.layers[0];
    const canvas = document.querySelector(".live-weights");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const colorOf = (name) => getComputedStyle(document.querySelector(name)).color.match(/\\d+/g);
    const colors = { more: colorOf(".more"), less: colorOf(".less") };
    const found = { right: 0, all: 0, more: colors.more.join() };
    W.forEach((weight, i) => {
        if (Math.abs(weight) < 0.3) return;
        const [pixel, neuron] = [Math.floor(i / shape[1]), i % shape[1]];
        const row = Math.floor(neuron / 5) * 22 + Math.floor(pixel / 20);
        const at = 4 * (row * canvas.width + (neuron % 5) * 22 + (pixel % 20));
        const wanted = weight > 0 ? colors.more : colors.less;
        found.all += 1;
        found.right += wanted.every((value, k) => Math.abs(value - data[at + k]) <= 3);
    });
    return found;
}"""


def test_what_is_shown_of_a_training_is_what_was_trained_in_light_and_dark(open_live):
    live = open_live()
    live.page.evaluate(
        "addEventListener('live-trained', ({ detail }) => { window.trained = detail; }, true)"
    )
    said = live.train()
    assert 85 < float(re.search(r"it reads ([\d.]+) % of 1,000", said)[1]) <= 100
    light = live.page.evaluate(COLORED)
    live.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    live.page.wait_for_timeout(300)
    dark = live.page.evaluate(COLORED)
    assert light["right"] == light["all"] == dark["right"] > 100
    assert light["more"] != dark["more"]


def test_the_data_comes_with_the_click_and_may_fail(open_live, server):
    server.changes["training-data.pack"] = lambda path: None
    live = open_live()
    live.draw(ZERO)
    live.says("0, ")
    assert not {"training-data.pack", "cnn.pack"} & server.sent.keys()
    live.go.click()
    note = live.page.locator(".live-training .live-note")
    expect(note).to_contain_text("The file of the digits could not be loaded.")
    expect(live.page.get_by_text("The training, as a picture.")).to_be_visible()
    server.changes.clear()
    live.go.click()
    expect(note).to_be_hidden()
    expect(live.state).to_contain_text("Epoch")
    expect(live.page.get_by_text("The training, as a picture.")).to_be_hidden()


def test_little_is_loaded_and_nothing_from_elsewhere(open_live, server):
    live = open_live("cnn-light")
    live.draw(ZERO)
    live.says("0, ")
    canvas = {"live.js", "canvas-scripts.pack", "cnn.pack"}
    assert sum(server.sent[name] for name in canvas) <= 120_000
    assert server.sent.keys() - canvas == {"cnn-light.html", "training-scripts.pack"}


@pytest.mark.parametrize("page", ["dense-light", "dense-dark"])
def test_a_narrow_screen_has_no_sideways_scrolling(open_live, page):
    live = open_live(page, viewport={"width": 390, "height": 800})
    live.draw(ZERO)
    live.says("0, ")
    live.go.click()
    expect(live.state).to_contain_text("Epoch")
    width = live.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def test_ink_is_seen_in_light_and_dark(open_live):
    for page, filter_ in [("dense-light", "none"), ("dense-dark", "invert(1)")]:
        live = open_live(page)
        live.draw(ZERO)
        live.says("0, ")
        found = live.ink.evaluate("ink => getComputedStyle(ink).filter")
        assert found == filter_
        text, paper = live.page.locator(".paper").evaluate(
            "paper => [getComputedStyle(paper).color, getComputedStyle(paper).backgroundColor]"
        )
        sums = [sum(map(int, re.findall(r"\d+", color)[:3])) for color in (text, paper)]
        assert (sums[0] < sums[1]) == (page == "dense-light")


def longest(trace):
    """Return for how many ms the page's longest task has used a processor.

    A task of 10 ms lasts 150 ms beside enough other programs; what it has used stays the same.
    """
    events = json.loads(trace)["traceEvents"]
    names = {(e["pid"], e["tid"]): e["args"]["name"] for e in events if e["name"] == "thread_name"}
    page = [e for e in events if names.get((e["pid"], e["tid"])) == "CrRendererMain"]
    return max(e["tdur"] for e in page if e["name"].endswith("RunTask") and "tdur" in e) / 1000


def test_the_page_stays_smooth_while_one_draws_and_it_trains(open_live, browser):
    live = open_live("cnn-light")
    live.draw(ZERO)
    live.says("0, ")
    browser.start_tracing(page=live.page, categories=["-*", "toplevel"])
    live.go.click()
    expect(live.state).to_contain_text("Epoch")
    for _ in range(3):
        live.draw(ZERO)
        live.page.get_by_role("button", name="Clear").click()
    assert 1 < longest(browser.stop_tracing()) < 50
    # The check itself.
    browser.start_tracing(page=live.page, categories=["-*", "toplevel"])
    live.page.evaluate("() => { for (let i = 0; i < 3e8; i++) Math.sqrt(i); }")
    assert longest(browser.stop_tracing()) > 50
