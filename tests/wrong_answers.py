"""Wrong answers to the exercises, as learners write them, and part of the hint each must get.

A test runs each in the place of its blank. Answers of one exercise get hints of their own.
"""

WRONG = {}


def wrong(number, hint, code):
    """List a wrong answer to an exercise."""
    WRONG.setdefault(number, []).append((hint, code))


BLOCK = "image = np.zeros((20, 20)); image[top:bottom, left:right] = 1; "
for hint, inside in {
    "inside is still full": "image[top:top]",
    "border is 1 pixel": "image[top + 1 : bottom - 1, left + 1 : right - 1]",
    "bottom and on the right the border is missing": "image[top + 2 : bottom, left + 2 : right]",
    "border is 3 pixels wide: the end": "image[top + 2 : bottom - 3, left + 2 : right - 3]",
}.items():
    wrong(
        "1.1",
        hint,
        f"def zero(top, bottom, left, right):\n    {BLOCK}{inside} = 0\n    return image",
    )
wrong(
    "1.1",
    "Rows and columns are exchanged",
    "def zero(top, bottom, left, right):\n    image = np.zeros((20, 20))\n"
    "    image[left:right, top:bottom] = 1\n"
    "    image[left + 2 : right - 2, top + 2 : bottom - 2] = 0\n    return image",
)
wrong(
    "1.1", "returns nothing", "def zero(top, bottom, left, right):\n    image = np.zeros((20, 20))"
)

for hint, expression in {
    "how many pixels": "np.count_nonzero(image > 0.5)",
    "average darkness": "np.mean(image)",
    "use > instead of >=": "(image >= 0.5).sum() / image.size",
    "percentage": "100 * np.mean(image > 0.5)",
    "with any ink": "np.count_nonzero(image) / image.size",
    "`image.size` is the number of any image": "(image > 0.5).sum() / 400",
    "counts rows": "(image > 0.5).sum() / len(image)",
    "not less": "(image < 0.5).mean()",
    "a single number is asked for": "image > 0.5",
}.items():
    wrong("1.2", hint, f"def ink_share(image):\n    return {expression}")

for hint, expression in {
    "Rows and columns are exchanged": "long_row[row + 20 * column]",
    "One entry too few": "long_row[20 * (row - 1) + (column - 1)]",
    "That is the position": "row * 20 + column",
    "each row counts 20 times": "long_row[row + column]",
    "one direction only": "long_row[row, column]",
}.items():
    wrong("1.3", hint, f"def pixel(long_row, row, column):\n    return {expression}")

for hint, expression in {
    "twice the slope": "(f(x + 1e-5) - f(x - 1e-5)) / 1e-5",
    "half the slope": "(f(x + 1e-6) - f(x)) / 2e-6",
    "divide it by the distance": "f(x + 1e-4) - f(x - 1e-4)",
    "The sign is wrong": "(f(x - 1e-5) - f(x + 1e-5)) / 2e-5",
    "lost in rounding": "(f(x + 1e-20) - f(x - 1e-20)) / 2e-20",
    "not close enough": "(f(x + 0.1) - f(x)) / 0.1",
    "That is the value": "f(x)",
    "It is rounded": "round((f(x + 1e-5) - f(x - 1e-5)) / 2e-5, 3)",
    "neither too much nor so little": "(f(x + 1e-13) - f(x - 1e-13)) / 2e-13",
    "parentheses around the difference": "f(x + 1e-5) - f(x - 1e-5) / 2e-5",
}.items():
    wrong("1.4", hint, f"def slope(f, x):\n    return {expression}")

for hint, expression in {
    "use > instead of >=": "np.where(z >= 0, 1.0, 0.0)",
    "That is the ReLU itself": "np.maximum(z, 0)",
    "not −1": "np.sign(z)",
    "An `if`": "1 if z > 0 else 0",
    "returns True and False": "z > 0",
    "one by one": "np.array([float(v > 0) for v in z.ravel()]).reshape(z.shape)",
    "returns a list": "[float(v > 0) for v in z]",
    "The wrong way around": "(z < 0).astype(int)",
}.items():
    wrong("2.1", hint, f"def relu_slope(z):\n    return {expression}")

