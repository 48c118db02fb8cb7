"""What runs in the reader's browser does what Python does: Node runs it, if there is one here."""

import gzip
import json
import os
import re
import shutil
import subprocess
import zlib

import numpy as np
import pytest

from book.live import HERE, PACKS, assemble, files, training_data
from helpers import draw_strokes, load_data
from helpers.canvas import _encode
from helpers.data import find_mnist
from helpers.ink import digit_steps, find_ink, resample
from helpers.made_up import made_up_writer
from helpers.row import count_digits
from tools import NOTEBOOKS
from tools.make_start import PATH, start, unseen
from tools.sources import load_source

EPOCHS = 40
FULL = 65534  # a canvas has so many places a side
STEPS = ("ink", "square", "stretched", "centered", "final")


@pytest.fixture(scope="session")
def node(tmp_path_factory):
    """Run JavaScript beside the modules of the book; return what it writes, as JSON."""
    path = shutil.which("node")
    if path is None:
        problem = "there is no Node on this machine"
        if os.environ.get("BROWSER_TESTS") == "required":
            pytest.fail(problem)
        pytest.skip(problem)
    folder = tmp_path_factory.mktemp("live")
    for module in HERE.glob("*.js"):
        shutil.copy(module, folder)
    (folder / "package.json").write_text('{"type": "module"}')

    def run(code, **inputs):
        for name, content in inputs.items():
            if not isinstance(content, bytes):
                content = json.dumps(content).encode()
            (folder / name).write_bytes(content)
        (folder / "test.js").write_text(
            'import fs from "fs";\n'
            'const json = (name) => JSON.parse(fs.readFileSync(name, "utf8"));\n'
            "const bytes = (name) => new Uint8Array(fs.readFileSync(name)).buffer;\n"
            f"const say = (what) => console.log(JSON.stringify(what));\n{code}"
        )
        done = subprocess.run([path, "test.js"], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def drawings():
    """Drawings with pen-like strokes, their points where a canvas puts them."""
    return [
        [np.round(stroke * FULL) / FULL for stroke in drawing.strokes]
        for drawing in made_up_writer(12)
    ]


def flat(drawing):
    """Return strokes as the modules take them."""
    return [stroke.ravel().tolist() for stroke in drawing]


def picture(array):
    """Return a picture as the modules take it."""
    return {"height": array.shape[0], "width": array.shape[1], "data": array.ravel().tolist()}


def array(found):
    """Return a picture of the modules as an array."""
    return np.array(found["data"], np.uint8).reshape(found["height"], found["width"])


PICTURES = """
const pictureOf = ({ data, ...rest }) => ({ ...rest, data: Uint8Array.from(data) });
const plain = ({ data, ...rest }) => ({ ...rest, data: [...data] });
"""


@pytest.mark.parametrize("size", [20, 28])
def test_each_step_from_a_drawing_to_a_digit_is_that_of_python(node, drawings, size):
    some = [*drawings[::10], [np.array([[0.5, 0.5]])], [np.array([[0.2, 0.3], [0.21, 0.3]])]]
    pictures = [draw_strokes(drawing) for drawing in some]
    found = node(
        PICTURES
        + 'import { digitSteps } from "./ink.js";\n'
        + f'say(json("pictures").map((p) => digitSteps(pictureOf(p), {size})).map((steps) =>'
        + "Object.fromEntries(Object.entries(steps).map(([name, p]) => [name, plain(p)]))));",
        pictures=[picture(p) for p in pictures],
    )
    for steps, drawn in zip(found, pictures, strict=True):
        wanted = digit_steps(drawn, size)
        for name in STEPS:
            assert np.array_equal(array(steps[name]), wanted[name]), name


@pytest.mark.parametrize(("width", "height"), [(48, 48), (20, 20), (100, 63), (7, 31)])
def test_resampling_is_that_of_pillow(node, width, height):
    ink = np.random.default_rng(0).integers(256, size=(29, 41), dtype=np.uint8)
    code = 'import { resample } from "./ink.js";\nconst ink = pictureOf(json("ink"));\n'
    code += f"say(plain(resample(ink, {width}, {height})));"
    found = node(PICTURES + code, ink=picture(ink))
    assert np.array_equal(array(found), resample(ink, width, height))


def test_ink_lies_where_python_draws_it(node, drawings):
    found = node(
        PICTURES + 'import { drawStrokes } from "./ink.js";\n'
        'say(json("drawings").map((strokes) => plain(drawStrokes(strokes))));',
        drawings=[flat(drawing) for drawing in drawings[::8]],
    )
    for drawn, drawing in zip(found, drawings[::8], strict=True):
        assert np.abs(array(drawn).astype(int) - draw_strokes(drawing)).max() <= 3


def test_nothing_drawn_is_no_digit(node):
    code = 'import { digitSteps, drawStrokes } from "./ink.js";\nsay(digitSteps(drawStrokes([])));'
    assert node(code) is None


def test_digits_are_counted_as_in_python(node, drawings):
    rng = np.random.default_rng(0)
    rows = []
    for number in range(40):
        many = 1 + number % 3
        chosen = [drawings[i] for i in rng.integers(len(drawings), size=many)]
        # Narrow enough for some to touch.
        rows.append([
            np.clip((stroke - 0.5) * [0.9 / many, 0.9 / many**0.5] + [(i + 0.5) / many, 0.5], 0, 1)
            for i, drawing in enumerate(chosen)
            for stroke in drawing
        ])
    # Ones that a bar joins: they hang together and are told apart by cuts.
    for many in (2, 4):
        places = np.linspace(0.1, 0.9, many)
        ones = [np.array([[x, 0.35], [x, 0.65]]) for x in places]
        rows.append([*ones, np.array([[0.1, 0.5], [0.9, 0.5]])])
        assert count_digits(find_ink(draw_strokes(rows[-1]))) > 1
    inks = [find_ink(draw_strokes(row)) for row in rows]
    inks = [ink for ink in inks if ink is not None]
    found = node(
        PICTURES + 'import { countDigits } from "./row.js";\n'
        'say(json("inks").map((ink) => countDigits(pictureOf(ink))));',
        inks=[picture(ink) for ink in inks],
    )
    assert found == [count_digits(ink) for ink in inks]
    assert {1, 2, 3} <= set(found)


def read_weights(content):
    """Return the layers in a file of weights, each with its weights and biases."""
    start = 4 + int.from_bytes(content[:4], "little")
    header = json.loads(content[4:start])
    assert header["check"] == zlib.crc32(content[start:])
    at = start
    for layer in (layer for layer in header["layers"] if "shape" in layer):
        count, outputs = int(np.prod(layer["shape"])), layer["shape"][-1]
        whole = np.frombuffer(content, np.int8, count, at).reshape(layer["shape"])
        at += -(-count // 4) * 4
        scales, biases = np.frombuffer(content, "<f4", 2 * outputs, at).reshape(2, -1)
        layer.update(weights=whole * scales.astype(np.float64), biases=biases.astype(np.float64))
        at += 8 * outputs
    return header


def logits_of(network, digit):
    """Return the logits of a digit, by NumPy."""
    x = digit.reshape(network["size"], network["size"], 1).astype(np.float64)
    for layer in network["layers"]:
        if layer["kind"] == "conv":
            if layer["padding"] == "same":
                x = np.pad(x, ((1, 1), (1, 1), (0, 0)))
            windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(0, 1))
            x = np.einsum("hwcij,ijck->hwk", windows, layer["weights"]) + layer["biases"]
        elif layer["kind"] == "max_pool":
            h, w = x.shape[0] // 2 * 2, x.shape[1] // 2 * 2
            x = x[:h, :w].reshape(h // 2, 2, w // 2, 2, -1).max(axis=(1, 3))
        elif layer["kind"] == "mean":
            x = x.mean(axis=(0, 1))
        elif layer["kind"] == "dense":
            x = x.ravel() @ layer["weights"] + layer["biases"]
        if layer.get("activation") == "relu":
            x = np.maximum(x, 0)
    return x


READ = 'import { forward, readNetwork, softmax } from "./network.js";\n'


@pytest.mark.parametrize("name", ["dense", "cnn"])
def test_logits_are_those_of_numpy(node, drawings, name):
    content = files()[name]
    network = read_weights(content)
    digits = [
        digit_steps(draw_strokes(drawing), network["size"])["final"] / 255
        for drawing in drawings[::6]
    ]
    found = node(
        READ + 'const network = readNetwork(bytes("weights"));\n'
        'say(json("digits").map((digit) => [...forward(network, Float32Array.from(digit))]));',
        weights=content,
        digits=[digit.ravel().tolist() for digit in digits],
    )
    wanted = [logits_of(network, digit.astype(np.float32)) for digit in digits]
    assert np.abs(np.array(found) - wanted).max() < 1e-3


@pytest.mark.parametrize("name", ["dense", "cnn"])
def test_drawings_are_read_as_by_python(node, drawings, name):
    content = files()[name]
    network = read_weights(content)
    found = node(
        READ + 'import { drawStrokes, toDigit } from "./ink.js";\n'
        'const network = readNetwork(bytes("weights"));\n'
        "const read = (strokes) => forward(network, toDigit(drawStrokes(strokes), network.size));\n"
        "const first = (logits) => logits.indexOf(Math.max(...logits));\n"
        'say(json("drawings").map((strokes) => first(read(strokes))));',
        weights=content,
        drawings=[flat(drawing) for drawing in drawings],
    )
    wanted = [
        logits_of(network, digit_steps(draw_strokes(drawing), network["size"])["final"] / 255)
        for drawing in drawings
    ]
    assert (np.array(found) == np.argmax(wanted, axis=1)).mean() >= 0.98


def test_what_is_said_of_a_drawing_is_what_its_numbers_say(node, drawings):
    two = [stroke * [0.4, 0.8] + [x, 0.1] for x in (0.02, 0.55) for stroke in drawings[0]]
    some = [*drawings[::5], two, []]
    coded = [_encode([np.asarray(stroke) for stroke in each], 3) for each in some]
    found = node(
        READ + 'import { answerTo } from "./kernel.js";\n'
        'const network = readNetwork(bytes("weights"));\n'
        "const drawingOf = (list) => new DataView(Uint8Array.from(list).buffer);\n"
        'const answers = json("coded").map((list) => answerTo(drawingOf(list), network));\n'
        "say(answers.map(({ text, problem, probabilities: p = [] }) => "
        "({ text, problem, p: [...p] })));",
        weights=files()["dense"],
        coded=[list(each) for each in coded],
    )
    *read, nothing = found
    for answer in read:
        p = np.array(answer["p"])
        assert answer["text"] == f"{p.argmax()}, {100 * p.max():.0f} %"
    assert "looks like 2 digits" in read[-1]["problem"]
    assert nothing == {"text": "Draw a digit.", "problem": "", "p": []}


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:100],
        lambda content: content[:-4],
        lambda content: content + bytes(4),
        lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
        lambda content: content.replace(b'"version": 1', b'"version": 2'),
        lambda content: b"<!doctype html><title>404</title>" * 100,
    ],
    ids=["empty", "a beginning", "shorter", "longer", "one bit", "another version", "a page"],
)
def test_damaged_weights_are_refused(node, damage):
    code = READ + 'try { readNetwork(bytes("weights")); say("read"); }'
    code += " catch (error) { say(error.message); }"
    content = files()["dense"]
    assert node(code, weights=content) == "read"
    assert node(code, weights=damage(content)) == (
        "is damaged, or does not fit the program of this page"
    )


