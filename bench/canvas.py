"""Measure the drawing canvas beside ipycanvas's drawing pad: python -m bench.canvas.

A real Chromium draws with its mouse in a real JupyterLab, in one notebook, on `DigitCanvas` and on
the drawing pad of ipycanvas's documentation, the example "hand drawing": there the kernel gets each
event of the mouse and draws the ink, line by line. Here it also reads the digit on pen-up, by the
same recipe and the same network, step 7's. The two take turns, so that whatever else the machine
does hits both. Writes a section of bench/RESULTS.md.

All times are taken in the page, by its own clock:

- Ink, at each move of the pen to a pixel without ink. *Own ink*: from before the canvas's listeners
  get the event until getImageData, called behind them, has returned ink from that pixel. *Pen to
  ink*: from the same moment until, in an animation frame, that pixel is found to hold ink.
- Pen-up to text, from the pointerup until the text is in the page. For DigitCanvas this is the
  answer with the number of the finished drawing, which the drawing's last message bears, even if an
  earlier answer said the same: the page sees the numbers in the messages, and the n-th answer makes
  the n-th change of the text. For ipycanvas it is the first text, as there was none before.
- A reading, from sending a drawing until its answer arrives; the kernel's part of it, from the
  stamps of its messages "busy" and answer.
- Messages: all on the kernel's WebSocket, with headers and what the kernel says of its state. A
  message of the drawing is in flight until the kernel says that it has finished with it.
- A busy kernel has an execute request, as from a cell, that takes two seconds. A drawing counts if
  the pen was lifted meanwhile.
"""

import sys
import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np
import psutil
from playwright.sync_api import sync_playwright

from bench import results
from bench.results import table
from tools import NOTEBOOKS

NAMES = {"ours": "DigitCanvas", "theirs": "ipycanvas"}
KERNELS = {
    "idle": "idle",
    "asleep": "in a cell that sleeps",
    "without GIL": "in a cell that keeps the GIL",
}
DIGITS_IDLE, SECONDS_IDLE = 30, 45  # as many digits as fit into that time
HOLDS_EACH = 5
STROKES = 1000
PACKAGES = ["jupyterlab", "jupyter_server", "ipykernel", "ipywidgets", "anywidget", "ipycanvas"]

OURS = """
from helpers import DigitCanvas


def predict(digit):
    return tf.nn.softmax(model(digit.reshape(1, 400)))[0]


pad = DigitCanvas(predict)
"""

THEIRS = """
import numpy as np
from ipycanvas import Canvas, hold_canvas
from ipywidgets import Button, Label, VBox

from helpers import draw_strokes, to_digit
from helpers.ink import BRUSH

canvas = Canvas(width=280, height=280, layout={"width": "280px", "height": "280px"})
canvas.line_width, canvas.line_cap = 280 * BRUSH, "round"
label, button = Label(), Button(description="Clear")
down, lines = False, []


def begin(x, y):
    global down
    down = True
    lines.append([(x, y)])


def extend(x, y):
    if down:
        with hold_canvas():
            canvas.stroke_line(*lines[-1][-1], x, y)
        lines[-1].append((x, y))


def end(x, y):
    global down
    extend(x, y)
    down = False
    digit = to_digit(draw_strokes([np.array(line) / 280 for line in lines]))
    probabilities = predict(digit).numpy()
    label.value = f"{probabilities.argmax()}, {100 * probabilities.max():.0f} %"


def clear(_):
    lines.clear()
    canvas.clear()
    label.value = ""


canvas.on_mouse_down(begin)
canvas.on_mouse_move(extend)
canvas.on_mouse_up(end)
button.on_click(clear)
display(pad, VBox([canvas, label, button]).add_class("theirs"))
"""

