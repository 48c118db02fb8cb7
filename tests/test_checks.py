"""The checks that run beside nbval notice what they are there for."""

import base64
import dataclasses
import http.server
import io
import re
import subprocess
import sys
import threading

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_output
from PIL import Image, ImageDraw

from checks.bindings import fits
from checks.claims import CLAIM_OF_PICTURE, check_claims, check_tests
from checks.compare import differences
from checks.form import cell_problems
from checks.links import check_links, dead_links
from checks.numbers import check_numbers
from checks.pages import check_commands
from checks.prose import misspelled, read_text
from checks.static import check_notebook, check_project
from checks.style import LONGEST, check_style
from kernels.influence import judge
from tools import NOTEBOOKS, PROJECT, ROOT


@pytest.mark.parametrize(
    ("number", "value", "tolerance", "fitting"),
    [
        ("92.4", 92.3501, 0, True),
        ("92.4", 92.3499, 0, False),
        ("92", 92.4, 0, True),
        ("3500", 3499.0, 0, False),
        ("-1", 1.0, 0, False),
        ("0.50", 0.5, 0, True),
        ("92.0", 92.4, 0.5, True),
        ("92.0", 92.6, 0.5, False),
        ("2", 1.87, 0, True),
        ("1", 0.77, 0, False),
        ("0", 0.0, 0, True),
        ("92.4", float("nan"), 0, False),
    ],
)
def test_a_number_fits_what_rounds_to_it(number, value, tolerance, fitting):
    assert fits(number, value, tolerance) is fitting


@pytest.mark.parametrize(
    ("source", "kind", "said", "expression", "tolerance"),
    [
        ("about 92.4 %<!-- 100 * a -->.", "number", ["92.4"], "100 * a", 0),
        ("**92.8<!-- m --> %**", "number", ["92.8"], "m", 0),
        ("a **16-bit 92.8<!-- m --> %**", "number", ["92.8"], "m", 0),
        ("a 4**2**<!-- m -->", "number", ["42"], "m", 0),
        ("$\\ln 10 = 2.303$<!-- np.log(a) -->", "number", ["2.303"], "np.log(a)", 0),
        ("3,500<!-- len(X) --> images", "number", ["3500"], "len(X)", 0),
        ("fell by −1.5<!-- d -->", "number", ["-1.5"], "d", 0),
        ("9.3 s<!-- t ± 2: 8 to 10 in three runs -->", "number", ["9.3"], "t", 2),
        ("5<!-- a\n  [1] -->", "number", ["5"], "a [1]", 0),
        ("twelve<!-- len(a) --> rows", "number", ["12"], "len(a)", 0),
        ("One. Two of 3,500, −1 and `4`.<!-- *a -->", "numbers", ["2", "3500", "-1"], "a", 0),
        ("In 7 are 2<!-- b -->, 3 and 4.<!-- *a -->", "numbers", ["7", "3", "4"], "a", 0),
        ("No. The 5 is worst.<!-- true 7764: a == 5 -->", "claim", ["the 5 is worst"], "a == 5", 0),
    ],
)
def test_bindings_are_found(source, kind, said, expression, tolerance):
    text = read_text(source)
    assert text.problems == []
    binding = text.bindings[-1]
    assert (binding.kind, binding.said, binding.expression) == (kind, said, expression)
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
        ("40<!-- a ± 2 -->", "does not say what was measured"),
        ("40<!-- a ± 2: six trainings -->", "does not say what was measured"),
        ("40<!-- a ± 9: three runs gave 39 to 41 -->", "far wider than what was measured"),
        ("45<!-- a ± 5: three runs gave 39 to 41 -->", "was not measured, 39 to 41"),
        ("40<!-- 40 if a else 0 -->", "does more than to compute"),
        ("All.<!-- *a -->", "no number stands in the sentence"),
        ("The 5 is best.<!-- true 7764: a == 5 -->", "was not written for these words"),
        ("The 5 is worst.<!-- true: a == 5 -->", "begin it with true 7764: instead"),
        ("It goes.<!-- tested 345e: a.py::b -->", "was not written for these words"),
        ("9O %", "looks like other signs"),
        ("½ of it", "looks like other signs"),
        ("٩٢ %", "looks like other signs"),
        ("a\u0336 stroke", "looks like other signs"),
        ("ассuracy", "looks like other signs"),
        ('a [word](a.md "99 %")', "has a title"),
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


