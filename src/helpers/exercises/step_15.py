"""The exercises of step 15: folding, counting bytes, reading them, and 20 KB."""

import functools
import zlib

import numpy as np

from helpers import data
from helpers.exercises.comparing import HintError, show
from helpers.exercises.engine import stops
from helpers.exercises.explaining import explain
from helpers.exercises.measuring import called
from helpers.exercises.registry import (
    exercise,
    listed,
    open_task,
    written,
    wrong,
    wrong_bodies,
    wrong_results,
    wrong_written,
)

_FOLD = listed("""
The bias is multiplied, too: x @ W + b as a whole is multiplied by the scale.
    W * scale, b + shift
The shift is added after the multiplication, so it is not multiplied itself.
    W * scale, (b + shift) * scale
The shift is missing; it belongs to the bias.
    W * scale, b * scale
The old bias is still there, multiplied: add the shift to it.
    W * scale, shift
The weights are multiplied, too: `W * scale`.
    W, b * scale + shift
Each column of W belongs to an output, so the columns are multiplied, not the rows.
    new = np.zeros(W.shape)
    for i in range(len(W)):
        new[i] = W[i] * scale[i]
    return new, b * scale + shift
    np.array([row * s for row, s in zip(W, scale)]), b * scale + shift
    W.T * np.resize(scale, len(W)), b * scale + shift
    W.T * scale, b * scale + shift
    W * scale[:, np.newaxis], b * scale + shift
    W * np.resize(scale, len(W))[:, np.newaxis], b * scale + shift
The shift is added once, to the bias; the weights are only multiplied.
    W * scale + shift, b * scale + shift
    W * scale + shift, b * scale
    W * scale + shift, b
They are exchanged: the weights come first.
    b * scale + shift, W * scale
Multiply by the scale; do not divide.
    W / scale, b / scale + shift
`@` and `sum` add up; here each column is multiplied by a number of its own: `*`.
    W @ scale, b * scale + shift
    W @ scale, b @ scale + shift
    W * scale, b @ scale + shift
    scale @ W, scale * b + shift
    scale @ W, scale @ b + shift
    W * scale, (b * scale + shift).sum()
The shift is added, not subtracted.
    W * scale, b * scale - shift
Nothing is subtracted here: multiply the old bias by the scale, and add the shift.
    W * scale, shift - scale * b
    W * scale, b - scale * shift
    W * scale, shift - b
Only the old bias is multiplied: `b * scale`, and then `+ shift`.
    W * scale, b * (scale + shift)
    W * scale, b + shift * scale
    W * scale, b * scale * shift
Each output has a number of its own in `scale` and in `shift`; do not take one for all.
    W * scale[0], b * scale[0] + shift[0]
    W * scale[0], b * scale[0] + shift
    W * scale.mean(), b * scale.mean() + shift
    W * scale.sum(), b * scale.sum() + shift
Each round of the loop multiplies all of it; change column `j` alone: `W[:, j]` and `b[j]`.
    for j in range(len(scale)):
        W, b = W * scale[j], b * scale[j] + shift[j]
    return W, b
The scale multiplies; it is not added.
    W + scale, b + shift
    W + scale, b + scale + shift
`scale` and `shift` are exchanged.
    W * shift, b * shift + scale
The old bias belongs in the new bias; the weights are `W * scale` alone.
    W * scale + b * scale, shift
    W * scale + b, shift
    W * scale + b * scale, b * scale + shift
The weights do not belong in the bias: only `b`, `scale` and `shift` do.
    W * scale, W * scale + b + shift
    W * scale, W * b + shift
    W * scale, W * scale + b * scale + shift
""")


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
        **written("W, b, scale, shift", _FOLD),
        "`fold` takes a normalization of Keras; here scale and shift are there already, so "
        "multiply and add yourself.": stops("get_weights"),
    },
)
def fold_dense(W, b, scale, shift):
    """Return weights and bias of a dense layer with a multiplication and an addition behind it."""
    return W * scale, b * scale + shift


