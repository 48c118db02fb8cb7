"""The exercises of step 13: look inside."""

import functools

import numpy as np

from helpers.exercises.comparing import HintError, show
from helpers.exercises.measuring import called
from helpers.exercises.registry import exercise, open_task, wrong, wrong_results


def _with_ties_in_order(result):
    # Of images with the same value, any may come first.
    if type(result) is np.ndarray and result.ndim == 1 and result.dtype.kind in "iu":
        result = result.copy()
        result[result >= 60] = np.sort(result[result >= 60])
    return result


@exercise(
    "13.1",
    "What excites a neuron?",
    todo="Replace the ... by the numbers of the images with the largest values.",
    examples=lambda rng: [
        # No value comes twice, so that there is one order only. As many rows as columns, more
        # rows, and all images asked for.
        (np.array([[1, 5], [3, 0], [2, 9]]), 0, 2),
        (rng.permutation(40).reshape(8, 5) / 10, 3, 4),
        (rng.permutation(36).reshape(6, 6) / 10, 2, 3),
        (rng.permutation(150).reshape(50, 3) / 10, 1, 1),
        (rng.permutation(24).reshape(6, 4) / 10, 0, 6),
        # Only here are there more than 60 images: the last four tie.
        (np.concatenate([rng.permutation(60), np.full(4, 99)])[:, None] / 10, 0, 6),
    ],
    view=_with_ties_in_order,
    mistakes={
        "Where several images have the same value, `index` finds the first one each time; sort the "
        "numbers of the images themselves, as `np.argsort` does.": (
            lambda values, neuron, count: np.array([
                list(values[:, neuron]).index(value)
                for value in np.sort(values[:, neuron])[::-1][:count]
            ])
        ),
        "Those are the images with the smallest values; the minus that turns the order around is "
        "missing.": lambda values, neuron, count: np.argsort(values[:, neuron])[:count],
        "Those are the right images, but the largest value comes last; turn the order around.": (
            lambda values, neuron, count: np.argsort(values[:, neuron])[-count:],
            lambda values, neuron, count: np.argsort(-values[:, neuron])[:count][::-1],
        ),
        "Those are values; return the numbers of the images: `argsort`, not `sort`.": (
            lambda values, neuron, count: np.sort(values[:, neuron])[::-1][:count],
            lambda values, neuron, count: np.sort(values[:, neuron])[-count:],
        ),
        "That is a row, the values of one image; those of one neuron are a column: "
        "`values[:, neuron]`.": (
            lambda values, neuron, count: np.argsort(-values[neuron])[:count],
            lambda values, neuron, count: np.argsort(values[neuron])[::-1][:count],
        ),
        "That is one number for a single image; return an array of `count` numbers.": (
            lambda values, neuron, count: values[:, neuron].argmax(),
        ),
        "There are more images than asked for: take the first `count` of them.": (
            lambda values, neuron, count: np.argsort(-values[:, neuron])
        ),
        "That sorts for all neurons; take the column of one first: `values[:, neuron]`.": (
            lambda values, neuron, count: np.argsort(-values, axis=0)[:count],
            lambda values, neuron, count: np.argsort(-values, axis=1)[:count],
            lambda values, neuron, count: np.argsort(-values, axis=1)[:count, neuron],
        ),
        "That looks at the values of all neurons together; only the column of one counts.": (
            lambda values, neuron, count: np.argsort(-values.sum(axis=1))[:count],
            lambda values, neuron, count: np.argsort(-values.max(axis=1))[:count],
        ),
        "Those are images to which the neuron answers at all, not those with the largest values.": (
            lambda values, neuron, count: np.flatnonzero(values[:, neuron] > 0)[:count]
        ),
        "`[-count:]` takes the last ones of an order; where the largest comes first, take "
        "`[:count]`.": lambda values, neuron, count: np.argsort(-values[:, neuron])[-count:],
        "Images are counted from 0, so nothing has to be added.": (
            lambda values, neuron, count: np.argsort(-values[:, neuron])[:count] + 1
        ),
        "Neurons are counted from 0, as columns are: take `values[:, neuron]`.": (
            lambda values, neuron, count: np.argsort(-values[:, neuron - 1])[:count]
        ),
    },
)
def most_exciting(values, neuron, count):
    """Return the numbers of the images to which a neuron answers most."""
    return np.argsort(-values[:, neuron])[:count]


def _maps_and_weights(rng, side, channels, digits):
    """Return maps, weights and a digit such that the largest product stands out."""
    maps = rng.uniform(0, 2, (side, side, channels)).round(1)
    # In steps of a tenth, each once: no two maps say the same.
    weights = (rng.permutation(channels * digits).reshape(channels, digits) / 10) - digits / 4
    return maps, weights.round(1), int(rng.integers(digits))