for hint, expression in {
    "one more turn is missing": "relu(x - 1) - 2 * relu(x - 2)",
    "becomes flat": "relu(x - 1) - relu(x - 2)",
    "turns too little": "relu(x - 1) + relu(x - 3) - relu(x - 2)",
    "wrong side": "relu(x + 1) - 2 * relu(x + 2) + relu(x + 3)",
    "never turns": "relu(x - 1)",
}.items():
    wrong("2.2", hint, f"def hat(x):\n    return {expression}")

for hint, expression in {
    "It overflows": "np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)",
    "The whole table adds up to 1": "np.exp(z - z.max()) / np.exp(z - z.max()).sum()",
    "adds up the whole table; each row": "np.exp(z - z.max(axis=1)[:, None]) / "
    "np.exp(z - z.max(axis=1)[:, None]).sum()",
    "down the columns": "np.exp(z - z.max(axis=0)) / np.exp(z - z.max(axis=0)).sum(axis=0)",
    "largest logit of the whole table": "np.exp(z - z.max()) / "
    "np.exp(z - z.max()).sum(axis=1, keepdims=True)",
    "keepdims=True": "np.exp(z - z.max(axis=1)) / np.exp(z - z.max(axis=1)).sum(axis=1)",
    "a TensorFlow tensor": "tf.nn.softmax(z)",
    "now divide each row": "np.exp(z - z.max(axis=1, keepdims=True))",
}.items():
    wrong("2.3", hint, f"def softmax_rows(z):\n    return {expression}")

for hint, expression in {
    "take out the largest logit": "np.log(np.sum(np.exp(logits))) - logits[label]",
    "stored as 0": "-np.log(softmax(logits)[label])",
    "naive softmax overflows": "-np.log(np.exp(logits) / np.exp(logits).sum())[label]",
    "add it again": "np.log(np.exp(logits - logits.max()).sum()) - logits[label]",
    "never negative": "logits[label] - logits.max() - np.log(np.exp(logits - logits.max()).sum())",
    "always takes the first": "np.log(np.exp(logits - max(logits)).sum()) + max(logits) "
    "- logits[0]",
}.items():
    wrong("2.4", hint, f"def loss_of(logits, label):\n    return {expression}")

for hint, expression in {
    "times 100 it is": "np.mean(guesses == y)",
    "how many are right": "(guesses == y).sum()",
    "percentage of errors": "100 * (guesses != y).mean()",
    "true or false for each": "guesses == y",
    "cut off": "int(100 * (guesses == y).mean())",
    "not always 5000": "100 * (guesses == y).sum() / 5000",
}.items():
    wrong("3.1", hint, f"def percent_right(guesses, y):\n    return {expression}")

for hint, expression in {
    "lies on its side": "row.reshape(20, 20)",
    "Left and right": "np.fliplr(row.reshape(20, 20).T)",
    "Top and bottom": "np.flipud(row.reshape(20, 20).T)",
    "still one long row": "row",
    "shape (1, 400)": "row.reshape(1, 400)",
}.items():
    wrong("3.2", hint, f"def upright(row):\n    return {expression}")

AVERAGES = "m = np.array([X_train[y_train == d].mean(axis=0) for d in range(10)])\n    "
DISTANCES = "((images[:, None] - m) ** 2).sum(axis=2)"
for hint, expression in {
    "farthest": f"{DISTANCES}.argmax(axis=1)",
    "cancel each other": "(images[:, None] - m).sum(axis=2).argmin(axis=1)",
    "absolute differences": "np.abs(images[:, None] - m).sum(axis=2).argmin(axis=1)",
    "single training images": "y_train[((images[:, None] - X_train) ** 2).sum(axis=2).argmin(1)]",
    "Those are the distances": DISTANCES,
    "Those are the smallest distances": f"{DISTANCES}.min(axis=1)",
    "`np.array(...)` makes one": f"list({DISTANCES}.argmin(axis=1))",
    "of the shape ()": f"np.array({DISTANCES}.argmin())",
}.items():
    wrong(
        "3.3",
        hint,
        f"def read_by_average(images, X_train, y_train):\n    {AVERAGES}return {expression}",
    )

