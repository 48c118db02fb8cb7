"""The button that brings a picture file into a notebook, in a real browser."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from helpers import draw_strokes
from tools.jupyter import run

CELL = """
from helpers import to_digit
from helpers.ink import read_picture
from helpers.upload import PictureUpload
from helpers.widgets import explore


def show(axes, file):
    picture = read_picture(file) if file else None
    axes.set_title("nothing" if picture is None else picture.shape)
    if picture is not None:
        axes.imshow(to_digit(picture))


explore(show, file=PictureUpload(), alt="what was uploaded")
"""


@pytest.fixture
def upload(lab, page, errors):
    lab.write("upload.ipynb", [CELL])
    lab.open(page, "upload.ipynb")
    run(page, "notebook:run-all-cells")
    page.locator("input[type=file]").wait_for()

    def upload(content, name):
        file = {"name": name, "mimeType": "image/png", "buffer": content}
        page.locator("input[type=file]").set_input_files(file)

    return upload


def saved(picture, form="PNG"):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, form)
    return file.getvalue()


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
    noise = np.random.default_rng(0).integers(0, 120, (2400, 2400, 3), dtype=np.uint8)
    noise[400:800] += 130
    large = saved(noise, "BMP")
    assert len(large) > 15e6
    upload(large, "large.bmp")
    expect(picture).to_be_visible(timeout=15_000)

    upload(bytes(15_000_000), "large.png")
    expect(page.locator("[role=alert]").first).to_contain_text("large file")

    # And the kernel is still there.
    before = picture.get_attribute("src")
    upload(saved(255 - draw_strokes([[(0.2, 0.8), (0.8, 0.2)]])), "another.png")
    expect(picture).not_to_have_attribute("src", before)
