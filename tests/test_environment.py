"""What is installed: the same everywhere, light to import, and complained about if too old."""

import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from traitlets import import_item

from helpers import check_environment
from helpers.server import PromptConnection

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def locked():
    """Return what the lock says: a list of requirements, each with one exact version."""
    lines = re.findall(r"^([a-z0-9][^\\]*?)\s*\\$", LOCK, flags=re.MULTILINE)
    return [Requirement(line) for line in lines]


def test_lock_meets_every_requirement():
    versions = {r.name: str(r.specifier).removeprefix("==") for r in locked()}
    wanted = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["test"]
    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(versions[requirement.name]), requirement


def test_lock_has_a_hash_for_each_package_and_names_no_host():
    entries = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked())
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in LOCK


def test_conda_environment_holds_the_same_packages_as_the_lock():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    pip = environment["dependencies"][-1]["pip"]
    assert pip[-1] == "--editable ."
    listed = [Requirement(line) for line in pip[:-1]]
    wanted = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
    assert [(r.name, str(r.marker)) for r in listed] == [(r.name, str(r.marker)) for r in wanted]
    assert {(r.name, str(r.specifier)) for r in listed} <= {
        (r.name, str(r.specifier)) for r in locked()
    }


def test_conda_environment_sets_what_make_sets():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert environment["variables"] == dict(re.findall(r"^export (\w+) \?= (\S+)$", makefile, re.M))


def test_importing_helpers_is_light():
    code = "import sys, helpers; print(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert "helpers.data" in modules
    heavy = {"tensorflow", "keras", "matplotlib", "matplotlib.pyplot", "IPython", "ipywidgets"}
    assert not heavy & set(modules)


def test_versions_are_listed(capsys):
    check_environment()
    lines = capsys.readouterr().out.splitlines()
    version = importlib.metadata.version
    assert f"numpy       {version('numpy')}" in lines
    assert [line for line in lines if line.startswith("tensorflow ")]
    assert lines[-1] == "Everything is here."


@pytest.mark.parametrize(
    ("name", "version", "message"),
    [
        ("numpy", "1.26.4", "numpy is 1.26.4, needed is >="),
        ("tensorflow-cpu", "2.15.0", "tensorflow-cpu is 2.15.0, needed is >="),
        ("keras", None, "keras is not installed"),
    ],
)
def test_old_or_missing_packages_are_named(monkeypatch, name, version, message):
    real = importlib.metadata.version

    def fake(package):
        if package != name:
            return real(package)
        if version is None:
            raise importlib.metadata.PackageNotFoundError(package)
        return version

    if name == "tensorflow-cpu" and not (
        sys.platform == "linux" and os.uname().machine == "x86_64"
    ):
        pytest.skip("only Linux on x86-64 uses the CPU build")
    monkeypatch.setattr(importlib.metadata, "version", fake)
    with pytest.raises(RuntimeError, match=f"{message}.*make clean lab"):
        check_environment()


def test_wrong_python_is_told_which_to_take(tmp_path):
    code = (
        "import sys, runpy; sys.version_info = (3, 10, 13, 'final', 0); "
        f"runpy.run_path({str(ROOT / 'tools' / 'make_environment.py')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "This series needs Python 3.11 to 3.13, but this is Python 3.10. "
        "Name another one, such as: make lab PYTHON=python3.12"
    )


def test_accepted_pythons_are_those_of_the_package():
    text = (ROOT / "tools" / "make_environment.py").read_text(encoding="utf-8")
    assert "OLDEST, NEWEST = (3, 11), (3, 13)" in text
    assert PROJECT["project"]["requires-python"] == ">=3.11,<3.14"


def test_jupyter_has_the_settings_of_the_series():
    command = [sys.executable, "-m", "jupyter", "lab", "--show-config-json"]
    settings = json.loads(subprocess.check_output(command, stderr=subprocess.DEVNULL))
    connection = settings["ServerApp"]["kernel_websocket_connection_class"]
    assert import_item(connection) is PromptConnection
    lab = Path(sys.prefix, "share", "jupyter", "lab", "settings", "overrides.json")
    assert json.loads(lab.read_text())["@jupyter-widgets/jupyterlab-manager:plugin"]["saveState"]
