import json

import numpy as np
import pytest

from bench.studies import __main__ as studies
from helpers import data


def names():
    return sorted(path.stem for path in studies.PROGRAMS.glob("step_*.py"))


def test_each_result_comes_from_its_program():
    assert sorted(path.stem for path in studies.RESULTS.glob("*.json")) == names()
    old = [name for name in names() if not studies.is_current(name)]
    assert not old, f"run .venv/bin/python -m bench.studies {' '.join(old)}"


def test_what_a_study_finds_is_stored_and_loaded(tmp_path, monkeypatch):
    program = tmp_path / "step_06_toy.py"
    program.write_text("def study():\n    pass\n")
    monkeypatch.setattr(studies, "PROGRAMS", tmp_path)
    monkeypatch.setattr(studies, "RESULTS", tmp_path / "studies")
    monkeypatch.setattr(data, "DATA", tmp_path)
    found = {"errors": np.array([[1, 2], [3, 4]]), "loss": np.float32(0.1), "by rate": {"0.1": [5]}}
    toy = type("Toy", (), {"study": staticmethod(lambda: found)})
    monkeypatch.setattr(studies, "import_module", lambda name: toy)
    assert studies.main([]) == 0
    loaded = data.load_study("step_06_toy")
    np.testing.assert_array_equal(loaded["errors"], [[1, 2], [3, 4]])
    assert loaded["loss"] == 0.1
    np.testing.assert_array_equal(loaded["by rate"]["0.1"], [5])
    assert studies.is_current("step_06_toy")
    program.write_text('"""Moved."""\n\n\ndef study():\n    """Find nothing."""\n    pass  # yet\n')
    assert studies.is_current("step_06_toy")
    file = tmp_path / "studies" / "step_06_toy.json"
    text = file.read_text("utf-8")
    file.write_text(text.replace("0.1", "0.2"), "utf-8")
    assert not studies.is_current("step_06_toy")
    file.write_text(text, "utf-8")
    program.write_text("def study(): return {}\n")
    assert not studies.is_current("step_06_toy")


def test_the_notebook_of_the_code_does_not_count(tmp_path, monkeypatch):
    monkeypatch.setattr(studies, "PROGRAMS", tmp_path)
    text = "def study():\n    return load('06_training.ipynb', ['train'])\n"
    sums = []
    for old, new in [("", ""), ("06_training", "12_backpropagation"), ("'train'", "'forward'")]:
        (tmp_path / "step_06_toy.py").write_text(text.replace(old, new))
        sums.append(studies.checksum("step_06_toy"))
    assert sums[0] == sums[1] != sums[2]


def test_a_study_that_is_not_there():
    with pytest.raises(ValueError, match="There is no study 'step_99'"):
        data.load_study("step_99")
    assert "There is no study 'step_99'" in studies.main(["step_99"])


def test_results_hold_no_more_than_a_page_needs():
    for path in studies.RESULTS.glob("*.json"):
        assert path.stat().st_size < 100_000
        assert set(json.loads(path.read_text("utf-8"))) == {
            "program",
            "found",
            "minutes",
            "results",
        }
