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
SERVER_SETTINGS = {
    # Widgets answer up to 40 ms sooner.
    "ServerApp": {"kernel_websocket_connection_class": "helpers.server.PromptConnection"},
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
    write(LAB_SETTINGS, "share", "jupyter", "lab", "settings", "overrides.json")
    write(SERVER_SETTINGS, "etc", "jupyter", "jupyter_server_config.json")
    with open(os.path.join(VENV, "ready"), "w"):
        pass


def write(settings, *path):
    """Write settings as a JSON file of the environment."""
    path = os.path.join(VENV, *path)
    if not os.path.isdir(os.path.dirname(path)):
        os.makedirs(os.path.dirname(path))
    with open(path, "w") as file:
        json.dump(settings, file, indent=4)


def run(command):
    """Run a command; if it fails, say so in a sentence and stop."""
    try:
        subprocess.run(command, check=True)
    except subprocess.CalledProcessError:
        sys.exit(
            "The environment could not be made, because this failed: {}\nOnce the cause is removed "
            "(no network, a pip older than 22.3, a full disk), run make again.".format(
                " ".join(command)
            )
        )


if __name__ == "__main__":
    main()
