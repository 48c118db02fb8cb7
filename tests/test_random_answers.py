"""No random wrong function is taken for right: changed solutions, and results spoiled after."""

import ast
import random

import numpy as np
import pytest
import tensorflow as tf

from helpers.exercises import EXERCISES, diagnose
from helpers.exercises.comparing import alike
from tests.test_exercises import FUNCTIONS, answer, tasks


@pytest.mark.parametrize("number", FUNCTIONS)
def test_random_wrong_functions_never_pass(number):
    tried = 0
    for function in wrong_functions(number):
        if is_wrong(number, function):
            tried += 1
            verdict = diagnose(number, function)
            assert not verdict.solved
            assert "\n" not in verdict.sentence
        if tried == 200:
            return
    pytest.fail(f"only {tried} wrong functions were found")


def is_wrong(number, function):
    """Return whether a function gives something wrong on other examples than the check has."""
    exercise = EXERCISES[number]
    for seed in range(1, 6):
        for arguments in exercise.examples(np.random.default_rng(seed)):
            result, _ = exercise.outcome(function, arguments)
            right = exercise.right(*arguments)
            if not alike(result, right, 10 * exercise.tolerance):
                return True
    return False


def wrong_functions(number):
    """Yield functions that are probably wrong: changed solutions, and solutions spoiled after."""
    rng = random.Random(number)
    right = answer(number, tasks()[number].solution)
    for _ in range(1000):
        if rng.random() < 0.6:
            changed = mutant(tasks()[number].solution, rng)
            if changed:
                yield answer(number, changed)
        else:
            yield spoiled(right, rng)


CHANGES = {
    ast.Add: [ast.Sub, ast.Mult],
    ast.Sub: [ast.Add, ast.Mult],
    ast.Mult: [ast.Add, ast.Div],
    ast.Div: [ast.Mult, ast.FloorDiv],
    ast.MatMult: [ast.Mult, ast.Add],
    ast.Pow: [ast.Mult, ast.Add],
    ast.Eq: [ast.NotEq, ast.Lt],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Lt: [ast.LtE, ast.Gt],
}
NAMES = {
    "max": ["min", "sum", "mean"],
    "sum": ["mean", "max", "prod"],
    "mean": ["sum", "max", "std"],
    "argmax": ["argmin"],
    "argmin": ["argmax"],
    "nanargmin": ["argmin", "nanargmax"],
    "exp": ["log", "sqrt", "sinh"],
    "log": ["log10", "exp", "log2"],
    "all": ["any"],
    "any": ["all"],
    "maximum": ["minimum", "add"],
    "zeros": ["ones"],
    "argsort": ["sort", "argmax"],
    "T": ["real", "imag"],
    "round": ["int", "abs"],
}


def mutant(code, rng):
    """Return the code with one or two small changes, or None if nothing was changed."""
    tree = ast.parse(code)
    places = [(node, way) for node in ast.walk(tree) for way in ways(node)]
    for node, way in rng.sample(places, min(len(places), rng.choice([1, 1, 2]))):
        way(node, rng)
    try:
        return compile(ast.fix_missing_locations(tree), "answer", "exec")
    except (SyntaxError, ValueError):
        return None


def ways(node):
    """Yield what can be changed at one place of a program."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in CHANGES:
        yield lambda n, rng: setattr(n, "op", rng.choice(CHANGES[type(n.op)])())
    if isinstance(node, ast.BinOp):
        yield lambda n, rng: n.__dict__.update(left=n.right, right=n.left)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in CHANGES:
        yield lambda n, rng: n.ops.__setitem__(0, rng.choice(CHANGES[type(n.ops[0])])())
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield lambda n, rng: setattr(n, "value", rng.choice([n.value + 1, n.value - 1, -n.value]))
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield lambda n, rng: setattr(n, "attr", rng.choice(NAMES[n.attr]))
    if isinstance(node, ast.Name) and node.id in NAMES:
        yield lambda n, rng: setattr(n, "id", rng.choice(NAMES[n.id]))
    if isinstance(node, ast.Call) and node.keywords:
        yield lambda n, rng: n.keywords.pop(rng.randrange(len(n.keywords)))
    if isinstance(node, ast.Call) and len(node.args) > 1:
        yield lambda n, rng: n.args.reverse()
    if isinstance(node, ast.UnaryOp):
        yield lambda n, rng: setattr(n, "op", ast.UAdd())
    if isinstance(node, ast.Slice):
        yield lambda n, rng: n.__dict__.update(lower=None)
        yield lambda n, rng: n.__dict__.update(upper=None)
    if isinstance(node, ast.FunctionDef | ast.For) and len(node.body) > 1:
        yield lambda n, rng: n.body.pop(rng.randrange(len(n.body) - 1))
    if isinstance(node, ast.Tuple) and len(node.elts) > 1:
        yield lambda n, rng: rng.shuffle(n.elts)


def spoiled(right, rng):
    """Return a function that does the right thing and then spoils the result."""
    seed, kind = rng.randrange(10**6), rng.choice(list(SPOIL))
    first = []

    def function(*arguments):
        result = right(*arguments) if kind != "argument" else arguments[-1]
        first.append(result)
        if kind == "constant":
            return first[0]
        return spoil(result, SPOIL[kind], random.Random(seed))

    return function


def spoil(result, change, rng):
    """Change a result, or a part of it."""
    if isinstance(result, tuple):
        which = rng.randrange(len(result))
        return tuple(change(r, rng) if i == which else r for i, r in enumerate(result))
    return change(result, rng)


def one_entry(result, rng):
    changed = np.array(result, dtype=float)
    changed[np.unravel_index(rng.randrange(changed.size), changed.shape)] += rng.choice([1, -0.01])
    return changed if changed.ndim else float(changed)


SPOIL = {
    "constant": None,
    "argument": lambda r, rng: r,
    "none": lambda r, rng: None,
    "noise": lambda r, rng: r * (1 + rng.uniform(0.001, 1)),
    "more": lambda r, rng: r + rng.choice([1, 0.01, -1]),
    "minus": lambda r, rng: -r,
    "one entry": one_entry,
    "list": lambda r, rng: np.asarray(r).tolist() if np.ndim(r) else [r],
    "transposed": lambda r, rng: np.asarray(r).T if np.ndim(r) > 1 else np.asarray(r)[None],
    "reversed": lambda r, rng: np.asarray(r)[::-1] if np.ndim(r) else str(r),
    "sorted": lambda r, rng: np.sort(r, axis=0) if np.ndim(r) else bool(r),
    "rolled": lambda r, rng: np.roll(r, 1),
    "cut": lambda r, rng: np.asarray(r).ravel()[:-1],
    "truth": lambda r, rng: np.asarray(r) > rng.random(),
    "rounded": lambda r, rng: np.round(r, rng.choice([0, 1, 2])),
    "tensor": lambda r, rng: tf.constant(np.asarray(r, dtype=float)),
    "random": lambda r, rng: np.random.default_rng(rng.randrange(99)).random(np.shape(r)),
    "names": lambda r, rng: "right" if rng.random() < 0.5 else np.array(["right"]),
}