@exercise(
    "13.2",
    "Which map speaks for it?",
    todo="Replace the ... by the number of the map whose mean times its weight is largest.",
    examples=lambda rng: [
        # A row and a column of weights can be exchanged where there are as many channels as
        # digits; the last two have maps that are large but speak against the digit.
        (np.array([[[1, 4], [3, 0]]]), np.array([[0.5, 1.0], [2.0, 0.1]]), 1),
        *(_maps_and_weights(rng, 3, 10, 10) for _ in range(4)),
        *(_maps_and_weights(rng, 5, 24, 10) for _ in range(4)),
        *((4 * m, -w, d) for m, w, d in [_maps_and_weights(rng, 2, 6, 3) for _ in range(4)]),
    ],
    mistakes={
        "`@` adds up all maps to a single number, and the largest of one is always number 0: use "
        "`*`.": lambda maps, weights, digit: 0,
        "That is the map with the largest mean; its weight for the digit counts, too.": (
            lambda maps, weights, digit: maps.mean(axis=(0, 1)).argmax()
        ),
        "That is the map with the largest weight; each map's own mean, over height and "
        "width, counts, too.": (lambda maps, weights, digit: weights[:, digit].argmax()),
        "The dense layer gets the mean of each map, not its largest value.": (
            lambda maps, weights, digit: (maps.max(axis=(0, 1)) * weights[:, digit]).argmax()
        ),
        "That is how much the map says; return its number: `argmax`, not `max`.": (
            lambda maps, weights, digit: (maps.mean(axis=(0, 1)) * weights[:, digit]).max()
        ),
        "That is the map that says most against the digit: `argmax`, not `argmin`.": (
            lambda maps, weights, digit: (maps.mean(axis=(0, 1)) * weights[:, digit]).argmin()
        ),
        "The sign counts: what lowers the sum speaks against the digit, so leave out `abs`.": (
            lambda maps, weights, digit: abs(maps.mean(axis=(0, 1)) * weights[:, digit]).argmax()
        ),
        "That is a row of the weights, of one map; those for one digit are a column: "
        "`weights[:, digit]`.": (
            lambda maps, weights, digit: (maps.mean(axis=(0, 1)) * weights[digit]).argmax()
        ),
        "That is the digit for which all maps together say most; return the number of a map.": (
            lambda maps, weights, digit: (maps.mean(axis=(0, 1)) @ weights).argmax()
        ),
        "That adds up mean and weight; multiply them.": (
            lambda maps, weights, digit: (maps.mean(axis=(0, 1)) + weights[:, digit]).argmax()
        ),
        "That is the sum over all maps; find the largest before you add them up.": (
            lambda maps, weights, digit: maps.mean(axis=(0, 1)) @ weights[:, digit]
        ),
        "The mean is taken over height and width, which are the axes 0 and 1.": (
            lambda maps, weights, digit: (maps.mean(axis=(1, 2)) * weights[:, digit]).argmax(),
            lambda maps, weights, digit: (maps.mean(axis=0) * weights[:, digit]).argmax(),
            lambda maps, weights, digit: (maps.mean(axis=2) * weights[:, digit]).argmax(),
        ),
        "That looks at only one number of each map; take the mean over height and width.": (
            lambda maps, weights, digit: (maps[0, 0] * weights[:, digit]).argmax()
        ),
    },
)
def loudest_map(maps, weights, digit):
    """Return the number of the map that says most for a digit."""
    return (maps.mean(axis=(0, 1)) * weights[:, digit]).argmax()


def _guesses(rng, networks, images):
    """Return what networks guess that are often right, and the truth."""
    truth = rng.integers(0, 10, images)
    right = rng.random((networks, images)) < 0.5
    return np.where(right, truth, (truth + rng.integers(1, 10, (networks, images))) % 10), truth


def _known(guesses, truth):
    return (guesses == truth).any(axis=0)


