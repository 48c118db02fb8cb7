"""The form of a stored notebook: cells, outputs and code are as a reader should find them."""

import ast
import copy
import difflib
import re

import nbformat
from nbval.plugin import comment_markers

from checks.notebook import SEAL, describe, needs_a_run, normalize

TAGS = {"exercise", "check", "open"}  # what a cell may be tagged with
KEYS = {"alt", "exceptions", "tags", "tolerance"}  # what its metadata may hold
# Names by which code could ask whether it is being tested.
TELLTALES = r"environ|getenv|get_ipython|explorers|modules|__import__|eval|exec"
# What a tolerance may be for, and how large at most: in the unit of the number; blocks of 8 × 8.
WIDEST = {"numbers": 15, "blocks": 40}
LARGEST = 1_000_000  # bytes; GitHub shows no larger notebook


def check_seal(stored):
    """Every cell is as it was when the outputs were stored, and so are the packages."""
    notebook, project = stored.notebook, stored.project
    if not project.sealed:
        return
    sealed = notebook.metadata.get(SEAL)
    if not isinstance(sealed, dict) or not isinstance(sealed.get("cells"), list):
        yield None, f"its outputs were never stored; {stored.store}"
        return
    made_with = sealed.get("packages", {})
    for name, version in project.packages.items():
        if made_with.get(name) != version:
            yield (
                None,
                f"its outputs were made with {name} {made_with.get(name, 'missing')}, but "
                f"requirements.lock has {version}; {stored.store}",
            )
            break  # one reason is enough to run it again
    now = [describe(cell) for cell in notebook.cells]
    nothing = "" if needs_a_run(stored) else ", which then runs nothing"
    matcher = difflib.SequenceMatcher(a=sealed["cells"], b=now, autojunk=False)
    for what, a, b, start, end in matcher.get_opcodes():
        if what == "delete":
            yield None, f"{b - a} cell(s) after cell {a} are gone; {stored.store}"
        elif what == "insert":
            yield start, f"{end - start} cell(s) from here on are new or moved; {stored.store}"
        elif what == "replace":
            for position in range(start, end):
                if stored.cells[position].cell_type == "code":
                    yield position, f"is not as it was when it was run; {stored.store}"
                else:
                    yield position, f"its text is not as it was stored; {stored.store}{nothing}"


def check_form(stored):
    """Check that the file holds what a reader sees, and nothing else."""
    for position, cell in enumerate(stored.cells):
        for problem in cell_problems(cell, stored):
            yield position, problem
    size = stored.path.stat().st_size
    if size >= LARGEST:
        yield None, f"has {size:,} bytes, a million or more; make pictures smaller"


def cell_problems(cell, stored):
    """Yield what is wrong with the form of one cell."""
    if cell.cell_type == "raw":
        yield "is a raw cell, which nobody runs or sees; make it code or Markdown"
    more = set(cell.metadata) - KEYS
    if more:
        yield f"has metadata {sorted(more)}; remove it"
    for tag in set(cell.metadata.get("tags", [])) - TAGS:
        yield f"has the tag {tag!r}, which is not allowed; remove it"
    if "tolerance" in cell.metadata:
        tolerance = cell.metadata.tolerance
        allowed = [(kind, tolerance[kind]) for kind in tolerance if kind != "reason"]
        yield from tolerance_problems(allowed, stored)
        if not isinstance(tolerance.get("reason"), str):
            yield "has a tolerance without a reason; write one beside it"
    if cell.cell_type == "code":
        for line in cell.source.splitlines():
            if line.strip().lstrip("#").strip() in comment_markers and "#" in line:
                yield f"says {line.strip()!r}, which hides its output from nbval; remove it"
        if cell.source.rstrip().endswith(";"):
            yield "ends in ';', which hides its output from readers but not from nbval; remove it"
        changes = re.search(r"\bclear_output\(|\bdisplay_id\b|\bupdate_display\(", cell.source)
        if changes:
            yield (
                f"changes what it has shown ({changes[0].rstrip('(')}), and nbval sees all of it; "
                "show the last state only, or use a widget"
            )
    if cell.get("attachments"):
        yield "has attachments; link to files instead"
    for text in [cell.source, *texts_of(cell)]:
        machine = re.search(r"/(home|root|work|tmp|Users|private|var/folders)/[\w.-]*", text)
        if machine or "C:\\" in text:
            yield "names a folder of one machine; do not print paths"


