"""Teach the network the hand of single people, and measure what that buys and what it costs.

    .venv/bin/python -m bench handwriting --strokes FILE

FILE is as `bench/strokes.py` describes it; a class makes one by `python -m tools.handwriting`.
Each writer is taken alone: the remedies of step 14, whose code is taken from the notebook, learn
from some of each digit and are measured on all other digits of the same writer, and on MNIST's
test images. Then some labels are made wrong, to see how many of them the step points at. Writes a
section of bench/RESULTS.md.
"""

import sys
import time

import numpy as np

from bench import results, strokes
from bench.networks import code_of
from helpers import draw_strokes, to_digit

SECTION = "Teaching it one hand"
COUNTS = 1, 2, 5, 10
DRAWS = 3  # of remedies that take no time
# As in the step: five wrong labels among a hundred drawings, twenty times.
OF_EACH, WRONG, ROUNDS = 10, 5, 20
NAMES = [
    "nearest",
    "teach_last",
    "copies_of",
    "with_others",
    "teach_all",
    "outputs_of",
    "to_features",
    "suspicious",
    "test",
    "y_test",
]


def remedies(step, rng, seed=1):
    """Return each remedy: name → whether it is quick, and what learns and then reads.

    `rng` draws copies and others' digits, `seed` decides how a training goes. What learns gets
    images, features and labels, and returns two functions: of images and features to guesses, and
    of nothing to the guesses for MNIST.
    """
    step["progress"] = lambda items, _label: items  # no bars in a log
    F_test = step["outputs_of"](step["to_features"], step["test"])

    def by_features(guess):
        return lambda images, features: guess(features), lambda: guess(F_test)

    def by_network(model):
        def guess(images):
            return step["outputs_of"](model, images).argmax(axis=1)

        return lambda images, features: guess(images), lambda: guess(step["test"])

    def nearest(images, features, labels):
        return by_features(lambda rows: step["nearest"](rows, features, labels))

    def last(images, features, labels):
        W, b = step["teach_last"](features, labels)
        return by_features(lambda rows: (rows @ W + b).argmax(axis=1))

    def alone(images, features, labels):
        copies = step["copies_of"](images, labels, 2000, rng)
        return by_network(step["teach_all"](*copies, batch_size=32, seed=seed))

    def mixed(images, features, labels):
        copies = step["copies_of"](images, labels, 2000, rng)
        mixture = step["with_others"](*copies, 8000, rng)
        return by_network(step["teach_all"](*mixture, batch_size=160, seed=seed))

    return {
        "nearest of yours": (True, nearest),
        "last layer": (True, last),
        "all layers": (False, alone),
        "all layers, mixed": (False, mixed),
    }


def load(path, *, chosen_by=False):
    """Return what step 14 defines, and the digits in the file at `path`: name → array.

    Parameters
    ----------
    path : path
    chosen_by : bool
        Whether to take those writers by whom the remedies were chosen, instead of all others.
    """
    labels, writers, drawings = strokes.load(path)
    wanted = np.flatnonzero(np.isin(writers, sorted(strokes.CHOSEN_BY)) == chosen_by)
    images = np.array([to_digit(draw_strokes(drawings[i]), 28) for i in wanted])
    step = code_of("14_handwriting", NAMES, "float32")
    return step, {
        "labels": labels[wanted],
        "writers": writers[wanted],
        "images": images,
        "features": step["outputs_of"](step["to_features"], images),
    }


def measure(step, digits, *, counts=COUNTS, slow_counts=(5,)):
    """Teach the network the hand of each writer; return a list of what came of each.

    Parameters
    ----------
    step, digits : dict
        As `load` returns them.
    counts, slow_counts : sequence of int
        How many of each digit are learned from; the second for remedies that train all layers.
    """
    labels, writers, images, features = digits.values()
    W, b = step["W"], step["b"]
    plain = (features @ W + b).argmax(axis=1) != labels
    found = []
    ways = remedies(step, np.random.default_rng(0))
    for writer in sorted(set(writers)):
        own = np.flatnonzero(writers == writer)
        for name, (quick, teach) in ways.items():
            for count in counts if quick else slow_counts:
                for seed in range(DRAWS if quick else 1):
                    known = pick(labels, own, count, np.random.default_rng(seed))
                    if known is None:
                        continue
                    others = np.setdiff1d(own, known)
                    start = time.perf_counter()
                    read, read_mnist = teach(images[known], features[known], labels[known])
                    seconds = time.perf_counter() - start
                    wrong = read(images[others], features[others]) != labels[others]
                    found.append({
                        "writer": str(writer),
                        "remedy": name,
                        "count": count,
                        "digits": len(others),
                        "before": int(plain[others].sum()),
                        "after": int(wrong.sum()),
                        "mnist": int((read_mnist() != step["y_test"]).sum()),
                        "seconds": seconds,
                    })
        print(*found[-2:], sep="\n", flush=True)
    return found