for hint, expression in {
    "counts equal pairs": "sum((a == b).all() for a in X_train for b in X_test)",
    "One equal pixel": "sum(image in X_train for image in X_test)",
    "same position": "sum((a == b).all() for a, b in zip(X_train, X_test))",
    "sums are": "sum(np.isclose(X_train.sum(axis=1), t.sum()).any() for t in X_test)",
    "counts training images": "sum((X_test == image).all(axis=1).any() for image in X_train)",
}.items():
    wrong("3.4", hint, f"def leaked(X_train, X_test):\n    return {expression}")

for hint, expression in {
    "The biases are missing": "sum(a * b for a, b in zip(sizes, sizes[1:]))",
    "inputs have no biases": "sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes)",
    "not for each input": "sum((b + 1) * a for a, b in zip(sizes, sizes[1:]))",
    "counts the units": "sum(sizes)",
    "only the first layer": "(sizes[0] + 1) * sizes[1]",
    "has no neighbor after it": "sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes)))",
}.items():
    wrong("4.1", hint, f"def count_parameters(sizes):\n    return {expression}")

for hint, expression in {
    "The ReLU is missing": "X @ W + b",
    "The biases are missing": "np.maximum(0, X @ W)",
    "First add the biases": "np.maximum(0, X @ W) + b",
    "product of matrices is `@`": "np.maximum(0, X * W + b)",
    "needs X on the left": "np.maximum(0, W @ X + b)",
    "`np.maximum` compares entry by entry": "np.max(0, X @ W + b)",
    "one by one": "np.array([[max(0, x @ W[:, j] + b[j]) for j in range(len(b))] for x in X])",
}.items():
    wrong("4.2", hint, f"def dense(X, W, b):\n    return {expression}")

LAYERS = "for W, b in zip(parameters[::2], parameters[1::2]):\n        "
for hint, body in {
    "The last layer has no ReLU": f"{LAYERS}X = np.maximum(0, X @ W + b)\n    return X",
    "There is no ReLU between": f"{LAYERS}X = X @ W + b\n    return X",
    "go in steps of 2": "for i in range(len(parameters)):\n"
    "        X = np.maximum(0, X @ parameters[i] + parameters[i + 1])\n    return X",
    "the output of the one before": f"{LAYERS}z = X @ W + b\n    return z",
    "`return` stands inside": f"{LAYERS}X = np.maximum(0, X @ W + b)\n        return X",
    "The biases are missing": f"{LAYERS}z = X @ W\n        X = np.maximum(0, z)\n    return z",
    "three layers only": "W1, b1, W2, b2, W3, b3 = parameters\n    a = np.maximum(0, X @ W1 + b1)\n"
    "    return np.maximum(0, a @ W2 + b2) @ W3 + b3",
}.items():
    wrong("4.3", hint, f"def logits_of(parameters, X):\n    {body}")

INPUT = "tf.keras.Input(shape=(sizes[0],))"
for hint, expression in {
    "cut off negative logits": f"Sequential([{INPUT}, "
    '*[Dense(n, activation="relu") for n in sizes[1:]]])',
    "it has to give logits": f'Sequential([{INPUT}, *[Dense(n, activation="relu") '
    'for n in sizes[1:-1]], Dense(sizes[-1], activation="softmax")])',
    "All layers are linear": f"Sequential([{INPUT}, *[Dense(n) for n in sizes[1:]]])",
    "One layer too many": f'Sequential([{INPUT}, *[Dense(n, activation="relu") '
    "for n in sizes[:-1]], Dense(sizes[-1])])",
    "does not know how many inputs": 'Sequential([*[Dense(n, activation="relu") '
    "for n in sizes[1:-1]], Dense(sizes[-1])])",
    "return a Keras model": "sizes",
}.items():
    wrong("5.1", hint, f"def build(sizes):\n    return {expression}")

for hint, expression in {
    "go through the second one, too": "W1 @ W2, b1 + b2",
    "are lost": "W1 @ W2, b2",
    "second layer are missing": "W1 @ W2, b1 @ W2",
    "should return 2 values": "W1 @ W2",
    "They are exchanged": "b1 @ W2 + b2, W1 @ W2",
    "the order of the weights": "W2 @ W1, b1 @ W2 + b2",
}.items():
    hint = hint[0].upper() + hint[1:] if hint.startswith("the order") else hint
    wrong("5.2", hint, f"def collapse(W1, b1, W2, b2):\n    return {expression}")

