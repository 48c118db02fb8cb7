"""What a screen reader is told of controls beside a picture, in a real JupyterLab and browser."""

import pytest
from playwright.sync_api import expect

from tools.jupyter import run

from .conftest import execute

CELL = """
import numpy as np
from ipywidgets import FloatSlider, IntSlider, SelectionSlider
from helpers.widgets import cell_buttons, explore, explorers

table = np.array([[5, 1], [0, 7]])


def show(axes, right, weight, rate, cell):
    axes.set_title(f"<sum> {right + weight + rate}")


explore(
    show,
    right=IntSlider(3, max=9, description="right"),
    weight=FloatSlider(0.5, max=4, description="weight"),
    rate=SelectionSlider(options=[0.5, 40], value=40, description="rate"),
    cell=cell_buttons(table),
    alt="a sum, before anything moved",
)
"""


@pytest.fixture
def output(lab, page, errors):
    """The picture and its controls."""
    lab.write("access.ipynb", [CELL])
    lab.open(page, "access.ipynb")
    run(page, "notebook:run-all-cells")
    output = page.locator(".jp-OutputArea .widget-vbox")
    expect(output.get_by_role("slider")).to_have_count(3)
    return output


def controls(output, expected):
    """Wait until the sliders have these names and values."""
    for slider, (name, value) in zip(output.get_by_role("slider").all(), expected, strict=True):
        expect(slider).to_have_attribute("aria-label", name)
        expect(slider).to_have_attribute("aria-valuetext", value)


def test_each_control_tells_its_name_and_its_value(output):
    controls(output, [("right", "3"), ("weight", "0.50"), ("rate", "40")])
    output.get_by_role("slider", name="rate").press("ArrowLeft")
    controls(output, [("right", "3"), ("weight", "0.50"), ("rate", "0.5")])
    expect(output.get_by_role("button", pressed=True)).to_have_accessible_name("0 read as 1: 1")
    output.get_by_role("button", name="1 read as 0: ·").press("Enter")
    expect(output.get_by_role("button", pressed=True)).to_have_accessible_name("1 read as 0: ·")


def test_what_a_move_has_changed_is_said_once_it_rests(output):
    status, picture = output.get_by_role("status"), output.get_by_role("img")
    expect(picture).to_have_accessible_name("a sum, before anything moved")
    expect(status).to_have_text("")
    output.get_by_role("slider", name="right").press("ArrowRight")
    said = "right 4; weight 0.5; rate 40; cell 0 read as 1; <sum> 44.5"
    expect(status).to_have_text(said)
    expect(picture).to_have_accessible_name(said)
    box = status.bounding_box()  # there, but not to be seen
    assert max(box["width"], box["height"]) <= 1


def test_a_picture_that_cannot_be_drawn_is_said_to_be_none(output, page):
    execute(page, "explorers[-1].draw = lambda *_, **values: 1 / 0")
    output.get_by_role("slider", name="right").press("ArrowRight")
    expect(output.get_by_role("status")).to_have_text("ZeroDivisionError: division by zero")
