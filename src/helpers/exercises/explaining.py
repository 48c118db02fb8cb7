"""Say in one sentence why an answer stopped, where the message of Python or NumPy does not help."""

import re

# Pairs: what a message looks like, and a sentence into which its groups are put.
_SENTENCES = [
    (
        r"truth value of an array",
        "An `if`, `and` or Python's own `max` cannot decide for a whole array at once: compare the "
        "array itself, as in `z > 0`, or use `np.where` or `np.maximum`. To compare two arrays as "
        "a whole, use `np.array_equal`. Comparisons that `&` or `|` joins need parentheses of "
        "their own, as in `(a > 0) & (b > 0)`.",
    ),
    (
        r"variable '(\w+)'.*(?:not associated|referenced before)",
        "It uses `{0}` before that has a value: set it above the loop or the `if`, so that it has "
        "one in every case.",
    ),
    (
        r"'ellipsis' object is not callable",
        "It calls a function that is still a blank (`...`): fill that one in first.",
    ),
    (
        r"('[\w.]+' object is not callable)",
        "It stops with TypeError: {0}. Round parentheses call a function; the entries of an array "
        "or a list stand in square brackets, a product needs a `*`, and `.T` and `.shape` take no "
        "parentheses.",
    ),
    (
        r"numpy boolean subtract",
        "True and False cannot be subtracted: compare the arrays with `&`, `|` and `~`, or count "
        "first and subtract the counts.",
    ),
    (
        r"only integer scalar arrays",
        "An array stands where a single whole number belongs, such as an axis or a position. "
        "(`range` takes `len(...)`, how many there are; `np.max` looks for the largest of one "
        "array, `np.maximum` compares two, and `np.concatenate` takes one list.)",
    ),
    (
        r"inhomogeneous shape",
        "`np.array` cannot make rows of parts that have different lengths; `np.concatenate` joins "
        "them one after the other.",
    ),
    (
        r"^matmul",
        "The two sides of an `@` do not fit together: the left one needs as many columns as the "
        "right one has rows.",
    ),
    (
        r"axis (-?\d+) is out of bounds for array of dimension 0",
        "There is no axis {0} here, because a single number has no axes at all: is one `sum`, "
        "`max` or `mean` too many?",
    ),
    (
        r"axis (-?\d+) is out of bounds for array of dimension 1",
        "There is no axis {0} here, because this array is a single row of numbers, which has only "
        "axis 0.",
    ),
    (
        r"axis (-?\d+) is out of bounds for array of dimension (\d+)",
        "There is no axis {0} here: this array has {1} axes, which are counted from 0.",
    ),
    (
        r"Cannot cast ufunc '\w+' output from dtype\('float\d+'\) to dtype\('u?int\d+'\)",
        "An array of whole numbers cannot take up decimals by `+=` and the like: begin with an "
        "array of decimals, such as `np.zeros(...)`, or convert it by `.astype(float)`.",
    ),
    (
        r"[Cc]annot interpret '\d+' as a data type",
        "A shape of several numbers stands in parentheses of its own, as in `np.zeros((2, 3))`.",
    ),
    (
        r"'NoneType' object (?:is not subscriptable|has no attribute|is not iterable)",
        "Something that it goes on with is None. (`append`, `sort` and the like change a list "
        "where it is and return nothing, and so does a function without `return`.)",
    ),
    (
        r"'(?:function|builtin_function_or_method|method)' object is not subscriptable",
        "A function is called with round parentheses; square brackets pick entries of an array or "
        "a list.",
    ),
    (
        r"'(?:float|int|numpy\.float64|numpy\.int64)' object is not subscriptable",
        "Square brackets stand after a single number, which has no entries to pick.",
    ),
    (
        r"'(?:float|int|bool)' object has no attribute '(\w+)'",
        "`.{0}` stands after a single number. Around a comparison or a product it needs "
        "parentheses, as in `(a > b).{0}()`.",
    ),
    (
        r"'list' object has no attribute '(sum|mean|max|min|argmax|argmin|shape|reshape|astype|T)'",
        "A list has no `.{0}`: make an array of it with `np.array(...)` first.",
    ),
    (
        r"(?:unsupported operand type|not supported between)"
        r".*'(?:function|builtin_function_or_method)'",
        "It computes with a function instead of what the function returns: call it, as in `f(x)`.",
    ),
    (
        r"unsupported operand type.* for (?:\^|\*\* or pow\(\)): '(?:float|numpy\.float64)'",
        "In Python a power is written `**`, as in `x ** 2`; `^` is something else.",
    ),
    (
        r"ufunc 'bitwise_xor' not supported",
        "In Python a power is written `**`, as in `x ** 2`; `^` is something else.",
    ),
    (
        r"(\w+)\(\) missing \d+ required positional arguments?: ([^.]+)",
        "It calls `{0}` without {1}: put what the function needs between its parentheses.",
    ),
    (
        r"unsupported operand type.*'tuple'",
        "It computes with several values as if they were one number: take them apart first, as in "
        "`row, column = ...`.",
    ),
]


def explain(error):
    """Return one sentence about an exception that an answer raised."""
    message = " ".join(str(error).split())
    for pattern, sentence in _SENTENCES:
        found = re.search(pattern, message)
        if found:
            return sentence.format(*found.groups())
    # Keras colors its messages.
    message = re.sub(r"\x1b\[[\d;]*m", "", message)
    if len(message) > 200:
        message = message[:200] + " …"
    message = f": {message.rstrip('.')}" if message else ""
    return f"It stops with {type(error).__name__}{message}."