for hint, expression in {
    "The last layer belongs": "[la.name for la in model.layers "
    'if la.activation.__name__ == "linear"]',
    "layers with a ReLU": '[la.name for la in model.layers if la.activation.__name__ == "relu"]',
    "compare its name": '[la.name for la in model.layers[:-1] if la.activation == "linear"]',
    "Those are the layers;": "[la for la in model.layers[:-1] "
    'if la.activation.__name__ == "linear"]',
    "a list is asked for": 'any(la.activation.__name__ == "linear" for la in model.layers[:-1])',
}.items():
    wrong("5.3", hint, f"def forgotten(model):\n    return {expression}")

for hint, expression in {
    "add up d_z over the images": "a.T @ d_z, d_z, d_z @ W.T",
    "axis=1 adds up over the neurons": "a.T @ d_z, d_z.sum(axis=1), d_z @ W.T",
    "not the average": "a.T @ d_z, d_z.mean(axis=0), d_z @ W.T",
    "goes back along its weights": "a.T @ d_z, d_z.sum(axis=0), d_z @ W",
    "another order": "d_z @ W.T, a.T @ d_z, d_z.sum(axis=0)",
    "d_z already contains that": "a.T @ d_z / len(a), d_z.sum(axis=0) / len(a), d_z @ W.T",
    "the input comes first": "d_z.T @ a, d_z.sum(axis=0), d_z @ W.T",
}.items():
    wrong("6.1", hint, f"def backward(a, W, d_z):\n    return {expression}")

EACH = (
    "slopes = np.zeros(w.shape)\n    for i in np.ndindex(w.shape):\n        up, down = w.copy(), "
    "w.copy()\n        up[i] += 1e-5\n        down[i] -= 1e-5\n        slopes[i] = "
)
for hint, body in {
    "All entries are nudged at once, which": "return (f(w + 1e-5) - f(w - 1e-5)) / 2e-5",
    "twice the gradient": f"{EACH}(f(up) - f(down)) / 1e-5\n    return slopes",
    "how much f changes": f"{EACH}f(up) - f(down)\n    return slopes",
    "The sign is wrong": f"{EACH}(f(down) - f(up)) / 2e-5\n    return slopes",
    "changes what it is given": f"{EACH}(f(up) - f(down)) / 2e-5\n    w += 1\n    return slopes",
    "take it back": "slopes = np.zeros(w.shape)\n    for i in np.ndindex(w.shape):\n"
    "        before = f(w)\n        w[i] += 0.01\n        slopes[i] = (f(w) - before) / 0.01\n"
    "    return slopes",
}.items():
    wrong("6.2", hint, f"def numerical_gradient(f, w):\n    {body}")

for hint, expression in {
    "That is the lowest loss": "np.nanmin([loss_of(rate) for rate in rates])",
    "That is the position": "int(np.nanargmin([loss_of(rate) for rate in rates]))",
    "every comparison is false": "min(rates, key=loss_of)",
    "`argmin` takes nan": "rates[np.argmin([loss_of(rate) for rate in rates])]",
    "highest loss": "max(rates, key=loss_of)",
    "moves the positions": "(lambda kept: rates[kept.index(min(kept))])("
    "[loss for loss in map(loss_of, rates) if not np.isnan(loss)])",
}.items():
    wrong("6.3", hint, f"def best_rate(rates, loss_of):\n    return {expression}")

LOOP = (
    "best, waited = 1, 0\n    for epoch, loss in enumerate(val_losses, start=1):\n"
    "        if loss {} val_losses[best - 1] or epoch == 1:\n            best, waited = epoch, {}\n"
    "        else:\n            waited += 1\n        if waited {} patience:\n            {}\n"
    "    return {}"
)
for hint, body in {
    "counted from 1": LOOP.format("<", "0", "==", "break", "best - 1"),
    "in which the training stops": LOOP.format("<", "0", "==", "break", "epoch"),
    "best of all epochs": "return int(np.argmin(val_losses)) + 1",
    "begins anew": LOOP.format("<", "waited", "==", "break", "best"),
    "use < instead of <=": LOOP.format("<=", "0", "==", "break", "best"),
    "one epoch too late": LOOP.format("<", "0", ">", "break", "best"),
}.items():
    wrong("6.4", hint, f"def best_epoch(val_losses, patience):\n    {body}")

