"""Every way we know to make a stored notebook lie, and how to apply it to a copy.

`KINDS` lists them. proof/test_proof.py tries them without running the notebooks, `make prove`
with running them.
"""

import base64
import copy
import dataclasses
import io
import json
import re
import struct
import zlib
from collections.abc import Callable

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from PIL import Image, ImageDraw, ImageOps

KINDS = []


@dataclasses.dataclass(frozen=True)
class Kind:
    """One kind of tampering with the notebook of a step.

    Where `seen` is "run", only running the notebook tells. Where it is "seal", what is stored is
    still true, or no program can judge it; only the seal in the notebook's metadata tells.
    """

    group: str
    text: str
    step: str
    seen: str
    change: Callable  # gets a notebook and changes it, or returns the text of a file

    @property
    def file(self):
        """The notebook, from the root of the repository."""
        return f"notebooks/{self.step}.ipynb"

    @property
    def name(self):
        """What is done to what."""
        return f"{self.group}: {self.text} ({self.file})"

    def apply(self, notebook):
        """Return the text of the tampered file, and the tampered notebook unless unreadable."""
        notebook = copy.deepcopy(notebook)
        text = self.change(notebook)
        if isinstance(text, str):
            return text, None
        return nbformat.writes(notebook) + "\n", notebook


def kind(group, text, step="03_dataset", seen="at once"):
    """Register a function as a kind of tampering with the notebook of `step`."""

    def register(change):
        KINDS.append(Kind(group, text, step, seen, change))
        return change

    return register


def add(group, text, change, step="03_dataset", seen="at once"):
    """Register a kind that needs no more than an expression."""
    kind(group, text, step, seen)(change)


# Finding things. Cells are found by what they hold, so that notebooks can grow.


def code(notebook, text=""):
    """Return the first code cell whose source contains `text`."""
    return next(c for c in notebook.cells if c.cell_type == "code" and text in c.source)


def prose(notebook, text):
    """Return the first Markdown cell that contains `text`."""
    return next(c for c in notebook.cells if c.cell_type == "markdown" and text in c.source)


def silent(notebook):
    """Return the first code cell that has no output."""
    return next(c for c in notebook.cells if c.cell_type == "code" and not c.outputs)


def printing(notebook, lines=1):
    """Return the first output to stdout that has so many lines, after that of the progress."""
    cells = (cell for cell in notebook.cells if "show_progress()" not in cell.source)
    outputs = (output for cell in cells for output in cell.get("outputs", []))
    texts = (output for output in outputs if output.get("name") == "stdout")
    return next(output for output in texts if output.text.count("\n") >= lines)


def drawings(notebook, *, by_code=False):
    """Return the cells with a picture: those with an `alt`, or those whose code makes the alt."""
    cells = (c for c in notebook.cells if any(pictures(c)) and ("alt" not in c.metadata) is by_code)
    return list(cells)


def pictures(cell):
    """Return the outputs of a cell that hold a picture."""
    return [out for out in cell.get("outputs", []) if "image/png" in out.get("data", {})]


def result(notebook):
    """Return the first value that a cell ends on."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return next(output for output in outputs if output.output_type == "execute_result")


def sub(thing, key, pattern, replacement):
    """Replace the first match of a pattern in a text of a cell or output; there must be one."""
    thing[key], count = re.subn(pattern, replacement, thing[key], count=1)
    assert count == 1, f"{pattern!r} does not occur"


def remove(notebook, cell):
    """Remove a cell and number the others anew."""
    notebook.cells.remove(cell)
    renumber(notebook)


def renumber(notebook):
    """Make execution counts look as if nothing had happened, and each id occur once."""
    count, ids = 0, set()
    for position, cell in enumerate(notebook.cells, start=1):
        if cell.id in ids:
            cell["id"] = f"copy-{position}"
        ids.add(cell.id)
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count


def repaint(cell, change):
    """Replace the picture of a cell by what `change` makes of it."""
    (output,) = pictures(cell)
    picture = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
    file = io.BytesIO()
    change(picture.convert("RGBA")).save(file, "PNG")
    output.data["image/png"] = base64.b64encode(file.getvalue()).decode() + "\n"


def clear(cell, *, count=True):
    """Clear the outputs of a cell, and its execution count unless `count`."""
    cell.outputs = []
    if not count:
        cell.execution_count = None


def swap(notebook, a, b):
    """Exchange two cells and number all anew."""
    i, j = notebook.cells.index(a), notebook.cells.index(b)
    notebook.cells[i], notebook.cells[j] = b, a
    renumber(notebook)


def insert(notebook, position, cell):
    """Insert a cell and number all anew."""
    notebook.cells.insert(position, cell)
    renumber(notebook)


def code_cells(notebook):
    """Return all code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


# Printed text

add("text", "a digit of a printed number", lambda n: sub(printing(n), "text", "5000", "6000"))
add(
    "text",
    "a decimal",
    lambda n: sub(code(n, "guesses = nearest(X, a").outputs[0], "text", r"81\.0", "81.1"),
)
add("text", "a line removed", lambda n: sub(printing(n, 2), "text", r"^.*\n", ""))
add("text", "a line added", lambda n: sub(printing(n), "text", r"\Z", "The end\n"))
add("text", "two lines exchanged", lambda n: sub(printing(n, 2), "text", r"^(.*\n)(.*\n)", r"\2\1"))
add("text", "a blank at the end of a line", lambda n: sub(printing(n), "text", r"\n", " \n"))
add("text", "the last line end removed", lambda n: sub(printing(n), "text", r"\n\Z", ""))
add("text", "a capital letter", lambda n: sub(printing(n), "text", "The", "the"))
add("text", "a word", lambda n: sub(printing(n), "text", "shape", "form"))
add("text", "a minus sign", lambda n: sub(printing(n), "text", r"\(", "(-"))
add("text", "a dtype", lambda n: sub(printing(n), "text", "float32", "float64"))
add(
    "text",
    "a value of a cell",
    lambda n: sub(result(n).data, "text/plain", "3", "2"),
    step="01_packages",
)
add(
    "text",
    "a word in HTML",
    lambda n: sub(code(n, "summary").outputs[0].data, "text/html", "sequential", "functional"),
    step="05_model",
)
add(
    "text",
    "the plain text beside HTML",
    lambda n: sub(code(n, "summary").outputs[0].data, "text/plain", r"\d", "x"),
    step="05_model",
)
add(
    "text",
    "the plain text beside a picture",
    lambda n: sub(pictures(drawings(n)[0])[0].data, "text/plain", "Axes", "axes"),
)
add(
    "text",
    "the stored sentence of a widget",
    lambda n: sub(pictures(drawings(n, by_code=True)[0])[0].data, "text/plain", "Five", "Six"),
)
add("text", "a machine's folder", lambda n: sub(printing(n), "text", r"\n", " /home/ada/data\n"))

