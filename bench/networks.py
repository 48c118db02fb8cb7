"""Accuracy against training time, on MNIST: python -m bench networks.

All networks of the series, with the code of the notebooks, which is taken from them; beside them a
recipe of keras.io and three classifiers of scikit-learn. All are measured on the 10,000 test
images. Our convolutional network is trained before and after the recipe, so that the ratio of their
times depends less on what else the machine does. Writes a section of bench/RESULTS.md, and
data/scoreboard.json, which the steps show.

The recipe is the example `mnist_convnet` of keras.io: 34,826 parameters, 15 epochs.
"""

import json
import sys
import time
from functools import partial

import matplotlib.pyplot as plt
import numpy as np

from bench import results
from bench.side_by_side import spread
from helpers import load_mnist
from helpers.data import DATA
from tools import NOTEBOOKS
from tools.sources import load_source

SECTION = "Accuracy against training time"
RECIPE = "keras.io, `mnist_convnet`"
ANOTHER_DAY = 0.58  # the ratio of our network with 4 epochs, on a machine of the same kind
ALT = (
    "Errors over seconds of training, both axes logarithmic: the convolutional networks of the "
    "series lie lowest. Of scikit-learn's classifiers, support vectors make fewer errors than the "
    "dense networks and train the longest; nearest neighbors need no training."
)


def code_of(step, names, floatx):
    """Return what a notebook defines by these names, ready to compute with that dtype."""
    import keras

    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(floatx)
    return load_source(NOTEBOOKS / f"{step}.ipynb", names)


def keras_io(images, y):
    """Train the network of keras.io's example as it is trained there."""
    import keras
    from keras import layers

    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    inputs, answers = (images / 255).astype("float32")[..., None], np.eye(10)[y]
    model.fit(inputs, answers, batch_size=128, epochs=15, validation_split=0.1, verbose=0)
    return model


def score(make, percent_right, test, parameters=None):
    """Make a network; return parameters, errors in percent, and seconds of training and reading."""
    start = time.perf_counter()
    model = make()
    trained = time.perf_counter()
    errors = 100 - float(percent_right(model, *test))
    return {
        "parameters": parameters or model.count_params(),
        "errors": round(errors, 2),
        "seconds": trained - start,
        "reading": time.perf_counter() - trained,
    }


def averages(images, y):
    """Return ten average images, float64 (10, 784)."""
    return np.array([images[y == digit].mean(axis=0).ravel() for digit in range(10)])


def nearest_right(averages, images, y):
    """Return the percentage of images whose nearest average is that of their digit."""
    distances = (averages**2).sum(axis=1) - 2.0 * images.reshape(-1, 784) @ averages.T
    return 100 * (distances.argmin(axis=1) == y).mean()


