"""The exercises of step 13: look inside."""

import functools

import numpy as np

from helpers.exercises.comparing import HintError, show
from helpers.exercises.engine import Looks
from helpers.exercises.measuring import called
from helpers.exercises.registry import (
    exercise,
    listed,
    open_task,
    written,
    wrong,
    wrong_results,
    wrong_written,
)


def _with_ties_in_order(result):
    # Of images with the same value, any may come first.
    if type(result) is np.ndarray and result.ndim == 1 and result.dtype.kind in "iu":
        result = result.copy()
        result[result >= 600] = np.sort(result[result >= 600])
    return result


_EXCITING = listed("""
Where several images have the same value, `index` finds the first one each time; sort the numbers of
the images themselves, as `np.argsort` does.
    np.array([list(values[:, neuron]).index(v) for v in sorted(values[:, neuron])[::-1][:count]])
Those are the images with the smallest values. Turn the order around once, by a minus or by
`[::-1]`, and not twice.
    np.argsort(values[:, neuron])[:count]
Those are the images with the smallest values. Turn the order around before you cut it, and then
take `[:count]`, not `[-count:]`.
    np.argsort(values[:, neuron])[:count][::-1]
Those are the right images, but the largest value comes last; turn the order around.
    values[:, neuron].argsort()[-count:]
    np.argsort(-values[:, neuron])[:count][::-1]
Those are the right images, but sorted by their numbers: keep the order of `argsort`.
    np.sort(np.argsort(-values[:, neuron])[:count])
Those are values; return the numbers of the images: `argsort`, not `sort`.
    np.sort(values[:, neuron])[::-1][:count]
    np.sort(values[:, neuron])[-count:]
    np.sort(-values[:, neuron])[:count]
That is a row, the values of one image; those of one neuron are a column: `values[:, neuron]`.
    np.argsort(-values[neuron])[:count]
    np.argsort(values[neuron])[::-1][:count]
    np.array(sorted(range(len(values)), key=lambda i: -values[neuron, i])[:count])
That is one number for a single image; return an array of `count` numbers.
    values[:, neuron].argmax()
    np.argsort(-values[:, neuron])[count]
There are more images than asked for: take the first `count` of them.
    np.argsort(values[:, neuron])[::-1]
    np.argsort(-values[:, neuron])[: count + 1]
That is one image too few: the end of a slice is left out already.
    np.argsort(-values[:, neuron])[: count - 1]
`[count:]` leaves out the first `count` images; `[:count]` takes them.
    np.argsort(-values[:, neuron])[count:]
`[-count::-1]` begins `count` places before the end and goes to the front: turn the order around
first, then cut it.
    np.argsort(values[:, neuron])[-count::-1]
`order[-0]` is the first entry, not the last: the last one is `order[-1]`.
    np.array([np.argsort(values[:, neuron])[-i] for i in range(count)])
That sorts only the first `count` images: sort all of them, then cut.
    np.argsort(-values[:count, neuron])
The minus belongs inside: `np.argsort(-...)` begins with the largest value.
    -np.argsort(values[:, neuron])[:count]
The two numbers are exchanged: `neuron` picks the column, `count` cuts the order.
    np.argsort(-values[:, count])[:neuron]
That sorts for all neurons; take the column of one first: `values[:, neuron]`.
    np.argsort(-values, axis=0)[:count]
    np.argsort(-values, axis=1)[:count]
    np.argsort(-values, axis=1)[:count, neuron]
That looks at the values of all neurons together; only the column of one counts.
    np.argsort(-values.mean(axis=1))[:count]
    np.argsort(-values.max(axis=1))[:count]
    np.flatnonzero(values.argmax(axis=1) == neuron)[:count]
Those are images to which the neuron answers at all, not those with the largest values.
    np.flatnonzero(values[:, neuron])[:count]
That looks for the largest value alone; those that follow it are asked for, too.
    np.flatnonzero(values[:, neuron] == values[:, neuron].max())[:count]
    np.array([values[:, neuron].argmax() for _ in range(count)])
After 0 has been put in its place, an image may still be the largest, or tie with others: put
`-np.inf` there.
    found, column = [], values[:, neuron].copy()
    for _ in range(count):
        best = column.argmax()
        found.append(best)
        column[best] = 0
    return np.array(found)
What is deleted moves all later images to other numbers: put `-np.inf` in its place instead.
    found, column = [], values[:, neuron].copy()
    for _ in range(count):
        best = column.argmax()
        found.append(best)
        column = np.delete(column, best)
    return np.array(found)
Those are ranks: for each image, how many are before it. One `argsort` gives the images.
    np.argsort(np.argsort(-values[:, neuron]))[:count]
What `sort` has sorted no longer tells which image it belongs to: `argsort` alone is enough.
    np.argsort(np.sort(-values[:, neuron]))[:count]
Images are counted from 0, so nothing has to be added.
    np.argsort(-values[:, neuron])[:count] + 1
Neurons are counted from 0, as columns are: take `values[:, neuron]`.
    np.argsort(-values[:, neuron - 1])[:count]
""")