# Presence, order and kind of outputs

add("outputs", "cleared in one cell", lambda n: clear(code(n, "load_data")))
add(
    "outputs",
    "cleared in one cell, with its count",
    lambda n: clear(code(n, "load_data"), count=False),
)
add("outputs", "cleared in all cells", lambda n: [clear(c) for c in code_cells(n)])
add(
    "outputs",
    "cleared in all cells, with their counts",
    lambda n: [clear(c, count=False) for c in code_cells(n)],
)
add(
    "outputs",
    "text on a silent cell",
    lambda n: silent(n).outputs.append(new_output("stream", name="stdout", text="7\n")),
    step="01_packages",
)
add(
    "outputs",
    "a value on a silent cell",
    lambda n: silent(n).outputs.append(
        new_output("execute_result", {"text/plain": "7"}, execution_count=silent(n).execution_count)
    ),
    step="01_packages",
)
add("outputs", "doubled", lambda n: (c := drawings(n)[0]).outputs.append(c.outputs[0]))
add("outputs", "stdout called stderr", lambda n: printing(n).update(name="stderr"))
add(
    "outputs",
    "a warning on stderr",
    lambda n: code(n, "load_data").outputs.append(
        new_output("stream", name="stderr", text="Warning: 7\n")
    ),
)
add(
    "outputs",
    "an error at the end",
    lambda n: code(n, "load_data").outputs.append(
        new_output("error", ename="ValueError", evalue="7", traceback=["7"])
    ),
)
add(
    "outputs",
    "a value called a display",
    lambda n: [result(n).pop("execution_count"), result(n).update(output_type="display_data")],
    step="01_packages",
)
add(
    "outputs",
    "a display called a value",
    lambda n: (
        drawings(n)[0]
        .outputs[0]
        .update(output_type="execute_result", execution_count=drawings(n)[0].execution_count)
    ),
)
add(
    "outputs",
    "stdout called a display",
    lambda n: code(n, "load_data").update(
        outputs=[new_output("display_data", {"text/plain": printing(n).text})]
    ),
)
add(
    "outputs",
    "Markdown beside a value",
    lambda n: result(n).data.update({"text/markdown": "**7**"}),
    step="01_packages",
)
add(
    "outputs",
    "HTML beside a value",
    lambda n: result(n).data.update({"text/html": "<b>7</b>"}),
    step="01_packages",
)
add(
    "outputs",
    "HTML that hides a picture",
    lambda n: pictures(drawings(n)[0])[0].data.update({"text/html": "<b>7</b>"}),
)
add(
    "outputs",
    "JSON beside a value",
    lambda n: result(n).data.update({"application/json": {"a": 7}}),
    step="01_packages",
)
add(
    "outputs",
    "SVG beside a picture",
    lambda n: pictures(drawings(n)[0])[0].data.update({"image/svg+xml": "<svg/>"}),
)
add(
    "outputs",
    "a dead widget",
    lambda n: pictures(drawings(n)[0])[0].data.update({
        "application/vnd.jupyter.widget-view+json": {"model_id": "7", "version_major": 2}
    }),
)
add("outputs", "a progress line with \\r", lambda n: sub(printing(n), "text", r"\A", "10 %\r"))
add("outputs", "terminal colors", lambda n: sub(printing(n), "text", "The", "\x1b[31mThe\x1b[0m"))
add(
    "outputs",
    "a stream in two pieces",
    lambda n: code(n, "load_data").outputs.append(new_output("stream", name="stdout", text="")),
)
add("outputs", "picture before text", lambda n: code(n, "averages = ").outputs.reverse())
add(
    "outputs",
    "moved to the next cell",
    lambda n: [code_cells(n)[1].outputs.extend(code_cells(n)[0].outputs), clear(code_cells(n)[0])],
)
add(
    "outputs",
    "exchanged between two cells",
    lambda n: (
        (pair := [code(n, "bincount(y)"), code(n, "squares")])
        and [
            a.update(outputs=b)
            for a, b in zip(pair, [c.outputs for c in reversed(pair)], strict=True)
        ]
    ),
)

# Pictures