# What keeps the kernel busy for two seconds. With so long a switch interval, Python code is like a
# call of C code that keeps the GIL: no other thread of the kernel runs.
SLEEP = "import time; time.sleep(2.1)"
KEEP_GIL = """
import sys, time
time.sleep(0.1)
usual, end = sys.getswitchinterval(), time.perf_counter() + 2
sys.setswitchinterval(60)
while time.perf_counter() < end:
    pass
sys.setswitchinterval(usual)
"""
HOLDS = {"asleep": SLEEP, "without GIL": KEEP_GIL}

# Runs in the page before anything else does.
HOOK = """
(() => {
  const now = () => performance.now();
  const bench = (window.bench = { flying: new Map(), log: null, holds: [] });
  const none = () => ({ count: 0, bytes: 0, largest: 0 });

  bench.begin = (name) => {
    bench.log = {
      name, own: [], missed: 0, inks: [], waiting: [], texts: [], answers: [], down: null, up: null,
      out: none(), in: none(), flying: 0, number: null, state: 0, trips: [],
    };
  };

  // Messages

  function parse(data) {
    if (typeof data === "string") return { ...JSON.parse(data), size: data.length, buffers: [] };
    const view = new DataView(data);
    const at = (i) => Number(view.getBigUint64(8 * i, true));
    const part = (i) => new Uint8Array(data, at(i), at(i + 1) - at(i));
    const json = (i) => JSON.parse(new TextDecoder().decode(part(i)));
    const buffers = [];
    for (let i = 6; i < at(0); i++) buffers.push(part(i));
    return {
      header: json(2), parent_header: json(3), content: json(5), size: data.byteLength, buffers,
    };
  }

  function count(traffic, size) {
    traffic.count += 1;
    traffic.bytes += size;
    traffic.largest = Math.max(traffic.largest, size);
  }

  function onSend(data) {
    const { header, content, size, buffers } = parse(data);
    const { log } = bench;
    if (log) count(log.out, size);
    if (header.msg_type !== "comm_msg") return;
    const drawn = content.data.buffer_paths?.[0]?.[0] === "_drawing";
    const name = drawn ? "ours" : content.data.content?.event ? "theirs" : "neither";
    bench.flying.set(header.msg_id, { name, sent: now() });
    if (log?.name !== name) return;
    const flying = [...bench.flying.values()].filter((message) => message.name === name);
    log.flying = Math.max(log.flying, flying.length);
    if (drawn) {
      const { buffer, byteOffset, byteLength } = buffers[0];
      log.number = new DataView(buffer, byteOffset).getUint32(0, true);
      log.state = byteLength;
    }
  }

  function onReceive(data) {
    const { header, parent_header, content, size } = parse(data);
    const { log } = bench;
    if (log) count(log.in, size);
    const message = bench.flying.get(parent_header.msg_id);
    if (header.msg_type === "status") {
      if (content.execution_state === "idle") bench.flying.delete(parent_header.msg_id);
      else if (message) message.begun = Date.parse(header.date);
    }
    const answer = header.msg_type === "comm_msg" && content.data.state?._answer;
    if (!log || !answer) return;
    log.answers.push([answer.number, answer.text]);
    if (message) log.trips.push([now() - message.sent, Date.parse(header.date) - message.begun]);
  }

  window.WebSocket = class extends WebSocket {
    constructor(...all) {
      super(...all);
      this.counts = this.url.includes("/channels");
      if (this.counts) this.addEventListener("message", (event) => onReceive(event.data));
    }

    send(data) {
      if (this.counts) onSend(data);
      super.send(data);
    }
  };

  // Ink

  bench.watch = (name, canvas, text) => {
    const ink = (x, y) => canvas.getContext("2d").getImageData(x, y, 1, 1).data[3];
    let spot = null;
    const mine = (event) => bench.log?.name === name && event.target === canvas && event.buttons;

    function before(event) {
      spot = null;
      if (!mine(event)) return;
      const box = canvas.getBoundingClientRect();
      const x = Math.floor(((event.clientX - box.left) / box.width) * canvas.width);
      const y = Math.floor(((event.clientY - box.top) / box.height) * canvas.height);
      if (ink(x, y) < 16) spot = { x, y, start: now() };
    }

    function after(event) {
      if (!spot) return;
      if (ink(spot.x, spot.y) > 127) bench.log.own.push(now() - spot.start);
      else bench.log.missed += 1;
      bench.log.waiting.push(spot);
    }

    function frame() {
      const { log } = bench;
      if (log?.name === name) {
        log.waiting = log.waiting.filter(({ x, y, start }) => {
          if (ink(x, y) <= 127) return true;
          log.inks.push(now() - start);
          return false;
        });
      }
      requestAnimationFrame(frame);
    }

    window.addEventListener("pointermove", before, true);
    window.addEventListener("pointermove", after);
    for (const which of ["down", "up"]) {
      window.addEventListener(`pointer${which}`, () => {
        if (bench.log?.name === name) bench.log[which] = now();
        if (bench.log) bench.log.held = bench.held;
      }, true);
    }
    requestAnimationFrame(frame);

    new MutationObserver(() => {
      if (bench.log?.name === name) bench.log.texts.push([now(), text.textContent]);
    }).observe(text, { childList: true, characterData: true, subtree: true });
  };

  // Is there nothing more to come?
  bench.settled = () => {
    const { name, waiting, up, texts, answers, number } = bench.log;
    if (bench.flying.size || waiting.length || !up || !texts.length) return false;
    if (name === "theirs") return true;
    const [last, text] = answers.at(-1) ?? [];
    return last === number && texts.length === answers.length && texts.at(-1)[1] === text;
  };

  // Kernel

  const kernel = () => jupyterapp.shell.currentWidget.sessionContext.session.kernel;

  bench.hold = (code) => new Promise((resolve) => {
    let start;
    const future = kernel().requestExecute({ code });
    future.onIOPub = ({ header, content }) => {
      if (header.msg_type !== "status" || content.execution_state !== "busy") return;
      start = now() + 100;
      bench.held = true;
      resolve();
    };
    future.done.then(() => {
      bench.held = false;
      bench.holds.push(now() - start);
    });
  });

  bench.value = async (expression) => {
    const request = { code: "", user_expressions: { it: expression }, store_history: false };
    const reply = await kernel().requestExecute(request).done;
    return reply.content.user_expressions.it.data["text/plain"];
  };
})();
"""


