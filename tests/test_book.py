"""The book holds what the notebooks hold, its links lead somewhere, and bad input is refused."""

import base64
import io
import re
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from book import BUILT, BookError
from book.build import build, size_of
from book.formulas import KATEX, engine, set_formula
from book.pages import TEXTS, gather, inputs
from book.style import CLASS, merge, thin
from checks.notebook import METADATA, load
from checks.project import open_project
from tools import PROJECT, ROOT

STEMS = [path.stem for path in PROJECT.notebooks()]


@pytest.fixture(scope="module")
def book():
    """The built book: where it is, and its pages, parsed."""
    build()
    folder = BUILT / "html"
    pages = {
        path.stem: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in folder.glob("*.html")
    }
    return folder, pages


def test_each_notebook_and_each_text_has_a_page(book):
    _, pages = book
    assert {*STEMS, *TEXTS, "search"} <= pages.keys()


def test_every_link_and_file_of_every_page_is_there_and_every_anchor_too(book):
    folder, pages = book
    assert list(lost(folder, pages)) == []


def lost(folder, pages):
    """Yield what pages name in the book that is not there."""
    ids = {name: {tag["id"] for tag in page.find_all(id=True)} for name, page in pages.items()}
    for name, page in pages.items():
        for tag in page.find_all(["a", "img", "link", "script", "form"]):
            url = urlsplit(tag.get("href") or tag.get("src") or tag.get("action") or "")
            if url.scheme in ("http", "https") and tag.name == "a":
                continue  # a paper; `make test` knows where links to the web may lead
            path = unquote(url.path) or f"{name}.html"
            stem, anchor = path.removesuffix(".html"), unquote(url.fragment)
            if url.scheme or url.netloc or not (folder / path).is_file():
                yield f"{name}: {url.geturl()}"
            elif anchor and stem in ids and anchor not in ids[stem]:
                yield f"{name}: no #{anchor} in {stem}"


def test_what_is_lost_is_noticed(tmp_path):
    source = (
        '<a href="gone.html">1</a><a href="#gone">2</a><img src="https://elsewhere.test/x.png">'
    )
    (tmp_path / "a.html").write_text(source)
    found = lost(tmp_path, {"a": BeautifulSoup(source, "html.parser")})
    assert list(found) == [
        "a: gone.html",
        "a: no #gone in a",
        "a: https://elsewhere.test/x.png",
    ]


@pytest.mark.parametrize("stem", STEMS)
def test_a_notebook_is_shown_whole(book, stem):
    folder, pages = book
    stored = load(PROJECT.folder / f"{stem}.ipynb", PROJECT)
    article = pages[stem].article
    shown = " ".join(article.get_text().split())
    alts = [image["alt"] for image in article.find_all("img")]
    assert alts == [alt for *_, alt in stored.pictures()]
    for _, cell in stored.code():
        assert " ".join(cell.source.split()) in shown
        for output in cell.outputs:
            assert " ".join(output.get("text", "").split()) in shown
    downloaded = folder / "notebooks" / f"{stem}.ipynb"
    assert downloaded.read_bytes() == stored.path.read_bytes()
    assert pages[stem].find("a", download=True)["href"] == f"notebooks/{stem}.ipynb"


def test_bindings_are_not_in_the_book(book):
    _, pages = book
    for name in {*STEMS, *TEXTS}:
        html = str(pages[name].article)
        assert "<!--" not in html, name
        # In code they may be shown, by one who explains them.
        text = re.sub(r"(?s)<(pre|code)\b.*?</\1>", "", html)
        assert "&lt;!--" not in text, name


def test_solutions_are_folded(book):
    _, pages = book
    folded = [details for page in pages.values() for details in page.find_all("details")]
    assert len(folded) >= 3 * len(STEMS)
    for details in folded:
        assert not details.has_attr("open")
        assert details.find("pre")


def test_formulas_are_set_and_no_script_is_left_to_do_it(book):
    _, pages = book
    for name, page in pages.items():
        text = re.sub(r"(?s)<(pre|code|script|style)\b.*?</\1>", "", str(page.article))
        assert "$" not in text, name
        assert "\\(" not in text, name
        styled = any("katex.css" in link["href"] for link in page.find_all("link"))
        assert styled == bool(page.find(class_="katex")), name
    assert pages["02_activations"].find("math")
    scripts = [tag.get("src", "") for page in pages.values() for tag in page.find_all("script")]
    assert not any("mathjax" in script or "katex" in script for script in scripts)


def test_pages_follow_one_another(book):
    _, pages = book
    names, page = [], "index"
    while page:
        names.append(page)
        following = pages[page].find("a", class_="right-next")
        page = following and following["href"].removesuffix(".html")
    assert names == ["index", *STEMS, *(name for name in TEXTS if name != "index")]
    before = [pages[name].find("a", class_="left-prev")["href"] for name in names[1:]]
    assert before == [f"{name}.html" for name in names[:-1]]


