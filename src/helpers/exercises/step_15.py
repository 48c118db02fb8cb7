"""The exercises of step 15: folding, counting bytes, reading them, and 20 KB."""

import functools
import zlib

import numpy as np

from helpers import data
from helpers.exercises.comparing import HintError, show
from helpers.exercises.explaining import explain
from helpers.exercises.measuring import called
from helpers.exercises.registry import exercise, open_task, wrong, wrong_bodies, wrong_results


@exercise(
    "15.1",
    "Fold it into a dense layer",
    todo="Replace the ... by the weights and the bias of one layer that does it all.",
    examples=lambda rng: [
        (np.array([[1.0, 2.0]]), np.array([3.0, 0.0]), np.array([2.0, 5.0]), np.array([0.5, 0.0])),
        # As many inputs as outputs, so that rows and columns cannot be told by their number.
        *(
            (
                rng.normal(size=shape).round(1),
                rng.normal(size=shape[1]).round(1),
                rng.uniform(0.5, 3, shape[1]).round(1),
                rng.normal(size=shape[1]).round(1),
            )
            for shape in ((3, 3), (4, 2))
        ),
    ],
    mistakes={
        "The bias is multiplied, too: x @ W + b as a whole is multiplied by the scale.": (
            lambda W, b, scale, shift: (W * scale, b + shift)
        ),
        "The shift is added after the multiplication, so it is not multiplied itself.": (
            lambda W, b, scale, shift: (W * scale, (b + shift) * scale)
        ),
        "The shift is missing; it belongs to the bias.": (
            lambda W, b, scale, shift: (W * scale, b * scale)
        ),
        "The old bias is still there, multiplied: add the shift to it.": (
            lambda W, b, scale, shift: (W * scale, shift)
        ),
        "The weights are multiplied, too: `W * scale`.": (
            lambda W, b, scale, shift: (W, b * scale + shift)
        ),
        "Each column of W belongs to an output, so the columns are multiplied, not the rows.": (
            lambda W, b, scale, shift: (W.T * np.resize(scale, len(W)), b * scale + shift),
            lambda W, b, scale, shift: (W.T * scale, b * scale + shift),
            lambda W, b, scale, shift: (W * scale[:, np.newaxis], b * scale + shift),
            lambda W, b, scale, shift: (
                W * np.resize(scale, len(W))[:, np.newaxis],
                b * scale + shift,
            ),
        ),
        "The shift is added once, to the bias; the weights are only multiplied.": (
            lambda W, b, scale, shift: (W * scale + shift, b * scale + shift),
            lambda W, b, scale, shift: (W * scale + shift, b * scale),
            lambda W, b, scale, shift: (W * scale + shift, b),
        ),
        "They are exchanged: the weights come first.": (
            lambda W, b, scale, shift: (b * scale + shift, W * scale)
        ),
        "Multiply by the scale; do not divide.": (
            lambda W, b, scale, shift: (W / scale, b / scale + shift)
        ),
        "`@` adds up over the columns; each column is to be multiplied: `*`.": (
            lambda W, b, scale, shift: (W @ scale, b * scale + shift),
            lambda W, b, scale, shift: (W @ scale, b @ scale + shift),
        ),
        "The shift is added, not subtracted.": (
            lambda W, b, scale, shift: (W * scale, b * scale - shift)
        ),
    },
)
def fold_dense(W, b, scale, shift):
    """Return weights and bias of a dense layer with a multiplication and an addition behind it."""
    return W * scale, b * scale + shift


