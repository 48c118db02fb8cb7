"""Bugs that people really write, put into a copy of the helpers and notebooks; each must be found.

`make prove` tries them all; proof/test_proof.py tries those that tests of one second find.
"""

import dataclasses
from pathlib import Path

import nbformat

BUGS = []


@dataclasses.dataclass(frozen=True)
class Bug:
    """A change of one place in a helper or in the code of a notebook."""

    file: str
    text: str
    old: str
    new: str
    harmless: str = ""  # why nothing needs to find it, where that is so

    @property
    def name(self):
        """What is wrong where."""
        return f"{self.text} ({self.file})"

    def put_into(self, root):
        """Change the file in a copy of the repository, and leave all stored outputs as they are."""
        path = Path(root, self.file)
        if path.suffix != ".ipynb":
            source = path.read_text(encoding="utf-8")
            assert source.count(self.old) == 1, f"{self.old!r} is there {source.count(self.old)} ×"
            path.write_text(source.replace(self.old, self.new), encoding="utf-8")
            return
        notebook = nbformat.read(path, as_version=4)
        cells = [c for c in notebook.cells if c.cell_type == "code" and self.old in c.source]
        assert cells, f"{self.old!r} is not there"
        cells[0].source = cells[0].source.replace(self.old, self.new, 1)
        nbformat.write(notebook, path)


def bugs(file, *changes):
    """List changes of one file: what it is, the old text, the new text, and if it is harmless."""
    BUGS.extend(Bug(file, *change) for change in changes)


bugs(
    "src/helpers/data.py",
    (
        "labels shifted by one",
        "return X, labels.astype(np.int64)",
        "return X, np.roll(labels, 1).astype(np.int64)",
    ),
    (
        "every label one too high",
        "return X, labels.astype(np.int64)",
        "return X, (labels.astype(np.int64) + 1) % 10",
    ),
    (
        "transposed pictures",
        "images.reshape(5000, 400).astype",
        "images.transpose(0, 2, 1).reshape(5000, 400).astype",
    ),
    ("forgotten division by 255", ".astype(np.float32) / 255\n", ".astype(np.float32)\n"),
    ("division by 256", ".astype(np.float32) / 255\n", ".astype(np.float32) / 256\n"),
    ("paper and ink exchanged", ".astype(np.float32) / 255\n", ".astype(np.float32) / -255 + 1\n"),
    (
        "64 bits instead of 32",
        "images.reshape(5000, 400).astype(np.float32)",
        "images.reshape(5000, 400).astype(np.float64)",
    ),
    ("the checksum not compared", "!= _SHA256", "== None"),
    (
        "test images in training",
        "cuts = [count * 7 // 10, count * 8 // 10]\n        for part",
        "cuts = [count * 7 // 10, count * 8 // 10]\n        order[-1] = order[0]\n        for part",
    ),
    ("validation and test exchanged", "count * 8 // 10]", "count * 9 // 10]"),
    (
        "a split without mixing",
        "order = rng.permutation(np.flatnonzero(y == digit))",
        "order = np.flatnonzero(y == digit)",
    ),
    (
        "sets in the order of the digits",
        "[rng.permutation(np.concatenate(part)) for",
        "[np.concatenate(part) for",
    ),
    (
        "a split from the clock",
        "np.random.default_rng(0)\n    parts",
        "np.random.default_rng()\n    parts",
    ),
    (
        "another seed for the split",
        "np.random.default_rng(0)\n    parts",
        "np.random.default_rng(1)\n    parts",
    ),
    ("labels of other images", "(X[indices], y[indices])", "(X[indices], np.sort(y[indices]))"),
    ("NaN let through", "if not np.isfinite(X).all():", "if np.isfinite(X).all() is None:"),
    ("values above 1 let through", "high > 1 + 1e-6", "high > 255 + 1e-6"),
)

