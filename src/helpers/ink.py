"""From a drawing, a photo or a scan to a digit as in MNIST, step by step."""

import io
import warnings

import numpy as np

from helpers.paper import SIDES, bands, ink_of_photo, lines_of
from helpers.row import count_digits

# Width of the pen, as a share of the canvas's side: as bold as the digits of MNIST are.
BRUSH = 0.08
# What that pen is right for: writing whose longer side is this share of the canvas's. Smaller
# writing would be a blot once it is enlarged to 20 pixels, so it is read with a thinner pen.
_WRITING, _SMALLEST_WRITING = 0.6, 0.2
WIDE = 3  # how many times as wide as high the wide canvas is

# How bold the digits of MNIST are: the width of a stroke as a share of the longer side is 0.12 for
# the median image; within these limits a drawing is left as it is.
_BOLDNESS = (0.11, 0.13)
_SMALLEST, _LARGEST = 8, 4000
_TOO_LARGE = "The picture is too large: save it with at most 120 million pixels, or far fewer."


def draw_strokes(strokes, side=280, *, wide=False, pen=None):
    """Draw pen strokes as a picture.

    Parameters
    ----------
    strokes : sequence of array-like, each of shape (n, 2)
        The points of each stroke: x to the right, y downwards, both from 0 to 1.
        A single point is a dot.
    side : int
        Width and height of the picture in pixels, 8 to 4000.
    wide : bool
        Whether the picture is as wide as three of these, as the wide canvas is.
    pen : float, optional
        The width of the round pen, as a share of the side; with `BRUSH`, the picture is just as the
        canvas shows it. By itself the pen is thinner than that for a digit that fills less than 0.6
        of the side, in proportion, so that a small 8 keeps its holes; in a wide picture, where
        digits of many sizes stand, it is as broad as the canvas's.

    Returns
    -------
    ndarray of uint8, shape (side, side) or (side, 3 * side)
        Ink is 255 on 0.

    Raises
    ------
    ValueError
        If `side` or a stroke is not as described.
    """
    # Not at the top: `import helpers` is to be light.
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.path import Path as Line
    from matplotlib.transforms import Affine2D

    if not (isinstance(side, int | np.integer) and _SMALLEST <= side <= _LARGEST):
        raise ValueError(
            f"side must be a whole number from {_SMALLEST} to {_LARGEST}, not {side!r}."
        )
    side = int(side)  # a NumPy integer of 8 bits has no negative
    strokes = check_strokes(strokes)
    if pen is None:  # in a wide picture stand digits of many sizes
        size = 1 if wide or not strokes else np.ptp(np.concatenate(strokes), axis=0).max()
        pen = BRUSH * min(1, max(size, _SMALLEST_WRITING) / _WRITING)
    width = WIDE * side if wide else side
    renderer = RendererAgg(width, side, dpi=72)  # at 72 dpi a point is a pixel
    style = renderer.new_gc()
    style.set_linewidth(pen * side)
    style.set_capstyle("round")
    style.set_joinstyle("round")
    style.set_snap(False)  # would move straight lines to whole pixels
    upright = Affine2D().scale(width, -side).translate(0, side)
    for stroke in strokes:
        if np.ptp(stroke, axis=0).max() < 1e-4:
            stroke = stroke[0] + [[0, 0], [1e-4, 0]]  # Agg draws nothing where nothing moves
        for start in range(0, len(stroke) - 1, 1000):  # Agg has a limit for one line
            renderer.draw_path(style, Line(stroke[start : start + 1001]), upright)
    return np.asarray(renderer.buffer_rgba())[:, :, 3].copy()


def check_strokes(strokes):
    """Return strokes as a list of float64 arrays of shape (n, 2), or say what is wrong with them.

    Strokes without a point are left out.

    Raises
    ------
    ValueError
        If a stroke has another shape, or a coordinate is no number from 0 to 1.
    """
    try:
        strokes = list(strokes)
    except TypeError as error:
        raise ValueError("strokes must be a list with an array for each stroke.") from error
    checked = []
    for number, stroke in enumerate(strokes, start=1):
        try:
            points = np.array(stroke)
        except ValueError:  # rows of different lengths
            points = np.empty(())
        if points.size == 0:
            continue
        if points.dtype.kind not in "fiu" or points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(
                f"Stroke {number} must hold pairs (x, y), an array of the shape (n, 2). "
                "A single stroke is written [stroke]."
            )
        if not ((points >= 0) & (points <= 1)).all():
            raise ValueError(
                f"Stroke {number} has a coordinate outside of 0…1: x goes from 0, left, to 1, "
                "right, and y from 0, top, to 1, bottom."
            )
        checked.append(points.astype(np.float64, copy=False))
    return checked