def pick(labels, own, count, rng):
    """Return that many of each digit among the numbers `own`, or None if there are too few."""
    rows = [rng.permutation(own[labels[own] == digit])[:count] for digit in range(10)]
    return np.concatenate(rows) if min(map(len, rows)) == count else None


def wrong_labels(suspicious, digits):
    """Make some labels of each writer wrong; return how many of them are found: writer → list.

    Each list holds, for one round, how many wrong labels the step points at, and how many right
    ones. Writers with too few digits are left out.

    Parameters
    ----------
    suspicious : callable
        Gets features and labels, and returns the places of doubtful ones.
    digits : dict
        As `load` returns it.
    """
    labels, writers, _, features = digits.values()
    rng, found = np.random.default_rng(0), {}
    for writer in sorted(set(writers)):
        own = np.flatnonzero(writers == writer)
        for _ in range(ROUNDS):
            rows = pick(labels, own, OF_EACH, rng)
            if rows is None:
                break
            lies = rng.permutation(len(rows))[:WRONG]
            told = labels[rows]
            told[lies] = (told[lies] + rng.integers(1, 10, size=WRONG)) % 10
            right = np.isin(suspicious(features[rows], told), lies)
            found.setdefault(str(writer), []).append([int(right.sum()), int((~right).sum())])
    return found


def rows_of(found):
    """Return the rows of the table: one for each remedy and number of drawings."""
    rows = []
    for remedy, count in dict.fromkeys((one["remedy"], one["count"]) for one in found):
        some = [one for one in found if (one["remedy"], one["count"]) == (remedy, count)]
        names = sorted({one["writer"] for one in some})

        def means(key, some=some, names=names):
            return np.array([
                np.mean([one[key] for one in some if one["writer"] == name]) for name in names
            ])

        before, after = means("before"), means("after")
        low, middle, high = np.percentile(after - before, [25, 50, 75])
        rows.append([
            f"{remedy}, {count} of each",
            f"{before.mean():.2f}",
            f"{after.mean():.2f}",
            f"{low:+.1f} / {middle:+.1f} / {high:+.1f}",
            f"{max(one['after'] - one['before'] for one in some):+d}",
            f"{100 * (1 - after.sum() / means('digits').sum()):.2f}",
            f"{np.mean([one['mnist'] for one in some]):.1f}",
            f"{max(one['mnist'] for one in some)}",
            f"{np.median([one['seconds'] for one in some]):.1f}",
        ])
    return rows


def section(found):
    """Return the lines of the section: ``taught`` is of `measure`, ``lies`` of `wrong_labels`."""
    taught, lies = found["taught"], found["lies"]
    writers = len({one["writer"] for one in taught})
    return [
        f"The remedies of step 14, each taught by one of {writers} writers with some of each "
        "digit, and measured on all other digits of that writer: errors before and after, on "
        "average over the writers; by how much they change for the writers at the quartiles; and "
        "for the worst single training. Beside it, errors on the 10,000 test images of MNIST, on "
        f"average and at worst. The first two remedies were taught {DRAWS} times for each writer, "
        "with other drawings, the last two once. Remedies and rates were chosen by other writers. "
        "Seconds are those of learning.",
        "",
        *results.table(
            [
                "remedy",
                "errors before",
                "after",
                "change, quartiles",
                "change, worst",
                "right after, %",
                "MNIST errors",
                "MNIST, worst",
                "seconds",
            ],
            rows_of(taught),
        ),
        f"And how many wrong labels does the step find? Of {10 * OF_EACH} digits of each writer, "
        f"{OF_EACH} of each, {WRONG} got another label by chance, {ROUNDS} times. These are the "
        "shares of the wrong labels that it points at, and beside them how many right ones it "
        "points at among the others.",
        "",
        *results.table(
            ["writers", "wrong labels found, %", "right ones pointed at, per 100 digits"],
            rows_of_lies(lies),
        ),
    ]


def rows_of_lies(lies):
    """Return the rows of the table of wrong labels: the mean over the writers, and the worst."""
    hits, alarms = np.array([np.mean(rounds, axis=0) for rounds in lies.values()]).T
    shares, alarms = 100 * hits / WRONG, alarms * 100 / (10 * OF_EACH - WRONG)
    return [
        [f"mean of {len(lies)}", f"{shares.mean():.1f}", f"{alarms.mean():.2f}"],
        ["worst", f"{shares.min():.1f}", f"{alarms.max():.2f}"],
    ]


def main(path):
    """Measure the file at `path`, and write the section."""
    step, digits = load(path)
    lies = wrong_labels(step["suspicious"], digits)
    found = {"taught": measure(step, digits), "lies": lies}
    results.write("handwriting", found, ["tensorflow", "keras", "numpy"])


if __name__ == "__main__":
    sys.exit(
        "Measure it by python -m bench handwriting --strokes FILE, which sets the environment."
    )