LINES = [["print(f'{share} %')", "error rate: 7.5 %", "layer2 390", "layer3 160"], ["(5000, 400)"]]


@pytest.mark.parametrize(
    "source",
    [
        "**100** %", "100\u00a0%", "100％", "100 per cent", "100-percent", "100\n%",
        "$9{8}\\,\\%$", "**98 %** are", "ninety percent", "9 in 10", "nine out of eleven",
        "7 times faster", "3 h", "an accuracy of 0.98", "The recall is 7", "1,234 sevens",
        "a [98 % right](../data/README.md)", "(1,234)", "x <y 98 % of all", "6,789", "pixel 12",
        "the 400-15-25-10 network", "two layers", "layer 3 has 390", "(400, 5000)", "a rate of 160",
        "rows 2 to 4", "| a |\n|---|\n| 7 |", "The 5 wins", "5 and 3 and 8", "in 30 epochs",
    ],
)  # fmt: skip
def test_numbers_in_texts_must_come_from_the_run(source):
    assert list(check_numbers(read_text(source), LINES, {"400-25-15-10"}))


@pytest.mark.parametrize(
    "source",
    [
        "92 %<!-- a -->", "Recall step 2: a ReLU bends.", "published in 1998", "a second look",
        "`model.layers[10](X)`", "$x_{10}$", "the precision of this method", "draw a seven",
        "the 400-25-15-10 network", "an error rate of 7.5", "its shape is (5000, 400)",
        "layer2 has 390 numbers", "layer1", "About three minutes", "exercise 7.2", "the five is",
    ],
)  # fmt: skip
def test_numbers_that_are_no_results_pass(source):
    text = read_text(source)
    assert text.problems == []
    assert list(check_numbers(text, LINES, {"400-25-15-10"})) == []


@pytest.mark.parametrize(
    "source",
    [
        "more than half of them", "The 5 is the hardest.", "It is never sure.", "None was right.",
        "Keras is faster than NumPy.", "Nearly all points lie low.", "It takes twice the images.",
        "a third of the errors", "The first network is odd.", "Purple is positive.",
        "on the left a seven", "the upper half", "points below the diagonal", "The loss fell.",
        "It was worse than every one of the five.", "half as long as the other",
        "The upper hidden neuron is off.", "after every third epoch", "it goes along a row",
        "each true digit (row)", "These lie on the last axis.",
    ],
)  # fmt: skip
def test_claims_in_words_must_be_bound(source):
    assert list(check_claims(read_text(source), ()))
    assert list(check_claims(read_text(f"{source}<!-- true: a > 1 -->"), ())) == []
    assert list(check_claims(read_text(source), {source})) == []
    # What stands in another sentence is not meant.
    more = f"{source.rstrip('.')}. Then all is well.<!-- true: a > 1 -->"
    assert list(check_claims(read_text(more), ()))


@pytest.mark.parametrize(
    "source",
    [
        "Is it the hardest?", "If it were faster than that, one would know.", "a right answer",
        "at least one", "If so, write the longest word.", "What do you expect: more than half?",
        "the first of them", "a black box", "left out",
    ],
)  # fmt: skip
def test_what_claims_nothing_passes(source):
    assert list(check_claims(read_text(source), ())) == []


@pytest.mark.parametrize(
    ("test", "there"),
    [
        ("tests/test_checks.py::test_a_promise_is_held_by_a_test_that_is_there", True),
        ("tests/test_checks.py::test_it", False),
        ("tests/no_such_file.py::test_it", False),
        ("tests::test_it", False),
    ],
)
def test_a_promise_is_held_by_a_test_that_is_there(test, there):
    problems = list(check_tests(read_text(f"It stays.<!-- tested 345e: {test} -->"), PROJECT))
    assert len(problems) == (not there)
    assert all(test in problem for problem in problems)


def test_what_a_curve_does_is_a_claim_in_the_description_of_a_picture():
    text = read_text("It rises, then it is flat.")
    assert len(list(check_claims(text, (), CLAIM_OF_PICTURE))) == 2
    assert list(check_claims(text, ())) == []


