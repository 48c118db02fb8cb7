"""What nbval does not look at; a plugin of pytest on top of it.

    pytest -p checks.plugin --nbval

Beside the text that nbval compares, in the same run: pictures (decoded), alt texts, order and kinds
of outputs, cells without outputs, numbers in the prose, and the controls of interactive pictures.
Whatever fails is one line that names notebook and cell and says what to do. The settings stand in
pyproject.toml, see `checks.project`.

Relies on nbval's `IPyNbFile`, `IPyNbCell` and `RunningKernel`, hence the upper bound of its version
in pyproject.toml.
"""

import ast
import collections
import inspect
import itertools
import json
import os
import re
import tempfile
from pathlib import Path
from queue import Empty

import psutil
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from checks.compare import differences
from checks.formulas import known_from, to_python
from checks.notebook import UnreadableError, load
from checks.project import KernelCheck, open_project
from checks.prose import read_text
from checks.static import check_notebook
from kernels import controls, influence, patience, trained

PROJECT = pytest.StashKey()


class KernelGoneError(Exception):
    """The kernel ended, or was ended, while a cell ran; the message says why."""


def pytest_addoption(parser):
    """Add the limit of memory to the options of nbval."""
    parser.getgroup("nbval").addoption(
        "--notebook-memory",
        type=float,
        help="Memory in GiB from which on the kernel of a notebook is stopped.",
    )