bugs(
    "src/helpers/ink.py",
    (
        "x and y exchanged",
        "upright = Affine2D().scale(width, -side)",
        "upright = Affine2D().rotate_deg(90).scale(-1, 1).scale(width, -side)",
    ),
    ("upside down", ".scale(width, -side).translate(0, side)", ".scale(width, side)"),
    ("a finer pen", "BRUSH = 0.08", "BRUSH = 0.04"),
    ("small writing with the broad pen", "min(1, max(size", "max(1, max(size"),
    ("a pen of square ends", 'style.set_capstyle("round")', 'style.set_capstyle("butt")'),
    (
        "long strokes with gaps",
        "Line(stroke[start : start + 1001])",
        "Line(stroke[start : start + 999])",
    ),
    ("dots vanish", "if np.ptp(stroke, axis=0).max() < 1e-4:", "if False:"),
    ("centered by its box", "np.round(side / 2 - middle)", "np.round((side - len(ink)) / 2)"),
    (
        "the center half a pixel off",
        "np.round(side / 2 - middle)",
        "np.round((side - 1) / 2 - middle)",
    ),
    ("the last row cut off", "ink[rows[0] : rows[-1] + 1,", "ink[rows[0] : max(rows[-1], 1),"),
    (
        "stretched to a square",
        "side = max(height, width)\n    top",
        "ink = resample(ink, max(ink.shape), max(ink.shape))\n    height, width = ink.shape\n"
        "    side = height\n    top",
    ),
    ("not stretched to full strength", "np.round(ink * (255 / ink.max()))", "np.round(ink * 1.0)"),
    (
        "the pen not matched",
        'steps["pen"] = match_pen(steps["cut out"])',
        'steps["pen"] = steps["cut out"]',
    ),
    (
        "nearest pixel instead of the average",
        "else Image.Resampling.BOX\n    return",
        "else Image.Resampling.NEAREST\n    return",
    ),
    (
        "another filter to 20 pixels",
        "(20, 20), Image.Resampling.BICUBIC",
        "(20, 20), Image.Resampling.BOX",
    ),
    (
        "not divided by 255",
        'steps["final"].astype(np.float32) / 255',
        'steps["final"].astype(np.float32)',
    ),
    ("paper taken for ink", "ink = np.abs(gray - paper)", "ink = 1 - np.abs(gray - paper)"),
    (
        "an empty canvas is a digit",
        "    if steps is None:\n        return None\n    count",
        "    if steps is None:\n        return np.zeros((size, size), np.float32)\n    count",
    ),
    ("photos not turned upright", "ImageOps.exif_transpose(image, in_place=True)", "pass"),
    ("one step of the recipe renamed", 'steps["small"] =', 'steps["little"] = steps["small"] ='),
)

bugs(
    "src/helpers/canvas.py",
    (
        "undo takes the first stroke",
        "self.strokes = self.strokes[:-1]",
        "self.strokes = self.strokes[1:]",
    ),
    (
        "the least probable digit named",
        'return f"{probabilities.argmax()},',
        'return f"{probabilities.argmin()},',
    ),
    (
        "logits accepted",
        "abs(probabilities.sum() - 1) > 0.01",
        "abs(probabilities.sum() - 1) > 100",
    ),
    (
        "an error ends the drawing",
        "except Exception as error:  # of whatever kind",
        "except OSError as error:  # of whatever kind",
    ),
    ("an old drawing overwrites a new one", "if number < _decode", "if number < 0 * _decode"),
    (
        "the digit shared, not copied",
        "return self._digits[0].copy() if",
        "return self._digits[0] if",
    ),
    (
        "two drawings read at once",
        "with self._lock:\n            strokes, number",
        "if self:\n            strokes, number",
    ),
    ("big-endian coordinates", '.astype("<u2").tobytes()', '.astype(">u2").tobytes()'),
    ("a diagram of the drawing before", 'answer["inside"] = self._diagram.svg()', "pass"),
    ("softmax twice goes untold", "if probabilities.max() < TWICE:", "if probabilities.max() < 0:"),
    ("escape codes in the message", 're.sub(r"\\x1b\\[[\\d;]*m", "", str(error))', "str(error)"),
    (
        "the wrong cure for a shape",
        'batch = ", ".join(map(str, [1, *shape]))',
        "batch = str(shape)",
    ),
)

bugs(
    "src/helpers/plotting.py",
    ("digits drawn transposed", "ax.imshow(image, cmap=", "ax.imshow(image.T, cmap="),
    ("white on black", 'cmap="gray_r", vmin=0', 'cmap="gray", vmin=0'),
    (
        "each picture with a contrast of its own",
        "vmin=0, vmax=1)\n    ax.set(xticks",
        "vmin=0)\n    ax.set(xticks",
    ),
    (
        "wrong answers in the color of right ones",
        "RIGHT if truth in (None, best) else WRONG",
        "RIGHT",
    ),
    (
        "one position off",
        "for (row, column), count in np.ndenumerate(matrix):\n        if count:",
        "for (column, row), count in np.ndenumerate(matrix):\n        if count:",
    ),
    (
        "rows and columns named the wrong way round",
        'xlabel="predicted", ylabel="true digit"',
        'xlabel="true digit", ylabel="predicted"',
    ),
    ("percent without the factor 100", 'f"{100 * highest:.0f} %"', 'f"{highest:.0f} %"'),
    ("titles of the neighbor", "ax.set_title(titles[i],", "ax.set_title(titles[i - 1],"),
)

