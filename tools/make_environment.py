"""Make the environment .venv from requirements.lock: python3 tools/make_environment.py [GROUP ...].

With --find, only say which Python it would stand on, and fetch nothing.

Runs with whatever Python there is, before anything is installed, so it is plain enough for old
ones, back to 2.7, to read and to run. If this one does not suit TensorFlow, it looks for another
on the machine; if there is none, uv fetches one. All of it lies in .venv, so that deleting the
folder deletes everything.
"""

from __future__ import print_function

import io
import json
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
WINDOWS = os.name == "nt"
VENV_PYTHON = os.path.join(VENV, "Scripts\\python.exe" if WINDOWS else "bin/python")
# Stands in .venv as long as it is worked on: what a run left that was cut off is not trusted.
UNFINISHED = os.path.join(VENV, "unfinished")
# What need not be fetched again: uv, and a Python that it may have fetched.
FETCHED = ("uv", "python")
LAB_SETTINGS = {
    # No pop-up that asks about news, and nothing fetched for it.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
    # What a learner saves shows its widgets again, instead of "Error displaying widget".
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
}
SERVER_SETTINGS = {
    # Widgets answer up to 40 ms sooner.
    "ServerApp": {"kernel_websocket_connection_class": "helpers.server.PromptConnection"},
}
# A Python says where it is, its version, and whether TensorFlow has packages for its kind. In a
# virtual environment it names the Python behind it, which is still there when .venv is cleared.
PROBE = (
    "import platform, struct, sys, sysconfig; "
    "print(getattr(sys, '_base_executable', None) or sys.executable); "
    "print('%d.%d.%d' % sys.version_info[:3]); "
    "print(platform.python_implementation() == 'CPython' and struct.calcsize('P') == 8 "
    "and not sysconfig.get_config_var('Py_GIL_DISABLED'))"
)


def main(groups):
    """Create .venv if need be, and install into it what the lock names, then the helpers."""
    if not os.path.isdir(VENV):
        os.makedirs(os.path.realpath(VENV))  # .venv may be a link whose target is gone
    held = os.listdir(VENV)
    found = look_at([VENV_PYTHON])
    usable = suits(found) and not os.path.exists(UNFINISHED)
    # First of all, so that wherever this is cut off, no group counts as ready.
    write(UNFINISHED, "")
    for name in held:
        if name.startswith("ready"):
            os.remove(os.path.join(VENV, name))
    python = found[0] if usable else create(held)
    install(["lab"] + groups, python)
    write_settings(LAB_SETTINGS, "share", "jupyter", "lab", "settings", "overrides.json")
    write_settings(SERVER_SETTINGS, "etc", "jupyter", "jupyter_server_config.json")
    os.remove(UNFINISHED)
    for name in ["ready"] + ["ready-" + group for group in groups]:
        write(os.path.join(VENV, name), "")


# Which Python


def admitted():
    """Return the oldest and the newest minor version of Python 3 that pyproject.toml admits."""
    with io.open(os.path.join(ROOT, "pyproject.toml"), encoding="utf-8") as file:
        found = re.search(r'^requires-python = ">=3\.(\d+),<3\.(\d+)"$', file.read(), re.M)
    return int(found.group(1)), int(found.group(2)) - 1


def candidates():
    """Yield commands that may start a fitting Python: this one, then the newest first."""
    yield [sys.executable]
    oldest, newest = admitted()
    names = ["3.{}".format(minor) for minor in range(newest, oldest - 1, -1)]
    for name in names:
        yield ["python" + name]
    if WINDOWS:
        for name in names:
            yield ["py", "-" + name]
    home = os.path.expanduser("~")
    pyenv = os.environ.get("PYENV_ROOT") or os.path.join(home, ".pyenv")
    versions = subfolders(pyenv, "versions") + subfolders(pyenv, "pyenv-win", "versions")
    for name in names:
        for folder in versions:
            if re.match(re.escape(name) + r"\b", os.path.basename(folder)):
                yield [python_in(folder)]
    condas = [os.path.join(home, name) for name in ("miniforge3", "miniconda3", "anaconda3")]
    if os.environ.get("CONDA_EXE"):
        condas.insert(0, os.path.dirname(os.path.dirname(os.environ["CONDA_EXE"])))
    for conda in condas:
        for folder in [conda] + subfolders(conda, "envs"):
            yield [python_in(folder)]


def subfolders(*path):
    """Return what lies in a folder, the newest version first; nothing if there is no folder."""
    folder = os.path.join(*path)
    names = os.listdir(folder) if os.path.isdir(folder) else []
    names.sort(key=lambda name: [int(digits) for digits in re.findall(r"\d+", name)], reverse=True)
    return [os.path.join(folder, name) for name in names]


def python_in(folder):
    """Return the path of Python in a folder of pyenv or conda."""
    return os.path.join(folder, "python.exe" if WINDOWS else "bin/python")