@exercise(
    "13.1",
    "What excites a neuron?",
    todo="Replace the ... by the numbers of the images with the largest values.",
    examples=lambda rng: [
        # No value comes twice, so that there is one order only. As many rows as columns, more
        # rows, and all images asked for.
        (np.array([[1.0, 5.0], [3.5, 0.0], [2.0, 9.0]]), 0, 2),
        (rng.permutation(40).reshape(8, 5) / 10, 3, 4),
        (rng.permutation(36).reshape(6, 6) / 10, 2, 3),
        (rng.permutation(150).reshape(50, 3) / 10, 1, 1),
        (rng.permutation(24).reshape(6, 4) / 10, 0, 6),
        # Only here are there more than 600 images: the last four tie. And only so many are left
        # unsorted by `argpartition` on every processor.
        (np.concatenate([rng.permutation(600), np.full(4, 999)])[:, None] / 10, 0, 400),
    ],
    view=_with_ties_in_order,
    mistakes={
        **written("values, neuron, count", _EXCITING),
        # It is right by luck where few are asked for, and stops where all are.
        "Those are the right images, but not in the order of their values: `argsort` gives that, "
        "`argpartition` does not.": Looks(
            lambda got, right: "kth" in str(got) or sorted(got.tolist()) == sorted(right)
        ),
    },
)
def most_exciting(values, neuron, count):
    """Return the numbers of the images to which a neuron answers most."""
    return np.argsort(-values[:, neuron], kind="stable")[:count]


def _maps_and_weights(rng, side, channels, digits):
    """Return maps, weights and a digit such that the largest product stands out."""
    maps = rng.uniform(0, 2, (side, side, channels)).round(1)
    # In steps of a tenth, each once: no two maps say the same.
    weights = (rng.permutation(channels * digits).reshape(channels, digits) / 10) - digits / 4
    return maps, weights.round(1), int(rng.integers(digits))