bugs(
    "src/helpers/training.py",
    (
        "an item left out",
        "for done, item in enumerate(items):",
        "for done, item in enumerate(items[1:]):",
    ),
    ("a saved network never loaded", "saved = keras.saving.load_model(path)", "pass"),
    (
        "a network of another shape used",
        "if (saved.input_shape, saved.output_shape) == ((None, 400), (None, 10)):",
        "if saved:",
    ),
    (
        "a damaged network used",
        'card["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()',
        "True",
    ),
    (
        "a half-written file",
        "data.write_whole(path, model.save)",
        "model.save(path)",
    ),
    ("accuracies drawn as losses", 'if "loss" in name}', "}"),
    (
        "the two curves named the wrong way round",
        '"unseen images" if name.startswith("val")',
        '"unseen images" if not name.startswith("val")',
    ),
    ("a linear axis", 'ax.set_yscale("log")', 'ax.set_yscale("linear")'),
    ("no numbers on a short axis", "highest < 10 * lowest", "highest < lowest"),
    (
        "a loss that is no number goes untold",
        "np.flatnonzero(~np.isfinite(values)) for",
        "np.flatnonzero([]) for",
    ),
    (
        "after an interrupt no picture",
        'shell.events.register("post_run_cell", self._after_cell)',
        "pass",
    ),
)

bugs(
    "src/helpers/augment.py",
    ("the input changed", "    images = images.copy()\n    for digit", "    for digit"),
    ("strokes onto other digits", "(labels == digit) & (rng", "(labels != digit) & (rng"),
    ("a flag to the right", "end_x, end_y = start_x - length", "end_x, end_y = start_x + length"),
    ("two flags", "bare = (beside < width**2 / 12 * 2.5) & (height > 10)", "bare = height > 10"),
    ("a bar at the top", "between(0.4, 0.65)", "between(0.0, 0.1)"),
    ("a hook to the right", "x - length, y - rise * length", "x + length, y - rise * length"),
    ("ink taken away", "np.maximum(images, strokes), images)", "strokes, images)"),
    ("a pen that only thickens", " + count * [np.minimum]", ""),
    ("every gap filled", "p=[0.7, 0.15, 0.15]", "p=[0.0, 0.0, 1.0]"),
    ("neighbors exchanged", "ink.take(corner + 1)", "ink.take(corner)"),
    (
        "a stretch for a turn",
        "[shift, turn, stretch, *bends]]",
        "[shift, stretch, turn, *bends]]",
    ),
    ("each image warped alike", "(2, len(part), 19)", "(2, 1, 19)"),
)

bugs(
    "src/helpers/inside.py",
    ("weights called what is carried", "carried = values[:, None] * W", "carried = 1.0 * W"),
    ("the weakest connections drawn", "axis=None)[::-1][: self.", "axis=None)[: self."),
    ("colors exchanged", "share, carried[i, j] > 0)", "share, carried[i, j] < 0)"),
    ("silent neurons filled", "max(value, 0) / largest", "max(abs(value), 1) / largest"),
)

bugs(
    "src/helpers/widgets.py",
    ("a control that does nothing", 'control.observe(self.redraw, names="value")', "pass"),
    ("alt text lost", '{"image/png": {"alt": self.alt}}', "{}"),
    ("a move is not said", "alt = self.access.said =", "alt ="),
    ("the first alt text after a move", "if change:", "if False:"),
    ("errors hidden", "raise\n            alt", "return\n            alt"),
)

bugs(
    "src/helpers/environment.py",
    (
        "versions not compared",
        "if requirement.specifier.contains(version, prereleases=True):",
        "if version:",
    ),
)

