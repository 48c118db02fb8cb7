"""Make the environment .venv from requirements.lock: python3 tools/make_environment.py.

Runs with whatever Python there is, before anything is installed, so it is plain enough for old
ones to read and to be told so.
"""

import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
OLDEST, NEWEST = (3, 11), (3, 13)
LAB_SETTINGS = {
    # No pop-up that asks about news, and nothing fetched for it.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
    # What a learner saves shows its widgets again, instead of "Error displaying widget".
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
}


def main():
    """Create .venv if need be, and install into it what the lock names, then the helpers."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(
            "This series needs Python {}.{} to {}.{}, but this is Python {}.{}. "
            "Name another one, such as: make lab PYTHON=python3.12".format(
                *(OLDEST + NEWEST + tuple(sys.version_info[:2]))
            )
        )
    python = os.path.join(VENV, "Scripts\\python.exe" if os.name == "nt" else "bin/python")
    if not os.path.exists(python):
        # Without a pip of its own: that is faster, and Debian's Python cannot make one.
        run([sys.executable, "-m", "venv", "--without-pip", VENV])
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps"]
    pip += ["--quiet", "--disable-pip-version-check"]
    sys.stderr.write("Installing the packages into .venv, which can take a few minutes.\n")
    run(pip + ["--require-hashes", "-r", os.path.join(ROOT, "requirements.lock")])
    run(pip + ["--no-build-isolation", "--editable", ROOT])
    settings = os.path.join(VENV, "share", "jupyter", "lab", "settings")
    if not os.path.isdir(settings):
        os.makedirs(settings)
    with open(os.path.join(settings, "overrides.json"), "w") as overrides:
        json.dump(LAB_SETTINGS, overrides, indent=4)
    with open(os.path.join(VENV, "ready"), "w"):
        pass


def run(command, **options):
    """Run a command; if it fails, say so in a sentence and stop."""
    try:
        subprocess.run(command, check=True, **options)
    except subprocess.CalledProcessError as error:
        sys.stderr.write((error.stderr or b"").decode())
        sys.exit(
            "The environment could not be made, because this failed: {}\nOnce the cause is removed "
            "(no network, a pip older than 22.3, a full disk), run make again.".format(
                " ".join(command)
            )
        )


if __name__ == "__main__":
    main()