def to_digit(picture, size=20):
    """Turn a picture of one digit into an image as the network knows them.

    Parameters
    ----------
    picture : array-like, shape (height, width)
        Grayscale, 8 to 4000 pixels a side, integers or floats: a drawing, a photo, a scan; dark
        ink on light paper or light ink on dark.
    size : int
        20, as in the 5,000 digits of the series, or 28, as in MNIST.

    Returns
    -------
    ndarray of float32, shape (size, size), or None
        0 is paper, 1 is ink; None if there is no ink.

    Raises
    ------
    ValueError
        If `picture` or `size` is not as described.

    Warns
    -----
    UserWarning
        If there seem to be several digits side by side. They are prepared as one; `to_digits`
        tells them apart.

    Notes
    -----
    The recipe of MNIST (LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to
    document recognition", 1998, section III-A), after the ink has been told from the paper and
    the pen been made as bold as MNIST's. `digit_steps` returns each step.
    """
    steps = digit_steps(picture, size)
    if steps is None:
        return None
    count = count_digits(steps["ink"])
    if count > 1:
        message = f"This looks like {count} digits, read as one: to_digits reads each by itself."
        warnings.warn(message, stacklevel=2)
    return steps["final"].astype(np.float32) / 255


def digit_steps(picture, size=20):
    """Return what each step of `to_digit` makes of a picture.

    Parameters
    ----------
    picture, size
        As in `to_digit`.

    Returns
    -------
    dict of str to ndarray of uint8, or None
        In order: ``ink``, ``cut out``, ``pen``, ``square``, ``small`` (20×20), ``stretched``,
        ``centered`` (28×28) and ``final`` (`size` × `size`); ink is 255 on 0.
    """
    check_size(size)
    ink = find_ink(picture)
    return None if ink is None else steps_of(ink, size)


def check_size(size):
    """Say that a `size` as in `to_digit` is wrong, if it is."""
    if not (np.isscalar(size) and size in (20, 28)):
        raise ValueError(f"size must be 20 or 28, not {size!r}.")


def steps_of(ink, size):
    """Return `digit_steps` for ink that was found before."""
    steps = {"ink": ink}
    steps["cut out"] = cut_out(steps["ink"])
    steps["pen"] = match_pen(steps["cut out"])
    steps["square"] = pad_to_square(steps["pen"])
    steps["small"] = resample(steps["square"], 20, 20)
    steps["stretched"] = stretch(steps["small"])
    steps["centered"] = center(steps["stretched"], 28)
    steps["final"] = steps["centered"] if size == 28 else as_in_the_data(steps["centered"])
    return steps


def find_ink(picture):
    """Tell the ink from the paper.

    Parameters
    ----------
    picture : array-like, shape (height, width)
        Grayscale, 8 to 4000 pixels a side.

    Returns
    -------
    ndarray of uint8, shape (height, width), or None
        255 is ink, 0 is paper; None if there is no ink. A large photo comes back smaller. Not ink
        are a table beside the sheet, a frame, a box around the digit, the lines of squared or
        ruled paper, and shadows.

    Raises
    ------
    ValueError
        If this is no picture.
    """
    gray = _check_picture(picture)
    ink = _ink_of_drawing(gray)
    if ink is None:
        ink = ink_of_photo(gray)
    return None if ink is None else np.round(255 * ink).astype(np.uint8)