bugs(
    "notebooks/02_activations.ipynb",
    ("ReLU without the bend", "return np.maximum(0, z)", "return np.abs(z)"),
    ("softmax without its sum", "return powers / powers.sum()", "return powers"),
    ("softmax that overflows", "powers = np.exp(z - z.max())", "powers = np.exp(z)"),
)
bugs(
    "notebooks/03_dataset.ipynb",
    ("averages of rows, not of images", "mean(axis=0) for digit", "mean(axis=1)[:400] for digit"),
    ("the most distant average", "comparison.argmin(axis=1)", "comparison.argmax(axis=1)"),
    (
        "training images called unseen",
        "average_accuracy = (nearest(X_val, averages) == y_val)",
        "average_accuracy = (nearest(X_train, averages) == y_train)",
    ),
    ("averages from all images", "X_train[y_train == digit].mean", "X[y == digit].mean"),
)
bugs(
    "notebooks/04_architecture.ipynb",
    (
        "softmax over the wrong axis",
        "powers / powers.sum(axis=1, keepdims=True)",
        "powers / powers.sum(axis=0, keepdims=True)",
    ),
    ("the second ReLU forgotten", "a2 = np.maximum(0, a1 @ W2 + b2)", "a2 = a1 @ W2 + b2"),
    ("a bias forgotten in the count", "third = 15 * 10 + 10", "third = 15 * 10"),
    ("log10 for ln", "loss = -np.log(right_probability)", "loss = -np.log10(right_probability)"),
    (
        "weights all alike",
        "parameters.append(rng.uniform(-limit, limit, size=(inputs, outputs)))",
        "parameters.append(np.full((inputs, outputs), limit))",
    ),
)
bugs(
    "notebooks/05_model.ipynb",
    (
        "softmax in the last layer",
        'activation="linear", name="layer3"',
        'activation="softmax", name="layer3"',
    ),
    ("32 bits", 'set_floatx("float64")', 'set_floatx("float32")'),
    ("weights transposed", "X @ (W1 @ W2 @ W3)", "X @ (W1 @ W2 @ W3)[::-1]"),
)
bugs(
    "notebooks/06_training.ipynb",
    (
        "the gradient uphill",
        "weights.assign_sub(rate * gradient)",
        "weights.assign_add(rate * gradient)",
    ),
    (
        "the last batch left out",
        "for first in progress(range(0, len(y), 32)",
        "for first in progress(range(0, len(y) - 31, 32)",
    ),
    (
        "the wrong logit moved",
        "changed[:, 0] += bias",
        "changed[:, 1] += bias",
    ),
    (
        "a slope to one side, twice the distance",
        "slope = (loss_with(at + h) - loss_with(at - h)) / (2 * h)",
        "slope = (loss_with(at + h) - loss_with(at)) / (2 * h)",
    ),
    (
        "softmax twice",
        "SparseCategoricalCrossentropy(from_logits=True)",
        "SparseCategoricalCrossentropy(from_logits=False)",
    ),
    (
        "trained on the validation images",
        "history = honest.fit(\n    X_train,\n    y_train,",
        "history = honest.fit(\n    X_val,\n    y_val,",
    ),
    (
        "validated on training images",
        "validation_data=(X_val, y_val)",
        "validation_data=(X_train, y_train)",
    ),
    ("accuracy of seen images called unseen", "last['val_accuracy']:.1f}", "last['accuracy']:.1f}"),
    (
        "the standard deviation of all, not of a sample",
        "± {np.std(errors, ddof=1):.0f}",
        "± {np.std(errors):.1f}",
    ),
    (
        "the worst epoch called the best",
        'np.argmin(past["val_loss"])',
        'np.argmax(past["val_loss"])',
    ),
)
bugs(
    "notebooks/07_prediction.ipynb",
    (
        "probabilities without softmax",
        "prediction_p = tf.nn.softmax(prediction)",
        "prediction_p = prediction",
    ),
    (
        "softmax over the wrong axis",
        "tf.nn.softmax(model.predict(X, verbose=0))",
        "tf.nn.softmax(model.predict(X, verbose=0), axis=0)",
    ),
    ("another image", "image_of_two = X[1015]", "image_of_two = X[1016]"),
    (
        "moved in the other direction",
        "np.roll(pictures, shift, axis=2)",
        "np.roll(pictures, shift, axis=1)",
    ),
    (
        "rows for columns",
        "row = (pictures.sum(axis=-1) @ positions)",
        "row = (pictures.sum(axis=-2) @ positions)",
    ),
    (
        "ink and paper exchanged",
        "return 255 - 255 * to_digit(drawing)",
        "return 255 * to_digit(drawing)",
    ),
    (
        "the canvas not read",
        "return tf.nn.softmax(model(digit.reshape(1, 400)))[0]",
        "return tf.nn.softmax(model(0 * digit.reshape(1, 400)))[0]",
    ),
)
bugs(
    "notebooks/08_error_analysis.ipynb",
    (
        "accuracy on training images called that on unseen ones",
        "unseen = np.array([100 * accuracy(model, X_val, y_val)",
        "unseen = np.array([100 * accuracy(model, X_train, y_train)",
    ),
    (
        "test images in training",
        "train(X_train, y_train, seed) for seed",
        "train(np.r_[X_train, X_test], np.r_[y_train, y_test], seed) for seed",
    ),
    (
        "the same seed five times",
        "train(X_train, y_train, seed) for seed",
        "train(X_train, y_train, 0) for seed",
    ),
    ("fewer epochs", "epochs=40", "epochs=30"),
    (
        "precision and recall exchanged",
        "recall = right / confusion.sum(axis=1)\nprecision = right / confusion.sum(axis=0)",
        "recall = right / confusion.sum(axis=0)\nprecision = right / confusion.sum(axis=1)",
    ),
    (
        "rows and columns exchanged",
        "confusion_matrix(truths, all_guesses.ravel())",
        "confusion_matrix(all_guesses.ravel(), truths)",
    ),
    ("least sure first", "wrong[np.argsort(-sure[wrong])]", "wrong[np.argsort(sure[wrong])]"),
    (
        "a threshold chosen on the test set",
        "threshold = lowest(all_sure, all_right)",
        "p = np.array([probabilities_of(model, X_test) for model in models])\n"
        "threshold = lowest(p.max(axis=2), p.argmax(axis=2) == y_test)",
    ),
    ("a threshold that is too strict", "return min(good,", "return max(good,"),
    (
        "calibration without weights",
        "(share * abs(claimed - actual)).sum()",
        "abs(claimed - actual).mean()",
    ),
    (
        "a vote of labels, not of probabilities",
        "average = all_probabilities.mean(axis=0)",
        "average = all_probabilities.round().mean(axis=0)",
    ),
)
bugs(
    "src/helpers/ink.py",
    (
        "the docstring says less",
        "Returns\n    -------\n    dict of str to ndarray of uint8, or None",
        "Returns\n    -------\n    dict, or None",
        "documentation only",
    ),
)


