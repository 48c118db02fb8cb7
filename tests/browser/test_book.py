"""The book, opened in Chromium and in Firefox: without error, by keyboard, on a phone, in the dark.

Each check of a page yields what is wrong with it; the last tests show that they find it.
"""

from contextlib import ExitStack
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from book import BUILT
from book.build import build
from book.server import served

from .conftest import ZERO, launched_firefox
from .test_live import Live

CHROMIUM = pytest.mark.parametrize("reader", ["chromium"], indirect=True)
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")


@pytest.fixture(scope="module")
def serve():
    """A function that serves a folder on a loopback port and returns its address."""
    with ExitStack() as servers:
        yield lambda folder: servers.enter_context(served(folder)).address


@pytest.fixture(scope="module")
def book(serve):
    """The address of the book, without the name of a page."""
    build()
    return serve(BUILT / "html")


@pytest.fixture(scope="module")
def pages(book):
    """The names of all pages, the start page first."""
    names = sorted(path.stem for path in (BUILT / "html").glob("*.html"))
    return sorted(names, key=lambda name: name != "index")


@pytest.fixture
def window(reader):
    """A function that opens a window of the browser, with an empty profile; all are closed."""
    contexts = []

    def open_window(width=1280, height=900, **options):
        contexts.append(reader.new_context(viewport={"width": width, "height": height}, **options))
        return contexts[-1].new_page()

    yield open_window
    for context in contexts:
        context.close()


# What can be wrong with a page.


def listen(page, home):
    """Return a list that grows by what goes wrong on a page from now on."""
    wrong = []
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))

    def heard(message):
        # On a busy computer, Firefox once said so of a page whose formulas were whole. So they are
        # counted when the page is there, by `half_formulas`.
        of_a_formula = message.text.startswith("Incorrect number of children for <m")
        if message.type in ("error", "warning") and not of_a_formula:
            wrong.append(f"{page.url}: {message.text}")

    def asked(request):
        if not request.url.startswith((home, "data:", "blob:")):
            wrong.append(f"{page.url} asks for {request.url}")

    page.on("console", heard)
    page.on("request", asked)
    return wrong


def half_formulas(page):
    """Return the parts of formulas that lack a part of their own, such as a power its exponent."""
    return page.evaluate(
        """() => {
            const parts = { msub: 2, msup: 2, mfrac: 2, mover: 2, munder: 2, mroot: 2,
                            msubsup: 3, munderover: 3 };
            return [...document.querySelectorAll(Object.keys(parts).join())]
                .filter((part) => part.childElementCount !== parts[part.localName])
                .map((part) => part.outerHTML);
        }"""
    )


def sideways(page):
    """Return by how many pixels a page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def barriers(page, *, only_colors=False):
    """Return what axe finds wrong with a page; it then has no colored code any more.

    Contrast is measured once for each kind of text on each background: that finds the same as to
    measure it on thousands of colored words, in a tenth of the time.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
        page.add_style_tag(content="* { transition: none !important; }")
    found = page.evaluate(BARRIERS, "color-contrast")
    if not only_colors:
        page.evaluate(
            """() => {
                for (const code of document.querySelectorAll("pre")) code.textContent += "";
                for (const part of document.querySelectorAll(".katex-html")) part.remove();
            }"""
        )
        found += page.evaluate(BARRIERS, "all others")
    return [f"{page.url}: {what}" for what in found]


