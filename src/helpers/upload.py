"""Choose a picture file, of whatever size, for a notebook to read."""

from pathlib import Path

import anywidget
import traitlets


class PictureUpload(anywidget.AnyWidget):
    """A button that brings a picture file from the reader's computer to the kernel.

    What ipywidgets' own ``FileUpload`` sends in one piece is cut off by Jupyter above 10 MB, and
    the notebook loses its kernel; photos can be larger. Here the browser reduces these first.

    Attributes
    ----------
    value : bytes
        The file's content, for `helpers.ink.read_picture`; empty until one is chosen.
    """

    _esm = Path(__file__).with_suffix(".js")
    value = traitlets.Bytes().tag(
        sync=True, echo_update=False, from_json=lambda message, _: bytes(message or b"")
    )
