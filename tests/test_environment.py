"""What is installed, and with which Python: the same everywhere, light, and never too old."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from unittest.mock import create_autospec

import pytest
import yaml
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from packaging.requirements import Requirement
from traitlets import import_item

from helpers import check_environment
from helpers.environment import DEFAULTS
from helpers.server import PromptConnection
from tools import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
GROUPS = PROJECT["dependency-groups"]


def locked(text=LOCK):
    """Return what the lock says: a list of requirements, each with one exact version."""
    lines = re.findall(r"^([a-z0-9][^\\]*?)\s*\\$", text, flags=re.MULTILINE)
    return [Requirement(line) for line in lines]


def locked_groups():
    """Return a dict of the groups of the lock, each with the names of its packages."""
    parts = re.split(r"^# group: (\w+)\n", LOCK, flags=re.MULTILINE)
    texts = zip(parts[1::2], parts[2::2], strict=True)
    return {group: [requirement.name for requirement in locked(text)] for group, text in texts}


def test_lock_meets_every_requirement():
    versions = {r.name: str(r.specifier).removeprefix("==") for r in locked()}
    for requirement in map(Requirement, sum(GROUPS.values(), PROJECT["project"]["dependencies"])):
        assert requirement.specifier.contains(versions[requirement.name]), requirement


def test_lock_has_the_groups_of_the_project_each_package_in_one():
    groups = locked_groups()
    assert list(groups) == ["install", "lab", *(name for name in GROUPS if name != "install")]
    assert groups["install"] == ["uv"]
    names = [name for group in groups.values() for name in group]
    assert sorted(names) == sorted(set(names))


def test_what_opens_the_series_is_in_the_group_of_make_lab_and_what_checks_it_is_not():
    groups = locked_groups()
    wanted = {Requirement(line).name for line in PROJECT["project"]["dependencies"]}
    assert wanted | {"setuptools"} <= set(groups["lab"])  # setuptools builds the helpers
    for name in ["pytest", "nbval", "playwright", "scikit-learn", "ruff", "notebook"]:
        assert name in groups["test"]
    # Installed without the group `test`, too, so nothing that Ray needs may stand there.
    assert {"ray", "pyarrow", "pandas"} <= set(groups["workers"])
    assert list(groups).index("workers") < list(groups).index("test")


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
        ("numpy", "1.26.4", "numpy is 1.26.4, but must be >="),
        ("tensorflow-cpu", "2.15.0", "tensorflow-cpu is 2.15.0, but must be >="),
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


def test_all_packages_that_do_not_fit_are_named_at_once(monkeypatch, capsys):
    real, other = importlib.metadata.version, {"numpy": "1.26.4", "scipy": "0.1"}

    def fake(package):
        if package == "keras":
            raise importlib.metadata.PackageNotFoundError(package)
        return other.get(package) or real(package)

    monkeypatch.setattr(importlib.metadata, "version", fake)
    with pytest.raises(RuntimeError) as caught:
        check_environment()
    problems = re.split(r"; |\. Close", str(caught.value))[:-1]
    assert sorted(" ".join(problem.split()[:3]) for problem in problems) == [
        "keras is not",
        "numpy is 1.26.4,",
        "scipy is 0.1,",
    ]
    printed = capsys.readouterr().out
    assert not re.search("^(numpy|keras|scipy) |Everything", printed, re.M)


# Real Pythons look for one that fits; none of these tests installs anything.

MAKER = Path("tools", "make_environment.py")
HERE = sys.version_info.minor
WINDOWS = sys.platform == "win32"
# A test needs a Python's path, not its name: what pyenv calls python3.12 may not be there.
PROBE = "import sys; print(sys.executable); print('%d.%d' % sys.version_info[:2])"


def other_pythons():
    """Return a dict of the Pythons of this machine with another version: their paths."""
    names = ["python2.7", *(f"python3.{minor}" for minor in range(6, 20))]
    commands = [[name] for name in [*names, "python3", "/usr/bin/python3"]]
    commands += [["py", f"-3.{minor}"] for minor in range(6, 20)] if WINDOWS else []
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv", "versions")
    commands += [[str(path)] for path in sorted(root.glob("*/bin/python"))]
    found = {}
    for command in commands:
        try:
            done = subprocess.run([*command, "-c", PROBE], capture_output=True, text=True)
        except OSError:
            continue
        if done.returncode == 0:
            path, version = done.stdout.split()[-2:]
            if version != f"3.{HERE}":
                found.setdefault(version, path)
    return found


OTHERS = other_pythons()


@pytest.fixture
def project(tmp_path):
    """Return a copy of what makes the environment, in a folder with an awkward name."""
    folder = tmp_path / "Ünser Haus's neu"
    (folder / "tools").mkdir(parents=True)
    for name in [MAKER, "pyproject.toml", "requirements.lock"]:
        shutil.copy(ROOT / name, folder / name)
    (folder / "home").mkdir()
    (folder / "bin").mkdir()
    return folder


def admit(project, oldest, newest):
    """Let the copy need other Pythons than the series does."""
    path = project / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        f'requires-python = "{PROJECT["project"]["requires-python"]}"',
        f'requires-python = ">=3.{oldest},<3.{newest + 1}"',
    )
    path.write_text(text, encoding="utf-8")


def bare_machine(project):
    """Return an environment in which nothing is found, and nothing can be fetched."""
    kept = {name: os.environ[name] for name in ["SYSTEMROOT", "TEMP", "TMP"] if name in os.environ}
    return kept | {
        "PATH": str(project / "bin"),
        "HOME": str(project / "home"),
        "USERPROFILE": str(project / "home"),
        "PIP_NO_INDEX": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def make(project, python, *arguments, **settings):
    """Let a Python make the environment, and return its exit status and what it said."""
    done = subprocess.run(
        [python, MAKER, *arguments],
        cwd=project,
        env=bare_machine(project) | settings,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    return done.returncode, done.stderr.strip()


def find(project, python, **settings):
    """Let a Python look for one that fits, and return the version it says it takes, or None."""
    status, said = make(project, python, "--find", **settings)
    if status:
        assert said.endswith(", and none that fits was found here."), said
        return None
    return re.search(r" Python (3\.\d+)\.\d+: .+$", said)[1]


def offer(project, name, path):
    """Put a Python on the search path of the bare machine."""
    if WINDOWS:
        pytest.skip("a Python cannot be linked to on Windows")
    (project / "bin" / name).symlink_to(path)


# No Python of any machine is of these versions, so that the one that runs the test is on its own.
@pytest.mark.parametrize(("oldest", "newest"), [(90, 92), (0, 1)], ids=["too old", "too new"])
def test_python_that_does_not_fit_is_told_so_if_no_other_is_to_be_had(project, oldest, newest):
    admit(project, oldest, newest)
    version = "{}.{}.{}".format(*sys.version_info[:3])
    complaint = f"This series needs Python 3.{oldest} to 3.{newest}, but this is Python {version}"
    assert make(project, sys.executable, "--find") == (
        1,
        f"{complaint}, and none that fits was found here.",
    )
    assert not (project / ".venv").exists()
    assert make(project, sys.executable) == (
        1,
        f"{complaint}, none that fits was found here, and none could be fetched (there is neither "
        "uv nor a pip that gets it): install one, or name one, such as: make lab PYTHON=python3.12",
    )
    assert not list((project / ".venv").glob("ready*"))


def test_python_that_fits_takes_itself(project):
    assert find(project, sys.executable) == f"3.{HERE}"


@pytest.mark.parametrize("version", OTHERS or ["no other Python is installed"])
def test_python_that_does_not_fit_says_so_and_which_one_it_takes(project, version):
    """Each other Python of this machine: too old or too new, where only that of the test fits."""
    if version not in OTHERS:
        pytest.skip(version)
    admit(project, HERE, HERE)
    assert find(project, OTHERS[version]) is None
    offer(project, f"python3.{HERE}", sys.executable)
    # Where no language is set, Python 3.6 finds it all the same, but prints its path with escapes.
    status, said = make(project, OTHERS[version], "--find", LC_ALL="C.UTF-8")
    assert status == 0
    beginning = f"This series needs Python 3.{HERE} to 3.{HERE}, but this is Python {version}."
    assert said.startswith(beginning)
    taken = "{}.{}.{}".format(*sys.version_info[:3])
    assert f"; taking Python {taken}: " in said
    assert Path(said.rpartition(": ")[2]).samefile(sys.executable)


@pytest.mark.parametrize("version", [v for v in OTHERS if v[0] == "3"] or ["no other one fits"])
def test_python_that_fits_is_found_by_the_one_of_the_test_that_does_not(project, version):
    if version not in OTHERS:
        pytest.skip(version)
    minor = int(version.split(".")[1])
    admit(project, minor, minor)
    assert find(project, sys.executable) is None
    offer(project, f"python{version}", OTHERS[version])
    assert find(project, sys.executable) == version


@pytest.mark.skipif(not OTHERS, reason="no other Python is installed")
@pytest.mark.parametrize("place", ["pyenv", "conda", "conda environment"])
def test_python_is_found_where_pyenv_and_conda_put_it(project, place):
    admit(project, HERE, HERE)
    folder = f"3.{HERE}.99/bin" if place == "pyenv" else "envs/digits/bin"
    folder = project / place / ("versions" if place == "pyenv" else "") / folder
    folder = project / place / "bin" if place == "conda" else folder
    folder.mkdir(parents=True)
    offer(project, folder / "python", sys.executable)
    settings = {"PYENV_ROOT": str(project / place)}
    if place != "pyenv":
        settings = {"CONDA_EXE": str(project / place / "bin" / "conda")}
    for python in OTHERS.values():
        assert find(project, python, **settings) == f"3.{HERE}"


@pytest.mark.skipif(not OTHERS, reason="no other Python is installed")
def test_python_that_is_only_a_name_is_passed_over(project):
    admit(project, HERE - 1, HERE)
    offer(project, f"python3.{HERE - 1}", sys.executable)
    fake = project / "bin" / f"python3.{HERE}"
    fake.write_text("#!/bin/sh\necho this version is not installed >&2; exit 127\n")
    fake.chmod(0o755)
    version, python = next((v, p) for v, p in OTHERS.items() if v != f"3.{HERE - 1}")
    assert find(project, python) == f"3.{HERE}", version


def test_unfinished_environment_is_not_taken_for_a_ready_one(project):
    """A run that was cut off leaves its mark; the next one clears what it left, and fails here."""
    (project / ".venv").mkdir()
    (project / ".venv" / "unfinished").touch()
    (project / ".venv" / "ready").touch()
    (project / ".venv" / "half a package").mkdir()
    status, said = make(project, sys.executable, PIP_RETRIES="0")
    assert status == 1
    lines = said.splitlines()
    assert lines[0] == (
        "What .venv holds is unfinished, or its Python does not fit or is gone: it is replaced."
    )
    assert lines[1].startswith("Making .venv with Python 3.")
    assert lines[-1].startswith("The packages could not be installed (")
    assert lines[-1].endswith("). Once the cause is removed, run make again.")
    left = {path.name for path in (project / ".venv").iterdir()}
    assert "unfinished" in left
    assert not left & {"ready", "half a package"}


def test_small_messages_to_the_browser_are_not_held_back(monkeypatch):
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", lambda self: "connected")
    handler = create_autospec(KernelWebsocketHandler, instance=True)
    assert PromptConnection(websocket_handler=handler).connect() == "connected"
    handler.set_nodelay.assert_called_once_with(True)


def test_jupyter_has_the_settings_of_the_series():
    command = [sys.executable, "-m", "jupyter", "lab", "--show-config-json"]
    settings = json.loads(subprocess.check_output(command, stderr=subprocess.DEVNULL))
    connection = settings["ServerApp"]["kernel_websocket_connection_class"]
    assert import_item(connection) is PromptConnection
    lab = Path(sys.prefix, "share", "jupyter", "lab", "settings", "overrides.json")
    assert json.loads(lab.read_text())["@jupyter-widgets/jupyterlab-manager:plugin"]["saveState"]


@pytest.mark.parametrize("first", ["helpers.check_environment()", "show_progress()"])
def test_tensorflow_starts_quietly_however_a_notebook_is_opened(first):
    code = (
        f"import helpers; from helpers.exercises import show_progress; {first}; import tensorflow"
    )
    plain = {name: value for name, value in os.environ.items() if name not in DEFAULTS}
    done = subprocess.run([sys.executable, "-c", code], env=plain, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_set_stays_as_it_is(monkeypatch):
    for name in DEFAULTS:
        monkeypatch.setenv(name, "7")
    check_environment()
    assert [os.environ[name] for name in DEFAULTS] == ["7", "7"]


def test_all_ways_to_open_the_series_say_the_same():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    conda = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    made = (ROOT / "Makefile").read_text("utf-8")
    assert container["containerEnv"] == conda["variables"] == DEFAULTS
    assert dict(re.findall(r"^export (TF_\w+) \?= (\d)$", made, re.MULTILINE)) == DEFAULTS
    assert container["postCreateCommand"] == "make workbook"
    assert re.search(r"^workbook: .*\n\t@\$\(BIN\)/python tools/workbook.py$", made, re.MULTILINE)
    assert (ROOT / "notebooks" / container["customizations"]["vscode"]["openFiles"][0][9:]).exists()
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text("utf-8"))
    assert settings["python.defaultInterpreterPath"].startswith("${workspaceFolder}/.venv/")


def test_packages_that_a_text_tells_to_install_have_the_versions_of_the_lock():
    texts = [ROOT / "README.md", *sorted((ROOT / "notebooks").glob("*.*"))]
    told = [re.findall(r"([\w-]+)\[[\w-]+\]==([\d.]+\d)", p.read_text("utf-8")) for p in texts]
    told = {one for found in told for one in found}
    assert told == set(re.findall(r"^(tensorflow)==(\S+)", LOCK, re.M))
