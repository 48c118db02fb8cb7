"""The checks that run beside nbval notice what they are there for."""

import base64
import io
import re
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image, ImageDraw

from checks.compare import differences
from checks.links import check_links
from checks.prose import check_numbers, fits, misspelled, read_text
from checks.static import check_notebook, check_project
from tools import NOTEBOOKS, PROJECT, ROOT


@pytest.mark.parametrize(
    ("number", "value", "tolerance", "fitting"),
    [
        ("92.4", "92.3501", None, True),
        ("92.4", "92.3499", None, False),
        ("92", "92.4", None, True),
        ("3,500", "3500.0", None, True),
        ("3,500", "3499.0", None, False),
        ("-1", "1.0", None, False),
        ("0.50", "0.5", None, True),
        ("92.0", "92.4", 0.5, True),
        ("92.0", "92.6", 0.5, False),
        ("2", "1.87", None, True),
        ("1", "0.77", None, False),
        ("0", "0.0", None, True),
        ("92.4", "nan", None, False),
        ("92.4", "name 'accuracy' is not defined", None, False),
    ],
)
def test_a_number_fits_what_rounds_to_it(number, value, tolerance, fitting):
    assert fits(number, value, tolerance or 0.0) is fitting


@pytest.mark.parametrize(
    ("source", "number", "expression", "tolerance"),
    [
        ("about 92.4 %<!-- 100 * a -->.", "92.4", "100 * a", 0),
        ("**92.8<!-- m --> %**", "92.8", "m", 0),
        ("a **16-bit 92.8<!-- m --> %**", "92.8", "m", 0),
        ("a 4**2**<!-- m -->", "42", "m", 0),
        ("$\\ln 10 = 2.303$<!-- np.log(10) -->", "2.303", "np.log(10)", 0),
        ("3,500<!-- len(X) --> images", "3,500", "len(X)", 0),
        ("fell by −1.5<!-- d -->", "-1.5", "d", 0),
        ("9.3 s<!-- t ± 2 -->", "9.3", "t", 2),
        ("5<!-- a\n  [1] -->", "5", "a [1]", 0),
    ],
)
def test_bindings_are_found(source, number, expression, tolerance):
    text = read_text(source)
    assert text.problems == []
    (binding,) = text.bindings
    assert (binding.number, binding.expression) == (number, expression)
    assert binding.tolerance == tolerance


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("A 2<!-- y[0] -->7", "touches it"),
        ("9\u200b2<!-- y[0] -->", "invisible"),
        ("\u202e81\u202c<!-- y[0] -->", "invisible"),
        ("3.2,2<!-- y[0] -->", "is no number as one writes it"),
        ("35,00<!-- y[0] -->", "is no number as one writes it"),
        ("–77<!-- y[0] -->", "is no number as one writes it"),
        ("~~29~~<!-- y[0] -->", "markup that is not closed"),
        ("77 million<!-- y[0] -->", "may not stand between"),
        ("98.2<!-- 98.2 + 0 * a -->", "holds the number itself"),
        ("40<!-- (a := 40.0) -->", "does more than to compute"),
        ("40<!-- a.__len__() -->", "does more than to compute"),
        ("40<!-- a ± .. -->", "is no number; mend it"),
        ("40<!-- 40 -->", "computes with nothing"),
        ("most<!-- a -->", "no number stands before"),
        ("40<!-- a", "markup that is not closed|holds HTML"),
        ("[//]: # (unseen)\n\nSeen.", "defines links"),
        ("<script>a()</script>", "holds HTML"),
        ("<?hidden?>", "holds HTML"),
        ("a <b>bold</b> word", "holds HTML"),
        ("```\nright: 99 %\n```", "shows code that nothing runs"),
        ("    indented", "shows code that nothing runs"),
        ("an **open end", "markup that is not closed"),
        ("| a | b |\n| 1 | 2 |", "markup that is not closed"),
        ("##Heading", "markup that is not closed"),
        ("![A seven](a.png)", "holds a picture"),
        ("$\\frac{a$", "braces"),
    ],
)
def test_texts_that_mislead_are_found(source, problem):
    assert re.search(problem, "\n".join(read_text(source).problems))