BARRIERS = """async (rule) => {
    const options = { resultTypes: ["violations"], preload: false };
    let within = document;
    if (rule === "color-contrast") {
        options.runOnly = [rule];
        const kinds = new Map();
        for (const element of document.body.querySelectorAll("*")) {
            const texts = [...element.childNodes].filter((node) => node.nodeType === 3);
            if (!texts.some((node) => node.data.trim()) || !element.checkVisibility()) continue;
            const style = getComputedStyle(element);
            const none = "rgba(0, 0, 0, 0)";
            let ground = element;
            while (ground !== document.body && getComputedStyle(ground).backgroundColor === none) {
                ground = ground.parentElement;
            }
            const { color, fontSize, fontWeight, opacity } = style;
            const { backgroundColor } = getComputedStyle(ground);
            const kind = [color, fontSize, fontWeight, opacity, backgroundColor].join();
            if (!kinds.has(kind)) kinds.set(kind, element);
        }
        within = [...kinds.values()];
    } else {
        options.rules = { "color-contrast": { enabled: false } };
    }
    const { violations } = await axe.run(within, options);
    return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.length} × ${nodes[0].html.slice(0, 200)}`);
}"""


# All pages.


def test_every_page_opens_without_error_and_asks_nobody_else(window, book, pages):
    page = window()
    wrong = listen(page, book)
    for name in pages:
        page.goto(f"{book}{name}.html")
        expect(page.locator("h1").last).to_be_visible()
        wrong += half_formulas(page)
    page.wait_for_load_state("networkidle")
    assert wrong == []
    assert page.context.cookies() == []


def test_no_page_scrolls_sideways_on_a_phone(window, book, pages):
    page, wide = window(390, 844), {}
    for name in pages:
        page.goto(f"{book}{name}.html")
        wide[name] = sideways(page)
    assert {name: pixels for name, pixels in wide.items() if pixels > 0} == {}


@CHROMIUM
def test_no_page_has_a_barrier(window, book, pages):
    page, found = window(), []
    for name in pages:
        page.emulate_media(color_scheme="dark")
        page.goto(f"{book}{name}.html")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        found += barriers(page, only_colors=True)
        page.emulate_media(color_scheme="light")
        expect(page.locator("html")).to_have_attribute("data-theme", "light")
        found += barriers(page)
    assert found == []


# One page and what one does there.


def test_code_and_output_can_be_told_apart_by_ear(window, book):
    page = window()
    page.goto(f"{book}01_packages.html")
    pairs = page.locator(".cell").filter(has=page.get_by_role("group", name="Output"))
    expect(pairs).to_have_count(page.locator(".cell_output").count())
    expect(pairs.first.get_by_role("group", name="Code")).to_have_count(1)
    expect(page.get_by_role("group", name="Code")).to_have_count(
        page.locator(".cell_input").count()
    )


def test_search_finds(window, book):
    page = window()
    wrong = listen(page, book)
    page.goto(f"{book}index.html")
    page.keyboard.press("Control+k")
    page.locator("#pst-search-dialog input").fill("softmax")
    page.keyboard.press("Enter")
    results = page.locator("#search-results li")
    expect(results.filter(has_text="Step 2")).not_to_have_count(0)
    results.filter(has_text="Step 2").locator("a").first.click()
    page.wait_for_url("**/02_activations.html*")
    assert wrong == []


def test_links_and_anchors_lead_there(window, book):
    page = window()
    page.goto(f"{book}12_backpropagation.html")
    page.locator("article a[href='results.html#how-cost-grows']").first.click()
    page.wait_for_url("**/results.html#how-cost-grows")
    expect(page.get_by_role("heading", name="How cost grows")).to_be_in_viewport()
    page.goto(f"{book}01_packages.html")
    page.locator("a.right-next").click()
    page.wait_for_url("**/02_activations.html")
    page.locator("a.left-prev").click()
    page.wait_for_url("**/01_packages.html")


def test_light_and_dark(window, book):
    page = window()
    page.goto(f"{book}07_prediction.html")
    choose(page, "Dark")
    shown = "element => getComputedStyle(element).backgroundColor"
    assert max(rgb(page.locator("body").evaluate(shown))) < 60
    for picture in page.locator("article img").all():
        assert rgb(picture.evaluate(shown)) == (255, 255, 255)
        assert picture.evaluate("element => getComputedStyle(element).filter") == "none"
    choose(page, "Light")
    assert min(rgb(page.locator("body").evaluate(shown))) > 200
    choose(page, "Dark")
    page.goto(f"{book}index.html")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def choose(page, theme):
    """Choose the colors by the button on top of the page."""
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name=theme).click()
    expect(page.locator("html")).to_have_attribute("data-theme", theme.lower())


