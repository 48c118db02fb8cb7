"""Pictures in stored notebooks: that they can be seen, are described, and have not changed."""

import base64
import io
import itertools
import struct

import numpy as np
from PIL import Image

from checks.prose import words_of

# In levels of 256: the same picture drawn by another processor, but not another picture.
LEVELS = 2
# With a tolerance, blocks of so many pixels a side are compared. A curve that moves by a pixel
# changes single pixels a lot, but the mean of no block by more than so many levels.
BLOCK, BLOCK_LEVELS = 8, 15
# What is higher or lower becomes paper, or ink, but not another ink: so many pixels may do that,
# where curves cross. Of a key with its colors exchanged, many more would.
OTHER_INK = 40
SMALLEST = 50  # pixels, below which nobody can see what is drawn


def check_pictures(stored):
    """Every picture can be seen, and is described."""
    drawn, described_as = set(), set()
    for position, cell, png, alt in stored.pictures():
        drawn.add(position)
        try:
            picture = decode(png)
        except ValueError as error:
            yield position, f"its picture {error}; {stored.store}"
            continue
        if min(picture.size) < SMALLEST:
            yield position, f"its picture has only {picture.size} pixels; draw it larger"
        if all(low == high for low, high in picture.convert("RGB").getextrema()):
            yield position, "its picture is blank; draw something into it"
        if not alt.strip():
            problem = "has no alt text; write what one should see, as `alt` in its metadata"
            yield position, f"its picture {problem}"
        elif len(alt) <= 30 or len(words_of(alt)) < 5:
            yield position, f"the alt text {alt!r} is too short to tell what to see; write more"
        if alt in described_as and "alt" in cell.metadata:
            yield position, "its picture has the alt text of another one; write what is new"
        described_as.add(alt)
    for position, cell in enumerate(stored.cells):
        if "alt" in cell.metadata and position not in drawn:
            yield position, "has an alt text, but draws no picture; remove the text or draw one"


def decode(data):
    """Return a stored PNG, in base64, as a loaded picture of Pillow.

    Raises
    ------
    ValueError
        If it is no complete PNG, or if it holds more than one still picture: a browser might show
        something else than what Pillow decodes.
    """
    try:
        content = base64.b64decode(data.replace("\n", ""), validate=True)
        picture = Image.open(io.BytesIO(content), formats=["PNG"])
        picture.load()
    except Exception:  # Pillow has many for damaged files
        raise ValueError("cannot be decoded") from None
    chunks, start = [], 8  # behind the signature, a PNG is a row of chunks: length, name, content
    while start < len(content):
        (length,) = struct.unpack(">I", content[start : start + 4])
        chunks.append(content[start + 4 : start + 8].decode("latin-1"))
        start += 12 + length
    if set(chunks) - {"IHDR", "PLTE", "tRNS", "pHYs", "tEXt", "IDAT", "IEND"}:
        raise ValueError(f"is more than a still picture, it has {sorted(set(chunks))}")
    if chunks[-1] != "IEND" or start != len(content) or picture.text.keys() - {"Software"}:
        raise ValueError("holds more than a picture")
    return picture


def picture_differences(old, new, blocks=None):
    """Return how two pictures, PNG files in base64, differ when they are decoded.

    With a number of `blocks`, so many blocks of 8 × 8 pixels may be others altogether: where the
    height of a bar is not portable, neither is the place of the number that stands on it.
    """
    try:
        old = decode(old)
    except ValueError as error:
        return [f"its stored picture {error}"]
    old, new = (np.asarray(image.convert("RGBA"), dtype=np.int16) for image in (old, decode(new)))
    if old.shape != new.shape:
        sizes = [f"{shape[1]} × {shape[0]} pixels" for shape in (old.shape, new.shape)]
        return [f"its picture is stored with {sizes[0]}, now it has {sizes[1]}"]
    distance = abs(old - new).max(axis=2)
    far = distance > LEVELS
    count = f"{far.sum()} pixels"
    if blocks is not None:
        others = 0
        for row, column in itertools.product(*(range(0, size, BLOCK) for size in far.shape)):
            block = slice(row, row + BLOCK), slice(column, column + BLOCK)
            far[block] = distance[block].mean() > BLOCK_LEVELS
            others += far[block].any()
        if others <= blocks:
            changed = _other_ink(old, new)
            problem = f"its picture has other colors in {changed} pixels; draw it as it was"
            return [problem] if changed > OTHER_INK else []
        count = f"{others} blocks, where {blocks} may differ"
    if not far.any():
        return []
    rows, columns = np.nonzero(far)
    return [
        f"its picture differs in {count}, by up to {distance.max()} of 255, within "
        f"rows {rows.min()} to {rows.max()} and columns {columns.min()} to {columns.max()}"
    ]


def _other_ink(old, new):
    """Return how many pixels have a color in both pictures, but not the same, dark or pale."""
    # What is left without the gray in it has the same direction, however pale it is.
    colors = [image[..., :3].astype(float) for image in (old, new)]
    inks = [color - color.min(axis=2, keepdims=True) for color in colors]
    lengths = [np.linalg.norm(ink, axis=2) for ink in inks]
    alike = (inks[0] * inks[1]).sum(axis=2) / np.maximum(lengths[0] * lengths[1], 1)
    return ((alike < 0.9) & (np.minimum(*lengths) > 60)).sum()
