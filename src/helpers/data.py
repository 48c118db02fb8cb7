"""Load the 5,000 digits of the series and split them for honest evaluation."""

import hashlib
import os
from pathlib import Path

import numpy as np

DATA = Path(__file__).parents[2] / "data"
# Where downloads and trained networks are kept; the tests have a place of their own for them.
CACHE = Path(os.environ.get("DIGITS_CACHE") or DATA)

_SHA256 = "c1475932cdf56af7df57be94e21dcd88f3b949e14e4ef778fce33ac70bf91c67"


def load_data():
    """Load 5,000 real handwritten digits, 500 of each, sorted from 0 to 9.

    Returns
    -------
    X : ndarray of float32, shape (5000, 400)
        One image a row: 20×20 pixels, row by row, upright; 0 is paper, 1 is ink.
    y : ndarray of int64, shape (5000,)
        The digit that each image shows.

    Raises
    ------
    FileNotFoundError
        If ``data/digits.npz`` is missing.
    ValueError
        If the file is damaged or is not the one that belongs to the series.

    Notes
    -----
    MNIST (LeCun, Cortes and Burges); ``data/README.md`` says how the file was made.
    """
    path = DATA / "digits.npz"
    remedy = "Get it back with: git checkout -- data/digits.npz"
    if not path.is_file():
        raise FileNotFoundError(f"The digits are missing: there is no file {path}. {remedy}")
    try:
        with np.load(path, allow_pickle=False) as archive:
            images, labels = archive["images"], archive["labels"]
    except PermissionError as error:
        raise PermissionError(f"The file {path} may not be read: check its permissions.") from error
    except Exception as error:  # zip, zlib and NumPy each have their own for a damaged file
        raise ValueError(f"The file {path} is damaged and cannot be read. {remedy}") from error
    if checksum(images, labels) != _SHA256:
        raise ValueError(f"The file {path} is not the one that belongs to the series. {remedy}")
    X = images.reshape(5000, 400).astype(np.float32) / 255
    return X, labels.astype(np.int64)


def checksum(images, labels):
    """Return the SHA-256 of two arrays, shapes and dtypes included, as hexadecimal text."""
    digest = hashlib.sha256()
    for array in (images, labels):
        digest.update(f"{array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def split_data(X, y):
    """Split images and labels into a training, a validation and a test set.

    Each digit goes 70 % : 10 % : 20 %. The same input gives the same split on every computer,
    and no image is in two sets.

    Parameters
    ----------
    X : ndarray, shape (n, 400)
        Images, values from 0 to 1.
    y : ndarray of integers, shape (n,)
        Their digits, 0 to 9, at least ten images for each digit that occurs.

    Returns
    -------
    (X_train, y_train), (X_val, y_val), (X_test, y_test)
        In mixed order; for the series' data 3,500, 500 and 1,000 images.

    Raises
    ------
    ValueError
        If shapes, values or labels are not as described.
    """
    X, y = np.asarray(X), check_labels(y)
    check_images(X)
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} images but y has {len(y)} labels: they must match.")
    digits, counts = np.unique(y, return_counts=True)
    if counts.min() < 10:
        raise ValueError(
            f"There are only {counts.min()} images of the digit {digits[counts.argmin()]}: "
            "a split needs at least 10 of each."
        )
    rng = np.random.default_rng(0)
    parts = [[], [], []]
    for digit, count in zip(digits, counts, strict=True):
        order = rng.permutation(np.flatnonzero(y == digit))
        cuts = [count * 7 // 10, count * 8 // 10]
        for part, indices in zip(parts, np.split(order, cuts), strict=True):
            part.append(indices)
    mixed = [rng.permutation(np.concatenate(part)) for part in parts]
    return tuple((X[indices], y[indices]) for indices in mixed)


def check_images(X, *, name="X"):
    """Return images as an array of shape (n, side, side), or say what is wrong with them.

    Parameters
    ----------
    X : array-like of numbers from 0 to 1
        Shape (n, side²), one image a row, or (n, side, side).
    name : str
        What the message calls the array.

    Raises
    ------
    ValueError
        If the shape fits neither form, a value is not finite, or values leave 0…1 by more
        than a rounding error.
    """
    X = np.asarray(X)
    if X.dtype.kind not in "fiub":
        raise ValueError(f"{name} must hold numbers, but its dtype is {X.dtype}.")
    side = round(X.shape[1] ** 0.5) if X.ndim == 2 else X.shape[-1] if X.ndim == 3 else 0
    if side < 1 or X.shape[1:] not in ((side * side,), (side, side)):
        raise ValueError(
            f"{name} must have the shape (n, 400) or (n, 20, 20), one square image per entry, "
            f"but its shape is {X.shape}. For a single image use X[i : i + 1]."
        )
    if len(X) == 0:
        raise ValueError(f"{name} holds no image at all.")
    if not np.isfinite(X).all():
        raise ValueError(f"{name} holds values that are not numbers (NaN or infinite).")
    low, high = X.min(), X.max()
    if low < -1e-6 or high > 1 + 1e-6:
        raise ValueError(
            f"{name} must hold values from 0 (paper) to 1 (ink), but they go from {low:g} "
            f"to {high:g}. Pixels from 0 to 255 must be divided by 255."
        )
    return X.reshape(len(X), side, side)


def check_image(image):
    """Return one image as an array of shape (side, side), or say what is wrong with it.

    Parameters
    ----------
    image : array-like of numbers from 0 to 1
        Shape (side², ) or (side, side).

    Raises
    ------
    ValueError
        If the shape fits neither form, or the values are not as in `check_images`.
    """
    image = np.asarray(image)
    side = round(image.size**0.5)
    if image.shape not in ((side * side,), (side, side)) or side == 0:
        raise ValueError(
            "One image must have the shape (400,) or (20, 20), such as X[7], "
            f"but this has the shape {image.shape}."
        )
    return check_images(image[None], name="image")[0]


def check_labels(y, *, name="y"):
    """Return labels as an array of int64, shape (n,), or say what is wrong with them.

    Raises
    ------
    ValueError
        If `y` is empty, not one-dimensional, or holds anything but the integers 0 to 9.
    """
    y = np.asarray(y)
    if y.ndim != 1 or len(y) == 0:
        raise ValueError(f"{name} must have the shape (n,), but its shape is {y.shape}.")
    if y.dtype.kind not in "iu" or y.min() < 0 or y.max() > 9:
        raise ValueError(f"{name} must hold integers from 0 to 9, one for each image.")
    return y.astype(np.int64)