def classifiers():
    """Yield name, classifier, and number of parameters of what scikit-learn offers."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.svm import SVC

    yield "scikit-learn, logistic regression", LogisticRegression(max_iter=100), 7850
    # Both keep (nearly) all images.
    yield "scikit-learn, 3 nearest neighbors", KNeighborsClassifier(3), 60_000 * 784
    yield "scikit-learn, support vectors", SVC(C=5, gamma="scale"), None


def networks():
    """Yield step, name, number of training images, and what was measured, one by one."""
    from helpers import training

    (images, labels), (test_images, test_labels) = load_mnist()
    y, test = labels.astype(int), (test_images, test_labels.astype(int))
    few = np.concatenate([np.flatnonzero(y == digit)[:500] for digit in range(10)])

    yield (
        9,
        "nearest average",
        60_000,
        score(partial(averages, images, y), nearest_right, test, 7840),
    )
    names = code_of("09_mnist", ["train", "percent_right"], "float64")
    for name, hidden, count, epochs in [
        ("25 and 15 units", (25, 15), 5000, 40),
        ("25 and 15 units", (25, 15), 60_000, 3),
        ("128 and 64 units", (128, 64), 60_000, 3),
    ]:
        make = partial(names["train"], hidden, images[:count], y[:count], epochs)
        yield 9, name, count, score(make, names["percent_right"], test)

    def augment_and_train():
        names = code_of("10_dropout", ["train", "augmented"], "float64")
        return names["train"](0, feed=names["augmented"])

    names = code_of("10_dropout", ["score"], "float64")
    rows, right = test[0].reshape(-1, 784) / 255, lambda *of: names["score"](*of)[0]
    yield 10, "128 and 64, augmented", 5000, score(augment_and_train, right, (rows, test[1]))

    names = code_of("11_cnn", ["train", "percent_right"], "float32")
    right = names["percent_right"]
    make = partial(names["train"], images[few], y[few], epochs=30, as_they_are=5, bend=0.7)
    yield 11, "convolutional", 5000, score(make, right, test)
    runs = {epochs: partial(names["train"], images, y, epochs=epochs) for epochs in (2, 4)}
    before = {epochs: score(make, right, test) for epochs, make in runs.items()}
    recipe = score(partial(keras_io, images, y), right, test)
    after = {epochs: score(make, right, test) for epochs, make in runs.items()}
    for step, name, epochs in [
        (None, "convolutional, 2 epochs", 2),
        (11, "convolutional", 4),
    ]:
        both = [before[epochs]["seconds"], after[epochs]["seconds"]]
        ratios = [time / recipe["seconds"] for time in both]
        yield step, name, 60_000, {**after[epochs], "seconds": sum(both) / 2, "ratios": ratios}
    yield None, RECIPE, 54_000, recipe
    shipped = score(training.load_network, right, test)
    shipped["seconds"] = json.loads((DATA / "cnn.json").read_text(encoding="utf-8"))["seconds"]
    yield 11, "convolutional, shipped", 60_000, shipped

    X = images.reshape(-1, 784) / 255
    for name, classifier, parameters in classifiers():
        found = score(
            lambda classifier=classifier: classifier.fit(X, y),
            lambda model, X, y: 100 * model.score(X, y),
            (rows, test[1]),
            parameters or 1,
        )
        if parameters is None:
            found["parameters"] = classifier.support_vectors_.size
        yield None, name, 60_000, {**found, "ratios": [found["seconds"] / recipe["seconds"]]}


def measure():
    """Train everything; return a dict for each network."""
    from helpers import training

    training.progress = lambda items, _label: items
    found = []
    for step, name, images, scored in networks():
        found.append({"step": step, "name": name, "images": images, **scored})
        found[-1]["seconds"] = round(found[-1]["seconds"], 1)
        print(found[-1], flush=True)
    return found


def section(found):
    """Return the lines of the section."""
    return [
        "Errors on the 10,000 test images of MNIST, and seconds of training, beside the example "
        "`mnist_convnet` of keras.io with its 15 epochs, which holds 6,000 images apart and "
        "measures itself on them after each epoch. The errors are those of one training of each, "
        "so they have no spread here: among 10,000 images, luck alone moves 1 % by some 0.1 % and "
        "0.4 % by some 0.06 %. The ratio is that of the times of training; our network with 2 and "
        "with 4 epochs was trained before and after the example, and its ratio is the mean with "
        "both. It is a "
        f"rough one: with 4 epochs it was {ANOTHER_DAY} on another day. The network that is "
        "shipped has the time that it took when it was made, by `tools/make_network.py`. Reading "
        "is for all 10,000 at once. 5,000 images are the first in step 9, and 500 of each digit "
        "from step 10 on. The number of parameters of what keeps images is that of all their "
        "pixels. The network with 2 epochs is in none of the steps.",
        "",
        *results.picture("networks", ALT),
        *results.table(
            ["network", "parameters", "errors", "training, s", "ratio to keras.io", "reading, s"],
            [
                [
                    f"{row['name']}, {row['images']:,} images",
                    f"{row['parameters']:,}",
                    f"{row['errors']:.2f} %",
                    f"{row['seconds']:.0f}",
                    ratio_of(row),
                    f"{row['reading']:.1f}",
                ]
                for row in found
            ],
        ),
    ]


def ratio_of(row):
    """Return the ratio of a network's time of training to the recipe's, as text."""
    ratios = row.get("ratios", [])
    if len(ratios) > 1:
        return spread(ratios)
    if row["name"] == RECIPE:
        return "1"
    return f"{ratios[0]:.2f}" if ratios else "–"


def scoreboard(found):
    """Return the text of data/scoreboard.json: one line for each network that a step has."""
    keys = ["step", "name", "images", "parameters", "errors", "seconds"]
    rows = [json.dumps({key: row[key] for key in keys}) for row in found if row["step"]]
    return "[\n" + ",\n".join(rows) + "\n]\n"


def draw(found):
    """Draw errors over seconds of training."""
    plt.style.use("helpers.series")
    fig, ax = plt.subplots(figsize=(8, 4.5))
    for row in found:
        name, seconds = row["name"].replace("`", ""), max(row["seconds"], 0.1)
        theirs, few = name.startswith(("keras.io", "scikit-learn")), row["images"] == 5000
        ax.plot(seconds, row["errors"], "s" if theirs else "o", color="C1" if theirs else "C0")
        ax.annotate(
            name if row["images"] == 60_000 else f"{name}, {row['images']:,} images",
            (seconds, row["errors"]),
            xytext=(-6 if few else 6, 0),
            textcoords="offset points",
            ha="right" if few else "left",
            va="center",
            fontsize="small",
        )
    ax.set(xscale="log", yscale="log", xlabel="seconds of training", ylabel="errors, %")
    ax.set_xlim(right=20 * max(row["seconds"] for row in found))
    ax.set_yticks([0.3, 1, 3, 10], ["0.3", "1", "3", "10"])
    ax.set_xticks([0.1, 1, 10, 100, 1000], ["0.1 or less", "1", "10", "100", "1,000"])
    ax.minorticks_off()
    ax.set_title("dots: this series; squares: others; 60,000 images unless it says otherwise")
    return fig


def main():
    """Measure; write the section, its picture and the scoreboard."""
    found = measure()
    results.write("networks", found, ["tensorflow", "keras", "numpy", "sklearn"])
    (DATA / "scoreboard.json").write_text(scoreboard(found), encoding="utf-8")


if __name__ == "__main__":
    sys.exit("Measure it by python -m bench networks, which sets the environment.")