TRAIN = """
import { readData, Trainer } from "./trainer.js";
const data = readData(bytes("data"));
function train(settings, epochs) {
  const trainer = new Trainer(data, settings);
  const losses = Array.from({ length: epochs }, () => trainer.epoch());
  return { losses, wrong: trainer.errors(data.seen), missed: trainer.errors(data.unseen), trainer };
}
"""


@pytest.fixture(scope="session")
def step_6():
    """What step 6 prints at the end of its training: loss and errors."""
    cells = json.loads((NOTEBOOKS / "06_training.ipynb").read_text(encoding="utf-8"))["cells"]
    (cell,) = [cell for cell in cells if "compiled_model(seed=1)" in "".join(cell["source"])]
    printed = "".join("".join(output.get("text", "")) for output in cell["outputs"])
    loss, wrong = re.search(r"loss ([\d.]+), wrong: (\d+) of 5000", printed).groups()
    return loss, int(wrong)


def test_training_ends_where_that_of_step_6_ends(node, step_6):
    code = TRAIN + f"const {{ trainer, ...found }} = train({{}}, {EPOCHS});\n"
    code += "const { shape, W } = trainer.network().layers[0];\n"
    found = node(code + "say({ ...found, shape, weights: [...W] });", data=training_data())
    assert (f"{found['losses'][-1]:.4f}", found["wrong"]) == step_6
    assert found["missed"] < 100  # of 1,000 that it has not seen
    assert found["shape"] == [400, 25]
    script = (HERE / "training.js").read_text(encoding="utf-8")
    assert f'const LOSS = "{step_6[0]}"' in script  # which the page says it is


