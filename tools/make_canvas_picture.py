"""Film the canvas of step 7 in a real JupyterLab and a real Chromium: .github/canvas.gif.

    .venv/bin/python -m tools.make_canvas_picture

This is the moving picture at the top of the README. The mouse draws three digits, and the network
of step 7 reads them, which is trained for it. A frame is taken as soon as the network has read what
is drawn so far. Screenshots lack the mouse pointer, so the page shows one of ours. Takes about a
minute. The picture keeps the sign of the canvas's look, so that a test can ask for a new one.
"""

import hashlib
import io
import os
import tempfile
from collections import Counter
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright
from scipy.interpolate import CubicSpline

from tools import NOTEBOOKS, ROOT
from tools.jupyter import Server, find_browser, run

PATH = ROOT / ".github" / "canvas.gif"
LOOK = [ROOT / "src" / "helpers" / f"canvas.{kind}" for kind in ("js", "css")]
# What is drawn, and what the network must read in it: strokes of smooth pieces, which meet in
# corners. Points in hundredths of the canvas, y down.
DIGITS = {
    3: ["32 28, 40 19, 52 16, 63 22, 64 34, 45 47; 45 47, 60 50, 68 61, 64 76, 50 84, 31 77"],
    5: ["40 19, 37 46; 37 46, 53 42, 67 52, 66 70, 52 82, 31 77", "40 19, 68 18"],
    9: ["64 30, 54 18, 40 22, 35 36, 44 48, 56 45, 64 30; 64 30, 63 52, 58 70, 53 85"],
}
MOVE, REST, READ = 60, 300, 1000  # milliseconds for which a frame is seen
STEP, EACH = 0.023, 3  # the pen moves by this share of the canvas; so many moves make a frame
MARGIN = 3  # pixels around the canvas and what is beside it
LEVELS = [17 * round(level / 17) for level in range(256)]  # so few that a GIF has all colors

POINTER = """() => {
    const pointer = document.createElement("div");
    pointer.innerHTML = `<svg width="20" height="30" viewBox="0 0 10 15"><path fill="white"
        stroke="black" d="M.7.9v11l2.6-2.3 1.7 4 1.8-.8-1.7-3.9 3.5-.2z"/></svg>`;
    pointer.style = "position: fixed; z-index: 9999; pointer-events: none";
    document.body.append(pointer);
    document.addEventListener("pointermove", ({ clientX, clientY }) => {
        pointer.style.left = `${clientX}px`;
        pointer.style.top = `${clientY}px`;
    }, true);
}"""


def sign():
    """Return a sign of how the canvas looks, as the picture keeps it."""
    text = "".join(path.read_text(encoding="utf-8") for path in LOOK)
    return hashlib.sha256(text.encode()).hexdigest()


