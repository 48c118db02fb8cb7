"""Processes that are copied from one that has loaded everything already."""

import os
import subprocess
import sys
import time

import pytest

from helpers import copies
from kernels import patience

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies processes")

PROGRAM = """
import os, sys
print(sys.argv[1:], os.environ.get("COLOR"), os.getcwd(), os.getppid(), "numpy" in sys.modules)
print(sys.stdin.read(), os.getpgid(0) == os.getpid())
import numpy
print(numpy.random.rand())
print("bad", file=sys.stderr)
sys.exit(sys.argv[1] == "fail")
"""


@pytest.fixture
def start(tmp_path, monkeypatch):
    """A function that starts a program as Ray would."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    monkeypatch.setenv(copies.FOLDER, str(tmp_path))

    def start(*arguments):
        return subprocess.run(
            [sys.executable, copies.__file__, program, *arguments],
            input="hello",
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )

    return start


@pytest.fixture
def template(tmp_path):
    """A template that has loaded NumPy."""
    process = copies.start_template(tmp_path, ["numpy", "no_such_module"])
    yield process
    process.kill()
    process.wait()


def lines_of(path):
    """Return what a program has written, when it has ended."""
    limit = patience.Limit(60)
    while (text := path.read_text()).count("\n") < 3 and limit.left() > 0:
        time.sleep(0.05)
    return text.splitlines()


def test_a_copy_is_what_was_wanted(template, tmp_path, monkeypatch):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    monkeypatch.setenv(copies.FOLDER, str(tmp_path))
    context = '{"command_prefix": [], "env_vars": {"COLOR": "blue"}, "py_executable": null}'
    arguments = ["--one=1", "two words", "--language=PYTHON", copies.CONTEXT + context]
    drawn = set()
    for i in range(2):
        out = tmp_path / f"out{i}"
        with out.open("w") as stream:
            subprocess.run(
                [sys.executable, copies.__file__, program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.DEVNULL,
                cwd=tmp_path,
                check=True,
            )
        said, group, number = lines_of(out)
        assert group == " True"  # its own, for Ray ends whole groups
        assert said == f"['--one=1', 'two words'] blue {tmp_path} {template.pid} True"
        drawn.add(number)
    assert len(drawn) == 2  # copies do not draw the same numbers
    assert os.listdir(f"/proc/{template.pid}/task") == [str(template.pid)]


@pytest.mark.parametrize("gone", [False, True], ids=["none", "dead"])
def test_without_a_template_the_program_starts_by_itself(start, gone, tmp_path):
    if gone:
        process = copies.start_template(tmp_path, [])
        process.kill()
        process.wait()
    done = start("fail")
    said, given, _ = done.stdout.splitlines()
    assert said == f"['fail'] None {tmp_path} {os.getpid()} False"
    assert (given, done.stderr, done.returncode) == ("hello False", "bad\n", 1)


def test_what_is_more_than_an_environment_is_left_to_ray(start, template, tmp_path):
    (tmp_path / "setup_worker.py").write_text("import sys; print(sys.argv[1:])")
    context = copies.CONTEXT + '{"command_prefix": ["cd", "elsewhere"], "env_vars": {}}'
    done = start("--language=PYTHON", context)
    assert done.stdout.strip() == str([f"{tmp_path}/program.py", "--language=PYTHON", context])


def test_another_job_is_not_the_template_s(start, template, monkeypatch, tmp_path):
    monkeypatch.setenv(copies.JOB, "02000000")
    said = start("x").stdout.splitlines()[0]
    assert said == f"['x'] None {tmp_path} {os.getpid()} False"


def test_elsewhere_there_is_no_template(monkeypatch, tmp_path):
    monkeypatch.setattr(copies.sys, "platform", "darwin")
    assert copies.start_template(tmp_path) is None
