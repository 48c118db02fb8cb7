"""What nbval does not look at: numbers in the prose, and the controls of interactive pictures.

Both are checked in the kernel that nbval runs the notebook in, so that nothing runs twice.
"""

import ast
import inspect
import os
import re
import tempfile
from queue import Empty

import pytest
from nbval.plugin import IPyNbCell

# "92.4 %<!-- 100 * accuracy -->" or "3,500<!-- len(X_train) -->" or "9.3 s<!-- t ± 2 -->"
BINDING = re.compile(
    r"(?P<number>[-−]?\d[\d,]*(?:\.\d+)?)[^\d\n<>]{0,20}<!--\s*(?P<expression>.+?)"
    r"(?:\s*±\s*(?P<tolerance>[\d.]+))?\s*-->"
)


def pytest_configure(config):
    """Keep what the notebooks save apart from what a learner has saved."""
    cache = tempfile.TemporaryDirectory(prefix="digits-", ignore_cleanup_errors=True)
    config.add_cleanup(cache.cleanup)
    os.environ["DIGITS_CACHE"] = cache.name


def pytest_collection_modifyitems(items):
    """Put a check behind each piece of prose that has bound numbers, and one at the end."""
    files = {item.parent: None for item in items if isinstance(item, IPyNbCell)}
    for file in files:
        cells = {item.cell_num: item for item in items if item.parent is file}
        checks, code = [], -1
        for position, cell in enumerate(file.nb.cells):
            if cell.cell_type == "code":
                code += 1
                if code in cells:
                    checks.append(cells[code])
            elif "<!--" in cell.source:
                name = f"Prose {position + 1}"
                checks.append(Prose.from_parent(file, name=name, source=cell.source))
        if len(cells) == code + 1:
            checks.append(Controls.from_parent(file, name="Controls"))
        start = min(items.index(item) for item in cells.values())
        items[:] = [item for item in items if item.parent is not file]
        items[start:start] = checks


class InKernel(pytest.Item):
    """A check that runs in the kernel of the notebook."""

    def run_in_kernel(self, code, expressions):
        """Run `code`, then return what each of the `expressions` is, as `repr` or as an error."""
        kernel = self.parent.kernel
        if not kernel.is_alive():
            pytest.fail("the kernel died before this check", pytrace=False)
        message = kernel.kc.execute(
            code, silent=True, user_expressions=expressions, allow_stdin=False
        )
        timeout = self.config.option.nbval_cell_timeout
        try:
            reply = kernel.get_message("shell", timeout=timeout)
            while reply["parent_header"].get("msg_id") != message:
                reply = kernel.get_message("shell", timeout=timeout)
            content = reply["content"]
        except Empty:
            kernel.interrupt()
            pytest.fail(f"no answer within {timeout:g} s", pytrace=False)
        if content["status"] != "ok":
            pytest.fail(f"{content['ename']}: {content['evalue']}", pytrace=False)
        return {
            name: value["data"]["text/plain"] if value["status"] == "ok" else value["evalue"]
            for name, value in content["user_expressions"].items()
        }

    def reportinfo(self):
        """Say in reports which notebook this is about."""
        return self.path, None, f"{self.path.name}: {self.name}"


class Prose(InKernel):
    """Each number with a binding must be what its expression rounds to."""

    def __init__(self, *, source, **kwargs):
        super().__init__(**kwargs)
        self.source = source

    def runtest(self):
        """Evaluate all bindings of one Markdown cell."""
        bindings = list(BINDING.finditer(self.source))
        expressions = {str(i): f"float({b['expression']})" for i, b in enumerate(bindings)}
        values = self.run_in_kernel("", expressions)
        wrong = [
            f"{binding[0]!r}: the expression is {values[str(i)]}"
            for i, binding in enumerate(bindings)
            if not fits(binding["number"], values[str(i)], binding["tolerance"])
        ]
        if self.source.count("<!--") != len(bindings):
            wrong.append("a comment follows no number, or follows it too far away")
        if wrong:
            pytest.fail("prose and code disagree:\n" + "\n".join(wrong), pytrace=False)


def fits(number, value, tolerance=None):
    """Return whether the text `value` of a float rounds to the text `number`."""
    try:
        value = float(ast.literal_eval(value))
    except (ValueError, SyntaxError):
        return False
    plain = number.replace(",", "").replace("−", "-")
    if tolerance is not None:
        return abs(value - float(plain)) <= float(tolerance)
    decimals = len(plain.partition(".")[2])
    return float(f"{value:.{decimals}f}") == float(plain)


class Controls(InKernel):
    """Moving a control must redraw its picture, without an error."""

    def runtest(self):
        """Move every control of the notebook."""
        sources = [inspect.getsource(function) for function in (picture_file, move_controls)]
        code = "\n".join([*sources, "move_controls()"])
        self.run_in_kernel(code, {})


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
