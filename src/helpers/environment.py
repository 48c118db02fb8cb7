"""Check that the installed packages suit the series."""

import importlib.metadata

from packaging.requirements import Requirement


def check_environment():
    """Print the version of each package that the series stands on.

    Raises
    ------
    RuntimeError
        If one of them is missing or too old, with what to do about it.
    """
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
            problems.append(f"{requirement.name} is {version}, needed is {requirement.specifier}")
    if problems:
        remedy = "Close JupyterLab, then make the environment anew: make clean lab"
        raise RuntimeError(f"{'; '.join(problems)}. {remedy}")
    print("Everything is here.")
