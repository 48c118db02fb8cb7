"""Copies of the repository, to try things in."""

import re
import shutil
import subprocess

from tools import ROOT


def copy_repository(target):
    """Copy what git would see, and MNIST if it is there, and return where it is: a repository.

    In the copy nobody is asked to read again what was changed: that would find each change of a
    word, true or not, and hide what else finds it.
    """
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.check_output(command, cwd=ROOT, text=True).split("\0")
    for name in [*filter(None, names), "data/mnist.npz"]:
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    settings = target / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"(?m)^readings = .*\n", "", text), encoding="utf-8")
    for command in ["init", "--quiet"], ["add", "--all"]:
        subprocess.run(["git", *command], cwd=target, check=True)
    return target