add(
    "pictures",
    "another picture of the notebook",
    lambda n: pictures(drawings(n)[0])[0].data.update({
        "image/png": pictures(drawings(n)[1])[0].data["image/png"]
    }),
)
add(
    "pictures",
    "exchanged, with their alt texts",
    lambda n: (
        (a := pictures(drawings(n)[0]), b := pictures(drawings(n)[1]))
        and [a[0].update(copy.deepcopy(b[0])), b[0].update(copy.deepcopy(a[0]))]
    ),
)
for _text, _change in {
    "moved by one pixel": lambda p: ImageOps.expand(
        p.crop((0, 0, p.width - 1, p.height)), (1, 0, 0, 0)
    ),
    "a small spot": lambda p: [ImageDraw.Draw(p).rectangle((350, 150, 354, 154), "red"), p][1],
    "a faint spot": lambda p: [ImageDraw.Draw(p).rectangle((350, 9, 390, 14), (228, 228, 228)), p][
        1
    ],
    "a title painted over": lambda p: [
        ImageDraw.Draw(p).rectangle((0, 0, p.width, 25), "white"),
        p,
    ][1],
    "mirrored": ImageOps.mirror,
    "upside down": ImageOps.flip,
    "inverted": lambda p: ImageOps.invert(p.convert("RGB")),
    "gray instead of colors": lambda p: p.convert("L"),
    "darker": lambda p: p.point(lambda level: int(level * 0.9)),
    "fewer levels": lambda p: ImageOps.posterize(p.convert("RGB"), 2),
    "blank": lambda p: Image.new("RGB", p.size, "white"),
    "empty": lambda p: Image.new("RGBA", p.size, (0, 0, 0, 0)),
    "transparent": lambda p: [p.putalpha(128), p][1],
    "half as large": lambda p: p.resize((p.width // 2, p.height // 2)),
    "one pixel": lambda p: p.crop((0, 0, 1, 1)),
    "cut at the bottom": lambda p: p.crop((0, 0, p.width, p.height - 10)),
}.items():
    add("pictures", _text, lambda n, change=_change: repaint(code(n, "ax.bar("), change))
add(
    "pictures",
    "a widget's, inverted",
    lambda n: repaint(drawings(n, by_code=True)[0], lambda p: ImageOps.invert(p.convert("RGB"))),
)


def exchange_colors(picture):
    """Exchange blue and orange in the key of a picture."""
    key = (560, 255, 595, 292)
    red, green, blue, alpha = picture.crop(key).split()
    picture.paste(Image.merge("RGBA", (blue, green, red, alpha)), key)
    return picture


add(
    "pictures",
    "colors of a key exchanged",
    lambda n: repaint(code(n, "Beside("), exchange_colors),
    step="14_handwriting",
)


def rewrite(change):
    """Return a change of the bytes of the first picture's file."""

    def apply(notebook):
        data = pictures(drawings(notebook)[0])[0].data
        content = base64.b64decode(data["image/png"])
        data["image/png"] = base64.b64encode(change(content)).decode()

    return apply


def chunk(name, content):
    """Return a chunk of a PNG file."""
    body = name + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def animated(content, kind="PNG"):
    """Return the picture as an animation that goes on with its negative."""
    first = Image.open(io.BytesIO(content)).convert("RGB")
    file = io.BytesIO()
    options = {"append_images": [ImageOps.invert(first)], "default_image": True}
    options = options if kind == "PNG" else {**options, "lossless": True}
    first.save(file, kind, save_all=True, **options)
    return file.getvalue()


HEADER = 33  # bytes of a PNG before its second chunk
add("pictures", "an animated PNG", rewrite(animated))
add("pictures", "an animated WebP", rewrite(lambda c: animated(c, "WEBP")))
add(
    "pictures",
    "a PNG with a gamma of its own",
    rewrite(lambda c: c[:HEADER] + chunk(b"gAMA", struct.pack(">I", 1000)) + c[HEADER:]),
)
add(
    "pictures",
    "a PNG that says to be turned",
    rewrite(lambda c: c[:HEADER] + chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\0") + c[HEADER:]),
)
add(
    "pictures",
    "a PNG with a hidden text",
    rewrite(lambda c: c[:HEADER] + chunk(b"tEXt", b"Title\x0099 %") + c[HEADER:]),
)
add("pictures", "a PNG with something behind it", rewrite(lambda c: c + b"7" * 100))
add(
    "pictures",
    "a faint inscription",
    lambda n: repaint(
        code(n, "ax.bar("),
        lambda p: [ImageDraw.Draw(p).text((300, 100), "98 % right", "#f5f5f5"), p][1],
    ),
)
add(
    "pictures",
    "junk in its base64",
    lambda n: (d := pictures(drawings(n)[0])[0].data).update({
        "image/png": d["image/png"][:400] + "!!*" + d["image/png"][400:]
    }),
)
add(
    "pictures",
    "cut off in the file",
    lambda n: pictures(drawings(n)[0])[0].data.update({
        "image/png": pictures(drawings(n)[0])[0].data["image/png"][:2000]
    }),
)
add(
    "pictures",
    "no PNG at all",
    lambda n: pictures(drawings(n)[0])[0].data.update({
        "image/png": base64.b64encode(b"7" * 400).decode()
    }),
)
add(
    "pictures",
    "JPEG instead of PNG",
    lambda n: (d := pictures(drawings(n)[0])[0].data).update({"image/jpeg": d.pop("image/png")}),
)
add(
    "pictures",
    "removed, its text left",
    lambda n: [pictures(drawings(n)[0])[0].data.pop("image/png")],
)
add("pictures", "removed", lambda n: clear(drawings(n)[0]))
add(
    "pictures",
    "removed, with its alt text",
    lambda n: [clear(c := drawings(n)[0]), c.metadata.clear()],
)
add(
    "pictures",
    "on a silent cell",
    lambda n: silent(n).outputs.append(copy.deepcopy(drawings(n)[0].outputs[0])),
    step="01_packages",
)
add(
    "pictures",
    "old, after the code has changed",
    lambda n: sub(drawings(n)[0], "source", r"X\[1015\]\.reshape", "X[1016].reshape"),
    seen="run",
)

# Alt texts


def set_alt(cell, alt, *, metadata=True):
    """Set the alt text of a picture, and in the metadata of the cell where it has one."""
    pictures(cell)[0].metadata["image/png"] = {"alt": alt}
    if metadata:
        cell.metadata["alt"] = alt


add("alt texts", "removed", lambda n: pictures(drawings(n)[0])[0].metadata.clear())
add(
    "alt texts",
    "removed, in the cell, too",
    lambda n: [pictures(c := drawings(n)[0])[0].metadata.clear(), c.metadata.clear()],
)
add("alt texts", "empty", lambda n: set_alt(drawings(n)[0], ""))
add("alt texts", "a mere 'picture'", lambda n: set_alt(drawings(n)[0], "A picture."))
add(
    "alt texts",
    "another in the output",
    lambda n: set_alt(
        drawings(n)[0], "A wide handwritten three in shades of gray.", metadata=False
    ),
)
add(
    "alt texts",
    "of another picture",
    lambda n: set_alt(drawings(n)[0], drawings(n)[1].metadata["alt"], metadata=False),
)
add(
    "alt texts",
    "made by code, another stored",
    lambda n: set_alt(
        drawings(n, by_code=True)[0],
        "Six images in a row with their labels, as always.",
        metadata=False,
    ),
)
add(
    "alt texts",
    "a widget's, removed",
    lambda n: pictures(drawings(n, by_code=True)[0])[0].metadata.clear(),
)


@kind("alt texts", "a bound number", seen="run")
def _(notebook):
    cell = next(c for c in drawings(notebook) if "65 percent<!--" in c.metadata["alt"])
    for place in (cell.metadata, pictures(cell)[0].metadata["image/png"]):
        place["alt"] = place["alt"].replace("65 percent", "56 percent")


add(
    "alt texts",
    "a result that is not bound",
    lambda n: set_alt(
        drawings(n)[0], "A narrow handwritten two, read correctly in 97 percent of the cases."
    ),
)
add(
    "alt texts",
    "a misspelled word",
    lambda n: set_alt(
        drawings(n)[0], "A narrow handwriten two in shades of gray, and a short foot."
    ),
)

# Execution counts and the order of cells

add("order", "a count too high", lambda n: code(n, "squares").update(execution_count=99))
add("order", "a count missing", lambda n: code(n, "squares").update(execution_count=None))
add("order", "a count twice", lambda n: code_cells(n)[1].update(execution_count=1))
add(
    "order",
    "another count at a value",
    lambda n: result(n).update(execution_count=99),
    step="01_packages",
)
add(
    "order",
    "two code cells exchanged",
    lambda n: swap(n, code(n, "bincount(y)"), code(n, "squares =")),
    seen="run",
)
add("order", "two code cells exchanged, counts kept", lambda n: n.cells.reverse())
add(
    "order",
    "two texts exchanged",
    lambda n: swap(n, prose(n, "## Look at many"), prose(n, "## A first reader")),
)
add(
    "order",
    "a text moved before its code",
    lambda n: swap(n, prose(n, "The averages come to"), prose(n, "## Three sets")),
    seen="run",
)
add("order", "a code cell removed", lambda n: remove(n, code(n, "split_data(X, y)")), seen="run")
add(
    "order",
    "the last code cell removed",
    lambda n: remove(n, code_cells(n)[-1]),
    step="05_model",
)
add(
    "order",
    "a text removed",
    lambda n: remove(n, prose(n, "Which digits do the averages")),
    seen="seal",
)
add(
    "order",
    "a code cell doubled",
    lambda n: insert(n, 3, copy.deepcopy(code(n, "load_data"))),
    seen="seal",
)
add(
    "order",
    "a text doubled",
    lambda n: insert(n, 3, copy.deepcopy(prose(n, "## Load"))),
    seen="seal",
)
add("order", "an empty code cell", lambda n: insert(n, 3, new_code_cell(execution_count=1)))
add("order", "an empty text", lambda n: insert(n, 3, new_markdown_cell("")))
add(
    "order",
    "all code cells removed",
    lambda n: [n.update(cells=[c for c in n.cells if c.cell_type != "code"]), renumber(n)],
)
add("order", "cut off after ten cells", lambda n: n.update(cells=n.cells[:10]))
add("order", "all cells removed", lambda n: n.update(cells=[]))


def retype(notebook, cell, new):
    """Make a cell one of another type, in its place."""
    position = notebook.cells.index(cell)
    notebook.cells[position] = new
    renumber(notebook)


add(
    "order",
    "code made raw",
    lambda n: retype(
        n,
        c := code(n, "squares ="),
        nbformat.NotebookNode(cell_type="raw", source=c.source, metadata={}, id="x"),
    ),
)
add(
    "order",
    "code made Markdown",
    lambda n: retype(
        n, c := code(n, "squares ="), new_markdown_cell(f"```python\n{c.source}\n```")
    ),
)
add(
    "order",
    "Markdown made code",
    lambda n: retype(
        n, c := prose(n, "Which digits"), new_code_cell(f"# {c.source}", execution_count=1)
    ),
)

# Tags, marks and metadata


def lie(notebook):
    """Change a printed number, and return its cell."""
    cell = code(notebook, "squares =")
    sub(cell.outputs[0], "text", r"\d", "4")
    return cell


for _tag in (
    "nbval-ignore-output",
    "nbval-skip",
    "raises-exception",
    "skip-execution",
    "remove-output",
    "anything",
):
    add("marks", f"the tag {_tag}", lambda n, tag=_tag: lie(n).metadata.update(tags=[tag]))
for _mark in ("NBVAL_IGNORE_OUTPUT", "NBVAL_SKIP", "NBVAL_RAISES_EXCEPTION"):
    add(
        "marks",
        f"the comment {_mark}",
        lambda n, mark=_mark: sub(lie(n), "source", r"\A", f"# {mark}\n"),
    )
add(
    "marks",
    "the comment #PYTEST_VALIDATE_IGNORE_OUTPUT, indented",
    lambda n: sub(
        lie(n), "source", r"\Z", "\nif True:\n    #PYTEST_VALIDATE_IGNORE_OUTPUT\n    pass"
    ),
)
add(
    "marks",
    "a tolerance without a reason",
    lambda n: lie(n).metadata.update(tolerance={"numbers": 1e9}),
)
add(
    "marks",
    "a tolerance with a reason",
    lambda n: lie(n).metadata.update(tolerance={"numbers": 1e9, "reason": "differs"}),
)
add(
    "marks",
    "a tolerance for a picture",
    lambda n: [
        repaint(c := drawings(n)[0], ImageOps.mirror),
        c.metadata.update(tolerance={"blocks": 9999, "reason": "differs"}),
    ],
)
add(
    "marks",
    "a huge tolerance where there may be one",
    lambda n: code(n, "from_few, test_images").metadata.tolerance.update(numbers=1e9),
    step="11_cnn",
)
add(
    "marks",
    "a result beyond its tolerance",
    lambda n: sub(code(n, "from_few, test_images").outputs[0], "text", r"99\.", "98."),
    step="11_cnn",
)
add(
    "marks",
    "collapsed input",
    lambda n: code(n, "squares =").metadata.update(jupyter={"source_hidden": True}),
)
add("marks", "folded output", lambda n: code(n, "squares =").metadata.update(collapsed=True))
add(
    "marks",
    "an attachment",
    lambda n: prose(n, "## Load").update(attachments={"a.png": {"image/png": "7"}}),
)
add("marks", "widget state", lambda n: n.metadata.update(widgets={"state": {}}))
add("marks", "a title of its own", lambda n: n.metadata.update(title="7"))
add("marks", "a version of Python", lambda n: n.metadata.language_info.update(version="3.11"))
add("marks", "another language", lambda n: n.metadata.update(language_info={"name": "julia"}))
add("marks", "another kernel", lambda n: n.metadata.kernelspec.update(name="julia-1.10"))
add(
    "marks",
    "metadata at a picture",
    lambda n: pictures(drawings(n)[0])[0].metadata["image/png"].update(width=7),
)
# Jupyter chooses ids, so that nothing is wrong with another one; but it is not what was stored.
add("marks", "another id", lambda n: code(n, "squares =").update(id="squares"), seen="seal")
add(
    "marks",
    "two ids exchanged",
    lambda n: (
        (a := code(n, "squares ="), b := prose(n, "## Load"), i := a.id)
        and [a.update(id=b.id), b.update(id=i)]
    ),
    seen="seal",
)
add(
    "marks",
    "packages that made nothing",
    lambda n: n.metadata.stored.packages.update(numpy="1.0.0"),
    seen="seal",
)
add("marks", "no seal", lambda n: n.metadata.pop("stored"), seen="seal")

# Code that no longer makes what is stored


def source(text, old, new, step="03_dataset", seen="run"):
    """Register a change of code; its outputs stay as they are stored."""

    def change(notebook):
        cell = code(notebook, old)
        cell.source = cell.source.replace(old, new, 1)

    add("code", text, change, step, seen)


source("another image", 'label {y[1015]}")', 'label {y[2015]}")')
source("another seed", "default_rng(7)", "default_rng(8)")
source("max for min", "print(squares.argmin())", "print(squares.argmax())")
source("less rounding", ".1f} %", ".2f} %")
source("another text printed", "The shape of X is:", "X has the shape")
source("another order of pixels", 'order="F"', 'order="C"', seen="at once")
source("a bar less", "confusion.sum(axis=1)\nfig", "confusion.sum(axis=1)\nright[9] = 0\nfig")
source("another axis label", "read correctly, %", "right, %")
source("a print removed", "print(np.bincount(y))\n", "")
source("a sum for a mean", "X[y == digit].mean(axis=0)", "X[y == digit].sum(axis=0)")
source(
    "a silent change with an effect below",
    "image[3:5, 4:16] = 1",
    "image[3:5, 4:17] = 1",
    step="01_packages",
)
source("where a slider begins", "IntSlider(1015", "IntSlider(1020")
source("an error", "print(squares.argmin())", "print(squares.argmin(axis=3))")
source("a syntax error", "print(squares.argmin())", "print(squares.argmin()", seen="at once")
source("an undefined name", "print(squares.argmin())", "print(square.argmin())")
source("a line of the original", "X, y = load_data()", "X, y = helpers.load_data()", seen="at once")
source(
    "a comment that quotes a result",
    "print(squares.argmin())",
    "print(squares.argmin())  # right in 97 % of all cases",
    seen="at once",
)
source("a result printed from a constant", "print(squares.argmin())", "print(1)", seen="seal")

# Prose


def text(what, old, new, step="03_dataset", seen="at once"):
    """Register a change of prose, from `old` to `new`."""

    def change(notebook):
        cell = prose(notebook, old)
        cell.source = cell.source.replace(old, new, 1)

    add("prose", what, change, step, seen)


text("a bound number", "81.0 %<!--", "81.5 %<!--", seen="run")
text("a bound count", "3,500<!--", "3,600<!--", seen="run")
text("a bound number, less exact", "81.0 %<!--", "82 %<!--", seen="run")
text("the sign of a bound number", "81.0 %<!--", "−81.0 %<!--", seen="run")
text(
    "another expression",
    "<!-- 100 * average_accuracy -->",
    "<!-- 100 * neighbor_accuracy -->",
    seen="run",
)
text("an unknown name", "<!-- 100 * average_accuracy -->", "<!-- 100 * accuracy -->", seen="run")
text("an expression of nothing but numbers", "<!-- 100 * average_accuracy -->", "<!-- 77.4 -->")
text("a broken expression", "<!-- 100 * average_accuracy -->", "<!-- 100 * -->")
text(
    "an expression that is no number",
    "<!-- 100 * average_accuracy -->",
    "<!-- squares -->",
    seen="run",
)
text("a huge tolerance", "<!-- 100 * average_accuracy -->", "<!-- 100 * average_accuracy ± 99 -->")
text(
    "a huge tolerance where there may be one",
    "right_few ± 0.25:",
    "right_few ± 99:",
    step="11_cnn",
)
text("a tolerance wider than its reason", "± 0.05: six", "± 0.15: six", step="11_cnn")
text(
    "a result embellished within its tolerance",
    "to 85 %<!-- results[3] ± 5:",
    "to 89 %<!-- results[3] ± 5:",
    step="11_cnn",
)
text("a binding removed", "77.4 %<!-- 100 * average_accuracy -->", "77.4 %", seen="seal")
text("a binding removed and the number changed", "77.4 %<!-- 100 * average_accuracy -->", "87 %")
text("a binding of a count removed", "3,500<!-- len(X_train) -->", "3,600")
text("a binding with no number", "77.4 %<!--", "most<!--")
text("a comment that does not end", " -->. Ten averages", ". Ten averages")
text("a new percentage", "## Look at many\n", "## Look at many\n\nPeople read 98 % of them.\n")
text("a new count of errors", "## Look at many\n", "## Look at many\n\nThere are 12 errors.\n")
text("a new accuracy", "## Look at many\n", "## Look at many\n\nIts accuracy is 0.98.\n")
text("a new loss", "## Look at many\n", "## Look at many\n\nThe loss falls to 3.\n")
text("a new time", "## Look at many\n", "## Look at many\n\nIt takes 3 seconds.\n")
text("a new result in words", "## Look at many\n", "## Look at many\n\nNine of ten are easy.\n")
text("a new number", "## Look at many\n", "## Look at many\n\nThere are 1,234 sevens.\n")
text("a new percentage in bold", "## Look at many\n", "## Look at many\n\n**98 %** are easy.\n")
text("a new percentage as a formula", "## Look at many\n", "## Look at many\n\n$98\\,\\%$\n")
text(
    "a wrong sign in an identity",
    "(a - b)^2 = a^2 - 2ab + b^2",
    "(a - b)^2 = a^2 - 2ab - b^2",
)
text(
    "a wrong sign in the formula of a neuron",
    "w_3 x_3 + b$$<!--",
    "w_3 x_3 - b$$<!--",
    step="02_activations",
    seen="run",
)
text(
    "a formula of its own",
    "z = w_1 x_1 + w_2 x_2",
    "z = w_1 + x_1 \\cdot w_2 + x_2",
    step="02_activations",
    seen="run",
)
text(
    "a formula that nothing computes",
    "## Stack two neurons\n",
    "## Stack two neurons\n\n$a = w z - b$\n",
    step="02_activations",
)
text("another promise", ", on your computer only.", ", and sent to us.", step="14_handwriting")
text("a listed number", "reports 15 errors", "reports 10 errors", step="06_training")
text("a listed number removed", "reports 15 errors", "reports some errors", step="06_training")
text("a size", "5,000 images of digits", "6,000 images of digits")
text("a digit behind a binding", "a 2<!-- y[1015] -->", "a 2<!-- y[1015] -->7")
text("a digit before a bound number", "77.4 %<!--", "9**77.4 %**<!--")
text("an invisible character before it", "77.4 %<!--", "9\u200b77.4 %<!--")
text("numbers turned round by a control character", "77.4 %<!--", "\u202e77.4\u202c %<!--")
text("another unit", "77.4 %<!--", "77.4 million<!--")
text("a comma misplaced", "3,500<!--", "35,00<!--")
text("a bound number struck out", "77.4 %<!--", "~~77.4 %~~<!--")
text(
    "rounded to nothing",
    "77.4 %<!-- 100 * average_accuracy -->",
    "an accuracy of 1<!-- average_accuracy -->",
    seen="run",
)
text(
    "a constant in the expression",
    "<!-- 100 * average_accuracy -->",
    "<!-- 77.4 + 0 * average_accuracy -->",
)
text(
    "an expression that assigns",
    "<!-- 100 * average_accuracy -->",
    "<!-- (average_accuracy := 77.4) -->",
)
text("a small tolerance", "<!-- 100 * average_accuracy -->", "<!-- 100 * average_accuracy ± 1 -->")
for _what, _text in {
    "a percentage in letters": "Ninety percent are easy.",
    "a percentage with a wide sign": "100％ are easy.",
    "a percentage half in bold": "**98** % are easy.",
    "a percentage as code": "`98 %` are easy.",
    "a share": "9 of 10 are easy.",
    "a share in letters": "Nine out of eleven are easy.",
    "a factor": "It is 7 times faster.",
    "a number between brackets": "There are sevens (1,234).",
    "a number in a link": "There are [1,234 sevens](../data/README.md).",
    "a number split by HTML": "There are 1<wbr>234 sevens.",
    "a number from a comment of the code": "There are 6,789 sevens.",
    "a number of a distant cell": "There are 93.4 on each page.",
    "a block of code as if it had run": "```\nright: 100.0 %\n```",
    "a script": "<script>alert(7)</script>",
    "a text that is hidden": "<div hidden>Never seen.</div>",
    "a text in a comment": "<!-- never seen -->",
    "a picture from elsewhere": "![A seven in gray](https://example.org/seven.png)",
    "a picture in the text": "![The digits of this step](../.github/canvas.gif)",
    "a link to a folder": "See [the data](../data).",
    "a link out of the repository": "See [the data](../../secret.md).",
    "a link to an unknown host": "See [scikit-learn](https://scikit-learn.org.example.com).",
    "a link in HTML": "See <a href='nowhere.ipynb'>step 7</a>.",
    "a link in code": "See `[Step 2: Bend a line](02_activations.ipynb)`.\n\nSee ](x).",
    "half a bold": "This is **important.",
    "a heading without a space": "##Important",
    "a table without its line": "| a | b |\n| 1 | 2 |",
    "an indented block": "    right",
}.items():
    text(_what, "## Look at many\n", f"## Look at many\n\n{_text}\n")
add("order", "a text of nothing that one sees", lambda n: insert(n, 3, new_markdown_cell("\u200b")))
add("order", "a text of a line only", lambda n: insert(n, 3, new_markdown_cell("---")))
add("alt texts", "of blanks", lambda n: set_alt(drawings(n)[0], " " * 40))
add("alt texts", "of dots", lambda n: set_alt(drawings(n)[0], "." * 40))
add(
    "alt texts",
    "of another picture, in the cell, too",
    lambda n: set_alt(drawings(n)[0], drawings(n)[1].metadata["alt"]),
)
add("marks", "metadata at a value", lambda n: result(n).metadata.update(note="99 %"), "01_packages")
source(
    "a test that is told from a reader",
    "print(squares.argmin())",
    "import os\nprint(1 if 'PYTEST_CURRENT_TEST' in os.environ else 7)",
    seen="at once",
)
source(
    "code that never runs",
    "print(squares.argmin())",
    "print(squares.argmin())\nif False:\n    print('right: 99 %')",
    seen="at once",
)
source(
    "sliders hidden from the checks",
    "print(squares.argmin())",
    "print(squares.argmin())\nimport helpers.widgets\nhelpers.widgets.explorers.clear()",
    seen="at once",
)
source(
    "a result in a bare text",
    "print(squares.argmin())",
    "'right in 99 % of cases'\nprint(squares.argmin())",
    seen="at once",
)
text("a misspelled word", "The data ships", "The data shpis")
text("a British word", "gray edges", "grey edges")
text("a word twice", "The data ships", "The data data ships")
text("a sentence without an end", "The data ships", f"{'The data ships, and ' * 12}The data ships")
text("a British spelling", "neighbor", "neighbour", step="01_packages")
text(
    "a word replaced by its opposite",
    "the second is a strong one",
    "the second is a weak one",
)

# Claims in words, and numbers without a binding


def words(what, step, old, new, seen="at once"):
    """Register a change of the words of a text or an alt text, from `old` to `new`."""

    def change(notebook):
        cell = next(c for c in notebook.cells if old in c.source + c.metadata.get("alt", ""))
        if old in cell.source:
            cell.source = cell.source.replace(old, new, 1)
        else:
            set_alt(cell, cell.metadata["alt"].replace(old, new, 1))

    add("words", what, change, step, seen)


words(
    "a superlative of another digit",
    "03_dataset",
    "The five is the hardest",
    "The eight is the hardest",
)
words("a superlative turned round", "03_dataset", "is the hardest", "is the easiest")
words(
    "a condition made weaker",
    "03_dataset",
    "np.argmin(right) == 5 -->",
    "np.argmin(right) >= 0 -->",
    "run",
)
words(
    "another condition that is true",
    "03_dataset",
    "np.argmin(right) == 5 -->",
    "len(right) == 10 -->",
    "seal",
)
words("the signs of other words", "03_dataset", "<!-- true 79f8:", "<!-- true 79f9:")
words(
    "two numbers exchanged",
    "03_dataset",
    "read 65 %<!-- right[5] --> of the fives. Of the eights, they read 71 %",
    "read 71 %<!-- right[5] --> of the fives. Of the eights, they read 65 %",
    "run",
)
words(
    "a new comparison",
    "03_dataset",
    "## Look at many\n",
    "## Look at many\n\nSevens are harder to read than ones.\n",
)
words(
    "a new quantity",
    "03_dataset",
    "## Look at many\n",
    "## Look at many\n\nNearly all are upright.\n",
)
words(
    "a new multiple",
    "03_dataset",
    "## Look at many\n",
    "## Look at many\n\nThere are twice as many sevens.\n",
)
words("a new color", "03_dataset", "## Look at many\n", "## Look at many\n\nThe ink is purple.\n")
words(
    "a new side",
    "03_dataset",
    "## Look at many\n",
    "## Look at many\n\nThe ones stand on the left.\n",
)
words(
    "a new order",
    "03_dataset",
    "## Look at many\n",
    "## Look at many\n\nThe second image is a seven.\n",
)
words(
    "a new share",
    "03_dataset",
    "## Look at many\n",
    "## Look at many\n\nA third of them are odd.\n",
)
words(
    "a side in an alt text",
    "03_dataset",
    "Left, an upright two; right",
    "Right, an upright two; left",
)
words(
    "a count in words",
    "03_dataset",
    "## Look at many\n",
    "## Look at many\n\nThey stand in seven rows.\n",
)
words(
    "a letter among digits", "03_dataset", "## Look at many\n", "## Look at many\n\n5OO of each.\n"
)
words(
    "a fraction as one sign", "03_dataset", "## Look at many\n", "## Look at many\n\n½ of them.\n"
)
words(
    "a title of a link", "03_dataset", "](../data/README.md)", '](../data/README.md "99 % right")'
)
words(
    "the data card elsewhere",
    "03_dataset",
    "[Its data card](../data/README.md)",
    "[Its data card](../README.md)",
)
words("a step without its link", "03_dataset", "[step 1](01_packages.ipynb)", "step 1")
words("the year of a paper", "06_training", "optimization (2014)", "optimization (2004)")
words("the author of a paper", "06_training", "[Kingma and Ba", "[Hinton and Ba")
words("layers exchanged", "04_architecture", "400-25-15-10", "400-15-25-10")
words("other code in a text", "03_dataset", 'order="F"', 'order="A"')
words(
    "a tolerance without what was measured",
    "03_dataset",
    "<!-- 100 * average_accuracy -->",
    "<!-- 100 * average_accuracy ± 2 -->",
)
words(
    "a number that has to be so",
    "03_dataset",
    "<!-- 100 * average_accuracy -->",
    "<!-- 77 + 0.4 + 0 * average_accuracy -->",
    "run",
)
words(
    "a number by way of a text",
    "03_dataset",
    "<!-- 100 * average_accuracy -->",
    "<!-- np.float64('77.4') -->",
    "run",
)
words(
    "the side of a neuron",
    "12_backpropagation",
    "The upper hidden neuron gets 1.00",
    "The lower hidden neuron gets 1.00",
)
words(
    "what a curve does in an alt text",
    "02_activations",
    "flat at zero for negative z and rises with slope one for positive z",
    "flat at zero for positive z and rises with slope one for negative z",
)
words("how often", "16_workers", "after every third epoch", "after every second epoch")
words(
    "a time longer than all code",
    "15_anywhere",
    "This takes about thirty seconds. *At",
    "This takes about thirty minutes. *At",
)
words(
    "a method that is not there",
    "14_handwriting",
    "`store.remove(drawings[i].key)`",
    "`store.delete(drawings[i].key)`",
    "run",
)
source(
    "an import that no notebook needs",
    "print(squares.argmin())",
    "import this\nprint(squares.argmin())",
    seen="at once",
)
source(
    "a wrong number in a comment",
    "print(squares.argmin())",
    "# of 12 averages\nprint(squares.argmin())",
    seen="at once",
)

# Pages

PAGES = []


@dataclasses.dataclass(frozen=True)
class Page:
    """A lie on a page that is no notebook."""

    file: str
    text: str
    old: str
    new: str
    seen: str = "at once"

    @property
    def name(self):
        """What is done to what."""
        return f"pages: {self.text} ({self.file})"


def page(file, *changes):
    """List changes of one page: what it is, the old text, the new text."""
    PAGES.extend(Page(file, *change) for change in changes)


page(
    "README.md",
    ("how many notebooks", "Sixteen<!-- len(steps) -->", "Thirteen<!-- len(steps) -->"),
    ("a version of Python", "3.11, 3.12 and 3.13", "3.10, 3.12 and 3.13"),
    ("another license", "[MIT](LICENSE)", "[Apache](LICENSE)"),
    ("another promise", "keeps your version beside it", "deletes your version"),
    ("a promise that no test holds", "::test_what_a_learner_wrote_stays", "::test_it_stays"),
    ("a target of make", "`make prove` tampers", "`make proof` tampers"),
    ("a folder", "`kernels/`", "`kernal/`"),
    ("a ratio", "takes 0.32 to 0.50 of", "takes 0.22 to 0.50 of"),
    ("a size without a source", "(about 2 GB)", "(about 1 GB)"),
    ("a layout exchanged", "write the 400-25-15-10", "write the 400-15-25-10"),
    (
        "minutes of a step",
        "Keras and check that it is the same | 45 |",
        "Keras and check that it is the same | 25 |",
    ),
    ("a new claim", "## The steps\n", "## The steps\n\nNo series is faster than this one.\n"),
    ("a link to the data card", "the [data card](data/README.md)", "the [data card](LICENSE)"),
    ("a program in a command", "`python tools/workbook.py`", "`python tools/make_workbook.py`"),
    ("a variable of make", "`make lab PYTHON=python3.12`", "`make lab PY=python3.12`"),
    (
        "two names beside their numbers exchanged",
        "scikit-learn 0.17 to 0.22 and PyTorch 0.40 to 0.58",
        "PyTorch 0.17 to 0.22 and scikit-learn 0.40 to 0.58",
    ),
)
page(
    "notebooks/TEACHING.md",
    ("an exercise", "8.3, 9.3", "8.3, 9.9"),
    ("a file", "`data/progress.txt`", "`data/solved.json`"),
    ("a command", "make collect FROM", "make gather FROM"),
    ("a module", "-m tools.handwriting submitted", "-m tools.merge submitted"),
    ("another promise", "the folded solutions are missing", "the folded solutions remain"),
    ("a title", "[7 · Read a digit]", "[7 · Draw a digit]"),
)
page(
    "data/README.md",
    ("a shape", "(5000, 20, 20)", "(5000, 28, 28)"),
    ("a count", "holds 5,000<!--", "holds 6,000<!--"),
    ("the paper's color", "0 is paper, 255 is ink", "255 is paper, 0 is ink"),
    ("parameters", "97,474<!--", "79,474<!--"),
    ("a program", "`tools/make_digits.py`", "`tools/make_data.py`"),
    ("a checksum", "`c1475932cdf5", "`c1475932cdf6"),
)
page(
    "CONTRIBUTING.md",
    ("how many exercises", "Two<!-- FEWEST -->", "Three<!-- FEWEST -->"),
    ("a command", "`make lock`", "`make locks`"),
    ("a folder", "in `book/_build/html`", "in `book/_site/html`"),
)

# Exercises


def task(notebook, part):
    """Return a cell of exercise 3.1: its text, its blank, its check or its solution."""
    cells = notebook.cells
    start = next(i for i, c in enumerate(cells) if "### Exercise 3.1" in c.source)
    return cells[start + ["text", "blank", "check", "solution"].index(part)]


def retell(what, part, old, new, seen="at once"):
    """Register a change of a cell of an exercise."""

    def change(notebook):
        cell = task(notebook, part)
        assert old in cell.source
        cell.source = cell.source.replace(old, new, 1)

    add("exercises", what, change, seen=seen)


retell("a solution that is wrong", "solution", "100 * (guesses == y)", "(guesses == y)", "run")
retell("a solution that fails", "solution", ".mean()", ".average()", "run")
retell("a solution of prose", "solution", "```python", "```text")
retell("a solution that is not folded", "solution", "<details>\n<summary>Solution</summary>\n", "")
retell("a solution that folds away the rest", "solution", "\n</details>", "")
retell("a sentence hidden before it", "solution", "<details>", "<details>Right: 98 %")
retell("an example that is wrong", "text", "`75.0`", "`25.0`", "run")
retell("an example of something else", "text", "[1, 2, 9, 4]", "[1, 2, 3, 4]", "run")
retell("another number", "text", "Exercise 3.1", "Exercise 3.2")
retell("another name", "text", "Percent right", "Percent wrong")
retell("a blank that is filled in", "blank", "return ...", "return 100 * (guesses == y).mean()")
retell("a blank without a blank, but wrong", "blank", "return ...", "return 0")
retell("a check of another exercise", "check", '"3.1"', '"3.3"')
retell("a check of something else", "check", "percent_right)", "len)", "run")
retell("a name that other cells need", "blank", "return ...", "return ...\n\n\ny = ...")
add("exercises", "a blank without a tag", lambda n: task(n, "blank").metadata.pop("tags"))
add("exercises", "a check without a tag", lambda n: task(n, "check").metadata.pop("tags"))
add("exercises", "no solution", lambda n: n.cells.remove(task(n, "solution")))
add(
    "exercises",
    "a check that says solved",
    lambda n: sub(task(n, "check").outputs[0], "text", "not solved yet", "solved"),
)
add(
    "exercises",
    "no progress shown",
    lambda n: n.cells.remove(code(n, "show_progress()")),
)

# Links and the form of a notebook

text("a missing notebook", "](01_packages.ipynb)", "](01_package.ipynb)")
text("a link to another step", "[step 1](01_packages.ipynb)", "[step 1](02_activations.ipynb)")
text("a step by another name", "[Step 4: Draw the network]", "[Step 4: Paint the network]")
text("a missing file", "](../data/README.md)", "](../data/READM.md)")
text("a missing heading", "](../data/README.md)", "](../data/README.md#nowhere)")
text("a broken web address", "https://scikit-learn.org", "htp://scikit-learn.org")
text("a link to nowhere", "](../data/README.md)", "]()")
text("a picture without alt text", "## Load\n", "## Load\n\n![](../.github/canvas.gif)\n")
text(
    "a picture in HTML without alt text",
    "## Load\n",
    '## Load\n\n<img src="../.github/canvas.gif">\n',
)
text("a missing picture", "## Load\n", "## Load\n\n![A laboratory](lab.png)\n")
text("the way back removed", "← [Step 2: Bend a line](02_activations.ipynb) · ", "")
text("the title", "# Step 3 · Meet the digits", "# Step 4 · Meet the digits")
text("the box 'You need' removed", "> **You need**", "> You need")
text("the time removed", "About 60 minutes; the code runs in 10 seconds.", "")
text("'Further reading' removed", "**Further reading.**", "More:")
text("the summary removed", "## What you now know", "## The end")

# The file

add("file", "a million bytes", lambda n: sub(printing(n), "text", r"\Z", "7" * 1_000_000))
add("file", "other indentation", lambda n: json.dumps(n, indent=2, ensure_ascii=False) + "\n")
add(
    "file",
    "a key twice",
    lambda n: (
        nbformat.writes(n).replace(
            '"execution_count": 3,', '"execution_count": 99,\n   "execution_count": 3,', 1
        )
        + "\n"
    ),
)
add("file", "a key that no notebook has", lambda n: n.update(author="7"))
add("file", "line ends of Windows", lambda n: nbformat.writes(n).replace("\n", "\r\n") + "\r\n")
add("file", "deep nesting", lambda n: "[" * 200_000)
add("file", "a number of 5,000 digits", lambda n: "7" * 5000)
add("file", "cut off", lambda n: nbformat.writes(n)[:-100])
add("file", "empty", lambda n: "")
add("file", "a page of HTML", lambda n: "<!DOCTYPE html><title>404</title>")
add(
    "file",
    "merge-conflict markers",
    lambda n: nbformat.writes(n).replace(
        ' "metadata": {\n  "kernelspec"',
        '<<<<<<< ours\n=======\n>>>>>>> theirs\n "metadata": {\n  "kernelspec"',
        1,
    ),
)
add("file", "format 3", lambda n: nbformat.writes(nbformat.convert(n, 3), version=3))
add(
    "file",
    "format 4.4",
    lambda n: [n.update(nbformat_minor=4), [c.pop("id") for c in n.cells]] and nbformat.writes(n),
)
add("file", "no kernel", lambda n: n.metadata.clear())
add("file", "a byte order mark", lambda n: "\ufeff" + nbformat.writes(n))