@pytest.mark.parametrize(
    "source",
    [
        "**100** %", "100\u00a0%", "100％", "100 per cent", "100-percent", "100\n%", "`100 %`",
        "$9{8}\\,\\%$", "**98 %** are", "ninety percent", "One percent", "9 in 10", "9 of 10",
        "nine out of eleven", "7 times faster", "3 h", "12 of them are wrong", "5 wrong answers",
        "an accuracy of 0.98", "a 0.98 accuracy", "a loss of 3", "The recall is 7", "1,234 sevens",
        "a [98 % right](../data/README.md)", "(1,234)", "x <y 98 % of all", "12.5", "6,789",
    ],
)  # fmt: skip
def test_numbers_in_texts_must_come_from_the_run(source):
    assert list(check_numbers(read_text(source), {"10"}))


@pytest.mark.parametrize(
    "source",
    [
        "92 %<!-- a -->", "Recall step 2: a ReLU bends.", "You may recall this from step 3.",
        "the loss in step 4 was higher", "The digit 7 is often drawn wrong.", "published in 1998",
        "two layers", "a second look", "pixel 10", "`model.layers[0](X)`", "$x_{10}$",
        "the precision of this method", "the loss for one image",
    ],
)  # fmt: skip
def test_numbers_that_are_no_results_pass(source):
    text = read_text(source)
    assert text.problems == []
    assert list(check_numbers(text, {"10"})) == []


@pytest.mark.parametrize(
    "link",
    [
        "[step 4](01_packages.ipynb)", "[see **step 4**](01_packages.ipynb)", "[a](nowhere.md)",
        "[step 4](../data/README.md)", "[a](//example.org)", "[a](/etc/hostname)", "[a](../.ci)",
        "[a](../../../etc/hostname)", "[a](https://scikit-learn.org.example.com)", "[a](http://[x)",
        "[a](htp://arxiv.org)", "[](01_packages.ipynb)", "[a](?nowhere)", "[a](../data#x)",
        "[a](../data/README.md#nowhere)", "[a](../data/digits.npz#x)", "[a]()",
        "[Step 1: Turn numbers into pictures](01_packages.ipynb)", f"[a]({'x' * 400})",
    ],
)  # fmt: skip
def test_links_that_mislead_are_found(link):
    assert list(check_links(read_text(link), NOTEBOOKS / "03_dataset.ipynb", PROJECT))


def check(folder, *cells, options=()):
    """Run pytest with nbval on a notebook of these cells, as a reader would, and return it."""
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "made.ipynb")
    return check_folder(folder, "-k", "not stored", *options)


def check_folder(folder, *options):
    """Run pytest with nbval on the notebooks in a folder, and return it."""
    (folder / "conftest.py").write_text('pytest_plugins = ["checks.plugin"]\n')
    settings = '[tool.notebook_checks]\ncontrols = "helpers.widgets:explorers"\n'
    (folder / "pyproject.toml").write_text(f"[tool.pytest.ini_options]\n{settings}")
    command = [sys.executable, "-m", "pytest", "--nbval", "-p", "no:cacheprovider", "-q"]
    command += ["--rootdir", folder, "--confcutdir", folder, "-c", folder / "pyproject.toml"]
    command += ["--color=no", *options, folder]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)


def code_cell(source, *outputs, **metadata):
    return new_code_cell(source, execution_count=1, outputs=list(outputs), metadata=metadata)


def test_prose_that_fits_passes(tmp_path):
    done = check(tmp_path, code_cell("a = 0.924"), new_markdown_cell("92.4 %<!-- 100 * a -->"))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("prose", "message"),
    [
        ("92.5 %<!-- 100 * a -->", "the expression is 92.4"),
        ("92.4 %<!-- 100 * accuracy -->", "name 'accuracy' is not defined"),
        ("1<!-- a --> and 92<!-- 100 * a --> and 3<!-- 100 * a -->", "'3<!-- 100 * a -->'"),
    ],
)
def test_prose_that_lies_fails(tmp_path, prose, message):
    done = check(tmp_path, code_cell("a = 0.924"), new_markdown_cell(prose))
    assert done.returncode == 1
    assert message in done.stdout


def test_prose_is_compared_where_it_stands(tmp_path):
    cells = code_cell("a = 1"), new_markdown_cell("1<!-- a -->"), code_cell("a = 2")
    assert check(tmp_path, *cells).returncode == 0


CONTROL = """
from ipywidgets import IntSlider
from helpers.widgets import Explorer
def draw(ax, n):
    {body}
made = Explorer(draw, {{"n": IntSlider(1, min=0, max=5)}}, alt="a line")
"""


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("ax.plot([0, n])", None),
        ("ax.plot([0, 1])", "n = 0 changes nothing"),
        ("ax.plot([0, 1 / n])", "ZeroDivisionError"),
    ],
)
def test_controls_are_moved(tmp_path, body, message):
    done = check(tmp_path, code_cell(CONTROL.format(body=body)))
    assert done.returncode == (1 if message else 0), done.stdout
    assert (message or "passed") in done.stdout


