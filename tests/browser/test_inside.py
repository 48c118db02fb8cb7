"""The diagram of a network that reads what is drawn, in a real JupyterLab and browser."""

import pytest
from playwright.sync_api import expect

from .conftest import ONE, SETUP, ZERO, Pad

# A small network in place of a trained one; what it reads does not matter here.
NETWORK = """
from helpers.inside import Diagram

rng = np.random.default_rng(0)
sizes = [(400, 25), (25, 15), (15, 10)]
weights = [rng.normal(size=size) / size[0] ** 0.5 for size in sizes]


def inside(digit):
    layers = [digit.ravel()]
    for W in weights[:2]:
        layers.append(np.maximum(0, layers[-1] @ W))
    return Diagram([*layers, predict(digit)], weights)


pad = DigitCanvas(predict, inside=inside)
"""
CELLS = SETUP + NETWORK, "pad"

NEURONS = """circles => circles.map(circle => [
    circle.querySelector("title").textContent, Number(circle.getAttribute("fill-opacity"))
])"""


@pytest.fixture
def pad(lab, page):
    pad = Pad(page, lab, cells=CELLS)
    yield pad
    assert pad.errors == []


def neurons(pad):
    """Return what the page shows of each neuron: its name with its value, and how full it is."""
    pad.settle()
    return pad.root.locator(".inside .neuron").evaluate_all(NEURONS)


def values(pad):
    """Return the same from the kernel."""
    pad.settle()
    code = "columns = inside(pad.digit)._columns()"
    return pad.execute(code, "[[n.name, round(float(n.share), 2)] for c in columns for n in c]")


def test_each_stroke_changes_what_the_neurons_show(pad):
    expect(pad.root.locator(".inside svg")).to_have_count(0)
    before = pad.root.bounding_box()
    pad.draw(ZERO)
    pad.says("0, ")
    first = neurons(pad)
    assert len(first) == 25 + 15 + 10
    assert first == values(pad)
    pad.draw(ONE)
    second = neurons(pad)
    assert second == values(pad)
    assert [name for name, _ in second[:25]] != [name for name, _ in first[:25]]
    # What stands below does not move when the diagram appears.
    assert pad.root.bounding_box()["height"] == pytest.approx(before["height"], abs=60)
    pad.root.locator(".undo").click()
    assert neurons(pad) == first
    pad.clear()
    expect(pad.root.locator(".inside svg")).to_have_count(0)
    # The still picture of the stored page is not there, too.
    expect(pad.page.locator(".jp-OutputArea-output img")).to_have_count(0)


def test_it_is_drawn_while_the_pen_is_down(pad):
    pad.draw(ZERO, lift=False)
    expect(pad.root.locator(".inside .neuron")).to_have_count(50)
    pad.page.mouse.up()


def test_keys_draw_and_a_sentence_tells_what_is_seen(pad):
    pad.ink.focus()
    keys = pad.page.keyboard
    for key in [*12 * ["ArrowUp"], "Space", *24 * ["ArrowDown"], "Space"]:
        keys.press(key)
    pad.says("1, ")
    assert neurons(pad) == values(pad)
    summary = pad.execute("", "inside(pad.digit).summary")
    expect(pad.root.get_by_role("img", name=summary)).to_be_visible()


def colors(pad):
    """Return the colors of lines and neurons on the page."""
    style = "part => [getComputedStyle(part).stroke, getComputedStyle(part).fill]"
    names = [".more", ".less", ".neuron", ".empty", "text"]
    return {name: pad.root.locator(f".inside {name}").first.evaluate(style) for name in names}


def test_signs_differ_by_dashes_and_colors_fit_a_dark_theme(pad):
    pad.draw(ZERO)
    pad.says("0, ")
    pad.settle()
    dashes = "part => getComputedStyle(part).strokeDasharray"
    assert pad.root.locator(".inside .less").first.evaluate(dashes) != "none"
    assert pad.root.locator(".inside .more").first.evaluate(dashes) == "none"
    light = colors(pad)
    pad.page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    dark = colors(pad)
    for name in (".more", ".less", ".neuron"):
        assert light[name] != dark[name]
    sizes = "part => parseFloat(getComputedStyle(part).fontSize)"
    shown = pad.root.locator(".inside svg").bounding_box()["width"] / 660
    assert pad.root.locator(".inside text").first.evaluate(sizes) * shown >= 8 * 96 / 72


def test_a_canvas_without_a_diagram_has_no_room_for_one(lab, page):
    pad = Pad(page, lab)
    pad.draw(ZERO)
    pad.says("0, ")
    expect(pad.root.locator(".inside")).to_be_hidden()
