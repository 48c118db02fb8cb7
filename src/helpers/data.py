"""Load the 5,000 digits of the series, or all of MNIST, and split them for honest evaluation."""

import contextlib
import hashlib
import io
import json
import os
import ssl
import urllib.error
import urllib.request
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path

import numpy as np

DATA = Path(__file__).parents[2] / "data"
# Where downloads and trained networks are kept; the tests have a place of their own for them.
CACHE = Path(os.environ.get("DIGITS_CACHE") or DATA)

# The copy that Keras downloads, too.
MNIST_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"

_SHA256 = "c1475932cdf56af7df57be94e21dcd88f3b949e14e4ef778fce33ac70bf91c67"
_MNIST_SHA256 = "b24b06c7f82492e214276c2737bd1c19b067ff2fe97fe31e21e38ce0cb76fc42"


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
        raise PermissionError(
            f"The file {path} cannot be opened: check its permissions."
        ) from error
    except Exception as error:  # zip, zlib and NumPy each have their own for a damaged file
        raise ValueError(f"The file {path} is damaged and cannot be read. {remedy}") from error
    if checksum(images, labels) != _SHA256:
        raise ValueError(f"The file {path} is not the one that belongs to the series. {remedy}")
    X = images.reshape(5000, 400).astype(np.float32) / 255
    return X, labels.astype(np.int64)


def load_mnist():
    """Load MNIST: 70,000 handwritten digits, of which 10,000 are for testing only.

    The first call downloads them (11 MB, with a progress bar) into ``data/mnist.npz``; from then on
    that file is read. A copy that was put there by hand serves as well if it holds the same arrays.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        Images, ndarray of uint8, shape (60000, 28, 28) and (10000, 28, 28); 0 is paper, 255 is ink.
        Labels, ndarray of uint8, shape (60000,) and (10000,).

    Raises
    ------
    ConnectionError
        If there is no copy yet and it cannot be downloaded, or not as a whole.
    ValueError
        If the copy that is there, or what was downloaded, is not MNIST. A file is left as it is.

    Notes
    -----
    LeCun, Cortes and Burges; Creative Commons Attribution-Share Alike 3.0.
    """
    path = find_mnist()
    if path is not None:
        try:
            arrays = _read_mnist(path)
        except PermissionError as error:
            raise PermissionError(
                f"The file {path} cannot be opened: check its permissions."
            ) from error
        if arrays is None:
            raise ValueError(
                f"The file {path} is damaged or is not MNIST. Delete it and run this again: it "
                "will then be downloaded once more."
            )
        return arrays
    from helpers.widgets import Bar  # takes longer to import than all the rest here

    bar = Bar(1, "downloading MNIST: kB", stored="MNIST has been downloaded.")
    content = _download(bar)
    arrays = _read_mnist(io.BytesIO(content))
    if arrays is None:
        raise ValueError(
            f"What {MNIST_URL} sent is not MNIST; it may be the page of a proxy. {_by_hand()}"
        )
    bar.say(_keep(content, CACHE / "mnist.npz"))
    return arrays


def find_mnist():
    """Return the path of the copy of MNIST, or None."""
    paths = (folder / "mnist.npz" for folder in (CACHE, DATA))
    return next((path for path in paths if path.exists()), None)


def _read_mnist(file):
    """Return the arrays in a file, or None if they are not MNIST's."""
    try:
        with np.load(file, allow_pickle=False) as archive:
            arrays = [archive[name] for name in ("x_train", "y_train", "x_test", "y_test")]
    except PermissionError:
        raise
    except Exception:  # zip, zlib and NumPy each have their own for a damaged file
        return None
    if checksum(*arrays) != _MNIST_SHA256:
        return None
    x_train, y_train, x_test, y_test = arrays
    return (x_train, y_train), (x_test, y_test)


