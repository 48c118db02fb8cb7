"""Interactive pictures follow their controls and leave a still picture behind."""

import base64
import io

import numpy as np
import pytest
from ipywidgets import FloatSlider, IntSlider, SelectionSlider
from PIL import Image

from helpers import widgets
from helpers.upload import PictureUpload
from helpers.widgets import Bar, Explorer, cell_buttons, render


def draw_line(ax, height):
    ax.plot([0, 1], [height, height])
    ax.set(ylim=(0, 10))


def explorer(draw=draw_line, **options):
    return Explorer(draw, {"height": IntSlider(2, min=0, max=9)}, alt="A <line>", **options)


def test_moving_a_control_redraws_the_picture():
    made = explorer()
    before = made.png
    made.controls["height"].value = 7
    assert made.png != before
    assert base64.b64encode(made.png).decode() in made.picture.value


def test_moving_back_brings_the_same_picture():
    made = explorer()
    before = made.png
    made.controls["height"].value = 7
    made.controls["height"].value = 2
    assert made.png == before


def test_after_a_move_those_who_do_not_see_are_told_what_changed():
    def draw(axes, height, **_):
        axes[0].set_title(f"at {height}")

    controls = {
        "height": IntSlider(2, max=9, description="line"),
        "scale": FloatSlider(1.5),
        "rate": SelectionSlider(options=[("slow", 1), ("fast", 2)]),
        "cell": cell_buttons(np.array([[1, 0], [2, 3]])),
        "file": PictureUpload(),
    }
    made = Explorer(draw, controls, panels=2, alt='A "line"')
    assert made.access.said == ""
    assert 'alt="A &quot;line&quot;"' in made.picture.value
    controls["height"].value = 7
    assert made.access.said == "line 7; scale 1.5; rate slow; cell 1 read as 0; at 7"
    assert f'alt="{made.access.said}"' in made.picture.value
    data, _ = made._repr_mimebundle_()
    assert data["text/plain"] == 'A "line"'


def test_stored_form_holds_view_picture_and_alt_text():
    made = explorer()
    data, metadata = made._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]) == made.png
    assert data["text/plain"] == "A <line>"
    assert metadata["image/png"]["alt"] == "A <line>"
    view = data["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == made.widget.model_id
    assert 'alt="A &lt;line&gt;"' in made.picture.value


def test_an_error_is_shown_in_place_of_the_picture():
    def fail_above_five(ax, height):
        if height > 5:
            raise ValueError("too <high>")
        draw_line(ax, height)

    made = explorer(fail_above_five)
    with pytest.raises(ValueError, match="too <high>"):
        made.controls["height"].value = 7
    assert "ValueError: too &lt;high&gt;" in made.picture.value
    made.controls["height"].value = 3
    assert "<img" in made.picture.value


def test_several_panels_are_passed_as_an_array():
    seen = []

    def draw(axes, height):
        seen.append(len(axes))

    explorer(draw, panels=3)
    assert seen == [3]


def test_several_controls_arrive_by_name():
    seen = {}
    controls = {"a": FloatSlider(1), "b": FloatSlider(2)}
    Explorer(lambda ax, a, b: seen.update(a=a, b=b), controls, alt="nothing")
    controls["b"].value = 5
    assert seen == {"a": 1, "b": 5}


def test_pictures_have_a_white_ground_and_leave_pyplot_alone():
    from matplotlib import pyplot as plt

    before = plt.get_fignums()
    picture = Image.open(io.BytesIO(render(lambda ax: ax.plot([1, 2]), figsize=(4, 2))))
    assert picture.size == (400, 200)
    assert np.asarray(picture)[0, 0, :3].tolist() == [255, 255, 255]
    assert plt.get_fignums() == before


@pytest.fixture
def displayed(monkeypatch):
    """What was given to IPython's `display`."""
    given = []
    monkeypatch.setattr(widgets, "display", lambda *a, **options: given.append((*a, options)))
    return given


def test_what_is_live_is_a_widget_with_a_line_for_pages_without_a_kernel(displayed):
    slider = IntSlider()
    widgets.show_live(slider, "Run this cell to see the times.")
    ((data, options),) = displayed
    assert options == {"raw": True}
    assert data["text/plain"] == "Run this cell to see the times."
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == slider.model_id


def test_explore_shows_the_picture_and_keeps_it_for_the_tests(displayed):
    before = len(widgets.explorers)
    slider = IntSlider(2, max=9)
    widgets.explore(draw_line, alt="A line", figsize=(3, 2), height=slider)
    ((shown, _),) = displayed
    assert widgets.explorers[before:] == [shown]
    assert Image.open(io.BytesIO(shown.png)).size == (300, 200)
    assert shown.alt == "A line"
    assert shown.widget.children[:2] == (slider, shown.picture)
    widgets.explore(
        lambda axes, height: draw_line(axes[1], height), alt="", panels=2, height=slider
    )
    assert displayed[1][0].panels == 2


@pytest.fixture
def shown(monkeypatch):
    """What is shown while code runs, and the line that is stored in its place."""
    shown = []
    monkeypatch.setattr("helpers.widgets.show_live", lambda *both: shown.append(both))
    return shown


def test_a_bar_shows_how_far_it_is_how_long_it_took_and_a_picture(shown, monkeypatch):
    now = 100.0
    monkeypatch.setattr("time.perf_counter", lambda: now)
    bar = Bar(8, "epoch", stored="Trained.")
    ((box, stored),) = shown
    assert stored == "Trained."
    (progress, text), picture = box.children[0].children, box.children[1]
    assert (progress.value, progress.max) == (0, 8)
    now = 161.25
    bar.show(3, picture=b"a picture")
    assert (progress.value, progress.max, text.value) == (3, 8, "epoch 3 of 8, 61.2 s")
    before = picture.value
    assert base64.b64encode(b"a picture").decode() in before
    now = 163.0
    bar.show(12, total=20)
    assert (progress.value, progress.max, text.value) == (12, 20, "epoch 12 of 20, 63.0 s")
    assert picture.value == before
    bar.close()
    assert box.children == (text,)
    bar.say("Done.")
    assert [child.value for child in box.children] == ["Done."]


def test_the_worst_error_is_chosen_among_the_buttons():
    grid = cell_buttons(np.array([[9, 0, 1], [4, 9, 1], [0, 1, 9]]))
    assert grid.value == (1, 0)


def test_each_cell_has_a_button_of_its_own_with_its_count():
    grid = cell_buttons(np.array([[7, 0], [2, 7]]))
    assert [value for _, value in grid.options] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    labels = [label for label, _ in grid.options]
    assert [label.replace("\u200b", "") for label in labels] == ["7", "·", "2", "7"]
    assert len(set(labels)) == 4  # ipywidgets finds buttons by their labels
    assert grid.tooltips[2] == "1 read as 0"


@pytest.mark.parametrize("matrix", [np.zeros((2, 3), int), np.zeros((2, 2)), np.arange(4)])
def test_buttons_for_what_is_no_table_of_counts_are_refused(matrix):
    with pytest.raises(ValueError, match="must be square and hold integers"):
        cell_buttons(matrix)
