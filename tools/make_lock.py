"""Write requirements.lock: for each group, one version of each package, and their hashes.

make lock           the newest versions that go together
make lock KEEP=1    the versions that are there, and what pyproject.toml names in addition
"""

import argparse
import re
import sys
import tempfile
import tomllib
from pathlib import Path

from tools.make_environment import ROOT, admitted, attempt, find_uv

LOCK = Path(ROOT, "requirements.lock")
# What installs the rest, then what `make lab` installs; the groups of pyproject.toml follow.
FIRST = ["install", "lab"]
HEADER = "# Made by make lock. A group lists what those above it lack; all of them go together.\n"


def main(keep):
    """Resolve all groups at once, so that one version serves all, then sort them into groups."""
    project = tomllib.loads(Path(ROOT, "pyproject.toml").read_text(encoding="utf-8"))
    groups = FIRST + [name for name in project["dependency-groups"] if name not in FIRST]
    whole = resolve(groups, LOCK.read_text(encoding="utf-8") if keep else "")
    entries, text = entries_of(whole), HEADER
    for number, group in enumerate(groups):
        # Nothing stands on the installer, which lies in a folder of its own.
        members = entries_of(resolve(groups[number and 1 : number + 1], whole))
        text += f"# group: {group}\n"
        text += "".join(entries.pop(name) for name in sorted(members) if name in entries)
    LOCK.write_text(text, encoding="utf-8", newline="\n")


def resolve(groups, preferred):
    """Return the packages of some groups and all that they need, as uv writes them.

    Parameters
    ----------
    groups : list of str
        ``lab`` stands for the dependencies of the package itself.
    preferred : str
        Such a text; uv changes none of its versions without need.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "lock")
        output.write_text(preferred, encoding="utf-8")
        uv, environment = find_uv(sys.executable)
        command = [uv, "pip", "compile", "--universal", "--fork-strategy", "fewest"]
        command += ["--generate-hashes", "--no-annotate", "--no-header", "--output-file", output]
        command += ["--python-version", f"3.{admitted()[0]}"]
        command += ["pyproject.toml"] if "lab" in groups else []
        for group in groups:
            command += ["--group", group] if group != "lab" else []
        succeeded, said = attempt(command, **environment)
        if not succeeded:
            sys.exit(said)
        return output.read_text(encoding="utf-8")


def entries_of(text):
    """Return a dict of the packages of a lock: their lines, by their names."""
    entries = re.split(r"^(?=[a-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.M), flags=re.M)
    return {re.match(r"[^=]+", entry)[0]: entry for entry in entries if entry}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="change no version without need")
    main(parser.parse_args().keep)