for hint, expression in {
    "wrong order": "np.argsort(probabilities, axis=1)[:, -k:]",
    "least probable": "np.argsort(probabilities, axis=1)[:, :k]",
    "Those are the probabilities": "-np.sort(-probabilities, axis=1)[:, :k]",
    "only the most probable": "probabilities.argmax(axis=1)",
    "takes k rows": "np.argsort(-probabilities, axis=1)[:k]",
    "down the columns": "np.argsort(-probabilities, axis=0)[:, :k]",
}.items():
    wrong("7.1", hint, f"def top_k(probabilities, k):\n    return {expression}")

CENTER = "row, column = center_of_ink(image)\n    "
BOX = (
    "rows, columns = np.nonzero(image)\n    row = (rows.min() + rows.max()) / 2\n"
    "    column = (columns.min() + columns.max()) / 2\n    "
)
MOVE = "return np.roll(image, (round({}), round({})), axis=(0, 1))"
for hint, body in {
    "the wrong way": CENTER + MOVE.format("row - 10", "column - 10"),
    "Rows and columns are exchanged": CENTER + MOVE.format("10 - column", "10 - row"),
    "smallest box": BOX + MOVE.format("10 - row", "10 - column"),
    "cut off instead of rounded": f"{CENTER}return np.roll(image, (int(10 - row), "
    "int(10 - column)), axis=(0, 1))",
    "one long row": f"{CENTER}return np.roll(image, (round(10 - row), round(10 - column)))",
    "where it was": f"{CENTER}np.roll(image, (1, 1), axis=(0, 1))\n    return image",
}.items():
    wrong("7.2", hint, f"def to_the_middle(image):\n    {body}")

for hint, expression in {
    "It always answers": "probabilities.argmax(axis=1)",
    "use >= instead of >": "np.where(probabilities.max(axis=1) > threshold, "
    "probabilities.argmax(axis=1), -1)",
    "whole table": "np.where(probabilities.max() >= threshold, probabilities.argmax(axis=1), -1)",
    "taken for the digit 0": "probabilities.argmax(axis=1) * "
    "(probabilities.max(axis=1) >= threshold)",
    "there is one for each image": "np.where(probabilities >= threshold, "
    "probabilities.argmax(axis=1), -1)",
    "leaves out the unsure": "probabilities.argmax(axis=1)[probabilities.max(axis=1) >= threshold]",
    "An `if`": "probabilities.argmax(axis=1) if probabilities.max(axis=1) >= threshold else -1",
}.items():
    wrong("7.3", hint, f"def decide(probabilities, threshold):\n    return {expression}")

COUNT = (
    "m = np.zeros((10, 10), int)\n    for t, g in zip(truth, guesses):\n        m[t, g] += 1\n"
    "    return "
)
for hint, body in {
    "Rows and columns are exchanged": f"{COUNT}m.T",
    "only once": "m = np.zeros((10, 10), int)\n    m[truth, guesses] += 1\n    return m",
    "Those are shares": f"{COUNT}m / m.sum()",
    "of float64": f"{COUNT}m.astype(float)",
    "Only the errors": f"{COUNT}m - np.diag(np.diag(m))",
    "shape (1, 3)": f"{COUNT}np.array([truth])",
}.items():
    wrong("8.1", hint, f"def count_confusions(truth, guesses):\n    {body}")

RATIOS = (
    "r = matrix[digit, digit]\n    c, l = matrix[:, digit].sum(), matrix[digit].sum()\n    return "
)
for hint, expression in {
    "They are exchanged": "r / l, r / c",
    "0 divided by 0": "r / c, r / l",
    "number of all images": "(r / matrix.sum(),) * 2",
    "along the row; precision": "r / max(1, l), r / max(1, l)",
    "Those are percentages": "100 * r / max(1, c), 100 * r / max(1, l)",
}.items():
    wrong("8.2", hint, f"def precision_and_recall(matrix, digit):\n    {RATIOS}{expression}")

GIVEN = "p = probabilities[np.arange(len(labels)), labels]\n    return "
for hint, expression in {
    "believes the most": "np.argsort(-p)[:k]",
    "the network is unsure": "np.argsort(probabilities.max(axis=1))[:k]",
    "only the first k": "np.argsort(p)",
    "wrong order": "np.argsort(p)[:k][::-1]",
    "Those are the probabilities": "np.sort(p)[:k]",
    "the first errors": "np.flatnonzero(probabilities.argmax(axis=1) != labels)[:k]",
    "Those are the labels": "labels[np.argsort(p)[:k]]",
}.items():
    wrong("8.3", hint, f"def suspects(probabilities, labels, k):\n    {GIVEN}{expression}")