bugs(
    "src/helpers/data.py",
    ("any arrays taken for MNIST", "if checksum(*arrays) != _MNIST_SHA256:", "if False:"),
    ("half a download not noticed", "if len(content) < total:", "if False:"),
    (
        "a bad file downloaded over",
        "    if path is not None:\n        try:\n",
        "    if False:\n        try:\n",
    ),
    (
        "a file written in place",
        "write(temporary)\n        os.replace(temporary, path)",
        "write(path)",
    ),
)
bugs(
    "notebooks/09_mnist.ipynb",
    (
        "validation images in training",
        "images[:50_000], y[:50_000]\nval",
        "images[-50_000:], y[-50_000:]\nval",
    ),
    (
        "a line fitted without logarithms",
        "np.polyfit(np.log(counts)",
        "np.polyfit(np.array(counts)",
    ),
    (
        "bytes that overflow",
        "X_test = test_images.reshape(-1, 784) / 255",
        "X_test = test_images.reshape(-1, 784)",
    ),
    (
        "tested on training images",
        "100 - percent_right(model, test_images, y_test)",
        "100 - percent_right(model, images[:10_000], y[:10_000])",
    ),
)
bugs(
    "src/helpers/exercises/engine.py",
    (
        "changes of the input let through",
        "if any(changed for _, changed in outcomes):",
        "if False:",
    ),
    (
        "loops let through",
        "if self.grow and loops_over(answer, self.grow(4), self.grow(64)):",
        "if False:",
    ),
    ("answers get the arrays themselves", "copy.deepcopy(a) if isinstance", "a if isinstance"),
    ("no limit of time", "thread.join(seconds)", "thread.join()"),
    ("a loop goes on for ever", "for _ in range(20):", "for _ in range(0):"),
    (
        "the first hint for every mistake",
        "found = any(self.does(way, examples, results) for way in ways)",
        "found = True",
    ),
    ("hints given by one example", "return all(map(functools", "return any(map(functools"),
    ("examples drawn only once", "for seed in range(self.draws)", "for seed in range(1)"),
)
bugs(
    "src/helpers/exercises/comparing.py",
    ("nearly right is right", "rtol=tolerance, atol=", "rtol=0.1, atol="),
    ("shapes not compared", "if result.shape != expected.shape:", "if False:"),
    ("True taken for 1", "if result.dtype == bool and expected.dtype != bool:", "if False:"),
)
bugs(
    "src/helpers/exercises/registry.py",
    ("exercises in the order of texts", '[int(n) for n in item[0].split(".")]', "item[0]"),
    ("an exercise in a module of another step", "if here != _module_of(number):", "if False:"),
    ("two exercises with one number", "if number in EXERCISES:", "if False:"),
    ("wrong answers not asked for", "if count < 3:", "if False:"),
)
bugs(
    "src/helpers/exercises/step_02.py",
    ("a slope of 1 at 0", "return (z > 0).astype(float)", "return (z >= 0).astype(float)"),
)
bugs(
    "src/helpers/exercises/step_04.py",
    (
        "a last layer with ReLU",
        "return _pass(parameters, X)\n",
        "return _pass(parameters, X, last=relu)\n",
    ),
    (
        "biases not counted",
        "return sum(a * b + b for a, b in itertools.pairwise(sizes))",
        "return sum(a * b for a, b in itertools.pairwise(sizes))",
    ),
)
bugs(
    "src/helpers/exercises/step_12.py",
    (
        "an average for a sum",
        'given those for z."""\n    return a.T @ d_z, d_z.sum(axis=0), d_z @ W.T',
        'given those for z."""\n    return a.T @ d_z, d_z.mean(axis=0), d_z @ W.T',
    ),
)
bugs(
    "src/helpers/exercises/step_08.py",
    ("an easier challenge", "enough=94.0", "enough=90.0"),
    ("a larger challenger let through", "parameters=10_575", "parameters=20_000"),
    ("a cheating challenger let through", "if val - test > 4:", "if val - test > 50:"),
)
bugs(
    "src/helpers/exercises/__init__.py",
    (
        "every answer is right",
        "except HintError as hint:\n        return Verdict(exercise.number, False",
        "except HintError as hint:\n        return Verdict(exercise.number, True",
    ),
    ("progress is not kept", '.open("a",', '.open("r",'),
    ("progress forgets the earlier ones", '.open("a",', '.open("w",'),
    ("a wrong answer counts", "if verdict.solved:", "if not verdict.blank:"),
    (
        "a worse result is kept",
        "if before is not None and task.better([before, score]) == before:",
        "if False:",
    ),
    ("a result that was cut off counts", '(?:\\.\\d+)?) \\.)?"', '(?:\\.\\d+)?)(?: \\.)?)?"'),
)
bugs(
    "src/helpers/exercises/measuring.py",
    ("the least is the best", "(max if self.higher else min)", "max"),
    ("what is no number counts", "if not math.isfinite(score):", "if False:"),
)
bugs(
    "notebooks/11_cnn.ipynb",
    ("a kernel turned round", "(window * kernel).sum", "(window * kernel[::-1, ::-1]).sum"),
    ("the smallest kept", "blocks.max(axis=(1, 3))", "blocks.min(axis=(1, 3))"),
    ("labels of other images", "np.eye(10, dtype=np.float32)[y[order]]", "np.eye(10)[y]"),
    ("no images as they are", "if epoch < epochs - as_they_are:", "if True:"),
    (
        "tested on training images",
        "right_all = percent_right(model, test_images, y_test)",
        "right_all = percent_right(model, images[:10_000], y[:10_000])",
    ),
)
bugs(
    "notebooks/12_backpropagation.ipynb",
    (
        "ReLU's derivative with >= after activation",
        "(d_z2 @ W2.T) * (a1 > 0)\n    gradients",
        "(d_z2 @ W2.T) * (a1 >= 0)\n    gradients",
    ),
    (
        "a loss summed, not averaged",
        "loss = -log_p[rows, y].mean()",
        "loss = -log_p[rows, y].sum()",
    ),
    (
        "a gradient not divided by the batch",
        "d_logits /= len(y)  # because the loss is an average",
        "",
    ),
    (
        "Adam without bias correction",
        "rate = learning_rate * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t)",
        "rate = learning_rate",
    ),
    (
        "Adam's averages exchanged",
        "m += 0.1 * (g - m)\n    v += 0.001",
        "m += 0.001 * (g - m)\n    v += 0.1",
    ),
    (
        "the last batch left out",
        "for start in range(0, len(y), 32):",
        "for start in range(0, len(y) - 31, 32):",
    ),
    (
        "a mask from after the ReLU",
        "(d_z2 @ W2.T) * (a1 > 0)\n    gradients",
        "(d_z2 @ W2.T) * np.sign(a1)\n    gradients",
        "the same: a ReLU's sign is 0 or 1",
    ),
)