def look_at(command):
    """Run a Python and return its path, version and whether it is of a fitting kind, or None.

    That it is there is not enough: pyenv puts a python3.13 on the path that may only say that it
    is not installed, and that of .venv may be a link to a Python that is gone.
    """
    if os.path.isabs(command[0]) and not os.path.exists(command[0]):
        return None
    good, said = attempt(command + ["-c", PROBE], PYTHONIOENCODING="utf-8:surrogateescape")
    lines = said.splitlines()
    if not good or len(lines) < 3:
        return None
    return lines[-3], lines[-2], lines[-1] == "True"


def suits(found):
    """Tell whether TensorFlow has packages for a Python that was looked at."""
    if not found or not found[2]:
        return False
    oldest, newest = admitted()
    major, minor = [int(part) for part in found[1].split(".")[:2]]
    return major == 3 and oldest <= minor <= newest


def find_python():
    """Return path and version of a fitting Python on this machine, or None."""
    for command in candidates():
        found = look_at(command)
        if suits(found):
            return found[:2]
    return None


def fetch_python(complaint):
    """Return path and version of a Python that uv knows of or, if need be, fetches into .venv."""
    uv, environment = find_uv(sys.executable)
    wanted = ">=3.{},<3.{}".format(admitted()[0], admitted()[1] + 1)
    reason = "there is neither uv nor a pip that gets it"
    if uv:
        find = [uv, "python", "find", "--system", wanted]
        found = look_at([last_line(attempt(find, **environment)[1])])
        if suits(found):
            return found[:2]
        # Nothing on the path, nothing in the registry of Windows.
        environment.update(
            UV_PYTHON_INSTALL_DIR=os.path.join(VENV, "python"),
            UV_PYTHON_INSTALL_BIN="0",
            UV_PYTHON_INSTALL_REGISTRY="0",
        )
        say("Fetching Python 3.{}.".format(admitted()[1]))
        command = [uv, "python", "install", "3.{}".format(admitted()[1])]
        good, said = attempt(command, **environment)
        reason = last_line(said)
        if good:
            found = look_at([last_line(attempt(find, **environment)[1])])
            if suits(found):
                return found[:2]
    stop(
        "{}, none that fits was found here, and none could be fetched ({}): "
        "install one, or name one, such as: make lab PYTHON=python3.12".format(complaint, reason)
    )


def choose(fetch):
    """Return a fitting Python and say which; without fetch, one that is on this machine."""
    oldest, newest = admitted()
    this = look_at([sys.executable])
    complaint = "This series needs Python 3.{} to 3.{}, but this is Python {}".format(
        oldest, newest, "{}.{}.{}".format(*sys.version_info[:3])
    )
    # For 32 bits, without the global lock, or not CPython.
    if this and not this[2]:
        complaint += " of a kind that TensorFlow has no package for"
    found = find_python()
    if not found and not fetch:
        stop("{}, and none that fits was found here.".format(complaint))
    python, version = found or fetch_python(complaint)
    if suits(this):
        say("Making .venv with Python {}: {}".format(version, python))
    else:
        say("{}; taking Python {}: {}".format(complaint, version, python))
    return python


def create(held):
    """Make an empty environment in place of what .venv held; return the Python it stands on."""
    if held:
        say(
            "What .venv holds is unfinished, or its Python does not fit or is gone: it is replaced."
        )
    python = choose(fetch=True)
    for name in held:
        path = os.path.join(VENV, name)
        if name in FETCHED:
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.remove(path)
    write(UNFINISHED, "")
    # Without a pip of its own: that is faster, and Debian's Python cannot make one.
    good, said = attempt([python, "-m", "venv", "--without-pip", VENV])
    if not good:
        stop("The environment could not be made ({}).".format(last_line(said)))
    return python


# What is in it


def install(groups, python):
    """Install what the lock names for these groups, then the helpers, by uv or else by pip.

    Pip takes ten times as long, but manages behind some company's proxy where uv does not.
    """
    lock = os.path.join(VENV, "groups.lock")
    write(lock, "".join(section(group) for group in groups))
    locked = ["--no-deps", "--require-hashes", "-r", lock]
    # In the order of the lock and not by what they need: that is complete, and nothing is fetched.
    helpers = ["--no-deps", "--no-build-isolation", "--editable", "."]
    uv, environment = find_uv(python)
    good = False
    if uv:
        say("Installing the packages into .venv with uv, which takes seconds on a fast network.")
        command = [uv, "pip", "install", "--python", VENV_PYTHON]
        good, said = attempt(command + locked, show=True, **environment)
        if good:
            good, said = attempt(command + helpers, **environment)
        # What was unpacked there is in place by now: both are one file with two names.
        shutil.rmtree(os.path.join(VENV, "cache"), ignore_errors=True)
        if not good:
            say("That failed ({}), so pip tries.".format(last_line(said)))
    if not good:
        say("Installing the packages into .venv with pip, which can take a few minutes.")
        command = find_pip(python) + ["install", "--quiet", "--disable-pip-version-check"]
        for packages in (locked, helpers):
            good, said = attempt(command + packages)
            if not good:
                stop(
                    "The packages could not be installed ({}). Once the cause is removed, "
                    "run make again.".format(last_line(said))
                )
    os.remove(lock)