def test_live_elements_hold_a_still_picture(book):
    _, pages = book
    live = {
        name: [element.get("data-network") for element in page.select(".live-canvas")]
        for name, page in pages.items()
    }
    expected = {"index": ["dense"], "07_prediction": ["dense"], "11_cnn": ["cnn"]}
    assert {name: found for name, found in live.items() if found} == expected
    assert [name for name, page in pages.items() if page.select(".live-training")] == ["index"]
    for name, page in pages.items():
        scripts = [tag for tag in page.find_all("script") if "live/" in tag.get("src", "")]
        assert len(scripts) == (name in expected), name
        for element in page.select(".live-canvas, .live-training"):
            assert element.img["alt"]


def test_a_page_tells_how_large_its_pictures_are(book):
    folder, pages = book
    for page in pages.values():
        for image in page.article.find_all("img") if page.article else []:
            size = Image.open(folder / image["src"]).size
            assert (int(image["width"]), int(image["height"])) == size


def test_there_is_one_style_sheet_and_it_has_the_icons_of_all_pages(book):
    folder, pages = book
    style = (folder / "_static" / "style.css").read_text(encoding="utf-8")
    font = re.search(r"url\(data:font/woff;base64,([^)]+)\)", style)[1]
    drawn = TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap()
    rules = re.findall(r'([^{}]+)\{--fa:"(.)"\}', style)
    icons = {icon: ord(character) for names, character in rules for icon in CLASS.findall(names)}
    # These say how an icon is set, not which it is.
    ways = {"fa-solid", "fa-lg", "fa-fw"}
    for name, page in pages.items():
        sheets = [link["href"] for link in page.find_all("link", rel="stylesheet")]
        assert sum(sheet.startswith("_static/style.css?v=") for sheet in sheets) == 1, name
        assert len(sheets) == 1 + bool(page.find(class_="katex")), name
        for tag in page.select(".fa-solid"):
            for icon in {c for c in tag["class"] if c.startswith("fa-")} - ways:
                assert icons[icon] in drawn, (name, icon)


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("a{b:c}.on,.off,p .on{d:e}", "a{b:c}\n.on,p .on{d:e}"),
        (".off{a:b}.off .on{c:d}#x.off{e:f}", ""),
        ("p:not(.off, .on){a:b}", "p:not(.off, .on){a:b}"),
        (":is(.off,.on) p{a:b}", ":is(.off,.on) p{a:b}"),
        ("@media print{.off{a:b}}@media print{.on{a:b}.off{c:d}}", "@media print{.on{a:b}}"),
        ("/* a *//*! b */.on{/* c */a:b}", "/*! b */\n.on{a:b}"),
        ("@font-face{src:url(a/fa-brands-400.woff2)}", ""),
        ('.on::after{content:"}.off{"}', '.on::after{content:"}.off{"}'),
    ],
)
def test_a_rule_for_what_no_page_has_is_left_out(style, kept):
    assert thin(style, {"on"}) == kept


def test_the_book_is_small(book):
    folder, _ = book
    assert size_of(folder) < 15e6


def test_the_same_book_is_not_built_twice(book):
    assert build() is False


@pytest.mark.parametrize(
    "name", ["book/live/training.js", "src/helpers/canvas.js", "README.md", "bench/growth.png"]
)
def test_the_book_is_built_again_if_a_file_that_it_shows_has_changed(name):
    assert ROOT / name in [*inputs(PROJECT)]


def test_script_and_style_of_formulas_are_of_one_version():
    version = engine().eval("katex.version")
    assert f'content:"{version}"' in (KATEX / "katex.min.css").read_text(encoding="utf-8")


def test_a_formula_is_set_for_eyes_and_for_ears():
    html = set_formula(r"\frac{1}{2}", display=True)
    assert "katex-display" in html
    assert "<mfrac>" in html


# Bad input.

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
ALT = {"image/png": {"alt": "A picture."}}
PICTURE = new_output("display_data", {"image/png": PNG, "text/plain": "x"}, metadata=ALT)