def test_one_step_of_training_is_that_of_step_12(node):
    step_12 = load_source(NOTEBOOKS / "12_backpropagation.ipynb", ["loss_and_gradients"])
    X, y = load_data()
    stored = np.load(PATH)
    kernels = np.split(stored["weights"], [10000, 10375])
    sizes = [(400, 25), (25, 15), (15, 10)]
    parameters = []
    for kernel, size in zip(kernels, sizes, strict=True):
        parameters += [kernel.reshape(size), np.zeros(size[1])]
    batch = stored["order"][:32]
    loss, gradients = step_12["loss_and_gradients"](parameters, X[batch].astype(float), y[batch])
    code = TRAIN + "const trainer = new Trainer(data);\n"
    code += "const loss = trainer.lossAndGradients(data.order.subarray(0, 32)) / 32;\n"
    code += "say({ loss, slopes: trainer.arrays.map(({ slopes }) => [...slopes]) });"
    found = node(code, data=training_data())
    assert found["loss"] == pytest.approx(loss, abs=1e-12)
    for ours, theirs in zip(found["slopes"], gradients, strict=True):
        assert np.allclose(ours, theirs.ravel(), rtol=0, atol=1e-12)


def test_other_seeds_and_rates_train_another_network(node):
    code = (
        TRAIN
        + "const runs = [{}, { seed: 2 }, { seed: 2 }, { rate: 0.003 }].map((s) => train(s, 2));"
    )
    code += "say(runs.map(({ losses }) => losses));"
    first, other, again, faster = node(code, data=training_data())
    assert other == again != first
    assert faster[0] < first[0]
    assert all(losses[1] < losses[0] < 2.3 for losses in (first, other, faster))


