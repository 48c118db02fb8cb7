"""The kernel's half of the button that uploads a picture; tests/browser/ has the rest."""

import io

import numpy as np
import pytest
from PIL import Image

from helpers.ink import read_picture
from helpers.upload import PictureUpload


def test_what_the_browser_sends_is_a_picture_that_can_be_read():
    file = io.BytesIO()
    picture = np.arange(400, dtype=np.uint8).reshape(20, 20)
    Image.fromarray(picture).save(file, "PNG")
    upload = PictureUpload()
    assert upload.value == b""
    upload.set_state({"value": memoryview(file.getvalue())})
    np.testing.assert_array_equal(read_picture(upload.value), picture)


@pytest.mark.parametrize("nothing", [None, memoryview(b"")])
def test_no_picture_is_no_bytes(nothing):
    upload = PictureUpload(value=b"before")
    upload.set_state({"value": nothing})
    assert upload.value == b""