def as_whole(result):
    """Return a float that is a whole number, such as one of `np.ceil`, as an int."""
    return int(result) if isinstance(result, float) and result.is_integer() else result


# `WEIGHTS` is the number of weights, `PACKED` the bytes that they take.
_BYTES = listed(
    """
Those are bits; a byte has 8 of them.
    WEIGHTS * bits + 8 * shape[-1]
    WEIGHTS * bits + 64 * shape[-1]
    WEIGHTS * bits
The scales and the biases are missing, 4 bytes each.
    PACKED
An output has a scale and a bias: two numbers of 4 bytes, which is 8.
    PACKED + 4 * shape[-1]
    WEIGHTS * bits // 8 + 4 * shape[-1]
    PACKED + 2 * shape[-1]
    PACKED + 16 * shape[-1]
The last byte is needed, too, if it is only partly full: round up.
    WEIGHTS * bits // 8 + 8 * shape[-1]
There are whole bytes only: round up what is left over, after the division by 8.
    WEIGHTS * bits / 8 + 8 * shape[-1]
Where the last byte is full, do not add one.
    WEIGHTS * bits // 8 + 1 + 8 * shape[-1]
The weights lie one right behind the other; a weight need not begin with a new byte.
    WEIGHTS * -(-bits // 8) + 8 * shape[-1]
    WEIGHTS * (bits // 8) + 8 * shape[-1]
A shape is multiplied, not added up: 3 × 3 × 1 × 2 weights are 18.
    -(-sum(shape) * bits // 8) + 8 * shape[-1]
The number of outputs is the last one of the shape: `shape[-1]`.
    PACKED + 8 * shape[0]
    PACKED + 8 * shape[-2]
    PACKED + 8 * shape[1]
    PACKED + 8 * len(shape)
    WEIGHTS * bits // 8 + 8 * shape[0]
There is a scale and a bias for each output, not only one for the layer.
    PACKED + 8
    WEIGHTS * bits // 8 + 8
    PACKED + 4 + 4 * shape[-1]
    PACKED + 4
Scales and biases have 4 bytes each, however many bits a weight has.
    -(-(WEIGHTS + 2 * shape[-1]) * bits // 8)
Only the weights are counted in bits; scales and biases have whole bytes already.
    -(-(WEIGHTS * bits + 8 * shape[-1]) // 8)
It is rounded to the nearest; what is left over needs a byte: round up.
    round(WEIGHTS * bits / 8) + 8 * shape[-1]
A scale and a bias have 4 bytes each: that is 8 for an output, not 64 or 32, which are bits.
    PACKED + 64 * shape[-1]
    PACKED + 32 * shape[-1]
Round up once, for all weights: those of the next filter go on in the same byte.
    shape[-1] * (-(-int(np.prod(shape[:-1])) * bits // 8) + 8)
Only the 8 bytes are multiplied by the outputs; `np.prod(shape)` has counted the weights of all
outputs already.
    (PACKED + 8) * shape[-1]
All numbers of the shape are multiplied, the last one, too.
    -(-int(np.prod(shape[:-1])) * bits // 8) + 8 * shape[-1]
    -(-shape[0] * shape[1] * shape[2] * bits // 8) + 8 * shape[-1]
Two signs are needed to round up: one of the number, and one that turns the result back, as in
`-(-n // 8)`.
    -WEIGHTS * bits // 8 + 8 * shape[-1]
    -(WEIGHTS * bits // 8) + 8 * shape[-1]
What is left over are bits; they need one byte, however many they are.
    WEIGHTS * bits // 8 + WEIGHTS * bits % 8 + 8 * shape[-1]
    WEIGHTS * bits // 8 + -WEIGHTS * bits % 8 + 8 * shape[-1]
    WEIGHTS * bits // 8 + WEIGHTS * bits % 2 + 8 * shape[-1]
A byte has 8 bits: fill up to the next multiple of 8.
    (WEIGHTS * bits + -WEIGHTS * bits % 4) // 8 + 8 * shape[-1]
After `+ 7`, divide by `//`, which rounds down.
    (WEIGHTS * bits + 7) / 8 + 8 * shape[-1]
Multiply by `bits` before you divide by 8 and round.
    -(-WEIGHTS // 8) * bits + 8 * shape[-1]
    WEIGHTS // 8 * bits + 8 * shape[-1]
Each weight has `bits` bits: multiply by `bits`, and divide by 8.
    -(-WEIGHTS * 8 // bits) + 8 * shape[-1]
    WEIGHTS // bits + 8 * shape[-1]
    -(-WEIGHTS // bits) + 8 * shape[-1]
    -(-WEIGHTS * 2**bits // 8) + 8 * shape[-1]
That counts the axes; the weights are `np.prod(shape)`.
    -(-len(shape) * bits // 8) + 8 * shape[-1]
A scale belongs to an output, not to each weight.
    PACKED + 8 * WEIGHTS
The product starts at 1 and is multiplied by each number of the shape: `n *= length`.
    n = 0
    for length in shape:
        n *= length
    return -(-n * bits // 8) + 8 * shape[-1]
    -(-shape[-1] * bits // 8) + 8 * shape[-1]
Nothing is filled up to 4 bytes here: only the last byte may be partly empty.
    PACKED + -PACKED % 4 + 8 * shape[-1]
""".replace("PACKED", "-(-WEIGHTS * bits // 8)").replace("WEIGHTS", "int(np.prod(shape))")
)