def rgb(color):
    """Return the three numbers of a color as browsers write it."""
    return tuple(int(number) for number in color.strip("rgba()").split(",")[:3])


def test_a_page_is_read_by_keyboard_alone(window, book):
    page = window()
    page.goto(f"{book}07_prediction.html")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**#main-content")
    summary = page.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details").first).to_have_attribute("open", "")
    page.keyboard.press("Enter")
    expect(page.locator("details").first).not_to_have_attribute("open", "")


@pytest.fixture(params=["chromium", "firefox"])
def scriptless(request, playwright):
    """A page in a browser of each kind whose owner has switched JavaScript off."""
    if request.param == "chromium":
        context = request.getfixturevalue("browser").new_context(java_script_enabled=False)
        yield context.new_page()
        context.close()
        return
    # Playwright cannot switch it off in a Firefox that it has not built itself.
    settings = {"javascript.enabled": False}
    with launched_firefox(playwright, firefox_user_prefs=settings) as browser:
        yield browser.new_page()


def test_without_scripts_a_page_shows_its_still_pictures(scriptless, book):
    # What waits for something, such as `expect`, would wait forever where no script runs.
    page = scriptless
    for name in ("index", "07_prediction", "11_cnn"):
        page.goto(f"{book}{name}.html")
        assert page.evaluate("matchMedia('(scripting: none)').matches")
        stills = page.locator(".live-canvas img, .live-training img").all()
        assert len(stills) == (2 if name == "index" else 1)
        for picture in stills:
            assert picture.is_visible()
            assert picture.evaluate("picture => picture.naturalWidth") > 100
            assert picture.bounding_box()["height"] > 50
        assert page.locator("article h1").first.is_visible()
        assert page.locator("canvas").count() == 0
        buttons = page.locator(".pst-js-only").all()
        assert buttons
        assert not any(button.is_visible() for button in buttons)


# What the focus is on, and whether one sees that: by a ring, or on the paper around a canvas.
FOCUSED = """() => {
    const element = document.activeElement;
    const shown = element.matches("canvas") ? element.parentElement : element;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(shown);
    const ring = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    const names = [element.className, element.getAttribute("href"), element.value].join(" ");
    return [names.split(" "), ring || boxShadow !== "none"];
}"""


def test_the_start_page_is_used_by_keyboard_alone(window, book):
    page = window()
    live = Live(page, f"{book}index.html")
    page.add_style_tag(content="* { transition: none !important; }")
    expect(live.ink).to_be_visible()
    expect(live.go).to_be_visible()

    def tab_to(end):
        passed = []
        while not passed or end not in passed[-1][0]:
            assert len(passed) < 100, passed
            page.keyboard.press("Tab")
            passed.append(page.evaluate(FOCUSED))
        assert [names for names, seen in passed if not seen] == []
        return [names for names, _ in passed]

    passed = iter(tab_to("right-next"))
    for station in (
        "#main-content",
        "logo",
        "search-button-field",
        "01_packages.html",
        "dense",
        "ink",
    ):
        assert any(station in names for names in passed), station  # one comes after the other
    for station in ("undo", "clear", "06_training.html", "live-go", "0.001", "data.html"):
        assert any(station in names for names in passed), station

    page.reload()
    expect(live.ink).to_be_visible()
    expect(live.go).to_be_visible()
    page.add_style_tag(content="* { transition: none !important; }")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#main-content")
    assert len(tab_to("ink")) < 6
    for _ in range(14):
        page.keyboard.press("ArrowUp")
    page.keyboard.press(" ")
    for _ in range(28):
        page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    live.says("1, ")
    tab_to("live-go")
    page.keyboard.press("Enter")
    expect(live.go).to_have_text("Train again")
    expect(page.locator(".live-said")).to_contain_text("After 40 epochs")
    live.says("1, ")