def pytest_configure(config):
    """Read the settings, and keep kernels apart from what a learner or a developer has saved."""
    try:
        project = config.stash[PROJECT] = open_project(config.rootpath)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    folder = tempfile.TemporaryDirectory(prefix="notebooks-", ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    if project.scratch:
        os.environ[project.scratch] = str(Path(folder.name, "scratch"))
        os.mkdir(os.environ[project.scratch])
    # What nbval compares, it must have run: it trains, and keeps for others what it has trained.
    kept = trainings(config) if getattr(config.option, "nbval", False) else None
    os.environ |= trained.prepare(Path(folder.name, "ipython"), project=project, kept=kept)


def trainings(config):
    """Return the folder where trainings are kept from one run to the next, or None."""
    cache = getattr(config, "cache", None)  # there is none with -p no:cacheprovider
    if cache is None:
        return None
    kept = cache.mkdir("trained")
    trained.forget(kept)
    return kept


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Take over the notebooks from nbval."""
    collected = yield
    return [
        Notebook.from_parent(parent, path=file_path) if isinstance(file, IPyNbFile) else file
        for file in collected
    ]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Begin with the notebook that takes longest, so that no worker has it left at the end."""
    # Sorting is stable: cells stay in their order, and before them whatever is no notebook.
    items.sort(key=lambda item: -item.parent.seconds if isinstance(item, Check) else -1e9)
    # Of two with one name, pytest-xdist would run one twice and the other never.
    names = collections.Counter(item.nodeid for item in items if isinstance(item, Check))
    if twice := [name for name, count in names.items() if count > 1]:
        raise pytest.UsageError(f"there are two checks of the name {twice[0]}; name them apart")


class Notebook(IPyNbFile):
    """A notebook: the static checks, its cells and bindings in their order, then its controls."""

    gone = None  # why the cells that follow are not run

    def collect(self):
        """Yield what there is to check.

        Raises
        ------
        CollectError
            If the file is no notebook.
        """
        project = self.config.stash[PROJECT]
        try:
            self.stored = load(Path(self.path), project)
        except UnreadableError as error:
            raise self.CollectError(str(error)) from None
        self.nb = self.stored.notebook  # the name under which nbval looks for it
        self.seconds = project.more("seconds_of", self.stored, default=0)
        yield Static.from_parent(self, name="stored")
        self.gone = project.more("reason_to_skip", self.stored, default=None)
        needed = self.gone and project.required and project.required in self.gone
        if needed and os.environ.get(project.required) == "required":
            raise self.CollectError(
                f"{self.stored.path.name} cannot be left out, since {project.required}=required, "
                f"but {self.gone}"
            )
        numbers, later = itertools.count(), collections.defaultdict(list)
        for position, cell in enumerate(self.stored.cells):
            name, text = f"cell {position + 1}", cell.source
            if cell.cell_type == "code":
                options = {"check": self.compare_outputs, "skip": False, "check_exception": False}
                about = {"cell_num": next(numbers), "cell": cell, "options": options}
                yield Cell.from_parent(self, name=name, position=position, **about)
                text = cell.metadata.get("alt", "")
            if "<!--" in text:
                bound = read_text(text).bindings
                now = [binding for binding in bound if binding.kind not in ("formula", "tested")]
                if now:
                    yield InKernel.from_parent(self, check=bindings_check(position, now))
                for number, binding in enumerate(bound, 1):
                    if binding.kind == "formula":
                        when = known_from(self.stored, binding.expression, position)
                        check = bindings_check(position, [binding], f"formula {number}")
                        later[when].append(check)
            for check in later[position]:
                yield InKernel.from_parent(self, check=check)
            if names := unseen_names(self.stored, text):
                yield InKernel.from_parent(self, check=names_check(position, names))
        if project.controls:
            yield InKernel.from_parent(self, check=controls_check(project.controls))
        for check in project.more("kernel_checks", self.stored):
            yield InKernel.from_parent(self, check=check)

    def setup(self):
        """Start the kernel, and watch over it from then on."""
        scratch, option = self.stored.project.scratch, self.config.option
        limit = option.nbval_kernel_startup_timeout
        with pytest.MonkeyPatch.context() as patch:
            if scratch:
                # A folder for each: what one notebook saves is nothing that the next may rely on.
                patch.setenv(scratch, tempfile.mkdtemp(dir=os.environ.get(scratch)))
            patch.setattr(option, "nbval_kernel_startup_timeout", limit * patience.factor())
            super().setup()
        get_message = self.kernel.get_message
        process = psutil.Process(self.kernel.km.provisioner.pid)

        def get_message_from_the_living(stream, timeout=None):
            limit = patience.Limit(float("inf") if timeout is None else timeout)
            while True:
                left = limit.left()
                try:
                    return get_message(stream, timeout=max(0, min(0.2, left)))
                except Empty:
                    self.look_after(process)
                    if left <= 0.2:
                        raise

        self.kernel.get_message = get_message_from_the_living

    def look_after(self, process):
        """Raise `KernelGoneError` if the kernel is dead, or if it had to be stopped."""
        try:
            used = process.memory_info().rss
        except psutil.Error:
            used = 0
        limit = self.config.option.notebook_memory or self.stored.project.memory
        if used > limit * 2**30:
            self.kernel.km.shutdown_kernel(now=True)
            raise KernelGoneError(
                f"needs more than {limit:g} GiB of memory and was stopped; use smaller arrays"
            )
        if not self.kernel.is_alive():
            raise KernelGoneError(
                "its kernel died; run it in a terminal, with ipython, to see the reason"
            )


class Check(pytest.Item):
    """One thing to check, about the cell at `position` (counted from 0) or the notebook."""

    def __init__(self, *, position=None, **kwargs):
        super().__init__(**kwargs)
        self.position = position

    def setup(self):
        """Leave out what cannot run anymore."""
        if self.parent.gone:
            pytest.skip(self.parent.gone)

    def fail(self, problems):
        """Fail with one line for each problem."""
        lines = [self.parent.stored.line(self.position, problem) for problem in problems]
        pytest.fail("\n".join(lines), pytrace=False)

    def give_up(self, problem):
        """Fail, and leave out the rest of the notebook."""
        stored = self.parent.stored
        where = stored.name_of(self.position) if self.position is not None else self.name
        self.parent.gone = f"not run, because {where} failed"
        self.fail([problem])

    def reportinfo(self):
        """Say in reports which notebook this is about."""
        return self.path, None, f"{self.path.name}: {self.name}"


class Static(Check):
    """The static checks of this notebook."""

    def setup(self):
        """Need nothing."""

    def runtest(self):
        """Fail with all that they find."""
        problems = check_notebook(self.parent.stored.path, self.parent.stored.project)
        if problems:
            pytest.fail("\n".join(problems), pytrace=False)


class Cell(Check, IPyNbCell):
    """A code cell: run by nbval, compared by `differences`."""

    setup = Check.setup
    repr_failure = pytest.Item.repr_failure

    def runtest(self):
        """Run the cell and compare all of its outputs."""
        self.problems = []
        self.never_run = self.cell.execution_count is None
        self.cell.execution_count = self.cell_num + 1  # or nbval would compare nothing
        try:
            super().runtest()
            return
        except Exception as error:
            failure = error
        if self.problems:
            self.fail(self.problems)
        if isinstance(failure, KernelGoneError):
            self.give_up(str(failure))
        if getattr(failure, "inner_traceback", None):
            plain = re.sub(r"\x1b\[[\d;]*m", "", failure.inner_traceback)
            self.add_report_section("call", "traceback", plain)
        if self.parent.timed_out:
            limit = self.config.option.nbval_cell_timeout
            self.give_up(f"is not done after {limit:g} s; make it faster or mend the loop")
        errors = [out for out in self.test_outputs or [] if out.output_type == "error"]
        raised = f"raises {errors[0].ename}: {errors[0].evalue[:300]}" if errors else str(failure)
        self.give_up(f"{raised}; mend the cell or what it calls")

    def compare_outputs(self, test, ref, skip_compare=None):
        """Return whether the outputs of this run are the stored ones; nbval calls this."""
        self.comparison_traceback = []  # where nbval wants to read what differs
        if self.never_run:
            self.problems = [f"was never run; {self.parent.stored.store}"]
        else:
            self.problems = differences(self.cell, test, self.parent.stored.store)
        return not self.problems


class InKernel(Check):
    """A check that runs in the kernel of the notebook, as a `checks.project.KernelCheck` says."""

    def __init__(self, *, check, **kwargs):
        super().__init__(name=check.name, position=check.position, **kwargs)
        self.check = check

    def runtest(self):
        """Run its code and judge what its expressions are then."""
        kernel, timeout = self.parent.kernel, self.config.option.nbval_cell_timeout
        content = problem = None
        try:
            message = kernel.kc.execute(
                self.check.code,
                silent=True,
                user_expressions=self.check.expressions,
                allow_stdin=False,
            )
            reply = kernel.get_message("shell", timeout=timeout)
            while reply["parent_header"].get("msg_id") != message:
                reply = kernel.get_message("shell", timeout=timeout)
            content = reply["content"]
        except KernelGoneError as error:
            problem = str(error)
        except Empty:
            kernel.interrupt()
            problem = f"gives no answer within {timeout:g} s; make expressions or controls faster"
        if problem:
            self.give_up(problem)
        if content["status"] != "ok":
            self.fail([f"{content['ename']}: {content['evalue']}; mend the control or its picture"])
        problems = self.check.problems({
            name: ast.literal_eval(value["data"]["text/plain"])
            if value["status"] == "ok"
            else f"{value['ename']}: {value['evalue']}"
            for name, value in content["user_expressions"].items()
        })
        if problems:
            self.fail(problems)


def bindings_check(position, bindings, what="bindings"):
    """Return the check that what a text binds is so, and depends on what its expressions name."""

    def names(binding):
        if binding.kind != "formula":
            return "globals()"
        try:
            code = to_python(binding.said[0])
        except ValueError:  # the static checks say so
            return "globals()"
        return f"globals() | dict(formula=_influence.formula({code!r}))"

    def problems(values):
        for i, binding in enumerate(bindings):
            try:
                value, missed = json.loads(values[str(i)])
            except ValueError:  # it is the message of an error
                value, missed = values[str(i)], []
            yield binding.problem(value, missed)

    return KernelCheck(
        f"cell {position + 1}, {what}",
        position,
        # In a module of its own there, so that it takes no name of the notebook.
        "import types as _types, json as _json\n_influence = _types.ModuleType('influence')\n"
        f"exec({inspect.getsource(influence)!r}, _influence.__dict__)",
        {
            str(i): f"_json.dumps(_influence.judge({b.expression!r}, {b.kind!r}, {names(b)}))"
            for i, b in enumerate(bindings)
        },
        lambda values: list(filter(None, problems(values))),
    )


def unseen_names(stored, text):
    """Return the names with a dot, such as np.add.at, that a text has but no cell."""
    code = "\n".join(cell.source for _, cell in stored.code())
    spans = "\n".join(read_text(text).code)
    names = re.findall(r"(?<![\w.\"'/])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", spans)
    return sorted(name for name in set(names) if name not in code)


def names_check(position, names):
    """Return the check that these names are there, unless nobody has set what they begin with."""

    def problems(values):
        return [
            f"names {name}, which is not there ({value}); correct it"
            for name, value in values.items()
            if value is not None
        ]

    expressions = {
        name: f"({name}, None)[1] if {name.partition('.')[0]!r} in globals() else None"
        for name in names
    }
    return KernelCheck(f"cell {position + 1}, names", position, "", expressions, problems)


def controls_check(where):
    """Return the check that moving a control redraws its picture, without an error."""
    # The functions go there as text: the kernel need not be able to import these checks.
    code = f"{inspect.getsource(controls)}\nmove_controls({where!r})"
    return KernelCheck("controls", None, code, {}, lambda values: [])
