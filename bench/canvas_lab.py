"""Drawing on both canvases in a real JupyterLab, and what bench.canvas wants to know of it.

What happens in the page is counted by canvas_page.js; the cells of the notebook are in cells/.
"""

import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np
import psutil

from tools import NOTEBOOKS

BENCH = Path(__file__).parent
NAMES = {"ours": "DigitCanvas", "theirs": "ipycanvas"}
KERNELS = {
    "idle": "idle",
    "asleep": "in a cell that sleeps",
    "without GIL": "in a cell that keeps the GIL",
}
DIGITS_IDLE, SECONDS_IDLE = 30, 45  # as many digits as fit into that time
HOLDS_EACH = 5
STROKES = 1000


def cell(name):
    """Return the source of a cell."""
    return (BENCH / "cells" / f"{name}.py").read_text(encoding="utf-8")


# What keeps the kernel busy for two seconds.
HOLDS = {"asleep": "import time; time.sleep(2.1)", "without GIL": cell("keep_gil")}


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
        server.write("bench.ipynb", [*network_cells(), cell("ours"), cell("theirs")])
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
    # Here, since whoever words what was measured needs neither a server nor a browser.
    from playwright.sync_api import sync_playwright

    from tools.jupyter import Server, find_browser, run

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
            page.add_init_script(path=BENCH / "canvas_page.js")
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