def tolerance_problems(tolerances, stored):
    """Yield what is wrong with tolerances, as (kind, size), of a cell, or of the bindings in it."""
    if tolerances and stored.path.stem not in stored.project.tolerant:
        yield "has a tolerance, but results are the same everywhere here; remove it"
    for kind, size in tolerances:
        if kind not in WIDEST:
            yield f"has a tolerance for {kind!r}, which means nothing; remove it"
        elif size > WIDEST[kind]:
            yield f"has a tolerance of more than {WIDEST[kind]} {kind}; make it narrower"


def texts_of(cell):
    """Yield all text that the outputs of a cell hold."""
    for output in cell.get("outputs", []):
        yield output.get("text", "")
        yield from (v for k, v in output.get("data", {}).items() if k.startswith("text/"))


def check_written(stored):
    """Check that the file is, to the byte, what tools/notebooks.py would write."""
    tidy = copy.deepcopy(stored.notebook)
    normalize(tidy)
    if stored.path.read_bytes() != (nbformat.writes(tidy) + "\n").encode():
        pairs = enumerate(zip(stored.cells, tidy.cells, strict=True))
        position = next((position for position, (a, b) in pairs if a != b), None)
        yield position, f"is not written as it would be stored; {stored.store}"


def check_runs(stored):
    """All code cells were run, in order, once."""
    for count, (position, cell) in enumerate(stored.code(), start=1):
        if any(one.get("execution_count", count) != count for one in [cell, *cell.outputs]):
            yield position, f"was not run, or not as number {count}; {stored.store}"


def check_outputs(stored):
    """Check that outputs are of the kinds that read well with no kernel."""
    known = {"text/plain", "text/html", "image/png"}
    for position, cell in stored.code():
        for output in cell.outputs:
            data = output.get("data", {})
            if output.output_type == "error":
                yield position, f"ends in {output.ename}; mend the cell"
            if output.get("name") == "stderr":
                yield position, f"writes to stderr: {output.text[:80]!r}; prevent it"
            if re.search(r"[\r\b\x1b]", output.get("text", "")):
                yield position, "prints \\r, \\b or terminal codes; print whole plain lines"
            for kind in set(data) - known:
                yield position, f"stores an output of kind {kind}; show a picture or text instead"
            if "image/png" not in data and data.get("text/plain", "").startswith("<Figure"):
                yield position, "names a figure without showing it; end the cell on plt.show()"


def check_code(stored):
    """Code is Python, and cannot tell a test from a reader."""
    for position, cell in stored.code():
        try:
            tree = ast.parse(cell.source)
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            yield position, f"is no Python ({error}); mend it"
            continue
        if not tree.body:
            yield position, "holds no code; remove it, or make it Markdown"
        nodes = list(ast.walk(tree))
        modules = [alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names]
        modules += [n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)]
        allowed = set(stored.project.imports or modules)
        for module in {module.partition(".")[0] for module in modules} - allowed:
            yield position, f"imports {module}, which is not under `imports` in pyproject.toml"
        names = {getattr(n, "id", getattr(n, "attr", getattr(n, "name", ""))) for n in nodes}
        for name in names:
            if re.fullmatch(TELLTALES, name or ""):
                yield position, f"uses {name}, which can tell a test from a reader; do without"
        if any(isinstance(n, ast.If) and isinstance(n.test, ast.Constant) for n in nodes):
            yield position, "holds code that never runs; remove it"
