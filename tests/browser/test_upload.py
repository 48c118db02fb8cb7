"""The button that brings a picture file into a notebook, in a real browser."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from helpers import draw_strokes
from tools.jupyter import run

from .conftest import execute

pytestmark = pytest.mark.xdist_group("upload")

CELL = """
from ipywidgets import IntSlider

from helpers import to_digit
from helpers.ink import read_picture
from helpers.upload import PictureUpload
from helpers.widgets import explore

seen = []


def show(axes, file, size):
    picture = read_picture(file) if file else None
    axes.set_title("nothing" if picture is None else picture.shape)
    if picture is not None:
        seen.append((len(file), picture))
        digit = to_digit(picture, size)
        axes.imshow(picture if digit is None else digit)


slider = IntSlider(20, 20, 28, 8)
explore(show, file=PictureUpload(), size=slider, alt="what was uploaded")
"""

# What the kernel has got: its size in bytes, its shape, and a coarse copy of it.
SEEN = "[(size, p.shape, p[::100, ::100].tolist()) for size, p in seen]"

# Keeps large pictures back until `go` is called.
HOLD = """() => {
    const convert = OffscreenCanvas.prototype.convertToBlob;
    const gate = new Promise((open) => (window.go = open));
    OffscreenCanvas.prototype.convertToBlob = async function (...options) {
        window.held = convert.apply(this, options);
        await gate;
        OffscreenCanvas.prototype.convertToBlob = convert;
        return window.held;
    };
}"""


@pytest.fixture(scope="module")
def page(server, reader):
    """A page for all tests, with the button and the picture."""
    page, errors = reader.new_page(viewport={"width": 1280, "height": 1000}), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    server.write("upload.ipynb", [CELL])
    server.open(page, "upload.ipynb")
    run(page, "notebook:run-all-cells")
    page.get_by_label("Choose a picture").wait_for()
    yield page
    page.close()
    server.clean()
    assert errors == []


@pytest.fixture
def upload(page, tmp_path):
    execute(page, "seen.clear()")

    def upload(content, name):
        (tmp_path / name).write_bytes(content)
        page.get_by_label("Choose a picture").set_input_files(tmp_path / name)

    return upload


def saved(picture, form="PNG", **options):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, form, **options)
    return file.getvalue()


def noise(*shape):
    """Return what no format makes small: uint8 from 0 to 119."""
    return np.random.default_rng(0).integers(0, 120, shape, dtype=np.uint8)


def wait_for_new(picture, before):
    expect(picture).not_to_have_attribute("src", before)
    return picture.get_attribute("src")


def test_files_are_read_and_others_refused_in_a_sentence(upload, page):
    picture = page.locator(".widget-html-content img")
    problem = page.locator(".widget-html-content pre")
    before = picture.get_attribute("src")

    upload(saved(255 - draw_strokes([[(0.5, 0.2), (0.5, 0.8)]])), "one.png")
    expect(picture).not_to_have_attribute("src", before)

    upload(b"not a picture", "fake.png")
    expect(problem).to_contain_text("not a picture that can be read")

    upload(saved(255 - draw_strokes([[(0.2, 0.2), (0.8, 0.8)]]))[:-300], "half.png")
    expect(problem).to_contain_text("damaged, incomplete")

    # Larger than what Jupyter takes in one message.
    bright = noise(2400, 2400, 3)
    bright[400:800] += 130
    large = saved(bright, "BMP")
    assert len(large) > 15e6
    upload(large, "large.bmp")
    expect(picture).to_be_visible()

    alert = page.get_by_role("alert").first
    upload(bytes(15_000_000), "large.png")
    expect(alert).to_contain_text("large file")

    # And the kernel is still there.
    before = picture.get_attribute("src")
    upload(saved(255 - draw_strokes([[(0.2, 0.8), (0.8, 0.2)]])), "another.png")
    expect(picture).not_to_have_attribute("src", before)
    expect(alert).to_be_empty()


def test_a_large_picture_arrives_small_upright_and_on_paper(upload, page):
    picture = page.locator(".widget-html-content img")
    before = picture.get_attribute("src")
    line = draw_strokes([[(0.4, 0.2), (0.6, 0.8)]], 2000)[:, 500:1500]

    # What is transparent has colors, too, and is paper all the same: for dark ink and for light.
    for color, ink in [(0, line), (255, line[::-1])]:
        layers = noise(2000, 1000, 4)
        layers[ink > 0] = color
        layers[:, :, 3] = ink
        upload(saved(layers, compress_level=1), f"ink of {color}.png")
        before = wait_for_new(picture, before)

    turned = Image.Exif()
    turned[0x0112] = 6  # a camera held upright
    photo = 255 - noise(1800, 2700, 3) // 2
    photo[:, :1350] //= 4
    large = saved(photo, "JPEG", quality=100, exif=turned)
    assert len(large) > 4e6  # or the browser sends it as it is
    upload(large, "photo.jpg")
    wait_for_new(picture, before)

    (*drawings, photo) = execute(page, "", SEEN)
    for (size, shape, values), paper in zip(drawings, [255, 0], strict=True):
        assert size < 2e6
        assert shape == (1600, 800)
        assert np.abs(np.array(values)[[0, -1]] - paper).max() < 10
        assert abs(values[8][4] - (255 - paper)) < 10
    size, shape, values = photo
    assert size < 2e6
    assert shape == (1600, 1067)
    assert np.mean(values[:7]) < 100 < 150 < np.mean(values[-7:])


def test_the_picture_chosen_last_stays_and_can_be_chosen_again(upload, page, tmp_path):
    picture = page.locator(".widget-html-content img")
    before = picture.get_attribute("src")
    small = [saved(255 - draw_strokes([[(0.5, 0.2), (0.5, 0.8)]], side)) for side in (100, 110)]
    page.evaluate(HOLD)
    upload(saved(noise(1500, 1500, 3), compress_level=1), "large.png")
    page.wait_for_function("window.held")
    upload(small[0], "small.png")
    before = wait_for_new(picture, before)
    page.evaluate("async () => { await window.held; window.go(); }")
    with page.expect_file_chooser() as chooser:
        page.get_by_label("Choose a picture").click()
    (tmp_path / "small.png").write_bytes(small[1])
    chooser.value.set_files(tmp_path / "small.png")
    wait_for_new(picture, before)
    assert [shape for _, shape, _ in execute(page, "", SEEN)] == [(100, 100), (110, 110)]


@pytest.mark.parametrize("control", ["input[type=file]", "[role=slider]"])
def test_keys_in_a_control_are_no_shortcuts_of_the_notebook(page, control):
    cells = page.locator(".jp-Cell").count()
    page.locator(f".jp-OutputArea {control}").first.focus()
    for key in ["x", "d", "d", "a", "b", "c", "v", "m", "Shift+M"]:
        page.keyboard.press(key)
    assert page.locator(".jp-Cell").count() == cells
    assert page.locator(".jp-MarkdownCell").count() == 0


def test_the_slider_still_obeys_its_keys(page):
    page.locator(".jp-OutputArea [role=slider]").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".jp-OutputArea [role=slider]").first).to_have_attribute(
        "aria-valuenow", "28.0"
    )
    page.keyboard.press("ArrowLeft")