@exercise(
    "13.3",
    "Does any of them know?",
    todo="Replace the ... by the percentage of images that at least one network reads correctly.",
    examples=lambda rng: [
        # Wider than high and higher than wide, a square, a single network.
        (np.array([[1, 2, 3, 0], [1, 7, 4, 0]]), np.array([1, 2, 5, 0])),
        _guesses(rng, 3, 8),
        _guesses(rng, 5, 40),
        _guesses(rng, 4, 4),
        _guesses(rng, 6, 3),
        _guesses(rng, 1, 20),
    ],
    mistakes={
        "That is a share; a percentage is a hundred times as large.": (
            lambda guesses, truth: _known(guesses, truth).mean()
        ),
        "Those are images that all networks know; one is enough: `any`, not `all`.": (
            lambda guesses, truth: 100 * (guesses == truth).all(axis=0).mean()
        ),
        "That is the mean of what each network knows; an image counts if any of them knows it.": (
            lambda guesses, truth: 100 * (guesses == truth).mean()
        ),
        "That counts an image once for each network that knows it; once is enough: `any`.": (
            lambda guesses, truth: 100 * (guesses == truth).sum() / len(truth)
        ),
        "That is what the best network alone knows; another may know what it does not.": (
            lambda guesses, truth: 100 * (guesses == truth).mean(axis=1).max()
        ),
        "That looks for networks that know any image; images are the columns: `axis=0`.": (
            lambda guesses, truth: 100 * (guesses == truth).any(axis=1).mean()
        ),
        "Those are images that no network knows; the exercise asks for the others.": (
            lambda guesses, truth: 100 - 100 * _known(guesses, truth).mean(),
            lambda guesses, truth: 100 * (guesses != truth).all(axis=0).mean(),
        ),
        "Those are images at which at least one network fails; `==` instead of `!=`.": (
            lambda guesses, truth: 100 * (guesses != truth).any(axis=0).mean()
        ),
        "That is how many images; divide by how many there are, and multiply by 100.": (
            lambda guesses, truth: _known(guesses, truth).sum()
        ),
        "There are not always 100 images; take the mean over them.": (
            lambda guesses, truth: _known(guesses, truth).sum() / 100
        ),
        "That asks whether any network knows any image at all; ask it for each image: `axis=0`.": (
            lambda guesses, truth: 100.0 * (guesses == truth).any()
        ),
        "That is one answer for each image; take the mean over them, times 100.": (
            lambda guesses, truth: _known(guesses, truth),
            lambda guesses, truth: 100 * _known(guesses, truth),
        ),
        "Images are columns of `guesses`, so their number is that of `truth`, not that of the "
        "networks.": lambda guesses, truth: 100 * _known(guesses, truth).sum() / len(guesses),
        "That asks only the first network, or only the last one; ask all of them.": (
            lambda guesses, truth: 100 * (guesses[0] == truth).mean(),
            lambda guesses, truth: 100 * (guesses[-1] == truth).mean(),
        ),
    },
)
def at_best(guesses, truth):
    """Return the percentage of images that at least one network reads correctly."""
    return 100 * float(_known(guesses, truth).mean())


@functools.cache
def _pictures_and_reader():
    """Return ten pictures of which the network that comes with the series is sure, and `read`.

    The pictures are by the made-up writer of step 14, one of each digit: float32 (10, 28, 28).
    """
    import tensorflow as tf

    from helpers.handwriting import to_images
    from helpers.made_up import made_up_writer
    from helpers.training import load_network

    # TensorFlow is imported only here: it takes seconds, and most checks do without it.
    network = load_network()
    anything = tf.TensorSpec((None, 28, 28, 1), tf.float32)
    run = tf.function(lambda images: tf.nn.softmax(network(images)), input_signature=[anything])

    def read(pictures):
        pictures = np.asarray(pictures, dtype=np.float32)
        if pictures.ndim != 3 or pictures.shape[1:] != (28, 28):
            raise ValueError(
                "read takes many pictures at once, of the shape (n, 28, 28), but these have the "
                f"shape {pictures.shape}; a single one has it as `picture[None]`"
            )
        parts = np.split(pictures, range(500, len(pictures), 500))
        return np.concatenate([run(part[..., None]).numpy() for part in parts])

    images, labels = to_images(made_up_writer(seed=3))
    sure = read(images)[np.arange(len(labels)), labels]
    best = [np.flatnonzero(labels == d)[sure[labels == d].argmax()] for d in range(10)]
    return images[best], read


def _covered(cover, picture, read):
    """Return what a learner's function makes of a picture, or say what is wrong with it."""
    given = picture.copy()
    result = called(cover, given, read)
    if result is None:
        raise HintError(
            "It returns nothing for one of the pictures: let it reach a `return` in every case, "
            "also when a loop ends by itself."
        )
    try:
        result = np.asarray(result, dtype=np.float32)
    except (TypeError, ValueError):
        raise HintError(f"It should return a picture, but returns {show(result)}.") from None
    if result.shape != picture.shape:
        raise HintError(
            f"It should return a picture of 28 × 28 pixels, but its shape is {result.shape}."
        )
    if not ((result == picture) | (result == 0)).all():
        raise HintError("It may set pixels to 0 and do nothing else, but it changes others.")
    return result