def test_one_draws_on_the_start_page_and_in_steps_7_and_11(window, book):
    for name in ("index", "07_prediction", "11_cnn"):
        live = Live(window(), f"{book}{name}.html")
        live.draw(ZERO)
        live.says("0, ")
        assert live.errors == []


def test_the_start_page_trains_the_network_of_step_6(window, book):
    live = Live(window(), f"{book}index.html")
    live.draw(ZERO)
    assert "loss 0.0335, wrong: 48 of 5,000" in live.train()
    live.says("0, ")
    assert live.errors == []


def test_the_book_works_from_a_folder(window, book):
    home = (BUILT / "html").as_uri()
    page = window()
    wrong = listen(page, home)
    for name in ("index", "02_activations", "07_prediction"):
        page.goto(f"{home}/{name}.html")
        expect(page.locator("article h1")).to_be_visible()
    page.goto(f"{home}/search.html?q=softmax")
    expect(page.locator("#search-results li").filter(has_text="Step 2")).not_to_have_count(0)
    assert wrong == []


@CHROMIUM
def test_the_start_page_is_soon_there(window, book):
    page = window(412, 823)
    page.goto(f"{book}index.html", wait_until="networkidle")
    expect(page.locator(".live-canvas canvas").first).to_be_visible()
    loaded = page.evaluate(
        """() => [...performance.getEntriesByType("navigation"),
                  ...performance.getEntriesByType("resource")]
            .map((entry) => [entry.name.replace(/[?].*/, "").replace(/.*[/]/, ""),
                             entry.encodedBodySize, entry.renderBlockingStatus])"""
    )
    sizes = {name: size for name, size, _ in loaded}
    # For its text a page waits for nothing but this.
    waits = [name for name, _, status in loaded if status == "blocking"]
    assert set(waits) <= {"index.html", "style.css"}
    assert 10_000 < sizes["index.html"] + sizes["style.css"] < 40_000
    # All with which it lives.
    assert {"dense.pack", "canvas-scripts.pack", "live-canvas.png"} <= sizes.keys()
    assert 50_000 < sum(sizes.values()) < 150_000
    # What is there does not move when more comes.
    shifts = page.evaluate(
        """() => new Promise((resolve) => new PerformanceObserver((list) =>
            resolve(list.getEntries().map((entry) => entry.value))
        ).observe({ type: "layout-shift", buffered: true }) ?? setTimeout(resolve, 500, []))"""
    )
    assert sum(shifts) < 0.02


# The checks themselves.

BAD = """<!DOCTYPE html><html><head><title>Bad</title></head><body>
<img src="gone.png"><div style="width: 1000px">wide</div>
<p style="color: #aaa; background: #fff">pale</p>
<math><msup><mi>x</mi></msup></math>
<script>fetch("http://127.0.0.2:48123/elsewhere").catch(() => {}); throw Error("broken");</script>
</body></html>"""


def test_a_bad_page_is_found_to_be_bad(window, serve, tmp_path):
    (tmp_path / "bad.html").write_text(BAD)
    home = serve(tmp_path)
    page = window(390)
    wrong = listen(page, home)
    page.goto(f"{home}bad.html")
    page.wait_for_timeout(300)
    assert any("broken" in line for line in wrong)
    assert any("asks for http://127.0.0.2:48123/elsewhere" in line for line in wrong)
    assert half_formulas(page) == ["<msup><mi>x</mi></msup>"]
    assert sideways(page) > 500
    assert {line.split(": ")[1] for line in barriers(page)} >= {"image-alt", "color-contrast"}