def _in_bytes(shape, bits):
    return -(-int(np.prod(shape)) * bits // 8)


def _as_whole(result):
    # What `np.ceil` returns is a float, but counts whole bytes just as well.
    return int(result) if isinstance(result, float) and result.is_integer() else result


@exercise(
    "15.2",
    "How many bytes?",
    todo="Replace the ... by the number of bytes for weights, scales and biases.",
    examples=lambda rng: [
        # 9 bytes that are full, and numbers of bits that fill no byte.
        ((3, 3, 1, 2), 4),
        ((3, 3, 1, 2), 3),
        ((64, 10), 8),
        ((3, 3, 5, 7), 3),
        ((5, 3), 16),
        ((*rng.integers(2, 9, 3).tolist(), 11), 5),
    ],
    view=_as_whole,
    mistakes={
        "Those are bits; a byte has 8 of them.": (
            lambda shape, bits: int(np.prod(shape)) * bits + 8 * shape[-1],
            lambda shape, bits: int(np.prod(shape)) * bits + 64 * shape[-1],
            lambda shape, bits: int(np.prod(shape)) * bits,
        ),
        "The scales and the biases are missing, 4 bytes each.": _in_bytes,
        "An output has a scale and a bias: two numbers of 4 bytes, which is 8.": (
            lambda shape, bits: _in_bytes(shape, bits) + 4 * shape[-1],
            lambda shape, bits: int(np.prod(shape)) * bits // 8 + 4 * shape[-1],
            lambda shape, bits: _in_bytes(shape, bits) + 2 * shape[-1],
        ),
        "The last byte is needed, too, if it is only partly full: round up.": (
            lambda shape, bits: int(np.prod(shape)) * bits // 8 + 8 * shape[-1],
        ),
        "There are whole bytes only: round up what is left over.": (
            lambda shape, bits: int(np.prod(shape)) * bits / 8 + 8 * shape[-1],
        ),
        "Where the last byte is full, do not add one.": (
            lambda shape, bits: int(np.prod(shape)) * bits // 8 + 1 + 8 * shape[-1]
        ),
        "The weights lie one right behind the other; a weight need not begin with a new byte.": (
            lambda shape, bits: int(np.prod(shape)) * -(-bits // 8) + 8 * shape[-1],
            lambda shape, bits: int(np.prod(shape)) * (bits // 8) + 8 * shape[-1],
        ),
        "A shape is multiplied, not added up: 3 × 3 × 1 × 2 weights are 18.": (
            lambda shape, bits: -(-sum(shape) * bits // 8) + 8 * shape[-1]
        ),
        "The number of outputs is the last one of the shape: `shape[-1]`.": (
            lambda shape, bits: _in_bytes(shape, bits) + 8 * shape[0],
            lambda shape, bits: _in_bytes(shape, bits) + 8 * shape[-2],
            lambda shape, bits: _in_bytes(shape, bits) + 8 * shape[1],
            lambda shape, bits: _in_bytes(shape, bits) + 8 * len(shape),
        ),
        "There is a scale and a bias for each output, not only one for the layer.": (
            lambda shape, bits: _in_bytes(shape, bits) + 8,
            lambda shape, bits: int(np.prod(shape)) * bits // 8 + 8,
        ),
        "Scales and biases have 4 bytes each, however many bits a weight has.": (
            lambda shape, bits: -(-(int(np.prod(shape)) + 2 * shape[-1]) * bits // 8)
        ),
        "Only the weights are counted in bits; scales and biases have whole bytes already.": (
            lambda shape, bits: -(-(int(np.prod(shape)) * bits + 8 * shape[-1]) // 8)
        ),
        "It is rounded to the nearest; what is left over needs a byte: round up.": (
            lambda shape, bits: round(int(np.prod(shape)) * bits / 8) + 8 * shape[-1]
        ),
    },
)
def stored_bytes(shape, bits):
    """Return how many bytes a layer takes, with a scale and a bias for each output."""
    return _in_bytes(shape, bits) + 8 * shape[-1]


def _written(rng, shape):
    """Return the bytes of a layer as notebook 15 writes them."""
    whole = rng.integers(-127, 128, shape, dtype=np.int8)
    whole.flat[0] = -5  # one at least is negative
    part = whole.tobytes()
    scale, bias = rng.uniform(0.01, 0.5, (2, shape[-1])).astype("<f4")
    return part + bytes(-len(part) % 4) + scale.tobytes() + bias.tobytes()


def _read(numbers, shape, dtype=np.int8, place=None):
    """Return whole numbers and scales; the latter from another place, if one is given."""
    count = int(np.prod(shape))
    whole = np.frombuffer(numbers, dtype, count).reshape(shape)
    place = count + -count % 4 if place is None else place(count)
    return whole, np.frombuffer(numbers, "<f4", shape[-1], place)


@exercise(
    "15.3",
    "Read a layer",
    todo="Replace the ... by the weights, in the given shape.",
    examples=lambda rng: [
        (bytes([2, 255, 0, 0]) + np.array([0.5, 0], "<f4").tobytes(), (2, 1)),
        # Nothing to fill up; then one, two and three bytes; two and four axes, where the second
        # one is not as long as the last.
        *(
            (_written(rng, shape), shape)
            for shape in ((4, 3), (3, 3), (3, 3, 2, 3), (1, 5), (3, 3, 1, 2))
        ),
    ],
    mistakes={
        "The whole numbers have a sign: read them as `np.int8`.": (
            lambda numbers, shape: np.multiply(*_read(numbers, shape, np.uint8))
        ),
        "The scales begin after the filling, at a multiple of 4 bytes.": (
            lambda numbers, shape: np.multiply(*_read(numbers, shape, place=lambda count: count))
        ),
        "Where the number of bytes is a multiple of 4 already, nothing is filled up.": (
            lambda numbers, shape: np.multiply(
                *_read(numbers, shape, place=lambda count: count + 4 - count % 4)
            )
        ),
        "`count % 4` bytes lie beyond a multiple of 4; `-count % 4` are missing to the next one.": (
            lambda numbers, shape: np.multiply(
                *_read(numbers, shape, place=lambda count: count + count % 4)
            )
        ),
        "There are as many scales as outputs, the last number of the shape: `shape[-1]`.": (
            lambda numbers, shape: (
                _read(numbers, shape)[0]
                * np.frombuffer(
                    numbers, "<f4", shape[1], int(np.prod(shape)) + -int(np.prod(shape)) % 4
                )
            )
        ),
        "Those are the whole numbers; multiply them by the scales.": (
            lambda numbers, shape: _read(numbers, shape)[0]
        ),
        "Those are the scales alone; multiply the whole numbers by them.": (
            lambda numbers, shape: _read(numbers, shape)[1]
        ),
        "The first numbers behind the filling are the scales; the biases come after them.": (
            lambda numbers, shape: (
                _read(numbers, shape)[0] * np.frombuffer(numbers, "<f4", offset=len(numbers) - 4)[0]
            ),
            lambda numbers, shape: (
                _read(numbers, shape)[0]
                * np.frombuffer(numbers, "<f4", shape[-1], len(numbers) - 4 * shape[-1])
            ),
        ),
        "Multiply by the scales; to write the file, it was divided by them.": (
            lambda numbers, shape: np.divide(*_read(numbers, shape))
        ),
        "Each output has a scale of its own, not the first one for all.": (
            lambda numbers, shape: _read(numbers, shape)[0] * _read(numbers, shape)[1][0]
        ),
        "Bring the weights into the given shape, with `reshape`.": (
            lambda numbers, shape: np.multiply(*_read(numbers, shape)).reshape(-1)
        ),
        "The biases are added to the sums later, not to the weights.": (
            lambda numbers, shape: (
                np.multiply(*_read(numbers, shape))
                + np.frombuffer(numbers, "<f4")[-1 if shape == (2, 1) else -shape[-1] :]
            )
        ),
    },
)
def read_weights(numbers, shape):
    """Return the weights of a layer that was stored in 8 bits."""
    return np.multiply(*_read(numbers, shape))


_SEEN = 500  # training images by which means and spreads are set anew
_LOST = 20  # more errors of 10,000 that are allowed
_PADDING = "VALID", "SAME", "VALID", "SAME", "SAME"
_POOLED = 0, 2  # the convolutions with pooling behind them


@functools.cache
def _layers():
    """Return kernel and bias of each layer, the batch normalization folded into it."""
    from helpers.training import load_network

    found = []
    for layer in load_network().layers:
        weights = layer.get_weights()
        if len(weights) == 4:
            gamma, beta, mean, variance = weights
            scale = gamma / np.sqrt(variance + layer.epsilon)
            found[-1] = found[-1][0] * scale, beta - scale * mean
        elif weights:
            found.append(weights)
    return found


@functools.cache
def _digits():
    """Return images to set means by, and images to measure on with their labels."""
    (seen, _), (unseen, labels) = data.load_mnist()
    return *((part / np.float32(255))[..., None] for part in (seen[:_SEEN], unseen)), labels


def _sums(x, kernel, number):
    import tensorflow as tf

    return tf.nn.conv2d(x, kernel, 1, _PADDING[number]).numpy()


def _after(z, number):
    """Return what follows a convolution: ReLU, and pooling or the mean of each map."""
    import tensorflow as tf

    z = np.maximum(z, 0)
    if number in _POOLED:
        return tf.nn.max_pool2d(z, 2, 2, "VALID").numpy()
    return z.mean(axis=(1, 2)) if number == 4 else z


def _errors(layers):
    _, unseen, labels = _digits()
    wrong_ones = 0
    for x, y in zip(np.split(unseen, 20), np.split(labels, 20), strict=True):
        for number, (kernel, bias) in enumerate(layers[:5]):
            x = _after(_sums(x, kernel, number) + bias, number)
        wrong_ones += ((x @ layers[5][0] + layers[5][1]).argmax(axis=1) != y).sum()
    return int(wrong_ones)


@functools.cache
def _errors_before():
    return _errors(_layers())


def _chosen(answer, kernel, number):
    """Return the whole numbers that an answer gives for a layer, or say what is wrong with them."""
    returned = called(
        answer,
        kernel.copy(),
        number,
        explained=lambda error: f"For layer {number}: {explain(error)}",
    )
    if returned is None:
        raise HintError("It returns nothing: is the `return` missing?")
    try:
        whole = np.asarray(returned, dtype=float)
    except (TypeError, ValueError):
        raise HintError(
            f"It should return an array of whole numbers, but returns {show(returned)}."
        ) from None
    if whole.shape != kernel.shape:
        raise HintError(
            f"The kernel of layer {number} has the shape {kernel.shape}, but what it returns has "
            f"{whole.shape}."
        )
    if not np.isfinite(whole).all():
        raise HintError(
            f"For layer {number} it returns nan or infinite: is something divided by 0?"
        )
    if not (whole == np.rint(whole)).all():
        raise HintError(
            f"For layer {number} it returns {whole[whole != np.rint(whole)][0]:g}, which "
            "is not a whole number: round with `np.rint`."
        )
    if abs(whole).max() > 127:
        raise HintError(
            f"For layer {number} it returns {whole.flat[abs(whole).argmax()]:.0f}; whole numbers "
            "of 8 bits go from -127 to 127."
        )
    if not whole.any():
        raise HintError(
            f"For layer {number} it returns nothing but zeros. The weights are far smaller than 1: "
            "divide them by the largest, and multiply by the number of steps, before you round."
        )
    return whole.astype(np.int8)


def _packed(whole):
    """Return how many bytes whole numbers take if frequent ones get few bits."""
    coder = zlib.compressobj(9, strategy=zlib.Z_HUFFMAN_ONLY)
    alone = len(coder.compress(whole.tobytes()) + coder.flush())
    return min(alone, len(zlib.compress(whole.tobytes(), 9)))


def _with_scales(answers):
    """Return layers with these whole numbers, whose maps have the means and spreads of before."""
    x = right = _digits()[0]
    layers = []
    for number, ((kernel, bias), whole) in enumerate(zip(_layers(), answers, strict=True)):
        others = tuple(range(kernel.ndim - 1))
        # The scale with which the squared error is least.
        squares = np.maximum((whole.astype(np.float32) ** 2).sum(axis=others), 1)
        new = (whole * ((whole * kernel).sum(axis=others) / squares)).astype(np.float32)
        if number == 5:
            layers.append((new, bias + (right @ kernel - x @ new).mean(axis=0)))
            break
        wanted, z = _sums(right, kernel, number) + bias, _sums(x, new, number)
        spread = z.std(axis=(0, 1, 2))
        factor = np.where(
            spread > 0, wanted.std(axis=(0, 1, 2)) / np.where(spread > 0, spread, 1), 1
        )
        shift = wanted.mean(axis=(0, 1, 2)) - factor * z.mean(axis=(0, 1, 2))
        layers.append((new * factor, shift))
        x, right = _after(z * factor + shift, number), _after(wanted, number)
    return layers


@open_task(
    "15.4",
    "In 20 KB",
    todo="Replace the ... by whole numbers for the weights, in the shape of the kernel.",
    ours=19.6,
    enough=20.0,
    form="{:.1f} KB",
    higher=False,
    names=("kernel", "number"),
    seconds=60,
)
def in_few_bytes(answer):
    """Return how many KB a network with these whole numbers takes, and what to try next."""
    answers = [_chosen(answer, kernel, number) for number, (kernel, _) in enumerate(_layers())]
    score = sum(_packed(whole) + 4 * whole.shape[-1] for whole in answers) / 1000
    errors, before = _errors(_with_scales(answers)), _errors_before()
    if errors > before + _LOST:
        raise HintError(
            f"With {score:.1f} KB it misreads {errors:,} of 10,000 digits, but at most "
            f"{before + _LOST} are allowed. Take more different numbers, above all in layers 0, 1 "
            "and 5: they have few weights, so that costs little."
        )
    said = f"it misreads {errors} of 10,000 digits, and {before + _LOST} are allowed. "
    if score > 60:
        return score, said + "Fewer different numbers: let the largest become 7 instead of 127."
    if score > 30:
        return score, said + "Still fewer: do -2 to 2 suffice, or even -1, 0 and 1?"
    if score > 20:
        return score, said + (
            "The layers 2, 3 and 4 hold most of the weights. Let them have only -1, 0 and 1, and "
            "all weights become 0 that are small beside the mean of their filter."
        )
    return score, said + "Which layer can bear still more zeros, and which one would need fewer?"


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_results(
    "15.1",
    {
        "The bias is multiplied, too": "W * scale, b + shift",
        "added after the multiplication": "W * scale, (b + shift) * scale",
        "The shift is missing": "W * scale, b * scale",
        "The weights are multiplied, too": "W, b * scale + shift",
        "the weights are only multiplied": "W * scale + shift, b * scale + shift",
        "the weights come first": "b * scale + shift, W * scale",
        "`@` adds up": "W @ scale, b * scale + shift",
    },
)

wrong_results(
    "15.2",
    {
        "Those are bits": "int(np.prod(shape)) * bits + 8 * shape[-1]",
        "are missing": "-(-int(np.prod(shape)) * bits // 8)",
        "two numbers of 4 bytes": "-(-int(np.prod(shape)) * bits // 8) + 4 * shape[-1]",
        "only partly full": "int(np.prod(shape)) * bits // 8 + 8 * shape[-1]",
        "whole bytes only": "np.prod(shape) * bits / 8 + 8 * shape[-1]",
        "the last one of the shape": "-(-int(np.prod(shape)) * bits // 8) + 8 * shape[0]",
        "counted in bits": "-(-(int(np.prod(shape)) * bits + 8 * shape[-1]) // 8)",
        "not added up": "-(-sum(shape) * bits // 8) + 8 * shape[-1]",
    },
)

_WHOLE = (
    "count = int(np.prod(shape))\n    whole = np.frombuffer(numbers, np.{}, count).reshape(shape)\n"
    '    scale = np.frombuffer(numbers, "<f4", shape[-1], {})\n    return {}'
)

wrong_bodies(
    "15.3",
    {
        "have a sign": _WHOLE.format("uint8", "count + -count % 4", "whole * scale"),
        "after the filling": _WHOLE.format("int8", "count", "whole * scale"),
        "nothing is filled up": _WHOLE.format("int8", "count + 4 - count % 4", "whole * scale"),
        "Those are the whole numbers": _WHOLE.format("int8", "count + -count % 4", "whole"),
        "Multiply by the scales": _WHOLE.format("int8", "count + -count % 4", "whole / scale"),
        "not the first one for all": _WHOLE.format(
            "int8", "count + -count % 4", "whole * scale[0]"
        ),
    },
)

_ROUND = "def whole_numbers(kernel, number):\n    return "

wrong_bodies(
    "15.3",
    {
        "as many scales as outputs": _WHOLE.format(
            "int8", "count + -count % 4", "whole * scale"
        ).replace("shape[-1]", "shape[1]"),
    },
)

for hint, result in {
    "IndexError": "np.rint([8, 4, 4, 4, 4][number] * kernel / abs(kernel).max())",
    "is not a whole number": "kernel",
    "nothing but zeros": "np.rint(kernel)",
    "go from -127 to 127": "np.rint(1000 * kernel / abs(kernel).max())",
    "has the shape": "np.rint(127 * kernel / abs(kernel).max()).sum(axis=0)",
    "are allowed. Take more": "np.rint(kernel / abs(kernel).max())",
}.items():
    wrong("15.4", hint, f"{_ROUND}{result}")