@pytest.fixture
def small(tmp_path):
    """A project with one notebook and one cell; the function stores what the cell shows."""
    for name in [*TEXTS.values(), "README.md"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("# Title\n\n## The steps\n\n| a |\n| - |\n")
    (tmp_path / "pyproject.toml").write_text('[tool.notebook_checks]\nfolder = "notebooks"\n')

    def store(*outputs, text="# Step 1", page=""):
        cells = [new_markdown_cell(text), new_code_cell("1", outputs=list(outputs))]
        notebook = new_notebook(cells=cells, metadata=METADATA)
        nbformat.write(notebook, tmp_path / "notebooks" / "01_one.ipynb")
        (tmp_path / "data" / "README.md").write_text(page)
        return open_project(tmp_path)

    return store


def test_a_small_project_is_gathered(small, tmp_path):
    project = small(PICTURE, text="It is $1$[in code](../bench/x.py).<!-- 1 -->")
    (tmp_path / "bench" / "x.py").write_text("print()\n")
    gather(project, tmp_path / "out")
    notebook = nbformat.read(tmp_path / "out" / "01_one.ipynb", as_version=4)
    assert notebook.cells[0].source == "It is $1$[in code](bench_x.md)."
    assert notebook.cells[1].metadata.mystnb == {"image": {"alt": "A picture."}}
    assert "print()" in (tmp_path / "out" / "bench_x.md").read_text()


WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "Slider()"}
PLOTLY = {"application/vnd.plotly.v1+json": {}, "text/plain": "Figure()"}


@pytest.mark.parametrize(
    ("outputs", "problem"),
    [
        ([new_output("display_data", PLOTLY)], "of the kind application/vnd.plotly.v1+json"),
        ([new_output("display_data", WIDGET)], "a widget without a still picture"),
        ([new_output("error", ename="ValueError")], "stopped with ValueError"),
        ([new_output("display_data", {"text/html": "<script>1</script>"})], "with a script"),
        ([new_output("display_data", {"image/png": PNG})], "without an alt text"),
        ([new_output("display_data", {"image/png": "UE5H"}, metadata=ALT)], "is damaged"),
    ],
)
def test_an_output_that_cannot_be_shown_is_refused(small, tmp_path, outputs, problem):
    with pytest.raises(
        BookError, match=rf"01_one\.ipynb, cell 2 \(In \[1\]\): .*{re.escape(problem)}"
    ):
        gather(small(*outputs), tmp_path / "out")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[a](02_two.ipynb)", "the link to 02_two.ipynb leads to no page of the book"),
        ("[a](../pyproject.toml)", "the link to ../pyproject.toml leads to no page of the book"),
        ("[a](../data/README.md#gone)", "the link to ../data/README.md#gone leads to no heading"),
        ("![a](gone.png)", "the picture gone.png is missing"),
        (r"$\frac{1$", "cannot be set"),
    ],
)
def test_what_a_text_leads_to_must_be_in_the_book(small, tmp_path, text, problem):
    with pytest.raises(BookError, match=rf"^01_one\.ipynb, cell 1: .*{re.escape(problem)}"):
        gather(small(text=text), tmp_path / "out")
    where = r"^data/README\.md: "
    with pytest.raises(BookError, match=where):
        gather(small(page=text.replace("02_two", "../02_two")), tmp_path / "out")


def test_a_damaged_picture_of_a_text_is_refused(small, tmp_path):
    project = small(page="![a](a.png)")
    (tmp_path / "data" / "a.png").write_bytes(b"no picture")
    with pytest.raises(BookError, match=r"^data/README\.md: the picture a\.png is damaged"):
        gather(project, tmp_path / "out")


def test_the_start_page_needs_the_still_picture_of_its_canvas(small, tmp_path):
    project = small()
    (tmp_path / "notebooks" / "01_one.ipynb").rename(tmp_path / "notebooks" / "07_one.ipynb")
    (tmp_path / "book" / "index.md").write_text("# Title\n\n```{live-canvas} dense\n```\n")
    with pytest.raises(BookError, match=r"^07_one\.ipynb: the still picture of DigitCanvas"):
        gather(project, tmp_path / "out")


def test_what_a_style_sheet_asks_for_must_be_in_the_book(tmp_path):
    for name, text in {
        "a.html": '<link rel="stylesheet" href="_static/a.css" />\n<p class="on"></p>',
        "_static/a.css": ".on{background:url(x.png)}",
        "_static/scripts/fontawesome.js": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    with pytest.raises(BookError, match=r"a style sheet asks for url\(x\.png\)"):
        merge(tmp_path, apart="b.css")


def test_code_is_left_as_it_is(small, tmp_path):
    text = "`[a](gone.md)<!-- 1 -->`\n\n```\n![a](gone.png) $\\frac{1$\n```"
    gather(small(text=text), tmp_path / "out")
    cells = nbformat.read(tmp_path / "out" / "01_one.ipynb", as_version=4).cells
    assert cells[0].source == text


def test_a_book_that_cannot_be_built_leaves_the_one_before(small, tmp_path):
    target = tmp_path / "html"
    target.mkdir()
    with pytest.raises(BookError):
        build(target, small(text="[a](gone.md)"))
    assert target.is_dir()