@open_task(
    "13.4",
    "Cover as little as you can",
    todo="Replace the ... by the picture with a few pixels set to 0.",
    ours=10.5,
    enough=15,
    form="{:.1f} pixels",
    higher=False,
    names=("picture", "read"),
    seconds=60,
)
def covered_pixels(cover):
    """Return how many pixels are covered on average until a digit is misread, and advice."""
    pictures, read = _pictures_and_reader()
    counts, failed = [], 0
    for picture in pictures:
        digit = read(picture[None])[0].argmax()
        result = _covered(cover, picture, read)
        hidden = int((result != picture).sum())
        if read(result[None])[0].argmax() == digit:  # then all of its ink counts
            failed += 1
            hidden = int((picture > 0).sum())
        counts.append(hidden)
    score = float(np.mean(counts))
    if failed:
        return score, (
            f"of the 10 pictures, {failed} still read as before, so that all of their ink counts. "
            "Go on covering until `read(covered[None])[0].argmax()` is another digit."
        )
    if score > 100:
        return score, (
            "cover first what costs most: try each pixel with ink by itself, all of them in one "
            "call of `read`, and see how far the digit's probability falls."
        )
    if score > 15:
        return score, (
            "once a pixel is covered, others matter more than before. Cover the one that costs "
            "most, then try all others again."
        )
    return score, (
        "the pixel that costs most now may not be the first of the best two. Try pairs, or look "
        "ahead, or put pixels back that turn out not to be needed."
    )


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_results(
    "13.1",
    {
        "`index` finds the first": "np.array([list(values[:, neuron]).index(v) for v in "
        "sorted(values[:, neuron], reverse=True)[:count]])",
        "smallest values": "np.argsort(values[:, neuron])[:count]",
        "largest value comes last": "values[:, neuron].argsort()[-count:]",
        "not `sort`": "np.sort(values[:, neuron])[::-1][:count]",
        "a column": "np.argsort(-values[neuron])[:count]",
        "take the first `count`": "np.argsort(values[:, neuron])[::-1]",
        "for all neurons": "np.argsort(-values, axis=0)[:count]",
        "all neurons together": "np.argsort(-values.mean(axis=1))[:count]",
        "answers at all": "np.flatnonzero(values[:, neuron])[:count]",
        "It never uses `count`": "np.argsort(-values[:, neuron])[:2]",
    },
)

_MEANS = "maps.mean(axis=(0, 1))"

wrong_results(
    "13.2",
    {
        "largest mean": f"np.argmax({_MEANS})",
        "largest weight": "np.argmax(weights[:, digit])",
        "`@` adds up all maps": f"({_MEANS} @ weights[:, digit]).argmax()",
        "not its largest value": "(maps.max(axis=(0, 1)) * weights[:, digit]).argmax()",
        "return its number": f"max({_MEANS} * weights[:, digit])",
        "says most against": f"np.argmin({_MEANS} * weights[:, digit])",
        "leave out `abs`": f"np.abs({_MEANS} * weights[:, digit]).argmax()",
        "a column": f"({_MEANS} * weights[digit]).argmax()",
        "the number of a map": f"({_MEANS} @ weights).argmax()",
        "multiply them": f"({_MEANS} + weights[:, digit]).argmax()",
    },
)

wrong_results(
    "13.3",
    {
        "a hundred times": "(guesses == truth).any(axis=0).mean()",
        "one is enough": "100 * (guesses == truth).all(axis=0).mean()",
        "each network knows": "100 * np.mean(guesses == truth)",
        "once for each network": "100 * (guesses == truth).sum() / len(truth)",
        "the best network alone": "max(100 * (row == truth).mean() for row in guesses)",
        "images are the columns": "100 * (guesses == truth).any(axis=1).mean()",
        "no network knows": "100 * (guesses != truth).all(axis=0).mean()",
        "`==` instead of `!=`": "100 * (guesses != truth).any(axis=0).mean()",
        "divide by": "(guesses == truth).any(axis=0).sum()",
        "ask it for each image": "100.0 * (guesses == truth).any()",
    },
)

_COVER = "def cover(picture, read):\n    return "

wrong("13.4", "a picture of 28 × 28 pixels", f"{_COVER}picture[14]")
wrong("13.4", "It should return a picture", f'{_COVER}"covered"')
wrong("13.4", "It returns nothing", "def cover(picture, read):\n    print(picture)")
wrong("13.4", "do nothing else", f"{_COVER}1 - picture")
wrong("13.4", "read takes many pictures", f"{_COVER}picture * (read(picture).max() > 0)")
wrong("13.4", "still read as before", f"{_COVER}picture")
wrong(
    "13.4",
    "then try all others again",
    """def cover(picture, read):
    digit = read(picture[None])[0].argmax()
    covered = picture.copy()
    while read(covered[None])[0].argmax() == digit:
        rows, columns = np.nonzero(covered)
        tries = np.repeat(covered[None], len(rows), axis=0)
        tries[np.arange(len(rows)), rows, columns] = 0
        worst = read(tries)[:, digit].argsort()[:20]
        covered[rows[worst], columns[worst]] = 0
    return covered""",
)