_LOUDEST = listed("""
Everything has been added up to a single number (`@` does that, too), and the largest of one is
always number 0: keep one product for each map.
    (maps.mean(axis=(0, 1)) @ weights[:, digit]).argmax()
    np.mean(maps * weights[:, digit]).argmax()
That is a place among all pixels of all maps; take their mean over the axes 0 and 1 first.
    (maps * weights[:, digit]).argmax()
That is the map with the largest mean; its weight for the digit counts, too.
    np.argmax(maps.mean(axis=(0, 1)))
That is the map with the largest weight; each map's own mean, over height and width, counts, too.
    np.argmax(weights[:, digit])
    (maps.mean() * weights[:, digit]).argmax()
The dense layer gets the mean of each map, over all of its pixels.
    (maps.max(axis=(0, 1)) * weights[:, digit]).argmax()
    (np.median(maps, axis=(0, 1)) * weights[:, digit]).argmax()
    ((maps > 0).mean(axis=(0, 1)) * weights[:, digit]).argmax()
That is how much the map says; return its number: `argmax`, not `max`.
    max(maps.mean(axis=(0, 1)) * weights[:, digit])
That is the map that says most against the digit: `argmax`, not `argmin`.
    np.argmin(maps.mean(axis=(0, 1)) * weights[:, digit])
The sign counts: what lowers the sum speaks against the digit, so leave out `abs`.
    np.abs(maps.mean(axis=(0, 1)) * weights[:, digit]).argmax()
Those are the products of all maps; find the largest with `argmax`.
    (maps.mean(axis=(0, 1)) * weights[:, digit])
That is the order of all maps; return the one that says most.
    np.argsort(-(maps.mean(axis=(0, 1)) * weights[:, digit]))
    np.argsort(maps.mean(axis=(0, 1)) * weights[:, digit])
    np.argsort(maps.mean(axis=(0, 1)) * weights[:, digit])[::-1]
`np.where` gives arrays of places; `argmax` gives the number of the largest.
    says = maps.mean(axis=(0, 1)) * weights[:, digit]
    return np.where(says == says.max())
That is the map itself; return its number.
    maps[:, :, (maps.mean(axis=(0, 1)) * weights[:, digit]).argmax()]
Maps are counted from 0, so nothing has to be added.
    (maps.mean(axis=(0, 1)) * weights[:, digit]).argmax() + 1
Put parentheses around the product: `argmax` looks only at what stands before it, or at what stands
between its parentheses.
    maps.mean(axis=(0, 1)) * weights[:, digit].argmax()
    np.argmax(maps.mean(axis=(0, 1))) * weights[:, digit]
That is a row of the weights, of one map; those for one digit are a column: `weights[:, digit]`.
    (maps.mean(axis=(0, 1)) * weights[digit]).argmax()
`weights[:digit]` are the first rows; the column of the digit is `weights[:, digit]`.
    (maps.mean(axis=(0, 1)) * weights[:digit]).argmax()
Row i of the weights belongs to map i, but means times `weights` multiplies along the columns: take
the column of the digit first.
    (maps.mean(axis=(0, 1)) * weights).argmax(axis=0)[digit]
    (maps.mean(axis=(0, 1)) * weights)[:, digit].argmax()
That is the digit for which all maps together say most; return the number of a map.
    (maps.mean(axis=(0, 1)) @ weights).argmax()
That adds up mean and weight; multiply them.
    (maps.mean(axis=(0, 1)) + weights[:, digit]).argmax()
That divides by the weight; multiply by it.
    (maps.mean(axis=(0, 1)) / weights[:, digit]).argmax()
That is the sum over all maps; find the largest before you add them up.
    maps.mean(axis=(0, 1)) @ weights[:, digit]
The mean is taken over height and width, which are the axes 0 and 1.
    (maps.mean(axis=(1, 2)) * weights[:, digit]).argmax()
    (maps.mean(axis=0) * weights[:, digit]).argmax()
    (maps.mean(axis=1) * weights[:, digit]).argmax()
    (maps.mean(axis=2) * weights[:, digit]).argmax()
`maps[i]` is row i of all maps; map i is `maps[:, :, i]`.
    np.argmax([maps[i].mean() * weights[i, digit] for i in range(len(maps))])
    np.argmax([maps[i].mean() * weights[i, digit] for i in range(len(weights))])
`reshape` leaves the numbers in their order, in which the channels of a pixel stand side by side:
take the mean over the axes 0 and 1 instead.
    (maps.reshape(maps.shape[2], -1).mean(axis=1) * weights[:, digit]).argmax()
That looks at only one number of each map; take the mean over height and width.
    (maps[0, 0] * weights[:, digit]).argmax()
Where all maps speak against the digit, the one that does so least is asked for: begin a search with
`-np.inf`, not with 0, and leave out a ReLU.
    np.maximum(0, maps.mean(axis=(0, 1)) * weights[:, digit]).argmax()
The search never replaces the value that it compares with, so the last map that is larger wins.
    max([0] + [i for i in range(maps.shape[2]) if maps[:, :, i].mean() * weights[i, digit] > 0])
    maps.shape[2] - 1
The last map is left out: `range(n)` ends at n - 1 already.
    (maps.mean(axis=(0, 1)) * weights[:, digit])[:-1].argmax()
""")


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
    mistakes=written("maps, weights, digit", _LOUDEST),
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


def _of_a_fixed_number(results, expected, examples):
    shares = [got / _known(*given).sum() for got, given in zip(results, examples, strict=True)]
    return min(shares) > 0 and np.ptp(shares) < 1e-9


