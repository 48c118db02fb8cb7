"""Take code out of notebooks: what the reader has seen is what is measured."""

import ast
import contextlib
import linecache
import symtable

import nbformat

DEFINING = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assign


def source_of(path, names):
    """Return the statements of a notebook that define `names`, and all that these need.

    Parameters
    ----------
    path : Path
    names : sequence of str
        Functions or variables at the top level of its cells.

    Returns
    -------
    str
        Python code without comments, in the order of the notebook.

    Raises
    ------
    ValueError
        If one of `names` is defined nowhere.
    """
    cells = nbformat.read(path, as_version=4).cells
    sources = [c.source for c in cells if c.cell_type == "code" and not c.metadata.get("tags")]
    statements = ast.parse("\n".join(sources)).body
    tables = [symtable.symtable(ast.unparse(s), path.name, "exec") for s in statements]
    needed, missing = set(), list(names)
    seen = set(names)
    while missing:
        name = missing.pop()
        makers = [
            i
            for i, (statement, table) in enumerate(zip(statements, tables, strict=True))
            if isinstance(statement, DEFINING) and name in _bound(table)
        ]
        if name in names and not makers:
            raise ValueError(f"{path.name} does not define {name!r}.")
        for i in makers:
            needed.add(i)
            missing += _used(tables[i]) - seen
            seen |= _used(tables[i])
    return "\n".join(ast.unparse(statements[i]) for i in sorted(needed))


def load_source(path, names):
    """Return what a notebook defines by `names`, ready to use; see `source_of`.

    Returns
    -------
    dict of str to object
        `names`, and all that they need.
    """
    source, file = source_of(path, names), f"<{path.name}: {', '.join(names)}>"
    # tf.function reads the source of what it compiles.
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    found = {}
    exec(compile(source, file, "exec"), found)
    return found


def _bound(table):
    """Return the names that the code of a symbol table assigns, defines or imports."""
    symbols = table.get_symbols()
    return {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}


def _used(table):
    """Return the global names that the code of a symbol table uses, functions included."""
    names = {s.get_name() for s in table.get_symbols() if s.is_referenced() and s.is_global()}
    if table.get_type() == "module":
        names = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    return names.union(*(_used(child) for child in table.get_children()))


@contextlib.contextmanager
def in_64_bits():
    """Let Keras compute with 64 bits, as steps 5 to 8 do, and then as before."""
    from keras import config

    before = config.floatx(), config.dtype_policy()
    config.set_floatx("float64")
    config.set_dtype_policy("float64")  # for it keeps the one that it has used
    try:
        yield
    finally:
        config.set_floatx(before[0])
        config.set_dtype_policy(before[1])
