"""Check that the installed packages suit the series."""

import importlib.metadata
import os

from packaging.requirements import Requirement

# TensorFlow reads these once, when it is first imported. `make lab` sets them; other ways to open a
# notebook do not. Then it would print red lines of its log, and compute by other code.
DEFAULTS = {"TF_CPP_MIN_LOG_LEVEL": "1", "TF_ENABLE_ONEDNN_OPTS": "0"}


def set_defaults():
    """Set the environment variables that TensorFlow reads, except for those that are set."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


def check_environment():
    """Print the version of each package that the series stands on.

    Raises
    ------
    RuntimeError
        If one of them is missing or too old, with what to do about it.
    """
    set_defaults()
    distribution = importlib.metadata.distribution("helpers")
    problems = []
    for requirement in map(Requirement, distribution.requires):
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            problems.append(f"{requirement.name} is not installed")
            continue
        if requirement.specifier.contains(version, prereleases=True):
            print(f"{requirement.name.removesuffix('-cpu'):12}{version}")
        else:
            problems.append(f"{requirement.name} is {version}, but must be {requirement.specifier}")
    if problems:
        remedy = "Close JupyterLab, then make a new environment: make clean lab"
        raise RuntimeError(f"{'; '.join(problems)}. {remedy}")
    print("Everything is here.")