# What readers see of bars, times, days and messages.

bugs(
    "src/helpers/training.py",
    (
        "curves of an earlier training stay",
        "        self.curves = {}\n        self._bar",
        "        self._bar",
    ),
    ("the longer of two times", "min(_seconds(way)", "max(_seconds(way)"),
    ("a bar that never moves", "bar.show(done)\n", "pass\n"),
    (
        "a note about a network that was not saved",
        'train it again."\n    if about:',
        'train it again."\n    finally:',
    ),
)
bugs(
    "src/helpers/data.py",
    ("bytes called kB", "len(content) // 1000, total=", "len(content), total="),
    (
        "only the system's certificates",
        "return urllib.request.urlopen(url, timeout=30, context=trust)",
        "raise",
    ),
)
bugs(
    "src/helpers/widgets.py",
    ("the time of day for what has passed", "time.perf_counter() - self.start", "time.time()"),
)
bugs(
    "src/helpers/plotting.py",
    ("the first day called the last", "the last on {max(days)}", "the last on {min(days)}"),
    (
        "the best network cut off",
        "ylim=(len(rows) - 0.5, -0.5), xlabel",
        "ylim=(len(rows) - 1.5, -0.5), xlabel",
    ),
)
bugs(
    "src/helpers/exercises/__init__.py",
    ("the last day, not the first", "solved.setdefault(number, day)", "solved[number] = day"),
    (
        "today for the day when it was solved",
        "solved.get(e.number))",
        "solved.get(e.number) and date.today().isoformat())",
    ),
)
bugs(
    "src/helpers/exercises/comparing.py",
    (
        "a right entry called wrong",
        "wrong = ~_right(result, expected, tolerance)",
        "wrong = ~np.isclose(result, expected, rtol=1e-5, atol=1e-8, equal_nan=True)",
    ),
)
bugs(
    "src/helpers/environment.py",
    ("only the first of two problems", "{'; '.join(problems)}", "{problems[0]}"),
)
bugs(
    "src/helpers/server.py",
    ("small messages held back", "set_nodelay(True)", "set_nodelay(False)"),
)
bugs(
    "tools/classroom.py",
    ("what learners solve counted as the teacher's", ', "DIGITS_CACHE": cache}', "}"),
    ("old versions collected", '{".ipynb_checkpoints", "__MACOSX"}', "set()"),
    ("solutions handed out", "if not c.source.startswith(FOLD)]", "]"),
    (
        "a blank before the parenthesis",
        're.search(r"\\bcheck\\s*\\(", cell.source)',
        '"check(" in cell.source',
    ),
    ("zip files passed over", 'if path.is_dir() or path.suffix == ".zip":', "if path.is_dir():"),
)
bugs(
    "tools/notebooks.py",
    ("run again without a reason", "run = always or needs_a_run(stored)", "run = True"),
)

