"""What nbval does not look at; a plugin of pytest on top of it.

Beside the text that nbval compares, in the same run: pictures (decoded), alt texts, order and kinds
of outputs, cells without outputs, numbers in the prose, and the controls of interactive pictures.
Whatever fails is one line that names notebook and cell and says what to do.

Relies on nbval's `IPyNbFile`, `IPyNbCell` and `RunningKernel`, hence the upper bound in
pyproject.toml.
"""

import ast
import inspect
import itertools
import os
import re
import tempfile
import time
from queue import Empty

import numpy as np
import psutil
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from tests.prose_checks import PLAIN_NUMBER, fits, read_text
from tests.stored_checks import (
    UnreadableError,
    cell_name,
    check_notebook,
    decode,
    problem_line,
    read,
    tasks_of,
)
from tools.notebooks import WIDGET, alt_text

# In levels of 256: the same picture drawn by another processor, but not another picture.
LEVELS = 2


class KernelGoneError(Exception):
    """The kernel ended, or was ended, while a cell ran; the message says why."""


def pytest_addoption(parser):
    """Add the limit of memory to the options of nbval."""
    parser.getgroup("nbval").addoption(
        "--notebook-memory",
        type=float,
        default=2,
        help="Memory in GiB from which on the kernel of a notebook is stopped.",
    )