@pytest.mark.parametrize(("said", "good"), [("A 1 and B 2", True), ("B 1 and A 2", False)])
def test_names_stand_in_the_order_of_their_numbers(said, good):
    said = said.replace("A", "NumPy").replace("B", "Keras")
    text = read_text(f"We got {said}.<!-- *[found['NumPy'], found['Keras']] -->")
    assert (text.problems == []) is good


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("`make test STEP=7`", None),
        ("`make test PAGES=7`", "PAGES"),
        ("`python tools/workbook.py`", None),
        ("`python tools/nowhere.py`", "tools/nowhere.py"),
        ("`python -m bench.studies step_06_rates`", None),
        ("`python -m bench.nowhere`", "bench.nowhere"),
        ("`python -m pip install`", None),
        ("`book/_build/html` and `data/progress.txt`, made later", None),
        ("`book/nowhere/html`", "book/nowhere/html"),
        (f"`{'0123456789abcdef' * 4}`", "a checksum"),
    ],
)
def test_what_commands_name_is_there(said, missing):
    found = list(check_commands("", read_text(said, page=True), ROOT / "README.md", PROJECT, set()))
    assert len(found) == (missing is not None)
    assert missing is None or missing in found[0]


NAMES = {
    "np": np,
    "accuracy": 0.874,
    "recall": np.array([0.9, 0.7, 0.8]),
    "X": np.zeros((60, 4)),
    "names": ["a", "b"],
    "log": {"loss": [3.0, 2.0, 1.0]},
    "half": 0.5,
}


@pytest.mark.parametrize(
    ("kind", "expression", "value"),
    [
        ("number", "100 * accuracy", [87.4]),
        ("number", "-(-len(X) // 32)", [2.0]),
        ("number", "recall[1]", [0.7]),
        ("number", "len(names)", [2.0]),
        ("number", "log['loss'][-1]", [1.0]),
        ("numbers", "X.shape", [60.0, 4.0]),
        ("claim", "recall.argmin() == 1", True),
        ("claim", "all(np.diff(log['loss']) < 0)", True),
        ("claim", "accuracy > 0.8 and len(names) == 2", True),
        ("claim", "accuracy > 0.9", False),
    ],
)
def test_what_is_computed_depends_on_what_it_names(kind, expression, value):
    found, missed = judge(expression, kind, NAMES)
    assert found == (pytest.approx(value) if kind != "claim" else value)
    assert missed == []


@pytest.mark.parametrize(
    ("kind", "expression", "missed"),
    [
        ("number", "80 + 7.4 + 0 * accuracy", "accuracy"),
        ("number", "np.float64('87.4')", "what was run"),
        ("number", "max(87.3 + 0.1, accuracy)", "accuracy"),
        ("number", "7 + 0 * len(X)", "X"),
        ("number", "100 * accuracy + 0 * recall[0]", "recall"),
        ("numbers", "(60 + 0 * len(X), 4)", "X"),
        ("claim", "accuracy == accuracy", "accuracy"),
        ("claim", "len(names) >= 0", "names"),
        ("claim", "recall.argmin() == 1 or accuracy < 9", "accuracy"),
    ],
)
def test_what_would_hold_anyway_is_refused(kind, expression, missed):
    assert judge(expression, kind, NAMES)[1][:1] == [missed]


@pytest.mark.parametrize(
    ("kind", "expression", "message"),
    [
        ("number", "nowhere", "NameError"),
        ("number", "names", "TypeError"),
        ("claim", "accuracy", "TypeError"),
        ("number", "1 / (accuracy - 0.874)", "ZeroDivisionError"),
    ],
)
def test_what_cannot_be_computed_is_said(kind, expression, message):
    assert judge(expression, kind, NAMES)[0].startswith(message)


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