bugs(
    "tools/workbook.py",
    ("what a learner wrote is overwritten", "elif sign(mine.read_bytes()) == as_made:", "else:"),
    ("outputs in the workbook", "cell.update(outputs=[], execution_count=None)", "pass"),
)

bugs(
    "checks/formulas.py",
    ("any formula is an identity", 'code.startswith("equal(") and', 'code.startswith("equal(") or'),
    ("a formula that nothing holds", "elif says_something(code):", "elif False:"),
)

bugs(
    "checks/claims.py",
    ("tests that are not there", 'binding.kind == "tested" and not', "False and not"),
)

bugs(
    "checks/readings.py",
    ("a changed formula need not be read", "text.links, formulas, held", "text.links, held"),
    ("a changed cell need not be read", "held, self.code, *commands]", "held, *commands]"),
)

bugs(
    "src/helpers/handwriting.py",
    ("all digits for one half", "int(first > second)]", "0]"),
    ("the half follows the clock", "default_rng([int(label), len(halves)])", "default_rng()"),
    (
        "a digit of another label counted",
        "drawing.half for drawing in drawings if drawing.label == label]",
        "drawing.half for drawing in drawings]",
    ),
    ("older digits lost", "self._write([*drawings, drawing])", "self._write([drawing])"),
    ("digits brought in twice", "if drawing.key not in known]", "]"),
    ("another writer's digits taken", "if writer != self.writer:", "if False:"),
    ("no lock", "os.O_CREAT | os.O_EXCL", "os.O_CREAT"),
    ("too few taken for enough", "< least]", "< least - 1]"),
    (
        "the network's other size",
        "draw_strokes(drawing.strokes), 28)",
        "draw_strokes(drawing.strokes), 20)",
    ),
    ("a scribble passes", "if length > 10 * size:", "if length > 1000 * size:"),
    (
        "what is drawn stays after Keep",
        '        self.pad.clear()\n        return f"Your',
        '        return f"Your',
    ),
)