def test_the_start_is_that_of_step_6():
    with np.load(PATH) as stored:
        weights, order = start()
        assert np.array_equal(stored["weights"], weights)
        assert np.array_equal(stored["order"], order)
        if find_mnist():
            for name, wanted in zip(("unseen", "unseen_labels"), unseen(), strict=True):
                assert np.array_equal(stored[name], wanted)


def test_pages_need_only_what_is_assembled(tmp_path):
    assemble(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    packs = {"canvas-scripts", "training-scripts", "training-data", "dense", "cnn"}
    assert names == {"live.js"} | {f"{p}.pack" for p in packs} | {f"{p}.pack.js" for p in packs}
    canvas = json.loads(gzip.decompress((tmp_path / "canvas-scripts.pack").read_bytes()))
    assert tuple(canvas) == PACKS["canvas"]
    helpers = HERE.parents[1] / "src" / "helpers"
    for name in ("canvas.js", "canvas.css"):
        assert canvas[name] == (helpers / name).read_text(encoding="utf-8")
    for name in PACKS:
        sources = json.loads(gzip.decompress((tmp_path / f"{name}-scripts.pack").read_bytes()))
        imported = re.findall(r'from "\./([\w.]+)"', "".join(sources.values()))
        assert set(imported) <= sources.keys()
    assert not re.search(r"https?://", "".join(canvas.values()).replace("http://www.w3.org", ""))


def test_little_is_loaded_for_the_canvas(tmp_path):
    assemble(tmp_path)
    size = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    first = size["live.js"] + size["canvas-scripts.pack"]
    assert first + size["cnn.pack"] < 120_000
    assert first + size["dense.pack"] < 40_000
    data = re.search(r'const SIZE = "([\d.]+) MB"', (HERE / "training.js").read_text())[1]
    assert 0.75 * float(data) < size["training-data.pack"] / 1e6 <= float(data)


def test_files_are_the_same_each_time(tmp_path):
    for name in "ab":
        assemble(tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_the_network_in_the_browser_is_as_short_as_step_15_says():
    text = (HERE / "network.js").read_text(encoding="utf-8")
    forward = text[text.index("export function forward") : text.index("export function softmax")]
    lines = [line for line in forward.splitlines() if line.strip() and "//" not in line]
    assert 50 < len(lines) < 100
