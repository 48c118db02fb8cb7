"""Measure how soon the book is there on a phone: python -m bench opening.

The start page of the book is opened in a real Chromium with an empty cache, as Lighthouse opens it
for a phone with `--throttling-method=devtools`: each request takes 562 ms longer, 1.47 megabits
come in a second, the processor works a quarter of the time, and the screen has 412 by 823 points.
The files come from this machine, texts packed by gzip as servers do.

Four of the five measures of Lighthouse are taken; the fifth, the speed index, needs a film of the
page. Each becomes a score by Lighthouse's curves, which have two points: 0.9 and 0.5. The score in
all is the mean by Lighthouse's weights, without that of the fifth. The median of several openings
counts.

Writes a section of bench/RESULTS.md.
"""

import math
import statistics
import sys

from bench import results
from book import BUILT
from book.build import build
from book.server import served

SECTION = "Opening the book"
OPENINGS = 5
SCREEN = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75}
NETWORK = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1.6e6 * 1.024 * 0.9 / 8,
    "uploadThroughput": 0.75e6 * 1.024 * 0.9 / 8,
}
SLOWER = 4
# Measure → its name, its unit, what scores 0.9 and 0.5, its weight.
MEASURES = {
    "first": ("first text or picture", "ms", 1800, 3000, 10),
    "largest": ("largest text or picture", "ms", 2500, 4000, 25),
    "blocked": ("page blocked by programs", "ms", 200, 600, 30),
    "moved": ("what has moved, as a share of the screen", "", 0.1, 0.25, 25),
}
AIM = 95

# Collects from the very beginning; only tasks after the first paint block a reader.
WATCH = """() => {
    const watch = (type, action) =>
        new PerformanceObserver((list) => list.getEntries().forEach(action))
            .observe({ type, buffered: true });
    const found = (window.found = { first: 0, largest: 0, moved: 0, tasks: [] });
    watch("paint", ({ name, startTime }) => {
        if (name === "first-contentful-paint") found.first = startTime;
    });
    watch("largest-contentful-paint", ({ startTime }) => (found.largest = startTime));
    watch("layout-shift", ({ value }) => (found.moved += value));
    watch("longtask", ({ startTime, duration }) => found.tasks.push([startTime, duration]));
}"""
FOUND = """() => {
    const { tasks, ...others } = found;
    const late = tasks.filter(([start]) => start >= found.first);
    const blocked = late.reduce((sum, [, duration]) => sum + duration - 50, 0);
    const files = [...performance.getEntriesByType("navigation"),
                   ...performance.getEntriesByType("resource")];
    const bytes = (some) => some.reduce((sum, file) => sum + file.encodedBodySize, 0);
    const before = files.filter(({ entryType, renderBlockingStatus }) =>
        entryType === "navigation" || renderBlockingStatus === "blocking");
    return { ...others, blocked, before: bytes(before), all: bytes(files), requests: files.length };
}"""


def opened(browser, address):
    """Open a page as on a phone; return what was found."""
    context = browser.new_context(**SCREEN, is_mobile=True, has_touch=True)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(f"({WATCH})()")
    page.goto(address, wait_until="networkidle")
    page.wait_for_selector(".live-canvas canvas")
    page.wait_for_timeout(2000)
    found = page.evaluate(FOUND)
    context.close()
    return found


def measure():
    """Open the start page several times; return the medians, and the version of the browser."""
    # Only here, lest all that imports this module needs a browser.
    from playwright.sync_api import sync_playwright

    from tools.jupyter import find_browser

    build()
    with served(BUILT / "html") as server, sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=find_browser(), args=arguments)
        found = [opened(browser, f"{server.address}index.html") for _ in range(OPENINGS)]
        version = browser.version
        browser.close()
    medians = {key: statistics.median(one[key] for one in found) for key in found[0]}
    return {"browser": version, **medians}


def score(value, good, middling):
    """Return the score of a measure: 0.9 for what is good, 0.5 for what is middling.

    The curve is that of a log-normal distribution: the share of pages that are worse.
    """
    if value <= 0:
        return 1.0
    normal = statistics.NormalDist()
    width = math.log(middling / good) / normal.inv_cdf(0.9)
    return 1 - normal.cdf(math.log(value / middling) / width)


def total(found):
    """Return the score in all, from 0 to 100."""
    weights = {name: weight for name, (*_, weight) in MEASURES.items()}
    scores = {name: score(found[name], *points) for name, (_, _, *points, _) in MEASURES.items()}
    return 100 * sum(weights[n] * scores[n] for n in weights) / sum(weights.values())


def section(found):
    """Return the lines of the section."""
    rows = []
    for name, (what, unit, *points, weight) in MEASURES.items():
        value = f"{found[name]:,.0f} {unit}" if unit else f"{found[name]:.3f}"
        rows.append([what, value, f"{100 * score(found[name], *points):.0f}", weight])
    met = "yes" if total(found) >= AIM else "no"
    return [
        f"The start page as a phone opens it, in Chromium {found['browser']}; how it is measured "
        "stands at the top of `bench/opening.py`.",
        "",
        *results.table(["measure", "value", "score", "weight"], rows),
        f"Before its text is shown, {found['before'] / 1000:.0f} KB have come; until it lives, "
        f"{found['all'] / 1000:.0f} KB in {found['requests']:.0f} requests.",
        "",
        "### Targets",
        "",
        *results.table(
            ["target", "measured", "met"],
            [
                [f"score of at least {AIM}", f"{total(found):.0f}", met],
                [
                    "readable after 300 KB",
                    f"{found['before'] / 1000:.0f} KB",
                    "yes" if found["before"] <= 300_000 else "no",
                ],
            ],
        ),
    ]


def main():
    """Measure, and write the section."""
    results.write("opening", measure(), ["playwright", "sphinx"])


if __name__ == "__main__":
    sys.exit("Measure it by python -m bench opening, which sets the environment.")