def _download(bar):
    """Return the file of MNIST as bytes, and move a bar while it comes.

    Raises
    ------
    ConnectionError
        If it does not come, or only a part of it.
    """
    content = bytearray()
    try:
        with _open(MNIST_URL) as answer:
            total = int(answer.headers.get("Content-Length") or 0)
            while chunk := answer.read(2**17):
                content += chunk
                bar.show(len(content) // 1000, total=max(total, len(content)) // 1000)
    except (OSError, ValueError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            # Running it again would help nobody.
            raise ConnectionError(
                "MNIST cannot be downloaded, because Python does not trust the server that answers "
                f"at {MNIST_URL} ({reason}); it may be a proxy. Put a copy of mnist.npz into "
                f"{CACHE}."
            ) from None
        raise ConnectionError(f"MNIST cannot be downloaded ({reason}). {_by_hand()}") from None
    if len(content) < total:
        raise ConnectionError(
            f"The download of MNIST stopped after {len(content):,} of {total:,} bytes. {_by_hand()}"
        )
    return bytes(content)


def _open(url):
    """Open an address, trusting the system's certificates, or else those that pip's packages bring.

    The Python from python.org has none of its own on a Mac.
    """
    try:
        return urllib.request.urlopen(url, timeout=30)
    except urllib.error.URLError as error:
        # It comes with JupyterLab.
        if not isinstance(error.reason, ssl.SSLCertVerificationError) or not find_spec("certifi"):
            raise
        import certifi

        trust = ssl.create_default_context(cafile=certifi.where())
        return urllib.request.urlopen(url, timeout=30, context=trust)


def _by_hand():
    return f"When you are online, run this again, or put a copy of mnist.npz into {CACHE}."


def _keep(content, path):
    """Write the file of MNIST, and return a sentence about it."""
    try:
        write_whole(path, lambda temporary: temporary.write_bytes(content))
    except OSError as error:
        return f"MNIST cannot be kept as {path} ({error}), so it will be downloaded again."
    return f"MNIST is here: downloaded and kept as {path}."


def load_scoreboard(through=None):
    """Return how the networks of the series did on the 10,000 test images of MNIST.

    Parameters
    ----------
    through : int, optional
        The last step whose networks are wanted; all of them, if it is left out.

    Returns
    -------
    list of dict
        One for each network: its ``step`` and ``name``, how many ``images`` it learned from, its
        ``parameters``, its ``errors`` in percent, and the ``seconds`` of training on 2 cores.

    Notes
    -----
    Measured with the code of the notebooks by ``bench/networks.py``.
    """
    rows = json.loads((DATA / "scoreboard.json").read_text(encoding="utf-8"))
    return [row for row in rows if through is None or row["step"] <= through]


def load_study(name):
    """Load what a longer experiment gave: one that takes minutes, and more than one training.

    Parameters
    ----------
    name : str
        As in ``"step_06_rates"``: ``bench/studies/step_06_rates.py`` is the program that ran.

    Returns
    -------
    dict
        What it found, by name: numbers and texts, lists of them as ndarrays, or further dicts.

    Raises
    ------
    ValueError
        If there is no such study.
    """
    path = DATA / "studies" / f"{name}.json"
    if not path.exists():
        there = ", ".join(sorted(file.stem for file in path.parent.glob("*.json")))
        raise ValueError(f"There is no study {name!r}; there are {there}.")
    return _arrays(json.loads(path.read_text(encoding="utf-8"))["results"])


def _arrays(value):
    """Return what JSON holds, with ndarrays in the place of lists."""
    if isinstance(value, dict):
        return {key: _arrays(each) for key, each in value.items()}
    return np.array(value) if isinstance(value, list) else value


def write_whole(path, write):
    """Write a file, whole or not at all.

    Parameters
    ----------
    path : Path
        What the file shall be called.
    write : callable
        Called with the path of a temporary file beside it, which it writes.

    Raises
    ------
    OSError
        If that cannot be done; nothing is left behind then, and an older file stays.
    """
    # Under another name first: a process that is killed leaves no half file to be read.
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        write(temporary)
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def checksum(*arrays):
    """Return the SHA-256 of arrays, shapes and dtypes included, as hexadecimal text."""
    digest = hashlib.sha256()
    for array in arrays:
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
        raise ValueError(f"{name} holds no images.")
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


def check_probabilities(probabilities, shape, *, name="The probabilities"):
    """Return probabilities as an array of float64, or say what is wrong with them.

    Parameters
    ----------
    probabilities : array-like of numbers
        From 0 to 1. That they add up to 1 is not asked for: an empty canvas has ten zeros.
    shape : tuple of int
        The shape that they must have.
    name : str
        What a message calls them.

    Raises
    ------
    ValueError
        If they are not as described.
    """
    try:
        values = np.asarray(probabilities)
    except (TypeError, ValueError):  # lists of different lengths, a symbolic tensor
        kind = type(probabilities).__name__
        raise ValueError(f"{name} must be numbers, but this {kind} holds something else.") from None
    if values.shape != shape or values.dtype.kind not in "fiub":
        raise ValueError(
            f"{name} must be numbers in the shape {shape}, "
            f"but they are {values.dtype} in the shape {values.shape}."
        )
    # Softmax in float32 can exceed 1 by a rounding error.
    if not ((values >= 0) & (values <= 1 + 1e-6)).all():
        raise ValueError(
            f"{name} must lie from 0 to 1, but these do not. Softmax turns logits into them."
        )
    return values.astype(np.float64)