STACK = "challenger = Sequential([tf.keras.Input(shape=({},)), Dense({}), Dense({})])"
wrong("8.4", "has it been trained", STACK.format(400, 25, 10))
wrong("8.4", "parameters; 10,575 are allowed", STACK.format(400, 30, 10))
wrong("8.4", "ten for each image", STACK.format(400, 20, 5))
wrong("8.4", "cannot read rows of 400", STACK.format(784, 5, 10))
wrong("8.4", "a trained model of Keras", "challenger = 95.0")
wrong("8.4", "not been built", "challenger = Sequential([Dense(10)])")

for hint, expression in {
    "divide by 255": "images.reshape(len(images), -1).astype(float)",
    "8-bit number has 256": "images.reshape(len(images), -1) / 256",
    "still grids": "images / 255",
    "cuts off the decimals": "images.reshape(len(images), -1) // 255",
    "keep one row for each": "images.ravel() / 255",
    "(1, 784)": "np.zeros((len(images), 784))",
}.items():
    hint = "where (1, 4) is right" if hint == "(1, 784)" else hint
    wrong("9.1", hint, f"def as_rows(images):\n    return {expression}")

for hint, expression in {
    "left over make one more": "count // batch_size",
    "there is no other after it": "int(count / batch_size) + 1",
    "rounded to the nearest": "round(count / batch_size)",
    "no parts of a step": "count / batch_size",
    "It is a float": "np.ceil(count / batch_size)",
}.items():
    wrong("9.2", hint, f"def steps_per_epoch(count, batch_size):\n    return {expression}")

for hint, expression in {
    "The order is wrong": "np.polyfit(np.log(counts), np.log(errors), 1)",
    "a is still a logarithm": "np.polyfit(np.log(counts), np.log(errors), 1)[::-1]",
    "the numbers themselves": "np.polyfit(counts, errors, 1)[::-1]",
    "Only the counts": "np.polyfit(np.log(counts), errors, 1)[::-1]",
    "10 to the power": "np.exp(np.polyfit(np.log10(counts), np.log10(errors), 1)[1]), "
    "np.polyfit(np.log10(counts), np.log10(errors), 1)[0]",
}.items():
    wrong("9.3", hint, f"def power_law(counts, errors):\n    return {expression}")

for hint, expression in {
    "upside down": "(a / errors) ** (1 / b)",
    "That is the law itself": "a * errors**b",
    "To undo a power": "(errors / a) ** b",
    "for ** comes before /": "(errors / a) ** 1 / b",
    "only its logarithm": "(np.log(errors) - np.log(a)) / b",
}.items():
    wrong("9.4", hint, f"def count_needed(a, b, errors):\n    return {expression}")

KEPT = "np.where(noise < rate, 0.0, {})"
for hint, expression in {
    "must grow": f"{KEPT.format('a')} if training else a",
    "not by the share that is dropped": f"{KEPT.format('a / rate')} if training else a",
    "it shrinks": f"{KEPT.format('a * (1 - rate)')} if training else a",
    "the wrong way round": "a * (noise < rate) / (1 - rate) if training else a",
    "for training only": "a * (noise >= rate) / (1 - rate)",
    "nothing shrinks": f"{KEPT.format('a')} if training else (1 - rate) * a",
    "nothing grows": f"{KEPT.format('a / (1 - rate)')} if training else a / (1 - rate)",
    "stays in its place": "a[noise >= rate] / (1 - rate) if training else a",
}.items():
    wrong("10.1", hint, f"def drop(a, noise, rate, training):\n    return {expression}")