@exercise(
    "15.2",
    "How many bytes?",
    todo="Replace the ... by the number of bytes for weights, scales and biases.",
    examples=lambda rng: [
        # 9 bytes that are full, and numbers of bits that fill no byte; at last half of one.
        ((3, 3, 1, 2), 4),
        ((3, 3, 1, 2), 3),
        ((64, 10), 8),
        ((3, 3, 5, 7), 3),
        ((5, 3), 16),
        ((3, 1), 4),
        ((*rng.integers(2, 9, 3).tolist(), 11), 5),
    ],
    view=as_whole,  # what `np.ceil` returns counts whole bytes just as well
    mistakes={
        **written("shape, bits", _BYTES),
        "A shape is a tuple: multiply its numbers by `np.prod(shape)`, and take one of them by "
        "`shape[-1]`.": (
            stops(
                "'tuple' object has no attribute",
                "for /: 'tuple'",
                "'int' and 'tuple'",
                "concatenate tuple",
            )
        ),
    },
)
def stored_bytes(shape, bits):
    """Return how many bytes a layer takes, with a scale and a bias for each output."""
    return -(-int(np.prod(shape)) * bits // 8) + 8 * shape[-1]


def _stored(whole, *behind):
    """Return the bytes of a layer as notebook 15 writes them."""
    part = np.array(whole, np.int8).tobytes()
    return part + bytes(-len(part) % 4) + np.array(behind, "<f4").tobytes()


def _drawn(rng, shape):
    whole = rng.integers(-127, 128, shape, dtype=np.int8)
    whole.flat[0] = -5  # one at least is negative
    return _stored(whole, *rng.uniform(0.01, 0.5, (2, shape[-1])))


# `WHOLE` are the whole numbers, `FLAT` those before `reshape`, `SCALES` what they are multiplied
# by, and `AT` is where that begins.
_LAYER = listed(
    """
The whole numbers have a sign: read them as `np.int8`.
    np.frombuffer(numbers, np.uint8, COUNT).reshape(shape) * SCALES
The scales begin after the filling, at a multiple of 4 bytes.
    WHOLE * np.frombuffer(numbers, "<f4", shape[-1], COUNT)
Where the number of bytes is a multiple of 4 already, nothing is filled up.
    WHOLE * np.frombuffer(numbers, "<f4", shape[-1], COUNT + 4 - COUNT % 4)
`count % 4` bytes lie beyond a multiple of 4; `-count % 4` are missing to the next one.
    WHOLE * np.frombuffer(numbers, "<f4", shape[-1], COUNT + COUNT % 4)
There are as many scales as outputs, the last number of the shape: `shape[-1]`.
    WHOLE * np.frombuffer(numbers, "<f4", shape[1], AT)
    WHOLE * np.frombuffer(numbers, "<f4", shape[0], AT)
Those are the whole numbers; multiply them by the scales.
    WHOLE
Those are the scales alone; multiply the whole numbers by them.
    SCALES
The first numbers behind the filling are the scales; the biases come after them.
    WHOLE * np.frombuffer(numbers, "<f4", shape[-1], len(numbers) - 4 * shape[-1])
    WHOLE * np.frombuffer(numbers, "<f4", offset=len(numbers) - 4)[0]
Multiply by the scales; to write the file, it was divided by them.
    WHOLE / SCALES
Each output has a scale of its own, not the first one for all.
    WHOLE * SCALES[0]
The biases are added to the sums later, not to the weights.
    WHOLE * SCALES + np.frombuffer(numbers, "<f4")[-shape[-1] :]
Behind the scales stand the biases: read only `shape[-1]` numbers.
    WHOLE * np.frombuffer(numbers, "<f4", offset=AT)
    WHOLE * np.frombuffer(numbers, "<f4", len(shape), AT)
`reshape(2, -1)` gives two rows, scales and biases; multiply by the first one.
    WHOLE * np.frombuffer(numbers, "<f4", offset=AT).reshape(2, -1)
First come all scales, then all biases, not pairs of both.
    WHOLE * np.frombuffer(numbers, "<f4", offset=AT)[::2]
Bring the whole numbers into their shape before you multiply: each scale belongs to an output.
    FLAT * SCALES
    (FLAT * SCALES).reshape(shape)
A scale is a decimal number of 4 bytes, the lowest byte first: `"<f4"`.
    WHOLE * np.frombuffer(numbers, "<f8", shape[-1], AT)
    WHOLE * np.frombuffer(numbers, "<u4", shape[-1], AT)
    WHOLE * np.frombuffer(numbers, "<i4", shape[-1], AT)
    WHOLE * np.frombuffer(numbers, ">f4", shape[-1], AT)
    WHOLE * np.frombuffer(numbers, "<f2", shape[-1], AT)
Fill up to the next multiple of 4; do not go back to the last one: `count + -count % 4`.
    WHOLE * np.frombuffer(numbers, "<f4", shape[-1], COUNT // 4 * 4)
The scales stand right behind the whole numbers and the filling: begin at the byte
`count + -count % 4`.
    WHOLE * np.frombuffer(numbers, "<f4", shape[-1])
    WHOLE * np.frombuffer(numbers, "<f4", shape[-1], -COUNT % 4)
    WHOLE * np.frombuffer(numbers, "<f4", shape[-1], (COUNT + 3) // 4)
    WHOLE * np.frombuffer(numbers, "<f4", shape[-1], COUNT // 4)
    WHOLE * np.frombuffer(numbers, "<f4", shape[-1], AT + 4)
    WHOLE * np.frombuffer(numbers, "<f4", shape[-1], COUNT + 4)
    WHOLE * np.frombuffer(numbers, "<f4")[COUNT : COUNT + shape[-1]]
Only in the example do the scales begin at byte 4; where they do depends on how many weights there
are.
    WHOLE * np.frombuffer(numbers, "<f4", shape[-1], 4)
`count - -count % 4` is `count - (-count % 4)`; what is missing has to be added.
    WHOLE * np.frombuffer(numbers, "<f4", shape[-1], COUNT - -COUNT % 4)
Each scale belongs to an output, along the last axis: `whole * scale`.
    WHOLE * SCALES[:, None]
The scale multiplies each filter; `@` would add up over the filters.
    WHOLE @ SCALES
The weights are decimals: do not turn them back into whole numbers.
    (WHOLE * SCALES).astype(np.int8)
    (WHOLE * SCALES).astype(int)
    np.rint(WHOLE * SCALES)
The whole numbers are multiplied by the scales alone; nothing is divided by 127.
    WHOLE / 127 * SCALES
The bytes of the whole numbers are written row by row: `reshape(shape)` alone puts them right.
    FLAT.reshape(shape, order="F") * SCALES
Each whole number has one byte: read them as `np.int8`.
    np.frombuffer(numbers, "<u4", COUNT).reshape(shape) * SCALES
    np.frombuffer(numbers, "<i4", COUNT).reshape(shape) * SCALES
    np.frombuffer(numbers, "<i2", COUNT).reshape(shape) * SCALES
    np.frombuffer(numbers, "<i8", COUNT).reshape(shape) * SCALES
    np.frombuffer(numbers, "<f4", COUNT).reshape(shape) * SCALES
The sign is not a shift by 128: read the whole numbers as `np.int8`.
    (np.frombuffer(numbers, np.uint8, COUNT).reshape(shape) - 128.0) * SCALES
There the filling is counted, too: only `np.prod(shape)` numbers stand before it.
    np.frombuffer(numbers, np.int8, len(numbers) - 8 * shape[-1]).reshape(shape) * SCALES
"""
    .replace("WHOLE", "FLAT.reshape(shape)")
    .replace("FLAT", "np.frombuffer(numbers, np.int8, COUNT)")
    .replace("SCALES", 'np.frombuffer(numbers, "<f4", shape[-1], AT)')
    .replace("AT", "COUNT + -COUNT % 4")
    .replace("COUNT", "np.prod(shape)")
)


@exercise(
    "15.3",
    "Read a layer",
    todo="Replace the ... by the weights, in the given shape.",
    examples=lambda rng: [
        (_stored([2, -1], 0.5, 0), (2, 1)),
        # Small numbers, which one can follow: two outputs, and three bytes that are filled up.
        (_stored([1, 2, 3, -1], 0.5, 2, 1, 1), (2, 2)),
        (_stored([1, 2, 3, 4, -1], 0.5, 2), (5, 1)),
        # Nothing to fill up; then one, two and three bytes; two and four axes, where the second
        # one is not as long as the last.
        *(
            (_drawn(rng, shape), shape)
            for shape in ((4, 3), (3, 3), (3, 3, 2, 3), (1, 5), (3, 3, 1, 2))
        ),
    ],
    mistakes={
        **written("numbers, shape", _LAYER),
        "`unpack` reads a whole file; `numbers` begins with the weights, without a length and a "
        "text before them.": stops("Expecting value"),
        "Such a slice counts bytes, and each scale has 4 of them.": (
            stops("multiple of element size")
        ),
        "`np.frombuffer` reads to the end unless it is told how many numbers, and from which byte "
        "on: give it the count, and for the scales the place, too.": stops("cannot reshape"),
        "`numbers` are bytes, no array: `np.frombuffer` makes one of them.": stops("dtype('S"),
        "Scales and biases lie in one long row: `reshape(2, -1)` makes two rows of it, which two "
        "names can take up.": stops("too many values to unpack"),
        "It asks for more bytes than there are: `np.frombuffer(numbers, kind, count, place)` reads "
        "`count` numbers from the byte `place` on.": (
            stops("buffer is smaller", "no greater than buffer length")
        ),
    },
)
def read_weights(numbers, shape):
    """Return the weights of a layer that was stored in 8 bits."""
    count = int(np.prod(shape))
    scales = np.frombuffer(numbers, "<f4", shape[-1], count + -count % 4)
    return np.frombuffer(numbers, np.int8, count).reshape(shape) * scales


_SEEN = 500  # training images by which means and spreads are set anew
_SCALE = 4  # bytes for that of a filter
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
        raise HintError(
            f"For layer {number} it returns nothing: is the `return` missing, or is there a case "
            "without one?"
        )
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
        remedy = (
            "The weights are far smaller than 1: divide them by the largest, and multiply by the "
            "number of steps, before you round."
        )
        if "to_whole" in getattr(getattr(answer, "__code__", None), "co_names", ()):
            remedy = (
                "`to_whole` takes how many bits a weight gets, 2 at least; `number` only says "
                "which layer it is."
            )
        raise HintError(f"For layer {number} it returns nothing but zeros. {remedy}")
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
    score = sum(_packed(whole) + _SCALE * whole.shape[-1] for whole in answers) / 1000
    errors, before = _errors(_with_scales(answers)), _errors_before()
    if errors > before + _LOST:
        remedy = (
            "Take more different numbers, above all in layers 0, 1 and 5: they have few weights, "
            "so that costs little."
        )
        unsigned = [str(number) for number, whole in enumerate(answers) if whole.min() >= 0]
        if unsigned:
            remedy = (
                f"For layer {unsigned[0]} it returns no negative number: is the sign lost? "
                "`np.sign(kernel)` gives it."
            )
        raise HintError(
            f"With {score:.1f} KB it misreads {errors:,} of 10,000 digits, but at most "
            f"{before + _LOST} are allowed. {remedy}"
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

wrong_written("15.1", _FOLD)
wrong_results("15.1", {"takes a normalization of Keras": "fold(W, scale)"})
wrong_written("15.2", _BYTES)
wrong_results("15.2", {"A shape is a tuple": "-(-shape.size * bits // 8) + 8 * shape[-1]"})
wrong_written("15.3", _LAYER)

_WHOLE = (
    "count = int(np.prod(shape))\n    place = count + -count % 4\n"
    "    whole = np.frombuffer(numbers, np.int8, count).reshape(shape)\n    {}\n"
    "    return whole * scale"
)

wrong_bodies(
    "15.3",
    {
        "`unpack` reads a whole file": (
            'import json\n    length = int(np.frombuffer(numbers, "<u4", 1)[0])\n'
            "    return json.loads(numbers[4 : 4 + length])"
        ),
        "Such a slice counts bytes": _WHOLE.format(
            'scale = np.frombuffer(numbers[place : place + shape[-1]], "<f4")'
        ),
        "reads to the end unless": (
            "whole = np.frombuffer(numbers, np.int8).reshape(shape)\n    return whole"
        ),
        "`np.frombuffer` makes one": 'return numbers[:2] * np.frombuffer(numbers[4:], "<f4")',
        "makes two rows of it": _WHOLE.format(
            'scale, bias = np.frombuffer(numbers[place:], "<f4")'
        ),
        "It asks for more bytes": _WHOLE.format(
            'scale = np.frombuffer(numbers, "<f4", place, shape[-1])'
        ),
    },
)

_ROUND = "def whole_numbers(kernel, number):\n    return "

for hint, result in {
    "IndexError": "np.rint([8, 4, 4, 4, 4][number] * kernel / abs(kernel).max())",
    "is not a whole number": "kernel",
    "nothing but zeros. The weights": "np.rint(kernel)",
    "`number` only says which layer": "to_whole(kernel, number)[0]",
    "or is there a case without one": "print(number)",
    "go from -127 to 127": "np.rint(1000 * kernel / abs(kernel).max())",
    "has the shape": "np.rint(127 * kernel / abs(kernel).max()).sum(axis=0)",
    "are allowed. Take more": "np.rint(kernel / abs(kernel).max())",
    "is the sign lost": "abs(kernel) > abs(kernel).mean()",
}.items():
    wrong("15.4", hint, f"{_ROUND}{result}")