def cut_out(ink):
    """Return the smallest rectangle that holds all ink."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def match_pen(ink):
    """Make a pen that is finer or bolder than MNIST's as bold as that.

    The digit comes back 100 pixels long. One of at most 20 pixels, as those of MNIST, is left as
    it is: its strokes are a matter of grays.
    """
    from scipy import ndimage

    longest = max(ink.shape)
    if longest <= 20:
        return ink
    if longest > 800:  # lest thin lines vanish when they are reduced
        ink = ndimage.maximum_filter(ink, longest // 400)
    height, width = (max(1, round(length * 100 / longest)) for length in ink.shape)
    ink = cut_out(resample(ink, width, height))
    longest = max(ink.shape)
    # The finer the lines, the paler they are now.
    solid = ink > min(127, np.average(ink, weights=ink) ** 2 / 300)
    # Across a stroke, the distance to its edge is a quarter of its width on average; it is
    # measured to the middle of the first pixel of paper.
    inside = ndimage.distance_transform_edt(np.pad(solid, 1))
    width = 4 * (inside[inside > 0].mean() - 0.5)
    wanted = np.clip(width / longest, *_BOLDNESS)
    if wanted == width / longest:
        return ink
    # The edge moves outwards by this, and the digit grows with it.
    move = (wanted * longest - width) / (1 - wanted) / 2
    move = max(move, 0.5 - inside.max())  # something has to stay
    solid = np.pad(solid, max(0, int(np.ceil(move))) + 1)
    signed = ndimage.distance_transform_edt(solid) - ndimage.distance_transform_edt(~solid)
    moved = np.clip(signed - 0.5 * np.sign(signed) + move + 0.5, 0, 1)
    return cut_out(np.round(255 * moved).astype(np.uint8))


def pad_to_square(ink):
    """Add paper on both sides of the shorter direction."""
    height, width = ink.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    return np.pad(ink, ((top, side - height - top), (left, side - width - left)))


def resample(ink, width, height):
    """Resample to `width` × `height` pixels; each becomes the average of what it covers."""
    from PIL import Image

    enlarges = width > ink.shape[1] or height > ink.shape[0]
    method = Image.Resampling.BICUBIC if enlarges else Image.Resampling.BOX
    return np.asarray(Image.fromarray(ink).resize((width, height), method))


def stretch(ink):
    """Scale the values so that the darkest pixel is 255."""
    return np.round(ink * (255 / ink.max())).astype(np.uint8)


def center(ink, side):
    """Place an image into an empty one so that its center of mass lies in the middle.

    Moved by whole pixels, so that nothing gets blurred, and never cut. As in MNIST, the middle of
    28 pixels is the pixel 14, counted from 0.
    """
    room = side - len(ink)
    place = []
    for axis in (1, 0):
        mass = ink.sum(axis=axis, dtype=np.float64)
        middle = mass @ np.arange(len(ink)) / mass.sum()
        place.append(int(np.clip(np.round(side / 2 - middle), 0, room)))
    top, left = place
    return np.pad(ink, ((top, room - top), (left, room - left)))


def as_in_the_data(digit):
    """Reduce 28×28 pixels to 20×20, as was done with the images in ``data/digits.npz``."""
    from PIL import Image

    return np.asarray(Image.fromarray(digit).resize((20, 20), Image.Resampling.BICUBIC))


def read_picture(source):
    """Read a picture file as gray values.

    Parameters
    ----------
    source : bytes-like, path or binary file
        PNG, JPEG, GIF, WebP, TIFF, BMP, …: whatever Pillow reads. Of an animation, the first
        picture; what is transparent becomes paper; a photo is turned upright.

    Returns
    -------
    ndarray of uint8, shape (height, width)
        0 is black, 255 is white; at most 1,600 pixels a side, larger pictures are reduced. Ink
        that differs from its paper in color alone, such as yellow on white, differs in the gray
        values, too.

    Raises
    ------
    ValueError
        If this is no picture, or an incomplete or a gigantic one.
    FileNotFoundError
        If there is no such file.
    """
    from PIL import Image, ImageOps

    if isinstance(source, bytes | bytearray | memoryview):
        source = io.BytesIO(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of what is refused or does no harm here
        try:
            image = Image.open(source)
        except FileNotFoundError as error:
            raise FileNotFoundError(f"There is no file {source}.") from error
        except Image.DecompressionBombError as error:
            raise ValueError(_TOO_LARGE) from error
        except Exception as error:
            raise ValueError(
                "This is not a picture that can be read. Save it as PNG or JPEG and try again."
            ) from error
        with image:
            if image.width * image.height > 120_000_000:
                raise ValueError(_TOO_LARGE)
            try:
                image.draft(None, (1600, 1600))  # a large JPEG need not be decoded in full
                ImageOps.exif_transpose(image, in_place=True)
                image.load()
                return _to_gray(image)
            except Exception as error:  # every format has its own for a damaged file
                raise ValueError(
                    "The picture is damaged, incomplete or of a rare kind: save it again, as PNG."
                ) from error


def _to_gray(image):
    """Return a Pillow image of any mode as uint8 (height, width), at most 1,600 a side."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):  # 16 and 32 bits a pixel, which Pillow would cut off
        image = Image.fromarray(np.round(255 * _scale(np.asarray(image))).astype(np.uint8))
    transparent = image.has_transparency_data
    if image.mode not in ("1", "L", "LA"):
        image = image.convert("RGBA" if transparent else "RGB")
    else:
        image = image.convert("LA" if transparent else "L")
    image.thumbnail((1600, 1600))
    if not transparent:
        return np.array(_without_color(image))
    *colors, alpha = (np.asarray(layer, dtype=np.float32) for layer in image.split())
    grays = []
    for paper in (255, 0):  # white ink on nothing would vanish on white paper
        mixed = [np.round(c * alpha / 255) + paper - paper / 255 * alpha for c in colors]
        layers = [Image.fromarray(layer.astype(np.uint8)) for layer in mixed]
        mixed = Image.merge("RGB", layers) if len(layers) == 3 else layers[0]
        grays.append(np.array(_without_color(mixed)))
    return max(grays, key=np.ptp)