def spaced(points, gap=15):
    """Return spots along a line through points, in pixels, each with ink only up to the last."""
    points = np.array(points, dtype=float) * 280
    lengths = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0], lengths.cumsum()])
    at = np.arange(0, along[-1], gap)
    return np.stack([np.interp(at, along, axis) for axis in points.T], axis=1)


def arc(x, y, width, height, start, stop):
    """Return points on an ellipse, the angles in turns, clockwise from the top."""
    angles = 2 * np.pi * np.linspace(start, stop, 60)
    return [(x + width * np.sin(a), y - height * np.cos(a)) for a in angles]


# Each in one stroke, with the pen lifted a single time.
DIGITS = {
    0: spaced(arc(0.5, 0.5, 0.22, 0.35, 0, 1)),
    1: spaced([(0.5, 0.15), (0.5, 0.85)]),
    2: spaced([*arc(0.5, 0.35, 0.22, 0.2, -0.2, 0.35), (0.27, 0.85), (0.75, 0.85)]),
    3: spaced(arc(0.48, 0.33, 0.2, 0.18, -0.2, 0.45) + arc(0.48, 0.67, 0.22, 0.18, 0.05, 0.7)),
    6: spaced([(0.6, 0.13), (0.4, 0.4), *arc(0.5, 0.67, 0.18, 0.18, -0.25, 0.7)]),
    7: spaced([(0.25, 0.15), (0.75, 0.15), (0.45, 0.85)]),
}