def section(group):
    """Return what the lock lists for a group."""
    with io.open(os.path.join(ROOT, "requirements.lock"), encoding="utf-8") as file:
        parts = re.split(r"^# group: (\w+)\n", file.read(), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))[group]


def find_uv(python):
    """Return the command of uv and the settings for it: the user's own or the one of the lock.

    The latter is put into .venv by pip, and keeps what it downloads there; pip checks its hash.
    It is None if it is not to be had.
    """
    if attempt(["uv", "--version"])[0]:
        return "uv", {}
    folder = os.path.join(VENV, "uv")
    environment = {"UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", os.path.join(VENV, "cache"))}
    uv = os.path.join(folder, "bin", "uv.exe" if WINDOWS else "uv")
    version = re.match(r"uv==(\S+)", section("install")).group(1)
    if version in attempt([uv, "--version"])[1].split():
        return uv, environment
    shutil.rmtree(folder, ignore_errors=True)
    lock = os.path.join(VENV, "uv.lock")
    write(lock, section("install"))
    for pip in pips(python):
        # The package is one program, whatever Python it says it is for.
        options = ["install", "--quiet", "--no-deps", "--ignore-requires-python", "--no-compile"]
        options += ["--disable-pip-version-check", "--retries", "1", "--target", folder]
        if attempt(pip + options + ["--require-hashes", "-r", lock])[0] and os.path.exists(uv):
            break
    os.remove(lock)
    return (uv if os.path.exists(uv) else None), environment


def pips(python):
    """Return the commands that may be pip. Debian's Python comes without one."""
    pythons = [python] if python == sys.executable else [python, sys.executable]
    return [[path, "-m", "pip"] for path in pythons] + [["pip3"], ["pip"]]


def find_pip(python):
    """Return the command of a pip that installs into .venv, if need be one that is put there."""
    for pip in pips(python):
        # Before 22.3, pip installs only for the Python that runs it.
        pip = pip + ["--python", VENV_PYTHON]
        if attempt(pip + ["--version"])[0]:
            return pip
    if attempt([VENV_PYTHON, "-m", "ensurepip"])[0]:
        return [VENV_PYTHON, "-m", "pip"]
    stop("There is neither pip nor uv here: install one, such as python3-pip, and run make again.")


def write_settings(settings, *path):
    """Write settings as a JSON file of the environment."""
    path = os.path.join(VENV, *path)
    if not os.path.isdir(os.path.dirname(path)):
        os.makedirs(os.path.dirname(path))
    with open(path, "w") as file:
        json.dump(settings, file, indent=4)


def write(path, text):
    """Write a text file."""
    with open(path, "w") as file:
        file.write(text)


# Talking to programs and to people


def attempt(command, show=False, **settings):
    """Run a command and return whether it succeeded, and all that it said.

    With show, it says it on the terminal, where there is one, so that one sees its progress.
    """
    seen = show and sys.stderr.isatty()
    # Who forbids pip to install outside of environments means not this.
    environment = dict(os.environ, PIP_REQUIRE_VIRTUALENV="0", PIP_USER="0", **settings)
    output, errors = (None, None) if seen else (subprocess.PIPE, subprocess.STDOUT)
    try:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=errors)
        said = process.communicate()[0]
    except OSError as problem:
        return False, str(problem)
    if seen:
        said = b"the reason stands above"
    return process.returncode == 0, text_of(said)


def text_of(said):
    """Return what a program said as a string, from which a path can be taken and used.

    Python 3.6 takes paths for ASCII where no language is set, and keeps other bytes its own way.
    """
    if str is bytes:
        return said
    return said.decode("utf-8", "replace") if WINDOWS else os.fsdecode(said)


def last_line(said):
    """Return the last line that says something, without what is around it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "it said nothing"


def say(sentence):
    """Print a sentence at once."""
    print(sentence, file=sys.stderr)
    sys.stderr.flush()


def stop(sentence):
    """End with a sentence that says why."""
    sys.exit(sentence)


if __name__ == "__main__":
    try:
        if sys.argv[1:] == ["--find"]:
            choose(fetch=False)
        else:
            main(sys.argv[1:])
    except KeyboardInterrupt:
        stop("\nInterrupted: the next make begins anew.")
    except (IOError, OSError) as problem:
        stop("The environment could not be made ({}).".format(problem))
