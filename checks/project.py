"""A repository of notebooks, as the table `[tool.notebook_checks]` of its pyproject.toml has it."""

import dataclasses
import functools
import importlib
import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path


@dataclasses.dataclass
class Project:
    """Where things are, and what is let pass; at each setting stands what it means."""

    root: Path  # the folder with pyproject.toml
    folder: Path  # where the notebooks are
    pages: Sequence[str] = ()  # Markdown pages whose links, words and numbers are checked, too
    generated: Sequence[str] = ()  # those that a program writes: nobody binds their numbers by hand
    # Whether each notebook must say, in its metadata, what it was stored with.
    sealed: bool = False
    # Folders of code on which outputs depend: a change there is a reason to run again.
    sources: Sequence[str] = ()
    # What to do so that outputs are stored again; {step} stands for the notebook's number.
    store: str = "run it again and save it"
    words: Sequence[str] = ()  # what the dictionary lacks, in lower case
    # Words to avoid, each with the one for the same thing that texts use.
    terms: dict[str, str] = dataclasses.field(default_factory=dict)
    # What may stand anywhere, with the numbers and claims in it, such as "400-25-15-10".
    phrases: Sequence[str] = ()
    hosts: Sequence[str] = ()  # where links to the web may lead
    # For a page, phrases that may say what they say, each with the reason; a notebook has them in
    # the metadata of its cells.
    exceptions: dict[str, dict] = dataclasses.field(default_factory=dict)
    # First author and year of each paper, by its address, such as "Kingma 2014".
    papers: dict[str, str] = dataclasses.field(default_factory=dict)
    imports: Sequence[str] = ()  # the modules that notebooks may import; all, if it is empty
    readings: str = ""  # the file that says what has been read; see `checks.readings`
    # Notebooks, by their stems, whose results may differ a little from machine to machine.
    tolerant: Sequence[str] = ()
    memory: float = 2.0  # GiB from which on a kernel is stopped
    controls: str = ""  # module:list of the interactive pictures, each with `controls` and `png`
    required: str = ""  # an environment variable: if it is "required", no notebook may be left out
    scratch: str = ""  # an environment variable that names the folder for what notebooks save
    # Files and folders, beside `sources`, on which trainings depend. If there are any, trainings
    # are kept by pytest, so that other tests need not train again; see `kernels.trained`.
    trained: Sequence[str] = ()
    extra: str = ""  # a module with more checks, such as `checks.series`

    def notebooks(self):
        """Return the paths of all notebooks, in their order."""
        return sorted(self.folder.glob("*.ipynb"))

    def source_files(self):
        """Return the files of code on which outputs depend, in their order."""
        suffixes = ".py", ".js", ".css", ".mplstyle"
        folders = [self.root / folder for folder in self.sources]
        files = [path for folder in folders for path in sorted(folder.rglob("*"))]
        return [path for path in files if path.suffix in suffixes]

    def numbered(self, number):
        """Return the paths of the notebooks whose names begin with a number, such as "7" or "07".

        Raises
        ------
        ValueError
            If there are none.
        """
        found = [
            path
            for path in self.notebooks()
            if number.isdecimal() and re.match(rf"0*{int(number)}(?!\d)", path.name)
        ]
        if not found:
            names = [path.name for path in self.notebooks()]
            raise ValueError(
                f"There is no notebook number {number}; those of {self.folder.name}/ go from "
                f"{names[0]} to {names[-1]}."
                if names
                else f"There are no notebooks in {self.folder}."
            )
        return found

    def more(self, name, *arguments, default=()):
        """Return what the function `name` of the extra module returns, or `default` without one.

        `checks.series` is such a module; the functions that are asked for are those it defines.
        """
        module = importlib.import_module(self.extra) if self.extra else None
        function = getattr(module, name, None)
        return function(*arguments) if function else default

    @functools.cached_property
    def packages(self):
        """The versions that requirements.lock has of the packages that the project itself names."""
        required = self.table("project").get("dependencies", [])
        named = {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in required}
        lock = self.root / "requirements.lock"
        text = lock.read_text(encoding="utf-8") if lock.exists() else ""
        locked = dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.M))
        return {name: version for name, version in sorted(locked.items()) if name in named}

    def table(self, *names):
        """Return a table of pyproject.toml, empty if it is not there."""
        path = self.root / "pyproject.toml"
        found = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        for name in names:
            found = found.get(name, {})
        return found


@dataclasses.dataclass
class KernelCheck:
    """Something to check in the kernel of a notebook that has been run so far."""

    name: str
    position: int | None  # of the cell it is about, counted from 0; None if of none
    code: str  # what is run first
    expressions: dict[str, str]  # what is then evaluated, by a name for each
    # Gets by these names the texts that they are, or the messages of errors; returns what is wrong
    # as a list of sentences.
    problems: Callable


def open_project(root):
    """Return the `Project` whose pyproject.toml lies in the folder `root`; it may be missing.

    Raises
    ------
    ValueError
        If the table has a setting that there is not.
    """
    root = Path(root).resolve()
    project = Project(root, root)
    table = project.table("tool", "notebook_checks")
    known = {field.name for field in dataclasses.fields(Project)} - {"root"}
    unknown = sorted(set(table) - known)
    if unknown:
        raise ValueError(
            f"pyproject.toml: [tool.notebook_checks] has {unknown[0]!r}, which is no setting; the "
            f"settings are {', '.join(sorted(known))}"
        )
    project.folder = root / table.pop("folder", ".")
    return dataclasses.replace(project, **table)
