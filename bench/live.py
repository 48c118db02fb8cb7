"""Measure what runs in the reader's browser, beside Python: python -m bench live.

    .venv/bin/python -m bench live
    .venv/bin/python -m bench live --strokes FILE

A real Chromium opens a page with the canvas and the training, assembled as for the book and served
from this machine; bytes are those before they are packed.

- Reading: all drawings in FILE, which `bench/strokes.py` describes, or else those of the writer
  whom we have made up, are read by both: by `draw_strokes`, `digit_steps` and Keras, and by the
  modules of the page with their weights in 8 bits. The times are those of one drawing after the
  other.
- Drawing: digits are drawn with the mouse. Pen-up to text is from before the page gets the
  pointerup until the answer to the finished drawing is in the page. A frame is from one animation
  frame to the next.
- Training: a click in the page against the NumPy of step 12 in a process of its own, in turns, from
  the same weights, with the same order of images, 40 epochs. The page also draws its curve and its
  pictures, and looks at unseen images, each epoch.

Writes a section of bench/RESULTS.md.
"""

import functools
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from bench import results
from bench.canvas_lab import DIGITS
from bench.side_by_side import RATIO, Way, ratio, spread, take_turns
from bench.strokes import load
from bench.training_ways import (
    EPOCHS,
    STEPS,
    build_keras,
    data,
    keras_start,
    numpy_trainer,
    once,
)
from book.live import HERE, assemble
from book.server import served
from helpers import draw_strokes
from helpers.ink import digit_steps
from helpers.made_up import made_up_writer