bugs(
    "src/helpers/row.py",
    (
        "digits from right to left",
        "return sorted(groups, key=_middle)",
        "return sorted(groups, key=_middle)[::-1]",
    ),
    ("what touches is not cut", "    if ratio <= _WIDE:", "    if ratio <= 10 * _WIDE:"),
    ("bars torn off their fives", "near & ~large & ~alone", "near & large & ~alone"),
    ("a cut through two strokes", "if strokes > 1 or not high", "if not high"),
    ("an image of MNIST parted", "    if max(ink.shape) <= 28:\n        return [ink], []\n", ""),
    ("what is unclear goes unsaid", "return [(ink, ratio > _TOO_WIDE)]", "return [(ink, False)]"),
)
bugs(
    "src/helpers/exercises/step_13.py",
    (
        "pixels made darker pass",
        "((result == picture) | (result == 0)).all()",
        "(result <= 1).all()",
    ),
    ("no cost for a failure", "hidden = int((picture > 0).sum())", "hidden = 0"),
)
bugs(
    "src/helpers/exercises/step_11.py",
    (
        "measured on what was learned",
        "labels[~known]).mean()\n\n\n@open_task",
        "labels[known]).mean()\n\n\n@open_task",
    ),
)

bugs(
    "book/live/network.js",
    (
        "pooling by the smallest",
        "if (values[from + k] > pooled.values[to + k])",
        "if (values[from + k] < pooled.values[to + k])",
    ),
    ("the means not divided", "value / (height * width)", "value"),
    ("the wrong scale", "whole * scales[i % outputs]", "whole * scales[0]"),
    ("any checksum will do", "~check >>> 0;", "0;"),
    ("a bias forgotten", "  z.values.set(b);\n", ""),
)
bugs(
    "book/live/trainer.js",
    ("slopes of the sum, not the mean", " / batch.length; // the loss is an average", ";"),
    ("another decay in Adam", "(1 - 0.999) * (g * g - v[i])", "(1 - 0.99) * (g * g - v[i])"),
    (
        "a first layer that does not learn",
        "      this.backwardFirst(this.seen.images, image, layer1);\n",
        "",
    ),
)
bugs(
    "book/pages.py",
    ("the other network on a page", '7: "dense", 11: "cnn"', '7: "cnn", 11: "dense"'),
)
bugs(
    "src/helpers/exercises/step_14.py",
    ("twice ten drawings pass", "> _MOST:", "> 2 * _MOST:"),
)
bugs(
    "src/helpers/exercises/step_16.py",
    ("twice twenty numbers pass", "> MOST:", "> 2 * MOST:"),
)

# What learners, readers of the book and teachers would notice.

bugs(
    "src/helpers/handwriting.py",
    (
        "the first digit taken back",
        "self.store.remove(self.kept[-1])\n        self.kept.pop()",
        "self.store.remove(self.kept[0])\n        self.kept.pop(0)",
    ),
    ("a time without its zone", "datetime.datetime.now(datetime.UTC)", "datetime.datetime.now()"),
    ("bars that hang from above", 'y="{bottom - height:.1f}" width', 'y="{bottom - 40}" width'),
    ("one doubt for all", "        self._sure = self._sure and not sure\n", ""),
)
bugs(
    "src/helpers/workers.py",
    (
        "a restart too many",
        "max(map(len, self.processes.values()), default=1) - 1",
        "max(map(len, self.processes.values()), default=1)",
    ),
    ("a bar that stays", "    finally:\n        bar.close()\n", "    finally:\n        pass\n"),
)
bugs(
    "tools/classroom.py",
    (
        "only the first of what somebody hands in",
        'handed_in.setdefault(path.name.removesuffix(".zip"), []).append(path)',
        'handed_in.setdefault(path.name.removesuffix(".zip"), [path])',
    ),
    (
        "a learner's digits handed out",
        '    "data/cnn.keras",\n',
        '    "data/*.keras",\n    "data/handwriting.json",\n',
    ),
)
bugs(
    "book/live/kernel.js",
    ("percent cut off, not rounded", "Math.round(100 * highest)", "Math.floor(100 * highest)"),
)
bugs(
    "book/live/row.js",
    (
        "what is right of a cut not counted",
        "return countParts(parts[0], usual) + countParts(parts[1], usual);",
        "return countParts(parts[0], usual);",
    ),
)