def pytest_configure(config):
    """Keep what the notebooks save apart from what a learner has saved."""
    cache = tempfile.TemporaryDirectory(prefix="digits-", ignore_cleanup_errors=True)
    config.add_cleanup(cache.cleanup)
    os.environ["DIGITS_CACHE"] = cache.name


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Take over the notebooks from nbval."""
    collected = yield
    return [
        Notebook.from_parent(parent, path=file_path) if isinstance(file, IPyNbFile) else file
        for file in collected
    ]


class Notebook(IPyNbFile):
    """A notebook: the static checks, its cells and bindings in their order, then its controls."""

    gone = None  # why the cells that follow are not run

    def collect(self):
        """Yield what there is to check.

        Raises
        ------
        CollectError
            If the file is no notebook of this series.
        """
        try:
            self.nb = read(self.path)
        except UnreadableError as error:
            raise self.CollectError(str(error)) from None
        yield Stored.from_parent(self, name="stored")
        self.gone = without_mnist(self.nb, self.path.name)
        code = -1
        for position, cell in enumerate(self.nb.cells):
            name = f"cell {position + 1}"
            if cell.cell_type == "code":
                code += 1
                options = {"check": self.compare_outputs, "skip": False, "check_exception": False}
                yield Cell.from_parent(
                    self, name=name, position=position, cell_num=code, cell=cell, options=options
                )
                text = cell.metadata.get("alt", "")
            else:
                text = cell.source
            if "<!--" in text:
                yield Prose.from_parent(
                    self, name=f"{name}, bindings", position=position, text=text
                )
        yield Controls.from_parent(self, name="controls")
        try:
            tasks = list(tasks_of(self.nb))
        except UnreadableError:
            return  # the static checks say so
        for task in tasks:
            name = f"exercise {task.number}"
            yield Solution.from_parent(self, name=name, position=task.position, task=task)

    def setup(self):
        """Start the kernel, and watch over it from then on."""
        super().setup()
        get_message = self.kernel.get_message
        process = psutil.Process(self.kernel.km.provisioner.pid)

        def get_message_from_the_living(stream, timeout=None):
            end = time.monotonic() + (float("inf") if timeout is None else timeout)
            while True:
                left = end - time.monotonic()
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
        limit = self.config.option.notebook_memory
        if used > limit * 2**30:
            self.kernel.km.shutdown_kernel(now=True)
            raise KernelGoneError(
                f"needs more than {limit:g} GiB of memory and was stopped; use smaller arrays"
            )
        if not self.kernel.is_alive():
            raise KernelGoneError(
                "its kernel died; run it in a terminal, with ipython, to see the reason"
            )


def without_mnist(notebook, name):
    """Return why a notebook cannot be run if it needs all of MNIST and there is none, or None."""
    from helpers.data import find_mnist  # not before it is set where things are kept

    needed = any("load_mnist()" in c.source for c in notebook.cells if c.cell_type == "code")
    if needed and find_mnist() is None:
        return f"{name} needs MNIST; run it once in JupyterLab, which downloads it"
    return None


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
        lines = [problem_line(self.path, self.parent.nb, self.position, p) for p in problems]
        pytest.fail("\n".join(lines), pytrace=False)

    def give_up(self, problem):
        """Fail, and leave out the rest of the notebook."""
        where = cell_name(self.parent.nb, self.position) if self.position is not None else self.name
        self.parent.gone = f"not run, because {where} failed"
        self.fail([problem])

    def reportinfo(self):
        """Say in reports which notebook this is about."""
        return self.path, None, f"{self.path.name}: {self.name}"


class Stored(Check):
    """The static checks of this notebook."""

    def setup(self):
        """Need nothing."""

    def runtest(self):
        """Fail with all that they find."""
        problems = check_notebook(self.path)
        if problems:
            pytest.fail("\n".join(problems), pytrace=False)


class Cell(Check, IPyNbCell):
    """A code cell: run by nbval, compared by `differences`."""

    setup = Check.setup
    repr_failure = pytest.Item.repr_failure

    def runtest(self):
        """Run the cell and compare all of its outputs."""
        self.problems, failure = [], None
        self.never_run = self.cell.execution_count is None
        self.cell.execution_count = self.cell_num + 1  # or nbval would compare nothing
        try:
            super().runtest()
        except Exception as error:
            failure = error
        if failure is None:
            return
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
            self.problems = ["was never run; run make notebooks"]
        else:
            self.problems = differences(self.cell, test)
        return not self.problems


def differences(cell, outputs):
    """Return, each as a sentence, how `outputs` differ from those stored in `cell`.

    A cell whose results are not portable says so in its metadata, with the reason:
    `"tolerance": {"numbers": 0.3, "levels": 40, "reason": "…"}`. Then numbers in texts may differ
    by up to 0.3, and pixels by up to 40 of 256 levels in the mean of any 8 × 8 pixels.
    """
    tolerance = cell.metadata.get("tolerance", {})
    stored = [output_kind(output) for output in cell.outputs]
    fresh = [output_kind(output) for output in outputs]
    if stored != fresh:
        names = [" then ".join(kinds) or "nothing" for kinds in (stored, fresh)]
        return [f"stored is {names[0]}, but it now makes {names[1]}; run make notebooks"]
    found = []
    for old, new in zip(cell.outputs, outputs, strict=True):
        if "text" in old:
            found += text_differences(old.text, new.text, tolerance.get("numbers", 0))
        for kind, data in old.get("data", {}).items():
            if kind == WIDGET:
                continue  # dead when stored, which the static checks say
            if kind == "image/png":
                found += picture_differences(data, new.data[kind], tolerance.get("levels", 0))
                alt = alt_text(cell) or new.metadata.get("image/png", {}).get("alt")
                if old.metadata.get("image/png", {}).get("alt") != alt:
                    found.append(f"the alt text now is {alt!r}")
            else:
                found += text_differences(data, new.data[kind], tolerance.get("numbers", 0))
    return [f"{difference}; if that is right, run make notebooks" for difference in found]


def output_kind(output):
    """Return in a few words what an output is, as 'stdout' or 'execute_result of text/plain'."""
    if output.output_type == "stream":
        return output.name
    if output.output_type == "error":
        return f"error {output.ename}"
    kinds = sorted(kind for kind in output.data if kind != WIDGET)
    return f"{output.output_type} of {' and '.join(kinds)}"


def text_differences(old, new, tolerance):
    """Return how two texts differ, apart from numbers that are as close as `tolerance`."""
    if old == new:
        return []
    if tolerance and re.split(PLAIN_NUMBER, old) == re.split(PLAIN_NUMBER, new):
        pairs = zip(re.findall(PLAIN_NUMBER, old), re.findall(PLAIN_NUMBER, new), strict=True)
        pairs = [tuple(float(text.replace(",", "")) for text in pair) for pair in pairs]
        far = [f"{a:g} is stored, now it is {b:g}" for a, b in pairs if abs(a - b) > tolerance]
        return far[:1]
    lines = itertools.zip_longest(old.splitlines(), new.splitlines())
    for number, (a, b) in enumerate(lines, start=1):
        if a != b:
            same = 0
            while a and b and a[: same + 1] == b[: same + 1]:
                same += 1
            start = max(0, same - 30)
            a, b = (repr(x[start : start + 90]) if x is not None else "absent" for x in (a, b))
            return [f"line {number} of its output is stored as {a}, now it is {b}"]
    return ["its output ends its lines in another way"]


def picture_differences(old, new, levels):
    """Return how two pictures, PNG files in base64, differ when they are decoded."""
    try:
        old = decode(old)
    except ValueError as error:
        return [f"its stored picture {error}"]
    old, new = (np.asarray(image.convert("RGBA"), dtype=np.int16) for image in (old, decode(new)))
    if old.shape != new.shape:
        sizes = [f"{shape[1]} × {shape[0]} pixels" for shape in (old.shape, new.shape)]
        return [f"its picture is stored with {sizes[0]}, now it has {sizes[1]}"]
    distance = abs(old - new).max(axis=2)
    if not levels:
        far = distance > LEVELS
    else:
        far = np.zeros(distance.shape, dtype=bool)
        for row in range(0, distance.shape[0], 8):
            for column in range(0, distance.shape[1], 8):
                block = slice(row, row + 8), slice(column, column + 8)
                far[block] = distance[block].mean() > levels
    if not far.any():
        return []
    rows, columns = np.nonzero(far)
    return [
        f"its picture differs in {far.sum()} pixels, by up to {distance.max()} of 255, within "
        f"rows {rows.min()} to {rows.max()} and columns {columns.min()} to {columns.max()}"
    ]


class InKernel(Check):
    """A check that runs in the kernel of the notebook."""

    def run_in_kernel(self, code, expressions):
        """Run `code`, then return what each of the `expressions` is, as `repr` or as an error."""
        kernel = self.parent.kernel
        timeout = self.config.option.nbval_cell_timeout
        content = problem = None
        try:
            message = kernel.kc.execute(
                code, silent=True, user_expressions=expressions, allow_stdin=False
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
        return {
            name: value["data"]["text/plain"] if value["status"] == "ok" else value["evalue"]
            for name, value in content["user_expressions"].items()
        }


class Prose(InKernel):
    """Each number with a binding must be what its expression rounds to."""

    def __init__(self, *, text, **kwargs):
        super().__init__(**kwargs)
        self.text = text

    def runtest(self):
        """Evaluate all bindings of one Markdown cell or alt text."""
        bindings = read_text(self.text).bindings
        expressions = {str(i): f"float({b.expression})" for i, b in enumerate(bindings)}
        values = self.run_in_kernel("", expressions)
        wrong = [
            f"{str(binding)!r}: the expression is {values[str(i)]}; correct the number"
            for i, binding in enumerate(bindings)
            if not fits(binding.number, values[str(i)], binding.tolerance)
        ]
        if wrong:
            self.fail(wrong)


class Controls(InKernel):
    """Moving a control must redraw its picture, without an error."""

    def runtest(self):
        """Move every control of the notebook."""
        sources = [inspect.getsource(function) for function in (picture_file, move_controls)]
        code = "\n".join([*sources, "move_controls()"])
        self.run_in_kernel(code, {})


class Solution(InKernel):
    """The folded solution must pass the check, and do what the examples of the task say."""

    def __init__(self, *, task, **kwargs):
        super().__init__(**kwargs)
        self.task = task

    def runtest(self):
        """Run the solution in the kernel, then the check and the examples."""
        code = f"{self.task.solution}\nfrom helpers.exercises import diagnose"
        expressions = {str(i): f"str({e})" for i, (e, _) in enumerate(self.task.examples)}
        expressions["verdict"] = f"str({self.task.call.replace('check(', 'diagnose(', 1)})"
        values = {n: readable(v) for n, v in self.run_in_kernel(code, expressions).items()}
        problems = []
        if not values["verdict"].startswith("✓"):
            problems.append(f"its solution does not pass: {values['verdict']}; mend it")
        for i, (expression, result) in enumerate(self.task.examples):
            if values[str(i)].split() != result.split():
                problems.append(f"{expression!r} gives {values[str(i)]}, not {result}; correct it")
        if problems:
            self.fail(problems)


def readable(text):
    """Return the text whose `repr` this is, or the text itself."""
    try:
        return str(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        return text


def picture_file():
    """Return a PNG file with a zero in it, as bytes, for controls that want one."""
    import io

    from PIL import Image, ImageDraw

    picture = Image.new("L", (300, 200), "white")
    ImageDraw.Draw(picture).ellipse((110, 40, 190, 160), outline="black", width=14)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def move_controls():
    """Give each control of each `Explorer` in this process two other values and its own again.

    Raises
    ------
    AssertionError
        If a picture stays as it was.
    """
    import sys

    for explorer in getattr(sys.modules.get("helpers.widgets"), "explorers", []):
        for name, control in explorer.controls.items():
            keep, before = control.value, explorer.png
            if isinstance(keep, bytes):  # a PictureUpload
                values = [picture_file()]
            elif hasattr(control, "options"):
                values = [control.options[0], control.options[-1]]
                values = [v[1] if isinstance(v, tuple) else v for v in values]
            else:
                values = [control.min, control.max]
            for value in values:
                if value == keep:
                    continue
                control.value = value
                assert explorer.png != before, f"{name} = {value!r} changes nothing in the picture"
            control.value = keep
            assert explorer.png == before, f"{name} = {keep!r} does not bring the picture back"