def _without_color(image):
    """Return a Pillow image "RGB" as "L", with ink that stands out as it does in color.

    The grays are the usual ones, unless ink and paper differ far more in color than in lightness,
    such as yellow ink on white. Then they are that mixture of red, green and blue in which
    details stand out most.
    """
    from PIL import Image
    from scipy import ndimage

    gray = image.convert("L")
    if image.mode != "RGB":
        return gray
    coarse = np.asarray(image.resize((100, 100), Image.Resampling.BOX), dtype=np.float32)
    window = np.sqrt(np.hanning(100))  # there may be a table at the picture's edge
    detail = coarse - ndimage.gaussian_filter(coarse, (8, 8, 0), mode="nearest")
    detail = (detail * np.outer(window, window)[..., None]).reshape(-1, 3)
    # Ink, few pixels but far from the paper, is to count for more than the noise of all.
    weighted = detail * np.linalg.norm(detail, axis=1, keepdims=True)
    mixture = np.linalg.eigh(weighted.T @ weighted)[1][:, -1]
    mixture /= np.abs(mixture).sum() * (1 if mixture.sum() >= 0 else -1)
    usual = np.array([0.299, 0.587, 0.114])
    if np.linalg.norm(weighted @ mixture) < 2 * np.linalg.norm(weighted @ usual):
        return gray
    black = 255 * np.minimum(mixture, 0).sum()  # what the darkest color would be
    return image.convert("L", (*mixture, -black))


def _check_picture(picture):
    """Return a picture as float32 from 0 (black) to 1 (white), or say what is wrong with it."""
    try:
        gray = np.asarray(picture)
    except ValueError as error:
        raise ValueError("The rows of the picture differ in length.") from error
    if gray.dtype.kind not in "fiub":
        raise ValueError(
            f"A picture holds numbers, but this one has the dtype {gray.dtype}. {_HOW_TO_READ}"
        )
    if gray.ndim != 2:
        raise ValueError(
            "A grayscale picture has the shape (height, width), but this one has the shape "
            f"{gray.shape}. {_HOW_TO_READ}"
        )
    if not _SMALLEST <= min(gray.shape) <= max(gray.shape) <= _LARGEST:
        raise ValueError(
            f"A picture must be {_SMALLEST} to {_LARGEST} pixels high and wide, but this one "
            f"is {gray.shape[0]} × {gray.shape[1]}."
        )
    return _scale(gray)


_HOW_TO_READ = "`read_picture` turns any picture file into one."


def _scale(values):
    """Return gray values of any range as float32 from 0 (black) to 1 (white)."""
    with np.errstate(over="ignore", invalid="ignore"):
        gray = values.astype(np.float32)
        lowest = min(0, gray.min())
        highest = gray.max() - lowest
    if not np.isfinite(highest):
        raise ValueError("The picture holds values that are not numbers (NaN or infinite).")
    gray -= lowest
    gray /= 1 if highest <= 1 else max(255, highest) if highest > 16 else highest
    return gray


def _ink_of_drawing(gray):
    """Return the ink of a drawing made by a computer, from 0 to 1, or None if this is none.

    Its paper is all alike, and whatever differs is ink.
    """
    from scipy import ndimage

    small = max(gray.shape) <= 28  # MNIST itself is taken as it is
    lightest, darkest = gray.max(), gray.min()
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    paper = max(lightest, darkest, key=lambda extreme: (border == extreme).sum())
    alike = min((gray == paper).mean(), (border == paper).mean())
    if lightest - darkest < (0.02 if small else 0.2) or alike < 0.1:
        return None
    ink = np.abs(gray - paper) / (lightest - darkest)
    if small:
        return ink
    if _may_have_print(ink > 0.1):
        return None
    # An overexposed photo has white paper, too, but also gray where there is no ink around.
    pale = (ink > 0.05) & (ink < 0.5)
    if pale.mean() > 0.01:
        around = 2 * max(8, max(ink.shape) // 25) + 1
        near = ndimage.maximum_filter(ndimage.uniform_filter(ink, 3), around) > 0.4
        if (pale & ~near).mean() > 0.01:
            return None
    # What compression leaves around the ink is not ink.
    ink[ink < 0.1] = 0
    return ink


def _may_have_print(ink):
    """Return whether a drawing may have a frame, a box or lines from edge to edge."""
    if ink.all() or not ink.any():
        return False
    (top, bottom, left, right), cut = (ink[side] for side in SIDES), cut_out(ink)
    if any(side.all() for side in (top, bottom, left, right)):
        return True
    if (top.any() and bottom.any()) or (left.any() and right.any()):
        step = max(1, max(ink.shape) // 400)
        small = ink[::step, ::step]
        return lines_of(small, small.astype(np.float32)).any()
    if min(cut[side].mean() for side in SIDES) > 0.9:
        return not cut.all()  # a sheet in a frame, taken for ink
    return cut.mean() < 0.5 and min(edge.any(axis=0).mean() for edge in bands(cut)) > 0.7
