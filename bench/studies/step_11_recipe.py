"""What warped images, label smoothing and one cycle each buy the convolutional network of step 11.

The code is that of the notebook, with 5,000 images and 20 epochs, the last 3 of them on the images
as they are. Left out is warping (all epochs show the images as they are), smoothing (certainty is
asked for), the cycle (the learning rate is 0.001 all the time, which is what Adam has if nothing is
said), or all three. Measured on the last 10,000 training images; the test set is not used. Each
seed has a process of its own.
"""

from multiprocessing import get_context

import numpy as np

from bench.networks import code_of
from tools import NOTEBOOKS
from tools.sources import source_of

SEEDS = 3
HOW = {"epochs": 20, "as_they_are": 3, "bend": 0.7}
WAYS = {
    "all three": [],
    "without warping": ["warp"],
    "without smoothing": ["smoothing"],
    "without the cycle": ["cycle"],
    "none of them": ["warp", "smoothing", "cycle"],
}


def study():
    """Train; return right answers in percent, by what is left out, one for each seed."""
    with get_context("spawn").Pool(SEEDS) as pool:  # TensorFlow does not survive a fork
        rows = pool.map(right_answers, range(SEEDS))
    return {"right": dict(zip(WAYS, np.transpose(rows), strict=True)), **HOW}


def right_answers(seed):
    """Train all ways with one seed; return right answers in percent, as a list."""
    names = code_of("11_cnn", ["percent_right", "images", "y", "few"], "float32")
    images, y, few, right = names["images"], names["y"], names["few"], []
    for name, left_out in WAYS.items():
        model = trainer(seed, left_out)(images[few], y[few], **HOW)
        right.append(names["percent_right"](model, images[-10_000:], y[-10_000:]))
        print(seed, name, right[-1], flush=True)
    return right


def trainer(seed, left_out):
    """Return the function `train` of step 11 with another seed, and with something left out."""
    code = source_of(NOTEBOOKS / "11_cnn.ipynb", ["train"])
    for seeding in ("set_random_seed(1)", "default_rng(1)"):
        assert code.count(seeding) == 1, f"step 11 has no {seeding} to replace"
        code = code.replace(seeding, seeding.replace("1", str(seed)))
    names = {}
    exec(compile(code, "<11_cnn.ipynb: train>", "exec"), names)
    loss = names["CategoricalCrossentropy"]
    names["progress"] = lambda items, label: items  # no bars in a log
    if "warp" in left_out:
        names["warp"] = lambda images, rng, bend: images
    if "smoothing" in left_out:
        names["CategoricalCrossentropy"] = lambda *, label_smoothing, **how: loss(**how)
    if "cycle" in left_out:
        names["one_cycle"] = lambda steps: 0.001
    return names["train"]