DRAW = "import matplotlib.pyplot as plt\nplt.figure(figsize=(2, 2))\n"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import time; time.sleep(60)", "is not done after 3 s; make it faster"),
        ("while True:\n  try:\n    while True: pass\n  except BaseException: pass", "after 3 s"),
        ("import os; os._exit(1)", "its kernel died"),
        ("b'x' * 10**9", "needs more than 0.5 GiB of memory and was stopped"),
        ("x = []\nwhile True: x.append('y' * 10**6)", "needs more than 0.5 GiB of memory"),
        ("1 / 0", "raises ZeroDivisionError: division by zero; mend the cell"),
        ("raise SystemExit", "raises SystemExit"),
        ("1 +", "raises SyntaxError"),
        ("input()", "raises StdinNotImplementedError"),
    ],
)
def test_a_cell_that_fails_ends_the_notebook_soon(tmp_path, source, message):
    options = "--nbval-cell-timeout=3", "--notebook-memory=0.5"
    start = time.monotonic()
    done = check(tmp_path, code_cell("a = 1"), code_cell(source), code_cell("a"), options=options)
    assert time.monotonic() - start < 30
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if line.startswith("made.ipynb, cell")]
    assert len(lines) == 1, done.stdout
    assert lines[0].startswith("made.ipynb, cell 2 (In [2]): ")
    assert message in lines[0]
    assert "1 failed, 1 passed, 2 skipped" in done.stdout  # the third cell, and the controls
    assert "/nbval/" not in done.stdout  # no traceback of the tools
    assert "another exception" not in done.stdout


@pytest.mark.parametrize("source", ["1 / 0", "while True: pass", "import os; os._exit(1)"])
def test_a_binding_or_control_that_fails_is_named(tmp_path, source):
    cells = code_cell(f"def f():\n    exec({source!r})"), new_markdown_cell("5<!-- f() -->")
    done = check(tmp_path, *cells, options=["--nbval-cell-timeout=3"])
    assert done.returncode == 1
    assert re.search(r"^made.ipynb, cell 2: ", done.stdout, re.M)


def conflicting(notebook):
    text = nbformat.writes(notebook)
    return text.replace(' "cells"', '<<<<<<< HEAD\n "cells"', 1)


def without_kernel(notebook):
    notebook.metadata = {}
    return nbformat.writes(notebook)


def older(notebook):
    return nbformat.writes(nbformat.convert(notebook, 3), version=3)


def slightly_older(notebook):
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]
    return nbformat.writes(notebook)


UNREADABLE = [
    (lambda notebook: "", "is not JSON"),
    (lambda notebook: nbformat.writes(notebook)[:-500], "is not JSON"),
    (lambda notebook: "[]", "its format is no notebook, not 4.5"),
    (lambda notebook: "{}", "its format is no notebook, not 4.5"),
    (lambda notebook: '{"nbformat": 4, "nbformat_minor": 5}', "is not a valid notebook"),
    (older, "its format is 3.0, not 4.5"),
    (slightly_older, "its format is 4.4, not 4.5"),
    (without_kernel, "its kernel is not named, not python3"),
    (conflicting, "line 2 is a merge-conflict marker"),
]


@pytest.mark.parametrize(("spoil", "message"), UNREADABLE)
def test_what_is_no_notebook_is_said_in_one_line(tmp_path, spoil, message):
    file = NOTEBOOKS / "03_dataset.ipynb"
    copy = tmp_path / file.name
    copy.write_text(spoil(nbformat.read(file, as_version=4)), encoding="utf-8")
    (problem,) = check_notebook(copy, PROJECT)
    assert problem.startswith(f"03_dataset.ipynb: {message}")
    assert "\n" not in problem


def test_what_is_no_notebook_ends_pytest_with_one_line(tmp_path):
    (tmp_path / "03_dataset.ipynb").write_text("<html>")
    done = check_folder(tmp_path)
    assert done.returncode == 2
    assert "\n03_dataset.ipynb: is not JSON" in done.stdout
    assert "Traceback" not in done.stdout


def test_bytes_that_are_no_text_are_no_notebook(tmp_path):
    (tmp_path / "03_dataset.ipynb").write_bytes(b"\xff\xfe")
    problem = check_notebook(tmp_path / "03_dataset.ipynb", PROJECT)
    assert problem == ["03_dataset.ipynb: is not UTF-8 text; restore it"]


