"""Move the controls of interactive pictures; this runs in the kernel of a notebook, as text."""

import importlib
import io
import sys


def move_controls(where):
    """Give each control of each interactive picture two other values and its own again.

    Parameters
    ----------
    where : str
        ``module:list`` of the pictures made in this process. Each has `controls`, a dict of
        widgets with a `value`, and `png`, the picture as bytes.

    Raises
    ------
    AssertionError
        If a picture stays as it was.
    """
    module, _, name = where.partition(":")
    pictures = getattr(importlib.import_module(module), name) if module in sys.modules else []
    for picture in pictures:
        for name, control in picture.controls.items():
            keep, before = control.value, picture.png
            for value in other_values(control):
                if value == keep:
                    continue
                control.value = value
                assert picture.png != before, f"{name} = {value!r} changes nothing in the picture"
            control.value = keep
            assert picture.png == before, f"{name} = {keep!r} does not bring the picture back"


def other_values(control):
    """Return values for a control: both ends of what it can be, or a file for an upload."""
    if isinstance(control.value, bytes):
        return [picture_file()]
    if hasattr(control, "options"):
        values = [control.options[0], control.options[-1]]
        return [value[1] if isinstance(value, tuple) else value for value in values]
    return [control.min, control.max]


def picture_file():
    """Return a PNG file with a zero in it, as bytes, for controls that want one."""
    from PIL import Image, ImageDraw

    picture = Image.new("L", (300, 200), "white")
    ImageDraw.Draw(picture).ellipse((110, 40, 190, 160), outline="black", width=14)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