@pytest.fixture
def web():
    """The address of a server that answers each path /N with the status N."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(int(self.path[1:]))
            self.end_headers()

        def log_message(self, *arguments):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_links_to_the_web_that_give_no_page_are_named(web, tmp_path):
    links = [f"[a]({web}/{status})" for status in (200, 403, 404, 500)]
    (tmp_path / "README.md").write_text("\n".join([*links, "[b](http://127.0.0.1:1/x)"]))
    project = dataclasses.replace(
        PROJECT, root=tmp_path, folder=tmp_path, pages=["README.md"], readings=""
    )
    found = sorted(dead_links(project))
    assert [line.split(" gives")[0] for line in found] == [
        "README.md: the link http://127.0.0.1:1/x",
        f"README.md: the link {web}/404",
        f"README.md: the link {web}/500",
    ]


def code_cell(source, *outputs, **metadata):
    return new_code_cell(source, execution_count=1, outputs=list(outputs), metadata=metadata)


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


def picture(change):
    image = Image.new("RGBA", (64, 64), "white")
    ImageDraw.Draw(image).line((10, 10, 50, 50), fill="black", width=3)
    image.paste("#e69f00", (40, 8, 56, 16))
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
        (lambda image: image.putpixel((5, 5), (0, 0, 0, 255)), {"blocks": 0}, True),
        (lambda image: image.paste("black", (8, 8, 24, 16)), {"blocks": 2}, True),
        (lambda image: image.paste("black", (8, 8, 24, 16)), {"blocks": 1}, False),
        (lambda image: image.paste("white", (40, 8, 56, 16)), {"blocks": 2}, True),
        (lambda image: image.paste("#0072b2", (40, 8, 56, 16)), {"blocks": 2}, False),
        (lambda image: image.paste("#0072b2", (40, 8, 44, 16)), {"blocks": 2}, True),
        (lambda image: image.paste("#f0c566", (40, 8, 56, 16)), {"blocks": 2}, True),  # paler
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


def style_problems(source, known=(), **terms):
    return list(check_style(read_text(source), known, terms))


def test_a_sentence_may_be_as_long_as_one_can_read_it_aloud():
    longest = " ".join(f"word{i}" for i in range(LONGEST))
    assert style_problems(f"A first one. {longest}. {longest}!") == []
    assert style_problems(f"{longest}\n\n{longest}") == []
    (problem,) = style_problems(f"{longest} more.")
    assert f"has a sentence of {LONGEST + 1} words, 'word0 word1" in problem


def test_a_piece_of_code_is_one_word():
    long = " ".join(f"word{i}" for i in range(LONGEST - 1))
    assert style_problems(f"{long} `np.maximum(0, z) + 1`.") == []
    assert style_problems(f"{long} and `z`.") != []


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        ("It leaves the the image as it is.", "the the"),
        ("We plan ahead for that.", "plan ahead"),
        ("That is past history.", "past history"),
        ("That is very unique.", "very unique"),
    ],
)
def test_what_proselint_finds_is_told_unless_there_is_a_reason(source, finding):
    (problem,) = style_problems(source)
    assert problem.startswith(f"{finding!r}: ")
    assert style_problems(source, [f"x {finding} y"]) == []


@pytest.mark.parametrize("source", ["Held-out images.", "They were held out.", "A net. Nets."])
def test_one_thing_has_one_word(source):
    terms = {"held out": "unseen", "net": "network"}
    first, *_ = style_problems(source, **terms)
    assert re.match(r"'(Held-out|held out|net)': here we say '(unseen|network)'\. Say it", first)
    assert style_problems(source, ["Held-out", "held out", "net", "Nets"], **terms) == []
    assert style_problems("They upheld `net` in a networks' outlet.", **terms) == []


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("x = 1\nx;", "ends in ';'"),
        ("plt.plot([1, 2]);\n", "ends in ';'"),
        ("for i in range(3):\n    clear_output(wait=True)\n    print(i)", "(clear_output)"),
        ("handle = display(1, display_id=True)\nhandle.update(2)", "(display_id)"),
        ("update_display(2, display_id='a')", "(update_display)"),
    ],
)
def test_what_nbval_cannot_compare_is_refused_in_one_sentence(source, problem):
    found = list(cell_problems(new_code_cell(source, id="a"), None))
    assert len(found) == 1
    assert problem in found[0]


def test_a_semicolon_inside_a_cell_is_none_of_these():
    assert not list(cell_problems(new_code_cell("x = 1; y = 2\nprint(x)", id="a"), None))