_AT_BEST = listed("""
That is a share; a percentage is a hundred times as large.
    (guesses == truth).any(axis=0).mean()
Those are images that all networks know; one is enough: `any`, not `all`.
    100 * (guesses == truth).all(axis=0).mean()
That is a vote; one network that knows the digit is enough.
    100 * ((guesses == truth).mean(axis=0) > 0.5).mean()
    100 * ((guesses == truth).mean(axis=0) >= 0.5).mean()
    100 * np.mean([np.bincount(column).argmax() for column in guesses.T] == truth)
A single network that knows the digit is enough, and so are several: `> 0`.
    100 * ((guesses == truth).sum(axis=0) > 1).mean()
    100 * ((guesses == truth).sum(axis=0) == 1).mean()
That is the mean of what each network knows; an image counts if any of them knows it.
    100 * np.mean(guesses == truth)
That counts an image once for each network that knows it; once is enough: `any`.
    100 * (guesses == truth).sum() / len(truth)
That is what the best network alone knows; another may know what it does not.
    max(100 * (row == truth).mean() for row in guesses)
That is the number of the best network; count the images that any of them knows.
    (guesses == truth).mean(axis=1).argmax()
That is one number for each network; one is asked for, about all of them together.
    100 * (guesses == truth).mean(axis=1)
That is how many networks know an image; ask whether any of them does, then take the mean.
    100 * (guesses == truth).mean(axis=0)
    (guesses == truth).sum(axis=0)
    100 * (guesses == truth).mean(axis=0).max()
That looks for networks that know any image; images are the columns: `axis=0`.
    100 * (guesses == truth).any(axis=1).mean()
    100 * (guesses == truth).any(axis=1).sum() / len(truth)
Those are images that no network knows; the exercise asks for the others.
    100 * (guesses != truth).all(axis=0).mean()
Those are images at which at least one network fails; `==` instead of `!=`.
    100 * (guesses != truth).any(axis=0).mean()
That is how many images; divide by how many there are, and multiply by 100.
    (guesses == truth).any(axis=0).sum()
That asks whether any network knows any image at all; ask it for each image: `axis=0`.
    100.0 * (guesses == truth).any()
Python's own `any` asks whether a whole row is true, which cannot be decided: use `.any(axis=0)`.
    100 * np.mean(any(guesses == truth))
That is one answer for each image; take the mean over them, times 100.
    (guesses == truth).any(axis=0)
    100 * (guesses == truth).any(axis=0)
Divide by the number of images, which is the length of `truth`, not that of `guesses`.
    100 * (guesses == truth).any(axis=0).sum() / len(guesses)
    100 * (guesses == truth).any(axis=0).sum() / guesses.size
That asks only one or two of the networks, but there may be fewer or more: ask all of them.
    100 * (guesses[0] == truth).mean()
    100 * (guesses[-1] == truth).mean()
    100 * ((guesses[0] == truth) | (guesses[1] == truth)).mean()
`guesses` holds digits already: first compare each of them with the truth, then see which images any
network knows.
    100 * (guesses.max(axis=0) == truth).mean()
    100 * (guesses.mean(axis=0) == truth).mean()
    100 * (guesses.argmax(axis=0) == truth).mean()
A digit may stand among the guesses for other images: compare image by image, with `==`.
    100 * np.isin(truth, guesses).mean()
    100 * np.isin(guesses, truth).any(axis=0).mean()
    100 * len(set(guesses.ravel()) & set(truth)) / len(truth)
`guesses[i]` is a row, the guesses of one network; those for image i are `guesses[:, i]`.
    100 * np.mean([truth[i] in guesses[i] for i in range(len(truth))])
Leave `truth` as it is: its entries belong to the columns of `guesses` already.
    100 * (guesses == truth[:, None]).any(axis=0).mean()
Put parentheses around the comparison: the 100 multiplies the guesses here.
    (100 * guesses == truth).any(axis=0).mean()
Only the first image has been asked: does `return` stand inside the loop?
    100 * (truth[0] in guesses[:, 0]) / len(truth)
The last image is left out: `range(n)` ends at n - 1 already.
    100 * sum(truth[i] in guesses[:, i] for i in range(len(truth) - 1)) / len(truth)
`int` and `//` cut off the decimals; leave them.
    int(100 * (guesses == truth).any(axis=0).mean())
    100 * (guesses == truth).any(axis=0).sum() // len(truth)
""")


@exercise(
    "13.3",
    "Does any of them know?",
    todo="Replace the ... by the percentage of images that at least one network reads correctly.",
    examples=lambda rng: [
        # Wider than high and higher than wide, a square, a single network; and sevenths, which
        # nobody can round.
        (np.array([[1, 2, 3, 0], [1, 7, 4, 0]]), np.array([1, 2, 5, 0])),
        _guesses(rng, 3, 8),
        _guesses(rng, 5, 40),
        _guesses(rng, 4, 4),
        _guesses(rng, 6, 3),
        _guesses(rng, 1, 20),
        _guesses(rng, 2, 7),
    ],
    mistakes={
        **written("guesses, truth", _AT_BEST),
        "The number of images is not always the same: divide by `len(truth)`, or take the mean.": (
            Looks(_of_a_fixed_number, together=True)
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
    ours=9.7,
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

wrong_written("13.1", _EXCITING)
wrong_results(
    "13.1",
    {
        "`argpartition` does not": "np.argpartition(-values[:, neuron], count - 1)[:count]",
        "It never uses `count`": "np.argsort(-values[:, neuron])[:2]",
    },
)
wrong_written("13.2", _LOUDEST)
wrong_written("13.3", _AT_BEST)
wrong_results(
    "13.3",
    {
        "number of images is not always": "(guesses == truth).any(axis=0).sum() / 100",
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