def test_the_stored_notebooks_and_the_pages_have_no_problems():
    assert check_project(PROJECT) == []


def test_static_checks_need_no_tensorflow():
    code = (
        "import sys, tools, checks.static as s; s.check_project(tools.PROJECT); print(*sys.modules)"
    )
    modules = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()
    assert not {"tensorflow", "keras", "matplotlib"} & set(modules)


def test_numbers_may_differ_where_a_cell_says_so():
    stored = new_output("stream", name="stdout", text="right: 92.4 % of 1,000\n")
    fresh = new_output("stream", name="stdout", text="right: 92.6 % of 1,000\n")
    cell = code_cell("", stored)
    assert differences(cell, [stored], "store it") == []
    (problem,) = differences(cell, [fresh], "store it")
    assert problem.startswith("line 1 of its output is stored as 'right: 92.4 % of 1,000', now ")
    cell.metadata["tolerance"] = {"numbers": 0.3, "reason": "convolutions"}
    assert differences(cell, [fresh], "store it") == []
    for text in ("right: 92.8 % of 1,000\n", "wrong: 92.4 % of 1,000\n", "right: 92.4 %\n"):
        assert differences(cell, [new_output("stream", name="stdout", text=text)], "store it")


def test_every_difference_of_a_run_is_a_line(tmp_path):
    draw = "import matplotlib.pyplot as plt\nplt.plot([0, 1])\nplt.show()"
    cells = [
        code_cell("print(7)", new_output("stream", name="stdout", text="8\n")),
        code_cell("print(7)"),
        code_cell("7", new_output("display_data", data={"text/plain": "7"})),
        code_cell(draw, picture(lambda image: None), alt="a line"),
        new_code_cell("a = 7"),
        code_cell("print(7)", new_output("stream", name="stdout", text="7\n")),
    ]
    done = check(tmp_path, *cells)
    lines = [line for line in done.stdout.splitlines() if line.startswith("made.ipynb, cell")]
    assert lines[:3] == [
        "made.ipynb, cell 1 (In [1]): line 1 of its output is stored as '8', now it is '7'; "
        "if that is right, run it again and save it",
        "made.ipynb, cell 2 (In [2]): stored is nothing, but it now makes stdout; "
        "run it again and save it",
        "made.ipynb, cell 3 (In [3]): stored is display_data of text/plain, but it now makes "
        "execute_result of text/plain; run it again and save it",
    ]
    assert "cell 4 (In [4]): its picture is stored with 64 × 64 pixels, now it has " in done.stdout
    assert "cell 5 (In [5]): was never run; run it again and save it" in done.stdout
    assert "5 failed, 2 passed" in done.stdout


def picture(change):
    image = Image.new("RGBA", (64, 64), "white")
    ImageDraw.Draw(image).line((10, 10, 50, 50), fill="black", width=3)
    change(image)
    file = io.BytesIO()
    image.save(file, "PNG")
    data = {"image/png": base64.b64encode(file.getvalue()).decode(), "text/plain": "<Figure>"}
    return new_output("display_data", data=data, metadata={"image/png": {"alt": "a line"}})


@pytest.mark.parametrize(
    ("change", "tolerance", "same"),
    [
        (lambda image: None, {}, True),
        (lambda image: image.putpixel((5, 5), (254, 253, 255, 255)), {}, True),
        (lambda image: image.putpixel((5, 5), (200, 255, 255, 255)), {}, False),
        (lambda image: image.putpixel((5, 5), (255, 255, 255, 0)), {}, False),
        (lambda image: image.putpixel((5, 5), (0, 0, 0, 255)), {"levels": 5}, True),
        (lambda image: image.paste("black", (8, 8, 12, 12)), {"levels": 5}, False),
        (lambda image: image.paste(image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)), {}, False),
    ],
)
def test_pictures_are_compared_by_their_pixels(change, tolerance, same):
    cell = code_cell("", picture(lambda image: None), tolerance=tolerance)
    assert (differences(cell, [picture(change)], "store it") == []) is same


def test_alt_texts_that_the_code_makes_are_compared():
    cell = code_cell("", picture(lambda image: None))
    fresh = picture(lambda image: None)
    fresh.metadata["image/png"]["alt"] = "another line"
    assert differences(cell, [fresh], "store it") == [
        "the alt text now is 'another line'; if that is right, store it"
    ]


def test_words_are_spelled_as_americans_do():
    source = "A grey `colour` and a netwrok, labelled by Keras's $behaviour$."
    assert misspelled(read_text(source).prose, ["keras"]) == [
        "grey",
        "labelled",
        "netwrok",
    ]