def network_cells():
    """Return the cells of step 7 that load the data and train the network, without saving it."""
    notebook = nbformat.read(NOTEBOOKS / "07_prediction.ipynb", as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    load, train = sources[1:3]  # the first one shows which exercises are solved
    trained = train.replace('shared_model("seed_network", train)', "train([])")
    if trained == train:
        raise SystemExit("Step 7 has changed: its third cell no longer loads the network.")
    return [load, trained]


class Bench:
    """The notebook with both canvases in a page, and what is measured in it."""

    def __init__(self, page, server, run):
        self.page = page
        server.write("bench.ipynb", [*network_cells(), OURS, THEIRS])
        server.open(page, "bench.ipynb")
        run(page, "notebook:run-all-cells")
        theirs = page.locator(".theirs")
        theirs.wait_for(timeout=90_000)
        theirs.scroll_into_view_if_needed()
        # A last request, answered when all cells have been run.
        self.value("label")
        self.canvases = {
            "ours": page.locator(".digit-canvas .ink"),
            "theirs": theirs.locator("canvas"),
        }
        self.clears = {
            "ours": page.locator(".digit-canvas .clear"),
            "theirs": theirs.locator("button"),
        }
        self.texts = {
            "ours": page.locator(".digit-canvas .verdict"),
            "theirs": theirs.locator(".widget-label"),
        }
        for name, canvas in self.canvases.items():
            if round(canvas.bounding_box()["width"]) != 280:
                raise SystemExit(f"The canvas of {NAMES[name]} is not shown in its own size.")
            page.evaluate(
                "all => bench.watch(...all)",
                [name, canvas.element_handle(), self.texts[name].element_handle()],
            )
        self.drawn = dict.fromkeys(NAMES, 0)
        # The first ones load what the kernel needs. Besides, ipykernel 7.4 handles the messages of
        # a widget beside a cell only once it has answered one.
        for name in [*NAMES, *NAMES]:
            self.idle_digit(name)

    def value(self, expression):
        """Return what an expression is in the kernel, as text."""
        return self.page.evaluate("expression => bench.value(expression)", expression)

    def wait(self, condition):
        """Wait until something is true in the page."""
        self.page.wait_for_function(condition, timeout=20_000)

    def held(self):
        """Return whether the kernel is kept busy."""
        return self.page.evaluate("bench.held")

    def approach(self, name):
        """Move the mouse to where the next digit begins; return its spots on the page."""
        points = list(DIGITS.values())[self.drawn[name] % len(DIGITS)]
        self.drawn[name] += 1
        box = self.canvases[name].bounding_box()
        spots = [(box["x"] + x, box["y"] + y) for x, y in points]
        self.page.mouse.move(*spots[0])
        self.wait("!bench.flying.size")
        return spots

    def draw(self, name, spots):
        """Draw a stroke with the mouse, and log what happens."""
        self.page.evaluate("name => bench.begin(name)", name)
        self.page.mouse.down()
        for spot in spots[1:]:
            self.page.mouse.move(*spot)
        self.page.mouse.up()

    def log(self):
        """Wait until nothing more is to come and return what happened."""
        self.wait("bench.settled()")
        return self.page.evaluate("[bench.log, bench.log = null][0]")

    def clear(self, name):
        """Clear a canvas, unmeasured."""
        text = {"ours": "Draw a digit.", "theirs": ""}[name]
        self.clears[name].evaluate("button => button.click()")
        self.page.wait_for_function(
            "([element, text]) => element.textContent === text && !bench.flying.size",
            arg=[self.texts[name].element_handle(), text],
        )

    def idle_digit(self, name):
        """Draw a digit while the kernel has nothing else to do."""
        self.draw(name, self.approach(name))
        log = self.log()
        self.clear(name)
        return log

    def hold(self, code):
        """Keep the kernel busy, beginning a tenth of a second from now."""
        self.page.evaluate("code => bench.hold(code)", code)
        time.sleep(0.15)

    def digits_during(self, name, code):
        """Draw digits while the kernel runs `code`: at least one, more if it reads meanwhile."""
        spots, logs = self.approach(name), []
        self.hold(code)
        while True:
            self.draw(name, spots)
            logs.append(self.log())
            self.clear(name)
            if not self.held():
                return [log for log in logs if log["held"]]
            spots = self.approach(name)

    def live(self, seconds=2):
        """Draw without a pause; return the number of answers per second."""
        box = self.canvases["ours"].bounding_box()
        angles = np.linspace(0, 25, 1000)
        x, y = 0.5 + 0.3 * np.sin(angles), 0.5 - 0.35 * np.cos(1.1 * angles)
        spots = np.stack([box["x"] + 280 * x, box["y"] + 280 * y], axis=1).tolist()
        self.page.mouse.move(*spots[0])
        self.page.evaluate("bench.begin('ours')")
        self.page.mouse.down()
        end = time.perf_counter() + seconds
        for spot in spots:
            self.page.mouse.move(*spot)
            if time.perf_counter() > end:
                break
        self.page.mouse.up()
        log = self.log()
        self.clear("ours")
        answers = sum(log["down"] < at <= log["up"] for at, _ in log["texts"])
        return 1000 * answers / (log["up"] - log["down"])

    def many_strokes(self, session, kernel):
        """Draw many strokes; return what that takes, after a tenth of them and after all."""
        box, mouse, found = self.canvases["ours"].bounding_box(), self.page.mouse, []
        mouse.move(box["x"] + 20, box["y"] + 20)
        start = time.perf_counter()
        for number in range(1, STROKES + 1):
            mouse.down()
            mouse.move(box["x"] + 20 + number * 7 % 240, box["y"] + 20 + number // 5)
            mouse.up()
            if number in (STROKES // 10, STROKES):
                seconds = time.perf_counter() - start
                self.wait("!bench.flying.size")
                for _ in range(2):
                    session.send("HeapProfiler.collectGarbage")
                metrics = session.send("Performance.getMetrics")["metrics"]
                found.append({
                    "drawn": number,
                    "seconds": seconds,
                    "kept": int(self.value("len(pad.strokes)")),
                    "state": int(self.value("len(pad._drawing)")),
                    "heap": next(
                        m["value"] / 1e6 for m in metrics if m["name"] == "JSHeapUsedSize"
                    ),
                    "kernel": kernel.memory_info().rss / 1e6,
                })
        return found


def measure():
    """Draw all there is to draw; return what was found."""
    # The tests know how to start a server and where there is a browser.
    from tests.browser.conftest import Server, find_browser, run

    began, load = time.perf_counter(), psutil.getloadavg()[0]

    def say(text):
        print(f"{time.perf_counter() - began:5.0f} s  {text}", flush=True)

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server("lab", Path(folder) / "lab")
        try:
            say("JupyterLab is there")
            browser = playwright.chromium.launch(
                executable_path=find_browser(),
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            page = browser.new_page(viewport={"width": 1200, "height": 1600})
            page.set_default_timeout(20_000)
            page.add_init_script(HOOK)
            bench = Bench(page, server, run)
            say("the network is trained")
            logs = {kernel: {name: [] for name in NAMES} for kernel in KERNELS}
            end = time.perf_counter() + SECONDS_IDLE
            while len(logs["idle"]["ours"]) < DIGITS_IDLE and time.perf_counter() < end:
                for name in NAMES:
                    logs["idle"][name].append(bench.idle_digit(name))
            say("drawn while the kernel is idle")
            for kernel, code in HOLDS.items():
                for _ in range(HOLDS_EACH):
                    for name in NAMES:
                        logs[kernel][name] += bench.digits_during(name, code)
                say(f"drawn while it is {KERNELS[kernel]}")
            holds = page.evaluate("bench.holds")
            live = bench.live()
            say("live: done")
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable")
            processes = psutil.Process(server.process.pid).children(recursive=True)
            kernel = next(p for p in processes if "ipykernel_launcher" in " ".join(p.cmdline()))
            strokes = bench.many_strokes(session, kernel)
            say(f"{STROKES} strokes: done")
            return {
                "logs": logs,
                "holds": holds,
                "live": live,
                "strokes": strokes,
                "browser": browser.version,
                "load": [load, psutil.getloadavg()[0]],
                "seconds": time.perf_counter() - began,
            }
        finally:
            server.stop_kernels()
            server.stop()


def joined(logs, key):
    """Return what all logs hold under a key, in one list."""
    return [value for log in logs for value in log[key]]


def pen_up_to_text(logs):
    """Return the milliseconds from pen-up to text of each digit."""
    which = {"ours": -1, "theirs": 0}
    return [log["texts"][which[log["name"]]][0] - log["up"] for log in logs]


def named_before_pen_up(log):
    """Return whether the text named the digit, rightly or not, before the pen was lifted."""
    before = [text for at, text in log["texts"] if at <= log["up"]]
    return bool(before) and before[-1][0] == log["texts"][-1][1][0]


def spread(values):
    """Return median and 95th percentile as text."""
    return " / ".join(f"{value:,.1f}" for value in np.percentile(values, [50, 95]))


def ratio(theirs, ours):
    """Return how many times as much one is as the other, as text."""
    times = np.median(theirs) / np.median(ours)
    return f"{times:,.0f}" if times >= 10 else f"{times:.1f}"


def tables(found):
    """Return the lines of the section."""
    logs, (few, many) = found["logs"], found["strokes"]
    figures = {
        "own ink": lambda some: joined(some, "own"),
        "pen to ink": lambda some: joined(some, "inks"),
        "pen-up to text": pen_up_to_text,
    }
    rows = []
    for figure, values_of in figures.items():
        for kernel, words in KERNELS.items():
            values = {name: values_of(logs[kernel][name]) for name in NAMES}
            ours, theirs = values["ours"], values["theirs"]
            rows.append([
                figure,
                words,
                spread(ours),
                spread(theirs) if theirs else "–",
                ratio(theirs, ours) if theirs else "–",
                f"{len(ours)}, {len(theirs)}" if theirs else len(ours),
            ])
    for kernel in ["idle", "asleep"]:
        trips = joined(logs[kernel]["ours"], "trips")
        for part, words in enumerate(["a reading", "the kernel's part of a reading"]):
            times = spread([trip[part] for trip in trips])
            rows.append([words, KERNELS[kernel], times, "–", "–", len(trips)])

    sent = []
    for words, value_of in {
        "messages to the kernel": lambda log: log["out"]["count"],
        "bytes to the kernel": lambda log: log["out"]["bytes"],
        "largest message to the kernel, bytes": lambda log: log["out"]["largest"],
        "messages to the page": lambda log: log["in"]["count"],
        "bytes to the page": lambda log: log["in"]["bytes"],
        "largest message to the page, bytes": lambda log: log["in"]["largest"],
    }.items():
        ours, theirs = ([value_of(log) for log in logs["idle"][name]] for name in NAMES)
        summary = np.max if "largest" in words else np.median
        values = [f"{summary(values):,.0f}" for values in (ours, theirs)]
        sent.append([words, *values, ratio(theirs, ours)])
    flying = {}
    for kernel, words in KERNELS.items():
        most = [max(log["flying"] for log in logs[kernel][name]) for name in NAMES]
        flying[kernel] = most[0]
        sent.append([f"most messages in flight, kernel {words}", *most, ratio(most[1], most[0])])
    state = max(log["state"] for some in logs.values() for log in some["ours"])
    sent.append(["state of the drawing, bytes, at most", f"{state:,}", "–", "–"])
    sent.append(["readings per second while drawing", f"{found['live']:.1f}", "0, by design", "–"])

    own = {kernel: np.percentile(joined(logs[kernel]["ours"], "own"), 95) for kernel in KERNELS}
    text = np.percentile(pen_up_to_text(logs["idle"]["ours"]), [50, 95])
    growth = [100 * (many[key] / few[key] - 1) for key in ("heap", "kernel")]
    missed = sum(log["missed"] for some in logs.values() for log in some["ours"])
    inked = sum(len(log["own"]) for some in logs.values() for log in some["ours"])
    targets = [
        ("own ink, p95, kernel idle: below 2 ms", f"{own['idle']:.1f} ms", own["idle"] < 2),
        (
            "own ink, p95, GIL kept: below 2 ms",
            f"{own['without GIL']:.1f} ms",
            own["without GIL"] < 2,
        ),
        ("ink behind each event", f"{inked:,} of {inked + missed:,}", missed == 0),
        ("pen-up to text, p50, kernel idle: below 40 ms", f"{text[0]:.0f} ms", text[0] < 40),
        ("pen-up to text, p95, kernel idle: below 100 ms", f"{text[1]:.0f} ms", text[1] < 100),
        ("at least 10 readings per second", f"{found['live']:.1f}", found["live"] >= 10),
        ("at most 1 message in flight", max(flying.values()), max(flying.values()) <= 1),
        ("state of a digit: below 2 KB", f"{state:,} bytes", state < 2000),
        (
            f"no stroke of {STROKES:,} lost",
            f"{many['kept']:,} of {many['drawn']:,}",
            few["kept"] == few["drawn"] and many["kept"] == many["drawn"],
        ),
        (
            f"memory from stroke {few['drawn']} to {many['drawn']:,}: 5 % more at most",
            "page {:+.1f} %, kernel {:+.1f} %".format(*growth),
            max(growth) <= 5,
        ),
    ]
    holds = found["holds"]
    named = sum(map(named_before_pen_up, logs["idle"]["ours"]))
    return [
        "`DigitCanvas` beside the drawing pad of ipycanvas's documentation, with the network of "
        "step 7, in one JupyterLab and one run. How it is measured stands at the top of "
        "`bench/canvas.py`. The ratio is ipycanvas to `DigitCanvas`, of the medians.",
        "",
        "### How long it takes",
        "",
        "Milliseconds, p50 / p95.",
        "",
        *table(["", "kernel", "DigitCanvas", "ipycanvas", "ratio", "measured"], rows),
        "ipycanvas has no ink of its own: it comes from the kernel. The cells took "
        f"{min(holds) / 1000:.1f} to {max(holds) / 1000:.1f} s; where nothing can be read before "
        "their end, it is the rest of them that is measured. While the kernel was idle, "
        f"`DigitCanvas` had named the digit before pen-up in {named} drawings of "
        f"{len(logs['idle']['ours'])}.",
        "",
        "### What is sent",
        "",
        f"For a digit with the kernel idle, the median of {len(logs['idle']['ours'])}; what is "
        "called largest or most, the maximum. `DigitCanvas` reads while one draws, ipycanvas's pad "
        "on pen-up.",
        "",
        *table(["", "DigitCanvas", "ipycanvas", "ratio"], sent),
        f"### {STROKES:,} strokes on one DigitCanvas",
        "",
        *table(
            ["", *(f"after {some['drawn']:,}" for some in (few, many))],
            [
                [words, *(f"{some[key]:,{form}}" for some in (few, many))]
                for key, words, form in [
                    ("seconds", "seconds of drawing", ".1f"),
                    ("kept", "strokes in the kernel", "d"),
                    ("state", "state of the drawing, bytes", "d"),
                    ("heap", "JavaScript heap of the page, MB", ".1f"),
                    ("kernel", "memory of the kernel, MB", ".1f"),
                ]
            ],
        ),
        "### Targets",
        "",
        *table(
            ["target", "measured", "met"],
            [[*target, "yes" if met else "no"] for *target, met in targets],
        ),
        f"It took {found['seconds']:.0f} s, load {found['load'][0]:.1f} before and "
        f"{found['load'][1]:.1f} after, Chromium {found['browser']} without a window and without a "
        "GPU.",
    ]


def main():
    """Measure, and write the section."""
    results.write("The drawing canvas", tables(measure()), PACKAGES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
