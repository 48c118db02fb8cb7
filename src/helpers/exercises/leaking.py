"""Read in the code of an answer what it uses: its arguments, and names of the notebook."""

import ast
import dis
import functools
import linecache
import numbers
import types

import numpy as np


def leaked_names(function, *, right=False):
    """Return the names of data outside of a function that it reads, in the order of the alphabet.

    Functions, classes and modules are no data, and constants that stand in the same cell or are
    written in capitals are meant to be used.

    Parameters
    ----------
    function : object
        An answer; of what is no function written in Python, nothing is known.
    right : bool
        Whether its results are right: then it may also use arrays that its own cell makes.
    """
    function = _python_function(function)
    if function is None:
        return []
    names = sorted(_read_outside(function.__code__) & function.__globals__.keys())
    data = [name for name in names if _is_data(function.__globals__[name])]
    own = _names_of_cell(function.__code__) if data else set()
    return [
        name
        for name in data
        if not (
            (right and name in own)
            or ((name in own or name.isupper()) and _is_constant(function.__globals__[name]))
        )
    ]


def argument_names(function, count):
    """Return the names that a function gives its arguments, or [] if they are not so many."""
    function = _python_function(function)
    # Of bound methods and the like it is not clear which argument is the first.
    if function is None or function.__code__.co_argcount != count:
        return []
    return list(function.__code__.co_varnames[:count])


def exchanged_arguments(function, names):
    """Return the names of its arguments if a function has these, but in another order, or []."""
    own = argument_names(function, len(names))
    return own if own != names and sorted(own) == sorted(names) else []


def unused_arguments(function, count):
    """Return those of the first arguments of a function that it never reads."""
    names = argument_names(function, count)
    if not names:
        return []
    code = _python_function(function).__code__
    read = {
        i.argval
        for i in dis.get_instructions(code)
        if i.opname.startswith("LOAD") or i.opname.startswith("DELETE")
    }
    # What a function inside reads has a cell.
    return [name for name in names if name not in read | {*code.co_cellvars}]


def _python_function(function):
    """Return the function that was written in Python, or None."""
    for _ in range(9):  # wrapped more often it is not meant to be read
        if type(function) is types.FunctionType:
            return function
        if type(function) is functools.partial:
            function = function.func
        elif type(function) is np.vectorize:
            function = function.pyfunc
        elif type(function) is types.MethodType:
            function = function.__func__
    return None


def _read_outside(code):
    """Return the global names that some code reads, with the functions inside of it."""
    names = {
        i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    }
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= _read_outside(constant)
    return names


def _is_data(value):
    if isinstance(value, type | types.ModuleType):
        return False
    # A layer or a model of Keras can be called, too. Recognized without an import, and without
    # looking at attributes, for there are objects that fail when one does.
    return not callable(value) or any(
        kind.__name__ in ("Layer", "Model") for kind in type(value).__mro__
    )


def _is_constant(value):
    if isinstance(value, tuple):
        return all(map(_is_constant, value))
    return value is None or isinstance(value, numbers.Number | str | np.generic | range)


def _names_of_cell(code):
    """Return the names that are set in the cell (or file) in which some code was written."""
    try:
        tree = ast.parse("".join(linecache.getlines(code.co_filename)))
    except (SyntaxError, ValueError):
        return set()
    # Not inside of functions and classes: what they set are names of their own.
    statements = [s for s in tree.body if not isinstance(s, ast.FunctionDef | ast.ClassDef)]
    return {
        node.id
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