def cells():
    """Return the cells of step 7 from the data to the network, and that with the canvas."""
    notebook = nbformat.read(NOTEBOOKS / "07_prediction.ipynb", as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    parts = "= load_data()", "= shared_model(", "= DigitCanvas("
    return [next(source for source in code if part in source) for part in parts]


def path_of(stroke):
    """Return where the pen goes in a stroke: points with even distances, float64 (n, 2)."""
    pieces = []
    for piece in stroke.split("; "):
        points = np.array([pair.split() for pair in piece.split(", ")], dtype=float) / 100
        along = np.append(0, np.hypot(*np.diff(points, axis=0).T).cumsum())
        steps = np.linspace(0, along[-1], 1 + round(along[-1] / STEP))
        pieces.append(CubicSpline(along, points)(steps)[len(pieces) > 0 :])
    return np.concatenate(pieces)


class Film:
    """The canvas in a page, and the frames that are taken of it."""

    def __init__(self, page):
        self.page, self.frames, self.times = page, [], []
        self.canvas = page.locator(".digit-canvas")
        self.canvas.locator(".verdict", has_text="%").wait_for()
        page.evaluate(POINTER)
        self.spot = np.zeros(2)
        (x, y, width, _), bottom = self.box(""), self.box(".clear")
        self.clip = {"x": x - MARGIN, "y": y - MARGIN, "width": width + 2 * MARGIN}
        self.clip["height"] = bottom[1] + bottom[3] - y + 3 * MARGIN

    def box(self, part):
        """Return where a part of the canvas is on the page: left, top, width, height."""
        box = (self.canvas.locator(part) if part else self.canvas).bounding_box()
        return np.array([box[name] for name in ("x", "y", "width", "height")])

    def take(self, time):
        """Take a frame when the network has read the drawing, to be seen for `time`."""
        self.page.locator(".digit-canvas[aria-busy=false]").wait_for()
        png = self.page.screenshot(clip=self.clip)
        self.frames.append(Image.open(io.BytesIO(png)).convert("RGB").point(LEVELS * 3))
        self.times.append(time)

    def go(self, spots):
        """Move the mouse along spots on the page, with a frame at every third and at the last."""
        for left, spot in zip(reversed(range(len(spots))), spots, strict=True):
            self.page.mouse.move(*spot)
            if left % EACH == 0:
                self.take(MOVE)
        self.spot = np.array(spots[-1])

    def go_to(self, spot, frames):
        """Move the mouse in a straight line, as one does between two strokes."""
        self.go(np.linspace(self.spot, spot, EACH * frames + 1)[1:])

    def clear(self):
        """Click on Clear."""
        box = self.box(".clear")
        self.go_to(box[:2] + box[2:] / 2, frames=4)
        self.page.mouse.down()
        self.page.mouse.up()
        self.canvas.locator(".verdict", has_text="Draw a digit.").wait_for()
        self.take(REST)

    def draw(self, digit):
        """Draw a digit; stop if the network reads another one."""
        box = self.box(".ink")
        for i, stroke in enumerate(DIGITS[digit]):
            first, *others = path_of(stroke) * box[2:] + box[:2]
            self.go_to(first, frames=2 if i else 4)
            self.page.mouse.down()
            self.go(others)
            self.page.mouse.up()
        self.take(READ)
        said = self.canvas.locator(".verdict").inner_text()
        if not said.startswith(f"{digit}, "):
            raise SystemExit(f"The network reads {said} where a {digit} is drawn; draw it better.")
        print(said)

    def save(self, path):
        """Write the frames as a GIF that starts again at its end.

        It begins when the first digit has been read, which is what one sees where nothing moves.
        """
        colors = Counter()
        for frame in self.frames:
            colors.update({color: count for count, color in frame.getcolors(frame.width**2)})
        palette = Image.new("P", (1, 1))
        palette.putpalette([value for color, _ in colors.most_common(256) for value in color])
        begin = self.times.index(READ)
        frames, times = (row[begin:] + row[:begin] for row in (self.frames, self.times))
        first, *others = [
            frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames
        ]
        first.save(
            path, save_all=True, append_images=others, duration=times, loop=0, comment=sign()
        )


def main():
    """Film, and store the picture."""
    if not (program := find_browser()):
        raise SystemExit("There is no Chromium and no Chrome on this machine; install one.")
    # As make has it: what TensorFlow says otherwise pushes the canvas out of the page.
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "1", "TF_ENABLE_ONEDNN_OPTS": "0"}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server("lab", Path(folder))
        try:
            browser = playwright.chromium.launch(
                executable_path=program,
                args=["--no-sandbox"],  # in a container there is none to be had
            )
            page = browser.new_page(
                viewport={"width": 1100, "height": 1400}, device_scale_factor=1.5
            )
            server.write("film.ipynb", cells())
            server.open(page, "film.ipynb")
            run(page, "notebook:run-all-cells")
            film = Film(page)
            film.clear()  # the seven that stands there at first
            del film.frames[:], film.times[:]
            for digit in DIGITS:
                film.draw(digit)
                film.clear()
            film.save(PATH)
            browser.close()
        finally:
            server.stop()
    seconds = sum(film.times) / 1000
    print(f"{PATH.relative_to(ROOT)}: {PATH.stat().st_size:,} bytes, {seconds:.1f} s")


if __name__ == "__main__":
    main()