for hint, expression in {
    "for each image": "((z.T - z.mean(axis=1)) / np.sqrt(z.var(axis=1) + eps)).T",
    "one variance for all": "(z - z.mean()) / np.sqrt(z.var() + eps)",
    "not by the variance": "(z - z.mean(axis=0)) / (z.var(axis=0) + eps)",
    "belongs under the root": "(z - z.mean(axis=0)) / (z.std(axis=0) + eps)",
    "has the variance 0": "(z - z.mean(axis=0)) / z.std(axis=0)",
    "The mean is not 0": "z / np.sqrt(z.var(axis=0) + eps)",
    "Parentheses are missing": "z - z.mean(axis=0) / np.sqrt(z.var(axis=0) + eps)",
    "divide by it": "z - z.mean(axis=0)",
    "with n - 1": "(z - z.mean(axis=0)) / np.sqrt(z.var(axis=0, ddof=1) + eps)",
}.items():
    wrong("10.2", hint, f"def normalize_batch(z, eps):\n    return {expression}")

GAIN = "after.mean() - before.mean()"
SQUARES = "before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after)"
for hint, expression in {
    "The sign of the gain": f"before.mean() - after.mean(), np.sqrt({SQUARES})",
    "The order is wrong": f"np.sqrt({SQUARES}), {GAIN}",
    "of a sample it is": f"{GAIN}, np.sqrt(before.var() / len(before) + after.var() / len(after))",
    "single results scatter": f"{GAIN}, np.hypot(before.std(ddof=1), after.std(ddof=1))",
    "not by the number itself": (
        f"{GAIN}, np.hypot(before.std(ddof=1) / len(before), after.std(ddof=1) / len(after))"
    ),
    "add up as squares": (
        f"{GAIN}, before.std(ddof=1) / len(before) ** 0.5 + after.std(ddof=1) / len(after) ** 0.5"
    ),
    "The root is missing": f"{GAIN}, {SQUARES}",
    "divide each by its own": (
        f"{GAIN}, np.hypot(before.std(ddof=1), after.std(ddof=1)) / len(after) ** 0.5"
    ),
}.items():
    wrong("10.3", hint, f"def gain_of(before, after):\n    return {expression}")

for hint, expression in {
    "One more place": "(size - window) // 2",
    "must not go beyond the edge": "size // 2",
    "before pooling": "size - window + 1",
    "round down": "-((window - size - 1) // 2)",
    "no halves": "(size - window + 1) / 2",
    "not the area": "((size - window + 1) // 2) ** 2",
    "First the convolution": "size // 2 - window + 1",
}.items():
    wrong("11.1", hint, f"def map_size(size, window):\n    return {expression}")

for hint, expression in {
    "window × window": "window * channels * filters + bias * filters",
    "a kernel for each channel": "(window**2 + bias) * filters",
    "multiply by their number": "window**2 * channels + bias",
    "one more parameter": "window**2 * channels * filters",
    "only if `bias` is true": "(window**2 * channels + 1) * filters",
    "not one for all of them": "window**2 * channels * filters + bias",
    "not one for each channel": "(window**2 + bias) * channels * filters",
}.items():
    wrong(
        "11.2",
        hint,
        f"def conv_parameters(window, channels, filters, bias):\n    return {expression}",
    )

BLOCKS = "feature_map.reshape(len(feature_map) // 2, 2, -1, 2)"
for hint, expression in {
    "keeps the largest": f"{BLOCKS}.max(axis=(1, 3))",
    "divide it by 4": f"{BLOCKS}.sum(axis=(1, 3))",
    "two neighbors in a row; take two rows": "(feature_map[:, ::2] + feature_map[:, 1::2]) / 2",
    "the means of two rows": "(feature_map[::2] + feature_map[1::2]) / 2",
    "those that remain": f"{BLOCKS}.mean(axis=(0, 2))",
    "every second number": "feature_map[::2, ::2]",
    "the mean of all numbers": "feature_map.mean()",
    "The order got lost": "feature_map.reshape(len(feature_map) // 2, -1, 4).mean(axis=2)",
}.items():
    wrong("11.3", hint, f"def mean_pool(feature_map):\n    return {expression}")

HOT = "np.eye(10)[y]"
for hint, expression in {
    "still ones and zeros": HOT,
    "not by 9": f"np.where({HOT} == 1, 1 - share, share / 9)",
    "more than 1": f"{HOT} * (1 - share) + share",
    "less than 1": f"{HOT} * (1 - share)",
    "leave out the transpose": f"({HOT} * (1 - share) + share / 10).T",
}.items():
    wrong("11.4", hint, f"def smooth_labels(y, share):\n    return {expression}")