SECTION = "In the reader's browser"
NETWORKS = {"dense": "of step 6, 400-25-15-10", "cnn": "convolutional"}
SIZES = {"dense": 20, "cnn": 28}
FULL = 65534  # a canvas has so many places a side
TURNS = 5
DRAWN = 5  # times each of the digits of canvas_lab

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Live</title>
<link rel="icon" href="data:,"><script defer src="live/live.js"></script>
<div class="live-training"></div><div class="live-canvas" data-network="dense"></div></html>"""

# Reads drawings with the modules of the page; returns logits, and milliseconds for each drawing.
READ = """async ([name, drawings]) => {
    const { drawStrokes, toDigit } = await import("/modules/ink.js");
    const { forward, readNetwork } = await import("/modules/network.js");
    const file = await (await fetch(`/modules/${name}.bin`)).arrayBuffer();
    const network = readNetwork(file);
    const times = { preparing: [], reading: [] };
    const logits = drawings.map((strokes) => {
        const start = performance.now();
        const digit = toDigit(drawStrokes(strokes), network.size);
        const prepared = performance.now();
        const found = Array.from(forward(network, digit));
        times.preparing.push(prepared - start);
        times.reading.push(performance.now() - prepared);
        return found;
    });
    return { logits, times };
}"""

# Notes the times from pen-up to text and between frames.
WATCH = """() => {
    const log = (window.log = { texts: [], frames: [], tasks: [] });
    let up, before;
    addEventListener("pointerup", () => (up = performance.now()), true);
    addEventListener("pointerup", () => log.texts.push(performance.now() - up));
    const frame = (now) => {
        if (before) log.frames.push(now - before);
        before = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => log.tasks.push(...list.getEntries().map((e) => e.duration)))
        .observe({ type: "longtask" });
}"""

TRAIN = """() => new Promise((resolve) => {
    const [go, start] = [document.querySelector(".live-go"), performance.now()];
    new MutationObserver((_, observer) => {
        if (go.textContent !== "Train again") return;
        observer.disconnect();
        const said = document.querySelector(".live-state").textContent;
        resolve([(performance.now() - start) / 1000, said]);
    }).observe(go, { childList: true });
    go.click();
})"""


@contextmanager
def opened():
    """Open the page in Chromium; yield it, and the bytes of each file that it has loaded."""
    # Only here, lest all that imports this module needs a browser.
    from playwright.sync_api import sync_playwright

    from tools.jupyter import find_browser

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        assemble(folder / "live")
        (folder / "modules").symlink_to(HERE)
        (folder / "index.html").write_text(PAGE, encoding="utf-8")
        with served(folder) as server, sync_playwright() as playwright:
            arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            path = find_browser()
            browser = playwright.chromium.launch(executable_path=path, args=arguments)
            page = browser.new_page(viewport={"width": 1000, "height": 1200})
            page.goto(f"{server.address}index.html")
            page.wait_for_selector(".digit-canvas")
            page.wait_for_selector(".live-go")
            yield page, server.sent
            browser.close()


def python_networks():
    """Return the networks as Keras has them: name → a function from digits to logits."""
    import keras

    from helpers.training import load_network

    X, y = data()
    dense = build_keras("float64")
    dense.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.Adam(0.001),
        steps_per_execution=STEPS,
    )
    dense.fit(X, y, epochs=EPOCHS, verbose=0)
    cnn = load_network()
    return {
        "dense": lambda digits: dense.predict(digits.reshape(-1, 400), verbose=0),
        "cnn": lambda digits: cnn.predict(digits[..., None], batch_size=500, verbose=0),
    }


def measure_reading(page, labels, drawings):
    """Read drawings in the page and in Python; return for each network what came out."""
    found = {}
    networks = python_networks()
    placed = [[np.round(stroke * FULL) / FULL for stroke in drawing] for drawing in drawings]
    flat = [[stroke.ravel().tolist() for stroke in drawing] for drawing in placed]
    for name, size in SIZES.items():
        seconds, digits = [], []
        for drawing in placed:
            start = time.perf_counter()
            steps = digit_steps(draw_strokes(drawing), size)
            seconds.append(time.perf_counter() - start)
            digits.append(steps["final"].astype(np.float32) / 255)
        page.evaluate(READ, [name, flat[:50]])  # until the browser has compiled it
        theirs = page.evaluate(READ, [name, flat])
        ours = networks[name](np.stack(digits)).argmax(axis=1)
        in_page = np.argmax(theirs["logits"], axis=1)
        found[name] = {
            "same": 100 * (ours == in_page).mean(),
            "python": 100 * (ours == labels).mean(),
            "page": 100 * (in_page == labels).mean(),
            "python preparing": 1000 * np.median(seconds),
            **{part: np.median(times) for part, times in theirs["times"].items()},
        }
    return found


def measure_drawing(page):
    """Draw digits with the mouse, with the convolutional network; return the times in ms."""
    page.get_by_label("the convolutional one").check()
    page.wait_for_timeout(1000)
    page.evaluate(WATCH)
    box = page.locator(".ink").bounding_box()
    for _ in range(DRAWN):
        for spots in DIGITS.values():
            for i, (x, y) in enumerate(spots):
                page.mouse.move(box["x"] + x, box["y"] + y)
                if not i:
                    page.mouse.down()
                page.wait_for_timeout(8)
            page.mouse.up()
            page.keyboard.press("Delete")
    return page.evaluate("log")


def measure_training(page):
    """Train in the page and by NumPy in turns; return the seconds, and what both end with."""
    start, order = once(keras_start)
    numpy_way = Way(numpy_trainer, start, order)
    inside, said = [], ""

    def in_page():
        nonlocal said
        seconds, said = page.evaluate(TRAIN)
        inside.append(seconds)

    ways = {"page": in_page, "NumPy": functools.partial(numpy_way, EPOCHS)}
    take_turns(ways, 1)  # loads the data, too
    inside.clear()
    seconds, ends = take_turns(ways, TURNS)
    numpy_way.close()
    return {"page": inside, "NumPy": seconds["NumPy"], "said": said, "NumPy ends": ends["NumPy"]}


def measure(path=None):
    """Measure all there is; `path` may name a file of pen strokes."""
    if path:
        labels, _, drawings = load(path)
    else:
        written = made_up_writer(100)
        labels = np.array([drawing.label for drawing in written])
        drawings = [drawing.strokes for drawing in written]
    with opened() as (page, sent):
        page.locator(".ink").click()
        page.wait_for_function("/^\\d, /.test(document.querySelector('.verdict').textContent)")
        first = dict(sent)
        log = measure_drawing(page)
        training = measure_training(page)
        reading = measure_reading(page, labels, drawings)
        version = page.context.browser.version
    return {
        "who": "pen strokes" if path else "drawings of a writer whom we have made up",
        "count": len(drawings),
        "reading": reading,
        "log": log,
        "training": training,
        "bytes": bytes_loaded({**first, **sent}),
        "browser": version,
    }


def bytes_loaded(sent):
    """Return how many bytes the parts of the page load, by what a reader does."""
    both = sent["live.js"] + sent["canvas-scripts.pack"]
    return {
        "the canvas, with the network of step 6": both + sent["dense.pack"],
        "the canvas, with the convolutional network": both + sent["cnn.pack"],
        "the canvas, after switching from one to the other": both
        + sent["dense.pack"]
        + sent["cnn.pack"],
        "the training, before the click": sent["live.js"] + sent["training-scripts.pack"],
        "the training, on the click": sent["training-data.pack"],
    }


def section(found):
    """Return the lines of the section."""
    training, log = found["training"], found["log"]
    loss, wrong = training["NumPy ends"]
    times = {name: training[name] for name in ("page", "NumPy")}
    texts = np.percentile(log["texts"], [50, 95])
    return [
        "The page with the canvas and the training, in Chromium "
        f"{found['browser']}, beside Python; how it is measured stands at the top of "
        "`bench/live.py`.",
        "",
        "### Reading",
        "",
        f"{found['count']:,} {found['who']}, read by Python and by the page: in percent the same "
        "answers, and those that are right; and the median of milliseconds.",
        "",
        *results.table(
            [
                *("network", "the same", "right in Python", "right in the page"),
                *(
                    "preparing in Python, ms",
                    "preparing in the page, ms",
                    "network in the page, ms",
                ),
            ],
            [
                [NETWORKS[name], f"{some['same']:.2f}"]
                + [f"{some[key]:.2f}" for key in ("python", "page")]
                + [f"{some[key]:.1f}" for key in ("python preparing", "preparing", "reading")]
                for name, some in found["reading"].items()
            ],
        ),
        f"Drawing {len(log['texts'])} digits with the mouse, read by the convolutional network: "
        f"pen-up to text took {texts[0]:.1f} ms (median) and {texts[1]:.1f} ms (95th percentile); "
        f"the longest frame was {max(log['frames']):.0f} ms, and {len(log['tasks'])} tasks took "
        "the page more than 50 ms.",
        "",
        "### Training",
        "",
        f"The network of step 6, 40 epochs, in {TURNS} turns. {RATIO}",
        "",
        *results.table(
            ["way", "seconds", "ratio", "final loss", "wrong of the 5,000 trained on"],
            [
                [
                    *("in the page", spread(times["page"]), ratio(times["page"], times["NumPy"])),
                    *ends(training["said"]),
                ],
                ["NumPy, as in step 12", spread(times["NumPy"]), "1", f"{loss:.4f}", wrong],
            ],
        ),
        "The page rounds two numbers of Adam as Keras does, and so ends where Keras ends.",
        "",
        "### What is loaded",
        "",
        *results.table(
            ["what", "bytes"], [[what, f"{count:,}"] for what, count in found["bytes"].items()]
        ),
        "### Targets",
        "",
        *results.table(
            ["target", "measured", "met"],
            [[*target, "yes" if met else "no"] for *target, met in targets(found)],
        ),
    ]


def ends(said):
    """Return the loss and the errors in what the page says at the end of a training."""
    loss, rest = said.partition("loss ")[2].split(", wrong: ")
    return loss, int(rest.split(" of ")[0])


def targets(found):
    """Yield what was aimed at, what was measured, and whether that meets it."""
    log, training = found["log"], found["training"]
    for name, some in found["reading"].items():
        words = f"{NETWORKS[name]}: at least 99.5 % the same answers"
        yield words, f"{some['same']:.2f} %", some["same"] >= 99.5
        apart = abs(some["python"] - some["page"])
        yield f"{NETWORKS[name]}: accuracy within 0.1 points", f"{apart:.2f}", apart <= 0.1
    p95 = np.percentile(log["texts"], 95)
    yield "pen-up to text, p95: below 20 ms", f"{p95:.1f} ms", p95 < 20
    longest = max(log["frames"])
    yield "no frame longer than 50 ms", f"{longest:.0f} ms", longest <= 50
    times = np.median(np.divide(training["page"], training["NumPy"]))
    yield "training: at most 3 times as long as NumPy", f"{times:.2f}", times <= 3
    most = found["bytes"]["the canvas, with the convolutional network"]
    yield "loaded for the canvas: at most 120 KB", f"{most / 1000:.1f} KB", most <= 120_000


def main(path=None):
    """Measure, with pen strokes if `path` is their file, and write the section."""
    results.write("live", measure(path), ["tensorflow", "keras", "numpy", "playwright"])


if __name__ == "__main__":
    sys.exit("Measure it by python -m bench live, which sets the environment.")
